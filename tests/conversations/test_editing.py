"""An author edits files while the trial runs: the next message has it; a mistake is shown, and nothing stops."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import async_playwright, expect

from bot.app import trial
from bot.settings import Settings
from tests.coach import CONTENT
from tests.trial.test_page import ARGUMENTS, CHROMIUM

HELP = "en/commands/help.yaml"
ONBOARDING = "en/onboarding.yaml"


class Trial:
    """The trial page of `make run` over content of its own, and one person on it."""

    def __init__(self, content: Path, address: str, client: httpx.AsyncClient) -> None:
        self.content = content
        self.address = address
        self.client = client

    def save(self, name: str, old: str, new: str) -> None:
        file = self.content / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    async def state(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.get("/trial/state")).json()
        return found

    async def post(self, act: str, **body: Any) -> None:
        person = (await self.state())["people"][0]
        answer = await self.client.post(f"/trial/{act}", json={"chat_id": person["chat_id"], **body})
        assert answer.status_code == 200, answer.text

    async def answer(self, text: str) -> str:
        """Types, and gives the first new message of the coach."""
        before = max((int(one["id"]) for one in (await self.state())["people"][0]["messages"]), default=0)
        async with asyncio.timeout(20), self.client.stream("GET", "/trial/events") as events:
            lines = events.aiter_lines()
            await anext(lines)  # subscribed
            await self.post("type", text=text)
            async for line in lines:
                event = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if (
                    event.get("kind") == "message"
                    and event["message"]["from_bot"]
                    and int(event["message"]["id"]) > before
                ):
                    return str(event["message"]["text"])
        raise AssertionError("the page stopped")


@asynccontextmanager
async def trial_of(content: Path, language: str = "en") -> AsyncIterator[Trial]:
    data = content.parent / "data"
    settings = Settings(
        _env_file=None, data_dir=data, listen="127.0.0.1:0", content_dir=content, content_language=language
    )
    async with trial(settings) as address:
        client = httpx.AsyncClient(base_url=address, headers={"Origin": address}, verify=False, timeout=30)
        async with client:
            yield Trial(content, address, client)


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Trial]:
    async with trial_of(shutil.copytree(CONTENT, tmp_path / "content")) as found:
        yield found


async def test_the_coach_speaks_the_language_it_is_told_to(tmp_path: Path) -> None:
    content = shutil.copytree(CONTENT, tmp_path / "content")
    shutil.copytree(content / "en", content / "de")
    file = content / "de" / "onboarding.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Hello. I'm Uptake", "Hallo. Ich bin Uptake"), "utf-8")
    async with trial_of(content, "de") as running:
        assert (await running.answer("/start")).startswith("Hallo. Ich bin Uptake")


async def test_an_edit_is_in_the_next_message(running: Trial) -> None:
    assert "Are you 18 or older?" in await running.answer("/start")
    running.save(ONBOARDING, "Are you 18 or older?", "Are you over 17?")
    assert "Are you over 17?" in await running.answer("hello")
    assert (await running.state())["mistakes"] == []


async def test_a_mistake_is_told_and_the_last_good_content_goes_on_until_it_is_mended(running: Trial) -> None:
    await running.answer("/start")
    running.save(ONBOARDING, "Are you 18 or older?", "Are you {{ nobody }}?")
    assert "Are you 18 or older?" in await running.answer("hello")
    [mistake] = (await running.state())["mistakes"]
    assert mistake.startswith("content/en/onboarding.yaml:")
    assert "nothing is called nobody" in mistake
    running.save(ONBOARDING, "Are you {{ nobody }}?", "Are you over 17?")
    assert "Are you over 17?" in await running.answer("hello")
    assert (await running.state())["mistakes"] == []


async def test_a_conversation_whose_step_is_gone_goes_on(running: Trial) -> None:
    await running.answer("/start")
    text = (running.content / ONBOARDING).read_text(encoding="utf-8")
    first = next(line for line in text.splitlines() if line.startswith("  ") and line.endswith(":"))
    running.save(ONBOARDING, f"\n{first}\n", f"\n{first[:-1]}_anew:\n")
    assert "Are you 18 or older?" in await running.answer("hello")


@pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason="needs Chromium at /usr/bin/chromium")
async def test_a_mistake_stands_on_the_page_with_its_file_line_and_step_and_goes_when_it_is_mended(
    running: Trial,
) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        await page.goto(running.address)
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(page.get_by_role("log").get_by_role("button", name="Yes, 18 or over")).to_be_visible()
        shown = page.get_by_role("alert").filter(has_text="in the content")
        await expect(shown).to_have_count(0)

        running.save(ONBOARDING, "    choice:", "    choise:")
        running.save(HELP, "title: ", "titel: ")
        await page.locator("textarea").fill("hello")
        await page.keyboard.press("Enter")
        await expect(shown).to_contain_text(
            "3 mistakes in the content"
        )  # `titel` is one field too many and one missing
        await expect(shown).to_contain_text("content/en/onboarding.yaml:")
        await expect(shown).to_contain_text("did you mean choice?")
        await page.reload()
        await expect(shown).to_contain_text("content/en/commands/help.yaml:")

        running.save(ONBOARDING, "    choise:", "    choice:")
        running.save(HELP, "titel: ", "title: ")
        await page.locator("textarea").fill("hello")
        await page.keyboard.press("Enter")
        await expect(shown).to_have_count(0)
        await browser.close()
