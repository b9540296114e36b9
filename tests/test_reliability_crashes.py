"""Builds that are killed, refused or late: requirements A-01 to A-05 and A-15.

The whole sweep, with 200 kills, is scripts/benchmark_index_safety.py.
"""

import errno
import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from waymark import assembly, files, models
from waymark.commands.cli import main
from waymark.errors import IndexBusy, IndexDamaged, IndexUnwritable, OutOfSpace, WaymarkError
from waymark.settings import PROJECT
from waymark.store.generations import KEPT
from waymark.store.pointer import CURRENT, WITHDRAWN, current_generation, published, read_pointer
from waymark.store.publishing import building, open_current

sys.path.insert(0, str(PROJECT / "scripts"))

import benchmark_index_safety as safety  # scripts/ is no package
import crashing_builds as crashing

BUILD_OPERATIONS = 16  # of a build that also deletes an old generation
WRITES = (3, 4, 5, 9)  # the operations among them that write a file
ROLLBACK_OPERATIONS = 6


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> safety.Scene:
    return safety.Scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture(scope="module")
def builder() -> Iterator[crashing.Builder]:
    with crashing.Builder() as process:
        yield process


def test_a02_names_change_only_after_what_they_name_is_on_the_disk(scene: safety.Scene) -> None:
    scene.reset(first=False)
    done = crashing.operations("build", scene.corpus, scene.index)
    private = ["make_folder", "make_folder", "write", "write", "write", "sync"]
    named = ["rename", "sync"]
    current = ["write", "rename", "sync"]
    collected = ["rename", "remove", "remove", "remove", "remove_folder"]
    assert done == private + named + current + collected
    assert len(done) == BUILD_OPERATIONS
    assert tuple(n for n, name in enumerate(done, 1) if name == "write") == WRITES


@pytest.mark.parametrize("lost", [1, 4096])
@pytest.mark.parametrize("nth", WRITES)
def test_a01_a_disk_that_loses_the_end_of_a_file_without_saying_so_is_found_out(
    scene: safety.Scene, monkeypatch: pytest.MonkeyPatch, nth: int, lost: int
) -> None:
    real, written = files.write, 0

    def write(path: Path, data: bytes | memoryview) -> None:
        nonlocal written
        written += 1
        real(path, data[: max(len(data) - lost, 0)] if written == 1 + WRITES.index(nth) else data)

    scene.reset(first=False)
    monkeypatch.setattr(files, "write", write)
    with pytest.raises(IndexDamaged):
        crashing.build(scene.corpus, scene.index)
    monkeypatch.undo()
    assert crashing.seen(scene.index) == scene.editions[-2]
    assert len(published(scene.index)) == KEPT
    scene.check_recovery()


@pytest.mark.parametrize("nth", range(1, BUILD_OPERATIONS + 1))
def test_a01_a_full_disk_at_every_operation_leaves_a_whole_index(
    scene: safety.Scene, nth: int
) -> None:
    deleting = nth > BUILD_OPERATIONS - 5  # the new index is in use by then
    assert safety.fill_once(scene, crashing.Point(nth, "before")) != deleting


@pytest.mark.parametrize("nth", range(1, BUILD_OPERATIONS - 5))
def test_a01_an_operation_that_reports_failure_though_it_was_done_leaves_the_old_index(
    scene: safety.Scene, nth: int
) -> None:
    assert safety.fill_once(scene, crashing.Point(nth, "after"))


@pytest.mark.parametrize("nth", WRITES)
def test_a01_a_full_disk_within_every_write_leaves_the_old_index(
    scene: safety.Scene, nth: int
) -> None:
    assert safety.fill_once(scene, crashing.Point(nth, "midway"))


