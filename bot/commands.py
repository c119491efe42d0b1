"""Slash commands: most start a script; a few are about the runs themselves."""

from __future__ import annotations

from bot.coach.questions import Button
from bot.scene import Scene
from bot.store import outbox, runs
from bot.store.tables import Outbox
from bot.taps import GO, ON
from bot.why import Why

WHILE_HELD = ("help", "privacy", "erase", "export")
"""What is answered as ever while a red flag stands."""


class Commands(Scene):
    """Handles a command."""

    def command(self, name: str) -> None:
        library = self.coach.library
        script = library.command(name)
        if name == "start":
            self.start()
        elif script is None:
            self.talk.say(self.say(self.phrases.unknown_command))
        elif self.person.held and script.id not in WHILE_HELD:
            self.held()
        elif name == "cancel":
            self.cancel()
        elif name == "why":
            self.why()
        elif self.allowed(script.id):
            self._said_already(script.id)
            self.talk.begin(script.id)

    def why(self) -> None:
        """Explains the message that is replied to, or else the last one; an open question stays open."""
        chat, aimed = self.given.chat_id, self.given.reply_to
        row = outbox.by_message(self.session, chat, aimed) if aimed is not None else None
        about = (row.told or {}).get(outbox.ABOUT) if row is not None else None
        row = (self.session.get(Outbox, about) if about else row) or outbox.last_said(self.session, chat)
        if row is None:
            self.talk.say(self.say(self.phrases.why.nothing))
        else:
            self.talk.say(Why(self.talk).answer(row), told={outbox.ABOUT: row.id})

    def _said_already(self, script_id: str) -> None:
        """The same command again, before its answer has left: it is answered once, by the newest question."""
        for run in runs.recent(self.session, self.person.id, script_id):
            if outbox.withdraw_runs(self.session, self.person.id, {run.id}) and run.status == "open":
                run.status, run.ended_at = "cancelled", self.now

    def start(self) -> None:
        if self.person.held:
            self.held()
            return
        begun = runs.latest(self.session, self.person.id, "onboarding", "open", "parked")
        if begun is None or self.person.consent != "agreed":
            if begun is not None:
                self.talk.close_question(begun, None)
                begun.status, begun.ended_at = "cancelled", self.now
            finished = runs.latest(self.session, self.person.id, "onboarding", "ended")
            again = finished is not None and self.person.consent == "agreed"
            self.talk.begin("welcome_back" if again else "onboarding")
            return
        choices = [
            Button(f"{ON}{begun.id}", self.say(self.phrases.go_on)),
            Button(f"{GO}onboarding", self.say(self.phrases.begin_anew)),
        ]
        self.talk.say(self.say(self.phrases.go_on_or_anew), choices)

    def cancel(self) -> None:
        open_runs = runs.open_runs(self.session, self.person.id)
        if not open_runs or self.person.consent != "agreed":
            self.talk.say(self.say(self.phrases.nothing_to_cancel))
            return
        run = open_runs[0]
        self.talk.close_question(run, None)
        kind = self.coach.library.scripts[run.script].kind if run.script in self.coach.library.scripts else "command"
        run.status = "parked" if kind in ("area", "onboarding") else "cancelled"
        self.talk.say(self.say(self.phrases.cancelled))
