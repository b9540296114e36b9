"""Events of an answer → server-sent events, as the HTML standard describes them."""

import json
import logging
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from fastapi.responses import StreamingResponse

from waymark.service.api import answer_json, error_body, passage_body
from waymark.types import (
    Answer,
    DoneEvent,
    Event,
    PassagesEvent,
    QuotesEvent,
    SentenceEvent,
    StatusEvent,
)

EVENT_STREAM = "text/event-stream"
PING_SECONDS = 10.0  # proxies cut streams that stay silent

log = logging.getLogger(__name__)


def streamed(content: Iterable[str] | AsyncIterable[str]) -> StreamingResponse:
    """A reply that sends the frames of `content` as they come."""
    return StreamingResponse(
        content,
        media_type=EVENT_STREAM,
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


async def frames(events: AsyncIterator[Event], generation: str, today: date) -> AsyncIterator[str]:
    """Return a frame for each event, and a ping now and then for one that comes again and again.

    A stream that ends without `done` or `error` has failed.
    """
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
            return done_frame(answer)
        case QuotesEvent(quotes):
            return _named("quotes", {"quotes": [asdict(quote) for quote in quotes]})
        case SentenceEvent(sentence):
            return _named("sentence", asdict(sentence))


def done_frame(answer: Answer) -> str:
    """The frame that ends a stream with its answer."""
    return _named("done", answer_json.dump_python(answer, mode="json"))


def _named(name: str, body: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(body, default=date.isoformat)}\n\n"
