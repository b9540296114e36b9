import pytest

from waymark.dialogue.topics import is_aspect, phrases


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What is the median pay of registered nurses?", ["registered nurses"]),
        ("How long are the night windows for installation?", ["night windows", "installation"]),
        ("Which tools, C++ or R?", ["C++", "R"]),
        ("how long?", []),
        ("thats what im paid, isnt it", []),
        ("who hires ML engineers?", ["hires ML engineers"]),
        ("", []),
    ],
)
def test_content_words_that_stand_together_are_a_phrase(question: str, found: list[str]) -> None:
    assert phrases(question) == found


def test_pay_is_asked_of_a_topic_and_is_none() -> None:
    assert is_aspect("salaries")
    assert not is_aspect("nurse")
