"""What the handling of one input looks at, and what all kinds of input share."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.coach import dialogue
from bot.coach.script import Question
from bot.conversation import RED_FLAGS, Conversation, Reply
from bot.inputs import Input
from bot.knowledge import Coach
from bot.store import runs
from bot.store.tables import Due, Person, Run
from bot.whom_to_call import NUMBERS

OPEN_TO_ALL = ("onboarding", "help", "privacy", "areas", "emergency", "self_harm", "cancel", "erase", "export")
"""Scripts that store nothing, for those who did not consent."""


class Scene:
    """One input of one person."""

    def __init__(self, coach: Coach, session: Session, person: Person, given: Input, now: dt.datetime) -> None:
        self.coach = coach
        self.session = session
        self.person = person
        self.given = given
        self.talk = Conversation(coach, session, person, now)
        self.phrases = coach.library.phrases
        self.words = coach.library.words
        self.now = now

    @property
    def reply(self) -> Reply:
        return Reply(
            at=self.given.at,
            typed=self.given.text or None,
            tapped=self.given.data or None,
            update_id=self.given.update_id,
            message_id=self.given.message_id,
        )

    def say(self, text: tuple[str, ...]) -> str:
        return self.talk.phrase(text)

    def safety_paused(self) -> str:
        """What is said while a red flag stands, with the number to call where the country is known."""
        number = NUMBERS["emergency_number"](self.coach.library, self.talk.know.facts)
        known = {"emergency_number": number.words} if number else {}
        return self.talk.phrase(self.phrases.safety_paused, **known)

    def held(self) -> None:
        """Nothing is coached while a red flag stands: its own question is asked again, and only a tap answers it."""
        for run in runs.open_runs(self.session, self.person.id):
            if not self.held_back(run):
                self.talk.resume(run, self.safety_paused(), merge=True)
                return
        held = self.person.held or "emergency"
        quiet = self.person.held_until is not None and self.now < self.person.held_until
        also = {"also": "self_harm"} if quiet and held == "emergency" else {}
        self.talk.begin(held, {"certainty": "unclear" if held == "emergency" else "now", **also})

    def too_late(self, run: Run) -> bool:
        """A check-in can be answered until the end of the next local day; what counts is when the person acted."""
        due = self.session.get(Due, run.due_id) if run.due_id else None
        return due is not None and self.acted_at > due.closes_at

    @property
    def acted_at(self) -> dt.datetime:
        """When the person acted; an edited message bears the date of its first writing, so now counts."""
        return self.now if self.given.kind == "edit" else self.given.at

    def held_back(self, run: Run) -> bool:
        frames = runs.from_json(run.state).frames
        return bool(self.person.held) and not any(frame.script in RED_FLAGS for frame in frames)

    def question(self, run: Run) -> Question | None:
        return dialogue.open_question(self.talk.know, runs.from_json(run.state))

    def allowed(self, script_id: str) -> bool:
        script = self.coach.library.scripts[script_id]
        if self.person.consent == "agreed" or script_id in OPEN_TO_ALL:
            return True
        if self.person.consent == "declined" and script.kind == "area":
            return True
        if self.person.consent is None:
            self.to_onboarding()
            return False
        self.talk.say(self.say(self.phrases.needs_consent))
        return False

    def to_onboarding(self) -> None:
        """Who has not consented yet is asked the first conversation's open question."""
        begun = runs.latest(self.session, self.person.id, "onboarding", "open", "parked")
        if begun is None:
            self.talk.begin("onboarding")
        else:
            self.talk.resume(begun)
