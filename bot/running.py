"""The coach at work on one bot: handles updates, ticks, sends."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from telegram import Bot, BotCommand, CallbackQuery, Update
from telegram.error import TelegramError

from bot import turns
from bot.chat.pace import Pace
from bot.chat.polling import poll
from bot.chat.sender import Sender
from bot.chat.updates import to_input
from bot.coach import week
from bot.coach.questions import short_date
from bot.inputs import Input
from bot.knowledge import Coach
from bot.library import Library
from bot.picture import Labels, Painter
from bot.scheduler import Clock
from bot.settings import Settings
from bot.store.database import Database, migrate

log = logging.getLogger(__name__)
TRIES = 3
"""How often a turn that fails is tried before its update is put aside."""


class Running:
    """The coach at work on one bot: handles updates, ticks, sends."""

    def __init__(
        self,
        settings: Settings,
        bot: Bot,
        now: Callable[[], dt.datetime],
        pace: Pace | None,
        library: Library,
    ) -> None:
        self.settings = settings
        self.bot = bot
        self.now = now
        self.library = library
        migrate(settings.database)
        self.database = Database(settings.database)
        self.painter = Painter()
        self.sender = Sender(bot, self.database, now, self._draw, pace)
        self.clock = Clock(self.database, self.coach, self.sender, now)

    def coach(self) -> Coach:
        return Coach(
            library=self.library,
            operator=self.settings.operator_name or self.library.phrase(self.library.phrases.trial_operator),
            contact=self.settings.operator_contact or self.library.phrase(self.library.phrases.trial_contact),
            bot_id=self.bot.id,
            operator_chat=self.settings.operator_chat_id,
        )

    async def _draw(self, drawn: dict[str, Any]) -> bytes:
        figures = week.WeekFigures.from_dict(drawn["figures"])
        past = [week.WeekFigures.from_dict(one) for one in drawn["past"]]
        return await self.painter.draw(figures, week.trend([*past, figures]), self._labels(figures, past))

    def _labels(self, figures: week.WeekFigures, past: list[week.WeekFigures]) -> Labels:
        words, picture = self.library.phrases, self.library.phrases.picture
        weeks = [*past, figures]
        return Labels(
            title=self.library.phrase(picture.title, day=short_date(figures.ending, words)),
            days=tuple(words.weekdays_short[day.weekday()] for day in week.days_of(figures.ending)),
            habits={habit: words.habits[habit] for habit in week.HABITS},
            cells=picture.cells,
            trend=picture.trend,
            weeks=tuple(short_date(one.ending, words) for one in weeks),
            empty=picture.empty,
        )

    async def handle(self, update: Update) -> None:
        """Processes one update and commits. What fails again and again is put aside; the loop goes on."""
        now = self.now()
        given = to_input(update, now)
        outcome = turns.Outcome()
        if given is not None:
            for attempt in range(1, TRIES + 1):
                try:
                    coach = self.coach()
                    outcome = await self.database.run(partial(turns.turn, coach=coach, given=given, now=now))
                    break
                except Exception as error:
                    log.exception("update %s failed, attempt %s", update.update_id, attempt)
                    if attempt == TRIES:
                        await self._put_aside(update, given, error)
        self.sender.wake()
        if update.callback_query:
            await self._answer_tap(update.callback_query, outcome.notice)

    async def _put_aside(self, update: Update, given: Input, error: Exception) -> None:
        reason, now = type(error).__name__, self.now()
        payload, coach = update.to_dict(), self.coach()
        await self.database.run(lambda session: turns.put_aside(session, coach, given, payload, reason, now))

    async def _answer_tap(self, query: CallbackQuery, notice: str) -> None:
        """Best effort: an old query can no longer be answered, and that is no error."""
        try:
            await query.answer(notice[:200] or None)
        except TelegramError as error:
            log.info("a tap was not answered: %s", type(error).__name__)

    async def introduce(self) -> None:
        """The commands menu and the description."""
        commands = [
            BotCommand(script.command, script.about or script.title)
            for script in sorted(self.library.scripts.values(), key=lambda s: (s.order, s.id))
            if script.command and (script.about or script.kind == "onboarding")
        ]
        about = self.library.phrases
        try:
            await self.bot.set_my_commands(commands)
            await self.bot.set_my_description(self.library.phrase(about.description))
            await self.bot.set_my_short_description(self.library.phrase(about.short_description))
        except TelegramError as error:
            log.warning("the commands menu could not be set: %s", type(error).__name__)


@asynccontextmanager
async def running(
    settings: Settings,
    bot: Bot,
    now: Callable[[], dt.datetime],
    library: Library,
    *,
    ticking: bool = True,
    polling: bool = True,
    pace: Pace | None = None,
) -> AsyncIterator[Running]:
    """The coach at work until the block ends; what was begun is finished."""
    async with bot:
        coach = Running(settings, bot, now, pace, library)
        await coach.introduce()
        tasks = [asyncio.create_task(coach.sender.run())]
        if polling:
            tasks.insert(0, asyncio.create_task(poll(bot, coach.handle, 10 if settings.trial else 30)))
        if ticking:
            coach.clock.start()
        try:
            yield coach
        finally:
            await coach.clock.stop()
            for task in tasks:
                await _end(task)
            await coach.sender.stop()
            await coach.painter.close()
            coach.database.close()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
