"""Drafts of blocks → the text readers see, and its blocks; Markdown and plain text → drafts.

Every format ends in `assemble`. Knows nothing of front matter or of the corpus folder.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from waymark.types import Block, BlockKind

# Characters a reader cannot see but a model would: zero-width, bidi controls, tag characters.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A block before it has a place: `level` is that of a heading or the depth of an item."""

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """Readable text with its blocks in reading order, and the first heading if any.

    `meta` holds what the file says of itself, with the keys of front matter; `notes` say what was
    left out of the text and how much.
    """

    text: str
    blocks: tuple[Block, ...]
    first_heading: str | None
    meta: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def clean_text(raw: str) -> str:
    """Normalise line ends and Unicode (NFC); drop invisible and control characters."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return unicodedata.normalize("NFC", _CONTROL.sub("", _INVISIBLE.sub("", text)))


def parse_markdown(raw: str) -> Parsed:
    """Parse CommonMark with tables; raw HTML inside it is dropped, its text is not shown."""
    tokens = MarkdownIt("commonmark").enable("table").parse(clean_text(raw))
    return assemble(_markdown_blocks(tokens))


def parse_plain(raw: str) -> Parsed:
    """Parse plain text: blank lines separate paragraphs; there are no headings."""
    paragraphs = re.split(r"\n\s*\n", clean_text(raw))
    return assemble([Draft("paragraph", p) for p in paragraphs])


def _markdown_blocks(tokens: Sequence[Token]) -> list[Draft]:
    drafts: list[Draft] = []
    header: list[str] | None = None
    row: list[str] | None = None
    for token, enclosing in _with_enclosing(tokens):
        if token.type == "table_open":
            header = None
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            if header is None:
                header = row or []
            else:
                drafts.append(Draft("row", row_text(header, row or [])))
            row = None
        elif token.type in ("fence", "code_block"):
            drafts.append(Draft("code", token.content))
        elif token.type == "inline" and row is not None:
            row.append(_inline_text(token))
        elif token.type == "inline":
            drafts.append(_draft(_inline_text(token), enclosing))
    return drafts


def _draft(text: str, enclosing: Sequence[str]) -> Draft:
    if enclosing[-1].startswith("h"):
        return Draft("heading", text, int(enclosing[-1][1]))
    depth = enclosing.count("li")
    return Draft("item" if depth else "paragraph", text, depth)


def _with_enclosing(tokens: Sequence[Token]) -> Iterator[tuple[Token, Sequence[str]]]:
    """Each token with the tags that are open around it, outermost first."""
    tags: list[str] = []
    for token in tokens:
        if token.nesting < 0:
            tags.pop()
        yield token, tags
        if token.nesting > 0:
            tags.append(token.tag)


def row_text(header: Sequence[str], cells: Sequence[str]) -> str:
    """A table row as a phrase that makes sense without the table around it."""
    filled = ((head, cell) for head, cell in zip(header, cells, strict=False) if cell.strip())
    return "; ".join(f"{head}: {cell}" if head else cell for head, cell in filled)


def _inline_text(token: Token) -> str:
    pieces: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline", "image"):
            pieces.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
    return "".join(pieces)


def assemble(
    drafts: Sequence[Draft], meta: Mapping[str, Any] | None = None, notes: Sequence[str] = ()
) -> Parsed:
    """Lay the drafts out as one text; empty ones are left out, white space is folded."""
    parts: list[str] = []
    blocks: list[Block] = []
    anchors: dict[str, int] = {}
    position = 0
    for draft in drafts:
        body = draft.text.strip() if draft.kind == "code" else " ".join(draft.text.split())
        if not body:
            continue
        if blocks:
            joined = blocks[-1].kind == draft.kind and draft.kind in ("item", "row")
            separator = "\n" if joined else "\n\n"
            parts.append(separator)
            position += len(separator)
        anchor = _anchor(body, anchors) if draft.kind == "heading" else None
        end = position + len(body)
        blocks.append(Block(draft.kind, position, end, draft.level, anchor, draft.page))
        parts.append(body)
        position = end
    text = "".join(parts)
    first = next((text[b.start : b.end] for b in blocks if b.kind == "heading"), None)
    return Parsed(text, tuple(blocks), first, meta or {}, tuple(notes))


def _anchor(heading: str, seen: dict[str, int]) -> str:
    slug = re.sub(r"[^\w]+", "-", heading.casefold()).strip("-") or "section"
    seen[slug] = seen.get(slug, 0) + 1
    return slug if seen[slug] == 1 else f"{slug}-{seen[slug]}"
