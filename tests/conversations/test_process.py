"""The real process with a token: by polling and by webhook, from start to SIGTERM."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

import httpx
import pytest

from bot.settings import HOME
from bot.trial.faults import Fault
from bot.trial.server import TelegramServer
from bot.trial.serving import serve
from tests.conversations.chat import MONDAY

TOKEN = "5000001:a-secret-of-ours"
WORDS = "what nobody else may read"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("pushed", [False, True], ids=["polling", "webhook"])
async def test_the_same_bot_runs_on_telegram_and_stops_when_told(tmp_path: Path, pushed: bool) -> None:
    telegram = TelegramServer(TOKEN, lambda: MONDAY)
    chat = telegram.add_person("Robin")
    port = free_port()
    async with serve(telegram.app) as (host, api_port):
        given = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": f"http://{host}:{api_port}",
            "OPERATOR_NAME": "Ada",
            "OPERATOR_CONTACT": "ada@example.org",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'coach.db'}",
            "LISTEN": f"127.0.0.1:{port}",
            "LOG_LEVEL": "DEBUG",
            **({"WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": "let_me_in"} if pushed else {}),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(HOME), **given},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(60):
                telegram.type(chat, f"/start {WORDS}")
                telegram.state.updates.add("message", {"message_id": 5, "date": WORDS, "chat": {"id": 1}})
                with telegram.state.events.subscription() as happenings:
                    while not any(message.from_bot for message in telegram.messages(chat)):
                        await anext(happenings)
                while telegram.updates_pending():  # noqa: ASYNC110 -- the server has no event for "acknowledged"
                    await asyncio.sleep(0.01)
                process.send_signal(signal.SIGTERM)
                out, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    assert "18 or older" in telegram.messages(chat)[-1].plain
    assert process.returncode == 0, out.decode()
    assert TOKEN not in out.decode()
    assert WORDS not in out.decode(), "not even of an update that could not be read"
    assert "could not be read" in out.decode()
    assert telegram.updates_pending() == 0


@asynccontextmanager
async def started(folder: Path, telegram: TelegramServer | None, **more: str) -> AsyncIterator[Process]:
    """The real process, on Telegram or, without it, on the trial page; killed at the end if it still runs."""
    async with AsyncExitStack() as serving:
        given = {"LISTEN": f"127.0.0.1:{free_port()}", "DATA_DIR": str(folder / "data"), **more}
        if telegram is not None:
            host, port = await serving.enter_async_context(serve(telegram.app))
            given |= {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_URL": f"http://{host}:{port}",
                "OPERATOR_NAME": "Ada",
                "OPERATOR_CONTACT": "ada@example.org",
                "DATABASE_URL": f"sqlite:///{folder / 'coach.db'}",
            }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(HOME), **given},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(60):
                yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def stops_in(process: Process) -> float:
    """Sends SIGTERM; the seconds until the process is gone."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    await process.wait()
    return time.monotonic() - began


async def test_it_stops_within_five_seconds_while_telegram_does_not_answer_and_loses_nothing(tmp_path: Path) -> None:
    telegram = TelegramServer(TOKEN, lambda: MONDAY)
    chat = telegram.add_person("Robin")
    telegram.faults.append(Fault("sendMessage", "timeout", times=-1))
    async with started(tmp_path, telegram) as process:
        telegram.type(chat, "/start")
        while not any(call.method == "sendMessage" for call in telegram.calls):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert await stops_in(process) < 5
        assert process.returncode == 0
    telegram.faults.clear()
    async with started(tmp_path, telegram) as process:
        with telegram.state.events.subscription() as happenings:
            while not any(message.from_bot for message in telegram.messages(chat)):
                await anext(happenings)
        assert await stops_in(process) < 5


async def test_it_stops_within_five_seconds_while_the_database_is_locked(tmp_path: Path) -> None:
    telegram = TelegramServer(TOKEN, lambda: MONDAY)
    chat = telegram.add_person("Robin")
    async with started(tmp_path, telegram) as process:
        while not telegram.state.updates.polled:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        with closing(sqlite3.connect(tmp_path / "coach.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            telegram.type(chat, "/start")
            while not telegram.state.updates.handed_out:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            assert await stops_in(process) < 5
        assert telegram.updates_pending() == 1, "what is not committed stays with Telegram"


async def test_the_trial_page_stops_within_five_seconds_while_it_is_open(tmp_path: Path) -> None:
    async with started(tmp_path, None) as process, httpx.AsyncClient(timeout=30) as browser:
        assert process.stdout is not None
        address = ""
        while "Talk to the coach:" not in address:
            address = (await process.stdout.readline()).decode()
        base = address.split("Talk to the coach:")[1].strip().rstrip("/")
        async with browser.stream("GET", f"{base}/trial/events", headers={"Accept": "text/event-stream"}) as events:
            assert events.status_code == 200
            assert await stops_in(process) < 5
            assert process.returncode == 0


async def test_a_token_that_telegram_does_not_know_is_one_clear_line(tmp_path: Path) -> None:
    telegram = TelegramServer("5000001:another", lambda: MONDAY)
    async with started(tmp_path, telegram) as process:
        out, _ = await process.communicate()
    assert process.returncode == 1
    assert out.decode().splitlines() == ["TELEGRAM_BOT_TOKEN: Telegram does not know it; copy it anew from BotFather"]


async def test_a_process_that_starts_before_the_network_waits_for_it(tmp_path: Path) -> None:
    telegram = TelegramServer(TOKEN, lambda: MONDAY)
    telegram.faults.append(Fault("getMe", "502", times=2))
    chat = telegram.add_person("Robin")
    async with started(tmp_path, telegram) as process:
        telegram.type(chat, "/start")
        with telegram.state.events.subscription() as happenings:
            while not any(message.from_bot for message in telegram.messages(chat)):
                await anext(happenings)
        await stops_in(process)


async def test_switching_between_polling_and_webhook_loses_no_update(tmp_path: Path) -> None:
    telegram = TelegramServer(TOKEN, lambda: MONDAY, webhook_retry_seconds=0.05)
    people = [telegram.add_person(f"Person {n}") for n in range(3)]
    port = free_port()
    pushed = {"WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": "let_me_in", "LISTEN": f"127.0.0.1:{port}"}
    for number, more in enumerate([{}, pushed, {}]):
        chat = people[number]
        telegram.type(chat, "/start")  # while the coach is down
        async with started(tmp_path, telegram, **more) as process:
            with telegram.state.events.subscription() as happenings:
                while not any(message.from_bot for message in telegram.messages(chat)):
                    await anext(happenings)
            await stops_in(process)
    assert [sum(message.from_bot for message in telegram.messages(chat)) for chat in people] == [1] * 3
    assert telegram.updates_pending() == 0
