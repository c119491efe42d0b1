"""Random walks through the content: what a person may tap or type at a question, until the script has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.coach import dialogue
from bot.coach.dialogue import Frame, Remembered, Said, State
from bot.coach.questions import BACK, DONE, SKIP, Ticked, buttons, tapped
from bot.coach.reading import read
from bot.coach.script import Place, Question, Several, Weekdays
from bot.store.tables import Person, Run
from bot.whereabouts import read_place
from tests.coach.world import Real, around, library
from tests.turns.chat import MONDAY, Chat, Shown

MOST_ANSWERS = 150
"""Nobody needs so many to come to the end of a script, even at random."""
TYPED = ("15", "Robin", "8 8 7", "60 kg x 8", "19:30", "20 min", "23:00 to 6:45", "Berlin", "95", "Mo Th", "yesterday")
"""Of these one answers any question that has no button."""
SKIPPED = "skip"


@dataclass
class Walk:
    """A walk without a database, from any step; what is remembered holds from then on."""

    random: Random
    facts: Mapping[str, Any]
    gates_open: bool
    visited: set[str] = field(default_factory=set)

    def finish(self, script: str, step: str) -> list[str]:
        """Answers at random until the script ends. Gives what is wrong."""
        forced = dict.fromkeys(library().safety.gates, self.gates_open)
        facts = {name: Said(value, str(value)) for name, value in self.facts.items()}
        self.world = Real(facts, forced, allows=self.random.random() < 0.7)
        walked = dialogue.ask_again(self.world, State((Frame(script, step),)))
        for _ in range(MOST_ANSWERS):
            self._remember(walked)
            if walked.state.ended:
                return []
            self.visited.add(walked.state.here)
            said = self._answer(walked.state)
            if said is None:
                return [f"{walked.state.here} cannot be left"]
            if isinstance(said, str):
                return [f"{walked.state.here}: {said}"]
            walked = dialogue.advance(self.world, walked.state, said)
        return [f"{script}.{step}: no end after {MOST_ANSWERS} answers, now at {walked.state.here}"]

    def _remember(self, walked: dialogue.Walked) -> None:
        for effect in walked.effects:
            if isinstance(effect, Remembered):
                self.world.facts[effect.fact] = effect.said

    def _answer(self, state: State) -> Said | str | None:
        """What is tapped or typed; a text for a button that leads nowhere; None where nothing can be done."""
        question = dialogue.open_question(self.world, state)
        assert question is not None
        here = around(state=state, world=self.world)
        shown = [one.id for one in buttons(question, here)]
        for one in shown:
            empty = one == DONE and isinstance(question, (Several, Weekdays)) and not state.picked
            if tapped(question, one, here) is None and not empty and one != BACK:
                return f"its button {one} leads nowhere"
        takes = [one for one in shown if isinstance(tapped(question, one, here), Said)]
        ticks = [one for one in shown if isinstance(tapped(question, one, here), Ticked)]
        if ticks and self.random.random() < 0.9:
            said = self._ticked(question, state, ticks)
        else:
            said = tapped(question, self.random.choice(takes), here) if takes else None
        if isinstance(said, Said):
            return said
        found = [self._read(question, text, state) for text in TYPED]
        return self.random.choice([one for one in found if one is not None] or [None])

    def _ticked(self, question: Question, state: State, ticks: Sequence[str]) -> Said | Ticked | None:
        ticked = tapped(question, self.random.choice(ticks), around(state=state, world=self.world))
        assert isinstance(ticked, Ticked)
        state = State(state.frames, state.said, state.turn, ticked.picked, state.each, (), state.trigger)
        return tapped(question, DONE, around(state=state, world=self.world))

    def _read(self, question: Question, text: str, state: State) -> Said | None:
        words = library().words
        if isinstance(question, Place):
            said = read_place(text, words, MONDAY)
        else:
            said = read(question, text, words, around(state=state, world=self.world))
        return said if isinstance(said, Said) else None


@dataclass
class Talk:
    """A walk turn by turn in a chat, by taps on what is shown and by typing what the buttons say."""

    chat: Chat
    random: Random
    answers: int = 0

    def finish(self, script: str) -> list[str]:
        """Begins a script and answers at random until it has ended. Gives what is wrong."""
        self.chat.send(f"go.{script}")
        for n in range(MOST_ANSWERS):
            run = self._run(script)
            if run is None or run.status != "open":
                return []
            wrong = self._reply(run, back=n < 30)
            if wrong:
                return [f"{script} at {run.state['frames'][-1:]}: {wrong}"]
        return [f"{script}: no end after {MOST_ANSWERS} answers"]

    def _reply(self, run: Run, *, back: bool) -> str:
        before = self._seen()
        asked = self._question(run)
        shown = [(data, label) for data, label in asked.buttons if back or not data.endswith(BACK)] if asked else []
        self.answers += 1
        if not asked or not shown:
            for text in (*TYPED, SKIPPED):
                self.chat.say(text)
                if self._turn(run.script) != run.state["turn"]:
                    return ""
            return "nothing that is typed answers it"
        data, label = self.random.choice(shown)
        if self.random.random() < 0.2:
            self.chat.say(label)
            return "" if self._seen() != before else f"typing {label!r} is not answered"
        self.chat.send(data, asked.id)
        told = self._seen() != before or self.chat.notice
        empty = data.endswith(DONE)
        closed = self.chat.notice and not empty and not data.endswith((BACK, SKIP))
        return f"the tap on {label!r} says {self.chat.notice!r}" if closed or not told else ""

    def _run(self, script: str) -> Run | None:
        """The newest run; None for someone who erased everything on the way."""
        found = self.chat.world.rows(Person, chat_id=self.chat.id)
        return self.chat.world.rows(Run, person_id=found[0].id, script=script)[-1] if found else None

    def _turn(self, script: str) -> int | None:
        run = self._run(script)
        return run.state["turn"] if run else None

    def _question(self, run: Run) -> Shown | None:
        asked = [m for m in self.chat.messages.values() if any(d.startswith(f"{run.id}.") for d, _ in m.buttons)]
        return asked[-1] if asked else None

    def _seen(self) -> list[tuple[int, str, tuple[tuple[str, str], ...]]]:
        """What the chat shows at the end."""
        messages = list(self.chat.messages.values())[-8:]
        return [(one.id, one.text, tuple(one.buttons)) for one in messages]
