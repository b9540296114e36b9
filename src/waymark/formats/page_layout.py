"""Lines of pages → drafts: which lines make a heading, a paragraph, an item or a table.

Works on sizes and distances relative to the document's own body text, so that no font or unit is
assumed. Knows no library.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median_low

from waymark.formats.junk import is_junk
from waymark.formats.parsing import Draft
from waymark.formats.reading_order import Cell, Line, in_reading_order, rows_merged
from waymark.formats.tables import Row, grid_drafts

LARGER = 1.12  # times the body's size, from which a line is a heading
WIDER = 1.25  # times the usual distance of lines, from which a new paragraph begins
MAX_LEADING = 2.6  # times the size between two lines of double-spaced text
MAX_HEADING_WORDS = 16
MIN_TABLE_ROWS = 2
MAX_CELL_WORDS = 14  # of a table, on average; columns of prose have more
_BULLET = re.compile(
    r"^[•◦▪‣●○■□➢➤✓✔\uf0b7\uf0a7*–—-]\s+(?=\S)|^(?:\(?\d{1,2}[.)]|[a-z][.)])\s+(?=\S)"
)
_SECTION_NUMBER = re.compile(r"^(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*\.?$")
_LONE_BULLET = re.compile(r"^[•◦▪‣●○■□➢➤\uf0b7\uf0a7]$")
_SENTENCE = re.compile(r".*?[.!?]['\"”’)]*\s")
_SENTENCE_END = re.compile(r"[.!?:;,]['\"”’)]*$")


def drafts_of(pages: Sequence[Sequence[Line]]) -> list[Draft]:
    """Return the blocks of all pages; a sentence that runs over a page break is kept whole."""
    ordered = [rows_merged(in_reading_order(page)) for page in pages]
    style = _style([line for page in ordered for line in page])
    found: list[Draft] = []
    for page in ordered:
        drafts = [d for d in _page_drafts(page, style) if d.kind == "row" or not is_junk(d.text)]
        if found and drafts and _runs_on(found[-1], drafts[0]):
            rest = _SENTENCE.match(drafts[0].text)
            end = rest.end() if rest else len(drafts[0].text)
            found[-1] = replace(found[-1], text=_join(found[-1].text, drafts[0].text[:end]))
            drafts[0] = replace(drafts[0], text=drafts[0].text[end:])
        found += drafts
    return found


def _runs_on(before: Draft, after: Draft) -> bool:
    texts = before.kind in ("paragraph", "item") and after.kind == "paragraph"
    return texts and not _SENTENCE_END.search(before.text) and after.text[:1].islower()


@dataclass(frozen=True, slots=True)
class _Style:
    """Size and leading of the body text, levels of larger sizes, does bold mean a heading."""

    body: float
    leading: float
    levels: Mapping[float, int]
    bold_stands_out: bool


def _style(lines: Sequence[Line]) -> _Style:
    sizes: Counter[float] = Counter()
    bold = 0
    for line in lines:
        sizes[line.size] += len(line.text)
        bold += len(line.text) * line.bold
    body = max(sizes, key=lambda size: (sizes[size], size), default=1.0)
    larger = {line.size for line in lines if line.size > body * LARGER and _is_short(line)}
    levels = {size: min(rank, 5) for rank, size in enumerate(sorted(larger, reverse=True), 1)}
    return _Style(body, _leading(lines, body), levels, bold * 3 < sizes.total())


def _leading(lines: Sequence[Line], body: float) -> float:
    """The usual distance between two lines of body text, in points."""
    steps = [
        before.bottom - line.baseline
        for before, line in pairwise(lines)
        if before.size == line.size == body
        and body * 0.9 <= before.bottom - line.baseline <= body * MAX_LEADING
    ]
    return median_low(steps) if steps else body * 1.2


def _is_short(line: Line) -> bool:
    return len(line.text.split()) <= MAX_HEADING_WORDS and any(map(str.isalpha, line.text))


def _page_drafts(lines: Sequence[Line], style: _Style) -> Iterator[Draft]:
    rest = _with_bullets(lines)
    while rest:
        table = _table_length(rest)
        if table:
            yield from grid_drafts(_grid(rest[:table]), rest[0].page)
            rest = rest[table:]
            continue
        length = _paragraph_length(rest, style)
        block, rest = rest[:length], rest[length:]
        yield _draft(block, style)


def _with_bullets(lines: Sequence[Line]) -> list[Line]:
    """Many files set the bullet apart from its line: put them together."""
    found: list[Line] = []
    for line in lines:
        if found and _LONE_BULLET.match(found[-1].text):
            bullet = found.pop()
            line = replace(line, text=f"{bullet.text} {line.text}", left=bullet.left)
        if len(line.cells) == 2 and _LONE_BULLET.match(line.cells[0].text):
            line = replace(line, cells=line.cells[1:])
        found.append(line)
    return found


def _draft(block: Sequence[Line], style: _Style) -> Draft:
    text = block[0].text
    for before, line in pairwise(block):
        text = text + line.text if before.hyphenated else _join(text, line.text)
    first = block[0]
    if _is_heading(first, style) and len(text.split()) <= MAX_HEADING_WORDS * 2:
        level = style.levels.get(first.size, min(len(style.levels) + 1, 6))
        return Draft("heading", text, level, first.page)
    bullet = _BULLET.match(text)
    if bullet:
        shown = text if bullet[0][0].isdigit() else text[bullet.end() :]
        return Draft("item", shown, 1, first.page)
    return Draft("paragraph", text, 0, first.page)


def _join(before: str, after: str) -> str:
    """Put two lines together; a word that was divided at the line's end is whole again."""
    if before.endswith("-") and not before.endswith(" -") and after[:1].islower():
        return before[:-1] + after
    return f"{before} {after}"


