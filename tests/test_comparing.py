from collections.abc import Sequence

import pytest

from waymark.comparing import asked_of_each, compared, with_the_other
from waymark.substitution import Said

NAMES = ("plumbers", "chef", "roofers")


def named(text: str) -> Sequence[str]:
    words = [word.strip(".?!,") for word in text.split()]
    return [word for word in words if word.casefold() in NAMES]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("pay for both?", "plumbers and chef: pay for both?"),
        ("do I need a licence for either of them?",
         "plumbers and chef: do I need a licence for either of them?"),
        ("for both", "What does plumbers and chef earn?"),
        ("both?", "What does plumbers and chef earn?"),
        ("either of them", "What does plumbers and chef earn?"),
        ("the two", "What does plumbers and chef earn?"),
        ("how much is the gap between those two",
         "plumbers and chef: how much is the gap between those two"),
        ("the gap?", "plumbers and chef: the gap?"),
        ("what tells me which one of the two I am",
         "plumbers and chef: what tells me which one of the two I am"),
    ],
)  # fmt: skip
def test_both_are_the_two_named_last(asked: str, meant: str) -> None:
    names = ("roofers", "plumbers", "chef")
    said = Said("What does a chef earn?", "chef", names, ["chef"], "")
    assert compared(asked, said, named) == meant


def test_both_of_a_comparison_need_the_question_before() -> None:
    names = ("plumbers", "chef")
    said = Said("plumbers vs chef, who earns more", "plumbers and chef", names, names, "")
    assert compared("both?", said, named) == ""


def test_what_was_named_side_by_side_is_chosen_among_even_where_no_document_knows_it() -> None:
    things = ["glaziers", "ironworkers", "welders"]
    said = Said("pay for glaziers, ironworkers, welders", "glaziers", things, things, "Roofers.")
    meant = "glaziers and ironworkers and welders: which of those three shrinks"
    assert compared("which of those three shrinks", said, named) == meant


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        ("Plumbers do. Roofers too.", "Plumbers and Roofers: who earns most"),
        ("Not covered. What do roofers earn?", "plumbers: who earns most"),
    ],
)
def test_what_a_reply_offers_to_answer_is_not_what_it_named(reply: str, meant: str) -> None:
    said = Said("What do plumbers do?", "plumbers", ["plumbers"], ["plumbers"], reply)
    assert compared("who earns most", said, named) == meant


@pytest.mark.parametrize(
    ("question", "asked", "meant"),
    [
        ("welding or roofing?", "which costs less", ""),
        ("What is welding?", "which costs less", "welding: which costs less"),
        ("What is welding?", "which of the three is safest",
         "welding: which of the three is safest"),
        ("What does welding make?", "is forging better?", ""),
    ],
)  # fmt: skip
def test_a_choice_among_what_has_no_name_is_of_the_kinds_of_the_topic(
    question: str, asked: str, meant: str
) -> None:
    assert compared(asked, Said(question, "welding", [], [], ""), named) == meant


@pytest.mark.parametrize(
    ("asked", "among"),
    [
        ("which one is best, arc or gas", "welding"),
        ("which one is best", "Plumbers and roofers"),
    ],
)
def test_names_of_a_reply_are_chosen_among_only_where_nothing_else_is(
    asked: str, among: str
) -> None:
    said = Said("Where is welding taught?", "welding", [], [], "Plumbers and roofers teach it.")
    assert compared(asked, said, named) == f"{among}: {asked}"


@pytest.mark.parametrize(
    ("asked", "meant", "other"),
    [
        ("the other?", "roofing?", "roofing"),
        ("does the other one pay", "does roofing pay", "roofing"),
        ("the other day I asked", "the other day I asked", ""),
        ("others?", "others?", ""),
    ],
)
def test_the_other_one_is_what_was_named_beside_the_topic(
    asked: str, meant: str, other: str
) -> None:
    both = Said("Do nurses rest?", "nurses", [], ["nursing", "roofing", "nurses"], "")
    apart = Said("Do nurses rest?", "nurses", ["roofing", "nurses"], ["nurses"], "")
    assert with_the_other(asked, both) == with_the_other(asked, apart) == (meant, other)


@pytest.mark.parametrize("names", [["chefs"], ["chefs", "roofing", "welding"]])
def test_the_other_one_of_none_or_of_several_is_nobody(names: list[str]) -> None:
    said = Said("Do chefs rest?", "chefs", names, names, "")
    assert with_the_other("the other?", said) == ("the other?", "")


@pytest.mark.parametrize(
    ("question", "aspects"),
    [
        ("wind techs and cooks: the same. which of the two has more openings", "openings"),
        ("which of them needs a degree?", "degree"),
        ("What do cooks earn?", ""),
    ],
)
def test_what_is_asked_of_each_choice_is_known(question: str, aspects: str) -> None:
    assert asked_of_each(question) == aspects
