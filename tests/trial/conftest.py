"""A served Telegram of our own with a bot that talks to it over HTTP."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from telegram import Bot, Update
from telegram.request import HTTPXRequest

from bot.trial.server import TelegramServer
from bot.trial.serving import serve

os.environ["PTB_TIMEDELTA"] = "true"  # the library's coming behaviour, and a warning without it
TOKEN = "5000001:trial-token"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class Watch:
    """A clock the test moves by hand."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Telegram:
    """The server, its address, one person, and bots that are closed at the end."""

    server: TelegramServer
    watch: Watch
    url: str
    stack: AsyncExitStack
    ann: int = 0

    async def bot(self, token: str = TOKEN, read_timeout: float = 20) -> Bot:
        # Without bot.initialize(), which would ask getMe of a server that may have been told to fail.
        requests = [HTTPXRequest(read_timeout=read_timeout, httpx_kwargs={"verify": False}) for _ in range(2)]
        for request in requests:
            await request.initialize()
            self.stack.push_async_callback(request.shutdown)
        return Bot(
            token,
            base_url=f"{self.url}/bot",
            base_file_url=f"{self.url}/file/bot",
            request=requests[0],
            get_updates_request=requests[1],
        )

    async def updates(self, bot: Bot, offset: int = 0) -> list[Update]:
        return list(await bot.get_updates(offset=offset, timeout=0))


@asynccontextmanager
async def telegram_at(server: TelegramServer, watch: Watch) -> AsyncIterator[Telegram]:
    async with AsyncExitStack() as stack:
        host, port = await stack.enter_async_context(serve(server.app))
        yield Telegram(server, watch, f"http://{host}:{port}", stack)


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    watch = Watch()
    async with telegram_at(TelegramServer(TOKEN, watch), watch) as telegram:
        telegram.ann = telegram.server.add_person("Ann")
        yield telegram


@pytest.fixture
async def bot(telegram: Telegram) -> Bot:
    return await telegram.bot()
