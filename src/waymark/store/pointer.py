"""CURRENT: which generation answers, which did before it, and which were taken out of use.

Replaced by one rename, which is the moment of publication. Knows nothing of building, nor of what
is in a generation.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from waymark import files
from waymark.errors import IndexDamaged, IndexMismatch, IndexMissing
from waymark.files import sha256_file
from waymark.store.manifest import MANIFEST, read_manifest, reporting_unreadable, seal, unseal

CURRENT = "CURRENT"
# How `new_folder` names them, as a pattern: others may keep things of their own in the folder.
GENERATION = f"gen-{8 * '[0-9]'}T{6 * '[0-9]'}-{8 * '[0-9a-f]'}"
UNFINISHED = ".tmp"
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


def published(folder: Path) -> list[Path]:
    """Return the folders of complete generations, oldest first."""
    found = [g for g in folder.glob(GENERATION) if g.is_dir()]
    return sorted(found, key=lambda g: (sequence(g), g.name))


def sequence(generation: Path) -> int:
    """Return the number of a generation, 0 when its manifest is damaged or of another version.

    Generations are ordered by it and never by a clock, which can be set back. Raises
    IndexUnreadable when the system refuses: to guess an order could remove the wrong one.
    """
    try:
        return read_manifest(generation).sequence
    except (IndexDamaged, IndexMismatch):
        return 0


def older(folder: Path, pointer: Pointer | None) -> list[Path]:
    """Return the generations before the current one, or all where it is not known, oldest first
    and without those withdrawn."""
    usable = [g for g in published(folder) if not is_withdrawn(g, pointer)]
    return [g for g in usable if pointer is None or sequence(g) < pointer.sequence]


def is_withdrawn(generation: Path, pointer: Pointer | None) -> bool:
    """Tell whether a rollback took `generation` out of use: as CURRENT says, else by its mark."""
    if pointer:
        return generation.name in pointer.withdrawn
    return (generation / WITHDRAWN).exists()


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
