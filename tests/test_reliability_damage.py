"""Indexes that are damaged, foreign or out of reach: requirements A-06 to A-09, A-12, A-17."""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest

from conftest import build
from fakes import WordEmbedder
from waymark import files
from waymark.assembly import open_index
from waymark.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexUnreadable,
    IndexUnwritable,
)
from waymark.files import sha256_file
from waymark.settings import PROJECT, Settings
from waymark.store import pointer, publishing
from waymark.store.generations import rollback
from waymark.store.index import CHUNKS, VECTORS, Index
from waymark.store.manifest import MANIFEST, SCHEMA, read_manifest, seal, unseal
from waymark.store.pointer import CURRENT, current_generation, published
from waymark.store.publishing import open_current

sys.path.insert(0, str(PROJECT / "scripts"))

import benchmark_index_safety as safety  # scripts/ is no package

DATA_FILES = (VECTORS, CHUNKS, MANIFEST)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> safety.Scene:
    return safety.Scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture
def two(corpus_folder: Path, index_folder: Path) -> tuple[Path, Path]:
    """Two generations, the older one first."""
    for n in range(2):
        (corpus_folder / "n.txt").write_text(f"Edition {n} on {'pay ' * n}degrees.")
        build(corpus_folder, index_folder)
    older, newer = published(index_folder)
    return older, newer


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        name: {"bytes": (folder / name).stat().st_size, "sha256": sha256_file(folder / name)}
        for name in (VECTORS, CHUNKS)
    }


def reseal(folder: Path, **changed: Any) -> None:
    """Make the manifest fit the files that are there now: damage that no checksum shows."""
    fields = unseal((folder / MANIFEST).read_bytes()) | {"files": describe_files(folder)} | changed
    (folder / MANIFEST).write_bytes(seal(fields))


@pytest.mark.parametrize("name", DATA_FILES)
@pytest.mark.parametrize("harm", ["gone", "empty", "cut", "of the other generation"])
def test_a06_a_harmed_file_is_refused_by_name_and_the_older_generation_answers(
    two: tuple[Path, Path], name: str, harm: str
) -> None:
    older, newer = two
    path = newer / name
    match harm:
        case "gone":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(path.read_bytes()[:-100])
        case _:
            path.write_bytes((older / name).read_bytes())
    with pytest.raises(IndexDamaged):
        Index(current_generation(newer.parent))
    index, warning = open_current(newer.parent)
    assert index.name == older.name
    assert warning
    assert name in warning
    assert "Run: waymark index Until then the older generation" in warning
    index.close()


def test_a06_a_generation_that_was_taken_back_does_not_stand_in(
    two: tuple[Path, Path], corpus_folder: Path, index_folder: Path
) -> None:
    (corpus_folder / "n.txt").write_text("A wrong figure.")
    build(corpus_folder, index_folder)
    assert rollback(index_folder) == two[1]
    (two[1] / VECTORS).write_bytes(b"x")
    index, _ = open_current(index_folder)
    assert index.name == two[0].name
    index.close()


def test_a06_a_damaged_current_is_not_the_end_of_answering(two: tuple[Path, Path]) -> None:
    _, newer = two
    (newer.parent / CURRENT).write_bytes(b"\0" * 100)
    index, warning = open_current(newer.parent)
    assert index.name == newer.name
    assert warning
    index.close()


def test_a06_no_flipped_bit_of_current_brings_back_what_was_withdrawn(scene: safety.Scene) -> None:
    scene.reset(first=False)
    target = rollback(scene.index)
    path = scene.index / CURRENT
    data = path.read_bytes()
    for bit in random.Random(6).sample(range(8 * len(data)), 50):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        index, warning = open_current(scene.index)
        index.close()
        assert index.name == target.name
        assert warning


def test_a06_without_current_what_was_withdrawn_does_not_answer_even_alone(
    two: tuple[Path, Path],
) -> None:
    older, newer = two
    rollback(newer.parent)
    (newer.parent / CURRENT).write_bytes(b"x")
    (older / VECTORS).write_bytes(b"x")
    with pytest.raises(IndexDamaged):
        open_current(newer.parent)


