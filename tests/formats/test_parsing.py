import pytest

from waymark.formats.parsing import Draft, assemble, clean_text, parse_plain


def test_headings_with_nothing_below_them_are_counted() -> None:
    kinds = [(1, "Jobs"), (2, "Closes soon"), (2, "Pay"), (3, "Nights"), (0, "Good."), (1, "End")]
    drafts = [Draft("heading" if level else "paragraph", text, level) for level, text in kinds]
    note = "2 headings without text below them are not searched"
    assert assemble(drafts, notes=["other"]).notes == ("other", note)
    assert assemble([drafts[0], drafts[4]]).notes == ()


def test_plain_text_is_paragraphs() -> None:
    parsed = parse_plain("one\ntwo\n\n\nthree # not a heading")
    assert parsed.text == "one two\n\nthree # not a heading"
    assert parsed.first_heading is None


def test_invisible_and_control_characters_are_removed() -> None:
    assert clean_text("a\u200bb\u202ec\x00d\U000e0041\ud800e\r\nf") == "abcde\nf"


@pytest.mark.parametrize(
    "invisible",
    [
        "\u061c",
        "\u180e",
        "\u2065",
        "\u3164",
        "\uffa0",
        "\u034f",
        "\ufff9",
        "\U000e0141",
        "\U000e0fff",
    ],
)
def test_no_character_that_shows_nothing_is_left(invisible: str) -> None:
    assert clean_text(f"wel{invisible}ders") == "welders"


@pytest.mark.parametrize("shown", ["❤\ufe0f", "\u1820\u180b", "\u0600\u0661", "नौकरी", "한국"])
def test_what_emoji_and_scripts_are_written_with_stays(shown: str) -> None:
    assert clean_text(shown) == shown


def test_line_ends_that_are_control_characters_keep_words_apart() -> None:
    assert clean_text("$93,600\x0b2024\x0cone\x85two") == "$93,600 2024 one two"


def test_what_a_format_writes_invisibly_is_left_out_of_its_blocks() -> None:
    drafts = [
        Draft("heading", "Pay\u200b and \U000e0049\U000e0067hours", 1, 1),
        Draft("paragraph", "\u202e\u200b", 0, 1),
        Draft("code", "a\u200b\n  b", 0, 2),
    ]
    parsed = assemble(drafts)
    assert parsed.text == "Pay and hours\n\na\n  b"
    assert [(b.start, b.end, b.anchor, b.page) for b in parsed.blocks] == [
        (0, 13, "pay-and-hours", 1),
        (15, 20, None, 2),
    ]
