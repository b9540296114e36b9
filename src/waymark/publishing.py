"""Index folder: which generation is current, who may build, and how a new one replaces it.

The order of writes is that of LMDB and Lucene (design: docs/architecture.md): everything is
written and synced in a private folder, verified, renamed, and only then named in CURRENT, so
that a crash at any point leaves the old generation or the new one, never a mixture.
"""

import os
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from waymark import files
from waymark.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexUnreadable,
    IndexUnwritable,
)
from waymark.files import sha256_file
from waymark.index import Index
from waymark.manifest import MANIFEST, read_manifest, reporting_unreadable, seal, unseal

CURRENT = "CURRENT"
LOCK = "LOCK"
UNCHANGED = "The index in use is whole."
# How `new_folder` names them, as a pattern: others may keep things of their own in the folder.
GENERATION = f"gen-{8 * '[0-9]'}T{6 * '[0-9]'}-{8 * '[0-9a-f]'}"
UNFINISHED = ".tmp"
REJECTED = ".rejected"
REASON = "rejected.txt"  # in a rejected generation: why it was not published
# In a generation taken out of use, for when CURRENT is lost. Empty: nothing of it can be damaged.
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Pointer:
    """The content of CURRENT.

    `previous` was current before; `withdrawn` were taken out of use by rollbacks, and none of them
    is chosen again unless a person names it. Where there is no CURRENT to read, `is_withdrawn`
    still knows them.
    """

    generation: str
    sequence: int
    manifest_sha256: str
    previous: str = ""
    withdrawn: tuple[str, ...] = ()


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
    """Return the number of the next generation: one more than the highest that is readable."""
    return 1 + max((sequence(g) for g in folder.glob(f"{GENERATION}*")), default=0)


def sequence(generation: Path) -> int:
    """Return the number of a generation, 0 when its manifest is not readable.

    Generations are ordered by it and never by a clock, which can be set back.
    """
    try:
        return read_manifest(generation).sequence
    except (IndexDamaged, IndexMismatch):
        return 0


def published(folder: Path) -> list[Path]:
    """Return the folders of complete generations, oldest first."""
    found = [g for g in folder.glob(GENERATION) if g.is_dir()]
    return sorted(found, key=lambda g: (sequence(g), g.name))


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


def point(generation: Path, withdrawn: Collection[str] = ()) -> None:
    """Name `generation` in CURRENT, in one step. This is the moment of publication.

    `withdrawn` are taken out of use, and those that were before stay so. They are marked before
    CURRENT changes, and the marks of others go after it: whatever is lost in between, none comes
    back that nobody named.
    """
    folder = generation.parent
    draft = folder / (CURRENT + UNFINISHED)
    before = last_pointer(folder)
    kept = published(folder)
    out_of_use = {*withdrawn, *(g.name for g in kept if is_withdrawn(g, before))}
    out_of_use -= {generation.name}
    fields = {
        "generation": generation.name,
        "sequence": sequence(generation),
        "manifest_sha256": sha256_file(generation / MANIFEST),
        "previous": _previous(before, generation.name),
        "withdrawn": [g.name for g in kept if g.name in out_of_use],
    }
    _mark([g for g in kept if g.name in out_of_use])
    files.write(draft, seal(fields))
    _check_draft(draft)
    files.rename(draft, folder / CURRENT)
    files.sync(folder)
    _unmark([g for g in kept if g.name not in out_of_use])


def is_withdrawn(generation: Path, pointer: Pointer | None) -> bool:
    """Tell whether a rollback took `generation` out of use: as CURRENT says, else by its mark."""
    if pointer:
        return generation.name in pointer.withdrawn
    return (generation / WITHDRAWN).exists()


def _mark(generations: Sequence[Path]) -> None:
    for generation in generations:
        if not (generation / WITHDRAWN).exists():
            files.write(generation / WITHDRAWN, b"")
            files.sync(generation)


def _unmark(generations: Sequence[Path]) -> None:
    """Take marks away that mean nothing any more: of what was named since, of a rollback that did
    not end."""
    for generation in generations:
        if (generation / WITHDRAWN).exists():
            files.remove(generation / WITHDRAWN)


def _check_draft(draft: Path) -> None:
    """No later check finds out a lost end of this file before it is in use."""
    try:
        unseal(files.read(draft))
    except ValueError as error:
        raise IndexDamaged(f"{draft} was not written whole ({error}). Run: waymark index") from None


def _previous(before: Pointer | None, name: str) -> str:
    """What was current before `name`, also where it is named once more."""
    if before is None:
        return ""
    return before.previous if before.generation == name else before.generation


def read_pointer(folder: Path) -> Pointer:
    """Return what CURRENT says. Raises IndexMissing, IndexDamaged or IndexUnreadable."""
    path = folder / CURRENT
    try:
        with reporting_unreadable(path):
            try:
                data = files.read(path)
            except FileNotFoundError:
                raise IndexMissing(
                    f"There is no index in {folder} yet. Run: waymark index"
                ) from None
        fields = unseal(data)
        # Until schema 6 CURRENT named the one generation that the last rollback took out of use.
        replaced = fields.pop("replaced", "")
        withdrawn = fields.pop("withdrawn", [replaced] if replaced else [])
        return Pointer(**fields, withdrawn=tuple(withdrawn))
    except (ValueError, TypeError):
        raise IndexDamaged(
            f"{path} is damaged, or of another version. Run: waymark index"
        ) from None


def last_pointer(folder: Path) -> Pointer | None:
    """Return what CURRENT says, None when it is missing or damaged. Raises IndexUnreadable."""
    try:
        return read_pointer(folder)
    except (IndexMissing, IndexDamaged):
        return None


def current_generation(folder: Path) -> Path:
    """Return the folder of the current generation.

    Raises IndexMissing when nothing was published, IndexDamaged when CURRENT or the manifest
    it names is not what was published, IndexUnreadable when the system refuses.
    """
    pointer = read_pointer(folder)
    manifest = folder / pointer.generation / MANIFEST
    with reporting_unreadable(manifest):
        if not manifest.is_file() or sha256_file(manifest) != pointer.manifest_sha256:
            raise IndexDamaged(f"{manifest} is not the one that was published. Run: waymark index")
    return manifest.parent


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


def older(folder: Path, pointer: Pointer | None) -> list[Path]:
    """Return the generations before the current one, or all where it is not known, oldest first
    and without those withdrawn."""
    usable = [g for g in published(folder) if not is_withdrawn(g, pointer)]
    return [g for g in usable if pointer is None or sequence(g) < pointer.sequence]


def _remove_unfinished(folder: Path) -> None:
    for name in (f"{GENERATION}*{UNFINISHED}", CURRENT + UNFINISHED):
        for leftover in folder.glob(name):
            files.remove_tree(leftover)
