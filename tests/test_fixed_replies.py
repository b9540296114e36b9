import pytest

from waymark.distress import Distress
from waymark.fixed_replies import READ_BACK, fixed_answer, remark_answer, without_guarded
from waymark.types import Turn


def test_distress_has_a_whole_answer_without_an_index_or_a_model() -> None:
    answer = fixed_answer("I want to kill myself", "Call 000.")
    assert answer is not None
    assert answer.reason == "support: self-harm"
    assert "Call 000." in answer.text
    assert (answer.abstained, answer.generation, answer.model) == (True, "", "")
    assert answer.question == answer.standalone_question == "I want to kill myself"


def test_a_question_for_the_documents_has_no_fixed_reply() -> None:
    assert fixed_answer("What is the median pay of a nurse?", "Call 000.") is None


def test_what_got_a_fixed_reply_and_the_reply_are_left_out_of_a_conversation() -> None:
    asked, answered = Turn("user", "nurse pay"), Turn("assistant", "$93,600.")
    guarded = [Turn("user", "I want to die"), Turn("assistant", "I am sorry.")]
    kept = without_guarded([*guarded, asked, answered, *guarded])
    assert kept == [asked, answered]


def test_despair_that_no_pattern_names_is_known_by_the_reply_to_it() -> None:
    reply = fixed_answer("everything is grey", "Call 000.", distress="clear")
    assert reply is not None
    assert reply.reason == "support: distress"
    history = [Turn("user", "everything is grey"), Turn("assistant", reply.text)]
    assert without_guarded([*history, Turn("user", "nurse pay")]) == [Turn("user", "nurse pay")]


def test_only_the_last_turns_are_read_again() -> None:
    long = [Turn("user", "nurse pay"), Turn("assistant", "$93,600.")] * READ_BACK
    assert len(without_guarded(long)) == READ_BACK


def test_possible_despair_alone_has_no_fixed_reply() -> None:
    assert fixed_answer("everything is grey", "Call 000.", distress="possible") is None


@pytest.mark.parametrize("distress", ["possible", "clear"])
def test_a_signpost_names_help_once_where_despair_is_heard_as_well(distress: Distress) -> None:
    asked = "My boss harasses me"
    plain, heard = (fixed_answer(asked, "Call 000.", d) for d in ("none", distress))
    assert plain is not None
    assert heard is not None
    assert "Call 000." not in plain.text
    assert heard.text.startswith(plain.text)
    assert heard.text.count("Call 000.") == 1
    assert heard.reason == plain.reason == "signpost: harassment"


@pytest.mark.parametrize(
    ("typed", "reason"), [("great thanks", "courtesy: thanks"), ("Hello!", "courtesy: greeting")]
)
def test_a_message_that_asks_nothing_is_not_searched_for(typed: str, reason: str) -> None:
    answer = fixed_answer(typed, "Call 000.")
    assert answer is not None
    assert (answer.reason, answer.abstained) == (reason, True)
    history = [Turn("user", typed), Turn("assistant", answer.text)]
    assert without_guarded(history) == []


def test_what_somebody_told_stays_in_the_conversation_without_the_reply() -> None:
    asked, answered = Turn("user", "nurse pay"), Turn("assistant", "$93,600.")
    told = Turn("user", "I'm 45 by the way")
    reply = remark_answer(told.content, "Call 000.", "possible")
    assert "Call 000." in reply.text
    assert without_guarded([asked, answered, told, Turn("assistant", reply.text)]) == [
        asked, answered, told,
    ]  # fmt: skip
