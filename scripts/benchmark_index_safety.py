"""Kill builds, flip bits, fill the disk and swap under readers; count what went wrong.

    python scripts/benchmark_index_safety.py --kills 200 --flips 500 --swaps 50

Every promise of docs/architecture.md about the index is broken on purpose with a small made-up
corpus and vectors; the counts of bad states must be 0. Exits with 1 when one is not.
"""

import errno
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from crashing_builds import (
    MOMENTS,
    Action,
    Builder,
    Point,
    act,
    build,
    contents,
    operations,
    seen,
    struck,
    write_corpus,
)
from waymark.errors import OutOfSpace, WaymarkError
from waymark.store.generations import KEPT, collect
from waymark.store.index import Index
from waymark.store.pointer import CURRENT, current_generation, published
from waymark.store.publishing import building, open_current

EDITIONS = 4  # three that are published already, and one to build
TIMED = 0.4  # share of kills that come from a clock and not at a chosen operation
LONGEST = 0.08  # seconds until such a kill; about as long as a build of this corpus takes


@dataclass(frozen=True, slots=True)
class Case:
    """A command to be killed: at `point`, or at a random time of its run when that is None."""

    action: Action
    first: bool
    point: Point | None


class Scene:
    """A corpus, an index folder of three generations, and what each edition looks like."""

    def __init__(self, folder: Path) -> None:
        """Build every edition from scratch in `folder`."""
        self.corpus, self.index = folder / "corpus", folder / "index"
        self._template = folder / "template"
        self.editions: list[dict[str, Any]] = []
        for edition in range(EDITIONS):
            write_corpus(self.corpus, edition)
            self.editions.append(self._from_scratch(folder / "scratch"))
            if edition < EDITIONS - 1:
                build(self.corpus, self._template)

    def reset(self, first: bool) -> None:
        """Put the index folder back, empty or with its three generations, and the last edition."""
        write_corpus(self.corpus, EDITIONS - 1)
        shutil.rmtree(self.index, ignore_errors=True)
        if not first:
            shutil.copytree(self._template, self.index)

    def allowed(self, case: Case) -> list[dict[str, Any] | None]:
        """What may be seen after the kill: the state before it, or the one after it."""
        before = None if case.first else self.editions[-2]
        after = {"build": self.editions[-1], "rollback": self.editions[-3], "prune": before}
        return [before, after[case.action]]

    def check_recovery(self) -> None:
        """The next build needs no help, leaves no leftovers and equals one from scratch."""
        build(self.corpus, self.index)
        assert seen(self.index) == self.editions[-1], "a build after the kill is not whole"
        assert not list(self.index.glob("*.tmp")), "leftovers"

    def _from_scratch(self, folder: Path) -> dict[str, Any]:
        build(self.corpus, folder)
        found = seen(folder)
        assert found
        shutil.rmtree(folder)
        return found


def cases(scene: Scene) -> list[Case]:
    """Every operation of every command, before, during and after it."""
    found = []
    actions: list[tuple[Action, bool]] = [
        ("build", True),
        ("build", False),
        ("rollback", False),
        ("prune", False),
    ]
    for action, first in actions:
        scene.reset(first)
        count = len(operations(action, scene.corpus, scene.index))
        points = [Point(nth, moment) for nth in range(1, count + 1) for moment in MOMENTS]
        found += [Case(action, first, point) for point in points]
    return found


def kill_once(builder: Builder, scene: Scene, case: Case, seconds: float = 0.0) -> bool:
    """Kill one command, check what is left and build again; was it killed before its end?

    Raises AssertionError for a state that must not be.
    """
    scene.reset(case.first)
    pid = builder.start(case.action, scene.corpus, scene.index, case.point)
    if case.point is None:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
    status = builder.wait()
    assert status in (0, -signal.SIGKILL), f"the builder failed by itself ({status})"
    assert seen(scene.index) in scene.allowed(case), "neither the old index nor the new one"
    scene.check_recovery()
    return status != 0


def fill_once(scene: Scene, point: Point, code: int = errno.ENOSPC) -> bool:
    """Refuse one file operation of a build with `code`; was the build refused?

    Raises AssertionError when the index in use is not whole afterwards.
    """

    def refuse() -> None:
        raise OSError(code, os.strerror(code))

    scene.reset(first=False)
    refused = False
    with struck(point, refuse):
        try:
            act("build", scene.corpus, scene.index)
        except OutOfSpace as error:
            refused = "space" in str(error)
            assert refused, "the message does not say why"
    found = seen(scene.index)
    # From the rename of CURRENT on the new generation is in use.
    assert found in (scene.editions[-2], scene.editions[-1])
    kept = len(published(scene.index))
    assert kept <= KEPT or found == scene.editions[-1], "a refused build takes space"
    scene.check_recovery()
    return refused


