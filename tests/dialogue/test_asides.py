import pytest

from waymark.dialogue.asides import is_aside, is_greeting, is_remark


@pytest.mark.parametrize(
    ("message", "remark"),
    [
        ("i have dyslexia by the way", True),
        ("vegan btw, so no steakhouses for me haha", True),
        ("my boss says otherwise but he's not technical", True),
        ("it's for my son. 17, hates school", True),
        ("I'm in Canada though", False),
        ("I want to be a chef", False),
        ("i mean roofers", False),
        ("I'm talking about the roofers", False),
        ("we're looking for part time", False),
        ("I'm 45. Is that too old?", False),
        ("we moved, what now", False),
        ("roofers", False),
    ],
)
def test_what_is_told_of_a_person_asks_nothing(message: str, remark: bool) -> None:
    assert is_remark(message) == remark


@pytest.mark.parametrize(
    "typed",
    ["great thanks", "ok cool, thanks", "Thank you so much!", "hmm", "👍", "no thanks",
     "nice, I'll look into that. thx", "thanks for the help 🙂", "that's what I feared",
     "ok that's fine, will do"],
)  # fmt: skip
def test_thanks_and_fillers_alone_ask_nothing(typed: str) -> None:
    assert is_aside(typed)


@pytest.mark.parametrize(
    "typed",
    ["right to work", "thank you letter", "great jobs", "ok and pay?", "that's not helpful",
     "wrong one", "i'll try that course", "thanks for nothing", "that's good pay", "right?", "??"],
)  # fmt: skip
def test_what_only_begins_with_a_filler_asks_something(typed: str) -> None:
    assert not is_aside(typed)


@pytest.mark.parametrize(
    ("typed", "greets"),
    [("hi", True), ("Hello there!", True), ("good morning", True), ("hello, nurse pay", False),
     ("hey what's up with pay", False), ("history", False)],
)  # fmt: skip
def test_a_greeting_greets_and_asks_nothing(typed: str, greets: bool) -> None:
    assert is_greeting(typed) is greets
