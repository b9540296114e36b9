"""Workbooks and CSV files → rows as phrases. Only importer of openpyxl."""

import csv
import io
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any

from waymark.errors import DocumentError
from waymark.formats.archives import Archive
from waymark.formats.encoding import decode
from waymark.formats.number_formats import shown_number
from waymark.formats.parsing import Draft, Parsed, assemble, clean_text
from waymark.formats.tables import Row, grid_drafts

MAX_ROWS = 20_000  # of a file; more are data to query, not guidance to read
MAX_COLUMNS = 200
_DELIMITERS = "\t;|,"  # the commonest last: commas stand in the cells of other files, too
SAMPLE = 8000  # characters looked at for the delimiter
_BEYOND = f"columns after the {MAX_COLUMNS}th"
_Omitted = tuple[str, str, int]  # what, of which sheet, its number
_UNSTORED = re.compile(  # a formula without its result; one whose result is an empty text has none
    rb'<c\b(?![^<>]*\bt="str")[^<>]*>\s*<f\b[^<>]*(?:/>|>[^<]*</f>)\s*+(?:<v\s*/>|<v></v>)?\s*+</c>'
)


def parse_csv(raw: bytes, delimiter: str = "") -> Parsed:
    """Parse rows of cells parted by `delimiter`, or by the mark that fits the first rows best.

    The first row names the columns.
    """
    text, notes = decode(raw)
    text = clean_text(text)
    reader = _cells(text, delimiter or max(_DELIMITERS, key=lambda mark: _even_rows(text, mark)))
    filled = (row for row in reader if any(map(str.strip, row)))
    try:
        rows = list(islice(filled, MAX_ROWS + 1))
    except csv.Error as error:
        raise DocumentError(f"is not a table: {error} (line {reader.line_num})") from None
    beyond = max(map(len, rows), default=0) - MAX_COLUMNS
    drafts = grid_drafts(_with_header(rows[:MAX_ROWS]))
    return assemble(drafts, {}, [*notes, *_notes({_BEYOND: beyond}, len(rows))])


def _cells(text: str, delimiter: str) -> Any:
    return csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)


def _even_rows(text: str, delimiter: str) -> int:
    """How many of the first rows a delimiter cuts into one number of cells, more than one."""
    widths = Counter(map(len, _cells(text[:SAMPLE], delimiter)))
    return max((count for width, count in widths.items() if width > 1), default=0)


def parse_xlsx(raw: bytes) -> Parsed:
    """Parse a workbook as its cells are shown: a heading per sheet, each row as a phrase.

    Hidden sheets, rows and columns are left out and counted, where they hold something.
    """
    from openpyxl import load_workbook

    archive = Archive(raw)
    unstored = 0
    for name in archive.names:
        if name.lower().endswith((".xml", ".rels")):
            content = archive.read(name)
            if name.startswith("xl/worksheets/"):
                unstored += len(_UNSTORED.findall(content))
    book = load_workbook(io.BytesIO(raw), data_only=True)
    drafts: list[Draft] = []
    left = MAX_ROWS + 1
    omitted: set[_Omitted] = set()
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            omitted.add(("hidden sheets", sheet.title, 0))
            continue
        rows = list(islice(_shown_rows(sheet, omitted), left))
        left -= len(rows)
        if rows:
            drafts.append(Draft("heading", sheet.title, 2))
            drafts += _tables(rows)
    counts = Counter(what for what, _, _ in omitted)
    counts["formulas without a stored result"] = unstored
    return assemble(drafts, {}, _notes(counts, MAX_ROWS + 1 - left))


def _notes(left_out: Mapping[str, int], rows: int) -> list[str]:
    notes = [f"{count} {what} left out" for what, count in sorted(left_out.items()) if count > 0]
    return [*notes, *([f"only the first {MAX_ROWS} rows are read"] if rows > MAX_ROWS else [])]


def _tables(rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Draft]:
    """A sheet often holds several tables: empty rows part them, a lone cell says what follows."""
    for _, group in groupby(enumerate(rows), key=lambda item: item[1][0] - item[0]):
        block = _without_empty_columns([row for _, (_, row) in group])
        titles = 0
        while titles < len(block) and sum(map(bool, block[titles])) == 1:
            yield Draft("paragraph", "".join(block[titles]))
            titles += 1
        yield from grid_drafts([Row(row) for row in block[titles:]])


def _without_empty_columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    used = [place for place in range(len(rows[0])) if any(row[place] for row in rows)]
    return [[row[place] for place in used] for row in rows]


def _with_header(rows: Sequence[Sequence[str]]) -> list[Row]:
    several = len(rows) > 1 and len(rows[0]) > 1
    return [Row(row[:MAX_COLUMNS], header=several and not place) for place, row in enumerate(rows)]


def _shown_rows(sheet: Any, omitted: set[_Omitted]) -> Iterator[tuple[int, list[str]]]:
    """Rows that show something, each with its number when hidden rows are not counted.

    Adds to `omitted` what is not shown. Reads only the cells that the file holds: the last of them
    is often far below the table, where somebody formatted one by mistake.
    """
    columns = _hidden_columns(sheet)
    width = min(sheet.max_column, MAX_COLUMNS)
    hidden = sorted(number for number, row in sheet.row_dimensions.items() if row.hidden)
    filled = (cell for _, cell in sorted(sheet._cells.items()) if cell.value is not None)
    for number, cells in groupby(filled, key=lambda cell: cell.row):
        if sheet.row_dimensions[number].hidden:
            omitted.add(("hidden rows", sheet.title, number))
            continue
        row = [""] * width
        for cell in cells:
            if cell.column in columns:
                omitted.add(("hidden columns", sheet.title, cell.column))
            elif cell.column > MAX_COLUMNS:
                omitted.add((_BEYOND, sheet.title, cell.column))
            else:
                row[cell.column - 1] = _shown(cell)
        if any(row):
            yield number - bisect(hidden, number), row


def _hidden_columns(sheet: Any) -> set[int]:
    return {
        place
        for column in sheet.column_dimensions.values()
        if column.hidden
        for place in range(column.min or 0, (column.max or 0) + 1)
    }


def _shown(cell: Any) -> str:
    """A value as the sheet shows it: percent, currency and thousands by the cell's format."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    if isinstance(value, date):
        return value.isoformat(*([" ", "minutes"] if isinstance(value, datetime) else []))
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = shown_number(value, str(cell.number_format))
    return " ".join(clean_text(str(value)).split())
