"""HTTP: routes, streaming, health and the page.

Knows async; the pipelines do not. One question at a time has the language model, the others
wait in a bounded line, and whoever leaves frees their place at once.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from waymark.answering import Answerer, check_question
from waymark.api import (
    AboutReply,
    AskRequest,
    DocumentBody,
    DocumentsReply,
    ErrorReply,
    SearchReply,
    SearchRequest,
    answer_json,
    document_body,
    document_summary,
    error_body,
    is_past,
    passage_body,
)
from waymark.assembly import load_answerer
from waymark.errors import QuestionInvalid, WaymarkError
from waymark.protection import Protection
from waymark.settings import Settings
from waymark.types import (
    Answer,
    DoneEvent,
    Event,
    PassagesEvent,
    QuotesEvent,
    SentenceEvent,
    StatusEvent,
)
from waymark.waiting_line import LineFull, Place, WaitingLine

MAX_BODY = 512_000  # bytes
PING_SECONDS = 10.0  # proxies cut streams that stay silent
RETRY_SECONDS = 5
EXAMPLES = 4

log = logging.getLogger("waymark")


class NotReady(Exception):
    """The models are still loading, or could not be loaded."""


class Service:
    """What the routes share; `answerer` is there once everything is loaded."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.line = WaitingLine(settings.queue)
        self.answerer: Answerer | None = None
        self.notice: str | None = None
        self.failure: str | None = None

    def ready(self) -> Answerer:
        """Return the answerer. Raises NotReady with what is missing."""
        if self.answerer is None:
            raise NotReady(self.failure or "The models are still loading. Try again in a moment.")
        return self.answerer


Loader = Callable[[Settings], tuple[Answerer, str | None]]


def create_app(
    settings: Settings,
    load: Loader = load_answerer,
    on_ready: Callable[[], None] = lambda: None,
) -> FastAPI:
    """Return the application; it loads its models in the background and says when it is ready."""
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(_load(service, load, on_ready))
        yield
        await loading
        if service.answerer:
            service.answerer.index.close()

    app = FastAPI(
        title="Waymark",
        version=version("waymark"),
        description="Career guidance with the passage behind every sentence.",
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from a third party
        redoc_url=None,
    )
    app.state.service = service
    app.add_middleware(Protection, max_body=MAX_BODY)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_allowed_hosts(settings.host))
    _add_error_handlers(app)
    _add_health(app, service)
    _add_documents(app, service)
    _add_questions(app, service)
    app.mount("/web", StaticFiles(directory=settings.web), name="web")

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(settings.web / "index.html", headers={"Cache-Control": "no-cache"})

    return app


async def _load(service: Service, load: Loader, on_ready: Callable[[], None]) -> None:
    try:
        service.answerer, service.notice = await run_in_threadpool(load, service.settings)
        on_ready()
    except WaymarkError as error:
        service.failure = str(error)
        log.error("not ready: %s", error)


def _allowed_hosts(host: str) -> list[str]:
    """A page elsewhere must not reach a service on this machine under a name of its own
    (DNS rebinding); a service for a network is reached under names that we cannot know."""
    return ["localhost", "127.0.0.1"] if host in ("localhost", "127.0.0.1") else ["*"]


def _add_health(app: FastAPI, service: Service) -> None:
    @app.get("/health/live", tags=["health"])
    def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "live"}

    @app.get("/health/ready", tags=["health"], responses={503: {"model": ErrorReply}})
    def ready() -> dict[str, Any]:
        """Questions can be answered; 503 while the models load."""
        answerer = service.ready()
        return {
            "status": "ready",
            "model": answerer.generator.model,
            "generation": answerer.index.name,
            "in_line": len(service.line),
        }

    @app.get("/v1/about", tags=["documents"], responses={503: {"model": ErrorReply}})
    def about() -> AboutReply:
        """What this service is, what it answers from, and questions to begin with."""
        answerer = service.ready()
        documents = answerer.index.documents()
        today = answerer.today()
        in_use = [d for d in documents if not is_past(d.valid_until, today)]
        first_of_topic = {d.topic: d for d in reversed(in_use)}
        examples = [d.suggestion for d in (*first_of_topic.values(), *in_use)]
        return AboutReply(
            name="Waymark",
            version=version("waymark"),
            mode="generation" if answerer.generator.context_tokens else "quotation",
            notice=service.notice,
            model=answerer.generator.model,
            generation=answerer.index.name,
            documents=len(documents),
            contact=service.settings.contact,
            examples=list(dict.fromkeys(examples))[:EXAMPLES],
        )


