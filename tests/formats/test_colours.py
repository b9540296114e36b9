import pytest

from waymark.formats.colours import PAPER, Colour, colour

WHITE = Colour(1, 1, 1, 1)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("#fff", WHITE),
        ("#ffffff", WHITE),
        ("#ffffffff", WHITE),
        ("white", WHITE),
        ("rgb(255,255,255)", WHITE),
        ("rgb(255 255 255)", WHITE),
        ("rgb(100%, 100%, 100%)", WHITE),
        ("rgb(300, 255, 255)", WHITE),
        ("hsl(0,0%,100%)", WHITE),
        ("hsl(480deg 100% 25%)", Colour(0, 0.5, 0)),
        ("rgba(0, 0, 0, .5)", Colour(0, 0, 0, 0.5)),
        ("rgb(0 0 0 / 50%)", Colour(0, 0, 0, 0.5)),
        ("#f000", Colour(1, 0, 0, 0)),
        ("transparent", Colour(0, 0, 0, 0)),
    ],
)
def test_one_colour_is_read_from_all_its_spellings(written: str, read: Colour) -> None:
    assert colour(written) == pytest.approx(read)


@pytest.mark.parametrize(
    "written", ["", "#", "#12", "#12345", "red", "rgb(1,2)", "rgb(var(--x),0)", "oklch(1 0 0)"]
)
def test_what_is_no_colour_or_written_in_another_way_is_not_read(written: str) -> None:
    assert colour(written) is None


@pytest.mark.parametrize(
    ("written", "seen"),
    [("#f3f3f3", False), ("#f2f2f2", True), ("#0000000c", False), ("#0000000d", True)],
)
def test_text_is_seen_from_a_difference_of_one_twentieth(written: str, seen: bool) -> None:
    read = colour(written)
    assert read is not None
    assert read.is_seen_on(PAPER) == seen


def test_a_translucent_ground_is_mixed_with_what_is_behind_it() -> None:
    assert Colour(0, 0, 0, 0.25).over(PAPER) == (0.75, 0.75, 0.75, 1)
