"""HTTP: the application, its health, its documents and the page.

Knows async; the pipelines do not. A thread of its own loads the models, then exchanges the
generation in use whenever a new one is published.
"""

import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from waymark.answering import Answerer
from waymark.api import (
    AboutReply,
    DocumentBody,
    DocumentsReply,
    ErrorReply,
    document_body,
    document_summary,
    is_past,
)
from waymark.assembly import load_answerer, reopen_index
from waymark.error_replies import add_error_replies
from waymark.index_routes import add_index_routes
from waymark.protection import Protection
from waymark.question_log import QuestionLog
from waymark.question_routes import add_questions
from waymark.rebuilding import Rebuilder
from waymark.serving import Serving
from waymark.settings import Settings
from waymark.waiting_line import WaitingLine
from waymark.watching import changes, keep_building, summary

MAX_BODY = 512_000  # bytes
FOLLOW_SECONDS = 0.25  # how often CURRENT is looked at
EXAMPLES = 4

log = logging.getLogger(__name__)

Loader = Callable[[Settings], tuple[Answerer, str | None]]


def create_app(
    settings: Settings,
    load: Loader = load_answerer,
    on_ready: Callable[[], None] = lambda: None,
    follow_seconds: float = FOLLOW_SECONDS,
    rebuilder: Rebuilder | None = None,
) -> FastAPI:
    """Return the application; it loads its models in the background and says when it is ready."""
    serving = Serving(settings.index, partial(load, settings), partial(reopen_index, settings))
    line = WaitingLine(settings.queue)
    rebuilder = rebuilder or Rebuilder(settings.corpus, settings.index, settings.threads)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        jobs: list[Callable[[], None]] = [partial(serving.follow, stop, follow_seconds, on_ready)]
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
    )
    app.add_middleware(Protection, max_body=MAX_BODY)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_allowed_hosts(settings.host))
    add_error_replies(app)
    _add_health(app, serving, line)
    _add_about(app, serving, settings)
    _add_documents(app, serving)
    records = QuestionLog(settings.records) if settings.record_questions else None
    add_questions(app, serving, line, records)
    add_index_routes(app, serving, rebuilder, settings.index, settings.admin_key)
    app.mount("/web", StaticFiles(directory=settings.web), name="web")

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(settings.web / "index.html", headers={"Cache-Control": "no-cache"})

    return app


def _watch(corpus: Path, rebuilder: Rebuilder, stop: threading.Event) -> None:
    """Build after each change of a document until `stop` is set."""
    keep_building(changes(corpus, stop), lambda: summary(rebuilder.run("watch")), log.info)


def _allowed_hosts(host: str) -> list[str]:
    """A page elsewhere must not reach a service on this machine under a name of its own
    (DNS rebinding); a service for a network is reached under names that we cannot know."""
    return ["localhost", "127.0.0.1"] if host in ("localhost", "127.0.0.1") else ["*"]


def _add_health(app: FastAPI, serving: Serving, line: WaitingLine) -> None:
    @app.get("/health/live", tags=["health"])
    def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "live"}

    @app.get("/health/ready", tags=["health"], responses={503: {"model": ErrorReply}})
    def ready() -> dict[str, Any]:
        """Questions can be answered; 503 while the models load.

        `degraded`, with the reason, when a newer generation was published but cannot be used:
        questions are then answered from the one before it.
        """
        with serving.lease() as answerer:
            problem = serving.problem
            return {
                "status": "degraded" if problem else "ready",
                "reason": problem,
                "model": answerer.generator.model,
                "generation": answerer.index.name,
                "in_line": len(line),
            }


def _add_about(app: FastAPI, serving: Serving, settings: Settings) -> None:
    @app.get("/v1/about", tags=["documents"], responses={503: {"model": ErrorReply}})
    def about() -> AboutReply:
        """What this service is, what it answers from, and questions to begin with."""
        with serving.lease() as answerer:
            documents = answerer.index.documents()
            today = answerer.today()
            in_use = [d for d in documents if not is_past(d.valid_until, today)]
            first_of_topic = {d.topic: d for d in reversed(in_use)}
            examples = [d.suggestion for d in (*first_of_topic.values(), *in_use)]
            return AboutReply(
                name="Waymark",
                version=version("waymark"),
                mode="generation" if answerer.generator.context_tokens else "quotation",
                notice=serving.notice,
                model=answerer.generator.model,
                generation=answerer.index.name,
                documents=len(documents),
                contact=settings.contact,
                records_questions=settings.record_questions,
                examples=list(dict.fromkeys(examples))[:EXAMPLES],
            )


Generation = Annotated[
    str | None, Query(description="Generation of the answer that is being checked.")
]


def _add_documents(app: FastAPI, serving: Serving) -> None:
    @app.get("/v1/documents", tags=["documents"])
    def documents() -> DocumentsReply:
        """All documents, in order of id."""
        with serving.lease() as answerer:
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
    def document(document_id: str, generation: Generation = None) -> DocumentBody:
        """One document: its text, and its blocks with heading anchors.

        With `generation` it is the text that an answer of that generation cites, as long as the
        generation is kept; the error code is `generation_gone` when it is not.
        """
        with serving.lease() as answerer:
            today = answerer.today()
            named = serving.lease_generation(generation) if generation else None
            with named or nullcontext(answerer.index) as index:
                found = index.document(document_id)
                if found is None:
                    raise HTTPException(404, "There is no document with this id. See /v1/documents")
                titles = {d.id: d.title for d in index.documents()}
                return document_body(found, titles, index.name, today)
