import re
from collections.abc import Sequence

import pytest

from waymark.focusing import focused
from waymark.substitution import Said

NAMES = ("chefs?", "registered nurses", "data scientists", "plumbers", "software developers")


def named(text: str) -> Sequence[str]:
    found = [match for name in NAMES if (match := re.search(name, text, re.I))]
    return [match.group() for match in sorted(found, key=re.Match.start)]


def after(question: str, topic: str, asked: str) -> str:
    return focused(asked, Said(question, topic, [topic], [], ""), named)[0]


PAY = ("What do plumbers earn?", "plumbers")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("ok back to the US then", "What do plumbers earn in the United States?"),
        ("ok back to the US then, which firms pay them best",
         "which firms pay plumbers best in the United States?"),
        ("in Spain, what licence do they need", "in Spain, what licence do plumbers need"),
        ("what about not in the US", "What do plumbers earn outside the United States?"),
        ("not in America", "What do plumbers earn outside the United States?"),
        ("outside of the U.S.?", "What do plumbers earn outside the United States?"),
        ("no, not Canada. the roofers then", "What do roofers earn in the United States?"),
        ("no, not Canada, what about Spain", "What do plumbers earn in Spain?"),
    ],
)  # fmt: skip
def test_a_place_is_left_for_the_one_named_last(asked: str, meant: str) -> None:
    assert after("What do plumbers earn in Canada?", "plumbers", asked) == meant


def test_a_bare_year_asks_the_same_of_that_year() -> None:
    assert after(*PAY, "same for 2019 please") == "What do plumbers earn in 2019?"
    assert after(*PAY, "and back in 2019?") == "What do plumbers earn in 2019?"


def test_what_was_chosen_among_goes_when_something_else_is_asked_about() -> None:
    among = "plumbers and chef: the same then. which of the two has more openings"
    assert after(among, "chef", "what about solar installers") == "solar installers: openings"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("can they sack me without a reason?", "plumbers: can they sack me without a reason?"),
        ("and what if they ask about my age", "plumbers: what if they ask about my age"),
        ("what about registered nurses what do they end up on",
         "registered nurses what do they end up on"),
        ("so what do they do?", "what do plumbers do?"),
        ("what is the pay of registered nurses, and how fast will it grow",
         "what is the pay of registered nurses, and how fast will it grow"),
        ("is a diploma from a night school a must for them",
         "is a diploma from a night school a must for plumbers"),
        ("so I fear chef school. how would I notice it early?",
         "I fear chef school. how would I notice it early?"),
        ("what about hospital work", "What do plumbers in hospital work earn?"),
        ("and people who install solar panels?", "What do people who install solar panels earn?"),
        ("per hour?", "What do plumbers earn per hour?"),
        ("ok and what's a returnship, would that suit her",
         "plumbers: what's a returnship, would that suit her"),
        ("the ones for children", "What do plumbers for children earn?"),
        ("and growth for that one", "growth for plumbers"),
        ("which of the letters is the important one",
         "plumbers: which of the letters is the important one"),
        ("and they sent me a cheque, what do I do with it",
         "plumbers: they sent me a cheque, what do I do with it"),
        ("working for the federal government?",
         "What do plumbers earn for the federal government?"),
        ("isn't there a test for that", "isn't there a test for plumbers"),
        ("and what do they make", "what do plumbers make"),
        ("so what would I make then", "plumbers: what would I make then"),
        ("ok and chefs, is it more there?", "What do chefs earn?"),
        ("and for chefs, the same?", "What do chefs earn?"),
        ("chefs, do they earn more?", "chefs, do they earn more?"),
        ("roofers then", "What do roofers earn?"),
        ("is that hard to learn", "is plumbers hard to learn"),
    ],
)  # fmt: skip
def test_the_topic_takes_the_place_only_of_what_means_it(asked: str, meant: str) -> None:
    assert after(*PAY, asked) == meant


@pytest.mark.parametrize(
    "asked",
    ["says who", "while still in school", "is that too late at 45?", "is that enough to live on",
     "so thats it then", "what do I do", "is that even allowed", "the wife thinks so",
     "it's for my son, he's 17",
     "so I met somebody!! only needs a scan of my passport first. fine?"],
)  # fmt: skip
def test_what_means_nothing_without_the_question_before_needs_all_of_it(asked: str) -> None:
    assert after(*PAY, asked) == ""


@pytest.mark.parametrize(
    ("before", "topic", "asked", "meant"),
    [
        ("Do I need school to be a chef?", "chef", "and for a baker in Rome, same?",
         "Do I need school to be a baker in Rome?"),
        ("Do chefs need school?", "chefs", "and for a baker",
         "Do chefs need school for a baker?"),
        ("Can a chef rest?", "chef", "what about in hotels", "Can a chef rest in hotels?"),
    ],
)  # fmt: skip
def test_for_one_takes_the_place_of_one(before: str, topic: str, asked: str, meant: str) -> None:
    assert after(before, topic, asked) == meant


def test_the_other_one_is_asked_the_same_or_what_is_asked_of_it() -> None:
    said = Said("Do chefs rest?", "chefs", [], ["chefs", "roofing"], "")
    assert focused("and the other?", said, named) == ("Do roofing rest?", "roofing")
    assert focused("does the other pay?", said, named) == ("does roofing pay?", "roofing")


@pytest.mark.parametrize(
    ("before", "topic", "asked", "meant"),
    [
        ("Is a chefery near a chef?", "chef", "for a baker", "Is a chefery near a baker?"),
        ("Do I need a cookbook?", "cook", "for a baker", "Do I need a cookbook for a baker?"),
        (*PAY, "not a plum, a roofer", "What do roofer earn?"),
        (*PAY, "not a plumber, a roofer", "What do roofers earn?"),
        (*PAY, "is cheffing what they do, a chef?", "is cheffing what plumbers do, a chef?"),
        (*PAY, "chef chefpay", "What do chef chefpay earn?"),
    ],
)  # fmt: skip
def test_a_name_is_no_part_of_a_longer_word(
    before: str, topic: str, asked: str, meant: str
) -> None:
    assert after(before, topic, asked) == meant
