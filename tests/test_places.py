import pytest

from waymark.places import AMBIGUOUS, _gazetteer, is_named, places


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
        ("from temp to perm, from van driver to chef in metro areas, Docker Hub", []),
        (
            "nurse pay in the U.K.? London's nurses in Sao Paulo, NYC",
            ["U.K", "London", "Sao Paulo", "NYC"],
        ),
        ("", []),
    ],
)
def test_places_are_found_and_other_words_are_not(text: str, found: list[str]) -> None:
    assert places(text) == found


def test_every_name_that_is_mostly_another_word_is_also_a_place() -> None:
    assert AMBIGUOUS.issubset(_gazetteer())


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("germany", "Nurses in Germany", True),
        ("Canada.", "the wages of Canada and Chile", True),
        ("uk", "the United Kingdom", True),
        ("Oman", "A woman in Romania", False),
        ("2024", "in May 2024", True),
        ("202", "in May 2024", False),
        ("U.K", "the United Kingdom", True),
    ],
)
def test_a_place_is_named_in_any_case_and_by_its_other_names(
    name: str, text: str, named: bool
) -> None:
    assert is_named(name, text) is named
