"""Building after changes: what counts as one, the loop, and the command as a real process."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import build
from waymark.changes import BuildReport
from waymark.corpus import Skipped
from waymark.errors import BuildCrashed, CorpusError, IndexUnwritable, OutOfSpace
from waymark.service import watching
from waymark.service.watching import changes, keep_building, snapshot, summary
from waymark.store.pointer import current_generation
from waymark.store.publishing import building

# What runs the tests may itself run in the background, where Ctrl-C is ignored, also by children.
CHILD = """
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, {tests!r})
from fakes import WordEmbedder
from waymark import assembly, models
models.EMBEDDING_ID = WordEmbedder.model_id
assembly.load_embedder = lambda _: WordEmbedder()
from waymark.commands.cli import main
main(["index", "--watch"])
"""


@pytest.fixture
def changed(corpus_folder: Path) -> Iterator["queue.Queue[None]"]:
    """A queue that gets an item for each change that is noticed, the first one taken out."""
    stop = threading.Event()
    noticed: queue.Queue[None] = queue.Queue()

    def follow() -> None:
        for item in changes(corpus_folder, stop):
            noticed.put(item)

    thread = threading.Thread(target=follow)
    thread.start()
    noticed.get(timeout=30)
    time.sleep(0.3)  # until the system watches
    yield noticed
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "QUIET_MS", 50)


def test_a_save_a_rename_and_a_removal_are_changes(
    corpus_folder: Path, changed: "queue.Queue[None]"
) -> None:
    nurse = corpus_folder / "nurse.md"
    nurse.write_text("Nurses need a degree.", encoding="utf-8")
    changed.get(timeout=30)
    saved = corpus_folder / ".nurse.md.swp"
    saved.write_text("Nurses need a licence.", encoding="utf-8")
    saved.replace(nurse)  # as editors save
    changed.get(timeout=30)
    shutil.move(corpus_folder / "notes", corpus_folder.parent / "notes")
    changed.get(timeout=30)


def test_a_change_of_rights_is_a_change(corpus_folder: Path, changed: "queue.Queue[None]") -> None:
    (corpus_folder / "nurse.md").chmod(0o600)
    changed.get(timeout=30)


def test_temporary_and_hidden_files_are_no_change(
    corpus_folder: Path, changed: "queue.Queue[None]"
) -> None:
    names = (".nurse.md.swp", "nurse.md~", "#nurse.md#", "4913", ".#nurse.md", "~$nurse.txt")
    for name in names:
        (corpus_folder / name).write_text("x", encoding="utf-8")
    (corpus_folder / ".git").mkdir()
    (corpus_folder / ".git" / "note.md").write_text("x", encoding="utf-8")
    with pytest.raises(queue.Empty):
        changed.get(timeout=0.7)
    (corpus_folder / "new.md").write_text("Chefs cook.", encoding="utf-8")
    changed.get(timeout=30)


def test_a_folder_that_comes_back_is_watched_again(
    corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOK_MS", 50)
    stop = threading.Event()
    noticed = changes(corpus_folder, stop)
    next(noticed)
    away = corpus_folder.with_name("away")
    corpus_folder.rename(away)
    next(noticed)
    assert snapshot(corpus_folder) == {}
    shutil.copytree(away, corpus_folder)
    next(noticed)
    (corpus_folder / "nurse.md").write_text("Nurses.", encoding="utf-8")
    next(noticed)
    stop.set()
    assert list(noticed) == []


def test_where_the_system_refuses_to_watch_the_folder_is_looked_at(
    corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Iterator[None]:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("watchfiles.watch", refuse)
    monkeypatch.setattr(watching, "LOOK_MS", 20)
    noticed = changes(corpus_folder, threading.Event())
    next(noticed)
    (corpus_folder / "nurse.md").write_text("Nurses.", encoding="utf-8")
    next(noticed)


def test_many_changes_at_once_are_one(corpus_folder: Path, changed: "queue.Queue[None]") -> None:
    for n in range(50):
        (corpus_folder / f"new-{n}.md").write_text("Chefs cook.", encoding="utf-8")
    changed.get(timeout=30)
    time.sleep(3 * watching.QUIET_MS / 1000)
    assert changed.qsize() <= 1


def test_a_change_of_the_golden_questions_is_a_change(
    corpus_folder: Path, changed: "queue.Queue[None]"
) -> None:
    (corpus_folder / "gate.jsonl").write_text("{}", encoding="utf-8")
    changed.get(timeout=30)


def test_a_build_that_another_one_kept_from_the_lock_is_tried_again(
    corpus_folder: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOK_MS", 20)
    monkeypatch.setattr(watching, "RETRY_SECONDS", 0.05)
    stop = threading.Event()
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        if "failed" in line:
            other.close()
        else:
            stop.set()

    other = ExitStack()
    other.enter_context(building(index_folder))
    keep_building(
        changes(corpus_folder, stop),
        lambda: asdict(build(corpus_folder, index_folder)),
        say,
        say,
    )
    assert ["is being built" in lines[0], "3 added" in lines[1]] == [True, True]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OutOfSpace("x"), True),
        (IndexUnwritable("x"), True),
        (BuildCrashed("x"), True),
        (BlockingIOError(11, "no process to be had"), True),
        (MemoryError(), True),
        (CorpusError("x"), True),
        (ValueError("x"), False),
    ],
)
def test_only_a_failure_that_may_pass_without_a_change_is_tried_again(
    error: Exception, expected: bool
) -> None:
    told: list[bool | None] = []

    def once() -> Generator[None, bool | None, None]:
        told.append((yield))

    def fail() -> dict[str, Any]:
        raise error

    keep_building(once(), fail, lambda _: None, lambda _: None)
    assert told == [expected]


def report(*reasons: str) -> dict[str, Any]:
    """The fields of the report of a build that skipped a file for each of `reasons`."""
    skipped = tuple(Skipped("a.md", reason) for reason in reasons)
    return asdict(BuildReport("gen-1", True, 1, 1, 1, (), (), (), skipped))


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [((), False), (("no text",), False), (("no text", "cannot be read: Stale file handle"), True)],
)
def test_a_build_that_could_not_read_a_file_is_tried_again(
    reasons: tuple[str, ...], expected: bool
) -> None:
    told: list[bool | None] = []

    def once() -> Generator[None, bool | None, None]:
        told.append((yield))

    keep_building(once(), lambda: report(*reasons), lambda _: None, lambda _: None)
    assert told == [expected]


def test_a_build_that_goes_on_failing_is_tried_ever_less_often_until_a_document_changes(
    corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0

    def every_second(*_: object) -> Iterator[None]:
        nonlocal now
        while True:
            yield
            now += 1

    monkeypatch.setattr(watching, "LONGEST_RETRY_SECONDS", 100.0)
    monkeypatch.setattr(watching, "_ticks", every_second)
    monkeypatch.setattr(watching, "time", SimpleNamespace(monotonic=lambda: now))
    noticed = changes(corpus_folder, threading.Event())
    next(noticed)
    tried = []
    for _ in range(4):
        noticed.send(True)
        tried.append(now)
    assert tried == [30, 90, 190, 290]
    (corpus_folder / "nurse.md").write_text("Nurses.", encoding="utf-8")
    noticed.send(True)
    noticed.send(True)
    assert now == 290 + 1 + 30


def test_each_build_is_one_line_and_a_failure_does_not_end_the_loop() -> None:
    outcomes: Iterator[dict[str, Any] | Exception] = iter(
        [CorpusError("No usable\n  document."), ValueError("odd"), report()]
    )

    def thrice() -> Generator[None, bool | None, None]:
        for _ in range(3):
            yield

    def step() -> dict[str, Any]:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    said: list[str] = []
    complaints: list[str] = []
    keep_building(thrice(), step, said.append, complaints.append)
    assert [line.split(" ", 1)[1].rsplit(" (", 1)[0] for line in complaints + said] == [
        "failed: No usable document.",
        "failed: ValueError: odd",
        "published gen-1: 0 added, 0 changed, 0 removed, 0 skipped",
    ]
    assert len(said) == 1


def test_each_skipped_file_has_a_line_with_its_reason() -> None:
    def once() -> Generator[None, bool | None, None]:
        yield

    said: list[str] = []
    outcome = report("is protected", "cannot be read: gone")
    keep_building(once(), lambda: outcome, said.append, said.append)
    assert said[1:] == ["  skipped a.md: is protected", "  skipped a.md: cannot be read: gone"]


def test_a_document_in_use_that_can_no_longer_be_read_is_named_so() -> None:
    line = summary({**report("is protected"), "unreadable": ("a",)})
    assert line.endswith("0 removed, 1 skipped, no longer readable: a")


def test_the_line_of_a_build_counts_what_changed(corpus_folder: Path, index_folder: Path) -> None:
    report = build(corpus_folder, index_folder)
    name = report.generation
    assert summary(asdict(report)) == f"published {name}: 3 added, 0 changed, 0 removed, 0 skipped"
    (corpus_folder / "bad.md").write_text("---\n[\n---\n", encoding="utf-8")
    report = build(corpus_folder, index_folder)
    assert summary(asdict(report)) == f"unchanged {name}: 0 added, 0 changed, 0 removed, 1 skipped"


@pytest.mark.slow
def test_the_command_builds_survives_a_bad_change_builds_again_and_ends_at_ctrl_c(
    corpus_folder: Path, index_folder: Path
) -> None:
    environment = {
        **os.environ,
        "WAYMARK_CORPUS": str(corpus_folder),
        "WAYMARK_INDEX": str(index_folder),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD.format(tests=str(Path(__file__).parents[1]))],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        assert "Watching" in process.stdout.readline()
        assert "3 added" in process.stdout.readline()
        first = current_generation(index_folder)
        for path in corpus_folder.rglob("*.*"):
            path.write_text("", encoding="utf-8")
        assert "failed: No usable document" in process.stdout.readline()
        assert current_generation(index_folder) == first
        (corpus_folder / "chef.md").write_text("Chefs cook in training.", encoding="utf-8")
        assert "3 skipped, no longer readable: notes/" in process.stdout.readline()
        assert "no text" in "".join(process.stdout.readline() for _ in range(3))
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline().strip() == "Stopped."
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
