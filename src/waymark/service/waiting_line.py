"""A bounded first-come line for the language model, for async callers.

llama.cpp serves one prompt at a time (abetlen/llama-cpp-python#1529), a model server several. A
place belongs to a whole request, so that it is freed however the request ends.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, suppress

from starlette.concurrency import run_in_threadpool


class LineFull(Exception):
    """Nobody else can wait; try again later."""


class WaitingLine:
    """Admits `at_once` writers and up to `waiting` others; belongs to one event loop."""

    def __init__(self, waiting: int, at_once: int = 1) -> None:
        self.at_once = at_once
        self._capacity = waiting + at_once
        self._inside: set[Place] = set()
        self._order: list[Place] = []  # the first `at_once` have the model
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._inside)

    @property
    def full(self) -> bool:
        """There is no place left."""
        return len(self._inside) >= self._capacity

    def join(self) -> "Place":
        """Take a place. Raises LineFull at once when there is none."""
        if self.full:
            raise LineFull
        place = Place(self)
        self._inside.add(place)
        return place

    def _announce(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class Place:
    """One request's place; `leave` must be called once, whatever happened."""

    def __init__(self, line: WaitingLine) -> None:
        self._line = line
        self._cleanup = ExitStack()

    def on_leave(self, callback: Callable[[], None]) -> None:
        """Have `callback` run, in a worker thread, before the next in line has its turn."""
        self._cleanup.callback(callback)

    async def turn(self, every_seconds: float) -> AsyncIterator[int]:
        """Wait for the model; yield how many must leave first when that changes, and as a sign
        of life `every_seconds`. Ends when it is this place's turn."""
        order = self._line._order
        order.append(self)
        while True:
            # Taken before the place is looked up: who leaves while the caller deals with what
            # is yielded would otherwise go unnoticed, and the model idle, for `every_seconds`.
            changed = self._line._changed
            ahead = order.index(self) + 1 - self._line.at_once
            if ahead < 1:
                return
            yield ahead
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), every_seconds)

    async def leave(self) -> None:
        """Run the clean-up, then give the place to the next in line."""
        try:
            await run_in_threadpool(self._cleanup.close)
        finally:
            self._line._inside.discard(self)
            if self in self._line._order:
                self._line._order.remove(self)
            self._line._announce()
