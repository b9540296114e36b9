"""Headers, footers and page numbers: the lines that repeat at the edges of pages.

The first and the last rows of a long table stand there too, and may differ in their figures alone:
what repeats must do so to the letter, but for one number that counts with the pages. Knows no
library.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from waymark.formats.reading_order import Line

EDGE = 0.12  # of the height of a page, at its top and bottom, where headers and footers stand
MIN_REPEATS = 3  # pages; of a number that stands alone two
MAX_NUMBERS = 8  # of a line that are tried as the number of its page
_LONE = re.compile(r"^\W*\d{1,4}\W*$")
_LONE_ROMAN = re.compile(r"^\W*[ivxl]{1,6}\W*$")
_NUMBER = re.compile(r"(?<![\d.,])\d{1,4}(?!\d|[.,]\d)")


def without_headers_and_footers(
    pages: Sequence[Sequence[Line]], extents: Sequence[tuple[float, float]]
) -> list[list[Line]]:
    """Return the other lines of each page, whose bottom and top are in `extents`, in points."""
    edges = [_edges(lines, *extent) for lines, extent in zip(pages, extents, strict=True)]
    seen = Counter(key for lines in edges for key in {k for line in lines for k in _keys(line)})
    least = max(MIN_REPEATS, len(pages) / 4)

    def is_furniture(line: Line, page: Sequence[Line]) -> bool:
        text, *counting = _keys(line)
        if seen[text] >= least:
            return not _names_columns(line, page)
        lone = _LONE.match(line.text)
        return bool(_LONE_ROMAN.match(line.text)) or any(
            seen[key] >= (2 if lone else least) or (lone and not key[1]) for key in counting
        )

    return [
        [line for line in lines if line not in edge or not is_furniture(line, lines)]
        for lines, edge in zip(pages, edges, strict=True)
    ]


def _edges(lines: Sequence[Line], bottom: float, top: float) -> list[Line]:
    margin = EDGE * (top - bottom)
    return [line for line in lines if not bottom + margin < line.baseline < top - margin]


def _keys(line: Line) -> Iterator[tuple[str, int, int]]:
    """Its text and height; then the same without a number, and how far that is from the page's."""
    height = round(line.bottom / 4)
    yield line.text, 0, height
    for number in islice(_NUMBER.finditer(line.text), MAX_NUMBERS):
        rest = f"{line.text[: number.start()]}\0{line.text[number.end() :]}"
        yield rest, int(number[0]) - line.page, height


def _names_columns(line: Line, page: Sequence[Line]) -> bool:
    """Whether close below `line` stands a row with a cell under each of its cells."""
    return len(line.cells) > 1 and any(
        0 < line.bottom - row.baseline <= 2 * line.size
        and len(row.cells) == len(line.cells)
        and all(
            head.left < cell.right and cell.left < head.right
            for head, cell in zip(line.cells, row.cells, strict=True)
        )
        for row in page
    )
