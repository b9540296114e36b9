import pytest

from waymark.dialogue.openings import unlinked


@pytest.mark.parametrize(
    ("message", "rest"),
    [
        ("oh well, and the pay?", "the pay?"),
        ("so well-paid jobs", "well-paid jobs"),
        ("sophisticated tools", "sophisticated tools"),
        ("so?", "so?"),
        ("", ""),
    ],
)
def test_what_links_a_message_to_the_one_before_stands_in_front(message: str, rest: str) -> None:
    assert unlinked(message) == rest
