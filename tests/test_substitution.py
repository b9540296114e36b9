import pytest

from waymark.substitution import Said, filled, replaced, takes_a_place, with_topic


def named(text: str) -> list[str]:
    return [name for name in ("nurses", "chef", "Keras") if name in text]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("they'd rest, right?", "nurses would rest, right?"),
        ("they’re tired?", "nurses are tired?"),
        ("and it's hard", "and nurses is hard"),
        ("do they rest?", "do nurses rest?"),
        ("their theirs", "nurses theirs"),
    ],
)
def test_a_verb_that_is_joined_to_a_pronoun_stays_a_word(asked: str, meant: str) -> None:
    assert with_topic(asked, "nurses", "What do nurses earn?") == meant


@pytest.mark.parametrize(
    ("phrase", "before", "topic", "meant"),
    [
        ("offline", "Where do chefs meet online?", "chefs", "Where do chefs meet offline?"),
        ("full time", "Can chefs work part-time?", "chefs", "Can chefs work full time?"),
        ("abroad", "What do chefs earn?", "chefs", "What do chefs earn abroad?"),
        ("online shops", "What do chefs earn?", "chefs", "What do online shops earn?"),
    ],
)
def test_how_something_is_done_takes_no_topics_place(
    phrase: str, before: str, topic: str, meant: str
) -> None:
    assert filled(phrase, before, topic) == meant
    assert takes_a_place(f"{phrase}?") == (phrase != "online shops")


@pytest.mark.parametrize(
    ("before", "topic", "old"),
    [
        ("Who earns more, welders or roofers?", "roofers", ""),
        ("And the outlook?", "welders and roofers", ""),
        ("And the outlook for roofers?", "roofers", "roofers"),
    ],
)
def test_one_of_several_takes_the_place_only_of_another_that_was_asked_about_alone(
    before: str, topic: str, old: str
) -> None:
    said = Said(before, topic, [], ["welders", "roofers"], "")
    assert replaced("welders", said, named) == old


@pytest.mark.parametrize(
    ("before", "topic", "phrase", "old"),
    [
        ("What is Keras for in hospitals?", "Keras", "banks", "hospitals"),
        ("What do nurses earn in hospitals?", "nurses", "clinics", "hospitals"),
        ("What do nurses earn in hospitals?", "nurses", "dentists", "nurses"),
        ("What do nurses earn in hospitals?", "nurses", "a chef", "nurses"),
        ("What do roofers earn in towns?", "roofers", "welders", "roofers"),
        ("What is Keras for in hospitals?", "Keras", "PyTorch", "Keras"),
        ("I want into Keras. What do I read about finance?", "Keras", "shops", "finance"),
        ("I want into Keras. What do I read?", "Keras", "shops", "Keras"),
    ],
)
def test_a_phrase_takes_the_place_of_what_is_like_it(
    before: str, topic: str, phrase: str, old: str
) -> None:
    assert replaced(phrase, Said(before, topic, [], [], ""), named) == old
