import pytest

from waymark.substitution import Said, filled, headed, replaced, takes_a_place, with_topic


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
    ("phrase", "before", "topic", "meant"),
    [
        ("a cook", "Is a nursery good for a nurse?", "nurse", "Is a nursery good for a cook?"),
        ("cooks", "Straße und ﬁn: are nurses paid?", "nurses", "Straße und ﬁn: are cooks paid?"),
        ("a cook", "What do nurses earn?", "nurse", "What do cooks earn?"),
        ("cooks", "What do nurses earn?", "nurse", "What do cooks earn?"),
        ("a cook in Rome", "What do nurses earn?", "nurse", "What do cooks in Rome earn?"),
        ("a cook", "Is a nursery good?", "nurse", "nurse: a cook"),
        ("chefs", "Do cooks rest?", "bakers and cook", "Do chefs rest?"),
    ],
)
def test_a_topic_is_a_whole_word_and_keeps_its_number(
    phrase: str, before: str, topic: str, meant: str
) -> None:
    assert filled(phrase, before, topic) == meant


def test_the_article_of_a_topic_is_not_that_of_a_longer_word() -> None:
    assert with_topic("is it hard?", "chef", "the chefery has a chef") == "is a chef hard?"


def test_more_than_one_of_a_topic_is_so_where_its_noun_stands() -> None:
    assert with_topic("do they rest?", "cook in Rome", "") == "do cooks in Rome rest?"
    assert headed("the ones for children", "cook in Rome") == "cooks in Rome for children"


def test_one_of_several_is_not_named_by_a_longer_word() -> None:
    said = Said("And the outlook for a chefery?", "cook", [], ["cook", "chef"], "")
    assert replaced("chef", said, named) == "cook"


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
        ("What is Keras to a hospital in hospitals?", "Keras", "banks", "hospitals"),
        ("What is Keras for in hospitals?", "Keras", "PyTorch", "Keras"),
        ("I want into Keras. What do I read about finance?", "Keras", "shops", "finance"),
        ("I want into Keras. What do I read?", "Keras", "shops", "Keras"),
        ("I want into Go. What do I read about gold?", "Go", "shops", "gold"),
    ],
)
def test_a_phrase_takes_the_place_of_what_is_like_it(
    before: str, topic: str, phrase: str, old: str
) -> None:
    assert replaced(phrase, Said(before, topic, [], [], ""), named) == old
