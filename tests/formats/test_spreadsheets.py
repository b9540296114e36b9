import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

import sample_files as files
from waymark.formats.parsing import Parsed
from waymark.formats.spreadsheets import MAX_COLUMNS, MAX_ROWS, parse_csv, parse_xlsx

HEADER = ["Job", "Pay", "Weeks"]


def workbook(change: Callable[[Any, Workbook], object], *rows: Sequence[object]) -> bytes:
    """A workbook whose first sheet, "Pay", holds `rows`, after `change(sheet, book)`."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Pay"
    for row in rows:
        sheet.append(row)
    change(sheet, book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def lines(parsed: Parsed) -> list[str]:
    return parsed.text.replace("\n\n", "\n").split("\n")


def test_a_british_sheet_pays_in_pounds_and_half_a_week_is_half_a_week() -> None:
    def formats(sheet: Any, _: Workbook) -> None:
        sheet["B2"].number_format = "[$£-809]#,##0"
        sheet["C2"].number_format = "# ?/?"

    raw = workbook(formats, HEADER, ["Nurse", 35_000, 0.5])
    assert lines(parse_xlsx(raw))[1:] == ["Job: Nurse; Pay: £35,000; Weeks: 0.5"]


def test_a_cell_formatted_far_below_the_table_hides_no_other_sheet() -> None:
    def stretched(sheet: Any, book: Workbook) -> None:
        sheet["A1048576"].font = Font(bold=True)
        hours = book.create_sheet("Hours")
        hours.append(["Job", "Hours"])
        hours.append(["Nurse", 37])

    parsed = parse_xlsx(workbook(stretched, ["Job", "Pay"], ["Nurse", 35_000]))
    assert lines(parsed) == ["Pay", "Job: Nurse; Pay: 35000", "Hours", "Job: Nurse; Hours: 37"]
    assert parsed.notes == ()


def test_rows_without_a_value_part_tables_and_do_not_count_as_rows() -> None:
    def second_table(sheet: Any, _: Workbook) -> None:
        sheet.cell(MAX_ROWS + 10, 1, "Job")
        sheet.cell(MAX_ROWS + 10, 2, "Hours")
        sheet.cell(MAX_ROWS + 11, 1, "Baker")
        sheet.cell(MAX_ROWS + 11, 2, 38)

    parsed = parse_xlsx(workbook(second_table, ["Job", "Pay"], ["Nurse", 35_000]))
    assert lines(parsed)[1:] == ["Job: Nurse; Pay: 35000", "Job: Baker; Hours: 38"]
    assert parsed.notes == ()


def test_hidden_rows_and_columns_that_hold_something_are_left_out_and_counted() -> None:
    def hide(sheet: Any, book: Workbook) -> None:
        for row in (3, 4, 9):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions.group("C", "D", hidden=True)
        sheet.column_dimensions["Z"].hidden = True
        book.create_sheet("Internal").sheet_state = "hidden"

    rows = [
        ["Nurse", 1, 5, 6],
        ["Spy", 2, 5, 6],
        ["Spy", 3, 5, 6],
        ["Baker", 4],
    ]
    parsed = parse_xlsx(workbook(hide, ["Job", "Pay", "Low", "High"], *rows))
    assert lines(parsed)[1:] == ["Job: Nurse; Pay: 1", "Job: Baker; Pay: 4"]
    assert parsed.notes == (
        "2 hidden columns left out",
        "2 hidden rows left out",
        "1 hidden sheets left out",
    )


def test_a_formula_whose_result_is_not_stored_is_told() -> None:
    raw = workbook(lambda *_: None, HEADER, ["Nurse", "=45*2080", "=1+1"])
    parsed = parse_xlsx(raw)
    assert parsed.notes == ("2 formulas without a stored result left out",)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B1"><f>45*2080</f><v>93600</v></c>',
        '<c r="B1"><f t="shared" si="0"/><v>93600</v></c>',
        '<c r="B1" t="str"><f>IF(A1=1,1,"")</f><v></v></c>',
        '<c r="B1" s="0"/>',
    ],
)
def test_a_formula_with_a_result_or_an_empty_one_is_not_told(cell: str) -> None:
    raw = workbook(lambda *_: None, ["Nurse", 1])
    members = files.unpacked(raw)
    sheet = members["xl/worksheets/sheet1.xml"].decode()
    changed = sheet.replace('<c r="B1" t="n"><v>1</v></c>', cell)
    assert changed != sheet
    assert parse_xlsx(files.packed(members | {"xl/worksheets/sheet1.xml": changed})).notes == ()


def test_columns_beyond_the_last_that_is_read_are_counted() -> None:
    row: list[object] = [f"c{n}" for n in range(MAX_COLUMNS + 3)]
    note = f"3 columns after the {MAX_COLUMNS}th left out"
    assert parse_xlsx(workbook(lambda *_: None, row)).notes == (note,)
    assert parse_csv(",".join(map(str, row)).encode()).notes == (note,)


def test_a_quote_in_a_csv_cell_is_read_though_none_stands_among_the_first_rows() -> None:
    rows = [[f"Job {n}", f"Does the work number {n}, every day", f"{n}"] for n in range(300)]
    rows.append(["Nurse", 'Is called "the heart", of the ward', "93600"])
    target = io.StringIO()
    csv.writer(target, quoting=csv.QUOTE_ALL).writerows([["Job", "Work", "Pay"], *rows])
    parsed = parse_csv(target.getvalue().encode())
    assert lines(parsed)[-1] == 'Job: Nurse; Work: Is called "the heart", of the ward; Pay: 93600'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Job;Pay, median\nPlumber;30,000\n", ["Job: Plumber; Pay, median: 30,000"]),
        ("Job\tPay, median\nPlumber\t30,000\n", ["Job: Plumber; Pay, median: 30,000"]),
        (
            "Job;Place, state;Pay\nPlumber;Ames, Iowa;9\n",
            ["Job: Plumber; Place, state: Ames, Iowa; Pay: 9"],
        ),
        (
            "Job,Degree,Note\nPlumber,'none',\"1,000 jobs\"\n",
            ["Job: Plumber; Degree: 'none'; Note: 1,000 jobs"],
        ),
        (
            "Job,Tools,Pay\nBaker,oven; pan,9\nCook,pot; pan,8\n",
            ["Job: Baker; Tools: oven; pan; Pay: 9", "Job: Cook; Tools: pot; pan; Pay: 8"],
        ),
        (
            "Pay by job\nJob;Pay;Year\nNurse;35,000;2024\nBaker;9;2024\n",
            ["Pay by job", "Job; Pay; Year", "Nurse; 35,000; 2024", "Baker; 9; 2024"],
        ),
        ('Job, Pay\nNurse, "$93,600"\n', ["Job: Nurse; Pay: $93,600"]),
    ],
)
def test_a_mark_inside_cells_parts_none(text: str, found: list[str]) -> None:
    assert lines(parse_csv(text.encode())) == found


def test_empty_lines_of_a_csv_file_do_not_count_as_rows() -> None:
    parsed = parse_csv(b"Job,Pay\n" + b",\n" * MAX_ROWS + b"Nurse,93600\n")
    assert (parsed.text, parsed.notes) == ("Job: Nurse; Pay: 93600", ())
