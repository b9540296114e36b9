"""Errors → HTTP replies of one shape, with a message for the person who asked."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from waymark.errors import QuestionInvalid
from waymark.service.api import error_body
from waymark.service.serving import GenerationGone, NotReady
from waymark.service.waiting_line import LineFull

RETRY_SECONDS = 5
# What is wrong with a field, by the type of the validation error; braces hold its context.
_PROBLEMS = {
    "missing": "is missing. Add it.",
    "extra_forbidden": "is no field here. Check its spelling.",
    "model_attributes_type": "must be a JSON object.",
    "model_type": "must be a JSON object.",
    "list_type": "must be a list.",
    "string_type": "must be text.",
    "int_type": "must be a whole number.",
    "bool_type": "must be true or false.",
    "literal_error": "must be {expected}.",
    "string_too_long": "has more than {max_length:,} characters. Shorten it.",
    "too_long": "has more than {max_length:,} entries. Leave out the oldest.",
    "greater_than_equal": "must be {ge} or more.",
    "less_than_equal": "must be {le} or less.",
}


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
    context = detail.get("ctx", {})
    if detail["type"] == "json_invalid":
        return f"The body is not JSON from character {detail['loc'][1]} on. Send a JSON object."
    where = ".".join(str(part) for part in detail["loc"][1:]) or "The body"
    problem = _PROBLEMS.get(detail["type"])
    return f"{where} {problem.format(**context)}" if problem else f"{where}: {detail['msg']}."
