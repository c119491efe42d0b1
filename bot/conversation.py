"""Plays scripts with one person: begins runs, answers their questions, takes answers back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from bot import planning
from bot.coach import attention, dialogue, schedule
from bot.coach.dialogue import Said, State, Walked
from bot.coach.script import Lab
from bot.consequences import Consequences
from bot.store import dues, people, runs
from bot.store.tables import Answer, Due, Run

RED_FLAGS = ("emergency", "self_harm")
"""The scripts that answer red-flag words."""
USUAL_DAYS = "usual_days"
"""The script that offers the usual days of a habit that had thinned out."""
INTERRUPTED_FOR = dt.timedelta(hours=24)
"""How long a question that a check-in interrupted is taken up again unasked."""
_HABIT_OF = {
    "walk": "walk",
    "training": "lifting",
    "night": "sleep",
    "cold": "cold",
    "plate": "food",
    "sitting": "sitting",
    "fiber": "fiber",
}


@dataclass(frozen=True)
class Reply:
    """How an answer came in: when the person acted, as what, in which update."""

    at: dt.datetime
    typed: str | None = None
    tapped: str | None = None
    update_id: int | None = None
    message_id: int | None = None
    shown: str | None = None
    """What its button said."""


class Conversation(Consequences):
    """One turn's work on one person's runs."""

    def begin(
        self, script_id: str, trigger: dict[str, Any] | None = None, due: Due | None = None, said: str = ""
    ) -> Run:
        """Starts a script and says its first words. A longer talk that was open is kept for later."""
        script = self.library.scripts[script_id]
        if due is None:
            self._make_room(script.kind)
        visits = people.visits(self.session, self.person.id, script_id)
        walked = dialogue.start(self.know, script_id, {"visits": visits, **(trigger or {})}, said)
        run = runs.begin(self.session, self.person.id, script_id, walked.state, self.now, due.id if due else None)
        self._after(run, walked, None, due)
        return run

    def _make_room(self, kind: str) -> None:
        for run in runs.open_runs(self.session, self.person.id):
            other = self.library.scripts.get(run.script)
            if other is None or run.due_id is not None:
                continue
            if other.kind in ("command", "log"):
                self.close_question(run, None)
                run.status, run.ended_at = "cancelled", self.now
            elif kind in ("area", "onboarding"):
                self.close_question(run, None)
                run.status = "parked"

    def resume(self, run: Run, said: str = "", *, merge: bool = False) -> None:
        """Asks a run's open question again, as a new message."""
        if run.status == "parked":
            self._make_room(self.library.scripts[run.script].kind)
            run.status = "open"
        self.close_question(run, None)
        state = self._repaired(runs.from_json(run.state))
        if state is None:
            run.status, run.ended_at = "cancelled", self.now
            self.begin(run.script)
            return
        walked = dialogue.ask_again(self.know, state, said, merge=merge)
        run.state, run.touched_at = runs.to_json(walked.state), self.now
        self.say_walked(run, walked)

    def _repaired(self, state: State) -> State | None:
        """A state whose step the author has taken away goes on at the step's new name, else None."""
        if state.ended:
            return None
        frames = []
        for frame in state.frames:
            script = self.library.scripts.get(frame.script)
            if script is None:
                return None
            if frame.step != "end" and frame.step not in script.steps:
                renamed = next((name for name, step in script.steps.items() if step.was == frame.step), None)
                if renamed is None:
                    return None
                frame = replace(frame, step=renamed)
            frames.append(frame)
        return replace(state, frames=tuple(frames))

    def answer(self, run: Run, said: Said, reply: Reply) -> None:
        """Takes the answer of a run's open question."""
        state = runs.from_json(run.state)
        if not state.ended and self._repaired(state) != state:
            self.resume(run)  # its step has another name now, or is gone: nobody could say what this answers
            return
        if run.status == "parked":
            self._make_room(self.library.scripts[run.script].kind)
            run.status = "open"
        if run.status == "cancelled":  # closed unanswered, before we came to read what answers it in time
            run.status, run.ended_at = "open", None
        row = self._record(run, state, said, reply)
        question = dialogue.open_question(self.know, state)
        shown = reply.shown or (said.words if said.value is not None else self.phrase(self.library.phrases.skip))
        private = getattr(getattr(question, "text", None), "private", False) or (
            self.know.without_figures and isinstance(question, (*dialogue.ASKS_A_FIGURE, Lab))
        )
        self.close_question(run, "" if private or not question else shown)
        walked = dialogue.advance(self.know, state, said)
        due = self._due(run)
        if due is not None and self.now > due.closes_at:  # that day is over: it counts, and nothing more is asked
            walked = replace(walked, bubbles=tuple(bubble for bubble in walked.bubbles if not bubble.asks))
        self._after(run, walked, row, due)
        if due is not None and self.now > due.closes_at and run.status == "open":
            run.status, run.ended_at = "ended", self.now

    def _record(self, run: Run, state: State, said: Said, reply: Reply) -> Answer | None:
        if self.know.teach_only:
            return None
        script, step = state.here.split(".")
        due = self._due(run)
        row = Answer(
            person_id=self.person.id,
            run_id=run.id,
            script=script,
            step=step,
            turn=state.turn,
            value=said.value,
            words=said.words,
            typed=reply.typed,
            tapped=reply.tapped,
            at=reply.at,
            handled_at=self.now,
            local_date=due.local_date if due else self.know.date(reply.at),
            update_id=reply.update_id,
            message_id=reply.message_id,
            before=runs.to_json(replace(state, guesses=(), picked=())),
        )
        self.session.add(row)
        self.session.flush()
        return row

    def hint(self, run: Run, said: str, guesses: tuple[Said, ...] = ()) -> None:
        """Repeats a question after a reply that could not be read; nothing is lost."""
        state = replace(runs.from_json(run.state), guesses=guesses)
        run.state = runs.to_json(state)
        self.close_question(run, None)
        walked = dialogue.ask_again(self.know, state, said)
        run.touched_at = self.now
        self.say_walked(run, walked)

    def take_back(self, run: Run, update_id: int | None) -> bool:
        """Undoes the last answer of a run, with all that followed from it, and asks it again."""
        answer = runs.last_answer(self.session, run.id)
        if answer is None:
            return False
        self._retract(run, answer, update_id)
        state = runs.from_json(run.state)
        walked = dialogue.ask_again(
            self.know, replace(state, turn=state.turn + 1), self.phrase(self.library.phrases.noted_back)
        )
        run.state = runs.to_json(walked.state)
        if walked.state.ended:  # it was said unasked, or its step is gone: nothing waits for an answer
            run.status, run.ended_at = "ended", self.now
        self.say_walked(run, walked)
        self.finish()
        return True

    def correct(self, run: Run, answer: Answer, said: Said, reply: Reply) -> None:
        """An edited or corrected message: the answer is taken back and given anew."""
        self._retract(run, answer, reply.update_id)
        self.show_corrected(run, answer.turn, answer.words, said.words)
        self.answer(run, said, reply)

    def _retract(self, run: Run, answer: Answer, update_id: int | None) -> None:
        self.close_question(run, None)
        self.unsay(run, answer.turn)
        turn = runs.from_json(run.state).turn
        runs.take_back(self.session, answer, update_id, self.now)
        self.drop_last_words(run)
        run.state = runs.to_json(replace(runs.from_json(answer.before), turn=turn + 1))
        run.status, run.ended_at, run.touched_at = "open", None, self.now
        due = self._due(run)
        if due and due.settled_by == answer.id:
            planning.reopen(self.session, due)
        self.know.reload()
        self.replan = True
        if answer.local_date:
            self.correct_weeks(answer.local_date)

    def _due(self, run: Run) -> Due | None:
        return self.session.get(Due, run.due_id) if run.due_id else None

    def _after(self, run: Run, walked: Walked, answer: Answer | None, due: Due | None) -> None:
        asked_now = due is not None and answer is None and due.status == "asked" and run.started_at == self.now
        state = walked.state if not self.know.teach_only else replace(walked.state, said={})
        run.state, run.touched_at = runs.to_json(state), self.now
        if state.ended:
            run.status, run.ended_at = "ended", self.now
        flagged = next((frame.script for frame in state.frames if frame.script in RED_FLAGS), None)
        if flagged and self.person.held is None:
            self.hold(flagged)
        following: str | None = None
        self.unasked.clear()
        for effect in walked.effects:
            if isinstance(effect, dialogue.Begun):
                following = effect.script
            else:
                self.follow(effect, run, answer, due)
            if self.erased:
                return
        self.say_walked(run, walked, due if asked_now else None)
        self.finish()
        if state.ended and following:
            self.open_script(following)
        elif state.ended and not asked_now and not (answer and self.offer_usual_days(_kept(walked, run, due))):
            self._offer_interrupted(run)

    def offer_usual_days(self, habit: str | None) -> bool:
        """Who keeps or logs what had thinned out by itself may have the usual days back, by their tap (law 11)."""
        facts = self.know.facts
        if habit is None or USUAL_DAYS not in self.library.scripts:
            return False
        switch = facts.get(f"{habit}_on")
        if not (switch and switch.value) or schedule.thinned(habit, facts) not in attention.BY_ITSELF:
            return False
        since = people.since(self.session, self.person.id, f"{habit}_thin")
        for run in runs.recent(self.session, self.person.id, USUAL_DAYS):
            if runs.from_json(run.state).trigger.get("habit") == habit and since and run.started_at >= since:
                return False  # offered once is enough: /plan has it too
        self.begin(USUAL_DAYS, {"habit": habit})
        return True

    def open_script(self, script_id: str) -> None:
        """Starts a script, or goes on with it where it was left."""
        begun = runs.latest(self.session, self.person.id, script_id, "open", "parked")
        if begun and self.library.scripts[script_id].kind in ("area", "onboarding"):
            self.resume(begun, self.phrase(self.library.phrases.resume_area), merge=True)
        else:
            self.begin(script_id)

    def _offer_interrupted(self, ended: Run) -> None:
        """When a check-in, an offer or a red flag ends, what it interrupted is asked again, unless that is old."""
        if ended.due_id is None and ended.script not in (*RED_FLAGS, USUAL_DAYS):
            return
        for run in runs.open_runs(self.session, self.person.id):
            script = self.library.scripts.get(run.script)
            answer = runs.last_answer(self.session, run.id)
            recent = self.now - (answer.at if answer else run.started_at) < INTERRUPTED_FOR
            if recent and run.due_id is None and script and script.kind in ("area", "onboarding"):
                self.resume(run, self.phrase(self.library.phrases.interrupted), merge=True)
                return

    def log_in_words(self, kind: str, fields: dict[str, Any], reply: Reply, date: dt.date) -> str:
        """A log entry that the person wrote without being asked, kept with its words like any answer; its habit."""
        run = runs.begin(self.session, self.person.id, f"log_{kind}", State(()), self.now)
        run.status, run.ended_at = "ended", self.now
        state = State((dialogue.Frame(f"log_{kind}", "in_words"),))
        answer = self._record(run, state, Said(fields, reply.typed or ""), reply)
        due = self._settle_asked(kind, fields, date, answer, reply.at)
        self.enter(kind, fields, run, answer, due, date, reply.at)
        return _HABIT_OF[kind]

    def _settle_asked(
        self, kind: str, fields: dict[str, Any], date: dt.date, answer: Answer | None, at: dt.datetime
    ) -> Due | None:
        """A check-in that was asked about this is answered by it: it is done, and its question closes.

        What was written before the check-in's time, and is read only now, is about another walk.
        """
        habit, slot = _HABIT_OF[kind], fields.get("meal")
        due = dues.asked(self.session, self.person.id, habit, date, slot)
        if due is None or (habit == "walk" and slot is None and at < due.due_at) or fields.get("beside"):
            return None
        status = "partly" if fields.get("several") is False else "done"
        if due.reason == dues.OFFER:  # it asked about the messages: whoever logs has answered, by their own word
            status = "skipped"
        due.status, due.settled_by = status, answer.id if answer else None
        run = runs.of_due(self.session, due.id)
        if run is not None and run.status == "open":
            self.close_question(run, None)
            run.status, run.ended_at = "ended", self.now
        planning.release(self.session, self.person.id, self.now)
        return due if due.reason != dues.OFFER else None


def _kept(walked: Walked, run: Run, due: Due | None) -> str | None:
    """The habit that was kept, by a check-in's answer or a log entry, in a run that ends; not where it felt bad."""
    if due is not None:
        well = not any(name.startswith("felt_bad.") for name in walked.state.said)
        return due.habit if well and due.status in ("done", "partly") and run.script == due.script else None
    kinds = [effect.kind for effect in walked.effects if isinstance(effect, dialogue.Logged)]
    return next((_HABIT_OF[kind] for kind in kinds if kind in _HABIT_OF), None)
