"""The answerer in use: lent to requests, exchanged when a new generation is published.

Lies between `assembly` and `app`; knows threads, not async. A request keeps the answerer it began
with, so its citations are of the generation it names. Opening, verifying and warming the next
one happens in the thread that calls `refresh`; requests only ever see one reference change.
"""

import logging
import math
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from waymark.answering import Answerer
from waymark.errors import IndexDamaged, IndexMismatch, IndexUnreadable, WaymarkError
from waymark.store.index import Index
from waymark.store.pointer import CURRENT
from waymark.types import QuotesEvent

OPEN = 2  # generations: the one in use and the one before it, whose citations are on screens
RETRY_SECONDS = 30.0  # after a failure that may pass: memory, permissions, a restored file
WARMED = 4  # changed documents searched for before the exchange
STILL_LOADING = "The models are still loading. Try again in a moment."
CANNOT_ANSWER = "Waymark cannot answer right now."

_NAME = re.compile(r"gen-\w+-[0-9a-f]{8}")

log = logging.getLogger(__name__)


class NotReady(WaymarkError):
    """The models are still loading, or could not be loaded."""

    code = "not_ready"


class GenerationGone(WaymarkError):
    """The generation of a citation is no longer kept."""

    code = "generation_gone"


@dataclass(eq=False, slots=True)
class _Lent:
    """An open generation and how many requests use it."""

    index: Index
    leases: int = 0
    retired: bool = False


