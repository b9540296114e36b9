"""HTTP: asking and searching, whole or as a stream of events.

As many questions as it takes have the language model, the others wait in a bounded line, and
whoever leaves frees their place, and the generation they read, after the step that is under way.
A fixed reply needs no index and no place in line, and to distress that a pattern names it waits
for nobody. Despair in other words is listened for before any other, and while the line is full,
within the bound that searches have.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Generator
from contextlib import AsyncExitStack, ExitStack, suppress
from datetime import date
from functools import partial
from typing import Annotated, ParamSpec, TypeVar

import anyio
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from waymark.answering import NOT_COVERED, check_question
from waymark.fixed_replies import fixed_answer
from waymark.service.api import (
    AskRequest,
    SearchReply,
    SearchRequest,
    answer_json,
    passage_body,
    refusals,
)
from waymark.service.event_stream import EVENT_STREAM, PING_SECONDS, done_frame, frames, streamed
from waymark.service.question_log import QuestionLog
from waymark.service.serving import NotReady, Serving
from waymark.service.waiting_line import LineFull, Place, WaitingLine
from waymark.types import Answer, DoneEvent, Event, StatusEvent

SEARCHES = 4  # at once; the embedding model serves one after the other
SEARCHES_WAITING = 32
READING = 16  # questions being read at once, beside those for which the model writes
REFUSALS = refusals(403, 413, 415, 422, 503)

P = ParamSpec("P")
R = TypeVar("R")


def add_questions(
    app: FastAPI,
    serving: Serving,
    line: WaitingLine,
    crisis_contacts: str,
    records: QuestionLog | None,
) -> None:
    """Add the routes that ask and search; with `records`, what editors should know is kept."""
    # A crowd of searches, or of answers, must leave threads for documents and health.
    threads = anyio.CapacityLimiter(SEARCHES)
    _add_asking(app, serving, line, crisis_contacts, records, threads)
    _add_searching(app, serving, threads)


def _add_asking(
    app: FastAPI,
    serving: Serving,
    line: WaitingLine,
    crisis_contacts: str,
    records: QuestionLog | None,
    threads: anyio.CapacityLimiter,
) -> None:
    steps = anyio.CapacityLimiter(line.at_once + READING)

    async def held() -> AsyncIterator[AsyncExitStack]:
        """What a request takes is given back however it ends, after its reply."""
        stack = AsyncExitStack()
        try:
            yield stack
        finally:
            await asyncio.shield(stack.aclose())

    @app.post(
        "/v1/ask",
        tags=["questions"],
        response_model=Answer,
        responses={200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}}, **REFUSALS},
    )
    async def ask(
        body: AskRequest, request: Request, held: Annotated[AsyncExitStack, Depends(held)]
    ) -> Response:
        """Answer a question.

        With `Accept: text/event-stream` the events are streamed: status, passages, quotes,
        sentence, done or error, each with the fields that docs/api.md lists. Otherwise the whole
        answer comes as JSON.
        """
        question = check_question(body.question)
        as_stream = EVENT_STREAM in request.headers.get("accept", "")
        fixed = await _fixed(serving, line, threads, question, crisis_contacts)
        if fixed:
            return streamed([done_frame(fixed)]) if as_stream else _json(fixed)
        place = line.join()
        held.push_async_callback(place.leave)
        lease = ExitStack()
        answerer = lease.enter_context(serving.lease())
        place.on_leave(lease.close)
        events = answerer.answer(question, body.turns(), body.top_k)
        place.on_leave(events.close)
        followed = _in_turn(events, place, steps)
        if records:
            followed = _recorded(followed, place, records, answerer.today())
        if as_stream:
            return streamed(frames(followed, answerer.index.name, answerer.today()))
        answer = await _awaited(followed, request)
        return _json(answer) if answer else Response(status_code=499)


async def _fixed(
    serving: Serving,
    line: WaitingLine,
    threads: anyio.CapacityLimiter,
    question: str,
    crisis_contacts: str,
) -> Answer | None:
    """The fixed reply to a question, if it gets one, with what is heard beyond patterns unless too
    many wait for that. To distress that a pattern names nothing is added.

    Raises LineFull when the line is full and nobody has time to listen.
    """
    fixed = fixed_answer(question, crisis_contacts)
    if fixed and fixed.reason.startswith("support:"):
        return fixed
    if not fixed and not line.full:
        return None  # it is listened to where it is answered
    try:
        return await _in_crowd(threads, _heard, serving, question, crisis_contacts) or fixed
    except LineFull:
        if fixed is None:
            raise
        return fixed


def _heard(serving: Serving, question: str, crisis_contacts: str) -> Answer | None:
    """The fixed reply with what is heard beyond patterns; None without models."""
    with suppress(NotReady), serving.lease() as answerer:
        return fixed_answer(question, crisis_contacts, answerer.heard(question))
    return None


async def _in_crowd(
    threads: anyio.CapacityLimiter, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Work in one of `threads` when there is a free one. Raises LineFull when too many wait."""
    if threads.statistics().tasks_waiting >= SEARCHES_WAITING:
        raise LineFull
    async with threads:
        return await run_in_threadpool(work, *args, **kwargs)