def _is_heading(line: Line, style: _Style) -> bool:
    numbered = len(line.cells) == 2 and _SECTION_NUMBER.match(line.cells[0].text)
    if not _is_short(line) or (len(line.cells) > 1 and not numbered):
        return False
    if line.size > style.body * LARGER:
        return True
    bold = line.bold and style.bold_stands_out and line.size >= style.body
    return bold and not _SENTENCE_END.search(line.text)


def _paragraph_length(lines: Sequence[Line], style: _Style) -> int:
    """How many of `lines` belong to the block that the first of them opens."""
    first = lines[0]
    heading = _is_heading(first, style)
    for length in range(1, len(lines)):
        before, line = lines[length - 1], lines[length]
        if _is_heading(line, style) != heading or abs(line.size - first.size) > 0.6:
            return length
        if _breaks(before, line, first, style) or _table_length(lines[length:]):
            return length
    return len(lines)


def _breaks(before: Line, line: Line, first: Line, style: _Style) -> bool:
    """Whether a new block begins at `line`."""
    if _BULLET.match(line.text):
        return True
    step = before.bottom - line.baseline
    if step < -2 * line.size:  # a new column or a new stream: goes on only in mid-sentence
        return bool(_SENTENCE_END.search(before.text)) or not line.text[:1].islower()
    if step > WIDER * max(style.leading, style.leading * line.size / style.body):
        return True
    indented = line.left - first.left > 0.8 * line.size and not _BULLET.match(first.text)
    return indented and bool(_SENTENCE_END.search(before.text))


def _table_length(lines: Sequence[Line]) -> int:
    """How many lines from the first on are rows of one table; 0 when it is none."""
    rows = 0
    length = 0
    for index, line in enumerate(lines):
        if len(line.cells) > 1:
            rows += 1
            length = index + 1
        elif not rows or not _continues_cell(lines[index - 1], line):
            break
    cells = [cell for line in lines[:length] for cell in line.cells]
    words = sum(len(cell.text.split()) for cell in cells)
    short = bool(cells) and words / len(cells) <= MAX_CELL_WORDS
    return length if rows >= MIN_TABLE_ROWS and short else 0


def _continues_cell(before: Line, line: Line) -> bool:
    """A cell's second line: close below, and under one of the cells of the row above."""
    close = 0 <= before.bottom - line.baseline <= 1.6 * line.size
    return close and any(abs(cell.left - line.left) < line.size for cell in before.cells)


def _grid(lines: Sequence[Line]) -> list[Row]:
    template = max(lines, key=lambda line: len(line.cells)).cells
    rows: list[list[str]] = []
    for line in lines:
        row = [""] * len(template)
        for cell in line.cells:
            place = _column(cell, template)
            row[place] = f"{row[place]} {cell.text}".strip()
        if len(line.cells) == 1 and rows:
            rows[-1] = [f"{a} {b}".strip() for a, b in zip(rows[-1], row, strict=True)]
        else:
            rows.append(row)
    return [Row(row) for row in rows]


def _column(cell: Cell, template: Sequence[Cell]) -> int:
    """The column whose cell in the widest row overlaps most, else the nearest."""

    def distance(column: Cell) -> float:
        return max(column.left, cell.left) - min(column.right, cell.right)

    return min(range(len(template)), key=lambda place: distance(template[place]))