@pytest.mark.parametrize("missing", [1, 100, 4096, 40_000])
def test_a01_a_file_that_cannot_grow_to_its_end_leaves_the_old_index(
    scene: safety.Scene, missing: int
) -> None:
    scene.reset(first=False)
    largest = max(p.stat().st_size for p in current_generation(scene.index).iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest - missing, hard))
    try:
        with pytest.raises(OutOfSpace, match="space"):
            crashing.build(scene.corpus, scene.index)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert crashing.seen(scene.index) == scene.editions[-2]
    scene.check_recovery()


def test_a01_too_little_space_is_noticed_before_anything_is_embedded(
    scene: safety.Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def embed(*_: object) -> None:
        raise AssertionError("embedded")

    scene.reset(first=False)
    monkeypatch.setattr(files, "free_bytes", lambda _: 1000)
    monkeypatch.setattr(crashing.LetterEmbedder, "embed_passages", embed)
    with pytest.raises(OutOfSpace, match=r"Not enough space .* MB needed, 0.0 MB free"):
        crashing.build(scene.corpus, scene.index)


def test_a01_the_command_exits_with_1_and_says_space(
    scene: safety.Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.reset(first=False)
    monkeypatch.setenv("WAYMARK_CORPUS", str(scene.corpus))
    monkeypatch.setenv("WAYMARK_INDEX", str(scene.index))
    monkeypatch.setattr(models, "EMBEDDING_ID", crashing.LetterEmbedder.model_id)
    monkeypatch.setattr(assembly, "load_embedder", lambda _: crashing.LetterEmbedder())

    def refuse() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with crashing.struck(crashing.Point(3, "midway"), refuse):
        result = CliRunner().invoke(main, ["index"])
    assert result.exit_code == 1
    assert "No space left" in result.output


@pytest.fixture(scope="module")
def cases(scene: safety.Scene) -> list[safety.Case]:
    return safety.cases(scene)


def sample() -> list[int]:
    """22 of the 132 cases, the same each time, spread over all four commands."""
    chance = random.Random(2)
    return [chance.randrange(low, low + 6) for low in range(0, 132, 6)]


@pytest.mark.slow
@pytest.mark.parametrize("position", sample())
def test_a02_a_builder_killed_at_any_operation_leaves_a_whole_index(
    scene: safety.Scene, builder: crashing.Builder, cases: list[safety.Case], position: int
) -> None:
    assert safety.kill_once(builder, scene, cases[position])


@pytest.mark.slow
@pytest.mark.parametrize("nth", [7, 8, 9, 10, 11])
def test_a02_a_first_build_killed_before_its_publication_is_no_index_and_after_it_a_whole_one(
    scene: safety.Scene, builder: crashing.Builder, nth: int
) -> None:
    point = crashing.Point(nth, "after")
    assert safety.kill_once(builder, scene, safety.Case("build", True, point))


@pytest.mark.slow
@pytest.mark.parametrize("milliseconds", [5, 15, 25, 35])
def test_a02_a_builder_killed_at_any_time_leaves_a_whole_index(
    scene: safety.Scene, builder: crashing.Builder, milliseconds: int
) -> None:
    case = safety.Case("build", milliseconds % 2 == 0, None)
    safety.kill_once(builder, scene, case, milliseconds / 1000)


def test_a03_a_second_builder_is_turned_away_at_once_by_any_path(
    scene: safety.Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.reset(first=False)
    link = tmp_path / "link"
    link.symlink_to(scene.index)
    begun = time.monotonic()
    with building(scene.index):
        for path in (scene.index, link, scene.index / ".." / scene.index.name):
            with pytest.raises(IndexBusy, match=f"being built by process {os.getpid()} since"):
                crashing.build(scene.corpus, path)
        monkeypatch.setenv("WAYMARK_CORPUS", str(scene.corpus))
        monkeypatch.setenv("WAYMARK_INDEX", str(link))
        result = CliRunner().invoke(main, ["index"])
    assert time.monotonic() - begun < 2
    assert result.exit_code == 4
    assert crashing.seen(scene.index) == scene.editions[-2]


def test_a04_the_lock_of_a_killed_builder_is_free_at_once(
    scene: safety.Scene, builder: crashing.Builder
) -> None:
    scene.reset(first=True)
    pid = builder.start("build", scene.corpus, scene.index, crashing.Point(4, "before"))
    assert builder.wait() < 0
    assert f"process {pid} " in (scene.index / "LOCK").read_text()
    assert crashing.build(scene.corpus, scene.index).published


@pytest.mark.slow
def test_a05_readers_see_one_whole_generation_while_others_are_published_and_deleted(
    scene: safety.Scene,
) -> None:
    counts = safety.swap_under_readers(scene, swaps=6, readers=4)
    assert counts["swaps"] == 6
    assert counts["reads"] > 0
    assert not [name for name in counts if name.startswith("BAD") and counts[name]]


@pytest.mark.parametrize("action", ["rollback", "prune"])
@pytest.mark.parametrize(
    ("code", "failure"), [(errno.ENOSPC, OutOfSpace), (errno.EIO, IndexUnwritable)]
)
def test_a01_a_disk_that_refuses_a_rollback_or_a_deletion_leaves_a_whole_index(
    scene: safety.Scene, action: crashing.Action, code: int, failure: type[WaymarkError]
) -> None:
    def refuse() -> None:
        raise OSError(code, os.strerror(code))

    for nth in range(1, ROLLBACK_OPERATIONS + 1):
        scene.reset(first=False)
        with crashing.struck(crashing.Point(nth, "before"), refuse), pytest.raises(failure):
            crashing.act(action, scene.corpus, scene.index)
        assert crashing.seen(scene.index) in scene.editions[1:3]
        scene.check_recovery()


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EIO])
def test_a17_a_folder_that_cannot_be_written_is_named_with_what_to_do(
    scene: safety.Scene, code: int
) -> None:
    def refuse() -> None:
        raise OSError(code, os.strerror(code))

    for nth in (1, 2, 9):
        scene.reset(first=False)
        with (
            crashing.struck(crashing.Point(nth, "before"), refuse),
            pytest.raises(IndexUnwritable, match=r"cannot be written .*WAYMARK_INDEX"),
        ):
            crashing.build(scene.corpus, scene.index)
        assert crashing.seen(scene.index) == scene.editions[-2]


def test_a02_a_rollback_marks_what_it_withdraws_before_current_says_so(
    scene: safety.Scene,
) -> None:
    scene.reset(first=False)
    done = crashing.operations("rollback", scene.corpus, scene.index)
    assert done == ["make_folder", "write", "sync", "write", "rename", "sync"]
    assert len(done) == ROLLBACK_OPERATIONS


class Killed(BaseException):
    """Nothing that a process does reaches the disk once it was killed."""


@pytest.mark.parametrize("moment", crashing.MOMENTS)
@pytest.mark.parametrize("nth", range(1, ROLLBACK_OPERATIONS + 1))
def test_a02_a_rollback_killed_at_any_operation_is_done_or_not_even_if_current_is_lost_then(
    scene: safety.Scene, nth: int, moment: crashing.Moment
) -> None:
    def die() -> None:
        raise Killed

    scene.reset(first=False)
    with crashing.struck(crashing.Point(nth, moment), die), pytest.raises(Killed):
        crashing.act("rollback", scene.corpus, scene.index)
    after, before = scene.editions[1:3]
    found = crashing.seen(scene.index)
    assert found in (before, after)
    current = (scene.index / CURRENT).read_bytes()
    (scene.index / CURRENT).write_bytes(current[:-9])
    index, warning = open_current(scene.index)
    assert warning
    marked = list(scene.index.glob(f"*/{WITHDRAWN}"))
    assert crashing.contents(index) == (after if marked else before)
    assert marked or found == before
    index.close()
    (scene.index / CURRENT).write_bytes(current)
    scene.check_recovery()
    withdrawn = read_pointer(scene.index).withdrawn
    for generation in published(scene.index):
        assert (generation / WITHDRAWN).exists() == (generation.name in withdrawn)
