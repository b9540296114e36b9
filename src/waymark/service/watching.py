"""Corpus folder → a build after each change of its documents, reported in a few lines.

Only importer of watchfiles, which learns of changes from the system and waits until they have
calmed down. What counts as a change is decided by looking at the documents themselves: editors'
temporary and hidden files are none, and network shares, which tell of nothing, are seen too.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from waymark.corpus import UNREADABLE, document_paths
from waymark.errors import (
    BuildCrashed,
    CorpusError,
    IndexBusy,
    IndexUnreadable,
    IndexUnwritable,
    OutOfSpace,
    WaymarkError,
)
from waymark.gate import GATE

QUIET_MS = 500  # without a further change, before a build
LONGEST_MS = 5_000  # that a build is put off while changes go on
LOOK_MS = 5_000  # between looks at a folder that tells of no change
RETRY_SECONDS = 30.0  # after a failure that may pass without a change of the documents
LONGEST_RETRY_SECONDS = 3_600.0  # the delay doubles until then: each try costs a whole build
PASSING = frozenset(
    kind.code
    for kind in (
        BuildCrashed,
        CorpusError,  # a share may be away
        IndexBusy,
        IndexUnreadable,
        IndexUnwritable,
        OutOfSpace,
    )
)

# Inode, bytes, nanoseconds of the last change of the content and of the last change of any kind:
# of rights, for example.
Snapshot = dict[Path, tuple[int, int, int, int]]

log = logging.getLogger(__name__)


def changes(folder: Path, stop: threading.Event) -> Generator[None, bool | None, None]:
    """Yield at once, then whenever a document was added, changed, renamed or removed, or the
    golden questions were.

    Yields again after a while without a change when True is sent, and after twice as long each
    time that it is sent anew. Survives that the folder is away for a while. Ends soon after `stop`
    is set.
    """
    known: Snapshot | None = None
    due = math.inf
    delay = 0.0
    for _ in _ticks(folder, stop):
        seen = snapshot(folder)
        if seen == known and time.monotonic() < due:
            continue
        delay = min(2 * delay, LONGEST_RETRY_SECONDS) if seen == known else RETRY_SECONDS
        known = seen
        due = time.monotonic() + delay if (yield) else math.inf


def snapshot(folder: Path) -> Snapshot:
    """Return what tells whether a build of `folder` would end differently; empty without it."""
    found: Snapshot = {}
    try:
        paths = document_paths(folder)
    except (CorpusError, OSError):
        return found
    for path in (*paths, folder / GATE):
        try:
            state = path.stat()
        except OSError:
            continue
        found[path] = (state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
    return found


def keep_building(
    changed: Generator[None, bool | None, None],
    build: Callable[[], Mapping[str, Any]],
    say: Callable[[str], None],
    complain: Callable[[str], None],
) -> None:
    """Build once for each item of `changed`; `say` gets a line on each, and one on each file that
    was skipped; `complain` gets the line if it failed.

    `build` returns the fields of a BuildReport. After what may pass, a failure or a file that
    cannot be read, `changed` is sent True, so that no change is lost.
    """
    again: bool | None = None
    with suppress(StopIteration):
        while True:
            changed.send(again)
            began = time.monotonic()
            report, failure = _attempt(build)
            again = _may_pass(failure) if failure else _is_partial(report)
            tell = complain if failure else say
            line = _explained(failure) if failure else summary(report)
            tell(f"{datetime.now():%H:%M:%S} {line} ({time.monotonic() - began:.1f} s)")
            for entry in report.get("skipped", ()):
                say(f"  skipped {entry['path']}: {entry['reason']}")


def _attempt(
    build: Callable[[], Mapping[str, Any]],
) -> tuple[Mapping[str, Any], Exception | None]:
    """Return the report of a build, and why it failed, if it did."""
    try:
        return build(), None
    except Exception as error:
        log.debug("the build failed", exc_info=error)
        return {}, error


def _explained(failure: Exception) -> str:
    kind = "" if isinstance(failure, WaymarkError) else f"{type(failure).__name__}: "
    return f"failed: {kind}{' '.join(str(failure).split())}"


def _is_partial(report: Mapping[str, Any]) -> bool:
    """Tell whether a file is missing that may be readable later though no document changes."""
    return any(entry["reason"].startswith(UNREADABLE) for entry in report["skipped"])


def _may_pass(failure: Exception) -> bool:
    """Tell whether a build may succeed later though no document changes."""
    if isinstance(failure, WaymarkError):
        return failure.code in PASSING
    return isinstance(failure, OSError | MemoryError)  # no process or no memory for it


def summary(report: Mapping[str, Any]) -> str:
    """What a build did, given the fields of its BuildReport, as part of a line."""
    state = "published" if report["published"] else "unchanged"
    kinds = ("added", "changed", "removed", "skipped")
    counts = [f"{len(report[kind])} {kind}" for kind in kinds]
    if report["unreadable"]:
        counts.append(f"no longer readable: {', '.join(report['unreadable'])}")
    return f"{state} {report['generation']}: {', '.join(counts)}"


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
