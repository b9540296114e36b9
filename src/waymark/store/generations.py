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
from waymark.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexUnreadable
from waymark.store.index import Index
from waymark.store.manifest import MANIFEST, Manifest, read_manifest
from waymark.store.pointer import (
    GENERATION,
    UNFINISHED,
    Pointer,
    current_generation,
    is_withdrawn,
    last_pointer,
    older,
    point,
    published,
    read_pointer,
    sequence,
)
from waymark.store.publishing import REJECTED, UNCHANGED, building, reporting_unwritable

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


@dataclass(frozen=True, slots=True)
class Pruned:
    """Names of generations that were deleted, and of those that a reader still holds."""

    deleted: tuple[str, ...]
    held: tuple[str, ...]


def list_generations(folder: Path) -> list[Listed]:
    """Return what is in the index folder, newest first. Reads manifests only.

    A generation that a build deletes meanwhile is left out. None is called current where CURRENT
    cannot be read.
    """
    pointer: Pointer | None = None
    with suppress(IndexUnreadable):
        pointer = last_pointer(folder)
    listed = []
    for generation in (*folder.glob(GENERATION), *folder.glob(GENERATION + REJECTED)):
        if generation.is_dir():
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


def rollback(folder: Path, name: str = "", embedding_model: str = "") -> Path:
    """Make the generation `name`, or the newest whole one before the current, current again.

    Those newer than it are kept, marked as withdrawn, and not chosen again by themselves; a later
    build follows the corpus as always. Only a generation of `embedding_model`, where one is named,
    is chosen. One that is named needs no CURRENT: it may come from a copy. Raises IndexBusy,
    IndexMissing, IndexDamaged, IndexMismatch, IndexUnreadable.
    """
    with _changing(folder):
        if name:
            target = _named(folder, name)
            _check(target, embedding_model)
        else:
            target = _before(folder, read_pointer(folder), embedding_model)
        number = sequence(target)
        point(target, [g.name for g in published(folder) if sequence(g) > number])
    return target


def collect(folder: Path, kept: int = KEPT) -> list[str]:
    """Delete all generations but the current, the one before it and the newest others; return
    the deleted names.

    `kept` counts the current one. A generation that a reader holds is left for the next time.
    The caller holds the right to build.
    """
    return [g.name for g in _superfluous(folder, kept, KEPT_REJECTED) if _delete(g)]


def prune(folder: Path, kept: int) -> Pruned:
    """Collect at once, rejected generations included. Raises IndexBusy."""
    with _changing(folder):
        done = [(g.name, _delete(g)) for g in _superfluous(folder, kept, 0)]
    deleted = tuple(name for name, gone in done if gone)
    return Pruned(deleted, tuple(name for name, gone in done if not gone))


def _superfluous(folder: Path, kept: int, kept_rejected: int) -> list[Path]:
    """The generations to be deleted, oldest first; none while nobody knows which is in use."""
    pointer = last_pointer(folder)
    current, previous = (pointer.generation, pointer.previous) if pointer else ("", "")
    others = [g for g in published(folder) if current and g.name != current]
    # Withdrawn ones take no place of good ones; the one that was current before, which after a
    # rollback need not be the newest, is the last to go.
    others.sort(key=lambda g: (g.name == previous, not is_withdrawn(g, pointer)))
    rejected = sorted(folder.glob(GENERATION + REJECTED), key=lambda g: (sequence(g), g.name))
    return _all_but_last(others, kept - 1) + _all_but_last(rejected, kept_rejected)


def _all_but_last(generations: list[Path], kept: int) -> list[Path]:
    return generations[: max(len(generations) - kept, 0)]


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


def _check(generation: Path, embedding_model: str) -> None:
    """Raise unless `generation` is whole and, where `embedding_model` is named, made by it."""
    with closing(Index(generation)) as index:
        made_by = index.manifest.embedding_model
    if embedding_model and made_by != embedding_model:
        raise IndexMismatch(
            f"{generation.name} was built with {made_by}, but {embedding_model} is configured. "
            "Nothing was changed. Run: waymark index list"
        )


def _before(folder: Path, current: Pointer, embedding_model: str) -> Path:
    for generation in reversed(older(folder, current)):
        try:
            _check(generation, embedding_model)
        except (IndexDamaged, IndexMismatch):
            continue
        return generation
    raise IndexMissing(
        f"There is no older generation in {folder} that can be used. Run: waymark index list"
    )


def _listed(generation: Path, pointer: Pointer | None) -> Listed:
    size = _size(generation)
    try:
        manifest = read_manifest(generation)
    except (IndexDamaged, IndexMismatch, IndexUnreadable):
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


def _size(generation: Path) -> int:
    """The bytes of a generation; 0 where the system does not let us look."""
    try:
        return files.size_of(generation)
    except PermissionError:
        return 0


def _state(generation: Path, pointer: Pointer | None) -> State:
    if generation.suffix == REJECTED:
        return "rejected"
    if pointer and generation.name == pointer.generation:
        return "current"
    return "withdrawn" if is_withdrawn(generation, pointer) else "kept"
