"""Lines of a page as a PDF holds them → lines in the order in which people read them.

The order of the file is trusted, because it keeps columns apart, unless it jumps about. Knows no
library.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

MAX_SORTED = 600  # lines of a page; comparing each with each is quadratic
MAX_JUMPS = 0.2  # share of lines that lie above an earlier one of the same column


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of words of a line, set apart by wide gaps; `left` and `right` in points."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in points (y grows upwards), its font size and cells.

    `baseline` is that of the first character, `bottom` of the last: PDFium puts two lines together
    when the first ends in a divided word.
    """

    text: str
    left: float
    right: float
    baseline: float
    bottom: float
    size: float
    bold: bool
    page: int
    cells: tuple[Cell, ...]
    hyphenated: bool = False


def in_reading_order(lines: Sequence[Line]) -> Sequence[Line]:
    """The order of the file, unless it jumps about in one column: then from top to bottom."""
    if len(lines) > MAX_SORTED:
        return lines
    jumps = sum(
        any(
            line.baseline > other.baseline + line.size
            and line.left < other.right
            and other.left < line.right
            for other in lines[:place]
        )
        for place, line in enumerate(lines)
    )
    if jumps <= len(lines) * MAX_JUMPS:
        return lines
    return sorted(lines, key=lambda line: (-round(line.baseline / 3), line.left))


def rows_merged(lines: Sequence[Line]) -> list[Line]:
    """Put together pieces on one baseline that follow each other from left to right."""
    found: list[Line] = []
    for line in lines:
        before = found[-1] if found else None
        if (
            before
            and abs(before.bottom - line.baseline) < 0.4 * max(before.size, line.size)
            and line.left > before.right - 1
        ):
            found[-1] = _beside(before, line)
        else:
            found.append(line)
    return found


def _beside(before: Line, line: Line) -> Line:
    cells = before.cells + line.cells
    if line.left - before.right < max(before.size, line.size):
        joined = Cell(
            f"{before.cells[-1].text} {line.cells[0].text}",
            before.cells[-1].left,
            line.cells[0].right,
        )
        cells = (*before.cells[:-1], joined, *line.cells[1:])
    return replace(
        before,
        text=f"{before.text} {line.text}",
        right=line.right,
        size=max(before.size, line.size),
        cells=cells,
        hyphenated=line.hyphenated,
    )
