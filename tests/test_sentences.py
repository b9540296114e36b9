import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.sentences import (
    WORD,
    content_words,
    folded,
    sentence_spans,
    share_of_words,
    stem,
    whole,
    words,
)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def test_abbreviations_and_decimals_do_not_end_a_sentence() -> None:
    text = (
        "Pay was $3.5 million in the U.S. in May 2024 (U.S. Bureau of Labor Statistics). It rose."
    )
    assert sentences(text) == [text[:-9], "It rose."]


def test_a_line_break_ends_a_sentence() -> None:
    assert sentences("First item\nSecond item\n") == ["First item", "Second item"]


@pytest.mark.parametrize("space", ["\u00a0", "\u2009", "\u3000"])
def test_a_wide_space_is_a_space(space: str) -> None:
    assert sentences(f"Choose plan B{space}. Then wait.") == [
        f"Choose plan B{space}.",
        "Then wait.",
    ]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_spans_are_ordered_disjoint_and_lose_no_visible_character(text: str) -> None:
    spans = sentence_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())


def test_words_keep_language_names_and_contractions_whole() -> None:
    assert words("C++ and C# aren’t 3.11") == ["c++", "and", "c#", "aren't", "3.11"]


def test_words_can_be_found_where_they_stand() -> None:
    text = "Aren’t C++ and the Master’s degree 3.11"
    assert [folded(match.group()) for match in WORD.finditer(text)] == words(text)


@pytest.mark.parametrize(
    ("phrase", "found"),
    [("nurse", ["Nurse", "nurse"]), ("new york", ["New\n York"]), ("C++", ["c++"]), ("urse", [])],
)
def test_a_phrase_is_found_as_whole_words(phrase: str, found: list[str]) -> None:
    text = "ﬁrst a Nurse's nursery or a nurse in New\n York, with c++"
    assert re.findall(whole(phrase), text) == found


def test_content_words_leave_out_what_carries_no_topic() -> None:
    assert content_words("How much does a nurse make?") == ["nurse"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("engineers", "engineer"), ("studies", "study"), ("trained", "train"), ("nurses", "nurse")],
)
def test_stems_meet_across_endings(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_the_share_of_words_counts_stems_of_content_words_only() -> None:
    assert share_of_words("What do nurses earn?", "A nurse earns well.") == 1
    assert share_of_words("What do nurses earn?", "A nurse works at night.") == 0.5
    assert share_of_words("What is it?", "It is.") == 0
