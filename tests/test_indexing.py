import errno
import os
import shutil
from pathlib import Path

import pytest

from conftest import build
from fakes import WordEmbedder
from waymark import indexing
from waymark.chunking import ChunkingParameters
from waymark.errors import CorpusError, IndexBusy, OutOfSpace, RemovalRefused
from waymark.indexing import preview_index
from waymark.store.index import Index
from waymark.store.manifest import SCHEMA
from waymark.store.pointer import current_generation, point
from waymark.store.publishing import building


def texts(folder: Path) -> set[str]:
    index = Index(current_generation(folder))
    found = {chunk.text for chunk in index.chunks(list(range(index.manifest.chunks)))}
    index.close()
    return found


def test_the_first_build_adds_every_document(corpus_folder: Path, index_folder: Path) -> None:
    report = build(corpus_folder, index_folder)
    assert report.published
    assert report.added == ("notes/interview", "nurse", "plumber")
    assert report.embedded == report.chunks


def test_an_unchanged_corpus_publishes_nothing_and_loads_no_model(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    before = current_generation(index_folder)
    embedder = WordEmbedder()
    report = build(corpus_folder, index_folder, embedder)
    assert not report.published
    assert current_generation(index_folder) == before
    assert embedder.embedded == []


def test_only_changed_chunks_are_embedded_again(corpus_folder: Path, index_folder: Path) -> None:
    build(corpus_folder, index_folder)
    page = corpus_folder / "nurse.md"
    page.write_text(page.read_text().replace("a degree and a licence", "a licence"))
    embedder = WordEmbedder()
    report = build(corpus_folder, index_folder, embedder)
    assert report.changed == ("nurse",)
    assert report.embedded == 1
    assert embedder.embedded == [
        "Nurses > Getting in\nA nurse needs a licence.",
        "Nurses: Getting in. A nurse needs a licence.",
    ]


def test_an_incremental_build_equals_a_full_one(
    corpus_folder: Path, index_folder: Path, tmp_path: Path
) -> None:
    build(corpus_folder, index_folder)
    (corpus_folder / "plumber.md").unlink()
    (corpus_folder / "nurse.md").rename(corpus_folder / "nurses.md")
    (corpus_folder / "new.txt").write_text("A pension is paid later.")
    report = build(corpus_folder, index_folder)
    assert (report.added, report.removed) == (("new", "nurses"), ("nurse", "plumber"))
    build(corpus_folder, tmp_path / "full")
    one = Index(current_generation(index_folder))
    other = Index(current_generation(tmp_path / "full"))
    rows = range(one.manifest.chunks)
    assert one.chunks(rows) == other.chunks(rows)
    assert all((one.vectors(row) == other.vectors(row)).all() for row in rows)


def test_a_changed_title_is_embedded_anew_although_the_text_is_the_same(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    page = corpus_folder / "nurse.md"
    page.write_text(page.read_text().replace("title: Nurses", "title: School nurse"))
    assert build(corpus_folder, index_folder).embedded == 2


def test_a_broken_document_is_reported_and_the_rest_is_built(
    corpus_folder: Path, index_folder: Path
) -> None:
    (corpus_folder / "bad.md").write_text("---\n[\n---\n")
    report = build(corpus_folder, index_folder)
    assert report.documents == 3
    assert report.skipped[0].path == "bad.md"


def test_a_document_in_use_that_can_no_longer_be_read_is_not_called_removed(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    (corpus_folder / "nurse.md").write_text("---\ntitle: Help: with jobs\n---\nText.\n")
    (corpus_folder / "plumber.md").unlink()
    report = build(corpus_folder, index_folder)
    assert (report.unreadable, report.removed) == (("nurse",), ("plumber",))
    assert report.lost == ("nurse", "plumber")


def test_documents_in_a_folder_that_can_no_longer_be_read_are_not_called_removed(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    (corpus_folder / "notes").rename(corpus_folder.with_name("notes"))
    (corpus_folder / "notes").symlink_to(corpus_folder.with_name("notes"))
    assert build(corpus_folder, index_folder).unreadable == ("notes/interview",)


def test_another_folder_never_takes_a_small_index_over_by_itself(
    corpus_folder: Path, index_folder: Path, tmp_path: Path
) -> None:
    build(corpus_folder, index_folder)
    shutil.copytree(corpus_folder, tmp_path / "moved")
    assert not build(tmp_path / "moved", index_folder).published
    (tmp_path / "moved" / "more.txt").write_text("More pay.")
    assert build(tmp_path / "moved", index_folder).built_from == str(corpus_folder)
    (tmp_path / "moved").rename(tmp_path / "again")
    (tmp_path / "again" / "more.txt").unlink()
    assert build(tmp_path / "again", index_folder).removed == ("more",)
    before = current_generation(index_folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "page.txt").write_text("Another page.")
    with pytest.raises(RemovalRefused, match=f"built from {tmp_path / 'again'}, but "):
        build(tmp_path / "other", index_folder)
    assert current_generation(index_folder) == before


def test_a_link_to_the_folder_is_the_same_folder(
    corpus_folder: Path, index_folder: Path, tmp_path: Path
) -> None:
    build(corpus_folder, index_folder)
    (tmp_path / "link").symlink_to(corpus_folder)
    (corpus_folder / "nurse.md").unlink()
    assert build(tmp_path / "link", index_folder).removed == ("nurse",)


def test_a_preview_of_an_unchanged_corpus_lists_what_was_left_out(
    corpus_folder: Path, index_folder: Path
) -> None:
    shutil.copy(corpus_folder / "plumber.md", corpus_folder / "twice.md")
    notes = build(corpus_folder, index_folder).notes
    assert [note.document_id for note in notes] == ["twice"]
    preview = preview_index(
        corpus_folder, index_folder, WordEmbedder.model_id, ChunkingParameters(), lambda *_: None
    )
    assert (preview.notes, preview.embedded, preview.added) == (notes, 0, ())


def test_an_empty_corpus_never_replaces_a_good_index(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    before = texts(index_folder)
    for path in corpus_folder.rglob("*.*"):
        path.unlink()
    with pytest.raises(CorpusError, match="No usable document"):
        build(corpus_folder, index_folder)
    assert texts(index_folder) == before


def test_a_damaged_index_is_rebuilt_whole(corpus_folder: Path, index_folder: Path) -> None:
    build(corpus_folder, index_folder)
    before = texts(index_folder)
    (current_generation(index_folder) / "vectors.faiss").write_bytes(b"x")
    assert build(corpus_folder, index_folder).published
    assert texts(index_folder) == before


def test_an_index_of_another_embedding_model_is_rebuilt(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    other = WordEmbedder()
    other.model_id = "words@2"
    report = build(corpus_folder, index_folder, other)
    assert report.published
    assert report.embedded == report.chunks


def test_an_index_of_an_older_version_is_rebuilt(corpus_folder: Path, index_folder: Path) -> None:
    build(corpus_folder, index_folder)
    before = texts(index_folder)
    make_another_schema(index_folder)
    report = build(corpus_folder, index_folder)
    assert report.published
    assert report.embedded == report.chunks
    assert texts(index_folder) == before


def make_another_schema(index_folder: Path) -> None:
    generation = current_generation(index_folder)
    manifest = generation / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"schema": {SCHEMA}', '"schema": 1'))
    point(generation)


def test_an_index_of_an_older_version_guards_its_documents_all_the_same(
    corpus_folder: Path, index_folder: Path
) -> None:
    for n in range(2):
        (corpus_folder / f"more-{n}.txt").write_text(f"Page {n}.")
    build(corpus_folder, index_folder)
    make_another_schema(index_folder)
    before = current_generation(index_folder)
    for path in list(corpus_folder.glob("*.txt")):
        path.unlink()
    with pytest.raises(RemovalRefused, match="2 of 5 documents would go, more than"):
        build(corpus_folder, index_folder)
    assert current_generation(index_folder) == before


def test_a_file_that_becomes_another_format_is_read_again(
    corpus_folder: Path, index_folder: Path
) -> None:
    (corpus_folder / "guide.txt").write_text("# How to apply\n\nWrite a letter.")
    build(corpus_folder, index_folder)
    (corpus_folder / "guide.txt").rename(corpus_folder / "guide.md")
    report = build(corpus_folder, index_folder)
    assert (report.published, report.changed) == (True, ("guide",))
    assert "Write a letter." in texts(index_folder)


def test_old_generations_are_deleted_but_the_newest_three(
    corpus_folder: Path, index_folder: Path
) -> None:
    names = []
    for n in range(5):
        (corpus_folder / "n.txt").write_text(f"Edition {n}.")
        names.append(build(corpus_folder, index_folder).generation)
    kept = {path.name for path in index_folder.glob("gen-*")}
    assert kept == set(names[-3:])


def test_a_full_disk_while_writing_leaves_no_leftovers(
    corpus_folder: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(indexing, "write_generation", refuse)
    with pytest.raises(OutOfSpace):
        build(corpus_folder, index_folder)
    assert not list(index_folder.glob("gen-*"))


def test_a_second_builder_is_turned_away_at_once(corpus_folder: Path, index_folder: Path) -> None:
    with building(index_folder), pytest.raises(IndexBusy, match=f"process {os.getpid()}"):
        build(corpus_folder, index_folder)
    assert build(corpus_folder, index_folder).published
