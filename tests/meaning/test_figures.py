from time import process_time

import pytest

from waymark.meaning.figures import (
    DATE,
    NAME,
    PERCENT,
    Figure,
    figures,
    holds,
    names_money,
    numbers,
)


def only(text: str) -> Figure:
    (figure,) = figures(text)
    return figure


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$70k", "70000", "$"),
        ("C$40", "40", "C$"),
        ("5,000 ₹", "5000", "₹"),
        ("1.9 million", "1900000", ""),
        ("7 per cent", "7", PERCENT),
        ("1 in 5", "20", PERCENT),
        ("two thirds", "2/3", "share"),
        ("4-year", "4", "year"),
        ("21st", "21", "th"),
        ("9 a.m.", "9", "am"),
        ("10:30", "10:30", "calendar"),
        ("2024-05-01", "2024-05-01", "calendar"),
        ("1 May", "1 may", "calendar"),
        ("May 1st", "1 may", "calendar"),
        ("minus 5", "-5", ""),
        ("-5%", "-5", PERCENT),
        ("2024", "2024", DATE),
        ("2,024", "2024", ""),
        ("two thousand", "2000", ""),
        ("1900 a month", "1900", ""),
        ("in 1900, a monthly paper", "1900", DATE),
        ("F1", "f1", NAME),
        ("ICD-11", "icd-11", NAME),
        ("12kg", "12", "kg"),
        ("12furlongs", "12", "furlongs"),
    ],
)
def test_a_figure_is_a_value_with_its_unit(text: str, value: str, unit: str) -> None:
    assert (only(text).value, only(text).unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "per"),
    [("$20 an hour", "hour"), ("$20/hr", "hour"), ("$20 per annum", "year"),
     ("$20 annually", "year"), ("$20 weekly", "week"), ("$20", "")],
)  # fmt: skip
def test_a_period_belongs_to_the_figure_before_it(text: str, per: str) -> None:
    assert only(text).per == per


def test_a_pause_parts_a_period_from_the_figure_before_it() -> None:
    assert only("It costs $20; a year later it is free").per == ""


@pytest.mark.parametrize(
    ("text", "bound"),
    [("more than 5", ">"), ("at least $5", ">="), ("5 or more", ">="), ("5+", ">="),
     ("under 5", "<"), ("up to 5", "<="), ("5 or fewer", "<="), ("about 5", "~"),
     ("several hundred", "several"), ("5", "")],
)  # fmt: skip
def test_a_bound_is_part_of_a_figure(text: str, bound: str) -> None:
    assert only(text).bound == bound


def test_or_more_may_stand_before_the_unit_or_after_it() -> None:
    assert only("5 or more years") == only("5 years or more") == only("5+ years")


@pytest.mark.parametrize(
    "text", ["4 to 5 years", "4-5 years", "4 or 5 years", "between 4 and 5 years", "4–5 years"]
)
def test_a_range_is_one_figure_however_it_is_joined(text: str) -> None:
    assert only(text) == Figure("4..5", "year")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$60,000 - $70,000", "60000..70000", "$"),
        ("20% - 30%", "20..30", PERCENT),
        ("$50-60k", "50000..60000", "$"),
        ("$50k-60k", "50000..60000", "$"),
        ("12kg-15kg", "12..15", "kg"),
    ],
)
def test_the_dash_of_a_range_is_no_sign_and_begins_no_name(
    text: str, value: str, unit: str
) -> None:
    assert (only(text).value, only(text).unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Median pay - $5", "5"),
        ("- 5 years", "5"),
        ("-$5", "-5"),
        ("(-$ 5)", "-5"),
        ("fell −5", "-5"),
    ],
)
def test_a_sign_touches_its_number(text: str, value: str) -> None:
    assert only(text).value == value


@pytest.mark.parametrize(
    ("text", "values"),
    [("won 5/0/2", ["5", "0", "2"]), ("https://x.org/2024/0/", ["2024", "0"]), ("5/0", ["5", "0"])],
)
def test_numbers_with_a_slash_that_are_no_share_stand_alone(text: str, values: list[str]) -> None:
    assert [figure.value for figure in figures(text)] == values


