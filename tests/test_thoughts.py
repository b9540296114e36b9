import pytest

from fakes import passage
from waymark.thoughts import LIST_WORDS, announcement, thoughts_of, with_turning

ITEMS = [f"You have held a degree in subject number {i} for many years now." for i in range(9)]


def listed(announcing: str) -> list[str]:
    return [t.text for t in thoughts_of(passage(f"{announcing}\n\n" + "\n".join(ITEMS)))]


def test_an_item_keeps_the_line_that_denies_it_or_makes_it_a_condition() -> None:
    for announcing in ("You cannot join if:", "Join only if:", "These are myths:"):
        found = listed(announcing)
        assert len(" ".join(ITEMS).split()) > LIST_WORDS
        assert len(found) == len(ITEMS)
        assert all(text.startswith(announcing) for text in found)
        assert [text.endswith(item) for text, item in zip(found, ITEMS, strict=True)]


def test_an_item_of_another_long_list_stands_alone() -> None:
    assert listed("One of these helps:") == ITEMS


@pytest.mark.parametrize(
    "items",
    [[f"{item[:-1]}?" for item in ITEMS], [f"Take step {i} next." for i in range(LIST_WORDS)]],
)
def test_a_long_list_whose_items_say_nothing_alone_is_quoted_whole(items: list[str]) -> None:
    text = "Ask all of these:\n\n" + "\n".join(items)
    assert [t.text for t in thoughts_of(passage(text))] == [text]


def test_a_short_list_stands_for_items_of_few_words() -> None:
    text = "Two titles are near:\n\nData clerk\nChief clerk"
    assert [t.text for t in thoughts_of(passage(text))] == [text]
    assert [t.text for t in thoughts_of(passage("Data clerk."))] == ["Data clerk."]


@pytest.mark.parametrize(
    ("second", "leans"),
    [
        ("The table therefore does not show what apprentices earn.", True),
        ("Thus the numbers in it are too high for most.", True),
        ("Then ask for the terms in writing and sign them.", True),
        ("Otherwise the numbers in it are too high for most.", True),
        ("Send them to the office before the end of May.", True),
        ("Keep it to a quarter of an hour or even less.", True),
        ("However, the numbers are too high for most.", True),
        ("Let the office know them before the end of May.", False),
        ("However hard you try, some will not reply to you.", False),
        ("Instead of a letter you may send a form to them.", False),
    ],
)
def test_a_sentence_that_draws_on_the_one_before_keeps_it(second: str, leans: bool) -> None:
    first = "The table leaves out people in training and on leave."
    pieces = [t.text for t in thoughts_of(passage(f"{first} {second}"))]
    assert pieces == ([f"{first} {second}"] if leans else [first, second])


def test_a_sentence_stays_although_what_leans_on_it_only_announces_a_list() -> None:
    first = "The short form has six parts that you fill in."
    assert first in listed(f"{first} They are these:")


def test_an_announcement_is_the_sentence_with_a_colon_before_the_list() -> None:
    degree, letter = "A degree from a school in Oslo.", "It is short."
    text = f"All may ask. Bring one of these:\n\n{degree}\nA letter. {letter}"
    pieces = {t.text: t for t in thoughts_of(passage(text, start=40))}
    found = announcement(pieces[degree])
    assert found is not None
    assert (found.text, found.start, found.end) == ("Bring one of these:", 53, 72)
    assert with_turning(pieces[degree]) is pieces[degree]
    assert all(announcement(piece) is None for t, piece in pieces.items() if t.startswith("All"))
    assert letter not in pieces
