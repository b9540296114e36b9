import pytest

from waymark.formats.encoding import decode


def page(label: str, text: bytes) -> bytes:
    return b'<meta charset="' + label.encode() + b'"><p>' + text


WORDS = "Pay is £30,000 – “good” for a café."


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (WORDS.encode() + b" It\x92s near.", f"{WORDS} It\ufffds near."),
        (f"{WORDS} More –".encode()[:-1], f"{WORDS} More \ufffd"),
        (f"{WORDS} \ufffd".encode() + b"\xe9", f"{WORDS} \ufffd\ufffd"),
    ],
)
def test_a_broken_character_does_not_spoil_the_rest_and_is_reported(raw: bytes, text: str) -> None:
    assert decode(raw) == (text, ("1 characters that are not UTF-8 replaced",))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cp1252", "Krankenpfleger arbeiten für „gute“ Löhne – größtenteils."),
        ("cp1250", "Pielęgniarki pracują w szpitalach i zarabiają dziewięćdziesiąt tysięcy."),
        ("cp1251", "Медсёстры работают в больницах и получают около девяноста тысяч."),
        ("cp932", "看護師は病院で働き、平均年収は九万ドルです。ｶﾝｺﾞｼﾊﾋﾞｮｳｲﾝﾃﾞﾊﾀﾗｷﾏｽ"),
        ("gb18030", "护士在医院工作，每天照顾病人。平均工资每年九万美元，需要大学学位和执照。"),
    ],
)
def test_a_text_in_an_older_encoding_is_not_taken_for_damaged_utf_8(name: str, text: str) -> None:
    assert decode(text.encode(name))[1][0].endswith("which is a guess")


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
