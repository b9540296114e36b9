import pytest

from waymark.pronouns import masked, people_masked, points, without_expletives


@pytest.mark.parametrize(
    ("question", "people"),
    [
        ("can they sack me", "can ____ sack me"),
        ("do they have to pay that to me", "do ____ have to pay that to me"),
        ("they took a copy of my passport", "____ took a copy of my passport"),
        ("they earn more than my aunt", "they earn more than my aunt"),
        ("do they work in my state", "do they work in my state"),
        ("so they expect it too", "so _____expect it too"),
        ("do they expect a degree", "do they expect a degree"),
        ("will they just let me go", "will ____ just let me go"),
        ("they sent me a cheque", "____ sent me a cheque"),
        ("they're going to ask why I left", "________going to ask why I left"),
        ("do they earn more than me", "do they earn more than me"),
        ("do they want a degree", "do they want a degree"),
        ("my boss says he knows", "my boss says __ knows"),
        ("how do teachers bear their hours", "how do teachers bear _____ hours"),
        ("do employers want them", "do employers want them"),
        ("how many cases do they carry", "how many cases do they carry"),
        ("do hours affect their pay", "do hours affect their pay"),
        ("a man wrote, is he real", "a man wrote, is __ real"),
        ("is the pay good for her", "is the pay good for her"),
    ],
)
def test_people_are_told_from_the_topic(question: str, people: str) -> None:
    assert people_masked(question) == people


def test_it_may_stand_for_nothing() -> None:
    question = "is it hard to learn Python?"
    assert masked(question) == "is __ hard to learn Python?"
    assert not points(without_expletives(question))
    assert points("is it hard?")
    assert not points(without_expletives("what does an IT manager earn"))
    assert points(without_expletives("IS IT HARD"))
    assert points(without_expletives("is it only paid for Python?"))


def test_that_is_it_is_an_idiom() -> None:
    assert masked("thats it then? what else") == "thats __ then? what else"
    assert masked("is that it on the list") == "is that it on the list"


@pytest.mark.parametrize(
    ("question", "hidden"),
    [
        ("are bootcamps worth it", "are bootcamps worth __"),
        ("can I make it as a cook", "can I make __ as a cook"),
        ("do I have what it takes", "do I have what __ takes"),
        ("does it pay to learn SQL", "does __ pay to learn SQL"),
    ],
)
def test_it_stands_for_nothing_in_idioms(question: str, hidden: str) -> None:
    assert masked(question) == hidden
