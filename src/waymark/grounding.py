"""Sentences in the model's words → supported ones with their citations, or nothing.

A sentence leaves only when one sentence of a passage holds every figure and name in it, nearly all
of its words, means the same and is negated alike. The citation is that sentence's span, whichever
passage the model named. Knows nothing of how the text was generated.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote as url_quote
from urllib.parse import urlencode

from waymark.sentences import content_words, sentence_spans, sentences_of, stem, words
from waymark.types import Citation, Embedder, Evidence, Passage

SIMILARITY = 0.65  # cosine between an answer sentence and the sentence that supports it
OVERLAP = 0.75  # share of an answer sentence's content words found in its support
LOOK_AHEAD = 24  # characters that must follow before a sentence counts as complete
RELEVANCE = 0.8  # an answer sentence is at least this near to the question as the best quote

_MARKER = re.compile(r"\s*\[(\d+(?:\s*[,–-]\s*\d+)*)\]")
_MONEY = re.compile(r"[$£€¥₹]\s?\d")
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SCALE = {
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "million": 10**6,
    "bn": 10**9,
    "billion": 10**9,
}
_SCALED = re.compile(r"(\d+(?:[.,]\d+)*)\s*(k|m|bn|thousand|million|billion)\b", re.IGNORECASE)
_NUMERALS = {
    word: str(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
    if value > 1  # "one" is mostly a pronoun
}
_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nor",
        "neither",
        "without",
        "cannot",
        "can't",
        "nobody",
        "nothing",
    ]
)
_OPPOSITES = frozenset("unless except rarely seldom unlikely optional".split())


class Citations:
    """Numbers the cited spans of one answer: a span inside a cited one shares its marker."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._by_span: dict[tuple[str, int, int], Citation] = {}

    def cite(self, evidence: Evidence) -> Citation:
        """Return the citation of `evidence`, with the next marker when it is new."""
        chunk = evidence.passage.chunk
        for (document_id, start, end), citation in self._by_span.items():
            inside = start <= evidence.start and evidence.end <= end
            if document_id == chunk.document_id and inside:
                return citation
        span = (chunk.document_id, evidence.start, evidence.end)
        review_by = evidence.passage.review_by
        self._by_span[span] = Citation(
            marker=len(self._by_span) + 1,
            document_id=chunk.document_id,
            title=chunk.title,
            heading=chunk.heading,
            quote=evidence.text,
            start=evidence.start,
            end=evidence.end,
            url=passage_url(*span),
            reviewed=evidence.passage.reviewed,
            stale=review_by is not None and review_by < self._today,
        )
        return self._by_span[span]

    def used(self) -> tuple[Citation, ...]:
        """Return all citations in order of their markers."""
        return tuple(self._by_span.values())


