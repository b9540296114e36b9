"""Index folder: who may build, and how a new generation replaces the one in use.

The order of writes is that of LMDB and Lucene (design: docs/architecture.md): everything is
written and synced in a private folder, verified, renamed, and only then named in CURRENT, so
that a crash at any point leaves the old generation or the new one, never a mixture.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from waymark import files
from waymark.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexUnreadable,
    IndexUnwritable,
)
from waymark.store.index import Index
from waymark.store.pointer import (
    CURRENT,
    GENERATION,
    UNFINISHED,
    Pointer,
    current_generation,
    last_pointer,
    older,
    point,
    sequence,
)

LOCK = "LOCK"
UNCHANGED = "The index in use is whole."
REJECTED = ".rejected"
REASON = "rejected.txt"  # in a rejected generation: why it was not published


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold the right to build in `folder`.

    Raises IndexBusy at once when another process has it, and IndexUnwritable when the folder
    cannot be written or locked. The lock is flock's: it ends with the process that holds it.
    """
    with reporting_unwritable(folder):
        files.make_folder(folder)
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not files.try_lock(descriptor, shared=False):
            holder = os.read(descriptor, 200).decode(errors="replace").strip()
            raise IndexBusy(
                f"{folder} is being built by {holder or 'another process'}. "
                "Wait for it to end, then run again."
            )
        now = datetime.now(UTC)
        files.note(descriptor, f"process {os.getpid()} since {now:%Y-%m-%d %H:%M:%S} UTC\n")
        with reporting_unwritable(folder):
            _remove_unfinished(folder)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def reporting_unwritable(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses for another reason than space into IndexUnwritable."""
    try:
        yield
    except OSError as error:
        if error.errno in files.FULL:
            raise
        raise IndexUnwritable(
            f"{folder} cannot be written ({error.strerror}). Answering needs no writing; to build, "
            "give this user the right to write there, or set WAYMARK_INDEX, "
            "then run: waymark index"
        ) from error


def new_folder(folder: Path) -> Path:
    """Create the private folder of the next generation and return it."""
    stamp = f"gen-{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    private = folder / (stamp + UNFINISHED)
    files.make_folder(private)
    return private


def next_sequence(folder: Path) -> int:
    """Return the number of the next generation: one more than the highest that is undamaged.

    Raises IndexUnreadable when the system refuses to say.
    """
    return 1 + max((sequence(g) for g in folder.glob(f"{GENERATION}*")), default=0)


def publish(private: Path, inspect: Callable[[Index], None] = lambda _: None) -> Path:
    """Open and check `private`, rename it and make it current. Returns its final folder.

    Raises what opening an Index raises when what is on disk is not what was written, and what
    `inspect` raises of the opened generation; CURRENT is then unchanged.
    """
    folder = private.parent
    files.sync(private)
    with closing(Index(private)) as index:
        inspect(index)
    final = private.with_name(private.name.removesuffix(UNFINISHED))
    try:
        files.rename(private, final)
        files.sync(folder)
        point(final)
    except (OSError, IndexDamaged):
        _withdraw(final, private)
        raise
    return final


def _withdraw(final: Path, private: Path) -> None:
    """Take the name back that CURRENT does not know, lest refused builds fill the disk."""
    pointer = last_pointer(final.parent)
    if pointer is None or pointer.generation != final.name:
        with suppress(OSError):
            files.rename(final, private)


def set_aside(private: Path, reason: str) -> Path:
    """Keep an unpublished generation, with the reason, under a name that says so."""
    files.write(private / REASON, reason.encode())
    rejected = private.with_name(private.name.removesuffix(UNFINISHED) + REJECTED)
    files.rename(private, rejected)
    files.sync(private.parent)
    return rejected


def open_current(folder: Path) -> tuple[Index, str | None]:
    """Open the current generation, or the newest whole one before it; return a warning then.

    A generation that is damaged, or whose name in CURRENT is, never stops answering while an
    older one is whole that was not withdrawn. Raises IndexMissing, IndexMismatch,
    IndexUnreadable, and IndexDamaged when there is none.
    """
    before: Pointer | None = None
    while True:
        try:
            return Index(current_generation(folder)), None
        except IndexDamaged as error:
            named = last_pointer(folder)
            if named == before:  # twice the same: it is damage, not a change while we opened
                return _open_older(folder, named, error)
            before = named


def _open_older(folder: Path, named: Pointer | None, damage: IndexDamaged) -> tuple[Index, str]:
    for generation in reversed(older(folder, named)):
        try:
            index = Index(generation)
        except (IndexDamaged, IndexMismatch, IndexUnreadable):
            continue
        return index, f"{damage} Until then the older generation {generation.name} answers."
    raise damage


def _remove_unfinished(folder: Path) -> None:
    for name in (f"{GENERATION}*{UNFINISHED}", CURRENT + UNFINISHED):
        for leftover in folder.glob(name):
            files.remove_tree(leftover)
