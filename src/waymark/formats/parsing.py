"""Drafts of blocks → the text readers see, and its blocks; plain text → drafts.

Every format ends in `assemble`. Knows nothing of front matter or of the corpus folder.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from waymark.types import Block, BlockKind

# Characters a reader cannot see but a model would: zero-width, bidi controls, fillers, tags. They
# are Unicode's "default ignorable" ones without the selectors of emoji and of Mongolian letters.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"[\x0b\x0c\x1c-\x1f\x85]")  # line and page ends: words on both sides of it
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x9f]")


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
    text = _SPACE.sub(" ", raw.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return unicodedata.normalize("NFC", _CONTROL.sub("", _INVISIBLE.sub("", text)))


def parse_plain(raw: str) -> Parsed:
    """Parse plain text: blank lines separate paragraphs; there are no headings."""
    paragraphs = re.split(r"\n\s*\n", clean_text(raw))
    return assemble([Draft("paragraph", p) for p in paragraphs])


def row_text(header: Sequence[str], cells: Sequence[str]) -> str:
    """A table row as a phrase that makes sense without the table around it."""
    filled = ((head, cell) for head, cell in zip(header, cells, strict=False) if cell.strip())
    return "; ".join(f"{head}: {cell}" if head else cell for head, cell in filled)


def assemble(
    drafts: Sequence[Draft], meta: Mapping[str, Any] | None = None, notes: Sequence[str] = ()
) -> Parsed:
    """Lay the drafts out as one text; empty ones are left out, white space is folded.

    What no reader sees is left out here once more: formats have ways of their own to write it.
    Passages are what stands below headings, so those with nothing below them are noted.
    """
    parts: list[str] = []
    blocks: list[Block] = []
    anchors: dict[str, int] = {}
    position = 0
    for draft in drafts:
        text = clean_text(draft.text)
        body = text.strip() if draft.kind == "code" else " ".join(text.split())
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
    whole = "".join(parts)
    first = next((whole[b.start : b.end] for b in blocks if b.kind == "heading"), None)
    empty = _empty_headings(blocks)
    told = [f"{empty} headings without text below them are not searched"] if empty else []
    return Parsed(whole, tuple(blocks), first, meta or {}, (*notes, *told))


def _empty_headings(blocks: Sequence[Block]) -> int:
    return sum(
        block.kind == "heading"
        and (below is None or (below.kind == "heading" and below.level <= block.level))
        for block, below in zip_longest(blocks, blocks[1:])
    )


def _anchor(heading: str, seen: dict[str, int]) -> str:
    slug = re.sub(r"[^\w]+", "-", heading.casefold()).strip("-") or "section"
    seen[slug] = seen.get(slug, 0) + 1
    return slug if seen[slug] == 1 else f"{slug}-{seen[slug]}"
