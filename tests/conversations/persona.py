"""Somebody who walks the coach by what is asked, so that a new question finds an answer of theirs too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zlib import crc32

from sqlalchemy.orm import Session

from bot.coach import script
from bot.coach.dialogue import State
from bot.coach.script import Question, Step, kind_of, options_of
from bot.store import runs
from bot.store.tables import Run
from bot.trial.chats import Message
from bot.trial.keyboard import inline_rows
from tests.conversations.chat import Chat

MOST_STEPS = 160
"""Answers to one conversation before we say that it never ends."""
DEFAULTS: Mapping[str, str] = {
    "scale": "8",
    "date": "yesterday",
    "night": "23:00-6:45",
    "number": "15",
    "time": "19:00",
}
USUAL: Mapping[str, str | list[str]] = {
    "zone.clock": "Yes",
    "country.guess": "Yes",
    "checkin_walk.days_named": "Yes",
    "training_times.days_named": "Yes",
    "meals.breakfast_late": "Another time",
    "meals.breakfast_again": "8:00",
    "meals.lunch_late": "Another time",
    "meals.lunch_again": "13:00",
    "country.confirm": "Yes",
    "lift_cues.which": ["Chair squat", "I have what I need"],
    "cold_heat.cold_held_next": "Enough for today",
    "cold_heat.sauna_held_next": "Enough for today",
    "checkin_path.which_day": "wednesday",
    "checkin_cold.which_days": "saturday",
    "lifting.ask": "As planned",
    "lift_cues.version": "Just my body",
    "draw.more": ["Neither"],
    "draw.draw_day": ["None of these"],
    "bed": "22:30",
    "wake": "6:30",
    "sleep_stress.warnings": ["None of these"],
    "diet.which": ["I eat everything"],
}
"""What everybody answers who does not say otherwise."""
PASSED_OVER = ("None of these", "No", "Not sure", "Not now", "Skip")


@dataclass(frozen=True)
class Persona:
    """Somebody: where they live, what they answer by step (`script.step` or `step`), and how they write."""

    name: str
    city: str
    answers: Mapping[str, str | list[str]]
    types: bool = False
    """Types everything and taps nothing."""
    asks_why: bool = False
    """Writes /why under each question that follows something told, and taps "How sure are we?" at each lesson."""
    asked: list[str] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    """The messages already asked about."""

    def says(self, name: str, step: Step) -> str | list[str]:
        """Their answer to a step: their own, or what its kind and its options suggest."""
        short = name.split(".")[1]
        given = (answers.get(key) for answers in (self.answers, USUAL) for key in (name, short))
        own = next((one for one in given if one is not None), None)
        if isinstance(own, list) and kind_of(step) != "several":  # one after the other, the last from then on
            turn = self.asked.count(name)
            self.asked.append(name)
            return own[min(turn, len(own) - 1)]
        if own is not None:
            return own
        kind = kind_of(step)
        options = options_of(step)
        if kind == "several":
            return ["None of these"] if any(o.label == "None of these" for o in options.values()) else []
        if kind == "place":
            return self.city
        if isinstance(step, Question) and step.safety:
            return "No"
        if options:
            return "*"
        return DEFAULTS.get(kind, "")

    def picks(self, name: str, labels: list[str]) -> str:
        """One of several labels, always the same for this person and step."""
        wanted = [label for label in labels if label not in PASSED_OVER] or labels
        return wanted[crc32(f"{self.name}{name}".encode()) % len(wanted)]


async def walk(chat: Chat, persona: Persona) -> None:
    """Answers question after question until nothing is open any more."""
    tries, at = 0, _open(chat)
    for _ in range(MOST_STEPS):
        if at is None:
            return
        await _answer(chat, persona, *at)
        before, at = at, _open(chat)
        stuck = at is not None and (at[1].here, at[1].said) == (before[1].here, before[1].said)
        tries = tries + 1 if stuck else 0
        assert tries < 3, f"{persona.name} cannot answer {before[1].here}:\n{chat.transcript()[-2000:]}"
    raise AssertionError(f"{MOST_STEPS} answers without an end:\n{chat.transcript()[-3000:]}")


async def open_area(chat: Chat, persona: Persona, title: str) -> None:
    """Opens an area from the list, or by its name for who types."""
    await chat.say("/areas")
    await (chat.say(title) if persona.types else chat.tap(title))
    await walk(chat, persona)


def _open(chat: Chat) -> tuple[int, State] | None:
    """The open run that was touched last, and where it stands."""

    def look(session: Session) -> tuple[int, State] | None:
        newest = session.query(Run).filter(Run.status == "open").order_by(Run.touched_at.desc(), Run.id.desc())
        run = newest.first()
        return (run.id, runs.from_json(run.state)) if run else None

    found: tuple[int, State] | None = chat.stage.work(look)
    return found


async def _answer(chat: Chat, persona: Persona, run: int, state: State) -> None:
    frame = state.frames[-1]
    step = chat.stage.coach.library.scripts[frame.script].steps[frame.step]
    if persona.asks_why:
        await _ask_why(chat, persona)
    shown = _labels(chat, state, run)
    if not isinstance(step, Question):  # a lesson told without records waits for "go on"
        await chat.tap(shown[0])
        return
    answer = persona.says(state.here, step)
    offered = [option.label for option in options_of(step).values() if option.label in shown]
    if isinstance(answer, list):
        await _several(chat, persona, [one for one in answer if one in offered] or [persona.picks(state.here, offered)])
        return
    if answer == "*" or (offered and answer not in offered and not isinstance(step, script.FreeText)):
        answer = persona.picks(state.here, offered)
    if not answer:
        own = [label for label in shown if label not in ("‹ Back", "Skip", "Done ✓")]
        answer = own[0] if own else "Skip"
    if answer in shown and not persona.types:
        await chat.tap(answer)
    else:
        await chat.say(answer)


async def _several(chat: Chat, persona: Persona, labels: list[str]) -> None:
    if persona.types:
        await chat.say(", ".join(label.replace(",", " ") for label in labels))
        return
    for label in labels:
        await chat.tap(label)
    await chat.tap("Done ✓")


async def _ask_why(chat: Chat, persona: Persona) -> None:
    before = [m for m in chat.messages() if m.from_bot and m.id not in persona.told]
    persona.told.update(m.id for m in before)
    for message in before:
        if "How sure are we?" in chat.labels(message):
            await chat.tap("How sure are we?", message)
    persona.told.update(m.id for m in chat.messages())


def _labels(chat: Chat, state: State, run: int) -> list[str]:
    """The buttons of the open question."""
    for message in reversed(chat.messages()):
        if message.from_bot and any(_belongs(data, run, state.turn) for data in _data(message)):
            return chat.labels(message)
    return []


def _data(message: Message) -> list[str]:
    return [str(button.get("callback_data", "")) for row in inline_rows(message.markup) for button in row]


def _belongs(data: str, run: int, turn: int) -> bool:
    return data.startswith(f"{run}.{turn}.")
