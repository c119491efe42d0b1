"""One turn: an input meets a person's state and becomes records, a new state and messages, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, Literal

from sqlalchemy.orm import Session

from bot import checkins
from bot.coach import dialogue, redflags, replies
from bot.coach.dialogue import Said, State
from bot.coach.questions import BACK, GO_ON, NEITHER, Button, Ticked, tapped, unreadable
from bot.coach.reading import Unread, as_labelled, night_words, read
from bot.coach.script import FreeText, Place, Question, Several, Weekdays
from bot.conversation import RED_FLAGS, UNDO, Conversation, Reply
from bot.knowledge import Coach
from bot.places import nearest
from bot.store import outbox, people, runs
from bot.store.tables import Answer, Due, Person, Run
from bot.whereabouts import read_place

LONGEST = 4096
TOLD_ONCE = dt.timedelta(hours=1)
"""The operator is told once in so long, not a thousand times."""
GO, ON = "go.", "on."
"""What the coach's own buttons carry outside questions: begin a script, go on with a run."""
OPEN_TO_ALL = (
    "onboarding",
    "help",
    "privacy",
    "areas",
    "emergency",
    "self_harm",
    "cancel",
    "erase",
    "export",
)
"""Scripts that store nothing, for those who did not consent."""
WHILE_HELD = ("help", "privacy", "erase", "export")


@dataclass(frozen=True)
class Input:
    """Something that happened in a chat. `at` is when the person acted; a tap has no time of its own."""

    chat_id: int
    update_id: int
    at: dt.datetime
    kind: Literal["text", "tap", "location", "edit", "other", "blocked", "unblocked", "group"]
    text: str = ""
    message_id: int | None = None
    reply_to: int | None = None
    data: str = ""
    place: tuple[float, float] | None = None


@dataclass(frozen=True)
class Outcome:
    """What the edge needs to know after the commit: the line a tap is answered with."""

    notice: str = ""
    repeat: bool = False


def turn(session: Session, coach: Coach, given: Input, now: dt.datetime) -> Outcome:
    """Handles one update of one chat. Called twice with the same update it does nothing the second time."""
    people.lock_chat(session, given.chat_id)
    if not people.first_time(session, coach.bot_id, given.update_id, now):
        return Outcome(repeat=True)
    if given.kind == "group":
        _group(session, coach, given, now)
        return Outcome()
    given = replace(given, text=_storable(given.text))
    person = people.meet(session, given.chat_id, now)
    if given.kind == "blocked":
        person.reachable = False
        outbox.withdraw_all(session, person.id, "blocked")
        return Outcome()
    person.reachable = True
    if given.kind == "unblocked":
        return Outcome()
    return _Turn(coach, session, person, given, now).take()


def fire(session: Session, coach: Coach, due_id: int, chat_id: int, now: dt.datetime) -> None:
    """The clock's turn: asks a check-in that is due, or closes one whose time for an answer is over."""
    people.lock_chat(session, chat_id)
    due = session.get(Due, due_id, populate_existing=True)
    person = people.by_id(session, due.person_id) if due else None
    if due is None or person is None:
        return
    if due.status == "asked" and due.closes_at <= now:
        checkins.close(Conversation(coach, session, person, now), due)
    elif due.status == "planned" and due.due_at <= now:
        checkins.fire(Conversation(coach, session, person, now), due)


def put_aside(
    session: Session, coach: Coach, given: Input, payload: dict[str, Any], reason: str, now: dt.datetime
) -> None:
    """Keeps an update whose turn fails every time for the operator, and tells the person kindly."""
    if not people.first_time(session, coach.bot_id, given.update_id, now):
        return
    people.put_aside(session, given.update_id, given.chat_id, payload, reason, now)
    person = people.by_chat(session, given.chat_id)
    if person is not None:
        text = coach.library.phrase(coach.library.phrases.failed)
        outbox.put(session, chat_id=given.chat_id, person_id=person.id, text=text, now=now)
    if coach.operator_chat is not None and people.put_aside_since(session, now - TOLD_ONCE) == 1:
        line = coach.library.phrase(coach.library.phrases.operator_told, update=given.update_id, reason=reason)
        outbox.put(session, chat_id=coach.operator_chat, person_id=None, text=line, now=now)


def _group(session: Session, coach: Coach, given: Input, now: dt.datetime) -> None:
    if people.first_in_group(session, given.chat_id):
        text = coach.library.phrase(coach.library.phrases.group)
        outbox.put(session, chat_id=given.chat_id, person_id=None, text=text, now=now)


