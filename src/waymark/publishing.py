"""Index folder: which generation is current, who may build, and how a new one replaces it.

The order of writes is that of LMDB and Lucene (design: docs/architecture.md): everything is
written and synced in a private folder, verified, renamed, and only then named in CURRENT, so
that a crash at any point leaves the old generation or the new one, never a mixture.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from waymark.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexMissing
from waymark.files import sha256_file, sync
from waymark.index import MANIFEST, read_manifest, verify_generation

CURRENT = "CURRENT"
LOCK = "LOCK"
PREFIX = "gen-"
UNFINISHED = ".tmp"
KEPT = 2  # the current generation and the one before it, so that open citations still resolve


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Hold the right to build in `folder`. Raises IndexBusy at once when another process has it.

    The lock is flock's: it ends with the process that holds it, so it never goes stale.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise IndexBusy(
                f"{folder} is being built by {holder}. Wait for it to end, then run again."
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")
        file.flush()
        _remove_unfinished(folder)
        yield


def new_folder(folder: Path) -> Path:
    """Create the private folder of the next generation and return it."""
    stamp = f"{PREFIX}{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    private = folder / (stamp + UNFINISHED)
    private.mkdir()
    return private


def next_sequence(folder: Path) -> int:
    """Return the number of the next generation: one more than the highest that is readable."""
    numbers = [0]
    for generation in folder.glob(f"{PREFIX}*"):
        try:
            numbers.append(read_manifest(generation).sequence)
        except (IndexDamaged, IndexMismatch):
            continue
    return max(numbers) + 1


def publish(private: Path) -> Path:
    """Sync, verify and rename `private`, then make it current. Returns its final folder.

    Raises IndexDamaged when what is on disk is not what was written; CURRENT is then unchanged.
    """
    folder = private.parent
    for path in private.iterdir():
        sync(path)
    verify_generation(private)
    sync(private)
    final = private.with_name(private.name.removesuffix(UNFINISHED))
    private.rename(final)
    sync(folder)
    pointer = folder / (CURRENT + UNFINISHED)
    content = {"generation": final.name, "manifest_sha256": sha256_file(final / MANIFEST)}
    pointer.write_text(json.dumps(content) + "\n", encoding="utf-8")
    sync(pointer)
    pointer.rename(folder / CURRENT)
    sync(folder)
    return final


def current_generation(folder: Path) -> Path:
    """Return the folder of the current generation.

    Raises IndexMissing when nothing was published, IndexDamaged when CURRENT or the manifest
    it names is not what was published.
    """
    try:
        content = json.loads((folder / CURRENT).read_text(encoding="utf-8"))
        generation = folder / str(content["generation"])
        expected = content["manifest_sha256"]
    except FileNotFoundError:
        raise IndexMissing(f"There is no index in {folder} yet. Run: waymark index") from None
    except (ValueError, KeyError, TypeError):
        raise IndexDamaged(f"{folder / CURRENT} is damaged. Run: waymark index") from None
    manifest = generation / MANIFEST
    if not manifest.is_file() or sha256_file(manifest) != expected:
        raise IndexDamaged(f"{manifest} is not the one that was published. Run: waymark index")
    return generation


def collect(folder: Path) -> list[str]:
    """Delete old generations but the newest `KEPT`; return the names of the deleted ones.

    Files are unlinked, never overwritten: a process that reads them keeps them.
    """
    current = current_generation(folder).name
    generations = sorted(_published(folder), key=lambda g: (g.name == current, _sequence(g)))
    doomed = generations[:-KEPT]
    for generation in doomed:
        shutil.rmtree(generation)
    return [generation.name for generation in doomed]


def _published(folder: Path) -> list[Path]:
    return [g for g in folder.glob(f"{PREFIX}*") if g.is_dir() and g.suffix != UNFINISHED]


def _sequence(generation: Path) -> int:
    try:
        return read_manifest(generation).sequence
    except (IndexDamaged, IndexMismatch):
        return 0


def _remove_unfinished(folder: Path) -> None:
    for leftover in folder.glob(f"*{UNFINISHED}"):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
