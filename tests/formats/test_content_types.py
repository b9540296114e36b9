import io
import tracemalloc
import zipfile

import pytest

import sample_files as files
from waymark.formats.archives import MAX_MEMBERS
from waymark.formats.content_types import NAMES, content_type


def test_a_zip_file_of_very_many_parts_is_known_without_listing_them() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(MAX_MEMBERS + 1):
            archive.writestr(str(number), "")
    raw = target.getvalue()
    tracemalloc.start()
    found = content_type(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert NAMES[found] == f"a zip archive of more than {MAX_MEMBERS} parts"
    assert peak < 100_000


def test_a_document_is_known_by_its_own_parts_not_by_those_of_a_file_inside_it() -> None:
    inner = files.docx(files.paragraph("A letter."))
    raw = files.packed(
        {"ppt/presentation.xml": "<p/>", "ppt/embeddings/a.docx": inner}, compressed=False
    )
    assert content_type(raw) == "pptx"


@pytest.mark.parametrize(
    "raw",
    [
        b"# PDF\n\nEvery file begins with %PDF-1.7 and ends with %%EOF.\n",
        b"MZ is how programs begin, a mentor said.\n",
        b"GIF89a is an old format of pictures.\n",
        b"Rar! The lion has seen an archive.\n",
    ],
)
def test_a_text_that_names_the_mark_of_a_format_is_a_text(raw: bytes) -> None:
    assert content_type(raw) == "text"


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"\xef\xbb\xbf\n%PDF-1.4\n", "pdf"),
        (b"HTTP/1.1 200 OK\n\n%PDF-1.4\n" + b" " * 2000 + b"startxref\n1234\n%%EOF\n", "pdf"),
        (b"MZ\x90\0\x03", "program"),
        (b"GIF89a\x01\0\x01\0", "image"),
        (b"{\\rtf1 Text.}", "rtf"),
        (b"\x1f\x8b\x08", "archive"),
    ],
)
def test_a_file_is_known_by_its_first_bytes(raw: bytes, found: str) -> None:
    assert content_type(raw) == found
