"""Errors → HTTP replies of one shape, with a message for the person who asked."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from waymark.api import error_body
from waymark.errors import QuestionInvalid
from waymark.serving import GenerationGone, NotReady
from waymark.waiting_line import LineFull

RETRY_SECONDS = 5


def add_error_replies(app: FastAPI) -> None:
    """Have every error of a request answered in the one shape, without what went wrong inside."""

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        problems = [_problem(detail) for detail in error.errors()]
        return JSONResponse(error_body("invalid", " ".join(problems)), status_code=422)

    @app.exception_handler(QuestionInvalid)
    def question_invalid(_: Request, error: QuestionInvalid) -> JSONResponse:
        return JSONResponse(error_body(error.code, str(error)), status_code=422)

    @app.exception_handler(NotReady)
    def not_ready(_: Request, error: NotReady) -> JSONResponse:
        return _unavailable(error.code, str(error))

    @app.exception_handler(GenerationGone)
    def generation_gone(_: Request, error: GenerationGone) -> JSONResponse:
        return JSONResponse(error_body(error.code, str(error)), status_code=404)

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
