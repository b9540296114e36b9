"""Workbooks and CSV files → rows as phrases. Only importer of openpyxl."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any

from waymark.archives import Archive
from waymark.encoding import decode
from waymark.errors import DocumentError
from waymark.parsing import Draft, Parsed, assemble, clean_text
from waymark.tables import Row, grid_drafts

MAX_ROWS = 20_000  # of a file; more are data to query, not guidance to read
MAX_COLUMNS = 200
_CURRENCIES = "$€£¥₹"


def parse_csv(raw: bytes) -> Parsed:
    """Parse comma-, semicolon- or tab-separated rows; the first row names the columns."""
    text, notes = decode(raw)
    sample = text[:8000]
    try:
        dialect: Any = csv.Sniffer().sniff(sample, delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    reader = csv.reader(io.StringIO(clean_text(text)), dialect)
    try:
        rows = [row[:MAX_COLUMNS] for row in islice(reader, MAX_ROWS + 1)]
    except csv.Error as error:
        raise DocumentError(f"is not a table: {error} (line {reader.line_num})") from None
    return assemble(grid_drafts(_with_header(rows[:MAX_ROWS])), {}, [*notes, *_cut(len(rows))])


def parse_xlsx(raw: bytes) -> Parsed:
    """Parse a workbook as its cells are shown: a heading per sheet, each row as a phrase.

    Hidden sheets, rows and columns are left out and counted.
    """
    from openpyxl import load_workbook

    archive = Archive(raw)
    for name in archive.names:
        if name.lower().endswith((".xml", ".rels")):
            archive.read(name)
    book = load_workbook(io.BytesIO(raw), data_only=True)
    drafts: list[Draft] = []
    left = MAX_ROWS + 1
    hidden = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            hidden += 1
            continue
        rows = list(islice(_shown_rows(sheet), left))
        left -= len(rows)
        if any(map(any, rows)):
            drafts.append(Draft("heading", sheet.title, 2))
            drafts += _tables(rows)
    notes = [f"{hidden} hidden sheets left out"] if hidden else []
    return assemble(drafts, {}, [*notes, *_cut(MAX_ROWS + 1 - left)])


def _cut(rows: int) -> list[str]:
    return [f"only the first {MAX_ROWS} rows are read"] if rows > MAX_ROWS else []


def _tables(rows: Sequence[Sequence[str]]) -> Iterator[Draft]:
    """A sheet often holds several tables: empty rows part them, a lone cell says what follows."""
    for filled, group in groupby(rows, key=any):
        if filled:
            block = _without_empty_columns(list(group))
            titles = 0
            while titles < len(block) and sum(map(bool, block[titles])) == 1:
                yield Draft("paragraph", "".join(block[titles]))
                titles += 1
            yield from grid_drafts([Row(row) for row in block[titles:]])


def _without_empty_columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    used = [place for place in range(len(rows[0])) if any(row[place] for row in rows)]
    return [[row[place] for place in used] for row in rows]


def _with_header(rows: Sequence[Sequence[str]]) -> list[Row]:
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    several = len(filled) > 1 and len(filled[0]) > 1
    return [Row(row, header=several and not place) for place, row in enumerate(filled)]


def _shown_rows(sheet: Any) -> Iterator[list[str]]:
    width = min(sheet.max_column or 0, MAX_COLUMNS)
    hidden = {
        place
        for letter, column in sheet.column_dimensions.items()
        if column.hidden
        for place in range(column.min or 0, (column.max or 0) + 1)
    }
    for row in sheet.iter_rows(max_col=width):
        if not sheet.row_dimensions[row[0].row].hidden:
            yield [_shown(cell) for cell in row if cell.column not in hidden]


def _shown(cell: Any) -> str:
    """A value as the sheet shows it: percent, currency and thousands by the cell's format."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    if isinstance(value, date):
        return value.isoformat(*([" ", "minutes"] if isinstance(value, datetime) else []))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return " ".join(clean_text(str(value)).split())
    return _number(value, str(cell.number_format).split(";")[0])


def _number(value: float, pattern: str) -> str:
    decimals = len(pattern.partition(".")[2].rstrip("%_) ").rstrip("]").split(" ")[0].strip("#?\\"))
    decimals = min(decimals, 6) if "." in pattern and pattern != "General" else 0
    if "%" in pattern:
        return f"{value * 100:.{decimals}f}%"
    grouped = "," in pattern
    plain = pattern in ("General", "@") or not set(pattern) & set("0#")
    text = f"{value:.10g}" if plain else f"{value:{',' if grouped else ''}.{decimals}f}"
    currency = next((sign for sign in _CURRENCIES if sign in pattern), "")
    return text.replace("-", f"-{currency}", 1) if value < 0 else currency + text
