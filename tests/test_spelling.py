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
        ("a pafe letter", "a page letter"),
        ("a pagge or leter", "a page or letter"),
        ("wat dose a nurse get an is it dangrous", "what does a nurse get and is it dangerous"),
        ("a dose of an antidote", "a dose of an antidote"),
        ("the cheepest in germny", "the cheapest in germany"),
        ("canva, gmail, spacy, coursera or Dangrous", "canva, gmail, spacy, coursera or Dangrous"),
        ("golang, openai, upwork or fintech", "golang, openai, upwork or fintech"),
        ("Ned likes UR and sed", "Ned likes UR and sed"),
        ("the bottem salery in irland", "the bottom salary in ireland"),
        ("rejisterd for machne lerning", "registered for machine learning"),
        ("hw much, an hw shud i lern", "how much, and how should i learn"),
        ("the lowst median", "the lowest median"),
        ("coud i desine a fone in 2 yrs", "could i design a phone in 2 years"),
        ("wat persent dosent comute", "what percent doesn't commute"),
        ("wich letters r there, is R there", "which letters are there, is R there"),
    ],
)
def test_only_unknown_lower_case_words_are_put_right(
    spelling: Spelling, typed: str, meant: str
) -> None:
    assert spelling.correct(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "an hw engineer and a U visa",
        "do they know uber, etsy, tafe, xero, adhd or lsat",
        "pay of youtubers",
        "Uber is what Theo likes",
        "they shouldnt have said wasnt",
        "pay me in coworking",
        "What does a nurse make on Zoom?",
        "an underfit repost about chai",
        "is r the letter",
    ],
)
def test_words_that_are_right_stay_as_they_are(typed: str) -> None:
    near = "user easy take add last youtube zero should want working docker pay they chain report"
    known = Spelling(Counter(words(near)))
    assert known.correct(typed) == typed


@given(st.text(max_size=60))
def test_correcting_twice_changes_nothing_more(spelling: Spelling, typed: str) -> None:
    once = spelling.correct(typed)
    assert spelling.correct(once) == once
