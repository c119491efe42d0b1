"""What Telegram says when it refuses a call, so that the bot meets the same words here as there."""

from dataclasses import dataclass

from starlette.responses import JSONResponse


class Refusal(Exception):
    """A call that is answered with `ok: false`, a code and a description."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def response(self) -> JSONResponse:
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return JSONResponse(body, status_code=self.code)


@dataclass(frozen=True)
class Refused:
    """The record of a refusal, for a test to look at."""

    method: str
    chat_id: int | None
    code: int
    description: str


def bad_request(reason: str) -> Refusal:
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    return Refusal(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after)
