"""A typed text, an edit, a location or something unreadable: whose answer is it?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from bot.coach import dialogue, redflags, replies
from bot.coach.dialogue import Said, State
from bot.coach.questions import shorten, unreadable
from bot.coach.reading import Unread, as_labelled, night_words, read
from bot.coach.script import FreeText, Place, Question
from bot.commands import Commands
from bot.places import nearest
from bot.store import outbox, runs
from bot.store.tables import Answer, Due, Run
from bot.whereabouts import read_place

LONGEST = 4096
SEVERAL_BREAKS = 3
BACK_IN = dt.timedelta(seconds=10)
"""How long someone who unblocked the coach has to write first."""


class Texts(Commands):
    """Tries a text as an emergency, a command, an answer, a log entry, in this order."""

    def take(self) -> str:
        """Handles everything but taps; nothing of it is answered in a line over the chat."""
        match self.given.kind:
            case "text":
                self.text()
            case "edit":
                self.edit()
            case "location":
                self.location()
            case _:
                self.unusable("not_text")
        return ""

    def text(self) -> None:
        given = self.given
        labelled = self._labelled()
        flag = redflags.find(given.text, self.words.red_flags)
        if flag is not None and not (labelled and labelled[2].safety):
            self.red_flag(flag)
            return
        command = _command(given.text)
        if command is not None:
            self.command(command)
            return
        if self.person.held:
            self.held()
            return
        if labelled is not None:
            run, said, _ = labelled
            self.talk.answer(run, said, self.reply)
            return
        if replies.is_stop(given.text, self.words) and not self._stop_is_an_answer():
            self.stop()
            return
        if len(given.text) > LONGEST:
            self.unusable("too_long")
            return
        self.answer_in_words()

    def red_flag(self, flag: redflags.Flag) -> None:
        """Emergency words are answered first and alone; coaching stops until the person's own tap."""
        script = "self_harm" if flag.kind == "self_harm" else "emergency"
        outbox.withdraw_all(self.session, self.person.id, "emergency")
        others = runs.open_runs(self.session, self.person.id)
        self.talk.hold(script, quiet=flag.also == "self_harm")
        also = {"also": flag.also} if flag.also else {}
        self.talk.begin(script, {"certainty": flag.certainty, **also})
        for run in others:
            self.talk.close_question(run, None)
            if run.script == script:
                run.status, run.ended_at = "cancelled", self.now

    def stop(self) -> None:
        if "pause" not in self.coach.library.scripts or self.person.consent != "agreed":
            self.talk.say(self.say(self.phrases.stopped))
            return
        self.talk.know.facts = {k: v for k, v in self.talk.know.facts.items() if k != "pause_days"}
        self.talk.pause(self.given.at)
        for run in runs.open_runs(self.session, self.person.id):
            self.talk.close_question(run, None)
            run.status = "parked" if run.due_id is None else "open"
        self.talk.say(self.say(self.phrases.stopped))

    def _stop_is_an_answer(self) -> bool:
        """In a free-text question "stop" might be the answer only when it answers that message."""
        return self.given.reply_to is not None

    def _labelled(self) -> tuple[Run, Said, Question] | None:
        """The open question that has a button saying exactly this, before "stop" or "skip" in it means anything."""
        for run in self._candidates:
            question, state = self.question(run), runs.from_json(run.state)
            said = as_labelled(question, self.given.text, self.talk.around(run, state)) if question else None
            if question is not None and said is not None:
                return run, said, question
            if question is not None and question.skip and replies.is_skip(self.given.text, self.words):
                return None  # its own Skip comes before the same word on an older question's button
        return None

    def answer_in_words(self) -> None:
        candidates = self._candidates
        if replies.is_why(self.given.text, self.words) and not self._readable(candidates):
            self.why()
            return
        if not candidates:
            self.no_question()
            return
        back, skip = (
            replies.is_back(self.given.text, self.words),
            replies.is_skip(self.given.text, self.words),
        )
        if back and self._back_in_words(candidates):
            return
        asked_last = self.question(candidates[0])
        if skip and asked_last is not None and asked_last.skip:  # it says what the button under it says
            self.talk.answer(candidates[0], dialogue.SKIPPED, self.reply)
            return
        first: tuple[Run, Unread] | None = None
        free_last = sorted(candidates, key=lambda run: isinstance(self.question(run), FreeText))
        for run in free_last:
            question = self.question(run)
            if question is None:
                self._go_on_in_words(run)
                return
            if skip and question.skip:
                self.talk.answer(run, dialogue.SKIPPED, self.reply)
                return
            said = self._typed_answer(run)
            if isinstance(said, Said):
                self.talk.answer(run, said, self.reply)
                return
            if first is None:
                first = (run, said)
        if self._entry() or self._small_talk():
            return
        if first is not None:
            self._explain(*first)

    def _readable(self, candidates: Sequence[Run]) -> bool:
        """Whether some open question reads this text as its answer."""
        return any(isinstance(self._typed_answer(run), Said) for run in candidates)

    def _go_on_in_words(self, run: Run) -> None:
        """After a lesson any word goes on."""
        self.talk.answer(run, dialogue.SKIPPED, self.reply)

    @cached_property
    def _candidates(self) -> list[Run]:
        """The runs whose question this text may answer, as it found them: the one it replies to, or newest first."""
        waiting = [
            *runs.open_runs(self.session, self.person.id),
            *runs.closed_since(self.session, self.person.id, self.acted_at),
        ]
        open_runs = [run for run in waiting if not self.too_late(run) and self._asked_before(run)]
        if self.given.reply_to is not None:
            row = outbox.by_message(self.session, self.given.chat_id, self.given.reply_to)
            aimed = [run for run in open_runs if row is not None and run.id == row.run_id]
            if aimed:
                return aimed
        return open_runs

    def _asked_before(self, run: Run) -> bool:
        """A question is answered only by a message sent after it."""
        state = runs.from_json(run.state)
        if self.given.message_id is None:
            return True
        row = outbox.question_of(self.session, run.id, state.turn)
        if row is None:
            return False  # it was withdrawn: nobody has seen it
        return outbox.seen_by(row, self.given.message_id, self.given.at)

    def _typed_answer(self, run: Run) -> Said | Unread:
        state = runs.from_json(run.state)
        question = dialogue.open_question(self.talk.know, state)
        if question is None:
            return Unread("other")
        return self._read(run, question, state)

    def _read(self, run: Run, question: Question, state: State) -> Said | Unread:
        if isinstance(question, Place):
            return read_place(self.given.text, self.words, self.given.at)
        return read(question, self.given.text, self.words, self.talk.around(run, state))

    def _explain(self, run: Run, unread: Unread) -> None:
        question = self.question(run)
        if question is None:
            return
        if unread.guesses:
            line = self.say(self.phrases.did_you_mean)
            if unread.reason == "implausible":
                line = self.talk.phrase(self.phrases.unread["other_unit"], typed=shorten(self.given.text))
            self.talk.hint(run, line, unread.guesses)
            return
        line = self.talk.phrase(
            unreadable(question, unread.reason, self.phrases),
            bound=unread.bound,
            unit=unread.unit,
            most=unread.bound,
        )
        self.talk.hint(run, line)

    def _back_in_words(self, candidates: Sequence[Run]) -> bool:
        for run in candidates:
            if runs.last_answer(self.session, run.id) is not None:
                return self.talk.take_back(run, self.given.update_id)
        return False

    def no_question(self) -> None:
        """Nothing waits for this text: a log entry, a correction of what was just said, or a friendly pointer."""
        if replies.is_back(self.given.text, self.words):
            answer = runs.newest_answer(self.session, self.person.id)
            run = runs.get(self.session, self.person.id, answer.run_id) if answer else None
            if run is None or run.due_id is None or not self.talk.take_back(run, self.given.update_id):
                self.talk.say(self.say(self.phrases.nothing_to_undo))
            return
        if self._corrects() or self._entry() or self._small_talk():
            return
        open_runs = runs.open_runs(self.session, self.person.id)
        waiting = [run for run in open_runs if not self.too_late(run)]
        if waiting:
            unseen = outbox.question_of(self.session, waiting[0].id, runs.from_json(waiting[0].state).turn) is None
            line = self.phrases.back_to_question if unseen else self.phrases.earlier_message
            self.talk.resume(waiting[0], self.say(line), merge=True)
        elif self.person.consent is None:
            self.to_onboarding()
        else:
            self.talk.say(self.say(self.phrases.nothing_open))

    def back_again(self) -> None:
        """After unblocking: one line and the open question, if they do not write first.

        "Restart" in Telegram unblocks and sends /start in one go: so the line waits a moment, and is withdrawn.
        """
        person = self.person
        quiet = person.held_until is not None and self.now < person.held_until
        if person.consent != "agreed" or person.held or quiet or person.paused:
            return
        waiting = [run for run in runs.open_runs(self.session, self.person.id) if run.due_id is None]
        if waiting:
            self.talk.resume(waiting[0], self.say(self.phrases.back_to_question), merge=True)
        else:
            self.talk.say(self.say(self.phrases.back_again))
        outbox.hold_back(self.session, self.person.id, self.now + BACK_IN)
        self.talk.finish()

    def _corrects(self) -> bool:
        """ "60", "sorry, 65": the second message came before the next question, so it is about the last one."""
        answer = runs.newest_answer(self.session, self.person.id)
        if answer is None or answer.message_id is None or self.given.message_id is None:
            return False
        run = runs.get(self.session, self.person.id, answer.run_id)
        if run is None or run.status not in ("open", "ended") or self.given.message_id <= answer.message_id:
            return False
        if run.status == "ended" and not self._sorry(answer):
            return False
        return self._answer_anew(run, answer)

    def _sorry(self, answer: Answer) -> bool:
        """After a run has ended only an apology, at once, is about its last answer: "sorry, 65"."""
        first = self.given.text.casefold().lstrip().split(",")[0].split(" ")[0]
        return first in self.words.fillers and self.given.at - answer.at <= dt.timedelta(minutes=1)

    def _answer_anew(self, run: Run, answer: Answer) -> bool:
        before = runs.from_json(answer.before)
        question = dialogue.open_question(self.talk.know, before)
        if question is None or isinstance(question, FreeText):
            return False
        said = self._read(run, question, before)
        if not isinstance(said, Said):
            return False
        self.talk.correct(run, answer, said, self.reply)
        return True

    def _entry(self) -> bool:
        """A log entry in words, where nothing else can read the text."""
        if self.person.consent != "agreed":
            return False
        found = replies.entry_in_words(self.given.text, self.words) or self._length_of_time()
        if found is None or (isinstance(found, replies.FiberEntry | replies.PlateEntry) and not self._eats(found)):
            return False
        kind, fields, line = self._as_logged(found)
        days_ago = 0 if isinstance(found, replies.NightEntry) else found.days_ago
        date = self.talk.know.date(self.given.at) - dt.timedelta(days=days_ago)
        habit = self.talk.log_in_words(kind, fields, self.reply, date)
        self.talk.say(self.say(self.phrases.logged) if self.talk.know.without_figures else line)
        self.talk.offer_usual_days(habit)
        return True

    def _as_logged(self, found: replies.Entry) -> tuple[str, dict[str, Any], str]:
        """The kind of log that an entry belongs to, its fields, and the line that says what was noted."""
        phrases = self.phrases
        match found:
            case replies.WalkEntry(minutes, after):
                line = self.talk.phrase(phrases.logged_walk, minutes=minutes)
                return "walk", {"minutes": minutes, "meal": after}, line
            case replies.NightEntry(night):
                said = night_words(night, phrases)
                return "night", {"night": said.value}, self.talk.phrase(phrases.logged_night, night=said.words)
            case replies.ColdEntry(seconds):
                return "cold", {"seconds": seconds}, self.talk.phrase(phrases.logged_cold, seconds=seconds)
            case replies.SittingEntry(breaks):
                return "sitting", {"several": breaks >= SEVERAL_BREAKS}, self.talk.phrase(phrases.logged_sitting)
            case replies.FiberEntry(what):
                return "fiber", {"what": what}, self.talk.phrase(phrases.logged_fiber, what=what)
            case replies.PlateEntry(meal):
                return "plate", self._greens(meal), self.talk.phrase(phrases.logged_plate)

    def _greens(self, meal: str | None) -> dict[str, Any]:
        """A plate with greens: of what the person looks for only where that is greens, at the meal they look at."""
        facts = self.talk.know.facts
        focus, looked_at = facts.get("food_focus"), facts.get("food_meal")
        greens = focus.words if focus and replies.speaks_of_greens(focus.words, self.words) else None
        beside = greens is None or looked_at is None or meal != looked_at.value
        return {"whole": True, "focus": greens, "meal": meal, "beside": beside}

    def _eats(self, found: replies.Entry) -> bool:
        """Food is written down only for those who switched that on, and never against the safety screen."""
        know, habit, gate = self.talk.know, "food", "numbers"
        if isinstance(found, replies.FiberEntry):
            habit, gate = "fiber", "fiber"
        on = know.facts.get(f"{habit}_on")
        return bool(on and on.value) and know.gates(know.facts)[gate].open

    def _small_talk(self) -> bool:
        """A greeting, thanks, a call for help, a wish to be forgotten, or news about the person's health."""
        if self.person.consent is None:
            return False
        text, words, phrases = self.given.text, self.words, self.phrases
        if replies.is_help(text, words):
            self.command("help")
        elif replies.is_delete(text, words):
            self.command("erase")
        elif replies.is_no_numbers(text, words):
            self.command("numbers")
        elif replies.changes_health(text, words):
            self._with_question(self.say(phrases.health_news))
        elif replies.is_greeting(text, words):
            self._with_question(self.say(phrases.hello))
        elif replies.is_thanks(text, words):
            self._with_question(self.say(phrases.welcome))
        else:
            return False
        return True

    def _with_question(self, line: str) -> None:
        """A line, and the open question under it where one waits."""
        waiting = [run for run in runs.open_runs(self.session, self.person.id) if not self.too_late(run)]
        if waiting:
            self.talk.resume(waiting[0], line, merge=True)
        else:
            self.talk.say(line)

    def _length_of_time(self) -> replies.Entry | None:
        """A bare "15 min" while a walk's or a cold shower's check-in waits."""
        for run in self._candidates:
            due = self.session.get(Due, run.due_id) if run.due_id else None
            if due is None or due.status != "asked" or due.local_date != self.talk.know.date(self.given.at):
                continue
            if due.habit == "walk":
                length = replies.duration(self.given.text, self.words, unit="min", lo=1, hi=300)
                return replies.WalkEntry(length.value, due.slot) if isinstance(length, replies.Read) else None
            if due.habit == "cold":
                length = replies.duration(self.given.text, self.words, unit="s", lo=1, hi=1800)
                return replies.ColdEntry(length.value) if isinstance(length, replies.Read) else None
        return None

    def edit(self) -> None:
        """An edited message corrects its answer while that is the last of its run; red flags count in it too."""
        flag = redflags.find(self.given.text, self.words.red_flags)
        if flag is not None:
            self.red_flag(flag)
            return
        message = self.given.message_id
        answer = runs.answer_of_message(self.session, self.person.id, message) if message else None
        if self.person.held:
            return
        if answer is None:  # it answered nothing before; now it may
            self.given = replace(self.given, message_id=None)
            self.text()
            return
        run = runs.get(self.session, self.person.id, answer.run_id)
        last = runs.last_answer(self.session, answer.run_id)
        if run is None or last is None or last.id != answer.id:
            self.talk.say(self.say(self.phrases.earlier_message))
            return
        before = runs.from_json(answer.before)
        question = dialogue.open_question(self.talk.know, before)
        said = self._read(run, question, before) if question else Unread("other")
        if isinstance(said, Said):
            self.talk.correct(run, answer, said, self.reply)
        else:
            self.talk.say(self.say(self.phrases.earlier_message))

    def location(self) -> None:
        """A location becomes a zone where one was asked for; its coordinates are not kept."""
        if self.person.held:
            self.held()
            return
        for run in self._candidates:
            if isinstance(self.question(run), Place) and self.given.place:
                place = nearest(*self.given.place)
                self.talk.answer(run, Said(place.zone, place.name), self.reply)
                return
        self.unusable("not_location")

    def unusable(self, reason: str) -> None:
        """A sticker, a voice message, too much text: said kindly, and the open question is asked again."""
        if self.person.held:
            self.held()
            return
        line = self.say(self.phrases.unread.get(reason, self.phrases.unread["other"]))
        if reason == "too_long":
            line = self.say(self.phrases.too_long)
        if self.person.consent is None and not runs.open_runs(self.session, self.person.id):
            self.to_onboarding()
        else:
            self._with_question(line)


def _command(text: str) -> str | None:
    """The name of a command ("/help", "/help@my_bot more"), or None."""
    if not text.startswith("/") or len(text) < 2:
        return None
    word = text[1:].split(maxsplit=1)[0] if text[1:].split() else ""
    return word.split("@")[0].lower() or None
