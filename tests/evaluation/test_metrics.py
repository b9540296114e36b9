import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waymark.evaluation.metrics import (
    estimate,
    facts_right,
    mean_by,
    numbers_supported,
    overlap,
    ranking_measures,
    words_supported,
)


def test_every_group_needs_one_of_its_patterns() -> None:
    facts = [[r"\$93,600"], ["bachelor", "degree"]]
    assert facts_right("Nurses earn $93,600 and need a Degree.", facts)
    assert not facts_right("Nurses earn $93,600.", facts)
    assert not facts_right("Nurses need a degree and earn $93600.", facts)
    assert facts_right("anything", [])


def test_ranking_measures_equal_those_worked_out_by_hand() -> None:
    found = ranking_measures(["a", "b"], ["x", "a", "y", "z", "b"])
    assert found["Success@1"] == 0
    assert found["Success@4"] == 1
    assert found["R@4"] == 0.5
    assert found["R@8"] == 1
    assert found["RR@10"] == 0.5
    gain = 1 / math.log2(3) + 1 / math.log2(6)
    assert found["nDCG@10"] == pytest.approx(gain / (1 + 1 / math.log2(3)))


def test_nothing_found_scores_nothing() -> None:
    assert set(ranking_measures(["a"], []).values()) == {0.0}
    assert set(ranking_measures(["a"], ["b", "c"]).values()) == {0.0}


def test_equal_values_leave_no_doubt_and_none_are_refused() -> None:
    one = estimate([1.0, 1.0, 1.0])
    assert (one.mean, one.low, one.high, one.n) == (1.0, 1.0, 1.0, 3)
    with pytest.raises(ValueError, match="no values"):
        estimate([])


@settings(max_examples=25)
@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=30))
def test_the_interval_holds_the_mean_and_is_the_same_every_time(values: list[float]) -> None:
    first = estimate(values)
    assert 0 <= first.low <= first.mean <= first.high <= 1
    assert estimate(values) == first


def test_a_measure_is_averaged_over_the_rows_that_have_it() -> None:
    found = mean_by([{"a": 1.0, "b": 1.0}, {"a": 0.0}])
    assert (found["a"].mean, found["a"].n) == (0.5, 2)
    assert (found["b"].mean, found["b"].n) == (1.0, 1)


def test_a_number_is_supported_only_as_a_whole() -> None:
    assert numbers_supported("It pays $93,600 in 2024.", "In 2024 the pay was $93,600.")
    assert not numbers_supported("It takes 5 years.", "It takes 15 years.")
    assert numbers_supported("It takes years.", "")


def test_words_are_supported_by_their_stems() -> None:
    assert words_supported("Nurses record symptoms", "A nurse records a symptom.") == 1
    assert words_supported("Nurses repair violins", "A nurse records symptoms.") == pytest.approx(
        1 / 3
    )
    assert words_supported("", "anything") == 1


def test_overlap_is_the_shared_part_of_both() -> None:
    assert overlap({1, 2}, {2, 3}) == pytest.approx(1 / 3)
    assert overlap(set(), set()) == 1
    assert overlap({1}, set()) == 0
