import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import sample_files
from conftest import build
from fakes import WordEmbedder
from waymark.errors import IndexDamaged, IndexMismatch
from waymark.store.index import CHUNKS, VECTORS, Embedded, Index, write_generation
from waymark.store.manifest import MANIFEST, SCHEMA
from waymark.store.pointer import current_generation
from waymark.types import Block, Document, Source
from waymark.vectors import embedding_texts

FILES = (MANIFEST, VECTORS, CHUNKS)


def test_the_nearest_chunk_by_meaning_comes_first(index: Index) -> None:
    found = index.search(WordEmbedder().embed_queries(["plumber training"]), 3)
    assert index.chunks([found[0][0]])[0].document_id == "plumber"
    assert found[0][1] >= found[1][1] >= found[2][1]


def test_a_question_that_is_not_a_number_finds_nothing_and_ends(index: Index) -> None:
    nothing = np.full((1, index.manifest.dimension), np.nan, dtype=np.float32)
    assert index.search(nothing, 3) == []


def test_words_find_chunks_through_stems_titles_and_aliases(index: Index) -> None:
    def first(*terms: str) -> str:
        return index.chunks([index.search_text(terms, 1)[0][0]])[0].document_id

    assert first("nursing", "degrees") == "nurse"
    assert first("ward", "sister") == "nurse"
    assert index.search_text(["astronaut"], 5) == []
    assert index.search_text([], 5) == []


def test_text_search_takes_any_characters_literally(index: Index) -> None:
    assert index.search_text(['"', "NEAR(", "zz*", "title:x", "-"], 5) == []


def test_a_chunk_is_exactly_its_span_of_the_document(index: Index) -> None:
    for chunk in index.chunks(list(range(index.manifest.chunks))):
        document = index.document(chunk.document_id)
        assert document is not None
        assert document.text[chunk.start : chunk.end] == chunk.text


def test_an_unknown_document_is_none(index: Index) -> None:
    assert index.document("../nurse") is None


def test_titles_and_review_dates_are_those_of_the_documents(index: Index) -> None:
    documents = index.documents()
    assert index.titles() == {d.id: d.title for d in documents}
    dates = {d.id: (d.reviewed, d.review_by) for d in documents}
    assert dates["nurse"] == (date(2026, 1, 15), date(2026, 6, 30))
    assert dates["notes/interview"] == (None, None)
    assert index.review_dates(dates) == dates
    assert index.review_dates(["nurse", "../nurse"]) == {"nurse": dates["nurse"]}


def test_documents_without_text_are_the_same_but_for_text_and_blocks(index: Index) -> None:
    expected = [replace(document, text="", blocks=()) for document in index.documents()]
    assert index.documents_without_text() == expected


def test_vectors_come_back_as_they_were_stored(index: Index) -> None:
    embedder = WordEmbedder()
    for row, chunk in enumerate(index.chunks(range(index.manifest.chunks))):
        expected = embedder.embed_passages(embedding_texts(chunk))
        assert index.vectors(row) == pytest.approx(expected)


def test_a_chunk_is_as_near_as_the_nearest_of_its_vectors(index: Index) -> None:
    asked = WordEmbedder().embed_queries(["training"])
    cosines = [float((index.vectors(r) @ asked[0]).max()) for r in range(index.manifest.chunks)]
    assert max(cosines) > float((index.vectors(0) @ asked[0]).max())
    assert index.cosines(range(index.manifest.chunks), asked) == pytest.approx(cosines)
    found = index.search(asked, index.manifest.chunks)
    assert sorted(row for row, _ in found) == list(range(index.manifest.chunks))
    assert [score for _, score in found] == pytest.approx(sorted(cosines, reverse=True))
    best = found[0][0]
    assert best not in [row for row, _ in index.search(asked, 10, without=[best])]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["missing", "cut short", "one bit flipped", "replaced"])
def test_a_damaged_generation_is_refused(index: Index, name: str, harm: str) -> None:
    path = index.folder / name
    data = path.read_bytes()
    match harm:
        case "missing":
            path.unlink()
        case "cut short":
            path.write_bytes(data[:-1])
        case "one bit flipped":
            middle = len(data) // 2
            path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
        case "replaced":
            path.write_bytes(b"<html>not found</html>")
    with pytest.raises(IndexDamaged, match="waymark index"):
        Index(current_generation(index.folder.parent))


def test_another_schema_is_refused_with_the_command_that_fixes_it(index: Index) -> None:
    path = index.folder / MANIFEST
    content = json.loads(path.read_text()) | {"schema": 99}
    path.write_text(json.dumps(content))
    with pytest.raises(IndexMismatch, match="Run: waymark index"):
        Index(index.folder)


def test_vectors_and_chunks_must_agree(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="vectors of 1 for 0 chunks"):
        write_generation(tmp_path, [], [], [Embedded(np.ones((1, 2), dtype=np.float32), "")], 2)


def test_two_builds_of_one_corpus_have_the_same_vectors_and_ids(
    corpus_folder: Path, tmp_path: Path
) -> None:
    first, second = (tmp_path / name for name in ("first", "second"))
    build(corpus_folder, first)
    build(corpus_folder, second)
    one, other = Index(current_generation(first)), Index(current_generation(second))
    rows = range(one.manifest.chunks)
    assert one.chunks(rows) == other.chunks(rows)
    assert one.manifest.files[VECTORS] == other.manifest.files[VECTORS]


def test_a_change_of_what_is_stored_needs_a_new_schema_number() -> None:
    stored = {
        Document: "id title text blocks digest summary topic audience region reviewed review_by "
        "valid_until sources aliases related questions parser notes",
        Block: "kind start end level anchor page",
        Source: "publisher title year",
    }
    assert SCHEMA == 6
    for kind, names in stored.items():
        assert [field.name for field in fields(kind)] == names.split()


def test_pages_of_a_pdf_come_back_with_its_chunks(corpus_folder: Path, index_folder: Path) -> None:
    pages = [[(50, 700, 10, "One page.")], [(50, 700, 10, "Another page.")]]
    (corpus_folder / "guide.pdf").write_bytes(sample_files.pdf(pages))
    build(corpus_folder, index_folder)
    index = Index(current_generation(index_folder))
    chunks = index.chunks(range(index.manifest.chunks))
    found = [chunk for chunk in chunks if chunk.document_id == "guide"]
    index.close()
    assert [(chunk.page_at(chunk.start), chunk.page_at(chunk.end)) for chunk in found] == [(1, 2)]
