"""The page in a real browser, with a scripted coach behind it that speaks through the library."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.trial.clock import TrialClock
from bot.trial.page_routes import TrialPage
from bot.trial.server import TelegramServer
from bot.trial.serving import serve
from tests.trial.conftest import TOKEN, Watch
from tests.trial.scripted import ScriptedCoach

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and not os.environ.get("CI"), reason="needs Chromium at /usr/bin/chromium"
)


@pytest.fixture
async def server() -> AsyncIterator[tuple[TelegramServer, str]]:
    clock = TrialClock(Watch())
    server = TelegramServer(TOKEN, clock.now)
    clock.keep_in(server.state.note)
    requests = [HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2)]
    async with AsyncExitStack() as stack:
        coach = ScriptedCoach(clock)
        page = TrialPage(server, clock, coach)
        host, port = await stack.enter_async_context(serve(page.app))
        url = f"http://{host}:{port}"
        bot = Bot(TOKEN, f"{url}/bot", request=requests[0], get_updates_request=requests[1])
        await stack.enter_async_context(bot)
        await bot.set_my_commands([("start", "Begin"), ("week", "Your week as a picture")])
        await stack.enter_async_context(coach.listening(bot))
        yield server, url


@pytest.fixture
async def page(server: tuple[TelegramServer, str]) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(viewport={"width": 390, "height": 844}, timezone_id="Asia/Tokyo")
        page = await context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda told: problems.append(told.text) if told.type == "error" else None)
        await page.goto(server[1])
        yield page
        await browser.close()
    assert problems == []


async def test_a_newcomer_sees_a_check_in_within_a_minute(server: tuple[TelegramServer, str], page: Page) -> None:
    telegram, _ = server
    log = page.get_by_role("log")
    await expect(page.locator("#clock")).to_have_text("Sun 22 Nov 2026, 13:00")
    await expect(page.locator("#zone")).to_have_text("(Europe/Berlin)")

    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(log.locator("strong", has_text="Good to meet you.")).to_be_visible()
    await expect(log.locator("a", has_text="one study")).to_have_attribute("href", "https://example.org/study")
    await expect(log.get_by_text("Sunday, 22 November")).to_be_visible()
    rows = log.locator(".rows > div")
    assert [await row.locator(".key").all_inner_texts() for row in await rows.all()] == [
        ["Hardly moved", "Walked a bit"],
        ["Trained"],
    ]

    await page.get_by_role("button", name="Trained").click()
    await expect(log.get_by_text("You said trained. Noted.")).to_be_visible()
    await expect(page.locator(".key")).to_have_count(0)

    await page.get_by_role("button", name="Next check-in").click()
    await expect(page.locator("#clock")).to_have_text("Sun 22 Nov 2026, 19:30")
    await expect(log.get_by_text("Dinner done?")).to_be_visible()
    await page.get_by_role("button", name="Later").click()
    await expect(page.get_by_text("I will ask again in 20 minutes.")).to_be_visible()
    await expect(page.locator(".waiting")).to_have_count(0)

    await page.get_by_label("Message", exact=True).fill("<b>not bold</b>")
    await page.keyboard.press("Enter")
    await expect(log.get_by_text("Noted: “<b>not bold</b>”")).to_be_visible()

    await page.get_by_role("button", name="End of the week").click()
    await expect(log.get_by_text("Monday, 23 November")).to_have_count(0)
    await expect(page.locator("#clock")).to_have_text("Mon 23 Nov 2026, 07:00")
    assert telegram.refusals == []
    assert telegram.unanswered_taps == []


async def test_odd_things_and_other_people_can_be_tried(server: tuple[TelegramServer, str], page: Page) -> None:
    telegram, _ = server
    log = page.get_by_role("log")
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(log.get_by_text("Good to meet you.")).to_be_visible()
    text = page.get_by_label("Message", exact=True)

    await text.fill("/we")
    await expect(page.get_by_role("option")).to_have_text(["/weekYour week as a picture"])
    await text.press("Enter")
    picture = log.locator(".picture img")
    await expect(picture).to_be_visible()
    await picture.click()
    await expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="Attach").click()
    await page.get_by_role("button", name="Share location").click()
    await page.get_by_label("City").select_option("Tokyo")
    await page.get_by_role("button", name="Share", exact=True).click()
    await expect(log.get_by_text("35.677, 139.650")).to_be_visible()

    await text.fill("twenty")
    await text.press("Enter")
    mine = log.locator(".message.out", has_text="twenty")
    await mine.click()
    await mine.get_by_role("button", name="Edit this message").click()
    await text.fill("thirty")
    await text.press("Enter")
    await expect(log.get_by_text("Corrected.")).to_be_visible()
    await expect(log.get_by_text("edited")).to_be_visible()

    await page.get_by_role("button", name="Switch to another person").click()
    await page.get_by_label("Name of another person").fill("Ben")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    assert [chat.name for chat in telegram.state.chats.values()] == ["Person 1", "Ben"]

    await page.get_by_role("button", name="Start over").click()
    await page.get_by_role("dialog").get_by_role("button", name="Start over").click()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    await expect(log.locator(".message")).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
