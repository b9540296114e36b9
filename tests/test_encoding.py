import pytest

from waymark.encoding import decode


def page(label: str, text: bytes) -> bytes:
    return b'<meta charset="' + label.encode() + b'"><p>' + text


@pytest.mark.parametrize("label", ["iso-8859-1", "ISO_8859-1", "latin1"])
def test_a_page_declared_as_latin_1_is_read_as_browsers_read_it(label: str) -> None:
    text, notes = decode(
        page(label, b"Pay rose 3\x964% in 2019\x962024. It\x92s \x8050."), markup=True
    )
    assert text.endswith("<p>Pay rose 3–4% in 2019–2024. It’s €50.")
    assert notes == ()


def test_a_page_declared_as_latin_1_that_is_utf_8_is_read_as_utf_8() -> None:
    text, notes = decode(page("iso-8859-1", "“A job”".encode()), markup=True)
    assert text.endswith("<p>“A job”")
    assert notes == ()


def test_a_declaration_in_single_bytes_cannot_mean_utf_16() -> None:
    text, notes = decode(page("utf-16", "It’s pay".encode()), markup=True)
    assert text.endswith("<p>It’s pay")
    assert notes == ()


@pytest.mark.parametrize("label", ["no-such-thing", "hex", "undefined"])
def test_a_declaration_that_names_no_encoding_is_passed_over(label: str) -> None:
    assert decode(page(label, "café".encode()), markup=True)[0].endswith("<p>café")
