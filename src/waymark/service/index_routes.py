"""HTTP for operators: the index in use, and building it anew. Needs the admin key."""

import hmac
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from waymark.errors import BuildCrashed, WaymarkError
from waymark.service.api import (
    BuildBody,
    GenerationBody,
    IndexReply,
    LastBuildBody,
    RebuildRequest,
    error_body,
    refusals,
)
from waymark.service.rebuilding import Choices, Outcome, Rebuilder, RebuildRunning, Running
from waymark.service.serving import NotReady, Serving
from waymark.store.generations import list_generations


class NotSetUp(WaymarkError):
    """The operator's routes have no key."""

    code = "not_set_up"


class NotAllowed(WaymarkError):
    """The admin key is missing or another one."""

    code = "not_allowed"


def add_index_routes(
    app: FastAPI, serving: Serving, rebuilder: Rebuilder, folder: Path, admin_key: str
) -> None:
    """Add the routes about the index in `folder`; without `admin_key` they refuse everybody."""

    # In the description of the API, so that generated clients send the key.
    bearer = HTTPBearer(auto_error=False, description="WAYMARK_ADMIN_KEY")

    def operator(
        given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ) -> None:
        """Let nobody pass without the admin key. Raises NotSetUp or NotAllowed."""
        if not admin_key:
            raise NotSetUp(
                "The operator's routes are not set up. Set WAYMARK_ADMIN_KEY and restart."
            )
        key = given.credentials.strip() if given else ""
        if not hmac.compare_digest(key.encode(), admin_key.encode()):
            raise NotAllowed("Send the admin key as Authorization: Bearer …")

    protected = [Depends(operator)]

    @app.get("/v1/index", tags=["index"], dependencies=protected, responses=refusals(401, 403))
    def index() -> IndexReply:
        """The generation in use, those that are kept, and how building goes."""
        return _index_reply(serving, rebuilder, folder)

    @app.post(
        "/v1/index/rebuild",
        tags=["index"],
        status_code=202,
        dependencies=protected,
        responses=refusals(401, 403, 409, 413, 415, 422, 503),
    )
    def rebuild(body: RebuildRequest) -> BuildBody:
        """Start to bring the index in line with the corpus; 409 while that is being done.

        `GET /v1/index` tells how far it is and how it ended; the service then uses the new
        generation by itself. A dry run only tells what would change.
        """
        choices = Choices(body.dry_run, body.allow_removal, body.skip_gate)
        return _build_body(rebuilder.start("request", choices))

    _add_refusals(app)


def _add_refusals(app: FastAPI) -> None:
    @app.exception_handler(NotSetUp)
    def not_set_up(_: Request, error: NotSetUp) -> JSONResponse:
        return JSONResponse(error_body(error.code, str(error)), status_code=403)

    @app.exception_handler(NotAllowed)
    def not_allowed(_: Request, error: NotAllowed) -> JSONResponse:
        headers = {"WWW-Authenticate": "Bearer"}
        return JSONResponse(error_body(error.code, str(error)), status_code=401, headers=headers)

    @app.exception_handler(RebuildRunning)
    def rebuild_running(_: Request, error: RebuildRunning) -> JSONResponse:
        return JSONResponse(error_body(error.code, str(error)), status_code=409)

    @app.exception_handler(BuildCrashed)
    def not_started(_: Request, error: BuildCrashed) -> JSONResponse:
        return JSONResponse(error_body(error.code, str(error)), status_code=503)


def _index_reply(serving: Serving, rebuilder: Rebuilder, folder: Path) -> IndexReply:
    in_use = _in_use(serving)
    return IndexReply.model_validate(
        {
            **in_use,
            "problem": serving.reason,
            "kept": _kept(folder, in_use.get("generation")),
            "build": _build_body(rebuilder.running),
            "last": _last_body(rebuilder.last),
        }
    )


def _in_use(serving: Serving) -> dict[str, Any]:
    """The fields of the generation in use; none before the first one."""
    try:
        with serving.lease() as answerer:
            manifest = answerer.index.manifest
            return {
                "generation": answerer.index.name,
                "sequence": manifest.sequence,
                "created": manifest.created,
                "documents": manifest.documents,
                "chunks": manifest.chunks,
                "embedding_model": manifest.embedding_model,
            }
    except NotReady:
        return {}


def _kept(folder: Path, in_use: str | None) -> list[GenerationBody]:
    """The readable generations on disk, newest first."""
    return [
        GenerationBody(
            generation=entry.name,
            sequence=entry.sequence,
            created=entry.created,
            documents=entry.documents,
            in_use=entry.name == in_use,
        )
        for entry in list_generations(folder)
        if entry.state not in ("rejected", "unreadable")
    ]


def _build_body(running: Running | None) -> BuildBody:
    if running is None:
        return BuildBody(running=False)
    return BuildBody(
        running=True,
        trigger=running.trigger,
        dry_run=running.choices.dry_run,
        started=running.started,
        stage=running.stage,
        done=running.done,
        total=running.total,
    )


def _last_body(last: Outcome | None) -> LastBuildBody | None:
    if last is None:
        return None
    ended = {
        "trigger": last.trigger,
        "dry_run": last.choices.dry_run,
        "finished": last.finished,
        "seconds": last.seconds,
    }
    if last.report is None:
        error = {"code": last.error_code, "message": last.error}
        return LastBuildBody.model_validate({**ended, "error": error})
    return LastBuildBody.model_validate({**last.report, **ended})
