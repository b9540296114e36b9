import pytest

from waymark.conversation import is_follow_up, standalone_question, with_item
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


@pytest.mark.parametrize(
    ("reply", "question", "meant"),
    [
        ("TensorFlow, PyTorch and Keras.", "Who made the first one?", "Who made TensorFlow?"),
        ("TensorFlow, PyTorch and Keras.", "what of the last", "what of Keras"),
        ("They are: grid search or random search.", "explain number two", "explain random search"),
        ("Speed, load and errors.", "define the middle one please", "define load please"),
        ("Only Keras.", "Who made the first one?", "Who made the first one?"),
        ("A, b and c.", "What is the fifth one?", "What is the fifth one?"),
        ("A, b and c.", "What happens in the first week?", "What happens in the first week?"),
    ],
)
def test_a_place_in_a_list_stands_for_the_item_of_the_last_reply(
    reply: str, question: str, meant: str
) -> None:
    history = [Turn("user", "Which are there?"), Turn("assistant", reply)]
    assert with_item(question, history) == meant


def test_without_a_reply_no_item_is_meant() -> None:
    assert with_item("the first one?", []) == "the first one?"


@pytest.mark.parametrize("question", ["sorry, I meant nurses", "no, the training", "entry pay?"])
def test_a_correction_or_a_few_words_follow_up(question: str) -> None:
    assert is_follow_up(question)
