"""Plays scripts with one person: begins and answers runs, keeps what follows, puts messages into the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from sqlalchemy.orm import Session

from bot import planning
from bot.coach import dialogue, schedule
from bot.coach.dialogue import Bubble, Effect, Said, State, Walked
from bot.coach.questions import GO_ON, Around, Button, Ticked, buttons, several_said
from bot.coach.script import Question, Several, Text, Weekdays
from bot.knowledge import Coach
from bot.library import Library
from bot.store import dues, outbox, people, records, runs
from bot.store.tables import Answer, Due, Outbox, Person, Run
from bot.world import PersonsWorld

UNDO = "~undo"
_HABIT_OF = {"walk": "walk", "night": "sleep", "cold": "cold"}
RED_FLAGS = ("emergency", "self_harm")
"""The scripts that answer red-flag words."""
SELF_HARM_QUIET = dt.timedelta(hours=72)
CONSENT_VERSION = "2026-11"
"""Changes whenever what is stored, why, or who can read it changes."""


@dataclass(frozen=True)
class Reply:
    """How an answer came in: when the person acted, as what, in which update."""

    at: dt.datetime
    typed: str | None = None
    tapped: str | None = None
    update_id: int | None = None
    message_id: int | None = None


class Conversation:
    """One turn's work on one person's runs. Everything happens in the caller's transaction."""

    def __init__(self, coach: Coach, session: Session, person: Person, now: dt.datetime) -> None:
        self.coach = coach
        self.library: Library = coach.library
        self.session = session
        self.person = person
        self.now = now
        self.know = PersonsWorld(coach, session, person, now)
        self.replan = False
        self.erased = False

    # saying

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

    def _say_walked(self, run: Run, walked: Walked, due: Due | None = None) -> None:
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
        figures = self._figures(state) if bubble.picture else None
        asked_by_clock = due is not None
        outbox.put(
            self.session,
            chat_id=self.person.chat_id,
            person_id=self.person.id,
            text=bubble.text,
            kind="photo" if bubble.picture else "message",
            figures=figures,
            buttons=[[f"{run.id}.{state.turn}.{b.id}", b.label, b.small] for b in shown],
            priority=(outbox.CHECK_IN if due and due.habit else outbox.SUMMARY) if asked_by_clock else outbox.REPLY,
            useless_after=due.useful_until if due else None,
            due_id=due.id if due else None,
            run_id=run.id,
            turn=state.turn if bubble.asks else None,
            now=self.now,
        )

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

    # beginning

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
        self._say_walked(run, walked)

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

    # answering

    def answer(self, run: Run, said: Said, reply: Reply) -> None:
        """Takes the answer of a run's open question."""
        state = runs.from_json(run.state)
        if run.status == "parked":
            self._make_room(self.library.scripts[run.script].kind)
            run.status = "open"
        row = self._record(run, state, said, reply)
        question = dialogue.open_question(self.know, state)
        shown = said.words if said.value is not None else self.phrase(self.library.phrases.skip)
        private = getattr(getattr(question, "text", None), "private", False)
        self.close_question(run, "" if private or not question else shown)
        walked = dialogue.advance(self.know, state, said)
        self._after(run, walked, row, self._due(run))

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

    def tick(self, run: Run, ticked: Ticked) -> None:
        """A multi-select with another tick: the same message shows it."""
        state = replace(runs.from_json(run.state), picked=ticked.picked)
        run.state = runs.to_json(state)
        row = outbox.question_of(self.session, run.id, state.turn)
        if row:
            shown = [[f"{run.id}.{state.turn}.{b.id}", b.label, b.small] for b in self.buttons(run, state)]
            outbox.edit(self.session, row, row.text, shown, self.now)

    def picked(self, run: Run, names: tuple[str, ...]) -> Said | None:
        """A typed multi-select as an answer."""
        state = runs.from_json(run.state)
        question = dialogue.open_question(self.know, state)
        if not isinstance(question, (Several, Weekdays)):
            return None
        return several_said(question, names, self.around(run, state))

    def hint(self, run: Run, said: str, guesses: tuple[Said, ...] = ()) -> None:
        """Repeats a question after a reply that could not be read; nothing is lost."""
        state = replace(runs.from_json(run.state), guesses=guesses)
        run.state = runs.to_json(state)
        self.close_question(run, None)
        walked = dialogue.ask_again(self.know, state, said)
        run.touched_at = self.now
        self._say_walked(run, walked)

    def close_question(self, run: Run, chosen: str | None) -> None:
        """The question's message loses its buttons; with `chosen` it shows what was answered."""
        state = runs.from_json(run.state)
        row = outbox.question_of(self.session, run.id, state.turn)
        if row is None:
            return
        if row.status == "waiting" and chosen is None:
            outbox.withdraw(self.session, row, "superseded")
            return
        text = row.text
        if chosen:
            text = f"{text}\n\n<i>{self.phrase(self.library.phrases.chosen, answer=chosen)}</i>"
        if row.buttons or chosen:
            outbox.edit(self.session, row, text, [], self.now)

    # taking back

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
        self._say_walked(run, walked)
        self._finish()
        return True

    def correct(self, run: Run, answer: Answer, said: Said, reply: Reply) -> None:
        """An edited or corrected message: the answer is taken back and given anew."""
        self._retract(run, answer, reply.update_id)
        self.answer(run, said, reply)

    def _retract(self, run: Run, answer: Answer, update_id: int | None) -> None:
        self.close_question(run, None)
        turn = runs.from_json(run.state).turn
        runs.take_back(self.session, answer, update_id, self.now)
        self._drop_last_words(run)
        run.state = runs.to_json(replace(runs.from_json(answer.before), turn=turn + 1))
        run.status, run.ended_at, run.touched_at = "open", None, self.now
        due = self._due(run)
        if due and due.settled_by == answer.id:
            planning.reopen(self.session, due)
        self.know.facts = people.facts(self.session, self.person.id)
        self.replan = True
        if answer.local_date:
            self.correct_weeks(answer.local_date)

    def _drop_last_words(self, run: Run) -> None:
        """The Undo of a closing message has done its work: it loses its button."""
        row = outbox.last_of_run(self.session, run.id)
        if row is not None and any(str(b[0]).endswith(UNDO) for b in row.buttons):
            outbox.edit(self.session, row, row.text, [], self.now)

    # what follows

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
        for effect in walked.effects:
            if isinstance(effect, dialogue.Begun):
                following = effect.script
            else:
                self._follow(effect, run, answer, due)
            if self.erased:
                return
        self._say_walked(run, walked, due if asked_now else None)
        self._finish()
        if state.ended and following:
            self.open_script(following)
        elif state.ended and not asked_now:
            self._offer_interrupted(run)

    def open_script(self, script_id: str) -> None:
        """Starts a script, or goes on with it where it was left."""
        begun = runs.latest(self.session, self.person.id, script_id, "open", "parked")
        if begun and self.library.scripts[script_id].kind in ("area", "onboarding"):
            self.resume(begun, self.phrase(self.library.phrases.resume_area), merge=True)
        else:
            self.begin(script_id)

    def _offer_interrupted(self, ended: Run) -> None:
        """When a check-in, a command or a log ends, the question it interrupted is asked again."""
        if self.library.scripts[ended.script].kind in ("area", "onboarding") and ended.due_id is None:
            return
        for run in runs.open_runs(self.session, self.person.id):
            script = self.library.scripts.get(run.script)
            if run.id != ended.id and run.due_id is None and script and script.kind in ("area", "onboarding"):
                self.resume(run, self.phrase(self.library.phrases.interrupted), merge=True)
                return

    def _follow(self, effect: Effect, run: Run, answer: Answer | None, due: Due | None) -> None:
        answer_id = answer.id if answer else None
        at = answer.at if answer else self.now
        match effect:
            case dialogue.Remembered(fact, said):
                self._remember(fact, said, answer_id, at)
            case dialogue.Logged(kind, fields):
                self._log(kind, dict(fields), run, answer, due, at)
            case dialogue.Counted(status) if due:
                if due.status != status:  # of several lifts the first settles it, and Undo of a later leaves it
                    due.status, due.settled_by = status, answer_id
                planning.release(self.session, self.person.id, self.now)
                self.correct_weeks(due.local_date)
            case dialogue.Snoozed(wait) if due:
                due.settled_by = answer_id
                planning.snooze(self.session, due, wait, self.now, self.know)
            case dialogue.Moved(days) if due:
                due.settled_by = answer_id
                planning.move(self.session, due, days, self.know)
            case dialogue.Adjusted(how):
                self._adjust(how, runs.from_json(run.state), answer_id, at)
            case dialogue.Acted(act):
                self._act(act, due, answer_id)
            case _:
                pass

    def _remember(self, fact: str, said: Said, answer_id: int | None, at: dt.datetime) -> None:
        if self.know.teach_only:
            return
        people.remember(self.session, self.person.id, fact, said, answer_id, at)
        self.know.facts = {**self.know.facts, fact: said}
        self.replan = True

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
            plan = self.know.lifting_plan()
            fields["sets"] = [
                {"exercise": one.exercise, "load": one.load_kg, "reps": one.reps}
                for one in plan
                for _ in range(one.sets)
            ]
            fields["as_planned"] = True
        if fields.get("night") == "usual":
            usual = self.know.usual_night()
            fields["night"] = usual.value if usual else None
        if kind == "walk" and due and not fields.get("meal"):
            fields["meal"] = due.slot
        date = due.local_date if due else self.know.date(at)
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

    def log_in_words(self, kind: str, fields: dict[str, Any], reply: Reply, date: dt.date) -> None:
        """A log entry that the person wrote without being asked: kept with its words like any answer."""
        run = runs.begin(self.session, self.person.id, f"log_{kind}", State(()), self.now)
        run.status, run.ended_at = "ended", self.now
        state = State((dialogue.Frame(f"log_{kind}", "in_words"),))
        answer = self._record(run, state, Said(fields, reply.typed or ""), reply)
        due = self._settle_asked(_HABIT_OF[kind], date, fields.get("meal"), answer)
        records.log(
            self.session,
            kind,
            fields,
            person_id=self.person.id,
            answer_id=answer.id if answer else None,
            due_id=due.id if due else None,
            date=date,
            at=reply.at,
            script=run.script,
        )
        self.correct_weeks(date)

    def _settle_asked(self, habit: str, date: dt.date, slot: str | None, answer: Answer | None) -> Due | None:
        """A check-in that was asked about this is answered by it: it is done, and its question closes."""
        due = dues.asked(self.session, self.person.id, habit, date, slot)
        if due is None:
            return None
        due.status, due.settled_by = "done", answer.id if answer else None
        run = runs.of_due(self.session, due.id)
        if run is not None and run.status == "open":
            self.close_question(run, None)
            run.status, run.ended_at = "ended", self.now
        planning.release(self.session, self.person.id, self.now)
        return due

    def _adjust(self, how: str, state: State, answer_id: int | None, at: dt.datetime) -> None:
        hardest = self.know.week_of(state).hardest
        if hardest is None or how == "keep":
            return
        day = hardest + dt.timedelta(days=7)
        today = self.know.date(self.now)
        kept = [one.to_json() for one in schedule.exceptions(self.know.facts) if one.date >= today]
        for habit in ("walk", "lifting", "cold"):
            scripts = [s for s in self.know.checkins if s.habit == habit]
            if any(schedule.planned_on(script, self.know.facts, day) for script in scripts):
                kept.append([habit, day.isoformat(), how])
        self._remember("exceptions", Said(kept, ""), answer_id, at)

    def _act(self, act: str, due: Due | None, answer_id: int | None) -> None:
        person = self.person
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
                self.pause()
            case "resume" if person.held:
                person.held = None  # a pause that was asked for stays
            case "resume":
                self.unpause()
            case "stop_asking" if due and due.habit:
                self._remember(f"{due.habit}_on", Said(False, "off"), answer_id, self.now)
            case "clear_cold":
                self._remember("cold_on", Said(False, "off"), answer_id, self.now)
                self._remember("cold_list", Said(["not_sure"], ""), answer_id, self.now)
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

    def hold(self, kind: str) -> None:
        """Coaching stops until the person's own tap; check-ins on their way are withdrawn."""
        self.person.held = kind
        if kind == "self_harm":
            self.person.held_until = self.now + SELF_HARM_QUIET
        outbox.withdraw_all(self.session, self.person.id, "held", only_unasked=True)
        self.replan = True

    def pause(self) -> None:
        """Silence for `pause_days` days, or until the person's word; those days leave the denominator."""
        said = self.know.facts.get("pause_days")
        today = self.know.date(self.now)
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

    def _finish(self) -> None:
        if self.replan and not self.erased:
            planning.replan(self.session, self.know)
            self.replan = False

    def finish(self) -> None:
        """Plans anew if anything changed that the plan rests on."""
        self._finish()
