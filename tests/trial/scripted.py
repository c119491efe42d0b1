"""A coach of a few lines, to try the page with: it asks one question and checks in every evening."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode

from bot.trial.clock import TrialClock

HELLO = (
    "<b>Good to meet you.</b> Muscle takes up most of the sugar you eat, "
    'and it <i>listens</i> when you use it (<a href="https://example.org/study">one study</a>, moderate).\n'
    "<blockquote>Adult wellness education. Not a diagnosis.</blockquote>\n"
    "Which of these is nearest to today? You can also write /plan.\n\n<code>7 000 steps</code> "
    "<tg-spoiler>or fewer</tg-spoiler>"
)
EVENING = "Dinner done? A short walk now is when it helps most. <b>Five minutes counts.</b>"


def keyboard(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data) for text, data in row] for row in rows]
    )


@dataclass
class ScriptedCoach:
    """Both halves: the loop that answers, and what the trial's clock asks."""

    clock: TrialClock
    zone: str | None = "Europe/Berlin"
    people: set[int] = field(default_factory=set)
    evening: datetime | None = None
    _bot: Bot | None = None

    @property
    def bot(self) -> Bot:
        """There once it listens: the page is served before the bot can call it."""
        if self._bot is None:
            raise RuntimeError("the coach does not listen yet")
        return self._bot

    async def next_due(self, after: datetime, until: datetime) -> datetime | None:
        return self.evening if self.evening and after < self.evening <= until else None

    async def tick(self) -> None:
        while self.evening and self.evening <= self.clock.now():
            self.evening += timedelta(days=1)
            for chat_id in self.people:
                await self.bot.send_message(
                    chat_id,
                    EVENING,
                    parse_mode=ParseMode.HTML,
                    reply_markup=keyboard(
                        [("Done", "done"), ("5 min", "five")], [("Later", "later"), ("Not today", "no")]
                    ),
                )

    async def drain(self) -> None:
        await asyncio.sleep(0)

    async def next_check_in(self) -> datetime | None:
        return self.evening

    async def zone_of(self, chat_id: int) -> str | None:
        return self.zone

    async def end_of_week(self, chat_id: int) -> datetime:
        now = self.clock.now()
        return (now + timedelta(days=7 - now.weekday())).replace(hour=6, minute=0, second=0, microsecond=0)

    async def start_over(self) -> None:
        self.people.clear()
        self.evening = None

    async def answer(self, update: Update) -> None:
        if update.callback_query and update.callback_query.message:
            await self._answer_tap(update.callback_query.message.chat.id, update)
        elif update.message and update.message.text:
            await self._answer_text(update.message.chat.id, update.message.text)
        elif update.message:
            await self.bot.send_message(update.message.chat.id, "I can read words and taps, not that.")
        elif update.edited_message:
            await self.bot.send_message(update.edited_message.chat.id, "Corrected.")

    async def _answer_text(self, chat_id: int, text: str) -> None:
        await self.bot.send_chat_action(chat_id, "typing")
        if text == "/start":
            self.people.add(chat_id)
            now = self.clock.now()
            self.evening = now.replace(hour=18, minute=30, second=0, microsecond=0)
            self.evening += timedelta(days=1 if self.evening <= now else 0)
            await self.bot.send_message(
                chat_id,
                HELLO,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard([("Hardly moved", "hardly"), ("Walked a bit", "bit")], [("Trained", "trained")]),
            )
        elif text == "/week":
            await self.bot.send_photo(chat_id, picture(), caption="<b>Week 47</b>: 5 of 7", parse_mode="HTML")
        elif text == "/export":
            await self.bot.send_document(chat_id, b"day,walk\n", filename="records.csv", caption="Yours.")
        else:
            await self.bot.send_message(chat_id, f"Noted: “{text}”")

    async def _answer_tap(self, chat_id: int, update: Update) -> None:
        query = update.callback_query
        if query is None or query.message is None:
            return
        if query.data == "later":
            await query.answer("I will ask again in 20 minutes.")
        elif query.data == "no":
            await query.answer("Fine. Rest is part of it.", show_alert=True)
        else:
            await query.answer()
        await self.bot.edit_message_reply_markup(chat_id, query.message.message_id)
        await self.bot.send_message(chat_id, f"You said <b>{query.data}</b>. Noted.", parse_mode="HTML")

    @asynccontextmanager
    async def listening(self, bot: Bot) -> AsyncIterator[None]:
        self._bot = bot
        loop = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            loop.cancel()
            await asyncio.gather(loop, return_exceptions=True)

    async def _listen(self) -> None:
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset=offset, timeout=30):
                await self.answer(update)
                offset = update.update_id + 1


def picture() -> bytes:
    image = Image.new("RGB", (800, 480), "#f6f8f5")
    draw = ImageDraw.Draw(image)
    for day in range(7):
        for row in range(4):
            done = (day * 3 + row * 5) % 4 != 0
            box = (60 + day * 100, 60 + row * 95, 140 + day * 100, 135 + row * 95)
            draw.rounded_rectangle(box, 14, fill="#4fae83" if done else "#dfe6e1")
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()
