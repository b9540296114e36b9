"""ASGI middleware that keeps requests small, local and typed, and replies locked down."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from waymark.api import error_body

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class _TooLarge(Exception):
    """The body went past the limit while it was read."""


class Protection:
    """Refuses foreign, untyped and oversized requests; adds the security headers."""

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_protected(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self._refusal(scope)
        try:
            if refusal is None:
                await self._app(scope, self._limited(receive), send_protected)
                return
        except _TooLarge:
            if started:
                raise
            refusal = self._too_large()
        await refusal(scope, receive, send_protected)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        if scope["method"] not in ("POST", "PUT", "PATCH", "DELETE"):
            return None
        # Another site's script must not be able to ask in the reader's name.
        if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return _error(403, "foreign_site", "Requests from other sites are not answered.")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return _error(415, "content_type", "Send the request as Content-Type: application/json")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._max_body:
            return self._too_large()
        return None

    def _limited(self, receive: Receive) -> Receive:
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_body:
                raise _TooLarge
            return message

        return limited

    def _too_large(self) -> JSONResponse:
        limit = f"{self._max_body // 1000} kB"
        return _error(413, "too_large", f"The request is larger than {limit}. Send less history.")


def _error(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse(error_body(code, message), status_code=status)