def test_a06_a_build_after_damage_publishes_a_whole_generation_and_keeps_vectors(
    two: tuple[Path, Path], corpus_folder: Path, index_folder: Path
) -> None:
    (two[1] / VECTORS).write_bytes(b"x")
    report = build(corpus_folder, index_folder)
    assert report.published
    assert 0 < report.embedded < report.chunks
    index, warning = open_current(index_folder)
    assert warning is None
    index.close()


def test_a06_without_a_whole_generation_the_damage_is_named(two: tuple[Path, Path]) -> None:
    for generation in two:
        (generation / VECTORS).write_bytes(b"x")
    with pytest.raises(IndexDamaged, match=VECTORS):
        open_current(two[0].parent)


def test_a06_counts_that_do_not_fit_the_texts_are_refused(two: tuple[Path, Path]) -> None:
    shutil.copy(two[0] / CHUNKS, two[1] / CHUNKS)
    reseal(two[1], documents=99)
    with pytest.raises(IndexDamaged, match="texts of another build"):
        Index(two[1])


def test_a06_vectors_in_another_order_are_noticed_by_the_probes(two: tuple[Path, Path]) -> None:
    path = two[1] / VECTORS
    flat = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
    rows = flat.reconstruct_n(0, flat.ntotal)[::-1].copy()
    other = faiss.IndexFlatIP(rows.shape[1])
    other.add(rows)
    path.write_bytes(faiss.serialize_index(other).tobytes())
    reseal(two[1])
    with pytest.raises(IndexMismatch, match="does not find what it found"):
        Index(two[1])


def test_a07_every_flipped_bit_of_every_file_is_noticed(scene: safety.Scene) -> None:
    scene.reset(first=False)
    flips = safety.spread_flips(scene, 100, random.Random(7))
    assert all(safety.flip_once(scene.index, path, bit) for path, bit in flips)


def test_a07_every_flipped_bit_of_an_older_manifest_is_noticed(scene: safety.Scene) -> None:
    scene.reset(first=False)
    path = published(scene.index)[0] / MANIFEST
    data = path.read_bytes()
    for bit in random.Random(7).sample(range(8 * len(data)), 100):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        with pytest.raises((IndexDamaged, IndexMismatch)):
            read_manifest(path.parent)


def huge(data: bytes) -> bytes:
    """A header that announces 2^40 vectors, and nothing behind it."""
    return (
        data[:8] + (1 << 40).to_bytes(8, "little") + data[16:37] + (1 << 46).to_bytes(8, "little")
    )


FOREIGN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "header only": lambda data: data[:45],
    "huge": huge,
    "wrong kind": lambda data: b"IxXX" + data[4:],
    "web page": lambda data: b"<html>not found</html>",
    "other dimension": lambda data: data[:4] + (12).to_bytes(4, "little") + data[8:],
    "one vector less": lambda data: data[:-52],
}

OPEN_IN_LITTLE_MEMORY = """
import resource, sys, time
from pathlib import Path
from waymark.store.index import Index
from waymark.errors import IndexDamaged
import faiss
def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = used()
now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + 200_000_000,) * 2)
for folder in sys.argv[1:]:
    begun = time.monotonic()
    try:
        Index(Path(folder))
        print("opened")
    except IndexDamaged as error:
        print("refused" if time.monotonic() - begun < 2 and used() - before < 200 else "slow")
"""


