import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.dialogue.conversation import may_stand_for
from waymark.types import Document, Turn
from waymark.vocabulary import OCCUPATION, Vocabulary

KNOWN = Vocabulary(
    [
        *(Document(n, n, "", (), "", topic=OCCUPATION) for n in ("Nurses", "Cooks", "Roofers")),
        Document("cv", "Writing a CV", "", (), ""),
    ]
)
PAY = "What do nurses earn?"


def forms(*messages: str, written: str = "") -> tuple[str, ...]:
    """What the last of `messages` of one person may stand for."""
    *said, message = messages
    return may_stand_for(message, [Turn("user", text) for text in said], KNOWN, written)


@pytest.mark.parametrize(
    ("message", "anew"),
    [
        ("and cooks?", "What do cooks earn?"),
        ("What about cooks then?", "What do cooks earn?"),
        ("sorry, I meant cooks", "What do cooks earn?"),
        ("cooks and roofers?", "What do cooks and roofers earn?"),
        ("in Spain?", "What do nurses earn in Spain?"),
        ("and cooks in Spain", "What do cooks earn in Spain?"),
    ],
)
def test_what_only_names_something_asks_the_same_of_that(message: str, anew: str) -> None:
    assert forms(PAY, message) == (anew,)


@pytest.mark.parametrize("message", ["what do cooks do?", "What do you need to be a cook"])
def test_a_question_of_small_words_alone_is_not_what_was_asked_before(message: str) -> None:
    assert PAY.replace("nurses", "cooks") not in forms(PAY, message)
    assert forms(PAY, message)[0] == message
    of_another = forms(PAY, message, "and roofers?")
    assert "roofer" in of_another[0]
    assert "earn" not in of_another[0]


def test_what_went_on_about_the_last_name_is_asked_of_another_anew() -> None:
    assert forms(PAY, "and without a degree, can I get in", "is that the same for cooks?") == (
        "cooks: without a degree, can I get in",
    )


def test_another_place_takes_the_place_of_the_one_before() -> None:
    assert forms("What do nurses earn in Spain?", "in Germany?") == (
        "What do nurses earn in Germany?",
    )


def test_what_was_asked_anew_is_what_the_next_message_goes_on_from() -> None:
    assert forms(PAY, "and cooks?", "in Spain?") == ("What do cooks earn in Spain?",)


def test_what_points_back_has_the_name_or_the_question_in_front() -> None:
    assert forms(PAY, "where do they work?") == (
        "nurses: where do they work?",
        "What do nurses earn? where do they work?",
    )


def test_what_says_nothing_by_itself_needs_all_of_the_question_before() -> None:
    assert forms(PAY, "why?") == ("What do nurses earn? why?",)


def test_what_may_be_whole_is_read_by_itself_too() -> None:
    assert forms(PAY, "How do I train for it?")[0] == "nurses: How do I train for it?"
    assert forms(PAY, "How do I train?")[0] == "How do I train?"


def test_the_question_before_a_remark_stands_in_front_as_well_as_the_remark() -> None:
    assert forms("Which CV is best?", "I am forty", "is that too late?") == (
        "Which CV is best? is that too late?",
        "I am forty is that too late?",
    )
    assert forms(PAY, "cooks?", "is that much?") == (
        "What do cooks earn? is that much?",
        "cooks? is that much?",
    )


@pytest.mark.parametrize("thanks", ["great, thanks", "ok"])
def test_what_asks_nothing_is_not_leant_on(thanks: str) -> None:
    assert forms(PAY, thanks, "why?") == forms(PAY, "why?")


def test_a_choice_is_among_what_was_named() -> None:
    chosen = "nurses and cooks: which pays more?"
    assert forms(PAY, "and cooks?", "which pays more?") == (
        chosen,
        "nurses and cooks: What do cooks earn? which pays more?",
    )
    assert forms("nurses or cooks", "which pays more?", written="Which job?")[0] == chosen
    assert forms(PAY, "which pays more?")[0] == "nurses: which pays more?"
    named = "which pays more, cooks or roofers?"
    assert forms(PAY, named)[0] == named
    long_ago = ("nurses or cooks", "Tell me of welding", "And rigging", "And sewing")
    assert forms(*long_ago, "which of them is free?")[-1] == "And sewing which of them is free?"


def test_an_item_of_a_list_is_named() -> None:
    reply = "There are three: cooks, nurses and roofers."
    said = [Turn("user", "Which jobs are there?"), Turn("assistant", reply)]
    assert may_stand_for("is the second one hard?", said, KNOWN)[0] == "is nurses hard?"
    said += [Turn("user", "And pay?"), Turn("assistant", "It differs.")]
    assert "And pay? cooks?" in may_stand_for("the first?", said, KNOWN)
    assert forms("cooks or nurses", "pay of the second?")[0] == "pay of nurses?"


def test_what_the_person_named_is_pointed_at_before_a_list_in_the_reply() -> None:
    said = [Turn("user", "cooks or nurses"), Turn("assistant", "A, b and c.")]
    assert may_stand_for("pay of the second?", said, KNOWN)[0] == "pay of nurses?"


def test_an_item_of_a_list_stays_named_in_what_follows() -> None:
    said = [
        Turn("user", "Which jobs are there?"),
        Turn("assistant", "Cooks, nurses and roofers."),
        Turn("user", "How hard is the second one?"),
        Turn("assistant", "A year."),
    ]
    assert may_stand_for("why?", said, KNOWN) == ("How hard is nurses? why?",)


def test_a_message_that_leans_leaves_the_question_that_it_leans_on() -> None:
    assert forms("Tell me about welding", "who for?", "is it hard?") == (
        "Tell me about welding is it hard?",
        "who for? is it hard?",
    )


def test_a_place_holds_until_another_is_named() -> None:
    asked = "What do nurses earn in Spain?"
    assert forms(asked, "what are their hours?")[0] == "nurses: what are their hours in Spain?"
    assert forms(asked, "what are their hours in Peru?")[0] == (
        "nurses: what are their hours in Peru?"
    )
    assert forms(asked, "what are their hours in the US?")[0] == (
        "nurses: what are their hours in the US?"
    )


@pytest.mark.parametrize(
    ("message", "written", "kept"),
    [
        ("why?", "Why do nurses earn that?", True),
        ("why?", "Why do cooks earn that?", False),
        ("can they become cooks?", "Can nurses become cooks?", True),
        ("can they become cooks?", "Can nurses change?", False),
        ("why?", "", False),
    ],
)
def test_what_the_model_writes_names_what_the_person_did(
    message: str, written: str, kept: bool
) -> None:
    assert (forms(PAY, message, written=written)[0] == written) == kept


def test_the_first_message_stands_for_itself() -> None:
    assert forms("and cooks?") == ("and cooks?",)
    greeted = [Turn("user", "hello"), Turn("assistant", "Hello.")]
    assert may_stand_for("why?", greeted, KNOWN)[-1].endswith("why?")


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_every_message_stands_for_some_question(messages: list[str]) -> None:
    found = forms(*messages)
    assert found
    assert len(set(found)) == len(found)
