import pytest

from waymark.places import places


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What do nurses earn in Canada?", ["Canada"]),
        ("nurse pay in new york or texas", ["new york", "texas"]),
        ("electrician salary berlin", ["berlin"]),
        ("can us nurses move to the eu? an education in bath", []),
        ("Nurses in New York and Texas", ["New York", "Texas"]),
        ("pay in the United States and the USA", []),
        ("I live near São Paulo", ["São Paulo"]),
        ("Is Reading a skill? Mobile developers in mobile work", []),
        ("What does a data scientist do?", []),
        ("", []),
    ],
)
def test_places_are_found_and_other_words_are_not(text: str, found: list[str]) -> None:
    assert places(text) == found
