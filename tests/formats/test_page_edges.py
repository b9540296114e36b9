from collections.abc import Sequence

import pytest

from waymark.formats.page_edges import without_headers_and_footers
from waymark.formats.reading_order import Cell, Line

HEIGHT = 842.0


def line(page: int, height: float, *texts: str) -> Line:
    cells = tuple(Cell(text, 50 + 150 * n, 180 + 150 * n) for n, text in enumerate(texts))
    right = cells[-1].right
    return Line(" ".join(texts), 50, right, height, height, 10, False, page, cells)


def kept(pages: Sequence[Sequence[Line]]) -> list[list[str]]:
    found = without_headers_and_footers(pages, [(0.0, HEIGHT)] * len(pages))
    return [[line.text for line in lines] for lines in found]


@pytest.mark.parametrize(
    "row",
    [
        "{year} median pay {pay} dollars a year",
        "In {year} it was {pay}",
        "{pay}",
        "${cents:,}",
        "{share}%",
    ],
)
def test_rows_that_differ_only_in_their_figures_stay_at_the_edges_of_pages(row: str) -> None:
    pages = [
        [
            line(
                page,
                height,
                row.format(
                    year=1950 + 46 * page + n,
                    pay=5000 + 46 * page + n,
                    cents=20_000 + page,
                    share=3 * page + n,
                ),
            )
            for n, height in enumerate((820, 400, 30))
        ]
        for page in range(1, 6)
    ]
    assert kept(pages) == [[row.text for row in page] for page in pages]


@pytest.mark.parametrize(
    "furniture",
    [
        "Careers yearbook 2024",
        "Careers yearbook 2024 | {0}",
        "Page {0} of 10",
        "{1}",
        "- {1} -",
        "12.05.2024, page {1}",
    ],
)
def test_a_line_that_repeats_or_counts_with_the_pages_is_left_out(furniture: str) -> None:
    pages = [
        [line(n, 820, furniture.format(n, n + 33)), line(n, 400, "Text.")] for n in range(1, 6)
    ]
    assert kept(pages) == [["Text."]] * 5


def test_the_number_of_a_page_is_known_when_few_pages_have_one() -> None:
    assert kept([[line(1, 20, "1"), line(1, 400, "Text.")]]) == [["Text."]]
    assert kept([[line(1, 20, "34")], [line(2, 20, "35")]]) == [[], []]
    assert kept([[line(1, 20, "iv")]]) == [[]]
    assert kept([[line(1, 20, "34")]]) == [["34"]]


def test_what_repeats_in_the_middle_of_pages_stays() -> None:
    pages = [[line(n, 400, "Your notes")] for n in range(1, 6)]
    assert kept(pages) == [["Your notes"]] * 5


def test_names_of_columns_that_repeat_on_each_page_stay_with_their_table() -> None:
    pages = [
        [
            line(n, 820, "Careers yearbook", "Pay"),
            line(n, 780, "Job", "Median pay"),
            line(n, 764, f"Nurse {n}", f"${n}3,600"),
        ]
        for n in range(1, 6)
    ]
    assert kept(pages) == [["Job Median pay", f"Nurse {n} ${n}3,600"] for n in range(1, 6)]


def test_a_line_of_very_many_numbers_is_compared_whole() -> None:
    pages = [[line(n, 820, "1 " * 100_000 + str(n))] for n in range(1, 4)]
    assert [len(texts) for texts in kept(pages)] == [1, 1, 1]
