import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.question_parts import MOST, question_parts


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("What does a nurse earn? How long is the training?",
         ["What does a nurse earn?", "How long is the training?"]),
        ("What does a nurse earn and how long is the training?",
         ["What does a nurse earn", "how long is the training?"]),
        ("I'm 34 and work in a shop. Is it hard to get in, and do I need a degree?",
         ["Is it hard to get in", "do I need a degree?"]),
        ("What does a nurse earn? And also, how long is the training?",
         ["What does a nurse earn?", "how long is the training?"]),
        ("nurse pay and training", ["nurse pay", "training"]),
        ("lowest pay of a nurse and how many openings a year",
         ["lowest pay of a nurse", "how many openings a year"]),
        ("top pay of a nurse, plus openings a year?", ["top pay of a nurse", "openings a year?"]),
    ],
)  # fmt: skip
def test_a_message_with_two_questions_is_read_as_two(message: str, parts: list[str]) -> None:
    assert question_parts(message) == parts


@pytest.mark.parametrize(
    "message",
    [
        "What does a nurse earn?",
        "pay rise and training contract",
        "I have low pay and what could I study",
        "hours and wage slips",
        "How do pay and prospects differ?",
        "I work in a shop and have two children. What could I study?",
        "How do nurses and doctors differ?",
        "Really? What does a nurse earn?",
        "Which careers are growing and do not need a degree?",
        "What do I do if I like maths but am bad at coding?",
        "How do I explain gaps in education and training",
        "What is the outlook for health and social care education",
    ],
)
def test_a_message_with_one_question_stays_whole(message: str) -> None:
    assert question_parts(message) == [message]


@given(st.text(max_size=200))
def test_parts_are_pieces_of_the_message(message: str) -> None:
    parts = question_parts(message)
    assert 1 <= len(parts) <= MOST
    assert all(part in message for part in parts)
