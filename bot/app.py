"""Builds everything in plain sight and runs it; the only file that knows all the others."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import make_url
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError
from telegram.request import HTTPXRequest

from bot import logs
from bot.chat.pace import Pace
from bot.chat.updates import ALLOWED
from bot.chat.webhook import PATH, webhook
from bot.check import check, to_look_up_again
from bot.coach import schedule
from bot.coach.dialogue import Said
from bot.library import Library
from bot.live import LiveContent
from bot.running import Running, running
from bot.settings import Settings, SettingsError
from bot.store import dues, people
from bot.store.tables import Table
from bot.trial.clock import TrialClock
from bot.trial.page_routes import TrialPage
from bot.trial.server import TelegramServer
from bot.trial.serving import serve
from bot.vitals import health, vitals

log = logging.getLogger(__name__)
STOPS_WITHIN = 4.5
"""Seconds from the signal to the end, whatever still waits."""
TRIAL_TOKEN = "5000001:trial"  # noqa: S105 -- opens nothing but the page's own server


def make_bot(token: str, api: str) -> Bot:
    """A bot that calls `<api>/bot<token>/<method>`."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # how the library will give lengths of time
    # without TLS there is nothing to verify, and loading the certificates takes a while
    options: dict[str, Any] = {"verify": False} if api.startswith("http://") else {}
    return Bot(
        token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=HTTPXRequest(connection_pool_size=32, pool_timeout=10, httpx_kwargs=options),
        get_updates_request=HTTPXRequest(httpx_kwargs=options),
    )


def real_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def run(settings: Settings) -> int:
    """Runs until told to stop. Raises ContentError or SettingsError when content or settings cannot be used."""
    logs.set_up(settings.log_level, _secrets(settings))
    try:
        asyncio.run(_until_stopped(_on_trial(settings) if settings.trial else _on_telegram(settings)))
    except InvalidToken:
        raise SettingsError("TELEGRAM_BOT_TOKEN: Telegram does not know it; copy it anew from BotFather") from None
    except KeyboardInterrupt:
        pass
    return 0


async def _until_stopped(work: Awaitable[None]) -> None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        # whatever hangs, a locked database or a thread: nothing is lost by a process that ends at once
        deadline = threading.Timer(STOPS_WITHIN, os._exit, (0,))
        deadline.daemon = True
        deadline.start()
        task.cancel()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _on_telegram(settings: Settings) -> None:
    token = settings.telegram_bot_token
    assert token is not None  # noqa: S101 -- settings.trial says so
    bot = make_bot(token.get_secret_value(), settings.telegram_api_url)
    library = checked_content(settings)
    url, secret = settings.webhook_url, settings.webhook_secret
    async with running(settings, bot, real_now, library, polling=not url) as coach, AsyncExitStack() as serving:
        if settings.metrics_listen:
            await serving.enter_async_context(serve(vitals(coach), *settings.metrics_listen))
        if url and secret:
            await _take_pushed(settings, coach, url, secret.get_secret_value(), serving)
        log.info("the coach is on Telegram as @%s", bot.username)
        await asyncio.Event().wait()


async def _take_pushed(settings: Settings, coach: Running, url: str, secret: str, serving: AsyncExitStack) -> None:
    """Telegram pushes updates to `<WEBHOOK_URL>/telegram`; what waited while we were down comes too."""
    routes = [webhook(coach.bot, coach.handle, coach.unreadable, secret), health(coach)]
    host, port = await serving.enter_async_context(serve(Starlette(routes=routes), *settings.listen))
    log.info("updates are taken at %s:%s", host, port)
    backoff = 0.5
    while True:
        try:
            await coach.bot.set_webhook(url.rstrip("/") + PATH, secret_token=secret, allowed_updates=ALLOWED)
            return
        except BadRequest as error:
            raise SettingsError(f"WEBHOOK_URL: Telegram does not take it: {error.message}") from error
        except NetworkError as error:
            log.warning("the webhook could not be set (%s); trying again", type(error).__name__)
            await asyncio.sleep(backoff)
            backoff = min(2 * backoff, 30.0)


