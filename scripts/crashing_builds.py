"""Builds that are killed or refused at a chosen file operation, and what must hold afterwards.

Used by scripts/benchmark_index_safety.py and the tests. Every file operation of a build goes
through `waymark.files`, so replacing its functions reaches each of them; the product itself has
no hooks. As a program this file forks one builder for each line it reads, so that a kill costs
milliseconds: `fork` of a process that never searched is safe with faiss's threads.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from waymark import files
from waymark.changes import BuildReport
from waymark.chunking import ChunkingParameters
from waymark.errors import IndexMissing
from waymark.indexing import build_index
from waymark.store.generations import prune, rollback
from waymark.store.index import Index
from waymark.store.pointer import published
from waymark.store.publishing import open_current
from waymark.types import Matrix

OPERATIONS = ("write", "sync", "rename", "make_folder", "remove", "remove_folder")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
Moment = Literal["before", "midway", "after"]
MOMENTS: tuple[Moment, ...] = ("before", "midway", "after")
Action = Literal["build", "rollback", "prune"]


class LetterEmbedder:
    """How often each letter stands in a text: a vector that anybody can work out."""

    model_id = "letters@1"
    dimension = len(LETTERS)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Return unit rows; texts have letters."""
        counts = [[text.lower().count(letter) for letter in LETTERS] for text in texts]
        rows = np.asarray(counts, dtype=np.float32).reshape(len(texts), self.dimension)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Return unit rows."""
        return self.embed_passages(texts)


@dataclass(frozen=True, slots=True)
class Point:
    """The `nth` file operation of a build (from 1), and before, during or after it."""

    nth: int
    moment: Moment


@contextmanager
def struck(
    point: Point, strike: Callable[[], None], dead: Callable[[], bool] = lambda: False
) -> Iterator[list[str]]:
    """Call `strike` at `point`; yields the operations as they happen, by name.

    Once `dead`, every operation strikes: what a killed process would do next never happens.
    """
    real = {name: getattr(files, name) for name in OPERATIONS}
    done: list[str] = []

    def replacement(name: str) -> Callable[..., None]:
        def operation(*arguments: Any) -> None:
            done.append(name)
            moment = point.moment if len(done) == point.nth else None
            if dead():
                strike()
            if moment == "before" or (moment == "midway" and name != "write"):
                strike()
            if moment == "midway":
                _half(*arguments)
                strike()
            real[name](*arguments)
            if moment == "after":
                strike()

        return operation

    for name in OPERATIONS:
        setattr(files, name, replacement(name))
    try:
        yield done
    finally:
        for name, function in real.items():
            setattr(files, name, function)


def _half(path: Path, data: bytes | memoryview) -> None:
    path.write_bytes(bytes(data)[: len(data) // 2])


def write_corpus(folder: Path, edition: int) -> None:
    """Write a small corpus; from one edition to the next a page changes, comes and goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pages = {
        "nurse": "# Nurses\n\nA nurse has a degree.\n\n## Pay\n\nNights bring more pay.",
        "plumber": f"# Plumbers\n\nEdition {'x' * edition} says that a plumber learns on the job.",
        "cook": "# Cooks\n\nA cook starts early.\n\n## Hours\n\nHours are long in a kitchen.",
        "clerk": "# Clerks\n\nA clerk keeps the files in order.",
        f"guide-{'abcdefgh'[edition % 8]}": f"# Guide\n\nSecret {'z' * edition} of this edition.",
    }
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text + "\n", encoding="utf-8")


def build(
    corpus: Path, index: Path, max_words: int = 110, *, allow_removal: bool = False
) -> BuildReport:
    """Build with the embedder above."""
    embedder = LetterEmbedder()
    parameters = ChunkingParameters(max_words)
    return build_index(
        corpus,
        index,
        embedder.model_id,
        lambda: embedder,
        parameters,
        lambda *_: None,
        allow_removal=allow_removal,
    )


def contents(index: Index) -> dict[str, Any]:
    """All that a reader can see of an index: documents, chunks in order, vectors, searches."""
    rows = list(range(index.manifest.chunks))
    return {
        "documents": index.documents(),
        "chunks": index.chunks(rows),
        "vectors": [index.vectors(row).tolist() for row in rows],
        "by meaning": index.search(LetterEmbedder().embed_queries(["pay of nurses"]), 5),
        "by words": {word: index.search_text([word], 20) for word in ("pay", "secret", "job")},
    }


def seen(folder: Path) -> dict[str, Any] | None:
    """What the index folder answers from, None when nothing was published yet.

    Raises AssertionError when it answers from anything but a whole current generation.
    """
    try:
        index, warning = open_current(folder)
    except IndexMissing:
        return None
    assert warning is None, warning
    found = contents(index)
    index.close()
    for generation in published(folder):
        Index(generation).close()
    return found


class Builder:
    """A process that forks builders; use as a context manager."""

    def __enter__(self) -> "Builder":
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def start(self, action: Action, corpus: Path, index: Path, point: Point | None) -> int:
        """Start a builder that kills itself (SIGKILL) at `point`; return its process id."""
        fields = [action, str(corpus), str(index), point and point.nth, point and point.moment]
        return int(self._ask(json.dumps(fields)))

    def wait(self) -> int:
        """Return the exit status of the builder, negative for a signal."""
        return int(self._ask("wait"))

    def _ask(self, line: str) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


def act(action: Action, corpus: Path, index: Path) -> None:
    """Run one command of the index."""
    if action == "build":
        build(corpus, index)
    elif action == "rollback":
        rollback(index)
    else:
        prune(index, 1)


def operations(action: Action, corpus: Path, index: Path) -> list[str]:
    """Run `action` and return its file operations."""
    with struck(Point(0, "before"), lambda: None) as done:
        act(action, corpus, index)
    return list(done)


def _serve() -> None:
    import faiss  # noqa: F401  (the forked builders find it loaded)

    pid = 0
    for line in sys.stdin:
        if line.strip() == "wait":
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            _run(*json.loads(line))
        print(pid, flush=True)


def _run(action: Action, corpus: str, index: str, nth: int | None, moment: Moment | None) -> None:
    status = 1
    with (
        suppress(BaseException),
        struck(Point(nth or 0, moment or "before"), lambda: os.kill(os.getpid(), signal.SIGKILL)),
    ):
        act(action, Path(corpus), Path(index))
        status = 0
    os._exit(status)


if __name__ == "__main__":
    _serve()