@pytest.mark.parametrize(
    "text",
    [
        "a1b" * 10_000,
        "²" * 20_000,
        "1 2 " * 10_000,
        "7" * 100_000,
        "5 a year " * 10_000,
        "1-" * 20_000,
        "9" * 5_000 + "/7",
    ],
    ids=["names", "powers", "numbers", "digits", "periods", "ranges", "share"],
)
def test_figures_of_a_long_text_are_read_in_seconds(text: str) -> None:
    began = process_time()
    assert figures(text)
    assert process_time() - began < 5


@pytest.mark.parametrize("text", ["1" * 200_000, "123 " * 50_000, "1.234" * 40_000, "9k " * 60_000])
def test_money_is_looked_for_in_a_long_text_in_seconds(text: str) -> None:
    began = process_time()
    assert not names_money(text)
    assert process_time() - began < 5


def test_and_joins_a_range_only_after_between() -> None:
    assert [figure.value for figure in figures("4 and 5 years")] == ["4", "5"]


def test_the_ends_of_a_range_share_the_unit_that_one_of_them_shows() -> None:
    assert only("$70 to 90") == Figure("70..90", "$")


def test_a_count_remembers_what_it_counts() -> None:
    beds, nurses = figures("12 beds and 4 nurses")
    assert beds.counted == {"bed"}
    assert nurses.counted == {"nurs"}


def test_what_points_back_counts_anything() -> None:
    assert Figure("3", counted=frozenset({"job"})).states(only("3 of them"))


@pytest.mark.parametrize(
    ("known", "claimed"),
    [
        ("$20 an hour", "$20 a year"),
        ("$20 an hour", "$20"),
        ("4 months", "4 years"),
        ("9 per cent", "9 jobs"),
        ("12 beds", "12 nurses"),
        ("$40", "C$40"),
        ("$40", "€40"),
        ("at least 5", "at most 5"),
        ("at least 5", "5"),
        ("about 5", "5"),
        ("5 %", "-5 %"),
        ("4 or 5 years", "4 years"),
        ("5 May", "5 June"),
        ("01/05/2024", "05/01/2024"),
        ("several hundred", "a hundred"),
        ("half a million", "a million"),
        ("levels two and three", "5 levels"),
        ("10²", "102"),
        ("one in three", "3"),
    ],
)
def test_figures_that_differ_in_one_thing_do_not_carry_each_other(known: str, claimed: str) -> None:
    assert not holds(figures(known), figures(claimed))


def test_a_plain_figure_carries_its_vague_form() -> None:
    assert holds(figures("5 years"), figures("about 5 years"))


def test_each_claimed_figure_must_be_held() -> None:
    assert holds(figures("4 years and $5"), figures("$5"))
    assert not holds(figures("4 years and $5"), figures("$5 and $6"))
    assert holds([], [])


def test_numbers_are_the_values_with_both_ends_of_ranges() -> None:
    assert numbers("$70k to $90k in 2024, one of them") == {"70000", "90000", "2024"}


@pytest.mark.parametrize(
    "text",
    [
        "$70k",
        "It pays £ 12.60 an hour.",
        "45.000 € brutto",
        "₹8 lakh a year",
        "8 lakh rupees",
        "CHF 82,000",
        "520 000 kr",
        "Rs. 25,000 a month",
        "R$ 4.000",
        "about 3,200 euros a month",
        "70 thousand dollars",
        "50 Cents",
        "GBP 3,200 a month",
        "CHF 5'800",
        "EUR 3.200",
        "GBP 9.50 an hour",
        "INR 8 lakh",
        "CAD 61,000",
        "40,000 US dollars",
        "85,000 Canadian dollars a year",
        "3\u00a0200 euros",
        "1.5 billion dollars",
    ],
)
def test_money_is_known_in_the_notations_of_many_countries(text: str) -> None:
    assert names_money(text)


@pytest.mark.parametrize(
    "text",
    [
        "Lift 50 pounds (23 kg).",
        "Learn 3 CAD tools in 12 weeks.",
        "The team has 12 PHP developers and 20 CAD technicians.",
        "In 2023 PHP was used by 18 per cent, PHP 8 by most.",
        "12 AED units",
        "paid in dollars",
        "5,000 jobs, 7 per cent",
        "ISO 9001 and ICD-11",
    ],
)
def test_other_figures_are_no_money(text: str) -> None:
    assert not names_money(text)
