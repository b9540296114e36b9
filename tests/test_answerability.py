import json
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import OverlapReranker, WordEmbedder
from waymark.answerability import (
    Decision,
    features,
    fitted_decisions,
    states_what_is_asked,
    unmet_conditions,
)
from waymark.evidence import select_evidence
from waymark.retrieval import retrieve
from waymark.settings import PROJECT
from waymark.store.index import Index

TODAY = date(2026, 3, 1)


def measured(index: Index, question: str, titled: str = "") -> dict[str, float]:
    found = retrieve(question, index, WordEmbedder(), TODAY)
    evidence = select_evidence(question, found.passages, WordEmbedder(), OverlapReranker())
    wordings = (question, titled) if titled else (question,)
    return features(question, wordings, found, evidence, OverlapReranker().score)


def test_likeness_and_reading_are_high_where_the_page_answers(index: Index) -> None:
    known = measured(index, "What is the median pay of a nurse?")
    assert known["read"] == 5
    assert known["read"] >= known["second"]
    assert known["passage"] > 0.8
    unknown = measured(index, "Who repairs violins and cellos?")
    assert unknown["read"] == -5
    assert unknown["passage"] < known["passage"]


def test_a_question_is_read_with_its_own_name_for_an_occupation_and_with_the_title(
    index: Index,
) -> None:
    own = measured(index, "What is the median pay of a matron?")
    titled = measured(index, "What is the median pay of a nurse?")
    both = measured(
        index, "What is the median pay of a matron?", "What is the median pay of a nurse?"
    )
    assert own["read"] < titled["read"]
    assert both["read"] == pytest.approx((own["read"] + titled["read"]) / 2)
    assert both["shared"] == own["shared"]


def test_the_words_that_the_best_sentence_shares_with_the_question_are_counted(
    index: Index,
) -> None:
    assert measured(index, "What is the median pay of a nurse?")["shared"] == 1
    assert measured(index, "What is the median pay of a violinist?")["shared"] == pytest.approx(
        2 / 3
    )


def test_repeating_the_words_of_a_question_counts_against_an_answer() -> None:
    assert fitted_decisions()[0].weights["shared"] < 0


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("What is the median pay of a nurse in Canada?", "place"),
        ("What is the median pay of a nurse in May 2031?", "year"),
        ("What tips does a nurse get on the median pay?", "asked_for"),
        ("How much is a plumber paid in training for a licence?", "figure"),
    ],
)
def test_a_condition_that_the_evidence_does_not_meet_is_noted(
    index: Index, question: str, condition: str
) -> None:
    assert measured(index, question)[condition] == 1


def test_a_condition_that_the_evidence_meets_is_no_obstacle(index: Index) -> None:
    found = measured(index, "How much did a nurse earn, by median pay, in May 2024?")
    assert [found[name] for name in ("place", "year", "asked_for", "figure")] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "question",
    ["Are 2000 hours normal?", "Can I live on $2000 a month?", "Is 2,000 a fair fee for a course?"],
)
def test_an_amount_like_a_year_is_no_year(index: Index, question: str) -> None:
    assert measured(index, question)["year"] == 0


@pytest.mark.parametrize(
    "told",
    ["I have driven a cab since 1994.", "My rate of pay has not moved.", "I am 12 weeks in."],
)
def test_what_the_background_tells_is_no_condition(index: Index, told: str) -> None:
    question = "Is a degree and a licence what a nurse needs?"
    found = measured(index, f"{told} {question}")
    assert [found[name] for name in ("place", "year", "asked_for", "figure")] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("I live in Canada. What is the median pay of a nurse?", 1),
        ("I live in Canada. What is the median pay of a nurse in the US?", 0),
        ("I live in Oregon. What is the median pay of a nurse?", 1),
        ("I live in Oregon. Does a nurse need a degree?", 0),
        ("I live in Oregon. Does a nurse need a degree there?", 1),
        ("I lived in Canada. Does an interview take an hour?", 0),
        ("I moved here from Canada. What is the median pay of a nurse?", 0),
        ("Does a nurse in Oregon need a degree?", 1),
    ],
)
def test_a_place_that_is_only_told_counts_where_it_matters_to_the_evidence(
    index: Index, question: str, place: int
) -> None:
    assert measured(index, question)["place"] == place


def test_a_place_that_is_asked_about_stands_for_the_one_that_is_told(index: Index) -> None:
    question = "I live in Canada. What is the median pay of a nurse in Spain?"
    retrieval = retrieve(question, index, WordEmbedder(), TODAY)
    evidence = select_evidence(question, retrieval.passages, WordEmbedder(), OverlapReranker())
    assert unmet_conditions(question, evidence) == ("Spain",)


@pytest.mark.parametrize(
    ("question", "text", "states"),
    [
        ("is a test needed?", "Welders need to pass a test every second year.", True),
        ("how many tests are needed?", "Welders need to pass a test every year.", False),
        ("how many tests are needed?", "Welders need to pass two tests a year.", True),
        ("is a car needed for the test?", "Welders pass a test every second year.", False),
        ("what is it?", "Welders pass a test every second year.", True),
        ("how many of them are there?", "Welders pass a test every year.", False),
        ("what are drivers paid per mile?", "Most drivers are paid by the mile.", False),
        ("are drivers paid per mile?", "Most drivers are paid by the mile.", True),
        ("what are drivers paid per mile?", "Most drivers are paid 50 cents per mile.", True),
        ("How much do nurses earn?", "Nurses earn about 45 000 kr a month.", True),
        ("How much do nurses earn?", "Nurses earn ₹4 lakh a year.", True),
        ("How much do nurses earn?", "Nurses earn about as much as 2 years before.", False),
    ],
)
def test_a_quote_states_what_is_asked_by_most_words_and_the_kind_of_thing(
    question: str, text: str, states: bool
) -> None:
    assert states_what_is_asked(question, text) is states


def test_the_decision_is_a_logistic_model() -> None:
    decision = Decision({"a": 2.0}, -1.0, 0.5)
    assert decision.probability({"a": 0.5, "ignored": 9.0}) == 0.5
    assert decision.probability({"a": 10.0}) > 0.99


@pytest.mark.parametrize("feature", ["read", "second", "passage"])
@given(a=st.floats(-1, 1), b=st.floats(-1, 1))
def test_better_evidence_never_makes_an_answer_less_likely(
    feature: str, a: float, b: float
) -> None:
    decision = fitted_decisions()[0]
    base = dict.fromkeys(decision.weights, 0.0)
    low, high = sorted((a, b))
    assert decision.probability({**base, feature: low}) <= decision.probability(
        {**base, feature: high}
    )


@pytest.mark.parametrize(
    ("name", "sets"),
    [("alone", ("questions", "unanswerable")), ("in conversation", ("dialogues",))],
)
def test_the_shipped_weights_say_where_they_come_from_and_never_from_the_test_half(
    name: str, sets: Sequence[str]
) -> None:
    stored = json.loads((PROJECT / "src/waymark/answerability.json").read_text())[name]
    assert stored["provenance"]["fitted on"] == [
        *(f"evaluation/{each}.jsonl, dev" for each in sets),
        "training/, held out",
    ]
    assert all(stored["weights"][c] < 0 for c in ("place", "year", "asked_for", "figure"))


def test_both_decisions_are_made_at_one_threshold() -> None:
    alone, said = fitted_decisions()
    assert alone.threshold == said.threshold
    assert alone.weights.keys() == said.weights.keys()
