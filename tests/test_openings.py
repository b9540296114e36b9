import pytest

from waymark.openings import ASKS, GOES_ON


@pytest.mark.parametrize(
    ("message", "rest"),
    [
        ("oh well, and the pay?", "the pay?"),
        ("so well-paid jobs", "well-paid jobs"),
        ("sophisticated tools", "sophisticated tools"),
    ],
)
def test_what_links_a_message_to_the_one_before_stands_in_front(message: str, rest: str) -> None:
    assert GOES_ON.sub("", message) == rest


@pytest.mark.parametrize(
    ("message", "asks"),
    [("whats the pay", True), ("isn't there more", True), ("show me more", True),
     ("the show", False)],
)  # fmt: skip
def test_a_message_asks_by_a_word_of_its_own(message: str, asks: bool) -> None:
    assert bool(ASKS.search(message)) == asks
