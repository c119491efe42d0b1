"""A small Bot API server: real HTTP for the bot, and people in this process to talk to it."""

import asyncio
import hmac
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.trial import archive
from bot.trial.faults import Fault, fail, take_fault
from bot.trial.limits import RateLimit
from bot.trial.methods import METHODS
from bot.trial.parameters import Parameters, read_parameters
from bot.trial.people import People
from bot.trial.refusals import Refusal, Refused, too_many_requests
from bot.trial.state import Call, State
from bot.trial.webhook import deliver

BOT_ID = 5_000_001


class TelegramServer(People):
    """Not thread-safe: everything happens in the event loop that serves `app`.

    `rate_limit` is None until a test or the app sets one; `faults` holds the failures ordered in advance. Of each
    call's `round_trip` seconds one half passes before its effect and one after it.
    """

    def __init__(
        self,
        token: str,
        clock: Callable[[], datetime],
        *,
        bot_name: str = "Uptake",
        rate_limit: RateLimit | None = None,
        round_trip: float = 0.0,
        webhook_retry_seconds: float = 1.0,
    ) -> None:
        bot = {"id": BOT_ID, "is_bot": True, "first_name": bot_name, "username": "uptake_trial_bot"}
        super().__init__(State(clock, bot))
        self.token = token
        self.rate_limit = rate_limit
        self.round_trip = round_trip
        self.faults: list[Fault] = []
        self._webhook_retry_seconds = webhook_retry_seconds
        self._delivery: asyncio.Task[None] | None = None
        self.routes = [
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download),
        ]
        self.app = Starlette(routes=self.routes)
        self.app.state.streams = self

    @classmethod
    def load(cls, path: Path, token: str, clock: Callable[[], datetime], **options: Any) -> Self:
        """The server as it was saved, or a new one where nothing was."""
        server = cls(token, clock, **options)
        archive.load(server.state, path)
        return server

    def save(self, path: Path) -> None:
        archive.save(self.state, path)

    def kept(self, path: Path) -> AbstractAsyncContextManager[None]:
        """While inside, the file follows what happens."""
        return archive.kept(self.state, path)

    def forget_everything(self) -> None:
        """Empty chats and no updates; the numbers go on, so that nothing old is taken for something new."""
        state = self.state
        for kept in (state.chats, state.taps, state.files, state.updates.pending, state.note):
            kept.clear()
        state.refusals.clear()
        state.calls.clear()

    def open(self) -> None:
        self.state.events.open()
        self._delivery = asyncio.create_task(deliver(self.state.updates, self._webhook_retry_seconds))

    def close(self) -> None:
        """Ends long polls, event streams and the webhook's sender; `open` starts them again."""
        self.state.events.close()
        self.state.updates.wake()
        if self._delivery:
            self._delivery.cancel()

    async def ended(self) -> None:
        """Returns when what `close` ended has let go of its connections."""
        if self._delivery:
            await asyncio.wait([self._delivery])

    async def _call(self, request: Request) -> Response:
        if not self._knows(request):
            return Refusal(401, "Unauthorized").response()
        name = request.path_params["method"]
        await self._travel()
        response = await self._worked_on(name, request)
        await self._travel()
        return response

    async def _travel(self) -> None:
        if self.round_trip:
            await asyncio.sleep(self.round_trip / 2)

    async def _worked_on(self, name: str, request: Request) -> Response:
        chat_id: int | None = None
        try:
            parameters = await read_parameters(request)
            chat_id = parameters.chat_id
            self.state.calls.append(Call(name, parameters.values))
            return await self._answer(name, chat_id, parameters, request)
        except Refusal as refusal:
            self.state.refusals.append(Refused(name, chat_id, refusal.code, refusal.description))
            return refusal.response()
        except ClientDisconnect:  # the bot died in the middle of its call
            return Response(status_code=400)

    async def _answer(self, name: str, chat_id: int | None, parameters: Parameters, request: Request) -> Response:
        fault = take_fault(self.faults, name, chat_id)
        if fault and not fault.after_effect:
            return await fail(fault, request, self.state.events.closing)
        self._check_rate(name, chat_id)
        if name.lower() == "getupdates":
            result: Any = await self._get_updates(parameters)
        elif method := METHODS.get(name.lower()):
            result = method(self.state, parameters)
        else:
            raise Refusal(404, "Not Found")
        if fault:
            return await fail(fault, request, self.state.events.closing)
        return JSONResponse({"ok": True, "result": result})

    async def _get_updates(self, call: Parameters) -> Any:
        updates = self.state.updates
        if call.values.get("allowed_updates") is not None:
            updates.allowed = call.structure("allowed_updates") or []
        return await updates.poll(
            call.whole("offset"), call.whole("limit"), call.whole("timeout"), self.state.events.closing
        )

    def _check_rate(self, name: str, chat_id: int | None) -> None:
        kind = name.lower()
        new_message = kind.startswith("send") and kind != "sendchataction"
        if self.rate_limit is None or chat_id is None or not (new_message or kind.startswith("edit")):
            return
        wait = self.rate_limit.retry_after(chat_id, new_message=new_message)
        if wait is not None:
            raise too_many_requests(wait)

    async def _download(self, request: Request) -> Response:
        file_id = request.path_params["path"].split("/")[1:2]
        file = self.state.files.get(file_id[0]) if file_id else None
        if not self._knows(request) or file is None:
            return Refusal(404, "Not Found").response()
        return Response(file.content, media_type="application/octet-stream")

    def _knows(self, request: Request) -> bool:
        return hmac.compare_digest(request.path_params["token"].encode(), self.token.encode())
