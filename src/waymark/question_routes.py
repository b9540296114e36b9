"""HTTP: asking and searching, whole or as a stream of events.

One question at a time has the language model, the others wait in a bounded line, and whoever
leaves frees their place, and the generation they read, at once.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Generator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from waymark.answering import NOT_COVERED, check_question
from waymark.api import (
    AskRequest,
    ErrorReply,
    SearchReply,
    SearchRequest,
    answer_json,
    error_body,
    passage_body,
)
from waymark.errors import WaymarkError
from waymark.question_log import QuestionLog
from waymark.serving import Serving
from waymark.types import (
    Answer,
    DoneEvent,
    Event,
    PassagesEvent,
    QuotesEvent,
    SentenceEvent,
    StatusEvent,
)
from waymark.waiting_line import Place, WaitingLine

PING_SECONDS = 10.0  # proxies cut streams that stay silent

log = logging.getLogger(__name__)


def add_questions(
    app: FastAPI, serving: Serving, line: WaitingLine, records: QuestionLog | None
) -> None:
    """Add the routes that ask and search; with `records`, what editors should know is kept."""
    refusals: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorReply} for status in (413, 415, 422, 503)
    }

    async def place() -> AsyncIterator[Place]:
        """A place in line that is given back however the request ends."""
        with serving.lease():  # not ready is said before anything else
            taken = line.join()
        try:
            yield taken
        finally:
            await asyncio.shield(taken.leave())

    @app.post("/v1/ask", tags=["questions"], response_model=Answer, responses=refusals)
    async def ask(
        body: AskRequest, request: Request, place: Annotated[Place, Depends(place)]
    ) -> Response:
        """Answer a question.

        With `Accept: text/event-stream` the events are streamed: status, passages, quotes,
        sentence, done or error. Otherwise the whole answer comes as JSON.
        """
        check_question(body.question)
        lease = ExitStack()
        answerer = lease.enter_context(serving.lease())
        place.on_leave(lease.close)
        events = answerer.answer(body.question, body.turns(), body.top_k)
        place.on_leave(events.close)
        followed = _in_turn(events, place)
        if records:
            followed = _recorded(followed, place, records, answerer.today())
        if "text/event-stream" in request.headers.get("accept", ""):
            return StreamingResponse(
                _frames(followed, answerer.index.name, answerer.today()),
                media_type="text/event-stream",
                headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
            )
        async for event in followed:
            if isinstance(event, DoneEvent):
                return JSONResponse(answer_json.dump_python(event.answer, mode="json"))
            if await request.is_disconnected():
                break
        return Response(status_code=499)

    @app.post("/v1/search", tags=["questions"], responses=refusals)
    def search(body: SearchRequest) -> SearchReply:
        """The passages nearest to a question, without an answer."""
        question = check_question(body.question)
        with serving.lease() as answerer:
            today = answerer.today()
            found = answerer.search(question, body.top_k)
            return SearchReply(
                generation=answerer.index.name,
                passages=[passage_body(passage, today) for passage in found.passages],
            )


async def _in_turn(events: Generator[Event, None, None], place: Place) -> AsyncIterator[Event]:
    """Run the pipeline in worker threads; let it start writing only when it is its turn."""
    writing = False
    while (event := await run_in_threadpool(next, events, None)) is not None:
        if isinstance(event, StatusEvent) and event.state == "writing" and not writing:
            writing = True
            async for ahead in place.turn(PING_SECONDS):
                yield StatusEvent("queued", ahead)
        yield event


async def _recorded(
    events: AsyncIterator[Event], place: Place, records: QuestionLog, day: date
) -> AsyncIterator[Event]:
    """Pass the events on; once the reply is sent, keep what the last of them says."""
    async for event in events:
        if isinstance(event, DoneEvent):
            place.on_leave(partial(_record, event.answer, records, day))
        yield event


def _record(answer: Answer, records: QuestionLog, day: date) -> None:
    """Count what was cited, or keep what is not covered; distress and the like leave no trace."""
    if answer.reason == NOT_COVERED:
        records.add_refused(answer.question, day)
    elif answer.citations:
        records.add_answered({citation.document_id for citation in answer.citations}, day)


async def _frames(events: AsyncIterator[Event], generation: str, today: date) -> AsyncIterator[str]:
    """Server-sent events; a stream that ends without `done` or `error` has failed."""
    last: Event | None = None
    sent = time.monotonic()
    try:
        async for event in events:
            if event != last:
                yield _frame(event, generation, today)
            elif time.monotonic() - sent < PING_SECONDS:
                continue
            else:
                yield ": ping\n\n"
            last, sent = event, time.monotonic()
    except WaymarkError as error:
        yield _named("error", error_body(error.code, str(error))["error"])
    except Exception:
        log.exception("answering failed")
        message = "Something went wrong on the server. Your question is not lost: try again."
        yield _named("error", error_body("internal", message)["error"])


def _frame(event: Event, generation: str, today: date) -> str:
    match event:
        case StatusEvent("queued", position):
            return _named("status", {"state": "queued", "position": position})
        case StatusEvent(state):
            return _named("status", {"state": state})
        case PassagesEvent(passages):
            bodies = [passage_body(p, today).model_dump(mode="json") for p in passages]
            return _named("passages", {"generation": generation, "passages": bodies})
        case DoneEvent(answer):
            return _named("done", answer_json.dump_python(answer, mode="json"))
        case QuotesEvent(quotes):
            return _named("quotes", {"quotes": [asdict(quote) for quote in quotes]})
        case SentenceEvent(sentence):
            return _named("sentence", asdict(sentence))


def _named(name: str, body: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(body, default=date.isoformat)}\n\n"