def _add_documents(app: FastAPI, service: Service) -> None:
    @app.get("/v1/documents", tags=["documents"])
    def documents() -> DocumentsReply:
        """All documents, in order of id."""
        answerer = service.ready()
        index, today = answerer.index, answerer.today()
        return DocumentsReply(
            generation=index.name,
            documents=[document_summary(document, today) for document in index.documents()],
        )

    @app.get(
        "/v1/documents/{document_id:path}",
        tags=["documents"],
        responses={404: {"model": ErrorReply}},
    )
    def document(document_id: str) -> DocumentBody:
        """One document: its text, and its blocks with heading anchors."""
        answerer = service.ready()
        index = answerer.index
        found = index.document(document_id)
        if found is None:
            raise HTTPException(404, "There is no document with this id. See /v1/documents")
        titles = {d.id: d.title for d in index.documents()}
        return document_body(found, titles, answerer.today())


def _add_questions(app: FastAPI, service: Service) -> None:
    refusals: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorReply} for status in (413, 415, 422, 503)
    }

    async def place() -> AsyncIterator[Place]:
        """A place in line that is given back however the request ends."""
        service.ready()
        taken = service.line.join()
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
        answerer = service.ready()
        events = answerer.answer(body.question, body.turns(), body.top_k)
        place.on_leave(events.close)
        followed = _in_turn(events, place)
        if "text/event-stream" in request.headers.get("accept", ""):
            return StreamingResponse(
                _frames(followed, answerer.today()),
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
        answerer = service.ready()
        question = check_question(body.question)
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


async def _frames(events: AsyncIterator[Event], today: date) -> AsyncIterator[str]:
    """Server-sent events; a stream that ends without `done` or `error` has failed."""
    last: Event | None = None
    sent = time.monotonic()
    try:
        async for event in events:
            if event != last:
                yield _frame(event, today)
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


def _frame(event: Event, today: date) -> str:
    match event:
        case StatusEvent("queued", position):
            return _named("status", {"state": "queued", "position": position})
        case StatusEvent(state):
            return _named("status", {"state": state})
        case PassagesEvent(passages):
            bodies = [passage_body(p, today).model_dump(mode="json") for p in passages]
            return _named("passages", {"passages": bodies})
        case DoneEvent(answer):
            return _named("done", answer_json.dump_python(answer, mode="json"))
        case QuotesEvent(quotes):
            return _named("quotes", {"quotes": [asdict(quote) for quote in quotes]})
        case SentenceEvent(sentence):
            return _named("sentence", asdict(sentence))


def _named(name: str, body: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(body, default=date.isoformat)}\n\n"


def _add_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        problems = [_problem(detail) for detail in error.errors()]
        return JSONResponse(error_body("invalid", " ".join(problems)), status_code=422)

    @app.exception_handler(QuestionInvalid)
    def question_invalid(_: Request, error: QuestionInvalid) -> JSONResponse:
        return JSONResponse(error_body(error.code, str(error)), status_code=422)

    @app.exception_handler(NotReady)
    def not_ready(_: Request, error: NotReady) -> JSONResponse:
        return _unavailable("not_ready", str(error))

    @app.exception_handler(LineFull)
    def line_full(_: Request, error: LineFull) -> JSONResponse:
        return _unavailable("busy", "Many people are asking right now. Try again in a moment.")

    @app.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> JSONResponse:
        codes = {404: "not_found", 405: "method_not_allowed"}
        body = error_body(codes.get(error.status_code, "refused"), str(error.detail))
        return JSONResponse(body, status_code=error.status_code, headers=error.headers)

    @app.exception_handler(Exception)
    def failed(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse(
            error_body("internal", "Something went wrong on the server."), status_code=500
        )


def _unavailable(code: str, message: str) -> JSONResponse:
    return JSONResponse(
        error_body(code, message), status_code=503, headers={"Retry-After": str(RETRY_SECONDS)}
    )


def _problem(detail: dict[str, Any]) -> str:
    """One validation error as a sentence, without the input: it may not even be encodable."""
    where = ".".join(str(part) for part in detail["loc"][1:] if isinstance(part, str | int))
    return f"{where or 'The request'}: {detail['msg']}."
