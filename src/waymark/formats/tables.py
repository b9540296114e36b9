"""Rows of a table of any format → phrases that make sense without the table around them."""

from collections.abc import Sequence
from dataclasses import dataclass

from waymark.formats.parsing import Draft, row_text


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of a table row; `header` names the columns, `spans` is one cell across them all."""

    cells: Sequence[str]
    header: bool = False
    spans: bool = False


def grid_drafts(rows: Sequence[Row], page: int | None = None) -> list[Draft]:
    """Rows of a table of any format → phrases that make sense alone: "Header: cell; …".

    Header rows name the columns; where none is marked, the first row does if it looks like one.
    Without a header, two cells read "first: second", as in tables of facts about one thing. A row
    of one spanning cell is a paragraph: it says what the rows below are about.
    """
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if not any(row.header for row in filled) and looks_like_header([r.cells for r in filled]):
        filled = [Row(filled[0].cells, header=True), *filled[1:]]
    drafts: list[Draft] = []
    header: Sequence[str] = ()
    above = False  # was the row above a header row too
    for row in filled:
        if row.spans:
            drafts.append(Draft("paragraph", next(filter(None, row.cells)), page=page))
        elif row.header:
            named = [cell.rstrip(" :") for cell in row.cells]
            header = _below(header, named) if above else named
        else:
            drafts.append(Draft("row", _phrase(header, row.cells), page=page))
        above = row.header and not row.spans
    return drafts


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of `rows` names the columns: all filled, all different, no figures.

    Of two columns the second must hold figures below, else they are facts about one thing.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first, rest = rows[0], rows[1:]
    if not all(first) or len(set(first)) < len(first) or any(map(_has_figure, first)):
        return False
    if len(first) > 2:
        return True
    return sum(_has_figure(row[1]) for row in rest if len(row) > 1) * 2 > len(rest)


def _has_figure(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _phrase(header: Sequence[str], cells: Sequence[str]) -> str:
    if header:
        return row_text([*header, *[""] * len(cells)], cells)
    if len(cells) == 2 and all(cells):
        return row_text([cells[0].rstrip(" :")], cells[1:])
    return row_text([""] * len(cells), cells)


def _below(header: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Two header rows as one: "Pay" above "2024" names its column "Pay 2024"."""
    upper = [*header, *[""] * len(cells)]
    return [c if c == h else f"{h} {c}".strip() for h, c in zip(upper, cells, strict=False)]
