"""What people do in the conversations: each a list of taps (`[Label]`) and typed words, read top to bottom."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.coach.dialogue import State
from bot.store import runs
from tests.conversations.chat import Chat
from tests.turns.chat import SAFE, agreed

AGREED = ["/start", "[Yes, 18 or over]", "[Agree]"]
CLEAN_SCREEN = ["[None of these]", "[Done ✓]"] * 3
MET = [*AGREED, "[Family]", "Robin", *CLEAN_SCREEN, "[Not now]"]
"""Onboarded with a clean screen, and no plan yet."""
WALKER = [
    *AGREED,
    "[A blood test]",
    "Robin",
    *CLEAN_SCREEN,
    "[Go on]",
    "[A walk after dinner]",
    "When the plates are down, I walk to the park and back",
    "[8]",
    "[Yes, please]",
    "Berlin",
    "[Yes]",
    "[Yes]",
    "[18:30]",
    "[Every day]",
]
"""The first conversation, to a walk after dinner at 18:45 in Berlin."""


async def do(chat: Chat, *steps: str) -> None:
    """Does one thing after the other: `[Label]` is a tap, all else is typed."""
    for step in steps:
        if step.startswith("[") and step.endswith("]"):
            await chat.tap(step[1:-1])
        else:
            await chat.say(step)


async def met(chat: Chat, *steps: str) -> None:
    """Does steps that another transcript shows already."""
    await do(chat, *steps)
    chat.lines.clear()


def known(chat: Chat) -> None:
    """Somebody as they are after MET, without the walk there: onboarded with a clean screen, and no plan yet."""
    now = chat.stage.now
    screen = {name: value for name, value in SAFE.items() if name != "cold_list"}
    facts = {**screen, "why": "my family", "why_open": False, "name": "Robin", "first_action": "none"}

    def unit(session: Session) -> None:
        person = agreed(session, chat.id, now, dt.timedelta(), facts)
        run = runs.begin(session, person.id, "onboarding", State(()), now)
        run.status, run.ended_at = "ended", now

    chat.stage.work(unit)
