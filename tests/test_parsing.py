from hypothesis import given
from hypothesis import strategies as st

from waymark.parsing import clean_text, parse_markdown, parse_plain


def shown(raw: str) -> list[tuple[str, str]]:
    parsed = parse_markdown(raw)
    return [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks]


def test_markdown_becomes_readable_blocks_without_marks() -> None:
    raw = "# A *title*\n\nSome `code` and a [link](x).\nSame line.\n\n- one\n- two **bold**\n"
    assert shown(raw) == [
        ("heading", "A title"),
        ("paragraph", "Some code and a link. Same line."),
        ("item", "one"),
        ("item", "two bold"),
    ]


def test_a_table_row_makes_sense_without_its_table() -> None:
    raw = "| Job | Pay |\n|---|---|\n| Nurse | high |\n| Clerk | |\n"
    assert shown(raw) == [("row", "Job: Nurse; Pay: high"), ("row", "Job: Clerk")]


def test_a_second_table_has_its_own_header() -> None:
    raw = "| A |\n|---|\n| 1 |\n\ntext\n\n| B |\n|---|\n| 2 |\n"
    assert [text for _, text in shown(raw)] == ["A: 1", "text", "B: 2"]


def test_headings_get_unique_anchors() -> None:
    blocks = parse_markdown("## Pay\n\na\n\n## Pay\n\nb").blocks
    assert [b.anchor for b in blocks if b.kind == "heading"] == ["pay", "pay-2"]


def test_raw_html_in_markdown_is_dropped() -> None:
    assert shown("Hello <script>alert(1)</script> you")[0][1] == "Hello alert(1) you"
    assert shown("<div>hidden</div>\n\nseen") == [("paragraph", "seen")]


def test_plain_text_is_paragraphs() -> None:
    parsed = parse_plain("one\ntwo\n\n\nthree # not a heading")
    assert parsed.text == "one two\n\nthree # not a heading"
    assert parsed.first_heading is None


def test_invisible_and_control_characters_are_removed() -> None:
    assert clean_text("a\u200bb\u202ec\x00d\U000e0041\ud800e\r\nf") == "abcde\nf"


@given(st.text(max_size=400))
def test_block_spans_always_fit_the_text(raw: str) -> None:
    parsed = parse_markdown(raw)
    for block in parsed.blocks:
        assert parsed.text[block.start : block.end].strip()
    ends = [block.end for block in parsed.blocks]
    assert ends == sorted(ends)
