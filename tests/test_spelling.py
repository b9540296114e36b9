from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.sentences import words
from waymark.spelling import Spelling

KNOWN = (
    "Registered nurses learn about machine learning, kubernetes and docker. The median pay of a "
    "nurse is not known. Writing letters: a letter has one page."
)


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(Counter(words(KNOWN)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wat do nurces lern about doker", "what do nurses learn about docker"),
        ("i wanna know wat i shud lern", "i want to know what i should learn"),
        ("wat nurses ern", "what nurses earn"),
        ("machne pay?", "machine pay?"),
        ("What is CISSP and Kubernets?", "What is CISSP and Kubernets?"),
        ("violins", "violins"),
        ("i dont lern", "i dont learn"),
        ("29-1142 2026", "29-1142 2026"),
        ("cud they tak it bak, wats wich", "could they take it back, what's which"),
        ("writng a leter", "writing a letter"),
        ("a pade letter", "a page letter"),
        ("a pagd letter", "a page letter"),
        ("a pagge or leter", "a page or letter"),
        ("What does a nurse make?", "What does a nurse earn?"),
        ("how much do nurses make in a year", "how much do nurses earn in a year"),
        ("wat dose a nurse get an is it dangrous", "what does a nurse get and is it dangerous"),
        ("a dose of an antidote", "a dose of an antidote"),
        ("the cheepest in germny", "the cheapest in germany"),
        ("canva, gmail, spacy, coursera or Dangrous", "canva, gmail, spacy, coursera or Dangrous"),
        ("golang, openai, upwork or fintech", "golang, openai, upwork or fintech"),
        ("Ned likes UR and sed", "Ned likes UR and sed"),
        ("the bottem salery in irland", "the bottom salary in ireland"),
        ("rejisterd for machne lerning", "registered for machine learning"),
        ("the going rate for nurses", "the pay for nurses"),
        ("ways to stop nurses", "how do I stop nurses"),
        ("How do I train as a nurse?", "How do I become a nurse?"),
        ("how do nurses train?", "what training do nurses need?"),
        ("how do models train?", "how do models train?"),
        ("how do nurses train models", "how do nurses train models"),
        (
            "may a nurse skip the degree on a Zoom interview",
            "may a nurse do without the degree on a video interview",
        ),
        (
            "do nurses get replaced? in many ways to Zoom",
            "will nurses be replaced? in many ways to Zoom",
        ),
        ("What does a letter make clear?", "What does a letter make clear?"),
        ("How much sense does it make?", "How much sense does it make?"),
    ],
)
def test_only_unknown_lower_case_words_are_put_right(
    spelling: Spelling, typed: str, meant: str
) -> None:
    assert spelling.correct(typed) == meant


@given(st.text(max_size=60))
def test_correcting_twice_changes_nothing_more(spelling: Spelling, typed: str) -> None:
    once = spelling.correct(typed)
    assert spelling.correct(once) == once