def _add_searching(app: FastAPI, serving: Serving, threads: anyio.CapacityLimiter) -> None:
    @app.post("/v1/search", tags=["questions"], responses=REFUSALS)
    async def search(body: SearchRequest) -> SearchReply:
        """The passages nearest to a question, without an answer."""
        question = check_question(body.question)
        return await _in_crowd(threads, _search, serving, question, body.top_k)


def _search(serving: Serving, question: str, top_k: int) -> SearchReply:
    with serving.lease() as answerer:
        today = answerer.today()
        found = answerer.search(question, top_k)
        return SearchReply(
            generation=answerer.index.name,
            passages=[passage_body(passage, today) for passage in found.passages],
        )


async def _in_turn(
    events: Generator[Event, None, None], place: Place, threads: anyio.CapacityLimiter
) -> AsyncIterator[Event]:
    """Run the pipeline; let it start writing only when it is its turn."""
    writing = False
    async for event in _stepped(events, threads):
        if isinstance(event, StatusEvent) and event.state == "writing" and not writing:
            writing = True
            async for ahead in place.turn(PING_SECONDS):
                yield StatusEvent("queued", ahead)
        yield event


async def _stepped(
    events: Generator[Event, None, None], threads: anyio.CapacityLimiter
) -> AsyncIterator[Event]:
    """Run the pipeline step by step in `threads`; an event that comes again is a sign of
    life while the next step takes long, or waits for a thread."""
    last: Event = StatusEvent("searching")
    while True:
        running = anyio.to_thread.run_sync(next, events, None, limiter=threads)
        step = asyncio.create_task(running)
        try:
            while not (await asyncio.wait({step}, timeout=PING_SECONDS))[0]:
                yield last
        finally:
            with anyio.CancelScope(shield=True):  # what runs cannot be closed
                await asyncio.wait({step})
        event = step.result()
        if event is None:
            return
        last = event
        yield last


async def _awaited(events: AsyncIterable[Event], request: Request) -> Answer | None:
    """The whole answer; None as soon as the caller leaves."""
    with anyio.CancelScope() as waiting:
        watching = asyncio.create_task(_cancel_when_gone(request, waiting))
        try:
            async for event in events:
                if isinstance(event, DoneEvent):
                    return event.answer
        finally:
            watching.cancel()
    return None


async def _cancel_when_gone(request: Request, scope: anyio.CancelScope) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue
    scope.cancel()


async def _recorded(
    events: AsyncIterator[Event], place: Place, records: QuestionLog, day: date
) -> AsyncIterator[Event]:
    """Pass the events on; once the reply is sent, keep what the last of them says."""
    async for event in events:
        if isinstance(event, DoneEvent):
            place.on_leave(partial(_record, event.answer, records, day))
        yield event


def _record(answer: Answer, records: QuestionLog, day: date) -> None:
    """Count what was cited, or keep what is not covered; what gets a fixed reply leaves none, nor
    does the question of someone who may be in despair."""
    if answer.reason == NOT_COVERED and not answer.support:
        records.add_refused(answer.question, day)
    elif answer.citations:
        records.add_answered({citation.document_id for citation in answer.citations}, day)


def _json(answer: Answer) -> JSONResponse:
    return JSONResponse(answer_json.dump_python(answer, mode="json"))