async def _on_trial(settings: Settings) -> None:
    async with trial(settings) as address:
        sys.stdout.write(f"\n  Talk to the coach: {address}\n  Ctrl+C stops it.\n\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


@asynccontextmanager
async def trial(settings: Settings) -> AsyncIterator[str]:
    """The trial page with the real bot behind it, talking to our own Bot API server; yields its address."""
    library = checked_content(settings)
    kept = settings.data_dir / "trial-chats.json"
    clock = TrialClock()
    server = TelegramServer.load(kept, TRIAL_TOKEN, clock.now)
    clock.keep_in(server.state.note)
    host, port = settings.listen
    # the page needs the coach and the coach the page's address: the server is up before the bot is
    on_trial = CoachOnTrial()
    page = TrialPage(server, clock, on_trial)
    async with serve(page.app, host, _free_port(host, port)) as (bound_host, bound_port), server.kept(kept):
        address = f"http://{f'[{bound_host}]' if ':' in bound_host else bound_host}:{bound_port}"
        pace = Pace(time.monotonic, overall=1000, per_chat=100)  # a page has no limits to keep to
        bot = make_bot(TRIAL_TOKEN, address)
        async with running(settings, bot, clock.now, library, pace=pace) as coach:
            on_trial.coach = coach
            live = LiveContent(settings.content_dir, settings.content_language, library, page.tell_content)
            coach.newest = live.current
            yield address


def checked_content(settings: Settings) -> Library:
    """The content, checked. Help numbers that nobody has looked up for a year are told, and used."""
    gc.disable()  # much comes and nothing goes: looking for garbage meanwhile takes a fifth of the time
    try:
        library = check(settings.content_dir, settings.content_language)
    finally:
        gc.enable()
    for warning in to_look_up_again(library, settings.content_dir, real_now().date()):
        log.warning("%s", warning)
    return library


def _free_port(host: str, port: int) -> int:
    """The port asked for, or the next one that nobody listens on."""
    for candidate in range(port, port + 50) if port else ():
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, candidate))
                return candidate
    return 0


def _secrets(settings: Settings) -> tuple[str, ...]:
    """What must not be logged, however it gets into a message."""
    database = settings.database_url.get_secret_value() if settings.database_url else ""
    password = make_url(database).password if database else None
    kept = (settings.telegram_bot_token, settings.webhook_secret)
    return (*(one.get_secret_value() for one in kept if one), str(password) if password else "")


class CoachOnTrial:
    """What the trial page's clock needs of the coach."""

    coach: Running | None = None
    """None until the coach has started: the page may be opened before."""

    @property
    def _running(self) -> Running:
        if self.coach is None:
            raise RuntimeError("the coach has not started yet")
        return self.coach

    async def next_due(self, after: dt.datetime, until: dt.datetime) -> dt.datetime | None:
        return await self._running.database.run(lambda session: dues.next_due(session, after, until))

    async def next_check_in(self) -> dt.datetime | None:
        now = self._running.now()
        return await self._running.database.run(lambda session: dues.next_due(session, now, habit=True))

    async def tick(self) -> None:
        await self._running.clock.tick()

    async def drain(self) -> None:
        await self._running.sender.drained()

    async def zone_of(self, chat_id: int) -> str | None:
        if self.coach is None:
            return None
        facts = await self._running.database.run(lambda session: _facts(session, chat_id))
        return str(facts["zone"].value) if "zone" in facts else None

    async def end_of_week(self, chat_id: int) -> dt.datetime:
        """The person's next weekly summary; Sunday 18:00 of their zone where none is planned."""
        now = self._running.now()
        summaries = [one.id for one in self._running.library.scripts.values() if one.kind == "weekly"]
        due = await self._running.database.run(lambda session: dues.next_weekly(session, chat_id, now, summaries))
        if due is not None:
            return due
        zone = ZoneInfo(await self.zone_of(chat_id) or "UTC")
        today = schedule.local_date(now, zone)
        sunday = today + dt.timedelta(days=6 - today.weekday())
        at = schedule.instant(sunday, dt.time(18), zone)
        return at if at > now else at + dt.timedelta(days=7)

    async def start_over(self) -> None:
        """Forgets everyone."""

        def empty(session: Session) -> None:
            for table in reversed(Table.metadata.sorted_tables):
                session.execute(table.delete())

        await self._running.database.run(empty)


def _facts(session: Session, chat_id: int) -> dict[str, Said]:
    person = people.by_chat(session, chat_id)
    return people.facts(session, person.id) if person else {}
