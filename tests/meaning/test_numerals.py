import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventions import spelt
from waymark.meaning.numerals import in_digits, in_plain_terms


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("93,600", "93600"),
        ("93 600", "93600"),
        ("1'000'000", "1000000"),
        ("1.000.000", "1000000"),
        ("12,34,567", "1234567"),
        ("70.000 €", "70000 €"),
        ("€1.234,50", "€1234.50"),
        ("3.141", "3.141"),
        ("12,5", "12.5"),
        ("٣٤", "34"),
        ("2½", "2.5"),
        ("2 ½ years", "2.5 years"),
        ("1 1/2 years", "1.5 years"),
        ("⅔", "2/3"),
        ("10²", "10^2"),
        ("twenty-five", "25"),
        ("one hundred and five", "105"),
        ("two million three hundred thousand", "2300000"),
        ("a dozen", "12"),
        ("half a million", "500000"),
        ("three quarters of a million", "750000"),
        ("one and a half years", "1.5 years"),
        ("half", "1/2"),
        ("three quarters", "3/4"),
        ("one-third", "1/3"),
        ("a third of them", "1/3 of them"),
        ("one in ten", "1/10"),
        ("twice a year", "2 times a year"),
        ("once a week", "1 times a week"),
        ("one year", "1 year"),
        ("takes a year", "takes 1 year"),
    ],
)
def test_a_number_is_written_in_digits(text: str, digits: str) -> None:
    assert in_digits(text) == digits


@pytest.mark.parametrize(
    "text",
    ["one of them", "each one in the ward", "a third party", "the third step", "half-time",
     "once a nurse passes", "paid $20 a year", "the second quarter", "in 2024 500 nurses",
     "2 in 5 years", "someone"],
)  # fmt: skip
def test_words_that_only_look_like_numbers_stay(text: str) -> None:
    assert in_digits(text) == text


def test_what_is_no_share_is_not_read_as_one() -> None:
    assert in_digits("24/7") == "24 / 7"
    assert in_digits("1/5/2024") == "1/5/2024"
    assert in_digits("in grade 3 a third of them") == "in grade 3 1/3 of them"
    assert in_digits("in 2024 1/3 of them") == "in 2024 1/3 of them"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("$50-60k", "$50k to 60k"),
        ("$50 to about $60k", "$50k to about $60k"),
        ("100 to 150 thousand", "100 thousand to 150 thousand"),
        ("$1.5 – 2 million", "$1.5 million to 2 million"),
        ("zero to five thousand", "0 thousand to 5000"),
        ("thirty-five to forty thousand", "35 thousand to 40000"),
    ],
)
def test_the_ends_of_a_range_share_the_scale_of_the_second(text: str, digits: str) -> None:
    assert in_digits(text) == digits


@pytest.mark.parametrize("text", ["500 to 60k", "in 2020 to 3000 million", "10 to 15 m"])
def test_a_scale_that_the_first_number_cannot_have_is_not_shared(text: str) -> None:
    assert in_digits(text) == text


@pytest.mark.parametrize("text", ["hundred " * 12_500, "9" * 5_000 + "/" + "9" * 5_001])
def test_no_number_is_too_long_to_be_read(text: str) -> None:
    assert in_digits(text)


def test_numbers_side_by_side_are_not_added() -> None:
    assert in_digits("levels two and three") == "levels 2 and 3"
    assert in_digits("two, three") == "2, 3"


@given(st.integers(2, 10**9 - 1))
def test_every_number_in_words_is_the_number(n: int) -> None:
    assert in_digits(spelt(n)) == str(n)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("USD 5", "$5"),
        ("US$5", "$5"),
        ("5 dollars", "5 $"),
        ("five thousand euros", "five thousand €"),
        ("5 pct", "5 %"),
        ("one hundred and two", "one hundred two"),
        ("one out of every five", "one in five"),
        ("between 2 and 3 hours", "2 to 3 hours"),
    ],
)
def test_numbers_lose_the_words_that_mean_something_else_elsewhere(text: str, plain: str) -> None:
    assert in_plain_terms(text) == plain


@pytest.mark.parametrize("text", ["paid in euros", "between nurses and plumbers", "out of work"])
def test_the_same_words_away_from_numbers_stay(text: str) -> None:
    assert in_plain_terms(text) == text
