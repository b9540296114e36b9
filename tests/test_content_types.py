import io
import tracemalloc
import zipfile

import sample_files as files
from waymark.archives import MAX_MEMBERS
from waymark.content_types import NAMES, content_type


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