def test_a08_foreign_files_whose_checksums_fit_are_refused_in_little_memory(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    folders = []
    for name, change in FOREIGN.items():
        folder = tmp_path / name
        shutil.copytree(two[1], folder)
        (folder / VECTORS).write_bytes(change((folder / VECTORS).read_bytes()))
        reseal(folder)
        folders.append(str(folder))
    texts = tmp_path / "texts"
    shutil.copytree(two[1], texts)
    (texts / CHUNKS).write_bytes(b"SQLite format 3\0" + b"\xff" * 50_000)
    reseal(texts)
    shown = subprocess.run(
        [sys.executable, "-c", OPEN_IN_LITTLE_MEMORY, *folders, str(texts), str(two[1])],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.split() == ["refused"] * (len(FOREIGN) + 1) + ["opened"]


def test_a08_nonsense_for_a_manifest_is_refused(two: tuple[Path, Path]) -> None:
    deep = "[" * 100_000
    schema_only = json.dumps({"schema": SCHEMA}).encode()
    for content in (b"", b"null", b"[]", b"{}", b"\xff\xfe", deep.encode(), schema_only):
        (two[1] / MANIFEST).write_bytes(content)
        with pytest.raises(IndexDamaged, match="Run: waymark index"):
            Index(two[1])


@pytest.mark.parametrize("function", ["read", "sha256_file"])
@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (MemoryError(), "not enough memory"),
        (PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
    ],
)
def test_a09_what_the_system_refuses_is_not_called_damage_and_nothing_is_deleted(
    two: tuple[Path, Path],
    corpus_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    failure: Exception,
    said: str,
) -> None:
    def refuse(_: Path) -> None:
        raise failure

    folder = two[0].parent
    before = sorted(path.name for path in folder.rglob("*"))
    monkeypatch.setattr(files, function, refuse)
    monkeypatch.setattr(pointer, "sha256_file", files.sha256_file)
    for attempt in (lambda: open_current(folder), lambda: build(corpus_folder, folder)):
        with pytest.raises(IndexUnreadable, match=f"{said}.*nothing was changed") as raised:
            attempt()
        assert "damaged, and nothing" in str(raised.value)
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_a12_an_index_of_another_model_lends_no_vectors(
    two: tuple[Path, Path], corpus_folder: Path, index_folder: Path
) -> None:
    other = WordEmbedder()
    other.model_id = "words@2"
    report = build(corpus_folder, index_folder, other)
    assert report.published
    assert report.embedded == report.chunks
    assert report.added == report.removed == ()
    assert read_manifest(current_generation(index_folder)).embedding_model == "words@2"


def test_a12_an_index_of_another_model_is_refused_with_both_names_and_the_command(
    two: tuple[Path, Path],
) -> None:
    settings = Settings(index=two[0].parent)
    with pytest.raises(IndexMismatch, match=r"words@1, but words@2 is configured\. Run: waymark"):
        open_index(settings, "words@2")
    open_index(settings, "words@1").close()


def test_a17_generations_are_ordered_by_number_when_the_clock_was_set_back(
    corpus_folder: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(corpus_folder, index_folder)

    class Yesterday:
        @staticmethod
        def now(_: object) -> Any:
            from datetime import UTC, datetime, timedelta

            return datetime.now(UTC) - timedelta(days=1)

    monkeypatch.setattr(publishing, "datetime", Yesterday)
    (corpus_folder / "new.txt").write_text("More pay.")
    second = build(corpus_folder, index_folder).generation
    assert [g.name for g in published(index_folder)][-1] == second
    assert sorted(g.name for g in published(index_folder))[-1] != second
    assert current_generation(index_folder).name == second


READ_AS_NOBODY = """
import os, sys
from pathlib import Path
from waymark.store.publishing import open_current, building
from waymark.errors import IndexUnwritable
folder = Path(sys.argv[1])
open_current(folder)[0].close()  # loads what the user below may not be allowed to load
if os.geteuid() == 0:
    os.setuid(65534)
index, warning = open_current(folder)
print(warning, len(index.search_text(["pay"], 5)) > 0)
try:
    with building(folder):
        print("could build")
except IndexUnwritable:
    print("cannot build")
"""


def test_a17_a_read_only_index_is_served_and_only_building_is_refused(
    two: tuple[Path, Path],
) -> None:
    # The folder of the other tests may be closed to the user nobody.
    with tempfile.TemporaryDirectory() as outer:
        folder = Path(outer) / "index"
        shutil.copytree(two[0].parent, folder)
        for path in [Path(outer), folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            shown = subprocess.run(
                [sys.executable, "-c", READ_AS_NOBODY, str(folder)],
                capture_output=True,
                text=True,
                check=True,
            )
        finally:
            for path in [Path(outer), folder, *folder.glob("gen-*")]:
                path.chmod(0o755)
    assert shown.stdout.splitlines() == ["None True", "cannot build"]


@pytest.mark.parametrize("code", files.LOCKLESS)
def test_a17_a_file_system_without_locks_is_detected_and_still_served(
    two: tuple[Path, Path], corpus_folder: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(IndexUnwritable, match=r"has no file locks .*WAYMARK_INDEX"):
        build(corpus_folder, two[0].parent)
    index, warning = open_current(two[0].parent)
    assert (index.name, warning) == (two[1].name, None)
    index.close()
