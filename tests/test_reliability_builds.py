"""What a build must be, whatever it is given: requirements A-10, A-11 and A-13 to A-16."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
import pytest

from conftest import build
from fakes import WordEmbedder
from waymark.errors import CorpusError, RemovalRefused
from waymark.store.generations import KEPT, collect, prune
from waymark.store.index import CHUNKS, VECTORS, Index
from waymark.store.manifest import read_manifest
from waymark.store.pointer import current_generation, published
from waymark.store.publishing import building, open_current

QUESTIONS = ("plumber training", "nurse pay", "licence", "interview hours", "school degree")


def found(index: Index) -> list[object]:
    embedder = WordEmbedder()
    by_meaning = [index.search(embedder.embed_queries([q]), 5) for q in QUESTIONS]
    by_words = [index.search_text(q.split(), 5) for q in QUESTIONS]
    return [by_meaning, by_words, [index.chunks([row for row, _ in rows]) for rows in by_words]]


def test_a10_sixteen_threads_find_what_one_finds_while_generations_change(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    index, _ = open_current(index_folder)
    expected = found(index)
    with ThreadPoolExecutor(16) as pool:
        searches = [pool.submit(found, index) for _ in range(160)]
        for n in range(KEPT + 1):
            (corpus_folder / "n.txt").write_text(f"Edition {n} on pay.")
            build(corpus_folder, index_folder)
        assert all(search.result() == expected for search in searches)
    assert index.folder.is_dir()
    index.close()


def test_a10_a_generation_that_is_read_is_kept_until_it_is_closed(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    index, _ = open_current(index_folder)
    (corpus_folder / "n.txt").write_text("More pay.")
    build(corpus_folder, index_folder)
    with building(index_folder):
        assert collect(index_folder, 1) == []
        assert index.document("nurse")
        index.close()
        assert collect(index_folder, 1) == [index.name]


SEARCH = """
import faiss
import numpy as np
index = faiss.IndexFlatIP(8)
index.add(np.eye(8, dtype=np.float32))
torch.arange(0, 40000).sum()
print(index.search(np.eye(8, dtype=np.float32), 1)[1].ravel().tolist())
"""


@pytest.mark.model  # loads torch, though no weights: too slow for the fast tests
@pytest.mark.parametrize("order", ["import faiss, torch", "import torch, faiss"])
def test_a11_faiss_and_torch_live_together_in_either_order(order: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "KMP_DUPLICATE_LIB_OK"}
    shown = subprocess.run(
        [sys.executable, "-c", order + SEARCH],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert shown.stdout.strip() == str(list(range(8)))


def test_a13_one_bad_document_is_skipped_with_its_reason_and_the_rest_is_published(
    corpus_folder: Path, index_folder: Path
) -> None:
    (corpus_folder / "bad.md").write_text("---\ntitle: [\n---\nText.")
    report = build(corpus_folder, index_folder)
    assert report.published
    assert report.documents == 3
    assert [(entry.path, "front matter, line" in entry.reason) for entry in report.skipped] == [
        ("bad.md", True)
    ]


def test_a13_many_documents_that_turn_bad_at_once_do_not_replace_the_index(
    corpus_folder: Path, index_folder: Path
) -> None:
    (corpus_folder / "fourth.md").write_text("# Fourth\n\nA fourth page.")
    build(corpus_folder, index_folder)
    for name in ("nurse.md", "plumber.md"):
        (corpus_folder / name).write_bytes(b"\xff\xfe")
    with pytest.raises(RemovalRefused, match="2 of 4 documents would go"):
        build(corpus_folder, index_folder)


def test_a14_two_builds_are_equal_byte_for_byte(corpus_folder: Path, tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in ("first", "second"))
    build(corpus_folder, first)
    build(corpus_folder, second)
    one, other = current_generation(first), current_generation(second)
    for name in (VECTORS, CHUNKS):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_a14_the_number_of_threads_changes_nothing(corpus_folder: Path, tmp_path: Path) -> None:
    before = faiss.omp_get_max_threads()
    manifests = []
    try:
        for threads in (1, 4):
            faiss.omp_set_num_threads(threads)
            build(corpus_folder, tmp_path / str(threads))
            manifests.append(read_manifest(current_generation(tmp_path / str(threads))))
    finally:
        faiss.omp_set_num_threads(before)
    assert manifests[0].files == manifests[1].files
    assert manifests[0].corpus_digest == manifests[1].corpus_digest
    assert manifests[0].probes == manifests[1].probes


def test_a15_edit_add_rename_and_delete_give_the_index_of_a_full_build(
    corpus_folder: Path, index_folder: Path, tmp_path: Path
) -> None:
    (corpus_folder / "gone.txt").write_text("A unicorn has no pension.")
    build(corpus_folder, index_folder)
    page = corpus_folder / "plumber.md"
    page.write_text(page.read_text().replace("four years", "five years"))
    (corpus_folder / "nurse.md").rename(corpus_folder / "nurses.md")
    (corpus_folder / "new.txt").write_text("A pension is paid later.")
    (corpus_folder / "gone.txt").unlink()
    report = build(corpus_folder, index_folder)
    build(corpus_folder, tmp_path / "full")
    one, other = current_generation(index_folder), current_generation(tmp_path / "full")
    for name in (VECTORS, CHUNKS):
        assert (one / name).read_bytes() == (other / name).read_bytes()
    assert report.lost == ("gone",)
    assert report.embedded == 2  # the edited chunk and the new one; a new name costs nothing


def test_a15_deleted_text_is_in_no_file_once_old_generations_are_gone(
    corpus_folder: Path, index_folder: Path
) -> None:
    (corpus_folder / "gone.txt").write_text("A unicorn has no pension.")
    build(corpus_folder, index_folder)
    (corpus_folder / "gone.txt").unlink()
    build(corpus_folder, index_folder)
    prune(index_folder, 1)
    index, _ = open_current(index_folder)
    assert index.document("gone") is None
    assert index.search_text(["unicorn"], 5) == []
    index.close()
    assert len(published(index_folder)) == 1
    for path in index_folder.rglob("*"):
        assert path.is_dir() or b"unicorn" not in path.read_bytes()


def test_a16_nothing_left_is_an_error_and_never_replaces_an_index(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    index, _ = open_current(index_folder)
    rows = np.arange(index.manifest.chunks).tolist()
    before = index.chunks(rows)
    index.close()
    for path in corpus_folder.rglob("*.*"):
        path.unlink()
    with pytest.raises(CorpusError, match="No usable document"):
        build(corpus_folder, index_folder)
    index, warning = open_current(index_folder)
    assert (index.chunks(rows), warning) == (before, None)
    index.close()
