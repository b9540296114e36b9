import pytest

from waymark.errors import DocumentError
from waymark.front_matter import split_front_matter


def test_keys_and_text_are_told_apart() -> None:
    meta, text = split_front_matter("---\ntitle: Nurses\n---\nText.\n")
    assert (meta, text) == ({"title": "Nurses"}, "Text.\n")


def test_spaces_after_the_opening_dashes_are_no_text() -> None:
    assert split_front_matter("---  \ntitle: Nurses\n---\nText.\n")[0] == {"title": "Nurses"}


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nText under a rule.\n\n---\n\nMore text.\n",
        "---\n\n- one\n- two\n\n---\n",
        "---\n\nText under the only rule.\n",
        "--- and a dash\n",
        "No rule.\n---\n",
    ],
)
def test_a_text_that_begins_with_a_rule_has_no_front_matter(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


def test_aliases_are_refused_before_they_fill_the_memory() -> None:
    levels = "\n".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in ("ab", "bc", "cd"))
    with pytest.raises(DocumentError, match="line 3: write the value out"):
        split_front_matter(f"---\na: &a [lol, lol]\n{levels}\ntitle: *d\n---\nText.")


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(DocumentError, match="nested too deeply"):
        split_front_matter(f"---\ntitle: {'[' * 5000}\n---\nText.")