def flip_once(folder: Path, path: Path, bit: int) -> bool:
    """Flip one bit of a file of the current generation; was it noticed? The bit is put back."""
    data = path.read_bytes()
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    path.write_bytes(changed)
    try:
        Index(current_generation(folder)).close()
    except WaymarkError:
        return True
    finally:
        path.write_bytes(data)
    return False


def spread_flips(scene: Scene, count: int, chance: random.Random) -> Iterator[tuple[Path, int]]:
    """Yield `count` bits, spread evenly over CURRENT and the files of its generation."""
    generation = current_generation(scene.index)
    paths = [scene.index / CURRENT, *sorted(generation.iterdir())]
    for i in range(count):
        path = paths[i % len(paths)]
        yield path, chance.randrange(path.stat().st_size * 8)


def swap_under_readers(scene: Scene, swaps: int, readers: int) -> Counter[str]:
    """Publish and collect `swaps` times while threads open, search and close; count."""
    scene.reset(first=False)
    stop = threading.Event()
    read: list[Counter[str]] = [Counter() for _ in range(readers)]
    threads = [threading.Thread(target=_read_until, args=(scene, stop, c)) for c in read]
    for thread in threads:
        thread.start()
    counts: Counter[str] = Counter()
    for swap in range(swaps):
        write_corpus(scene.corpus, swap % EDITIONS)
        build(scene.corpus, scene.index)
        with building(scene.index):
            counts["collected"] += len(collect(scene.index, 1))
        counts["swaps"] += 1
    stop.set()
    for thread in threads:
        thread.join()
    return sum(read, counts)


def _read_until(scene: Scene, stop: threading.Event, counts: Counter[str]) -> None:
    while not stop.is_set():
        try:
            index, warning = open_current(scene.index)
            with closing(index):
                counts["reads"] += 1
                whole = warning is None and contents(index) in scene.editions
                counts["BAD: read of a mixture"] += not whole
        except WaymarkError as error:
            counts[f"BAD: {error.code}"] += 1


def attack(attempts: Iterable[Callable[[], bool]], yes: str, no: str) -> Counter[str]:
    """Count the outcomes; an AssertionError is a bad state, counted under what it says."""
    counts = Counter({yes: 0, no: 0})
    for attempt in attempts:
        try:
            counts[yes if attempt() else no] += 1
        except AssertionError as error:
            counts[f"BAD: {error}"] += 1
    return counts


def kills_of(points: Sequence[Case], kills: int, chance: random.Random) -> list[Case]:
    """Return `kills` cases: most at operations spread over all commands, some by the clock."""
    timed = round(kills * TIMED)
    spread = [points[i * len(points) // (kills - timed)] for i in range(kills - timed)]
    return spread + [Case("build", chance.random() < 0.3, None) for _ in range(timed)]


@click.command()
@click.option("--kills", default=200, show_default=True)
@click.option("--flips", default=500, show_default=True)
@click.option("--swaps", default=50, show_default=True)
@click.option("--readers", default=4, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(kills: int, flips: int, swaps: int, readers: int, seed: int) -> None:
    """Print the counts of each attack."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, Builder() as builder:
        scene = Scene(Path(folder))
        points = cases(scene)
        killed = attack(
            (
                partial(kill_once, builder, scene, case, chance.uniform(0.0, LONGEST))
                for case in kills_of(points, kills, chance)
            ),
            "killed",
            "ended before the kill",
        )
        builds = [c.point for c in points if c.action == "build" and not c.first and c.point]
        filled = attack(
            (partial(fill_once, scene, point) for point in builds),
            "disk full, build refused",
            "disk full while old generations were deleted",
        )
        scene.reset(first=False)
        flipped = attack(
            (partial(flip_once, scene.index, *flip) for flip in spread_flips(scene, flips, chance)),
            "bit flips noticed",
            "BAD: bit flips not noticed",
        )
        swapped = swap_under_readers(scene, swaps, readers)
    bad = 0
    for counts in (killed, filled, flipped, swapped):
        for name, count in counts.items():
            click.echo(f"{count:7,}  {name}")
            bad += count if name.startswith("BAD") else 0
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
