"""Someone blocks the coach in the middle of an area and comes back days later."""

from __future__ import annotations

import datetime as dt

from tests.conversations.chat import Chat, Stage, golden
from tests.conversations.people import WALKER, do, met


async def test_blocked_and_back(stage: Stage, chat: Chat) -> None:
    await met(chat, *WALKER)
    await do(chat, "/areas", "[Nutrition]")
    stage.server.block(chat.id)
    await chat.play(stage.now + dt.timedelta(days=2))
    chat.lines.append("» (unblocks the coach)")
    stage.server.unblock(chat.id)
    await stage.settled()
    await chat.later(seconds=15)
    await do(chat, f"[{chat.labels()[0]}]")
    stage.server.block(chat.id)
    await chat.later(days=1)
    chat.lines.append("» (unblocks, and Telegram sends /start)")
    stage.server.unblock(chat.id)
    await chat.say("/start")
    await chat.later(seconds=15)
    golden(chat, "blocked-and-back")
