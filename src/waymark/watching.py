"""Corpus folder → a build after each change of its documents, one line of report each.

Only importer of watchfiles, which learns of changes from the system and waits until they have
calmed down. What counts as a change is decided by looking at the documents themselves: editors'
temporary and hidden files are none, and network shares, which tell of nothing, are seen too.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from waymark.corpus import document_paths
from waymark.errors import CorpusError, WaymarkError

QUIET_MS = 500  # without a further change, before a build
LONGEST_MS = 5_000  # that a build is put off while changes go on
LOOK_MS = 5_000  # between looks at a folder that tells of no change

Snapshot = dict[Path, tuple[int, int, int]]  # inode, bytes, nanoseconds of the last change

log = logging.getLogger(__name__)


def changes(folder: Path, stop: threading.Event) -> Iterator[None]:
    """Yield at once, then whenever a document was added, changed, renamed or removed.

    Survives that the folder is away for a while. Ends soon after `stop` is set.
    """
    known: Snapshot | None = None
    for _ in _ticks(folder, stop):
        seen = snapshot(folder)
        if seen != known:
            known = seen
            yield


def snapshot(folder: Path) -> Snapshot:
    """Return what tells whether the documents of `folder` have changed; empty without it."""
    found: Snapshot = {}
    try:
        paths = document_paths(folder)
    except (CorpusError, OSError):
        return found
    for path in paths:
        try:
            state = path.stat()
        except OSError:
            continue
        found[path] = (state.st_ino, state.st_size, state.st_mtime_ns)
    return found


def keep_building(
    changed: Iterable[None], build: Callable[[], str], say: Callable[[str], None]
) -> None:
    """Build once for each item of `changed`; `say` gets one line each, failures included."""
    for _ in changed:
        began = time.monotonic()
        try:
            line = build()
        except WaymarkError as error:
            line = f"failed: {' '.join(str(error).split())}"
        except Exception as error:
            log.debug("the build failed", exc_info=error)
            line = f"failed: {type(error).__name__}: {' '.join(str(error).split())}"
        say(f"{datetime.now():%H:%M:%S} {line} ({time.monotonic() - began:.1f} s)")


def summary(report: Mapping[str, Any]) -> str:
    """What a build did, given the fields of its BuildReport, as part of a line."""
    state = "published" if report["published"] else "unchanged"
    kinds = ("added", "changed", "removed", "skipped")
    counts = ", ".join(f"{len(report[kind])} {kind}" for kind in kinds)
    return f"{state} {report['generation']}: {counts}"


def _ticks(folder: Path, stop: threading.Event) -> Iterator[None]:
    """Yield at once, after changes anywhere in `folder`, and every `LOOK_MS`."""
    from watchfiles import watch

    yield
    while not stop.is_set():
        watched = _identity(folder)
        try:
            for _ in watch(
                folder,
                watch_filter=None,
                debounce=LONGEST_MS,
                step=QUIET_MS,
                rust_timeout=LOOK_MS,
                yield_on_timeout=True,
                stop_event=stop,
            ):
                yield
                if _identity(folder) != watched:
                    break  # another folder of that name: the system tells nothing about it yet
        except (OSError, RuntimeError) as error:  # no such folder, or too many are watched
            log.debug("looking every %d ms instead of watching: %s", LOOK_MS, error)
            stop.wait(LOOK_MS / 1000)
            yield


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        state = folder.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino
