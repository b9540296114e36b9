from datetime import date
from pathlib import Path

import pytest

from waymark.corpus import load_corpus
from waymark.errors import CorpusError


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


def test_readme_hidden_files_links_and_other_types_are_left_out(corpus_folder: Path) -> None:
    before = len(load_corpus(corpus_folder).documents)
    (corpus_folder / "README.md").write_text("about")
    (corpus_folder / ".draft.md").write_text("draft")
    (corpus_folder / "photo.png").write_bytes(b"\x89PNG")
    (corpus_folder / "link.md").symlink_to(corpus_folder / "nurse.md")
    corpus = load_corpus(corpus_folder)
    assert len(corpus.documents) == before
    assert corpus.skipped == ()


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
