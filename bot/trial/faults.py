"""Failures a test orders in advance: a refusal to come, a lost connection, an answer that never arrives."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from bot.trial.refusals import Refusal, too_many_requests

Kind = Literal["429", "500", "502", "drop", "timeout"]


@dataclass
class Fault:
    """The next `times` calls of `method` (to `chat_id`, or to any chat) fail in this way.

    With `after_effect` the call does its work first: the message is there, and only the answer is lost.
    """

    method: str
    kind: Kind
    chat_id: int | None = None
    times: int = 1
    after_effect: bool = False
    retry_after: int = 1

    def meets(self, method: str, chat_id: int | None) -> bool:
        return self.times > 0 and self.method.lower() == method.lower() and self.chat_id in (None, chat_id)


def take_fault(faults: list[Fault], method: str, chat_id: int | None) -> Fault | None:
    for fault in faults:
        if fault.meets(method, chat_id):
            fault.times -= 1
            if not fault.times:
                faults.remove(fault)
            return fault
    return None


async def fail(fault: Fault, request: Request, closing: asyncio.Event) -> Response:
    if fault.kind == "429":
        return too_many_requests(fault.retry_after).response()
    if fault.kind == "500":
        return Refusal(500, "Internal Server Error").response()
    if fault.kind == "502":
        return PlainTextResponse("Bad Gateway", status_code=502)
    if fault.kind == "timeout":
        await _client_gone(request, closing)
    return _CutOff()


class _CutOff(Response):
    """Promises a body and never sends it, so that the connection is closed in the caller's face."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _client_gone(request: Request, closing: asyncio.Event) -> None:
    async def disconnected() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    waits = [asyncio.create_task(disconnected()), asyncio.create_task(closing.wait())]
    _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*waits, return_exceptions=True)
