"""The inbox of a flood is emptied to its end, also of what comes in the moment in which it was found empty."""

from __future__ import annotations

import asyncio

from telegram import Update

from bot.chat.backlog import Backlog
from bot.store.tables import Inbox
from tests.conversations.chat import Chat, Stage


async def test_what_is_kept_while_the_inbox_is_found_empty_is_handled(stage: Stage, chat: Chat) -> None:
    handled: list[int] = []

    async def handle(update: Update) -> None:
        handled.append(update.update_id)

    backlog = Backlog(stage.coach.bot, stage.coach.database, handle, stage.coach.unreadable)
    for number in range(1, 60):
        await backlog.keep(chat.id, [Update(number)])
        backlog.catch_up(chat.id)
        for _ in range(number % 7):  # at another moment of its work each time
            await asyncio.sleep(0)
    while backlog.holds(chat.id):  # noqa: ASYNC110 -- it tells nobody
        await asyncio.sleep(0)
    assert handled == list(range(1, 60))
    assert stage.work(lambda session: session.query(Inbox).count()) == 0
