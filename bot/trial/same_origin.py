"""Keeps other web sites away from the trial page: they must neither read it nor act in it."""

from typing import Any

from starlette.requests import Request

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Unwelcome(Exception):
    """A request the page would not make; `status` says why."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


def check_host(request: Request) -> None:
    """A name that was rebound to this machine shows in the Host header."""
    port = request.scope["server"][1]
    allowed = {f"{name}:{port}" for name in _LOOPBACK} | (set(_LOOPBACK) if port == 80 else set())
    if request.headers.get("host", "").lower() not in allowed:
        raise Unwelcome(403, "host")


async def read_body(request: Request) -> dict[str, Any]:
    """The JSON object of a POST from the page itself."""
    check_host(request)
    if request.headers.get("origin", "").lower() != f"http://{request.headers['host'].lower()}":
        raise Unwelcome(403, "origin")
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Unwelcome(415, "json")
    try:
        body = await request.json()
    except ValueError:
        raise Unwelcome(400, "json") from None
    if not isinstance(body, dict):
        raise Unwelcome(400, "json")
    return body
