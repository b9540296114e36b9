import pytest

from waymark.conversation import is_follow_up, standalone_question
from waymark.types import Turn


def asked(*questions: str) -> str:
    history = [turn for q in questions[:-1] for turn in (Turn("user", q), Turn("assistant", "Ok."))]
    return standalone_question(questions[-1], history)


@pytest.mark.parametrize(
    "question",
    ["and with more experience?", "what about the pay?", "Is it hard?", "why?", "how long?",
     "do they need a degree?", "ok, and in Texas?"],
)  # fmt: skip
def test_a_question_without_a_topic_is_a_follow_up(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    ["How much does a data scientist earn?", "What does a machine-learning engineer do?",
     "What is the median pay of nurses in the United States, and how fast will it grow?",
     "what should i say when they ask about being fired"],
)  # fmt: skip
def test_a_question_with_a_topic_stands_alone(question: str) -> None:
    assert not is_follow_up(question)
    assert asked("How do I become a plumber?", question) == question


def test_a_follow_up_takes_over_the_topic() -> None:
    assert asked("How much does a nurse earn?", "and with more experience?") == (
        "How much does a nurse earn? and with more experience?"
    )


def test_a_chain_of_follow_ups_starts_at_its_last_topic() -> None:
    assert asked(
        "What do nurses earn?", "How do I become a data scientist?", "why?", "and pay?"
    ) == ("How do I become a data scientist? why? and pay?")


def test_the_first_question_has_nothing_to_take_over() -> None:
    assert asked("and you?") == "and you?"


def test_two_hundred_turns_are_no_problem() -> None:
    assert len(asked(*["why?"] * 200)) < 100
