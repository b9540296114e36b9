import pytest

from waymark.dialogue.pronouns import points, without_expletives, without_people


@pytest.mark.parametrize(
    ("question", "people"),
    [
        ("can they sack me", "can  sack me"),
        ("do they have to pay that to me", "do  have to pay that to me"),
        ("they took a copy of my passport", " took a copy of my passport"),
        ("they earn more than my aunt", "they earn more than my aunt"),
        ("do they work in my state", "do they work in my state"),
        ("so they expect it too", "so expect it too"),
        ("do they expect a degree", "do they expect a degree"),
        ("will they just let me go", "will  just let me go"),
        ("they sent me a cheque", " sent me a cheque"),
        ("they're going to ask why I left", "going to ask why I left"),
        ("do they earn more than me", "do they earn more than me"),
        ("do they want a degree", "do they want a degree"),
        ("my boss says he knows", "my boss says  knows"),
        ("how do teachers bear their hours", "how do teachers bear  hours"),
        ("do employers want them", "do employers want them"),
        ("how many cases do they carry", "how many cases do they carry"),
        ("do hours affect their pay", "do hours affect their pay"),
        ("a man wrote, is he real", "a man wrote, is  real"),
        ("is the pay good for her", "is the pay good for her"),
    ],
)
def test_people_are_told_from_the_topic(question: str, people: str) -> None:
    assert without_people(question) == people


def test_it_may_stand_for_nothing() -> None:
    question = "is it hard to learn Python?"
    assert without_expletives(question) == "is  hard to learn Python?"
    assert not points(without_expletives(question))
    assert points("is it hard?")
    assert not points(without_expletives("what does an IT manager earn"))
    assert points(without_expletives("IS IT HARD"))
    assert points(without_expletives("is it only paid for Python?"))


def test_that_is_it_is_an_idiom() -> None:
    assert without_expletives("thats it then? what of cooks") == "thats  then? what of cooks"
    assert without_expletives("is that it on the list") == "is that it on the list"


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("are bootcamps worth it", "are bootcamps worth"),
        ("can I make it as a cook", "can I make as a cook"),
        ("do cooks have what it takes", "do cooks have what takes"),
        ("does it pay to learn SQL", "does pay to learn SQL"),
    ],
)
def test_it_stands_for_nothing_in_idioms(question: str, left: str) -> None:
    assert " ".join(without_expletives(question).split()) == left
