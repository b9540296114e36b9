"""HTTP: the application, its health, its documents and the page.

Knows async; the pipelines do not. A thread of its own loads the models, then exchanges the
generation in use whenever a new one is published.
"""

import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from datetime import date
from errno import ENOENT
from functools import partial
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Query, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Scope

from waymark.answering import Answerer
from waymark.assembly import load_answerer, reopen_index
from waymark.service.api import (
    AboutReply,
    DocumentBody,
    DocumentsReply,
    document_body,
    document_summary,
    is_past,
    refusals,
)
from waymark.service.error_replies import add_error_replies
from waymark.service.index_routes import add_index_routes
from waymark.service.protection import Protection
from waymark.service.question_log import QuestionLog
from waymark.service.question_routes import add_questions
from waymark.service.rebuilding import Rebuilder
from waymark.service.serving import NotReady, Serving
from waymark.service.waiting_line import WaitingLine
from waymark.service.watching import changes, keep_building
from waymark.settings import Settings

MAX_BODY = 512_000  # bytes
FOLLOW_SECONDS = 0.25  # how often CURRENT is looked at
EXAMPLES = 4
DAY_SECONDS = 86_400.0
KEPT_READERS = 2  # threads that read generations before the one in use
COPIED = "sentences copied from the guidance, without a summary. They are just as reliable."
QUOTATIONS_ONLY = f"Answers here are {COPIED}"
MODEL_FAILS = f"Right now answers are {COPIED}"

log = logging.getLogger(__name__)

Loader = Callable[[Settings], tuple[Answerer, str | None]]


def create_app(
    settings: Settings,
    load: Loader = load_answerer,
    on_ready: Callable[[], None] = lambda: None,
    follow_seconds: float = FOLLOW_SECONDS,
    rebuilder: Rebuilder | None = None,
) -> Protection:
    """Return the application; it loads its models in the background and says when it is ready.

    Raises FileNotFoundError when the folder of the page is missing.
    """
    serving = Serving(settings.index, partial(load, settings), partial(reopen_index, settings))
    line = WaitingLine(settings.queue, settings.writers)
    rebuilder = rebuilder or Rebuilder(settings.corpus, settings.index, settings.threads)
    records = QuestionLog(settings.records)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        jobs: list[Callable[[], None]] = [
            partial(serving.follow, stop, follow_seconds, on_ready),
            partial(_forget_daily, records, stop),
        ]
        if settings.watch:
            jobs.append(partial(_watch, settings.corpus, rebuilder, stop))
        threads = [threading.Thread(target=job) for job in jobs]
        for thread in threads:
            thread.start()
        yield
        stop.set()
        await run_in_threadpool(rebuilder.close)
        for thread in threads:
            await run_in_threadpool(thread.join)
        serving.close()

    app = FastAPI(
        title="Waymark",
        version=version("waymark"),
        description="Career guidance with the passage behind every sentence.",
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from a third party
        redoc_url=None,
        responses=refusals(400, 500),
    )
    add_error_replies(app)
    _add_health(app, serving, line)
    _add_about(app, serving, settings)
    _add_documents(app, serving)
    recording = records if settings.record_questions else None
    add_questions(app, serving, line, settings.crisis_contacts, recording)
    add_index_routes(app, serving, rebuilder, settings.index, settings.admin_key)
    _add_page(app, settings.web)
    return Protection(app, MAX_BODY, _allowed_hosts(settings.host))


def _watch(corpus: Path, rebuilder: Rebuilder, stop: threading.Event) -> None:
    """Build after each change of a document until `stop` is set."""

    def complain(line: str) -> None:
        # A build that ends with the service is no failure.
        log.log(logging.INFO if stop.is_set() else logging.ERROR, "%s", line)

    keep_building(changes(corpus, stop), partial(rebuilder.run, "watch"), log.info, complain)


def _forget_daily(records: QuestionLog, stop: threading.Event) -> None:
    """Keep what is recorded no longer than is promised, also where nothing is recorded any more."""
    while not stop.is_set():
        records.forget(date.today())
        stop.wait(DAY_SECONDS)


def _allowed_hosts(host: str) -> tuple[str, ...]:
    """A page elsewhere must not reach a service on this machine under a name of its own
    (DNS rebinding); a service for a network is reached under names that we cannot know."""
    named = host.casefold()
    try:
        local = ip_address(named).is_loopback
    except ValueError:
        local = named == "localhost"
    return ("localhost", "127.0.0.1", named) if local else ()


