import pytest

from waymark.paraphrasing import as_pages_say


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("What does a nurse make?", "What does a nurse earn?"),
        ("how much do nurses make in a year", "how much do nurses earn in a year"),
        ("the going rate for nurses", "the pay for nurses"),
        ("ways to stop nurses", "how do I stop nurses"),
        ("How do I train as a nurse?", "How do I become a nurse?"),
        ("how do nurses train?", "what training do nurses need?"),
        (
            "may a nurse skip the degree on a Zoom interview",
            "may a nurse do without the degree on a video interview",
        ),
        ("do nurses get replaced?", "will nurses be replaced?"),
    ],
)
def test_an_everyday_turn_gives_way_to_what_the_pages_say(asked: str, said: str) -> None:
    assert as_pages_say(asked) == said
    assert as_pages_say(said) == said


@pytest.mark.parametrize(
    "asked",
    [
        "how do models train?",
        "how do nurses train models",
        "in many ways to Zoom",
        "What does a letter make clear?",
        "How much sense does it make?",
    ],
)
def test_a_turn_that_means_something_else_stays(asked: str) -> None:
    assert as_pages_say(asked) == asked
