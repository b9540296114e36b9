"""The generations of an index folder: listed, verified, brought back, collected.

`publishing` puts new ones in place; what happens to them afterwards is here.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from waymark import files
from waymark.errors import IndexDamaged, IndexMismatch, IndexMissing
from waymark.index import Index
from waymark.manifest import MANIFEST, Manifest, read_manifest
from waymark.publishing import (
    PREFIX,
    REJECTED,
    UNCHANGED,
    UNFINISHED,
    Pointer,
    building,
    current_generation,
    point,
    published,
    read_pointer,
    reporting_unwritable,
    sequence,
)

# The current generation, the one before it, so that a reader's open citations still resolve, and
# one more: a mistake is often noticed only after the next build, and can then still be undone.
KEPT = 3
KEPT_REJECTED = 1  # the last one, to be looked into

State = Literal["current", "kept", "withdrawn", "rejected", "unreadable"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One generation as `waymark index list` shows it; counts are 0 when it is unreadable."""

    name: str
    state: State
    sequence: int
    created: str
    documents: int
    chunks: int
    bytes: int


def list_generations(folder: Path) -> list[Listed]:
    """Return what is in the index folder, newest first. Reads manifests only.

    A generation that a build deletes meanwhile is left out.
    """
    try:
        pointer = read_pointer(folder)
    except (IndexMissing, IndexDamaged):
        pointer = None
    listed = []
    for generation in folder.glob(f"{PREFIX}*"):
        if generation.is_dir() and generation.suffix != UNFINISHED:
            with suppress(FileNotFoundError):
                listed.append(_listed(generation, pointer))
    return sorted(listed, key=lambda entry: (-entry.sequence, entry.name))


def verify(folder: Path, name: str = "") -> tuple[str, Manifest]:
    """Check the generation `name`, or the current one: every byte, counts and probe searches.

    Returns its name and manifest.
    Raises IndexMissing, IndexDamaged, IndexMismatch or IndexUnreadable.
    """
    generation = _named(folder, name) if name else current_generation(folder)
    with closing(Index(generation)) as index:
        return index.name, index.manifest


def rollback(folder: Path, name: str = "") -> Path:
    """Make the generation `name`, or the newest whole one before the current, current again.

    The one it replaces is kept, marked as withdrawn, and not chosen again by itself; a later
    build follows the corpus as always. Raises IndexBusy, IndexMissing, IndexDamaged.
    """
    with _changing(folder):
        current = read_pointer(folder)
        target = _whole(folder, name) if name else _before(folder, current)
        point(target, replaced="" if target.name == current.generation else current.generation)
    return target


def collect(folder: Path, kept: int = KEPT) -> list[str]:
    """Delete all generations but the current and the newest others; return the deleted names.

    `kept` counts the current one. A generation that a reader holds is left for the next time.
    The caller holds the right to build.
    """
    try:
        current = read_pointer(folder).generation
        others = [g for g in published(folder) if g.name != current]
    except (IndexMissing, IndexDamaged):
        others = []  # who knows which of them is in use
    rejected = sorted(folder.glob(f"{PREFIX}*{REJECTED}"), key=lambda g: (sequence(g), g.name))
    doomed = others[: max(len(others) - (kept - 1), 0)] + rejected[:-KEPT_REJECTED]
    return [generation.name for generation in doomed if _delete(generation)]


def prune(folder: Path, kept: int) -> list[str]:
    """Collect at once, rejected generations included; return the deleted names.

    Raises IndexBusy, IndexMissing.
    """
    with _changing(folder):
        deleted = collect(folder, kept)
        rest = [g for g in folder.glob(f"{PREFIX}*{REJECTED}") if _delete(g)]
    return deleted + [generation.name for generation in rest]


@contextmanager
def _changing(folder: Path) -> Iterator[None]:
    with (
        files.reporting_full_disk(folder, UNCHANGED),
        reporting_unwritable(folder),
        building(folder),
    ):
        yield


def _delete(generation: Path) -> bool:
    """Delete a generation unless somebody holds it. It loses its name first: never half of one."""
    with _sole_hold(generation) as free:
        if free:
            doomed = generation.with_name(generation.name + UNFINISHED)
            files.rename(generation, doomed)
            files.remove_tree(doomed)
    return free


@contextmanager
def _sole_hold(generation: Path) -> Iterator[bool]:
    try:
        descriptor = os.open(generation / MANIFEST, os.O_RDONLY)
    except FileNotFoundError:
        yield True  # nothing to read, so nobody reads it
        return
    try:
        yield files.try_lock(descriptor, shared=False)
    finally:
        os.close(descriptor)


def _named(folder: Path, name: str) -> Path:
    if name not in {entry.name for entry in published(folder)}:
        raise IndexMissing(f"There is no generation {name!r} in {folder}. Run: waymark index list")
    return folder / name


def _whole(folder: Path, name: str) -> Path:
    generation = _named(folder, name)
    Index(generation).close()
    return generation


def _before(folder: Path, current: Pointer) -> Path:
    for generation in reversed(published(folder)):
        if sequence(generation) >= current.sequence:
            continue
        try:
            Index(generation).close()
        except (IndexDamaged, IndexMismatch):
            continue
        return generation
    raise IndexMissing(f"There is no older generation in {folder}. Run: waymark index list")


def _listed(generation: Path, pointer: Pointer | None) -> Listed:
    size = files.size_of(generation)
    try:
        manifest = read_manifest(generation)
    except (IndexDamaged, IndexMismatch):
        return Listed(generation.name, "unreadable", 0, "", 0, 0, size)
    return Listed(
        generation.name,
        _state(generation, pointer),
        manifest.sequence,
        manifest.created,
        manifest.documents,
        manifest.chunks,
        size,
    )


def _state(generation: Path, pointer: Pointer | None) -> State:
    if generation.suffix == REJECTED:
        return "rejected"
    if pointer and generation.name == pointer.generation:
        return "current"
    return "withdrawn" if pointer and generation.name == pointer.replaced else "kept"
