"""A tree of HTML elements → drafts of blocks: headings, paragraphs, items, table rows, code.

Shared by web pages, e-books and word-processor files, whose converters all end in HTML. Walks the
tree by events, never by recursion, so that no depth of nesting can exhaust the stack. Decides
nothing about what is worth reading: `webpage` does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from waymark.formats.parsing import Draft, clean_text, row_text
from waymark.formats.tables import Row, grid_drafts
from waymark.types import BlockKind

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr "
    "picture q ruby rt rp s samp source small span strike strong sub sup time tt u var wbr".split()
)
_LINES = frozenset(  # in what is read as one thing: text before, in and after them stays apart
    "br p div li dt dd tr td th ul ol dl table caption section article blockquote pre h1 h2 h3 h4 "
    "h5 h6".split()
)
_BLOCKS_IN_CELLS = frozenset({"table", "h1", "h2", "h3", "h4", "h5", "h6", "article", "section"})
MAX_COLUMNS = 50  # that a cell spans; one that claims more is a mistake or an attack
MAX_ROWS = 65_534  # by HTML, in which 0 stands for all that follow in the part of the table


@dataclass(frozen=True, slots=True)
class Piece:
    """A draft, and how much of its text is the text of links (0 to 1)."""

    draft: Draft
    linked: float = 0.0


def tree_of(markup: str) -> Any:
    """Parse HTML of any quality into an lxml tree; an empty page gives an empty body."""
    from lxml import etree, html

    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        return html.document_fromstring(clean_text(markup).encode("utf-8"), parser=parser)
    except etree.ParserError:  # nothing but white space
        return html.document_fromstring(b"<html><body></body></html>", parser=parser)


def walk(root: Any) -> Any:
    """Iterate over the start and end of each element; `skip_subtree()` passes over one."""
    from lxml.etree import iterwalk

    return iterwalk(root, events=("start", "end"))


def pieces(root: Any) -> list[Piece]:
    """Return the blocks under `root` in reading order."""
    walker = _Walker()
    events = walk(root)
    for event, element in events:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "end":
            walker.leave(element, tag)
        elif walker.whole(element, tag):
            events.skip_subtree()
        else:
            walker.enter(element, tag)
    walker.flush()
    return walker.found


def line_of(element: Any) -> str:
    """The text of an element as one line."""
    return " ".join("".join(_texts(element)).split()) if len(element) else _own(element.text)


class _Walker:
    """Collects text between the edges of block elements."""

    def __init__(self) -> None:
        self.found: list[Piece] = []
        self._parts: list[str] = []
        self._linked = 0
        self._links = 0
        self._depth = 0  # of lists
        self._terms = ""  # that the next definition is of
        self._told = False  # has a definition been given of them

    def whole(self, element: Any, tag: str) -> bool:
        """Take an element that is read as one thing; tell whether it was."""
        if tag in _HEADINGS:
            self._add("heading", line_of(element), _HEADINGS[tag], _link_share(element))
        elif tag == "table" and _is_data(element):
            self.flush()
            self.found.extend(Piece(draft) for draft in table_drafts(element))
        elif tag == "pre":
            for line_end in element.iter("br"):
                line_end.tail = f"\n{line_end.tail or ''}"
            self._add("code", element.text_content(), 0)
        elif tag == "dt":
            self.flush()
            before = "" if self._told else self._terms
            self._terms, self._told = ", ".join(filter(None, (before, line_of(element)))), False
        elif tag == "dd":
            self._add("row", row_text([self._terms], [line_of(element)]), 0, _link_share(element))
            self._told = True
        else:
            return False
        return True

    def enter(self, element: Any, tag: str) -> None:
        if tag == "br":
            self._parts.append("\n")
        elif tag == "a":
            self._links += 1
        elif tag not in INLINE:
            self.flush()
        if tag in _LISTS:
            self._depth += 1
        self._text(_first_text(element))

    def leave(self, element: Any, tag: str) -> None:
        if tag == "a":
            self._links = max(0, self._links - 1)
        elif tag != "br" and tag not in INLINE:
            self.flush()
        if tag in _LISTS:
            self._depth -= 1
        if tag == "dl":
            self._add("row", "" if self._told else self._terms, 0)
            self._terms, self._told = "", False
        self._text(_flat(element.tail))

    def flush(self) -> None:
        raw, linked = "".join(self._parts), self._linked
        self._parts, self._linked = [], 0
        for paragraph in re.split(r"\n\s*\n", raw):
            text = " ".join(paragraph.split())
            share = min(1.0, linked / max(1, len("".join(raw.split()))))
            kind: BlockKind = "item" if self._depth else "paragraph"
            if text:
                self.found.append(Piece(Draft(kind, text, self._depth), share))

    def _text(self, text: str) -> None:
        self._parts.append(text)
        if self._links:
            self._linked += len("".join(text.split()))

    def _add(self, kind: BlockKind, text: str, level: int, linked: float = 0.0) -> None:
        self.flush()
        if text.strip():
            self.found.append(Piece(Draft(kind, text, level), linked))


def table_drafts(table: Any) -> list[Draft]:
    """Return the caption as a paragraph and each row as a phrase, see `grid_drafts`."""
    captions = [Draft("paragraph", line_of(c)) for c in table.iterchildren("caption")]
    return captions + grid_drafts(list(_rows(table)))


def _rows(table: Any) -> Iterator[Row]:
    """Rows of an HTML table; a cell is repeated in all rows, a header in all columns it spans."""
    for part, rows in groupby(_own_rows(table), key=lambda row: row.getparent()):
        carried: dict[int, tuple[str, int]] = {}  # no cell reaches into the next part
        for row in rows:
            yield _row(row, part.tag == "thead", carried)


def _row(row: Any, in_head: bool, carried: dict[int, tuple[str, int]]) -> Row:
    cells: list[str] = []
    elements = [e for e in row if e.tag in ("td", "th")]
    header = in_head or (bool(elements) and all(e.tag == "th" for e in elements))
    for element in elements:
        _carry(cells, carried)
        text, below = _cell(element), _span(element, "rowspan") - 1
        for column in range(_span(element, "colspan")):
            shown = text if header or not column else ""
            if below:
                carried[len(cells)] = (shown, below)
            cells.append(shown)
    _carry(cells, carried)
    return Row(cells, header, len(elements) == 1 and _span(elements[0], "colspan") > 1)


def _own_rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("tr")


def _carry(cells: list[str], carried: dict[int, tuple[str, int]]) -> None:
    while (place := len(cells)) in carried:
        text, rows = carried.pop(place)
        if rows > 1:
            carried[place] = (text, rows - 1)
        cells.append(text)


def _span(element: Any, name: str) -> int:
    digits = element.get(name, "").strip()
    claimed = int(digits[:9]) if digits.isascii() and digits.isdigit() else 1
    if name == "rowspan":
        return min(MAX_ROWS, claimed or MAX_ROWS)
    return min(MAX_COLUMNS, claimed or 1)


def _cell(element: Any) -> str:
    """The text of a cell; lines of it are set apart by a comma."""
    lines = [" ".join(line.split()) for line in "".join(_texts(element, "\n")).split("\n")]
    return ", ".join(filter(None, (line.strip(" ,;") for line in lines)))


def _texts(element: Any, between: str = " ") -> Iterator[str]:
    """Pieces of text in order, with `between` where a line begins or ends."""
    for event, node in walk(element):
        if node.tag in _LINES:
            yield between
        if event == "start":
            yield _first_text(node)
        elif node is not element:
            yield _flat(node.tail)


def _flat(text: str | None) -> str:
    """Text of the source, where a line end is a space: only <br> breaks a line."""
    return text.replace("\n", " ") if text else ""


def _first_text(element: Any) -> str:
    """The text before the first child; the number of a footnote is no part of the word above it."""
    mark = element.tag == "sup" and element.text_content().strip()[:1].isdigit()
    return f" {_flat(element.text)}" if mark else _flat(element.text)


def _own(text: str | None) -> str:
    return " ".join((text or "").split())


def _link_share(element: Any) -> float:
    whole = len("".join(element.text_content().split()))
    linked = sum(len("".join(a.text_content().split())) for a in element.iter("a"))
    return min(1.0, linked / whole) if whole else 0.0


def _is_data(table: Any) -> bool:
    """Whether a table holds data, not the layout of a page: no blocks of text in its cells."""
    if table.get("role") in ("presentation", "none"):
        return False
    if any(node.tag in _BLOCKS_IN_CELLS for node in table.iterdescendants()):
        return False
    columns = max((len(row) for row in table.iter("tr")), default=0)
    return columns > 1 or table.find("thead") is not None