class Serving:
    """Lends the answerer of the current generation; safe to use from several threads.

    `load` makes the first answerer, with a `notice` if its answers are quotations only; `reopen`
    opens the generation that is current now, for the answerer that is in use. `problem` says why
    there is no answerer, or why the one in use is not that of the current generation. Both are for
    operators, and None when all is well.
    """

    def __init__(
        self,
        folder: Path,
        load: Callable[[], tuple[Answerer, str | None]],
        reopen: Callable[[Answerer], Index],
    ) -> None:
        self.problem: str | None = None
        self.notice: str | None = None
        self._folder = folder
        self._load = load
        self._reopen = reopen
        self._answerer: Answerer | None = None  # in use
        self._open: list[_Lent] = []  # the last is that of the answerer in use
        self._beside: list[_Lent] = []  # the one, if any, that a citation needed last
        self._lock = threading.Lock()
        self._opening = threading.Lock()  # for it: each takes as much memory as the one in use
        self._seen: str | None = None
        self._try_at = 0.0  # by time.monotonic
        self._ahead: Iterator[bool] = iter(())

    @property
    def reason(self) -> str | None:
        """Why the service is not all that it should be, for operators."""
        return self.problem or self.notice or self.failing

    @property
    def failing(self) -> str | None:
        """Why the language model failed when it was last used, for operators; None if it wrote."""
        answerer = self._answerer
        failure = answerer.generator.failure if answerer else None
        return f"Answers are quotations only at present. {failure}" if failure else None

    @contextmanager
    def lease(self) -> Iterator[Answerer]:
        """Lend the answerer in use; its index stays open until the lease ends.

        Raises NotReady; what is missing is said in `problem` alone.
        """
        with self._lock:
            answerer = self._answerer
            if answerer is None:
                raise NotReady(CANNOT_ANSWER if self.problem else STILL_LOADING)
            lent = self._open[-1]
            lent.leases += 1
        try:
            yield answerer
        finally:
            self._give_back(lent)

    @contextmanager
    def lease_generation(self, name: str) -> Iterator[Index]:
        """Lend the index of the generation `name`, opened from disk if it is kept there.

        The last one opened so stays open for the next citation. Raises GenerationGone.
        """
        lent = self._lend(name)
        if lent is None:
            with self._opening:
                lent = self._lend(name) or self._lend_kept(name)
        try:
            yield lent.index
        finally:
            self._give_back(lent)

    def swap(self, answerer: Answerer) -> None:
        """Put `answerer` in use. The index before it stays open; older ones close after their last
        lease."""
        self._ahead = answerer.embed_ahead()
        with self._lock:
            self._open.append(_Lent(answerer.index))
            self._answerer = answerer
        self._retire(OPEN)

    def refresh(self) -> None:
        """Bring what is served in line with CURRENT; never raises, see `problem`.

        To be called by one thread, again and again. Does nothing while CURRENT is as it was.
        """
        pointer = self._pointer()
        if pointer == self._seen and time.monotonic() < self._try_at:
            return
        failure = None
        try:
            self._follow()
        except Exception as error:
            if self._pointer() != pointer:
                return  # published anew while this one was being opened: try that one next
            failure = error
        self._seen = pointer
        self._try_at = time.monotonic() + RETRY_SECONDS if failure else math.inf
        self._report(failure)

    def follow(
        self, stop: threading.Event, every_seconds: float, on_ready: Callable[[], None]
    ) -> None:
        """Refresh until `stop` is set, whatever fails; call `on_ready` once there is an
        answerer."""
        announced = False
        while not stop.is_set():
            self.refresh()
            if self._open and not announced:
                announced = True
                try:
                    on_ready()
                except Exception:
                    log.exception("ready, which could not be announced")
            self._embed_ahead(stop, time.monotonic() + every_seconds)

    def _embed_ahead(self, stop: threading.Event, until: float) -> None:
        """Use the time until the next look while nobody is being answered."""
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            busy = any(lent.leases for lent in self._open)
            if busy or not self._embed_next():
                stop.wait(left)

    def _embed_next(self) -> bool:
        """Embed the sentences of one more passage; False when there is none left to embed."""
        try:
            return next(self._ahead, False)
        except Exception:
            log.exception("sentences are no longer embedded ahead")
            self._ahead = iter(())
            return False

    def close(self) -> None:
        """Close every generation that no request uses, and the others after their last lease."""
        with self._lock:
            self._answerer = None
        self._retire(0)

    def _follow(self) -> None:
        old = self._answerer or self._first()  # which may be of an older generation
        index = self._reopen(old)
        try:
            if index.name == old.index.name:
                index.close()
                return
            answerer = old.over(index)
            warm(answerer, old.index)
        except BaseException:
            index.close()
            raise
        self.swap(answerer)
        log.info("now serving %s", index.name)

    def _first(self) -> Answerer:
        answerer, self.notice = self._load()
        if self.notice:
            log.warning("%s", self.notice)
        ask_first(answerer)
        self.swap(answerer)
        return answerer

    def _report(self, failure: Exception | None) -> None:
        """Note what is wrong, and log it once however often it is met."""
        problem = _explained(failure) if failure else None
        if problem and problem != self.problem:
            state = "still serving the generation before it" if self._open else "not ready"
            unexpected = not isinstance(failure, WaymarkError)
            log.error("%s: %s", state, problem, exc_info=failure if unexpected else None)
        self.problem = problem

    def _pointer(self) -> str:
        try:
            return (self._folder / CURRENT).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            return type(error).__name__

    def _lend(self, name: str) -> _Lent | None:
        """Lend the generation `name` if it is open."""
        with self._lock:
            lent = next((o for o in (*self._open, *self._beside) if o.index.name == name), None)
            if lent:
                lent.leases += 1
        return lent

    def _lend_kept(self, name: str) -> _Lent:
        """Open the generation `name` in place of the one opened so before, and lend it."""
        lent = _Lent(self._open_kept(name), leases=1)
        self._retire(OPEN)
        with self._lock:
            self._beside = [lent]
        return lent

    def _open_kept(self, name: str) -> Index:
        gone = GenerationGone(
            f"The generation {name[:80]} is no longer kept. Leave out `generation` to read the "
            "document as it is now."
        )
        if not _NAME.fullmatch(name):
            raise gone
        try:
            return Index(self._folder / name)
        except (IndexDamaged, IndexMismatch, IndexUnreadable, FileNotFoundError):
            raise gone from None

    def _give_back(self, lent: _Lent) -> None:
        with self._lock:
            lent.leases -= 1
            unused = lent.retired and lent.leases == 0
        if unused:
            lent.index.close()

    def _retire(self, keep: int) -> None:
        """Close what is open beside, and all but the last `keep`, each after its last lease."""
        with self._lock:
            split = max(len(self._open) - keep, 0)
            retired = [*self._beside, *self._open[:split]]
            self._beside, self._open = [], self._open[split:]
            for lent in retired:
                lent.retired = True
            unused = [lent for lent in retired if lent.leases == 0]
        for lent in unused:
            lent.index.close()


def ask_first(answerer: Answerer) -> None:
    """Ask the first question, up to the quotes, before anybody else does.

    What is loaded at first use, place names above all, would otherwise hold up every request in
    the process: reading them holds the interpreter's lock (2.6 s seen on a busy machine).
    """
    document = next(iter(answerer.index.documents_without_text()), None)
    if document:
        with closing(answerer.answer(document.suggestion)) as events:
            any(isinstance(event, QuotesEvent) for event in events)


def warm(answerer: Answerer, before: Index) -> None:
    """Search for documents that `before` did not hold as they are now.

    What is read from disk only once is then read; and a generation that cannot be searched fails
    here rather than before visitors. Answering as well would embed every sentence of the passages
    found, 1 to 2.4 s of processor time for each question, while visitors wait for the processor.
    """
    known = {document.id: document.digest for document in before.documents_without_text()}
    documents = answerer.index.documents_without_text()
    changed = [d for d in documents if known.get(d.id) != d.digest] or documents
    for document in changed[:WARMED]:
        answerer.search(document.suggestion)


def _explained(error: Exception) -> str:
    """An error as one line; those that are not ours with their kind."""
    if isinstance(error, WaymarkError):
        return str(error)
    return f"The current generation could not be loaded ({type(error).__name__}: {error})."
