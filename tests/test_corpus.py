import errno
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import sample_files as files
from waymark.corpus import Corpus, Skipped, load_corpus
from waymark.errors import CorpusError
from waymark.types import Document, Source


def test_documents_carry_their_front_matter(corpus_folder: Path) -> None:
    nurse = next(d for d in load_corpus(corpus_folder).documents if d.id == "nurse")
    assert nurse.title == "Nurses"
    assert nurse.review_by == date(2026, 6, 30)
    assert nurse.sources[0].publisher == "Office"
    assert nurse.aliases == ("ward sister",)


def test_a_foreign_file_without_front_matter_is_a_document(corpus_folder: Path) -> None:
    (corpus_folder / "guide.md").write_text("# How to apply\n\nWrite a letter.")
    titles = {d.id: d.title for d in load_corpus(corpus_folder).documents}
    assert titles["guide"] == "How to apply"
    assert titles["notes/interview"] == "interview"


def test_readme_hidden_files_and_other_types_are_left_out(corpus_folder: Path) -> None:
    before = len(load_corpus(corpus_folder).documents)
    (corpus_folder / "README.md").write_text("about")
    (corpus_folder / ".draft.md").write_text("draft")
    (corpus_folder / "~$guide.docx").write_bytes(b"who has it open")
    (corpus_folder / "photo.png").write_bytes(b"\x89PNG")
    corpus = load_corpus(corpus_folder)
    assert len(corpus.documents) == before
    assert corpus.skipped == ()


def test_a_readme_in_a_subfolder_is_a_document(corpus_folder: Path) -> None:
    (corpus_folder / "notes" / "README.md").write_text("# Notes\n\nHow to use them.")
    assert known(load_corpus(corpus_folder))["notes/README"].title == "Notes"


def test_what_is_no_readable_file_is_named_with_its_reason(corpus_folder: Path) -> None:
    before = load_corpus(corpus_folder)
    (corpus_folder / "link.md").symlink_to(corpus_folder / "nurse.md")
    (corpus_folder / "elsewhere").symlink_to(corpus_folder.parent)
    (corpus_folder / "logo.png").symlink_to(corpus_folder / "nurse.md")
    os.mkfifo(corpus_folder / "pipe.md")
    Path(os.fsdecode(os.fsencode(corpus_folder) + b"/caf\xe9.md")).write_text("# Cafe")
    corpus = load_corpus(corpus_folder)
    assert corpus.documents == before.documents
    assert [(entry.path, entry.reason) for entry in corpus.skipped] == [
        ("caf\\xe9.md", "its name is not UTF-8: rename it"),
        ("elsewhere", "is a link, and links are not followed"),
        ("link.md", "is a link, and links are not followed"),
        ("pipe.md", "is not a regular file"),
    ]


def test_a_folder_that_cannot_be_read_is_named_and_the_rest_is_read(
    corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def scandir(path: Path) -> Any:
        if path.name == "notes":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    corpus = load_corpus(corpus_folder)
    assert [document.id for document in corpus.documents] == ["nurse", "plumber"]
    assert corpus.skipped == (Skipped("notes", "cannot be read: Permission denied"),)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"---\ntitle: [unclosed\n---\ntext", "front matter, line"),
        (b"---\ntitle: x\ntext", "never closed"),
        (b"---\n- a\n- b\n---\ntext", "mapping"),
        (b"---\nreviewed: soon\n---\ntext", "reviewed must be a date"),
        (b"---\nsources: BLS\n---\ntext", "sources must be a list"),
        (b"\0\1" * 99, "NUL bytes"),
        (b"%PDF-1.4 ", "is named .md but is PDF"),
        (b"", "no text"),
        (b"---\ntitle: x\n---\n", "no text"),
        (b"x" * 10_000_001, "larger than 10 MB"),
    ],
)
def test_a_bad_file_is_named_with_its_reason_and_skipped(
    corpus_folder: Path, content: bytes, reason: str
) -> None:
    (corpus_folder / "bad.md").write_bytes(content)
    corpus = load_corpus(corpus_folder)
    assert len(corpus.documents) == 3
    assert [entry.path for entry in corpus.skipped] == ["bad.md"]
    assert reason in corpus.skipped[0].reason


def test_front_matter_that_no_text_can_hold_is_left_out(corpus_folder: Path) -> None:
    source = f"{{publisher: Office, title: Yearbook, year: 0x{'f' * 5000}}}"
    (corpus_folder / "odd.md").write_text(
        f'---\ntitle: "Cooks \\uD83D\\u202E"\nsources: [{source}]\n---\nCooks start early.'
    )
    odd = known(load_corpus(corpus_folder))["odd"]
    assert odd.title == "Cooks"
    assert odd.sources == (Source("Office", "Yearbook", None),)


