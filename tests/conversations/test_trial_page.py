"""The whole path of a newcomer without a token, in a real browser: from Start to the weekly summary's picture."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.app import trial
from bot.settings import Settings
from tests.conversations.people import CLEAN_SCREEN
from tests.trial.test_page import ARGUMENTS, CHROMIUM

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and not os.environ.get("CI"), reason="needs Chromium at /usr/bin/chromium"
)


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    """The page of `make run` without a token, on a free port."""
    settings = Settings(_env_file=None, data_dir=tmp_path, listen="127.0.0.1:0")
    async with trial(settings) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        await page.goto(address)
        yield page
        await browser.close()


async def act(page: Page, *steps: str) -> None:
    """Taps `[Label]` on the newest message that has it, or types."""
    for step in steps:
        if step.startswith("["):
            button = page.get_by_role("log").get_by_role("button", name=step[1:-1], exact=True).last
            await button.click()
            await expect(page.locator("[aria-busy=true]")).to_have_count(0)
        else:
            await page.locator("textarea").fill(step)
            await page.keyboard.press("Enter")


async def test_a_newcomer_reaches_the_weekly_summary_in_the_browser_and_then_covers_what_comes(page: Page) -> None:
    log = page.get_by_role("log")
    await page.get_by_role("button", name="Start", exact=True).click()
    await act(page, "[Yes, 18 or over]", "[Agree]", "[A blood test]")
    await expect(log.get_by_text("What shall I call you?")).to_be_visible()
    await act(page, "Robin")
    for question, steps in zip(("Body first", "Now medicines", "Last list"), (CLEAN_SCREEN[:2],) * 3, strict=True):
        await expect(log.get_by_text(question)).to_be_visible()
        await act(page, steps[0])
        await expect(log.get_by_role("button", name="✓ None of these")).to_be_visible()
        await act(page, steps[1])
    await act(page, "[Go on]", "[A walk after dinner]")
    await expect(log.get_by_text("How would you put it?")).to_be_visible()
    await act(page, "When the plates are down, I walk")
    await act(page, "[8]", "[Yes, please]")
    await expect(log.get_by_text("Which city")).to_be_visible()
    await act(page, "Berlin")
    await act(page, "[Yes]")
    await expect(log.get_by_text("In Germany the emergency number is 112")).to_be_visible()
    await act(page, "[Yes]", "[18:30]", "[Every day]")
    await expect(log.get_by_text("One thing for today")).to_be_visible()

    await page.get_by_role("button", name="Next check-in").click()
    await act(page, "[Done]", "[15 min]")
    await expect(log.get_by_text("15 min", exact=False).last).to_be_visible()
    await page.get_by_role("button", name="End of the week").click()
    await expect(log.locator("img").last).to_be_visible(timeout=60_000)

    # what comes from now on is covered, and opens with a tap
    await act(page, "/settings", "[Lock screen]", "[Keep it neutral]")
    await expect(log.get_by_text("Covered from now on")).to_be_visible()

    await page.get_by_role("button", name="Next check-in").click()
    await expect(log.get_by_text("A note for you.")).to_be_visible()
    cover = log.locator(".spoiler").last
    await expect(cover).to_have_attribute("aria-expanded", "false")
    await cover.click()
    await expect(cover).to_have_attribute("aria-expanded", "true")

    await page.get_by_role("button", name="End of the week").click()
    picture = log.locator(".picture").last
    await expect(picture).to_have_class("picture covered", timeout=60_000)
    await picture.click()
    await expect(picture).to_have_class("picture")
