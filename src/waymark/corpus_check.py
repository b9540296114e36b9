"""Corpus folder → findings: what an editor should mend before publishing, and how.

The build takes any readable file; this is the stricter eye of a reviewer. It checks files, front
matter and what documents say of one another; `writing_rules` checks the prose.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from waymark.corpus import document_paths
from waymark.deduplication import pairs
from waymark.errors import DocumentError
from waymark.formats.front_matter import split_front_matter, written_front_matter
from waymark.formats.parsing import clean_text
from waymark.sentences import words
from waymark.writing_rules import Finding, check_prose, lix

MARKDOWN = (".md", ".markdown")
CHECKED = (*MARKDOWN, ".txt")  # what reads as Markdown does; other formats are for people to check
MAX_BYTES = 10_000_000
SUMMARY_WORDS = 40
NEAR_DUPLICATE = 0.7  # of the word triples of two paragraphs; templates about two jobs reach 0.6
MIN_SHINGLES = 15  # a shorter paragraph repeats a set phrase, not a passage
# What to do about a key, by the type of the validation error; braces hold its context.
_FIXES = {
    "missing": "is missing: add it",
    "extra_forbidden": "is no key here: see corpus/README.md",
    "literal_error": "must be {expected}",
    "string_type": "must be text: put it in quotation marks",
    "string_too_short": "is empty: fill it in",
    "list_type": "must be a list: write it in [ ], or each entry in a line of its own after -",
    "too_short": "is empty: name at least one",
    "date_type": "must be a date like 2026-01-31",
    "date_from_datetime_parsing": "must be a date like 2026-01-31",
    "int_type": "must be a year like 2025",
    "int_parsing": "must be a year like 2025",
    "model_type": "must have a publisher, a title and a year",
}

Text = Annotated[str, Field(min_length=1)]


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid")
    publisher: Text
    title: Text
    year: Annotated[int, Field(ge=1900, le=2100)]


class FrontMatter(BaseModel):
    """What every document of a reviewed corpus says about itself; see corpus/README.md."""

    model_config = ConfigDict(extra="forbid")
    title: Text
    summary: Text
    topic: Literal[
        "role", "skills", "education", "experience", "job-search", "pay", "progression",
        "working-life", "safety", "occupation",
    ]  # fmt: skip
    audience: Annotated[
        list[
            Literal[
                "explorer", "student", "career-changer", "job-seeker", "returner", "practitioner"
            ]
        ],
        Field(min_length=1),
    ]
    region: Text
    reviewed: date
    review_by: date
    valid_until: date | None = None
    sources: Annotated[list[_Source], Field(min_length=1)]
    aliases: list[Text] = []
    related: list[Text] = []
    questions: Annotated[list[Text], Field(min_length=1)]

    @field_validator("summary")
    @classmethod
    def _short(cls, summary: str) -> str:
        if len(summary.split()) > SUMMARY_WORDS:
            raise PydanticCustomError("long", f"has more than {SUMMARY_WORDS} words: shorten it")
        return summary


@dataclass(frozen=True, slots=True)
class Page:
    """One readable document. `lines` gives the line of each front matter key, from 1."""

    id: str
    file: str
    meta: FrontMatter
    lines: Mapping[str, int]
    body: str
    body_line: int  # the line of the file on which `body` begins

    def finding(self, key: str, rule: str, fix: str, *, warning: bool = False) -> Finding:
        """A finding at the line of a front matter key."""
        return Finding(self.file, self.lines.get(key, 1), rule, fix, warning)


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """Findings in order of file and line; `reading` holds the LIX index of each document."""

    documents: int
    findings: tuple[Finding, ...]
    reading: Mapping[str, float]

    @property
    def failed(self) -> bool:
        """Whether something must be mended; warnings only inform."""
        return any(not finding.warning for finding in self.findings)


def check_corpus(folder: Path, today: date) -> CorpusReport:
    """Check every document of `folder` as of `today`. Raises CorpusError when there is none."""
    findings: list[Finding] = []
    pages: list[Page] = []
    paths = document_paths(folder)
    for path in paths:
        page, found = _read(path, path.relative_to(folder).as_posix())
        findings += found
        if page:
            pages.append(page)
            findings += _check_dates(page, today)
            findings += check_prose(page.file, page.body, page.body_line)
    ids = [path.relative_to(folder).with_suffix("").as_posix() for path in paths]
    findings += _check_ids(ids)
    findings += _check_names(pages)
    findings += _check_related(pages, frozenset(ids))
    findings += _check_links(pages, folder)
    findings += _check_near_duplicates(pages)
    reading = {page.id: round(lix(page.body), 1) for page in pages}
    return CorpusReport(len(paths), tuple(sorted(findings)), reading)


def _read(path: Path, file: str) -> tuple[Page | None, list[Finding]]:
    """Return the page, if it can be read as one, and what is wrong with its file."""
    if path.suffix.lower() not in CHECKED:
        fix = "is not checked: see to its sources and its next review yourself"
        return None, [Finding(file, 1, "format", fix, True)]
    if path.stat().st_size > MAX_BYTES:
        fix = f"larger than {MAX_BYTES // 1_000_000} MB: split it into documents"
        return None, [Finding(file, 1, "size", fix)]
    raw = path.read_bytes()
    if b"\0" in raw:
        return None, [Finding(file, 1, "binary", "not a text file: convert it or remove it")]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return None, [Finding(file, line, "encoding", "not UTF-8: save the file as UTF-8")]
    findings = []
    if text.startswith("\ufeff"):
        fix = "starts with a byte order mark: save as UTF-8 without BOM"
        findings.append(Finding(file, 1, "byte-order-mark", fix, True))
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        fix = "has Windows line ends: save with LF line ends"
        findings.append(Finding(file, line, "line-ends", fix, True))
    page, found = _parse(path, file, clean_text(text))
    return page, findings + found


def _parse(path: Path, file: str, text: str) -> tuple[Page | None, list[Finding]]:
    try:
        meta, body = split_front_matter(text)
    except DocumentError as error:
        located = re.search(r"line (\d+)", str(error))
        line = int(located[1]) if located else 1
        return None, [Finding(file, line, "front-matter", str(error))]
    if not meta:
        fix = "carries no review date: begin with --- and the keys named in corpus/README.md"
        foreign = path.suffix.lower() not in MARKDOWN
        return None, [Finding(file, 1, "front-matter", fix, foreign)]
    lines = _key_lines(text)
    try:
        parsed = FrontMatter.model_validate(dict(meta))
    except ValidationError as error:
        return None, [_schema_finding(file, detail, lines) for detail in error.errors()]
    identifier = file.rsplit(".", 1)[0]
    body_line = text[: len(text) - len(body)].count("\n") + 1
    return Page(identifier, file, parsed, lines, body, body_line), []


def _key_lines(text: str) -> dict[str, int]:
    node: Any = yaml.compose(written_front_matter(text), Loader=yaml.SafeLoader)
    return {key.value: key.start_mark.line + 2 for key, _ in node.value}


def _schema_finding(file: str, detail: Mapping[str, Any], lines: Mapping[str, int]) -> Finding:
    key = str(detail["loc"][0])
    where = ", ".join(p if isinstance(p, str) else f"entry {p + 1}" for p in detail["loc"])
    fix = _FIXES.get(detail["type"], detail["msg"]).format(**detail.get("ctx", {}))
    return Finding(file, lines.get(key, 1), "front-matter", f"{where}: {fix}")


def _check_dates(page: Page, today: date) -> Iterator[Finding]:
    meta = page.meta
    if meta.reviewed > today:
        yield page.finding("reviewed", "date", "lies in the future: give the day of the review")
    if meta.review_by <= meta.reviewed:
        yield page.finding("review_by", "date", "must lie after reviewed")
    if meta.valid_until and meta.valid_until < meta.reviewed:
        yield page.finding("valid_until", "date", "must not lie before reviewed")
    if meta.review_by < today:
        fix = f"was to be reviewed by {meta.review_by}: check it and set both dates anew"
        yield page.finding("review_by", "stale", fix, warning=True)
    if meta.valid_until and meta.valid_until < today:
        fix = f"expired on {meta.valid_until} and is not used for answers: renew or remove it"
        yield page.finding("valid_until", "expired", fix, warning=True)


def _check_ids(ids: Sequence[str]) -> Iterator[Finding]:
    """Names that differ only by case are one file on some systems."""
    seen: dict[str, str] = {}
    for identifier in sorted(ids):
        other = seen.setdefault(identifier.casefold(), identifier)
        if other is not identifier:
            fix = f"has the same id as {other}, but for upper and lower case: rename one"
            yield Finding(identifier, 1, "duplicate-id", fix)


def _check_names(pages: Sequence[Page]) -> Iterator[Finding]:
    """A title or alias must lead to one document."""
    owners: dict[str, Page] = {}
    for page in pages:
        named = [("title", page.meta.title), *(("aliases", alias) for alias in page.meta.aliases)]
        for key, name in named:
            folded = " ".join(words(name))
            owner = owners.get(folded)
            rule = "duplicate-title" if key == "title" else "duplicate-alias"
            if owner is None:
                owners[folded] = page
            elif owner is page:
                yield page.finding(key, rule, f"“{name}” is named twice: drop one")
            else:
                fix = f"“{name}” already names {owner.file}: keep it in one of the two"
                yield page.finding(key, rule, fix)


def _check_related(pages: Sequence[Page], ids: frozenset[str]) -> Iterator[Finding]:
    for page in pages:
        for related in page.meta.related:
            if related not in ids:
                yield page.finding("related", "unknown-related", f"there is no document {related}")
            elif related == page.id:
                yield page.finding("related", "unknown-related", "names the document itself")


def _check_links(pages: Sequence[Page], folder: Path) -> Iterator[Finding]:
    for page in pages:
        for number, line in enumerate(page.body.splitlines(), page.body_line):
            for bracketed, plain in re.findall(r"\]\((?:<([^>]*)>|([^)\s]+))", line):
                target = bracketed or plain
                path = unquote(target.split("#")[0])
                local = path and not re.match(r"[a-z][a-z0-9+.-]*:|//", path, re.I)
                if local and not (folder / page.file).parent.joinpath(path).exists():
                    yield Finding(page.file, number, "dead-link", f"{target} leads nowhere")


def _check_near_duplicates(pages: Sequence[Page]) -> Iterator[Finding]:
    """Paragraphs that share most of their word triples (Jaccard; Broder 1997,
    doi:10.1109/SEQUEN.1997.666900); compared only where they share one at all."""
    shingles: list[tuple[Page, int, frozenset[tuple[str, str, str]]]] = []
    for page in pages:
        for number, line in enumerate(page.body.splitlines(), page.body_line):
            folded = words(line)
            triples = frozenset(zip(folded, folded[1:], folded[2:], strict=False))
            if len(triples) >= MIN_SHINGLES:
                shingles.append((page, number, triples))
    holders: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for i, (_, _, paragraph) in enumerate(shingles):
        for triple in paragraph:
            holders[triple].append(i)
    for i, j in sorted({pair for held in holders.values() for pair in pairs(held)}):
        (one, earlier, first), (other, later, second) = shingles[i], shingles[j]
        if len(first & second) / len(first | second) > NEAR_DUPLICATE:
            fix = f"says nearly the same as {one.file}:{earlier}: keep one"
            yield Finding(other.file, later, "near-duplicate", fix)
