from datetime import date

import pytest

from waymark.disagreement import disagreements
from waymark.types import Citation, Disagreement, Quote

OFFICIAL = (
    "The median pay of electricians was $62,350 a year in the United States in May 2024 "
    "(U.S. Bureau of Labor Statistics, 2025)."
)


def quote(
    marker: int, text: str, document: str = "", title: str = "", reviewed: date | None = None
) -> Quote:
    document = document or f"document-{marker}"
    citation = Citation(marker, document, title, "", text, 0, len(text), "", reviewed, stale=False)
    return Quote(text, citation)


def differ(one: str, other: str, titles: tuple[str, str] = ("", "")) -> bool:
    return bool(disagreements([quote(1, one, title=titles[0]), quote(2, other, title=titles[1])]))


def test_two_figures_for_one_thing_are_shown_with_both_dates() -> None:
    new = quote(1, OFFICIAL, reviewed=date(2026, 11, 24))
    old = quote(3, "Electricians earn a median of $56,900 a year (Trade survey, 2021).")
    found = disagreements([new, quote(2, "Bring your own tools."), old])
    assert found == (Disagreement((1, 3), ("2024, reviewed 2026-11-24", "2021")),)


def test_a_figure_without_any_date_is_said_to_have_none() -> None:
    (found,) = disagreements([quote(1, OFFICIAL), quote(2, "Electricians are paid $50,000 a year, "
                                                          "the median.")])  # fmt: skip
    assert found.dates == ("2024", "no date")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Training takes 4 years.", "The training takes 3 years."),
        ("Employment of chefs is projected to grow 7 per cent from 2024 to 2034.",
         "Employment of chefs is projected to grow 15 per cent from 2021 to 2031."),
        ("The exam costs $120.", "The exam costs $95."),
        ("The course lasts 6 to 8 weeks.", "The course lasts 12 weeks."),
        ("Nurses earn about $60,000 a year.", "Nurses earn $93,600 a year."),
    ],
)  # fmt: skip
def test_figures_of_one_thing_that_differ_are_noticed(one: str, other: str) -> None:
    assert differ(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OFFICIAL, OFFICIAL.replace("$62,350", "$62.35k")),
        (OFFICIAL, OFFICIAL.replace("electricians", "plumbers").replace("62,350", "63,000")),
        (OFFICIAL, "Entry-level electricians earn a median of $40,000 a year."),
        (OFFICIAL, "The lowest-paid tenth of electricians had pay below $39,430 a year."),
        (OFFICIAL, "In Canada the median pay of electricians is $70,000 a year."),
        (OFFICIAL, "Electricians earn a median of £35,000 a year."),
        (OFFICIAL, "Electricians earn a median of $29.98 an hour."),
        (OFFICIAL, "Electricians in shipyards earn a median of $71,000 a year."),
        (OFFICIAL, "Electricians earn about $62,000 a year, the median."),
        (OFFICIAL, "Electricians earn a median of more than $50,000 a year."),
        ("The course lasts 6 to 8 weeks.", "The course lasts 7 weeks."),
        ("Send 3 letters.", "Send 5 copies."),
        ("Electricians held 818,700 jobs in 2024.", "Electricians earn $62,350 a year."),
    ],
)  # fmt: skip
def test_statements_of_other_things_or_of_one_figure_are_not(one: str, other: str) -> None:
    assert not differ(one, other)


def test_what_a_page_is_about_may_stand_in_its_title() -> None:
    short = "The median pay is $56,900 a year for a qualified electrician."
    assert not differ(OFFICIAL, "The median pay is $56,900 a year.")
    assert differ(OFFICIAL, short, ("Electricians, qualified", "Pay"))


def test_one_document_does_not_disagree_with_itself() -> None:
    one = quote(1, OFFICIAL, "electricians")
    other = quote(2, "Electricians earn a median of $56,900 a year.", "electricians")
    assert disagreements([one, other]) == ()


def test_quotes_without_figures_and_no_quotes_have_nothing_to_disagree_on() -> None:
    assert disagreements([]) == ()
    assert not differ("Nurses care for people.", "Nurses care for many people.")
