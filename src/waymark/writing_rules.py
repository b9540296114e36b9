"""Prose of one Markdown document → findings on headings, length, money and growth.

The rules are those of corpus/README.md: a sentence may be quoted alone, so a figure and all its
conditions must stand in the same sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from waymark.meaning.figures import names_money
from waymark.sentences import sentence_spans, words

SECTION_WORDS = 220
DOCUMENT_WORDS = (300, 950)
LONG_WORD = 6  # letters; a longer word counts as long in the LIX index

_PERIOD = re.compile(
    r"\b(?:a|an|per|each|every) (?:year|month|week|day|hour)\b|\b(?:annual|hour)ly\b"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PLACE = re.compile(
    r"\b(?:United States|United Kingdom|England|Scotland|Wales|Ireland|Canada|Australia|India"
    r"|Germany|France|Europe|European Union)\b"
)
_SOURCE = re.compile(r"\((?:[A-Z][\w.’'&-]*)(?: [\w.’'&,-]+)*\)|\baccording to\b|\bU\.S\. Bureau\b")
# Said so, a figure without date, place or source is information about its source.
_DISCLAIMED = re.compile(r"\bundated\b|\bgives? no (?:source|date|year|place)\b")
_GROWTH = re.compile(
    r"\bprojected\b|\b(?:grow|decline|shrink|fall|rise)s? (?:by )?\d[\d.]* per cent"
)
_HORIZON = re.compile(r"\b20\d\d (?:to|and) 20\d\d\b|\b20\d\d[–-]\d\d\b")
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something to mend: where (lines from 1), which rule, and how."""

    file: str
    line: int
    rule: str
    fix: str
    warning: bool = False


@dataclass(slots=True)
class _Part:
    """A heading with the prose under it."""

    heading: str
    level: int
    line: int
    paragraphs: list[tuple[int, str]]

    @property
    def length(self) -> int:
        return sum(len(text.split()) for _, text in self.paragraphs)


def check_prose(file: str, body: str, first_line: int) -> Iterator[Finding]:
    """Yield the findings on `body`, which begins on line `first_line` of `file`."""
    parts = _parts(body, first_line)
    yield from _check_headings(file, parts, first_line)
    total = sum(part.length for part in parts)
    if not DOCUMENT_WORDS[0] <= total <= DOCUMENT_WORDS[1]:
        fix = f"has {total} words; {DOCUMENT_WORDS[0]} to {DOCUMENT_WORDS[1]} read well"
        yield Finding(file, first_line, "length", fix, True)
    for part in parts:
        if part.length > SECTION_WORDS:
            fix = f"“{part.heading}” has {part.length} words: split it ({SECTION_WORDS} at most)"
            yield Finding(file, part.line, "long-section", fix)
        for line, text in part.paragraphs:
            for start, end in sentence_spans(text):
                for rule, fix in check_sentence(text[start:end]):
                    yield Finding(file, line, rule, fix)


def check_sentence(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield (rule, fix) for each figure that would mislead if the sentence were quoted alone."""
    if names_money(sentence):
        conditions = (("period", _PERIOD), ("year", _YEAR), ("place", _PLACE), ("source", _SOURCE))
        missing = [name for name, pattern in conditions if not pattern.search(sentence)]
        if missing and not _DISCLAIMED.search(sentence):
            fix = f"money without {', '.join(missing)} in the same sentence: {sentence}"
            yield "money", fix
    if _GROWTH.search(sentence) and _FIGURE.search(sentence):
        missing = [
            name
            for name, pattern in (("horizon", _HORIZON), ("area", _PLACE))
            if not pattern.search(sentence)
        ]
        if missing:
            yield "growth", f"growth without {' and '.join(missing)}: {sentence}"


def lix(body: str) -> float:
    """Return the LIX readability index: words a sentence plus per cent of long words.

    Up to 40 is easy, 40 to 50 like newspapers, over 55 hard (Björnsson 1968, Läsbarhet; English
    bands: Anderson 1983, Journal of Reading 26(6)). It needs no syllables, so it is exact.
    Headings are left out; 0 for a text without words.
    """
    text = "\n".join(text for part in _parts(body, 1) for _, text in part.paragraphs)
    said = [word for word in words(text) if any(letter.isalpha() for letter in word)]
    if not said:
        return 0.0
    long = sum(len(word) > LONG_WORD for word in said)
    return len(said) / len(sentence_spans(text)) + 100 * long / len(said)


def _check_headings(file: str, parts: Sequence[_Part], first_line: int) -> Iterator[Finding]:
    if parts and not parts[0].heading and parts[0].paragraphs:
        yield Finding(file, first_line, "heading", "begin the text with a ## heading")
    headed = [part for part in parts if part.heading]
    if not headed:
        yield Finding(file, first_line, "heading", "has no headings: give each idea its own")
    seen: set[str] = set()
    for part in headed:
        if part.level == 1:
            fix = "the title stands in the front matter: use ## for sections"
            yield Finding(file, part.line, "heading", fix)
        if part.heading.casefold() in seen:
            fix = f"“{part.heading}” stands twice: a citation would be ambiguous"
            yield Finding(file, part.line, "heading", fix)
        seen.add(part.heading.casefold())
    for above, below in pairwise(headed):
        if below.level > above.level + 1:
            yield Finding(file, below.line, "heading", "skips a level: go down by one #")
        if not above.paragraphs and below.level <= above.level:
            yield Finding(file, above.line, "heading", f"“{above.heading}” has no text under it")
    if headed and not headed[-1].paragraphs:
        fix = f"“{headed[-1].heading}” has no text under it"
        yield Finding(file, headed[-1].line, "heading", fix)


def _parts(body: str, first_line: int) -> list[_Part]:
    parts = [_Part("", 0, first_line, [])]
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    for before, token in pairwise([Token("", "", 0), *tokens]):
        if token.type != "inline" or token.map is None:
            continue
        line = first_line + token.map[0]
        if before.type == "heading_open":
            parts.append(_Part(token.content.strip(), int(before.tag[1]), line, []))
        else:
            parts[-1].paragraphs.append((line, " ".join(token.content.split())))
    return parts if parts[0].paragraphs else parts[1:]
