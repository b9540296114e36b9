import pytest

from waymark.places import (
    ALSO_NAMES,
    ALSO_WORDS,
    AMBIGUOUS,
    NOT_HOME_NAME,
    _known,
    is_at_home,
    is_named,
    moved,
    places,
    without_places,
)


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
    assert (AMBIGUOUS | ALSO_NAMES | ALSO_WORDS).issubset(_known()[0])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("My daughter Charlotte will be a nurse", []),
        ("a nurse who learns Phoenix?", []),
        ("a cook on a turkey farm", []),
        ("nurses in Charlotte or near Phoenix", ["Charlotte", "Phoenix"]),
        ("RN pay Phoenix", ["Phoenix"]),
        ("pay in turkey", ["turkey"]),
        ("Do nurses from Turkey or Chad earn more?", ["Turkey", "Chad"]),
        ("Sydney?", ["Sydney"]),
    ],
)
def test_people_and_things_with_the_name_of_a_place_are_none(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pay of nurses outside the United States", [NOT_HOME_NAME]),
        ("what about not in the US?", [NOT_HOME_NAME]),
        ("anywhere but America", [NOT_HOME_NAME]),
        ("outside the US, say in Spain", ["Spain"]),
        ("does it rest with us or outside us", []),
        ("nurses in the US", []),
    ],
)
def test_not_at_home_is_a_place_of_its_own(text: str, found: list[str]) -> None:
    assert places(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("moved here from Oregon, can I drive a cab", []),
        ("we're moving from Nevada to Maine", ["Maine"]),
        ("I came over from the Netherlands in May. Nurse pay in Oslo?", ["Oslo"]),
        ("I come from Oregon", ["Oregon"]),
        ("may I move my desk and work from Spain", ["Spain"]),
        ("moving to Oregon", ["Oregon"]),
    ],
)
def test_a_place_that_somebody_left_is_not_asked_about(text: str, found: list[str]) -> None:
    assert places(text) == found
    assert not {"Oregon", "Nevada", "Netherlands"} & set(without_places(text).split())


def test_only_a_text_about_other_countries_names_what_is_not_home() -> None:
    assert places("and not in the US?") == [NOT_HOME_NAME]
    assert is_named(NOT_HOME_NAME, "Outside the United States, rules differ.")
    assert not is_named(NOT_HOME_NAME, "Pay in the United States")


def test_states_and_cities_of_the_united_states_are_at_home() -> None:
    assert all(map(is_at_home, ("Oregon", "new york", "Phoenix", "Denver's")))
    assert not any(map(is_at_home, ("Georgia", "Birmingham", "Canada", "Lagos", NOT_HOME_NAME)))


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
        ("UK", "in the U.K. and", True),
        ("St. Louis", "Nurses in St. Louis earn more.", True),
        ("st louis", "Nurses in St. Louis", True),
        ("Zurich", "A nurse in Zürich", True),
        ("São Paulo", "in SAO PAULO", True),
        ("Xi'an", "in Xi’an's wards", True),
        ("New York", "pay in New\nYork", True),
        ("Oman", "a Ománi", False),
        ("2024", "on 01.05.2024", True),
        ("Spain", "in Spain.Pay is low", True),
        ("Spain", "in Spain.1", True),
    ],
)
def test_a_place_is_named_however_it_is_spelt_and_by_its_other_names(
    name: str, text: str, named: bool
) -> None:
    assert is_named(name, text) is named


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Is an Indian degree accepted in India?", "Is an Indian degree accepted in there?"),
        ("Can a woman work in oman?", "Can a woman work in there?"),
        ("Virginia or West Virginia", "there or there"),
        ("My Charlotte lives in Charlotte", "My Charlotte lives in there"),
        ("New  York's nurses in the U.K.", "there's nurses in the there."),
    ],
)
def test_only_a_place_itself_becomes_there(text: str, rest: str) -> None:
    assert without_places(text) == rest


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What do Indians earn in India?", "What do Indians earn in Spain?"),
        ("Pay for Indians in India", "Pay for Indians in Spain?"),
        ("Pay in Kansas, not in Kansas City", "Pay, not in Spain?"),
        ("Pay in New  York?", "Pay in Spain?"),
        ("I moved from Oregon. Pay in Maine?", "I moved from Oregon. Pay in Spain?"),
    ],
)
def test_a_question_moves_only_from_the_places_it_asks_of(question: str, meant: str) -> None:
    assert moved(question, ["Spain"]) == meant
