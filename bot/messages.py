"""Puts what the coach says to one person into the outbox, with its buttons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from bot.coach import dialogue
from bot.coach.dialogue import Bubble, Said, State, Walked
from bot.coach.questions import BELOW, GO_ON, Around, Button, Ticked, buttons
from bot.coach.reasons import Told
from bot.coach.script import Question, Text
from bot.knowledge import Coach
from bot.library import Library
from bot.store import outbox, people, records, runs
from bot.store.tables import Due, Fact, Outbox, Person, Run
from bot.world import PersonsWorld

UNDO = "~undo"
WHY = "why"
"""What "How sure are we?" carries: the message it stands under says the rest."""


PROMISED = "planned"
"""In what a message told: the sets of the session that it spoke of."""


class Messages:
    """What is said to one person in one turn. Everything happens in the caller's transaction."""

    def __init__(self, coach: Coach, session: Session, person: Person, now: dt.datetime) -> None:
        self.coach = coach
        self.library: Library = coach.library
        self.session = session
        self.person = person
        self.now = now
        self.know = PersonsWorld(coach, session, person, now)
        self.replan = False
        self.erased = False
        self.unasked: list[Fact] = []
        """What this turn has remembered without an answer."""

    def phrase(self, text: Text, **values: Any) -> str:
        return self.library.phrase(text, **values)

    def say(self, text: str, buttons: Sequence[Button] = (), **more: Any) -> Outbox:
        """One message that belongs to no question. A button's id is the whole of what it carries."""
        flat = [[button.id, button.label, button.small] for button in buttons]
        return outbox.put(
            self.session,
            chat_id=self.person.chat_id,
            person_id=self.person.id,
            text=text,
            buttons=flat,
            now=self.now,
            **more,
        )

    def say_walked(self, run: Run, walked: Walked, due: Due | None = None) -> None:
        for bubble in walked.bubbles:
            self._say_bubble(run, walked.state, bubble, due)

    def _say_bubble(self, run: Run, state: State, bubble: Bubble, due: Due | None) -> None:
        shown: list[Button] = []
        if bubble.go_on:
            shown = [Button(GO_ON, self.phrase(self.library.phrases.go_on))]
        elif bubble.asks:
            shown = list(self.buttons(run, state))
        elif bubble.undo and runs.last_answer(self.session, run.id):
            shown = [Button(UNDO, self.phrase(self.library.phrases.undo), small=True)]
        carried = [*_carried(run, state, shown), *self._how_sure(bubble.told)]
        pictured = bubble.picture is not None and not self.know.without_figures
        asked_by_clock = due is not None
        covered = asked_by_clock and self.know.discreet
        outbox.put(
            self.session,
            chat_id=self.person.chat_id,
            person_id=self.person.id,
            text=self._covered(bubble.text) if covered else bubble.text,
            kind="photo" if pictured else "message",
            figures=self._figures(state) | ({"covered": True} if covered else {}) if pictured else None,
            buttons=carried,
            priority=self._priority(due) if due else outbox.REPLY,
            useless_after=due.useful_until if due else None,
            due_id=due.id if due else None,
            run_id=run.id,
            turn=state.turn if bubble.asks else None,
            told=self._kept(run, state, bubble) | (self._rests_on_it() if asked_by_clock else {}),
            now=self.now,
        )

    def _priority(self, due: Due) -> int:
        """A summary can wait for the check-ins; what else the clock starts cannot."""
        return outbox.SUMMARY if self.library.sums_up(due.script) else outbox.CHECK_IN

    def _covered(self, text: str) -> str:
        """A message of which a lock screen shows neutral words only; a tap in the chat uncovers the rest."""
        return self.phrase(self.library.phrases.discreet, message=Markup(text))  # noqa: S704 -- rendered

    def _how_sure(self, told: Told) -> list[list[Any]]:
        """The button under what makes a claim."""
        if not any(map(self.library.teaches, told.steps)):
            return []
        return [[WHY, self.phrase(self.library.phrases.why.button), BELOW]]

    def _kept(self, run: Run, state: State, bubble: Bubble) -> dict[str, Any]:
        """What /why needs later. Of those who did not consent no answer is kept, and of safety answers no word."""
        told = bubble.told
        if self.know.teach_only:
            return replace(told, because=()).to_json()
        if bubble.asks and not told.because:  # asked again: what led to it has not changed
            before = outbox.question_of(self.session, run.id, state.turn)
            told = replace(told, because=Told.from_json(before.told or {}).because) if before else told
        promised = self.promised(run) if bubble.asks else {}
        private = self.library.private
        because = (replace(one, words="") if private(one.name) else one for one in told.because)
        return replace(told, because=tuple(because)).to_json() | promised

    def promised(self, run: Run) -> dict[str, Any]:
        """The session that a question about lifting speaks of: what "as planned" means, whatever changes later."""
        script = self.library.scripts.get(run.script)
        if script is None or "lifting" not in (script.habit, script.id.removeprefix("log_")):
            return {}
        plan = self.know.lifting_plan()
        sets = [{"exercise": it.exercise, "load": it.load_kg, "reps": it.reps} for it in plan for _ in range(it.sets)]
        return {PROMISED: sets}

    def _rests_on_it(self) -> dict[str, list[int]]:
        """What was remembered in asking, and does not hold if the message never leaves."""
        if not self.unasked:
            return {}
        self.session.flush()
        return {outbox.RESTS: [fact.id for fact in self.unasked]}

    def _figures(self, state: State) -> dict[str, Any]:
        found = self.know.week_of(state)
        past = records.past_weeks(self.session, self.person.id, found.ending)
        return {"figures": found.to_dict(), "past": [one.to_dict() for one in past]}

    def buttons(self, run: Run, state: State) -> tuple[Button, ...]:
        question = dialogue.open_question(self.know, state)
        return buttons(question, self.around(run, state)) if question else ()

    def around(self, run: Run, state: State) -> Around:
        """What the buttons of the open question depend on."""
        find = dialogue.finder(self.know, state, self.know.facts)
        script = self.library.scripts[run.script]
        back = runs.last_answer(self.session, run.id) is not None

        def say(text: Text, **values: Any) -> str:
            def lookup(name: str) -> Said | None:
                return Said(values[name], str(values[name])) if name in values else find(name)

            return unescape(self.library.render(text, lookup, state.turn))  # a button's label is no HTML

        return Around(
            state=state,
            phrases=self.library.phrases,
            say=say,
            lookup=find,
            today=self.know.date(self.now),
            earlier=self._earlier(state),
            may_go_back=back,
            bare=bool(script.starts) and not back,
            load_unit=str(find("load_unit").value) if find("load_unit") else "kg",  # type: ignore[union-attr]
        )

    def _earlier(self, state: State) -> Said | None:
        if state.ended or self.know.teach_only:
            return None
        frame = state.frames[-1]
        if state.here in state.said or self.library.scripts[frame.script].kind not in ("area", "part", "onboarding"):
            return None
        step = self.library.scripts[frame.script].steps[frame.step]
        if isinstance(step, Question) and step.remember:
            return self.know.facts.get(step.remember)
        return people.last_answers(self.session, self.person.id, frame.script).get(state.here)

    def tick(self, run: Run, ticked: Ticked) -> None:
        """A multi-select with another tick: the same message shows it."""
        state = replace(runs.from_json(run.state), picked=ticked.picked)
        run.state = runs.to_json(state)
        row = outbox.question_of(self.session, run.id, state.turn)
        if row:
            buttons = [*_carried(run, state, self.buttons(run, state)), *lasting(row)]
            outbox.edit(self.session, row, row.text, buttons, self.now)

    def close_question(self, run: Run, chosen: str | None) -> None:
        """The question's message loses its buttons; with `chosen` it shows what was answered."""
        state = runs.from_json(run.state)
        row = outbox.question_of(self.session, run.id, state.turn)
        if row is None:
            return
        if row.status == "waiting" and (chosen is None or row.attempts):
            # unsent and of no use any more; or answered where it had arrived after all, and need not be repeated
            outbox.withdraw(self.session, row, "superseded")
            return
        text = row.text + self._chosen(chosen) if chosen else row.text
        if row.buttons or chosen:
            outbox.edit(self.session, row, text, lasting(row), self.now)

    def show_corrected(self, run: Run, turn: int, before: str, now: str) -> None:
        """A question that shows the answer it was given shows the corrected one instead."""
        row = outbox.question_of(self.session, run.id, turn)
        old, new = (self._chosen(answer) for answer in (before, now))
        if row is not None and row.text.endswith(old):
            outbox.edit(self.session, row, row.text.removesuffix(old) + new, row.buttons, self.now)

    def _chosen(self, answer: str) -> str:
        return f"\n\n<i>{self.phrase(self.library.phrases.chosen, answer=answer)}</i>"

    def unsay(self, run: Run, turn: int) -> None:
        """What followed from an answer that is taken back, and is not out yet, is not said."""
        question = outbox.question_of(self.session, run.id, turn)
        if question is not None:
            outbox.withdraw_after(self.session, question, "taken back")

    def drop_last_words(self, run: Run) -> None:
        """The Undo of a closing message has done its work: it loses its button."""
        row = outbox.last_of_run(self.session, run.id)
        if row is not None and any(str(b[0]).endswith(UNDO) for b in row.buttons):
            outbox.edit(self.session, row, row.text, lasting(row), self.now)


def lasting(row: Outbox) -> list[Any]:
    """The buttons that stay when a message's question is over."""
    return [button for button in row.buttons if button[0] == WHY]


def _carried(run: Run, state: State, shown: Sequence[Button]) -> list[list[Any]]:
    """Buttons as the outbox keeps them, each carrying its run, turn and option."""
    return [[f"{run.id}.{state.turn}.{one.id}", one.label, one.small] for one in shown]
