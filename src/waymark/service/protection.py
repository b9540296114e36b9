"""ASGI middleware that keeps requests small, local and typed, and replies locked down.

Lies around the whole application, so that errors have the headers too.
"""

from collections import deque
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from waymark.service.api import error_body

WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")
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

FOREIGN_HOST = (
    "Nothing is answered under this host name. Have the proxy send Host: 127.0.0.1, or see "
    "WAYMARK_HOST in README.md."
)
FOREIGN_SITE = (
    "Pages of other sites are not answered. Call from your server, or have your proxy serve both "
    "under one name."
)


class Protection:
    """Refuses foreign, untyped and oversized requests; adds the security headers.

    `hosts` are the names under which the service may be reached; with none, any will do.
    """

    def __init__(self, app: ASGIApp, max_body: int, hosts: Collection[str]) -> None:
        self._app = app
        self._max_body = max_body
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        method = scope["method"]
        if refusal := self._refusal(method, Headers(scope=scope)):
            await refusal(scope, receive, send_protected)
        elif method not in WITH_BODY:
            await self._app(scope, receive, send_protected)
        elif (body := await self._read(receive)) is None:
            await self._too_large()(scope, receive, send_protected)
        else:
            await self._app(scope, _replayed(body, receive), send_protected)

    def _refusal(self, method: str, headers: Headers) -> JSONResponse | None:
        if self._hosts and _host(headers.get("host", "")) not in self._hosts:
            return _error(400, "foreign_host", FOREIGN_HOST)
        if method not in WITH_BODY:
            return None
        # Another site's script must not be able to ask in the reader's name.
        if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return _error(403, "foreign_site", FOREIGN_SITE)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return _error(415, "content_type", "Send the request as Content-Type: application/json")
        return None

    async def _read(self, receive: Receive) -> deque[Message] | None:
        """Read the whole body, which the limit keeps small; None when it is too large."""
        messages = deque[Message]()
        received = 0
        while True:
            message = await receive()
            messages.append(message)
            received += len(message.get("body", b""))
            if received > self._max_body:
                return None
            if not message.get("more_body", False):
                return messages

    def _too_large(self) -> JSONResponse:
        limit = f"{self._max_body // 1000} kB"
        return _error(413, "too_large", f"The request is larger than {limit}. Send less history.")


def _host(named: str) -> str:
    """The host in a Host header, without its port; "" where there is none."""
    try:
        return urlsplit(f"//{named}").hostname or ""
    except ValueError:
        return ""


def _replayed(body: deque[Message], receive: Receive) -> Receive:
    async def replay() -> Message:
        return body.popleft() if body else await receive()

    return replay


def _error(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse(error_body(code, message), status_code=status)
