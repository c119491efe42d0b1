"""Says why a message came and how sure we are of what it claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from html import unescape
from re import sub

from markupsafe import Markup

from bot.coach.questions import in_a_row
from bot.coach.reasons import Reason, Told
from bot.coach.script import Evidence, Option, Question, Text
from bot.coach.week import HABITS, WeekFigures
from bot.conversation import RED_FLAGS, Conversation
from bot.library import texts_of
from bot.markup import length
from bot.store import outbox, runs
from bot.store.tables import Due, Outbox, Run

LONGEST = 4096
"""Characters that Telegram takes."""
LONGEST_WORDS = 120
"""Of an answer that is called back so much is quoted."""
NOT_AGAIN_FOR = dt.timedelta(hours=1)
"""A second tap on the same button within so long is not answered by a second copy."""
_FEW_WORDS = 60


def at_a_space(text: str, most: int) -> str:
    """A quotation of at most so many characters that ends with a whole word, where there is a space at all."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    whole = cut if text[most - 1].isspace() else cut.rpartition(" ")[0] or cut
    return whole.rstrip(" ,;:") + "…"


class Why:
    """Explains one person's messages from what the outbox keeps of them."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk
        self._library = talk.library
        self._words = talk.library.phrases.why

    def told_lately(self, row: Outbox) -> bool:
        """Whether a message was explained a moment ago."""
        return outbox.explained_since(self._talk.session, row, self._talk.now - NOT_AGAIN_FOR)

    def evidence(self, rows: Iterable[Outbox]) -> str:
        """Of each claim in these messages its strength, what the evidence supports and the sources; "" without one."""
        found: dict[str, Evidence] = {}
        for row in rows:
            for step in Told.from_json(row.told or {}).steps:
                evidence = self._library.evidence(step)
                if evidence is not None and evidence not in found.values():
                    found[step] = evidence
        parts: list[str] = []
        explained: set[str] = set()
        for number, (step, evidence) in enumerate(found.items(), 1):
            head = self._claim(number, step) if len(found) > 1 else ""
            part = "\n".join(line for line in (head, *self._about(evidence, explained)) if line)
            if length("\n\n".join([*parts, part])) <= LONGEST:
                parts.append(part)
        return "\n\n".join(parts)

    def answer(self, row: Outbox) -> str:
        """The rule or the answers that led to a message, then what its claims rest on, or that it has none."""
        run = runs.get(self._talk.session, self._talk.person.id, row.run_id) if row.run_id else None
        if run is None:
            return self._say(self._words.plain)
        because = "\n".join([self._say(self._words.head), *self._because(row, run)])
        rows = outbox.said_with(self._talk.session, row)
        figures = next(filter(None, map(self._figures, rows)), "")
        evidence = self.evidence(rows)
        rest = figures or evidence or self._say(self._words.no_claim)
        return f"{because}\n\n{rest}" if length(f"{because}\n\n{rest}") <= LONGEST else rest

    def _say(self, text: Text, /, **values: object) -> str:
        return self._library.phrase(text, **values)

    # how sure

    def _claim(self, number: int, step: str) -> str:
        """A claim's first words, to tell it from the others of its message."""
        found = self._library.said(step)
        reflect = found.reflect if isinstance(found, Option) else None
        text = (reflect or next((text for _, text in texts_of(found)), ("",)))[0]
        words = unescape(sub(r"<[^>]+>", "", text.split("{{")[0])).strip()
        return self._say(self._words.claim, n=number, text=at_a_space(words, _FEW_WORDS))

    def _about(self, evidence: Evidence, explained: set[str]) -> Iterator[str]:
        yield self._strength(evidence, explained) if evidence.sources else self._say(self._words.rule)
        yield self._say((evidence.why or "",))
        if evidence.article:
            yield self._say(self._words.article, text=Markup(self._say((evidence.article,))))  # noqa: S704 -- rendered
        links = [self._link(key) for key in evidence.sources if key in self._library.sources]
        if links:
            yield self._say(self._words.sources, sources=Markup("; ").join(dict.fromkeys(links)))

    def _strength(self, evidence: Evidence, explained: set[str]) -> str:
        """How well it is shown; what that means only where this person was not told before."""
        name = self._say(self._words.strength[evidence.strength])
        meaning = self._say(self._words.meaning[evidence.strength])
        if evidence.strength in explained or outbox.has_said(
            self._talk.session, self._talk.person.chat_id, f"{name} {meaning}"
        ):
            return name
        explained.add(evidence.strength)
        return f"{name} {meaning}"

    def _link(self, key: str) -> Markup:
        source = self._library.sources[key]
        return Markup('<a href="{}">{}</a>').format(source.url, source.title)

    # why it came

    def _because(self, row: Outbox, run: Run) -> list[str]:
        """A line for each rule and answer that decided it; each said once."""
        script = self._library.scripts.get(run.script)
        reasons = [line for one in Told.from_json(row.told or {}).because if (line := self._reason(one))]
        due = self._talk.session.get(Due, run.due_id) if run.due_id else None
        if run.script in RED_FLAGS:
            return [self._say(self._words.urgent)]
        if due is not None:
            return list(dict.fromkeys([self._checkin(due), *reasons]))
        if script is None:
            return list(dict.fromkeys(reasons)) or [self._say(self._words.plain)]
        kind = self._say(self._words.kinds[script.kind], title=script.title, command=script.command or script.id)
        return list(dict.fromkeys(reasons or [kind]))

    def _reason(self, reason: Reason) -> str:
        words, name = self._words, reason.name
        if name == "slot":  # the line of the check-in says it
            return ""
        if name.startswith("gate."):
            return self._gate(name.removeprefix("gate."), reason.words)
        if self._library.private(name):
            return self._say(words.private)
        step, said = self._library.step(name), reason.words
        fact = step.remember if isinstance(step, Question) else name
        if fact is not None and fact in self._library.phrases.facts:
            shown = "" if said in ("True", "False") else self._library.words_of(fact, said)
            return self._say(
                words.reason, name=self._library.phrases.facts[fact], words=at_a_space(shown, LONGEST_WORDS)
            )
        if step is not None:
            return self._say(words.answer, words=at_a_space(said, LONGEST_WORDS)) if said else ""
        return self._say(words.other)

    def _gate(self, name: str, state: str) -> str:
        """What the safety screen holds or leaves open. A gate that stands in no list is not named here either."""
        gate = self._library.safety.gates.get(name)
        if gate is None or gate.quiet:
            return self._say(self._words.private)
        if state == "open":
            return self._say(self._words.open, name=gate.title)
        now = self._talk.know.gates(self._talk.know.facts)[name]
        if now.open or not now.lines:
            return self._say(self._words.held_then, name=gate.title)
        why = in_a_row(list(now.lines), self._library.phrases)
        return self._say(self._words.held, name=gate.title, why=why)

    def _checkin(self, due: Due) -> str:
        at = f"{due.due_at.astimezone(self._talk.know.zone):%H:%M}"
        if self._library.sums_up(due.script):
            return self._say(self._words.summary, time=at)
        if due.habit is None:
            script = self._library.scripts.get(due.script)
            return self._say(self._words.calendar, title=script.title if script else due.script, time=at)
        known = {"name": self._library.phrases.habits[due.habit], "time": at}
        meal = self._library.phrases.meals.get(due.slot)
        return self._say(self._words.checkin, **known, **({"meal": meal} if meal else {}))

    def _figures(self, row: Outbox) -> str:
        """Where a summary's figures come from, habit by habit."""
        if row.kind != "photo":
            return ""
        lines = [self._say(self._words.figures)]
        drawn = (row.figures or {}).get("figures")
        if drawn:
            found = WeekFigures.from_dict(drawn)
            for habit in HABITS:
                if habit in found.habits and found.habits[habit].planned:
                    it, name = found.habits[habit], self._library.phrases.habits[habit]
                    lines.append(self._say(self._words.figures_habit, name=name, done=it.done, planned=it.planned))
        return "\n".join(lines)
