"""A random stream of updates: sensible people, hostile ones, and every kind of update that Telegram has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import count, cycle
from random import Random
from typing import Any

from bot.trial.chats import Button
from tests.fuzz.shapes import CONTENTS, DATES, NUMBERS, SHAPES, UPDATES, Shapes
from tests.fuzz.stage import Stage
from tests.fuzz.telegram import BOT_ID
from tests.fuzz.texts import hostile, sensible

Json = dict[str, Any]
FIRST_UPDATE = 1_000_000
PEOPLE = (*range(50_001, 50_031), 5_000_000_007, 2**52 - 1)
GROUPS = (-30_001, -1_001_234_567_890)
MARKS = ("~back", "~skip", "~done", "~undo", "~same", "~neither", "~on", "~g0", "~g9", "~planned", "v15", "v-1", "done")
"""What buttons carry behind their run and turn, and what looks like it."""


class Stream:
    """Makes the next update, looking at what the chats show. `targets` are taps that belong to other people."""

    def __init__(self, stage: Stage, seed: int, targets: Sequence[str] = (), others: Sequence[int] = ()) -> None:
        self.stage = stage
        self.random = Random(seed)
        self.shapes = Shapes(self.random)
        self.targets = targets
        self.others = others
        self._numbers = count(FIRST_UPDATE)
        self._kinds = cycle(UPDATES)
        self._contents = cycle(CONTENTS)
        self._said: dict[int, list[int]] = {}
        scripts = stage.coach.library.scripts
        self._scripts = sorted(scripts)
        self._commands = sorted(one.command for one in scripts.values() if one.command)
        self._acts: list[tuple[float, Callable[[], Json]]] = [
            (30, self.tap_shown),
            (6, self.type_label),
            (12, self.type_sensible),
            (4, self.command),
            (12, self.forged_tap),
            (12, self.type_hostile),
            (10, self.any_kind),
            (8, self.any_content),
            (3, self.edit),
            (1, self.location),
            (1, self.membership),
            (1, self.group),
        ]

    def run(self, updates: int) -> None:
        """Sends so many updates to the coach, and lets time pass."""
        random, stage = self.random, self.stage
        weights = [weight for weight, _ in self._acts]
        for _ in range(updates):
            _, act = random.choices(self._acts, weights)[0]
            stage.counts[f"act: {act.__name__}"] += 1
            stage.handle({"update_id": next(self._numbers), **act()}, by_inbox=random.random() < 0.03)
            if random.random() < 0.5:
                stage.deliver()
            stage.now += dt.timedelta(seconds=random.randrange(20))
            if random.random() < 0.02:
                stage.pass_time(self._span())
        stage.pass_time(dt.timedelta(minutes=1))

    def _span(self) -> dt.timedelta:
        roll = self.random.random()
        if roll < 0.6:
            return dt.timedelta(minutes=self.random.randrange(1, 60))
        if roll < 0.9:
            return dt.timedelta(hours=self.random.randrange(1, 24))
        return dt.timedelta(days=self.random.randrange(1, 12), minutes=self.random.randrange(1440))

    # sensible people

    def tap_shown(self) -> Json:
        chat = self._someone()
        found = self._shown(chat)
        if not found:
            return self.message(chat, text="/start")
        number, button = found
        return self.tap(chat, button.data, number)

    def type_label(self) -> Json:
        chat = self._someone()
        found = self._shown(chat)
        return self.message(chat, text=found[1].text if found else "/start")

    def type_sensible(self) -> Json:
        return self.message(self._someone(), text=sensible(self.random))

    def command(self) -> Json:
        tail = self.random.choice(("", "", "", "@coach_bot", " now", "@other_bot"))
        return self.message(self._someone(), text=f"/{self.random.choice(self._commands)}{tail}")

    def location(self) -> Json:
        place = {"latitude": self.random.uniform(-95, 95), "longitude": self.random.uniform(-190, 190)}
        return self.message(self._someone(), location=place)

    def edit(self) -> Json:
        chat = self._someone()
        mine = self._said.get(chat, [1])
        text = hostile(self.random) if self.random.random() < 0.4 else sensible(self.random)
        told = self.message(chat, text=text, edit_date=self._date())["message"]
        return {"edited_message": {**told, "message_id": self.random.choice(mine[-5:])}}

    def membership(self) -> Json:
        chat = self._someone()
        gone = self.random.random() < 0.4
        told = self.shapes.make("ChatMemberUpdated")
        status = self.random.choice(("kicked", "left")) if gone else "member"
        member = {"user": _user(BOT_ID, is_bot=True), "status": status, "until_date": 0}
        told |= {"chat": _private(chat), "from": _user(chat), "date": self._date(), "new_chat_member": member}
        return {"my_chat_member": told}

    def group(self) -> Json:
        group = self.random.choice(GROUPS)
        who = self.random.choice((*PEOPLE, *self.others))
        kind = self.random.choice(("group", "supergroup", "channel"))
        told = self.message(who, text=hostile(self.random))["message"]
        told["chat"] = {"id": group, "type": kind, "title": hostile(self.random)}
        if self.random.random() < 0.3:
            told["migrate_to_chat_id"] = -1_009_999_999_999
        return {"message": told}

    # hostile ones

    def type_hostile(self) -> Json:
        chat, random = self._someone(), self.random
        if random.random() < 0.3:
            content = random.choice(("photo", "document", "voice", "sticker", "video", "location", "dice"))
            more = {content: self.shapes.make("Dice") if content == "dice" else self._content(content)}
            return self.message(chat, caption=hostile(random), **more)
        told = self.message(chat, text=hostile(random))
        if random.random() < 0.1:
            told["message"]["reply_to_message"] = self.shapes.message() | {"message_id": self._message_id(chat)}
        if random.random() < 0.1:
            told["message"]["via_bot"] = _user(99, is_bot=True)
        if random.random() < 0.05:
            told["message"]["from"] = _user(99, is_bot=True)
        if random.random() < 0.05:
            del told["message"]["from"]
        if random.random() < 0.1:
            told["message"]["forward_origin"] = self.shapes.make("MessageOrigin")
        return told

    def forged_tap(self) -> Json:
        chat = self._someone()
        query = self.tap(chat, self._forged(), self._message_id(chat))
        roll, told = self.random.random(), query["callback_query"]
        if roll < 0.05:
            del told["message"]
            told["inline_message_id"] = hostile(self.random)
        elif roll < 0.15:
            told["message"] = {"chat": _private(chat), "message_id": self._message_id(chat), "date": 0}
        elif roll < 0.2:
            del told["data"]
            told["game_short_name"] = hostile(self.random)
        return query

    def _forged(self) -> str:
        random, roll = self.random, self.random.random()
        if self.targets and roll < 0.35:
            return random.choice(self.targets)
        if roll < 0.45:
            return random.choice(("go.", "on.")) + random.choice(
                (*self._scripts, *map(str, NUMBERS), str(random.randrange(500)), "", "\0", "²", "x" * 61)
            )
        run = random.choice((*map(str, NUMBERS), str(random.randrange(2000)), "", "٣", "²", "+1", " 1", "1_0", "0x1"))
        turn = random.choice((*map(str, NUMBERS), *map(str, range(12)), "", "٣", "²"))
        if roll < 0.8:
            return f"{run}.{turn}.{random.choice((*MARKS, self._option(), hostile(random)[:64]))}"
        if roll < 0.9:
            return bytes(random.randrange(256) for _ in range(64)).decode("latin-1")
        return hostile(random)

    def _option(self) -> str:
        shown = self._shown(self._someone())
        return shown[1].data.split(".", 2)[-1] if shown else "yes"

    # every kind there is

    def any_kind(self) -> Json:
        """An update of the next kind, as its shape allows; most come from somebody we know."""
        kind = next(self._kinds)
        made = self.shapes.make(_shape_of(kind))
        if isinstance(made, dict):
            self._placed(made)
        if self.random.random() < 0.02:
            kind = self.random.choice(("new_kind_of_2027", "", kind))
        return {kind: made}

    def any_content(self) -> Json:
        """A message that holds the next of all the things that a message may hold."""
        content = next(self._contents)
        made = self.shapes.message(content)
        self._placed(made, certain=content not in ("chat", "from"))
        return {self.random.choice(("message", "message", "edited_message", "channel_post", "guest_message")): made}

    def _placed(self, made: Json, certain: bool = False) -> None:
        """Puts an object into somebody's private chat, mostly."""
        chat = self._someone()
        if certain or self.random.random() < 0.8:
            for name in ("from", "user"):
                if name in made:
                    made[name] = _user(chat)
            if "chat" in made:
                made |= {"chat": _private(chat), "from": _user(chat)}
        elif isinstance(made.get("chat"), dict):
            kind = self.random.choice(("private", "group", "supergroup", "channel"))
            number = self.random.choice(PEOPLE) if kind == "private" else self.random.choice(GROUPS)
            made["chat"] = made["chat"] | {"id": number, "type": kind}
        if "date" in made and self.random.random() < 0.9:
            made["date"] = self._date()
        if "message_id" in made:
            made["message_id"] = self._message_id(chat)

    # parts

    def _someone(self) -> int:
        return int(self.random.choice(PEOPLE))

    def _shown(self, chat: int) -> tuple[int, Button] | None:
        """A button that the chat shows, mostly one of the newest message that has any."""
        messages = list(self.stage.telegram.chat(chat).messages.values())[-6:]
        found = [(one.id, button) for one in messages for row in one.buttons for button in row]
        if not found:
            return None
        newest = [one for one in found if one[0] == found[-1][0]]
        return self.random.choice(newest if self.random.random() < 0.9 else found)

    def message(self, chat: int, **content: Any) -> Json:
        """A message that somebody sends in their private chat."""
        there = self.stage.telegram.chat(chat)
        there.last_message_id += 1
        self._said.setdefault(chat, []).append(there.last_message_id)
        told = {"message_id": there.last_message_id, "from": _user(chat), "chat": _private(chat), "date": self._date()}
        return {"message": told | content}

    def tap(self, chat: int, data: str, message_id: int) -> Json:
        message = {"message_id": message_id, "from": _user(BOT_ID, is_bot=True), "chat": _private(chat), "date": 1}
        query = {"id": "1", "from": _user(chat), "chat_instance": "1", "data": data, "message": message}
        return {"callback_query": query}

    def _date(self) -> int:
        if self.random.random() < 0.03:
            return self.random.choice(DATES)
        return int(self.stage.now.timestamp()) - self.random.choice((0, 0, 0, 0, 1, 60, 3600, 86400))

    def _message_id(self, chat: int) -> int:
        if self.random.random() < 0.05:
            return int(self.random.choice((0, 1, 2**31 - 1, 2**53)))
        return self.random.randrange(1, self.stage.telegram.chat(chat).last_message_id + 2)

    def _content(self, name: str) -> Any:
        return self.shapes.message(name)[name]


def _shape_of(kind: str) -> str:

    return str(SHAPES["Update"][f"{kind}?"])


def _user(number: int, *, is_bot: bool = False) -> Json:
    return {"id": number, "is_bot": is_bot, "first_name": "<b>{{ name }}", "language_code": "en"}


def _private(chat: int) -> Json:
    return {"id": chat, "type": "private", "first_name": "<b>{{ name }}"}
