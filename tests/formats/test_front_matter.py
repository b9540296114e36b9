import re
from datetime import date

import pytest

from waymark.errors import DocumentError
from waymark.formats.front_matter import split_front_matter, written_front_matter


def test_keys_and_text_are_told_apart() -> None:
    meta, text = split_front_matter("---\ntitle: Nurses\n---\nText.\n")
    assert (meta, text) == ({"title": "Nurses"}, "Text.\n")


def test_spaces_after_the_opening_dashes_are_no_text() -> None:
    assert split_front_matter("---  \ntitle: Nurses\n---\nText.\n")[0] == {"title": "Nurses"}


@pytest.mark.parametrize("line", ["----", "--- a dash", "---a"])
def test_only_a_line_of_three_dashes_closes_the_front_matter(line: str) -> None:
    with pytest.raises(DocumentError, match="line 3"):
        split_front_matter(f"---\ntitle: A\n{line}\nsummary: b\n---\nText.\n")
    with pytest.raises(DocumentError, match="never closed"):
        split_front_matter(f"---\ntitle: A\n{line}\nText.\n")


def test_what_is_closed_by_dashes_and_spaces_is_returned_as_written() -> None:
    text = "---\ntitle: A # the first\n---  \nText.\n"
    assert split_front_matter(text) == ({"title": "A"}, "Text.\n")
    assert written_front_matter(text) == "title: A # the first\n"


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nText under a rule.\n\n---\n\nMore text.\n",
        "---\n\n- one\n- two\n\n---\n",
        "---\n\nText under the only rule.\n",
        "--- and a dash\n",
        "No rule.\n---\n",
    ],
)
def test_a_text_that_begins_with_a_rule_has_no_front_matter(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    "value",
    ["NO", "on", "yes", "12:30", "007", "1_000", "1.50", "0x1f", "1e3", ".inf", "=", "9" * 5000],
)
def test_a_value_is_text_as_written(value: str) -> None:
    assert split_front_matter(f"---\ntitle: {value}\n---\n")[0] == {"title": value}


def test_days_whole_numbers_and_empty_values_are_told_from_text() -> None:
    meta, _ = split_front_matter('---\nday: 2026-01-31\nyear: 2024\nnone: ~\ntext: "2024"\n---\n')
    assert meta == {"day": date(2026, 1, 31), "year": 2024, "none": None, "text": "2024"}


def test_a_long_number_of_base_60_takes_no_time() -> None:
    value = "1" + ":1" * 500_000
    assert split_front_matter(f"---\ntitle: {value}\n---\n")[0] == {"title": value}


@pytest.mark.parametrize("value", ["!!int 1:1", "!!float .inf", "!!python/name:os", "!x [a]"])
def test_a_tag_is_refused_with_its_line(value: str) -> None:
    with pytest.raises(DocumentError, match="line 3: write the value without a tag"):
        split_front_matter(f"---\ntitle: Nurses\nregion: {value}\n---\nText.")


def test_aliases_are_refused_before_they_fill_the_memory() -> None:
    levels = "\n".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in ("ab", "bc", "cd"))
    with pytest.raises(DocumentError, match="line 3: write the value out"):
        split_front_matter(f"---\na: &a [lol, lol]\n{levels}\ntitle: *d\n---\nText.")


@pytest.mark.parametrize(
    ("front", "line", "fix"),
    [
        ("title: Help: with jobs", 2, "put the value in quotation marks, because it holds a colon"),
        ("title: x\n\ttopic: y", 3, "use spaces in place of tabs"),
        ("title: @home", 2, "put the value in quotation marks, because it begins with a sign"),
        ("title: * x", 2, "put the value in quotation marks, because it begins with a sign"),
        ("title: x\njust words\ntopic: y", 3, "write the line as key: value"),
        ('title: x\nregion: "open\ntopic: y', 3, "close the quotation mark that is opened here"),
        ("title: 'it's", 2, "put the whole value in quotation marks, of another kind than in it"),
        ("related: [a, b\ntitle: y", 3, "close the bracket, and put what holds a colon in quot"),
    ],
)
def test_a_slip_is_told_with_its_line_and_what_to_do(front: str, line: int, fix: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(f"line {line}: {fix}")):
        split_front_matter(f"---\n{front}\n---\nText.")


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(DocumentError, match="nested too deeply"):
        split_front_matter(f"---\ntitle: {'[' * 5000}\n---\nText.")
