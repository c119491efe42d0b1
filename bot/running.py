"""The coach at work on one bot: handles updates, ticks, sends."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy.exc import InterfaceError, OperationalError
from telegram import Bot, BotCommand, CallbackQuery, Update
from telegram.error import InvalidToken, TelegramError

from bot import turns
from bot.chat.backlog import Backlog
from bot.chat.pace import Pace
from bot.chat.polling import LONGEST_POLL, Poller
from bot.chat.sender import Sender
from bot.chat.updates import plain, to_input
from bot.coach import week
from bot.coach.questions import short_date
from bot.inputs import Input
from bot.knowledge import Coach
from bot.lead import Lead
from bot.library import Library
from bot.picture import Labels, Painter
from bot.scheduler import Clock
from bot.settings import Settings
from bot.store.database import Database, migrate
from bot.store.news import listen

log = logging.getLogger(__name__)
PAUSES = (0.1, 0.5)
"""Seconds between the tries of a turn that fails, before its update is put aside."""
PATIENCE = 20
"""How often an update comes back whose turn the database did not allow, about ten minutes, before it is put aside."""
DATABASE_TROUBLE = (OperationalError, InterfaceError)
"""Locked, full, unreachable: it passes, and the update waits with Telegram meanwhile."""
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 30.0
LAST_TAPS = 1.0
"""Seconds that answers to taps have left when the coach stops."""


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
        self.newest: Callable[[], Library] = lambda: library
        """Where the library comes from at each turn: on the trial page an author may have changed a file."""
        migrate(settings.database)
        self.database = Database(settings.database)
        self.painter = Painter()
        self.lead = Lead(self.database, f"{socket.gethostname()}:{settings.listen[0]}:{settings.listen[1]}")
        self.sender = Sender(bot, self.database, now, self._draw, pace, self.lead.may_send)
        self.clock = Clock(self.database, self.coach, self.sender, now)
        self._in_turn: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        """One chat has one turn at a time: others need not wait in the database's threads for it."""
        self._came_back: dict[int, int] = {}
        """How often an update came back because of the database."""
        self._tap_answers: set[asyncio.Task[None]] = set()
        """On their way beside everything else: nobody's next message waits for them."""
        self.figures: Counter[str] = Counter()
        self.pauses: tuple[float, ...] = PAUSES

    def coach(self) -> Coach:
        self.library = self.newest()
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

    @property
    def database_refuses(self) -> bool:
        """Whether updates stay with Telegram because they cannot be committed."""
        return bool(self._came_back)

    async def handle(self, update: Update) -> None:
        """Processes one update and commits; what fails again and again is put aside.

        Raises what the database raised when nothing could be committed: Telegram must keep the update.
        """
        try:
            given = to_input(update, self.now())
        except Exception:  # it lacks something, and the library did not mind
            await self.unreadable(plain(update))
            return
        outcome = turns.Outcome()
        if given is not None:
            lock = self._in_turn.setdefault(given.chat_id, asyncio.Lock())
            async with lock:
                outcome = await self._turn(update, given)
        self.sender.wake()
        if update.callback_query:
            task = asyncio.create_task(self._answer_tap(update.callback_query, outcome.notice))
            self._tap_answers.add(task)
            task.add_done_callback(self._tap_answers.discard)

    async def _turn(self, update: Update, given: Input) -> turns.Outcome:
        for pause in (*self.pauses, None):
            try:
                unit = partial(turns.turn, coach=self.coach(), given=given, now=self.now())
                outcome = await self.database.run(unit)
                self.figures["repeats" if outcome.repeat else "updates"] += 1
                self._came_back.pop(update.update_id, None)
                return outcome
            except Exception as error:
                if isinstance(error, DATABASE_TROUBLE):  # it comes again and again, and where is no riddle
                    log.error("update %s could not be committed: %s", update.update_id, type(error).__name__)
                else:
                    log.exception("update %s failed", update.update_id)
                self.figures["failures"] += 1
                failure = error
            if pause is not None:
                await asyncio.sleep(pause)
        if isinstance(failure, DATABASE_TROUBLE):
            times = self._came_back[update.update_id] = self._came_back.get(update.update_id, 0) + 1
            if times < PATIENCE:
                raise failure
        await self._put_aside(update, given, failure)
        return turns.Outcome()

    async def _put_aside(self, update: Update, given: Input, error: Exception) -> None:
        reason, now = type(error).__name__, self.now()
        payload, coach = plain(update), self.coach()
        await self.database.run(lambda session: turns.put_aside(session, coach, given, payload, reason, now))
        self._came_back.pop(update.update_id, None)
        self.figures["put_aside"] += 1

    async def unreadable(self, raw: dict[str, Any]) -> None:
        """Puts aside an update that the library cannot read."""
        log.error("update %s could not be read", raw["update_id"])
        coach, now = self.coach(), self.now()
        await self.database.run(lambda session: turns.put_aside_unread(session, coach, raw, now))
        self.figures["put_aside"] += 1
        self.sender.wake()

    async def lead_on(self, *, ticking: bool) -> None:
        """What one process of all does: the clock, and the sender with an ear for the others."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.sender.run())
            if ticking:
                tasks.create_task(self.clock.run())
            if not self.database.sqlite:
                tasks.create_task(listen(self.settings.database, self.sender.wake))

    async def _answer_tap(self, query: CallbackQuery, notice: str) -> None:
        """Best effort: an old query can no longer be answered, and that is no error."""
        try:
            await query.answer(notice[:200] or None)
        except TelegramError as error:
            log.info("a tap was not answered: %s", type(error).__name__)

    async def taps_answered(self, seconds: float) -> None:
        """Gives the answers to taps that are on their way a moment."""
        if self._tap_answers:
            await asyncio.wait(list(self._tap_answers), timeout=seconds)

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
    """The coach at work until the block ends; what was begun is finished or left as after a crash, within seconds.

    Raises InvalidToken when Telegram does not know the token.
    """
    async with _connected(bot):
        coach = Running(settings, bot, now, pace, library)
        backlog = Backlog(bot, coach.database, coach.handle, coach.unreadable)
        poller = Poller(bot, coach.handle, coach.unreadable, backlog, 10 if settings.trial else LONGEST_POLL)
        tasks = [asyncio.create_task(coach.lead.run(partial(coach.lead_on, ticking=ticking)))]
        try:
            await coach.introduce()
            if polling:
                tasks.insert(0, asyncio.create_task(poller.run()))
            yield coach
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, backlog.stop(), coach.taps_answered(LAST_TAPS), return_exceptions=True)
            await coach.painter.close()
            coach.database.close()


@asynccontextmanager
async def _connected(bot: Bot) -> AsyncIterator[None]:
    """The bot's connections, opened as soon as Telegram answers; a machine may start before its network does."""
    backoff = FIRST_BACKOFF
    while True:
        try:
            await bot.initialize()
            break
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram does not answer yet (%s); trying again", type(error).__name__)
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, LONGEST_BACKOFF)
    try:
        yield
    finally:
        await bot.shutdown()
