"""The real process with a token: by polling and by webhook, from start to SIGTERM."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from bot.settings import HOME
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
