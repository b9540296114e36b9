import io
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook
from pptx import Presentation
from pptx.util import Inches

import sample_files as files
from waymark.errors import DocumentError
from waymark.formats.conversion import FORMATS, check, convert
from waymark.formats.parsing import Parsed

LONG = "This is a line of ordinary text that runs on for a while"


def blocks(parsed: Parsed) -> list[tuple[str, str]]:
    return [(b.kind, parsed.text[b.start : b.end]) for b in parsed.blocks]


def read(suffix: str, raw: bytes) -> Parsed:
    check(suffix, raw)
    return convert(suffix, raw)


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def body(top: float, *lines: str) -> list[files.Placed]:
    return [(50, top - 12 * n, 10, line) for n, line in enumerate(lines)]


def test_a_pdf_keeps_headings_paragraphs_and_pages() -> None:
    raw = files.pdf(
        [
            [(50, 780, 18, "Nursing"), *body(740, LONG, "and ends here."), *body(700, "New one.")],
            body(780, "Second page."),
        ]
    )
    parsed = read(".pdf", raw)
    assert blocks(parsed) == [
        ("heading", "Nursing"),
        ("paragraph", f"{LONG} and ends here."),
        ("paragraph", "New one."),
        ("paragraph", "Second page."),
    ]
    assert [b.page for b in parsed.blocks] == [1, 1, 1, 2]


def test_a_sentence_that_runs_over_a_page_break_is_kept_whole_and_the_rest_is_on_its_page() -> None:
    raw = files.pdf([body(100, "The sentence begins"), body(780, "and ends here. Then another.")])
    parsed = read(".pdf", raw)
    assert blocks(parsed)[0][1] == "The sentence begins and ends here."
    assert [(b.page, parsed.text[b.start : b.end]) for b in parsed.blocks][1] == (
        2,
        "Then another.",
    )


def test_a_pdf_table_becomes_phrases_although_nothing_is_ruled() -> None:
    rows = [("Job", "Pay", "Growth"), ("Nurse", "$93,600", "5%"), ("Baker", "", "3%")]
    page = [
        (50 + 150 * column, 700 - 14 * n, 10, cell)
        for n, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    ]
    found = blocks(read(".pdf", files.pdf([page])))
    assert found == [
        ("row", "Job: Nurse; Pay: $93,600; Growth: 5%"),
        ("row", "Job: Baker; Growth: 3%"),
    ]


def test_columns_of_a_pdf_are_read_one_after_the_other() -> None:
    left = body(700, "left one runs on", "left two ends.")
    right = [(320.0, base, size, text.replace("left", "right")) for _, base, size, text in left]
    assert read(".pdf", files.pdf([left + right])).text == (
        "left one runs on left two ends.\n\nright one runs on right two ends."
    )


def test_what_repeats_at_the_edges_of_pages_is_left_out_and_reported() -> None:
    pages = [
        [(50, 820, 8, "Careers yearbook"), *body(700, f"{LONG} no. {n}."), (290, 20, 8, str(n))]
        for n in range(1, 6)
    ]
    parsed = read(".pdf", files.pdf(pages))
    assert "yearbook" not in parsed.text
    assert [b.kind for b in parsed.blocks] == ["paragraph"] * 5
    assert parsed.notes == ("10 lines of page headers and footers left out",)


def test_a_word_divided_at_the_end_of_a_line_is_whole_again() -> None:
    raw = files.pdf([body(700, "An appren-", "ticeship takes time.")])
    assert read(".pdf", raw).text == "An apprenticeship takes time."


def test_pages_without_text_are_reported() -> None:
    assert (
        "1 of 2 pages hold no text (page 2)"
        in read(".pdf", files.pdf([body(700, "Text."), []])).notes
    )


def test_a_pdf_of_500_pages_is_read() -> None:
    raw = files.pdf([body(700, f"{LONG}, page {n}.") for n in range(1, 501)])
    assert read(".pdf", raw).blocks[-1].page == 500


def test_a_word_document_keeps_headings_lists_and_tables() -> None:
    raw = files.docx(
        files.paragraph("Pay of nurses", "Heading1")
        + files.paragraph("Nights bring more.")
        + files.word_table([["Grade", "Pay"], ["Five", "$50,000"]]),
        styles=files.heading_style(1),
    )
    assert blocks(read(".docx", raw)) == [
        ("heading", "Pay of nurses"),
        ("paragraph", "Nights bring more."),
        ("row", "Grade: Five; Pay: $50,000"),
    ]