class _Turn:
    """The routing of one input: whose answer is it?"""

    def __init__(self, coach: Coach, session: Session, person: Person, given: Input, now: dt.datetime) -> None:
        self.coach = coach
        self.session = session
        self.person = person
        self.given = given
        self.talk = Conversation(coach, session, person, now)
        self.phrases = coach.library.phrases
        self.words = coach.library.words
        self.now = now

    def take(self) -> Outcome:
        if self.person.paused and self.person.paused_until and self.now >= self.person.paused_until:
            self.talk.unpause()
        notice = ""
        match self.given.kind:
            case "tap":
                notice = self.tap()
            case "text":
                self.text()
            case "edit":
                self.edit()
            case "location":
                self.location()
            case _:
                self.unusable("not_text")
        if not self.talk.erased:
            self.talk.finish()
        return Outcome(unescape(notice))

    @property
    def reply(self) -> Reply:
        return Reply(
            at=self.given.at,
            typed=self.given.text or None,
            tapped=self.given.data or None,
            update_id=self.given.update_id,
            message_id=self.given.message_id,
        )

    # taps

    def tap(self) -> str:
        data = self.given.data
        if data.startswith(GO):
            return self.go(data.removeprefix(GO))
        if data.startswith(ON):
            return self.go_on(data.removeprefix(ON))
        parts = data.split(".", 2)
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts[:2]):
            return self.say(self.phrases.closed)
        run = runs.get(self.session, self.person.id, int(parts[0][:15]))
        if run is None:
            return self.say(self.phrases.closed)
        return self.tap_run(run, int(parts[1][:9]), parts[2])

    def tap_run(self, run: Run, number: int, option: str) -> str:
        state = runs.from_json(run.state)
        if option == UNDO and run.status == "ended" and state.turn == number:
            return "" if self.talk.take_back(run, self.given.update_id) else self.say(self.phrases.nothing_to_undo)
        if run.status not in ("open", "parked") or state.turn != number or self._too_late(run):
            return self.say(self.phrases.closed_day if self._too_late(run) else self.phrases.closed)
        if self._held_back(run):
            return self.say(self.phrases.safety_paused)
        if option == BACK:
            if not self.talk.take_back(run, self.given.update_id):
                return self.say(self.phrases.nothing_to_undo)
            return ""
        if option == GO_ON and dialogue.open_question(self.talk.know, state) is None:
            self.talk.answer(run, dialogue.SKIPPED, self.reply)
            return ""
        return self.tap_question(run, state, option)

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
        self.talk.answer(run, meant, self.reply)
        return ""

    def go(self, script_id: str) -> str:
        self._used_up()
        if script_id in self.coach.library.scripts and self._allowed(script_id):
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

    def _used_up(self) -> None:
        """The message whose own button was tapped loses its buttons."""
        message = self.given.message_id
        row = outbox.by_message(self.session, self.given.chat_id, message) if message else None
        if row is not None and row.buttons:
            outbox.edit(self.session, row, row.text, [], self.now)

    def _too_late(self, run: Run) -> bool:
        """A check-in can be answered until the end of the next local day."""
        due = self.session.get(Due, run.due_id) if run.due_id else None
        return due is not None and self.now > due.closes_at

    def _held_back(self, run: Run) -> bool:
        frames = runs.from_json(run.state).frames
        return bool(self.person.held) and not any(frame.script in RED_FLAGS for frame in frames)

    # texts

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
        self.talk.hold(script)
        self.talk.begin(script, {"certainty": flag.certainty})
        for run in others:
            self.talk.close_question(run, None)
            if run.script == script:
                run.status, run.ended_at = "cancelled", self.now

    def held(self) -> None:
        """Nothing is coached while a red flag stands: its own question is asked again, and only a tap answers it."""
        for run in runs.open_runs(self.session, self.person.id):
            if not self._held_back(run):
                self.talk.resume(run, self.say(self.phrases.safety_paused), merge=True)
                return
        self.talk.begin(self.person.held or "emergency", {"certainty": "unclear"})

    def stop(self) -> None:
        if "pause" not in self.coach.library.scripts or self.person.consent != "agreed":
            self.talk.say(self.say(self.phrases.stopped))
            return
        self.talk.know.facts = {k: v for k, v in self.talk.know.facts.items() if k != "pause_days"}
        self.talk.pause()
        for run in runs.open_runs(self.session, self.person.id):
            self.talk.close_question(run, None)
            run.status = "parked" if run.due_id is None else "open"
        self.talk.say(self.say(self.phrases.stopped))

    def _stop_is_an_answer(self) -> bool:
        """In a free-text question "stop" might be the answer only when it answers that message."""
        return self.given.reply_to is not None

    def _labelled(self) -> tuple[Run, Said, Question] | None:
        """The open question that has a button saying exactly this, before "stop" or "skip" in it means anything."""
        for run in self._candidates():
            question, state = self._question(run), runs.from_json(run.state)
            said = as_labelled(question, self.given.text, self.talk.around(run, state)) if question else None
            if question is not None and said is not None:
                return run, said, question
        return None

    def answer_in_words(self) -> None:
        candidates = self._candidates()
        if not candidates:
            self.no_question()
            return
        back, skip = (
            replies.is_back(self.given.text, self.words),
            replies.is_skip(self.given.text, self.words),
        )
        if back and self._back_in_words(candidates):
            return
        first: tuple[Run, Unread] | None = None
        free_last = sorted(candidates, key=lambda run: isinstance(self._question(run), FreeText))
        for run in free_last:
            question = self._question(run)
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
        if self._entry():
            return
        if first is not None:
            self._explain(*first)

    def _go_on_in_words(self, run: Run) -> None:
        """After a lesson any word goes on."""
        self.talk.answer(run, dialogue.SKIPPED, self.reply)

    def _candidates(self) -> list[Run]:
        """The runs whose question this text may answer: the one it replies to, else the newest first."""
        open_runs = [
            run
            for run in runs.open_runs(self.session, self.person.id)
            if not self._too_late(run) and self._asked_before(run)
        ]
        if self.given.reply_to is not None:
            row = outbox.by_message(self.session, self.given.chat_id, self.given.reply_to)
            aimed = [run for run in open_runs if row is not None and run.id == row.run_id]
            if aimed:
                return aimed
        return open_runs

    def _asked_before(self, run: Run) -> bool:
        """A question is answered only by a message sent after it."""
        state = runs.from_json(run.state)
        row = outbox.question_of(self.session, run.id, state.turn)
        if row is None or self.given.message_id is None:
            return True
        return row.message_id is not None and row.message_id < self.given.message_id

    def _question(self, run: Run) -> Question | None:
        return dialogue.open_question(self.talk.know, runs.from_json(run.state))

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
        question = self._question(run)
        if question is None:
            return
        if unread.guesses:
            self.talk.hint(run, self.say(self.phrases.did_you_mean), unread.guesses)
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
        if self._corrects() or self._entry():
            return
        open_runs = runs.open_runs(self.session, self.person.id)
        waiting = [run for run in open_runs if not self._too_late(run)]
        if waiting:
            self.talk.resume(waiting[0], self.say(self.phrases.earlier_message), merge=True)
        elif self.person.consent is None:
            self.talk.open_script("onboarding")
        else:
            self.talk.say(self.say(self.phrases.nothing_open))

    def _corrects(self) -> bool:
        """ "60", "sorry, 65": the second message came before the next question, so it is about the last one."""
        answer = runs.newest_answer(self.session, self.person.id)
        if answer is None or answer.message_id is None or self.given.message_id is None:
            return False
        run = runs.get(self.session, self.person.id, answer.run_id)
        if run is None or run.status not in ("open", "ended") or self.given.message_id <= answer.message_id:
            return False
        if run.status == "ended" and self.given.at - answer.at > dt.timedelta(minutes=1):
            return False
        return self._answer_anew(run, answer)

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
        found = replies.entry_in_words(self.given.text, self.words)
        if found is None:
            return False
        today = self.talk.know.date(self.given.at)
        match found:
            case replies.WalkEntry(minutes, after, days_ago):
                date = today - dt.timedelta(days=days_ago)
                self.talk.log_in_words("walk", {"minutes": minutes, "meal": after}, self.reply, date)
                line = self.talk.phrase(self.phrases.logged_walk, minutes=minutes)
            case replies.NightEntry(night):
                said = night_words(night, self.phrases)
                self.talk.log_in_words("night", {"night": said.value}, self.reply, today)
                line = self.talk.phrase(self.phrases.logged_night, night=said.words)
            case replies.ColdEntry(seconds, days_ago):
                date = today - dt.timedelta(days=days_ago)
                self.talk.log_in_words("cold", {"seconds": seconds}, self.reply, date)
                line = self.talk.phrase(self.phrases.logged_cold, seconds=seconds)
        self.talk.say(line)
        return True

    # commands

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
        elif self._allowed(script.id):
            self.talk.begin(script.id)

    def _allowed(self, script_id: str) -> bool:
        script = self.coach.library.scripts[script_id]
        if self.person.consent == "agreed" or script_id in OPEN_TO_ALL:
            return True
        if self.person.consent == "declined" and script.kind == "area":
            return True
        if self.person.consent is None:
            self.talk.open_script("onboarding")
            return False
        self.talk.say(self.say(self.phrases.needs_consent))
        return False

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

    # the rest

    def edit(self) -> None:
        """An edited message corrects its answer while that is the last of its run; red flags count in it too."""
        flag = redflags.find(self.given.text, self.words.red_flags)
        if flag is not None:
            self.red_flag(flag)
            return
        message = self.given.message_id
        answer = runs.answer_of_message(self.session, self.person.id, message) if message else None
        if answer is None or self.person.held:
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
        for run in self._candidates():
            if isinstance(self._question(run), Place) and self.given.place:
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
        open_runs = [run for run in runs.open_runs(self.session, self.person.id) if not self._too_late(run)]
        if open_runs:
            self.talk.resume(open_runs[0], line, merge=True)
        elif self.person.consent is None:
            self.talk.open_script("onboarding")
        else:
            self.talk.say(line)

    def say(self, text: tuple[str, ...]) -> str:
        return self.talk.phrase(text)


def _storable(text: str) -> str:
    """Text that every database takes: without null bytes and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _command(text: str) -> str | None:
    """The name of a command ("/help", "/help@my_bot more"), or None."""
    if not text.startswith("/") or len(text) < 2:
        return None
    word = text[1:].split(maxsplit=1)[0] if text[1:].split() else ""
    return word.split("@")[0].lower() or None