def passage_url(document_id: str, start: int, end: int) -> str:
    """The address of the page that opens a document at a highlighted span."""
    query = urlencode({"document": document_id, "start": start, "end": end}, quote_via=url_quote)
    return f"/?{query}"


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the model: its text without markers, and the passages it named."""

    text: str
    markers: tuple[int, ...]


def read_claims(pieces: Iterable[str]) -> Iterator[Claim | None]:
    """Turn pieces of text into whole sentences as soon as each is complete.

    Yields None when a piece completed none. A last sentence without an end is dropped: the
    model was cut off, and half a condition can mean its opposite.
    """
    buffer = ""
    for piece in pieces:
        buffer += piece
        spans = _attach_markers(buffer, sentence_spans(buffer))
        # What follows decides where a sentence ends: "(U." may go on as "(U.S. Bureau".
        settled = [span for span in spans if _is_settled(buffer, span)]
        for start, end in settled:
            yield _claim(buffer[start:end])
        if settled:
            buffer = buffer[settled[-1][1] :]
        yield None
    for start, end in _attach_markers(buffer, sentence_spans(buffer)):
        if re.search(r"[.!?][\"'”’)]*(\s*\[[^\]]*\])*\s*$", buffer[start:end]):
            yield _claim(buffer[start:end])


def ground(claim: Claim, passages: Sequence[Passage], embedder: Embedder) -> Evidence | None:
    """Return the sentence that supports `claim`, or None when nothing does.

    The passages that the model named come first; another one may still support the claim.
    """
    if not content_words(claim.text) or claim.text.count("(") != claim.text.count(")"):
        return None
    named = [passages[n - 1] for n in claim.markers if 1 <= n <= len(passages)]
    others = [p for p in passages if p not in named]
    for group in (named, others):
        support = _best_support(claim.text, group, embedder)
        if support is not None:
            return support
    return None


def _is_settled(buffer: str, span: tuple[int, int]) -> bool:
    sentence = buffer[span[0] : span[1]]
    balanced = sentence.count("(") <= sentence.count(")")
    return balanced and len(buffer) - span[1] >= LOOK_AHEAD


def numbers(text: str) -> frozenset[str]:
    """Return the figures of `text` in one form: "$70k", "$70,000" and "70 000.00" agree."""
    plain = re.sub(r"(?<=\d)[\u00a0\u202f ](?=\d{3}\b)", "", text)
    found: set[str] = set()

    def scaled(match: re.Match[str]) -> str:
        value = _value(match[1]) * _SCALE[match[2].casefold()]
        found.add(_shown(value))
        return " "

    plain = _SCALED.sub(scaled, plain)
    found.update(_shown(_value(digits)) for digits in _NUMBER.findall(plain))
    found.update(_NUMERALS[word] for word in words(plain) if word in _NUMERALS)
    return frozenset(found)


def _value(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    parts = re.split(r"[.,]", digits)
    return float(parts[0] + "." + "".join(parts[1:]) if len(parts) > 1 else parts[0])


def _shown(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _claim(raw: str) -> Claim:
    markers: list[int] = []
    for group in _MARKER.findall(raw):
        markers.extend(int(n) for n in re.findall(r"\d{1,3}", group))
    text = " ".join(_LIST_MARK.sub("", _MARKER.sub("", raw)).split())
    return Claim(text, tuple(dict.fromkeys(markers)))


def _attach_markers(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give marks that stand after the full stop back to the sentence before them."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        leading = re.match(r"(\s*\[\d[^\]]*\])+[.\s]*", text[start:end])
        if leading and joined:
            joined[-1] = (joined[-1][0], start + leading.end())
            start += leading.end()
        if start < end:
            joined.append((start, end))
    return joined


def _holds(evidence: Evidence, text: str) -> bool:
    """Tell whether a sentence, read under its headings, says what `text` says.

    All figures and names must be in it: beside another subject a true figure is a false
    statement. So must nearly all words, and it must be negated alike.
    """
    chunk = evidence.passage.chunk
    body = f"{chunk.title} {chunk.heading} {evidence.text}"
    if not numbers(text) <= numbers(evidence.text) or _negated(evidence.text) != _negated(text):
        return False
    available = {stem(word) for word in words(body)}
    named = {stem(word) for word in words(f"{chunk.heading} {evidence.text}")}
    if any(stem(word) not in named for word in _names(text)):
        return False
    needed = [stem(word) for word in content_words(text)]
    found = sum(word in available for word in needed)
    if not numbers(text):
        return found >= OVERLAP * len(needed)
    # A figure belongs to its subject: no word may be new, or be that of a neighbouring sentence.
    own = {stem(word) for word in words(f"{chunk.heading} {evidence.text}")}
    others = {stem(word) for word in words(chunk.text)} - own
    if found < len(needed) or others.intersection(needed):
        return False
    return not _MONEY.search(text) or _keeps_place_and_time(text, evidence.text)


def _keeps_place_and_time(text: str, support: str) -> bool:
    """An amount without its place and month says more than the guidance does."""
    said = set(words(text))
    return said.issuperset(_names(_IN_BRACKETS.sub("", support)))


def _names(text: str) -> list[str]:
    """Words with a capital inside the sentence, or two anywhere: names, products, initials."""
    found = [word for word in text.split()[1:] if word[:1].isupper()]
    found += [word for word in text.split()[:1] if sum(c.isupper() for c in word) > 1]
    return [name for word in found for name in words(word)]


def _best_support(text: str, passages: Sequence[Passage], embedder: Embedder) -> Evidence | None:
    candidates = [
        evidence
        for passage in passages
        for evidence in sentences_of(passage)
        if _holds(evidence, text)
    ]
    if not candidates:
        return None
    vectors = embedder.embed_passages([text, *(c.text for c in candidates)])
    scores = vectors[1:] @ vectors[0]
    best = int(scores.argmax())
    return candidates[best] if scores[best] >= SIMILARITY else None


def _negated(text: str) -> bool:
    found = words(text)
    return any(word in _NEGATIONS or word in _OPPOSITES or word.endswith("n't") for word in found)