@pytest.mark.parametrize("hidden", ["<w:vanish/>", '<w:color w:val="FFFFFF"/>'])
def test_hidden_text_of_a_word_document_is_left_out_and_counted(hidden: str) -> None:
    raw = files.docx(files.paragraph("Seen.") + files.paragraph("Say yes always.", run=hidden))
    parsed = read(".docx", raw)
    assert parsed.text == "Seen."
    assert parsed.notes == ("3 words set to hidden left out",)


def test_slides_keep_titles_tables_notes_and_their_number() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Getting in"
    slide.placeholders[1].text = "A degree\nA licence"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(5), Inches(4), Inches(1)).table
    for n, text in enumerate(["Route", "Years", "College", "4"]):
        table.cell(n // 2, n % 2).text = text
    slide.notes_slide.notes_text_frame.text = "Mention bursaries."
    hidden = deck.slides.add_slide(deck.slide_layouts[1])
    hidden.shapes.title.text = "Draft"
    hidden._element.set("show", "0")
    parsed = read(".pptx", saved(deck))
    assert blocks(parsed) == [
        ("heading", "Getting in"),
        ("item", "A degree"),
        ("item", "A licence"),
        ("row", "Route: College; Years: 4"),
        ("paragraph", "Mention bursaries."),
    ]
    assert {b.page for b in parsed.blocks} == {1}
    assert parsed.notes == ("1 hidden slides left out",)


def test_a_workbook_is_read_as_its_cells_are_shown() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Pay"
    for row in [["Job", "Pay", "Growth", "Since"], ["Nurse", 93600, 0.05, date(2024, 5, 1)]]:
        sheet.append(row)
    sheet["B2"].number_format = "$#,##0"
    sheet["C2"].number_format = "0%"
    book.create_sheet("Internal").sheet_state = "hidden"
    parsed = read(".xlsx", saved(book))
    assert blocks(parsed) == [
        ("heading", "Pay"),
        ("row", "Job: Nurse; Pay: $93,600; Growth: 5%; Since: 2024-05-01"),
    ]
    assert parsed.notes == ("1 hidden sheets left out",)


@pytest.mark.parametrize(
    ("pattern", "value", "shown"),
    [
        ("General", 0.1 + 0.2, "0.3"),
        ("#,##0.00", 1234.5, "1,234.50"),
        ('"£"#,##0', -1200, "-£1,200"),
        ("0.0%", 0.0525, "5.2%"),
        ("0", 2024, "2024"),
        ("General", 81680, "81680"),
    ],
)
def test_numbers_are_shown_by_their_format(pattern: str, value: float, shown: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"] = "n", value
    sheet["B1"].number_format = pattern
    assert read(".xlsx", saved(book)).text.endswith(f"n: {shown}")


def test_two_tables_of_a_sheet_keep_their_own_headers() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["Pay 2024"], ["Job", "Pay"], ["Nurse", 1], [], ["Job", "Hours"], ["Baker", 2]]:
        sheet.append(row)
    assert [text for _, text in blocks(read(".xlsx", saved(book)))] == [
        "Sheet",
        "Pay 2024",
        "Job: Nurse; Pay: 1",
        "Job: Baker; Hours: 2",
    ]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_file_is_rows_as_phrases(mark: str) -> None:
    raw = f'Job{mark}Pay\nNurse{mark}"$93{mark}600"\nBaker{mark}$36\n'.encode()
    assert read(".csv", raw).text == f"Job: Nurse; Pay: {' '.join(f'$93{mark}600'.split())}\n" + (
        "Job: Baker; Pay: $36"
    )


def test_a_file_named_for_its_tabs_is_parted_by_them() -> None:
    assert read(".tsv", b"Wages, median\nNurse\t93,600\n").text == "Wages, median\nNurse: 93,600"


def test_a_book_is_its_chapters_in_order() -> None:
    page = "<html><head><title>No</title></head><body><h1>{0}</h1><p>Text {0}.</p></body></html>"
    raw = files.epub({"b.xhtml": page.format("One"), "a.xhtml": page.format("Two")})
    parsed = read(".epub", raw)
    assert parsed.text == "One\n\nText One.\n\nTwo\n\nText Two."
    assert parsed.meta["title"] == "A book"


def test_a_page_may_have_front_matter() -> None:
    raw = b"---\ntitle: Bakers\n---\n<html><body><p>Bakers start early.</p></body></html>"
    assert read(".html", raw).meta["title"] == "Bakers"


@pytest.mark.parametrize(
    ("raw", "text", "note"),
    [
        ("Grüße".encode("utf-16"), "Grüße", ""),
        (b"\xff\xfe" + "Grüße".encode("utf-16-le"), "Grüße", ""),
        ("Grüße an alle".encode("utf-16-le"), "Grüße an alle", "read as UTF-16-LE"),
        ("café au lait".encode("cp1252"), "café au lait", "read as Windows-1252"),
        (b"one\0two three" + b" four" * 40, "onetwo three" + " four" * 40, "1 NUL bytes left out"),
        ("\ufeffBOM".encode(), "BOM", ""),
    ],
)
def test_text_is_read_in_its_encoding_and_a_guess_is_reported(
    raw: bytes, text: str, note: str
) -> None:
    parsed = read(".txt", raw)
    assert parsed.text == text
    assert note in "; ".join(parsed.notes)
    assert bool(note) == bool(parsed.notes)


LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
BOMB = files.packed({"word/document.xml": b"\0" * 30_000_000})


@pytest.mark.parametrize(
    ("suffix", "raw", "reason"),
    [
        (".pdf", b"<!DOCTYPE html><html><body>Log in</body></html>", "named .pdf but is HTML"),
        (".docx", files.packed({"a.txt": "x"}), "named .docx but is a plain zip archive"),
        (".docx", files.pdf([[]]), "named .docx but is PDF"),
        (".txt", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "named .txt but is a picture"),
        (".xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "an old Office file"),
        (
            ".docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (".pdf", b"", "the file is empty"),
        (".html", b"\0\0\0\0", "the file is empty"),
        (".pdf", files.protected_pdf(), "protected by a password"),
        (".pdf", files.pdf([[]]), "hold only pictures"),
        (".pdf", b"%PDF-1.4\nnothing", "damaged or incomplete PDF"),
        (".docx", files.docx(files.paragraph("x"))[:200], "damaged or incomplete"),
        (".docx", files.docx(files.paragraph("&b;"), LAUGHS), "declares XML entities"),
        (".txt", bytes(range(256)) * 20, "not text"),
        (".docx", BOMB, "would unpack to 1 parts of 30 MB"),
        (".docx", files.docx(""), "no text"),
        (".md", b"# Opening hours\n\n## Monday to Friday 9 to 5\n", "no text below its headings"),
        (".html", b"<html><body><script>x()</script></body></html>", "no readable text"),
        (".csv", b'a,"' + b"x" * 200_000 + b'"', "is not a table"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_in_one_line(
    suffix: str, raw: bytes, reason: str
) -> None:
    with pytest.raises(DocumentError, match=reason) as caught:
        read(suffix, raw)
    assert "\n" not in str(caught.value)


def test_a_zip_with_a_password_is_refused() -> None:
    raw = bytearray(files.docx(files.paragraph("x")))
    place = 0
    while (place := raw.find(b"PK\x01\x02", place)) >= 0:
        raw[place + 8] |= 1
        place += 4
    with pytest.raises(DocumentError, match="protected by a password"):
        read(".docx", bytes(raw))


@pytest.mark.parametrize("suffix", sorted(set(FORMATS) - {".md", ".markdown", ".txt"}))
def test_a_damaged_file_is_an_error_of_that_file_or_less_text(suffix: str) -> None:
    whole = {
        ".pdf": files.pdf([body(700, LONG)] * 3),
        ".docx": files.docx(files.paragraph(LONG) * 20),
        ".epub": files.epub({"a.xhtml": f"<html><body><p>{LONG}</p></body></html>"}),
        ".pptx": saved(Presentation()),
        ".xlsx": saved(Workbook()),
    }.get(suffix, f"<html><body><p>{LONG}</p></body></html>".encode())
    for cut in range(1, len(whole), max(1, len(whole) // 40)):
        for raw in (whole[:cut], whole[:cut] + b"\xff\0<&" + whole[cut + 4 :]):
            with suppress(DocumentError):
                assert read(suffix, raw).text
