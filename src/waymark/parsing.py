"""Raw text of one file → the text readers see, and its blocks.

Markdown goes through markdown-it-py; HTML through trafilatura, which drops navigation and
boilerplate, and then the same path. Knows nothing of front matter or of the corpus folder.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from waymark.errors import DocumentError
from waymark.types import Block, BlockKind

# Characters a reader cannot see but a model would: zero-width, bidi controls, tag characters.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """Readable text with its blocks in reading order, and the first heading if any."""

    text: str
    blocks: tuple[Block, ...]
    first_heading: str | None


def clean_text(raw: str) -> str:
    """Normalise line ends and Unicode (NFC); drop invisible and control characters."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return unicodedata.normalize("NFC", _CONTROL.sub("", _INVISIBLE.sub("", text)))


def parse_markdown(raw: str) -> Parsed:
    """Parse CommonMark with tables; raw HTML inside it is dropped, its text is not shown."""
    tokens = MarkdownIt("commonmark").enable("table").parse(clean_text(raw))
    return _assemble(_markdown_blocks(tokens))


def parse_plain(raw: str) -> Parsed:
    """Parse plain text: blank lines separate paragraphs; there are no headings."""
    paragraphs = re.split(r"\n\s*\n", clean_text(raw))
    return _assemble([_Draft("paragraph", p) for p in paragraphs])


def parse_html(raw: str) -> Parsed:
    """Parse a web page: its main content as headings, paragraphs, lists and table rows.

    Raises DocumentError when nothing readable is left.
    """
    from trafilatura import extract

    content = extract(raw, output_format="markdown", include_tables=True, include_comments=False)
    if not content:
        raise DocumentError("no readable text was found in the page")
    return parse_markdown(content)


@dataclass(slots=True)
class _Draft:
    kind: BlockKind
    text: str
    level: int = 0


def _markdown_blocks(tokens: Sequence[Token]) -> list[_Draft]:
    drafts: list[_Draft] = []
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
                drafts.append(_Draft("row", _row_text(header, row or [])))
            row = None
        elif token.type in ("fence", "code_block"):
            drafts.append(_Draft("code", token.content))
        elif token.type == "inline" and row is not None:
            row.append(_inline_text(token))
        elif token.type == "inline":
            drafts.append(_draft(_inline_text(token), enclosing))
    return drafts


def _draft(text: str, enclosing: Sequence[str]) -> _Draft:
    if enclosing[-1].startswith("h"):
        return _Draft("heading", text, int(enclosing[-1][1]))
    depth = enclosing.count("li")
    return _Draft("item" if depth else "paragraph", text, depth)


def _with_enclosing(tokens: Sequence[Token]) -> Iterator[tuple[Token, Sequence[str]]]:
    """Each token with the tags that are open around it, outermost first."""
    tags: list[str] = []
    for token in tokens:
        if token.nesting < 0:
            tags.pop()
        yield token, tags
        if token.nesting > 0:
            tags.append(token.tag)


def _row_text(header: Sequence[str], cells: Sequence[str]) -> str:
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


def _assemble(drafts: Sequence[_Draft]) -> Parsed:
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
        block = Block(draft.kind, position, position + len(body), draft.level)
        if draft.kind == "heading":
            block = replace(block, anchor=_anchor(body, anchors))
        blocks.append(block)
        parts.append(body)
        position += len(body)
    text = "".join(parts)
    first = next((text[b.start : b.end] for b in blocks if b.kind == "heading"), None)
    return Parsed(text, tuple(blocks), first)


def _anchor(heading: str, seen: dict[str, int]) -> str:
    slug = re.sub(r"[^\w]+", "-", heading.casefold()).strip("-") or "section"
    seen[slug] = seen.get(slug, 0) + 1
    return slug if seen[slug] == 1 else f"{slug}-{seen[slug]}"
