"""What follows from an answer: facts, log entries, statuses, and the few acts that are more than a fact."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot import planning
from bot.coach import attention, dialogue, schedule
from bot.coach.dialogue import Effect, Said, State
from bot.coach.questions import in_a_row
from bot.coach.script import HABITS
from bot.messages import PROMISED, Messages
from bot.store import outbox, people, records, runs
from bot.store.tables import Answer, Due, Run

SELF_HARM_QUIET = dt.timedelta(hours=72)
HABITS_OF_A_DAY = tuple(habit for habit in HABITS if habit != "sleep")
"""What a hard day can be spared; there is a night after every day."""
CONSENT_VERSION = "2026-11-27"
"""Changes whenever what is stored, why, or who can read it changes."""


class Consequences(Messages):
    """Carries out the effects of a walk. What rests on an answer names it, and falls when it is taken back."""

    def follow(self, effect: Effect, run: Run, answer: Answer | None, due: Due | None) -> None:
        answer_id = answer.id if answer else None
        at = answer.at if answer else self.now
        match effect:
            case dialogue.Remembered(fact, said):
                self.remember(fact, said, answer_id, at)
            case dialogue.Logged(kind, fields):
                self._log(kind, dict(fields), run, answer, due, at)
            case dialogue.Counted(status) if due:
                if due.status != status:  # of several lifts the first settles it, and Undo of a later leaves it
                    due.status, due.settled_by = status, answer_id
                planning.release(self.session, self.person.id, self.now)
                self.correct_weeks(due.local_date)
            case dialogue.Snoozed(wait) if due:
                due.settled_by = answer_id
                planning.snooze(self.session, due, wait, at, self.know)
            case dialogue.Moved(days) if due:
                due.settled_by = answer_id
                planning.move(self.session, due, days, self.know)
            case dialogue.Adjusted(how):
                self._adjust(how, runs.from_json(run.state), answer_id, at)
            case dialogue.Acted(act):
                self._act(act, run, due, answer_id, at)
            case _:
                pass

    def remember(self, fact: str, said: Said, answer_id: int | None, at: dt.datetime) -> None:
        if self.know.teach_only:
            return
        if isinstance(said.value, list) and said.words == ", ".join(map(str, said.value)):
            names = [self.library.words_of(fact, one) for one in said.value]
            said = Said(said.value, in_a_row(names, self.library.phrases))  # an author set ids, not words
        for habit in HABITS:
            if self._plans_anew(habit, fact, said):
                self.thin(habit, attention.USUAL, answer_id, at)
        row = people.remember(self.session, self.person.id, fact, said, answer_id, at)
        if answer_id is None:
            self.unasked.append(row)
        self.know.facts = {**self.know.facts, fact: said}
        self.replan = True

    def _plans_anew(self, habit: str, fact: str, said: Said) -> bool:
        """Whether a fact switches a habit on again, or chooses its days anew: nothing is thinned any more."""
        switch = self.know.facts.get(f"{habit}_on")
        if switch is None:
            return False
        if fact == f"{habit}_on":
            return bool(said.value) and not switch.value
        days = {start.days for script in self.know.checkins if script.habit == habit for start in script.starts}
        return fact in days

    def thin(self, habit: str, how: str, answer_id: int | None, at: dt.datetime) -> None:
        """How a habit's days are thinned from now on; the count of what went unanswered begins anew."""
        self.remember(f"{habit}_thin", Said(how, how), answer_id, at)

    def _unthin(self, habit: str, answer_id: int | None, at: dt.datetime) -> None:
        if schedule.thinned(habit, self.know.facts) not in (None, attention.USUAL):
            self.thin(habit, attention.USUAL, answer_id, at)

    def _rest_week(self, habit: str, answer_id: int | None, at: dt.datetime) -> None:
        today = self.know.date(self.now)
        kept = self._exceptions_ahead()
        kept += [[habit, (today + dt.timedelta(days=n)).isoformat(), "rest"] for n in range(7)]
        self.remember("exceptions", Said(kept, ""), answer_id, at)
        self._unthin(habit, answer_id, at)

    def _exceptions_ahead(self) -> list[list[str]]:
        """The days made an exception of that are not over, as the fact keeps them."""
        today = self.know.date(self.now)
        return [one.to_json() for one in schedule.exceptions(self.know.facts) if one.date >= today]

    def _log(
        self,
        kind: str,
        fields: dict[str, Any],
        run: Run,
        answer: Answer | None,
        due: Due | None,
        at: dt.datetime,
    ) -> None:
        if self.know.teach_only:
            return
        if fields.get("sets") == "planned":
            fields["sets"] = self._planned(run, answer)
            fields["as_planned"] = True
        if fields.get("night") == "usual":
            usual = self.know.usual_night()
            fields["night"] = usual.value if usual else None
        if kind == "walk" and due and not fields.get("meal"):
            fields["meal"] = due.slot
        date = due.local_date if due else self.know.date(at)
        self.enter(kind, fields, run, answer, due, date, at)

    def _planned(self, run: Run, answer: Answer | None) -> list[dict[str, Any]]:
        """The sets of the session that the answered message spoke of; of the plan where it kept none."""
        asked = outbox.question_of(self.session, run.id, answer.turn) if answer else None
        told = (asked.told if asked else None) or {}
        sets: list[dict[str, Any]] = told[PROMISED] if PROMISED in told else self.promised(run).get(PROMISED, [])
        return sets

    def enter(
        self,
        kind: str,
        fields: dict[str, Any],
        run: Run,
        answer: Answer | None,
        due: Due | None,
        date: dt.date,
        at: dt.datetime,
    ) -> None:
        """Writes a log entry of a local date and corrects the weeks that hold it."""
        records.log(
            self.session,
            kind,
            fields,
            person_id=self.person.id,
            answer_id=answer.id if answer else None,
            due_id=due.id if due else None,
            date=date,
            at=at,
            script=run.script,
        )
        self.correct_weeks(date)

    def _adjust(self, how: str, state: State, answer_id: int | None, at: dt.datetime) -> None:
        hardest = self.know.week_of(state).hardest
        if hardest is None or how == "keep":
            return
        day = hardest + dt.timedelta(days=7)
        kept = self._exceptions_ahead()
        for habit in HABITS_OF_A_DAY:
            scripts = [s for s in self.know.checkins if s.habit == habit]
            if any(schedule.planned_on(script, self.know.facts, day) for script in scripts):
                kept.append([habit, day.isoformat(), how])
        self.remember("exceptions", Said(kept, ""), answer_id, at)

    def _act(self, act: str, run: Run, due: Due | None, answer_id: int | None, at: dt.datetime) -> None:
        person = self.person
        habit = due.habit if due else runs.from_json(run.state).trigger.get("habit")
        match act:
            case "agree":
                person.consent, person.consent_version, person.consented_at = (
                    "agreed",
                    CONSENT_VERSION,
                    self.now,
                )
            case "teach_only":
                person.consent = "declined"
            case "pause":
                self.pause(at)
            case "resume" if person.held:
                person.held = None  # a pause that was asked for stays
            case "resume":
                self.unpause()
            case "stop_asking" if due and due.habit:
                self.remember(f"{due.habit}_on", Said(False, "off"), answer_id, self.now)
            case "fewer_days" if habit:
                self.thin(habit, attention.fewer(schedule.thinned(habit, self.know.facts)), answer_id, at)
            case "once_a_week" if habit:
                self.thin(habit, "once", answer_id, at)
            case "usual_days":
                for one in (habit,) if habit else HABITS:
                    self._unthin(one, answer_id, at)
            case "rest_week" if habit:
                self._rest_week(habit, answer_id, at)
            case "clear_cold":
                self.remember("cold_on", Said(False, "off"), answer_id, self.now)
                self.remember("cold_list", Said(["not_sure"], ""), answer_id, self.now)
            case "safety_stop":
                self.hold("emergency")
            case "export":
                document = people.export(self.session, person)
                self.say(self.phrase(self.library.phrases.exported), kind="document", figures=document)
            case "erase":
                chat = person.chat_id
                people.erase(self.session, person)
                self.erased = True
                outbox.put(
                    self.session,
                    chat_id=chat,
                    person_id=None,
                    text=self.phrase(self.library.phrases.erased),
                    now=self.now,
                )
            case _:
                pass
        self.replan = True

    def hold(self, kind: str, *, quiet: bool = False) -> None:
        """Coaching stops until the person's own tap; check-ins on their way are withdrawn.

        After words of self-harm, alone or beside an emergency (`quiet`), nothing comes unasked for a while even so.
        """
        self.person.held = kind
        if quiet or kind == "self_harm":
            self.person.held_until = self.now + SELF_HARM_QUIET
        outbox.withdraw_all(self.session, self.person.id, "held", only_unasked=True)
        self.replan = True

    def pause(self, at: dt.datetime) -> None:
        """Silence for `pause_days` days since then, or until the person's word; they leave the denominator."""
        said = self.know.facts.get("pause_days")
        today = self.know.date(at)
        days = int(said.value) if said and said.value else 0
        last = today + dt.timedelta(days=days - 1) if days else None
        self.person.paused = True
        self.person.paused_until = schedule.day_end(last, self.know.zone) if last else None
        people.begin_break(self.session, self.person.id, today, last)
        outbox.withdraw_all(self.session, self.person.id, "paused", only_unasked=True)
        self.replan = True

    def unpause(self) -> None:
        self.person.paused, self.person.paused_until = False, None
        people.end_break(self.session, self.person.id, self.know.date(self.now))
        self.replan = True

    def correct_weeks(self, date: dt.date) -> None:
        """A late entry, or a silence, corrects the figures that are stored."""
        for ending in records.weeks_with(self.session, self.person.id, date):
            records.keep_figures(self.session, self.person.id, self.know.figures(ending), self.now)

    def keep_week(self, ending: dt.date) -> None:
        """Stores the figures of a week whose summary goes out."""
        records.keep_figures(self.session, self.person.id, self.know.figures(ending), self.now)

    def finish(self) -> None:
        """Plans anew if anything changed that the plan rests on."""
        if self.replan and not self.erased:
            planning.replan(self.session, self.know)
            self.replan = False
