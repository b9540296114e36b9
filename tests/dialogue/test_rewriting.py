import pytest

from fakes import ScriptedGenerator
from waymark.dialogue.rewriting import rewritten
from waymark.generation import QuotationGenerator
from waymark.prompt import ABSTENTION, FRAME_TOKENS, REPLY_WORDS, REWRITE, rewriting_prompt
from waymark.types import Turn

HISTORY = (
    Turn("user", "What does a nurse do?"),
    Turn("assistant", "A nurse cares for people in hospitals [1]. [2]"),
)


def ask(question: str, reply: str | None) -> str:
    return rewritten(question, HISTORY, ScriptedGenerator(reply))


def test_a_rewrite_in_the_words_of_the_conversation_is_taken() -> None:
    assert ask("and their pay?", "What is the pay of\na nurse?") == "What is the pay of a nurse?"


@pytest.mark.parametrize(
    "written",
    [
        "What pay does a nurse earn in the winter months?",
        "Is the average pay or wage of a nurse with a degree a good income in winter?",
    ],
)
def test_words_for_what_is_asked_and_a_few_others_may_be_new(written: str) -> None:
    assert ask("their pay in winter", written) == written


@pytest.mark.parametrize(
    "reply",
    [
        "What does a plumber do about boilers and pipes?",
        "Was the pay of a nurse 93600 dollars?",
        "What is the pay of a nurse in Leeds?",
        "What does a nurse do?",
        "",
        None,
    ],
)
def test_another_question_a_new_number_or_place_or_a_failure_is_no_rewrite(
    reply: str | None,
) -> None:
    assert ask("and their pay?", reply) == ""


def test_what_only_a_reply_said_is_no_condition_of_the_question() -> None:
    history = (
        Turn("user", "What does a nurse earn?"),
        Turn("assistant", "By a survey of hospital employers, $93,600 in Texas in May 2024."),
    )
    for written in (
        "What will nurses earn in 2024 in the future?",
        "What will nurses in Texas earn in the future?",
        "What will nurses, by the survey of hospital employers, earn in the future?",
    ):
        assert rewritten("and in the future?", history, ScriptedGenerator(written)) == ""
    written = "What will nurses earn in the future?"
    assert rewritten("and in the future?", history, ScriptedGenerator(written)) == written


def test_without_a_language_model_nothing_is_rewritten() -> None:
    assert rewritten("and their pay?", HISTORY, QuotationGenerator()) == ""


def test_the_model_reads_the_newest_turns_and_the_beginning_of_replies() -> None:
    long = Turn("assistant", " ".join(f"w{n}" for n in range(100)))
    prompt = rewriting_prompt("pay?", [*HISTORY, long], lambda text: len(text.split()), 1_000)
    assert prompt.system == REWRITE
    lines = prompt.user.split("\n")
    assert lines[0] == "User: What does a nurse do?"
    assert lines[-1] == "User: pay?"
    assert lines[1] == "Assistant: A nurse cares for people in hospitals."
    assert len(lines[2].split()) == REPLY_WORDS + 1


def test_the_suggestions_of_an_abstention_are_not_read() -> None:
    reply = Turn("assistant", f"{ABSTENTION} They do cover, for example: What do cooks earn?")
    prompt = rewriting_prompt("pay?", [reply], lambda text: len(text.split()), 1_000)
    assert prompt.user == f"Assistant: {ABSTENTION}\nUser: pay?"


def test_old_turns_give_way_to_the_budget() -> None:
    def count(text: str) -> int:
        return len(text.split())

    turns = [Turn("user", f"question number {n} of many") for n in range(50)]
    for budget in (60, 80, 500):
        prompt = rewriting_prompt("pay?", turns, count, budget)
        assert prompt.user.endswith("User: pay?")
        assert FRAME_TOKENS + count(REWRITE) + count(prompt.user) <= budget