def test_two_files_with_one_id_are_reported(corpus_folder: Path) -> None:
    (corpus_folder / "nurse.txt").write_text("other")
    assert "already has the id nurse" in load_corpus(corpus_folder).skipped[0].reason


def test_byte_order_mark_and_windows_line_ends_are_accepted(corpus_folder: Path) -> None:
    text = "---\r\ntitle: Windows\r\n---\r\n## Pay\r\n\r\nGood.\r\n"
    (corpus_folder / "w.md").write_bytes(b"\xef\xbb\xbf" + text.encode())
    document = next(d for d in load_corpus(corpus_folder).documents if d.id == "w")
    assert (document.title, document.text) == ("Windows", "Pay\n\nGood.")


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="WAYMARK_CORPUS"):
        load_corpus(tmp_path / "nowhere")


def test_the_digest_follows_content_and_ids(corpus_folder: Path) -> None:
    before = load_corpus(corpus_folder).digest
    assert load_corpus(corpus_folder).digest == before
    (corpus_folder / "nurse.md").rename(corpus_folder / "nurses.md")
    assert load_corpus(corpus_folder).digest != before


def test_the_digest_follows_the_format(corpus_folder: Path) -> None:
    before = load_corpus(corpus_folder).digest
    (corpus_folder / "nurse.md").rename(corpus_folder / "nurse.txt")
    assert load_corpus(corpus_folder).digest != before


PAGE = (
    "<html><title>Bakers | Office</title><body><nav>Menu here</nav><p>Bake early.</p></body></html>"
)


def known(corpus: Corpus) -> dict[str, Document]:
    return {document.id: document for document in corpus.documents}


def test_pages_and_office_files_are_documents(corpus_folder: Path) -> None:
    (corpus_folder / "bakers.html").write_text(PAGE)
    (corpus_folder / "guide.PDF").write_bytes(files.pdf([[(50, 700, 18, "Guide")]] * 2))
    (corpus_folder / "plan.docx").write_bytes(files.docx(files.paragraph("A plan.")))
    found = known(load_corpus(corpus_folder))
    assert found["bakers"].title == "Bakers"
    assert found["bakers"].notes == ("2 words of navigation and other surroundings left out",)
    assert [block.page for block in found["guide"].blocks] == [1, 2]
    assert found["plan"].text == "A plan."


def test_documents_of_formats_that_are_not_read_are_named_with_advice(corpus_folder: Path) -> None:
    (corpus_folder / "old.doc").write_bytes(b"x")
    assert [(s.path, s.reason) for s in load_corpus(corpus_folder).skipped] == [
        ("old.doc", ".doc is not read: save it as .docx or PDF")
    ]


def test_bad_files_of_all_kinds_cost_one_line_each(corpus_folder: Path) -> None:
    bad = {
        "a.pdf": PAGE.encode(),
        "b.docx": b"PK\x03\x04 cut off",
        "c.pdf": files.protected_pdf(),
        "d.xlsx": files.packed({"x": "y"}),
        "e.html": b"",
        "f.epub": files.packed({"META-INF/container.xml": "<a/>"}),
    }
    for name, raw in bad.items():
        (corpus_folder / name).write_bytes(raw)
    corpus = load_corpus(corpus_folder)
    assert len(corpus.documents) == 3
    assert [entry.path for entry in corpus.skipped] == sorted(bad)
    assert all(entry.reason and "\n" not in entry.reason for entry in corpus.skipped)


def test_unchanged_files_are_taken_over_and_no_child_is_started(
    corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus_folder / "bakers.html").write_text(PAGE)
    before = load_corpus(corpus_folder)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was read again")

    monkeypatch.setattr("waymark.corpus.convert", refuse)
    monkeypatch.setattr("subprocess.Popen", refuse)
    after = load_corpus(corpus_folder, known=known(before))
    assert after == before


def test_a_file_is_read_again_when_its_bytes_its_format_or_its_parser_change(
    corpus_folder: Path,
) -> None:
    before = load_corpus(corpus_folder)
    nurse = known(before)["nurse"]
    other = {"nurse": replace(nurse, text="kept")}
    assert known(load_corpus(corpus_folder, known=other))["nurse"].text == "kept"
    older = {"nurse": replace(nurse, text="kept", parser=".md 0")}
    assert known(load_corpus(corpus_folder, known=older))["nurse"] == nurse
    (corpus_folder / "nurse.md").rename(corpus_folder / "nurse.txt")
    assert "##" in known(load_corpus(corpus_folder, known=other))["nurse"].text
    (corpus_folder / "nurse.txt").write_text("New text.")
    assert known(load_corpus(corpus_folder, known=other))["nurse"].text == "New text."
