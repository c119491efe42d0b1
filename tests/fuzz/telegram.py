"""Telegram in the same process: the bot's calls meet our own Bot API server's checks without a line between."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from telegram import Bot
from telegram.request import BaseRequest, RequestData

from bot.trial.chats import Chat
from bot.trial.methods import METHODS
from bot.trial.parameters import Attachment, Parameters
from bot.trial.refusals import Refusal
from bot.trial.state import State

BOT_ID = 1


class Telegram(BaseRequest):
    """What the library calls instead of HTTP. `refused` keeps what Telegram would not take."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        me = {"id": BOT_ID, "is_bot": True, "first_name": "Coach", "username": "coach_bot"}
        self.state = State(now, me)
        self.refused: list[str] = []
        self.unmodified = 0
        self.calls = 0

    def chat(self, chat_id: int) -> Chat:
        """A chat as Telegram knows it: whoever an update names is there."""
        if chat_id not in self.state.chats:
            self.state.chats[chat_id] = Chat(chat_id, "private" if chat_id > 0 else "group", "Somebody")
        return self.state.chats[chat_id]

    def bot(self) -> Bot:
        return Bot(f"{BOT_ID}:fuzz", request=self, get_updates_request=self)

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[1].lower()
        self.calls += 1
        call = _parameters(request_data) if request_data else Parameters()
        try:
            answer = {"ok": True, "result": METHODS[name](self.state, call)}
        except Refusal as refusal:
            if "not modified" in refusal.description:
                self.unmodified += 1  # the sender takes this for what it is: the message says that already
            else:
                self.refused.append(f"{name} {refusal.description}: {call.text('text')[:200]!r}")
            return refusal.code, refusal.response().body  # type: ignore[return-value]
        return 200, json.dumps(answer).encode()


def _parameters(data: RequestData) -> Parameters:
    call = Parameters(json.loads(data.json_payload))
    for name, (file, content, mime) in (data.multipart_data or {}).items():
        call.attachments[name] = Attachment(file, mime, content)  # type: ignore[arg-type]
    return call
