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


def test_an_announcement_is_the_sentence_with_a_colon_before_the_list() -> None:
    text = "All may ask. Bring one of these:\n\nA degree from a school.\nA letter. It is short."
    degree, letter = "A degree from a school.", "It is short."
    pieces = {t.text: t for t in thoughts_of(passage(text, start=40))}
    found = announcement(pieces[degree])
    assert found is not None
    assert (found.text, found.start, found.end) == ("Bring one of these:", 53, 72)
    assert with_turning(pieces[degree]) is pieces[degree]
    assert all(announcement(piece) is None for t, piece in pieces.items() if t.startswith("All"))
    assert letter not in pieces
