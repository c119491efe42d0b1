"""A tap on a button: which run and question it is for, and whether they still wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.coach import dialogue
from bot.coach.dialogue import State
from bot.coach.questions import BACK, GO_ON, NEITHER, Ticked, option_ids, tapped, unreadable
from bot.coach.script import Several, Weekdays
from bot.messages import UNDO, WHY, lasting
from bot.scene import Scene
from bot.store import outbox, runs
from bot.store.tables import Run
from bot.why import Why

UNDO_FOR = dt.timedelta(hours=36)
"""How long a closing message's Undo works."""
GO, ON = "go.", "on."
"""What the coach's own buttons carry outside questions: begin a script, go on with a run."""


class Taps(Scene):
    """Handles a tap; each method returns the line the tap is answered with."""

    def tap(self) -> str:
        data = self.given.data
        if data.startswith(GO):
            return self.go(data.removeprefix(GO))
        if data.startswith(ON):
            return self.go_on(data.removeprefix(ON))
        if data == WHY:
            return self.how_sure()
        parts = data.split(".", 2)
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts[:2]):
            return self.say(self.phrases.closed)
        run = runs.get(self.session, self.person.id, int(parts[0][:15]))
        if run is None:
            return self.say(self.phrases.closed)
        return self.tap_run(run, int(parts[1][:9]), parts[2])

    def tap_run(self, run: Run, number: int, option: str) -> str:
        state = runs.from_json(run.state)
        if option == UNDO and run.status == "ended" and state.turn == number and not self._long_ago(run):
            return "" if self.talk.take_back(run, self.given.update_id) else self.say(self.phrases.nothing_to_undo)
        if run.status not in ("open", "parked") or state.turn != number or self.too_late(run):
            return self.say(self.phrases.closed_day if self.too_late(run) else self.phrases.closed)
        self._used(run, number)
        if self.held_back(run):
            return self.safety_paused()
        if option == BACK:
            if not self.talk.take_back(run, self.given.update_id):
                return self.say(self.phrases.nothing_to_undo)
            return ""
        if option == GO_ON and dialogue.open_question(self.talk.know, state) is None:
            self.talk.answer(run, dialogue.SKIPPED, self.reply)
            return ""
        return self.tap_question(run, state, option)

    def _used(self, run: Run, number: int) -> None:
        """A tap shows that its question is there, and where: it is not repeated, and this copy shows what follows."""
        row = outbox.question_of(self.session, run.id, number)
        if row is not None and self.given.message_id is not None:
            outbox.used(self.session, row, self.given.message_id, self.now)

    def _long_ago(self, run: Run) -> bool:
        """What ended more than a day ago stays as it is."""
        return run.ended_at is None or self.now - run.ended_at > UNDO_FOR

    def tap_question(self, run: Run, state: State, option: str) -> str:
        question = dialogue.open_question(self.talk.know, state)
        if question is None:
            self.talk.resume(run, self.say(self.phrases.still_here))
            return ""
        if option == NEITHER and state.guesses:
            self.talk.hint(run, self.say(unreadable(question, "other", self.phrases)))
            return ""
        meant = tapped(question, option, self.talk.around(run, state))
        if meant is None:
            empty = isinstance(question, (Several, Weekdays)) and option == "~done"
            return self.say(self.phrases.unread["none_picked"] if empty else self.phrases.closed)
        if isinstance(meant, Ticked):
            self.talk.tick(run, meant)
            return ""
        labels = option_ids(question, self.talk.around(run, state)).get(option)
        self.talk.answer(run, meant, replace(self.reply, shown=labels[0] if labels else None))
        return ""

    def go(self, script_id: str) -> str:
        self._used_up()
        if script_id in self.coach.library.scripts and self.allowed(script_id):
            self.talk.begin(script_id)
        return ""

    def go_on(self, run_id: str) -> str:
        number = int(run_id[:15]) if run_id.isascii() and run_id.isdigit() else 0
        run = runs.get(self.session, self.person.id, number)
        if run is None or run.status not in ("open", "parked"):
            return self.say(self.phrases.closed)
        self._used_up()
        self.talk.resume(run)
        return ""

    def how_sure(self) -> str:
        """What a lesson's message rests on, in a message of its own; the open question stays as it is."""
        message = self.given.message_id
        row = outbox.by_message(self.session, self.given.chat_id, message) if message else None
        if self.person.held:
            self.held()
            return ""
        why = Why(self.talk)
        evidence = why.evidence([row]) if row is not None else ""
        if row is None or not evidence:
            return self.say(self.phrases.why.gone)
        if why.told_lately(row):
            return self.say(self.phrases.why.again)
        self.talk.say(evidence, told={outbox.ABOUT: row.id})
        return ""

    def _used_up(self) -> None:
        """The message whose own button was tapped loses its buttons."""
        message = self.given.message_id
        row = outbox.by_message(self.session, self.given.chat_id, message) if message else None
        if row is not None and row.buttons:
            outbox.edit(self.session, row, row.text, lasting(row), self.now)