class _PageFiles(StaticFiles):
    """Files that browsers ask for anew each time: an upgrade must not mix old and new ones."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _add_page(app: FastAPI, folder: Path) -> None:
    if not folder.is_dir():
        raise FileNotFoundError(ENOENT, "there is no such folder (WAYMARK_WEB)", str(folder))
    files = _PageFiles(directory=folder)
    app.mount("/web", files, name="web")

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def page(request: Request) -> Response:
        return await files.get_response("index.html", request.scope)


def _add_health(app: FastAPI, serving: Serving, line: WaitingLine) -> None:
    @app.head("/health/live", include_in_schema=False)
    @app.get("/health/live", tags=["health"])
    async def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "live"}

    @app.head("/health/ready", include_in_schema=False)
    @app.get("/health/ready", tags=["health"], responses=refusals(503))
    async def ready() -> dict[str, Any]:
        """Questions can be answered; 503, with the reason, while they cannot.

        `degraded`, with the reason, when a newer generation was published but cannot be used:
        questions are then answered from the one before it. `ready` with a reason when there is no
        usable language model, or when it failed when it was last used.
        """
        try:
            with serving.lease() as answerer:
                return {
                    "status": "degraded" if serving.problem else "ready",
                    "reason": serving.reason,
                    "model": answerer.generator.model,
                    "generation": answerer.index.name,
                    "in_line": len(line),
                }
        except NotReady as error:
            raise NotReady(serving.reason or str(error)) from None


def _add_about(app: FastAPI, serving: Serving, settings: Settings) -> None:
    @app.get("/v1/about", tags=["documents"], responses=refusals(503))
    def about() -> AboutReply:
        """What this service is, what it answers from, and questions to begin with."""
        with serving.lease() as answerer:
            documents = answerer.index.documents_without_text()
            today = answerer.today()
            in_use = [d for d in documents if not is_past(d.valid_until, today)]
            first_of_topic = {d.topic: d for d in reversed(in_use)}
            examples = [d.suggestion for d in (*first_of_topic.values(), *in_use)]
            return AboutReply(
                name="Waymark",
                version=version("waymark"),
                mode="generation" if answerer.generator.context_tokens else "quotation",
                notice=_notice(serving),
                model=answerer.generator.model,
                generation=answerer.index.name,
                documents=len(documents),
                contact=settings.contact,
                records_questions=settings.record_questions,
                sends_questions=bool(settings.model_url),
                examples=list(dict.fromkeys(examples))[:EXAMPLES],
            )


def _notice(serving: Serving) -> str | None:
    """What people are told of the language model; why it is so is for operators."""
    if serving.notice:
        return QUOTATIONS_ONLY
    return MODEL_FAILS if serving.failing else None


Generation = Annotated[
    str | None, Query(description="Generation of the answer that is being checked.")
]


def _add_documents(app: FastAPI, serving: Serving) -> None:
    # To open a generation takes long: a crowd that reads old ones must leave threads for others.
    kept = CapacityLimiter(KEPT_READERS)

    @app.get("/v1/documents", tags=["documents"], responses=refusals(503))
    def documents() -> DocumentsReply:
        """All documents, in order of id."""
        with serving.lease() as answerer:
            index, today = answerer.index, answerer.today()
            return DocumentsReply(
                generation=index.name,
                documents=[document_summary(d, today) for d in index.documents_without_text()],
            )

    @app.get(
        "/v1/documents/{document_id:path}",
        tags=["documents"],
        responses=refusals(404, 422, 503),
    )
    async def document(document_id: str, generation: Generation = None) -> DocumentBody:
        """One document: its text, and its blocks with heading anchors.

        With `generation` it is the text that an answer of that generation cites, as long as the
        generation is kept; the error code is `generation_gone` when it is not.
        """
        threads = kept if generation else None
        return await to_thread.run_sync(
            _document, serving, document_id, generation, limiter=threads
        )


def _document(serving: Serving, document_id: str, generation: str | None) -> DocumentBody:
    with serving.lease() as answerer:
        today = answerer.today()
        named = serving.lease_generation(generation) if generation else None
        with named or nullcontext(answerer.index) as index:
            found = index.document(document_id)
            if found is None:
                raise HTTPException(404, "There is no document with this id. See /v1/documents")
            return document_body(found, index.titles(), index.name, today)
