"""Finds what is wrong in the content beyond its shape: targets, names, loops, lengths, HTML, gates and sources."""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.authoring.claims import claims, gated, sources, spoken, topics_of
from bot.authoring.figures import gaps
from bot.authoring.flow import cases_of, reached, ways
from bot.authoring.languages import lacking, languages_in
from bot.authoring.style import Style, reading, strings, together
from bot.authoring.variables import unused
from bot.blood import LACKING
from bot.coach.script import (
    END,
    Condition,
    Evidence,
    LogStep,
    Question,
    Remember,
    Say,
    Script,
    Sets,
    Step,
    Switch,
    Use,
    options_of,
)
from bot.lately import MAY_LACK
from bot.library import ContentError, Library, Mistake, claiming, placeholders, read, texts_of, valid
from bot.markup import length, mistakes
from bot.own_lines import OWN_LINES
from bot.pages import Page, read_page
from bot.whom_to_call import NUMBERS
from bot.world import COMPUTED, COUNTED

LONGEST_MESSAGE = 4096
LONGEST_CAPTION = 1024
LONGEST_VALUE = 300
"""What a placeholder may grow to: the longest free text a question takes, unless it is one of the coach's lists."""
LONGEST_LIST = 900
LONGEST_ID = 64 - len("9999999999.99999.")
"""A button's 64 bytes hold the run, the turn and the option's id."""
NOBODYS = ("operator", "contact", "emergency_number", "crisis_line")
"""Words a lesson may say too: they tell nothing of a person but the country whose number helps."""
LISTS = {"open_list", "held_list", "held_moving", "waiting_list", "areas_list", "plan_list", "today_list", "week_lines"}


def check(folder: Path, language: str = "en") -> Library:
    """Reads one language of content/ and checks all of it. Raises ContentError with every mistake at once."""
    library = read(folder, language)
    home = folder / language
    found = {*_library(library), *_safety(library, folder, home), *_phrases(folder, home), *unused(library)}
    found |= {*_circles(library), *_countries(library, folder, home), *gaps(library, COUNTED)}
    found |= set(_style(library, folder, home))
    if found:
        raise ContentError(list(found))
    return library


def check_all(folder: Path) -> list[Library]:
    """Checks every language, and that none lacks what another has. Raises ContentError with every mistake at once."""
    found: list[Mistake] = []
    read_: dict[str, Library] = {}
    for language in languages_in(folder) or ["en"]:
        try:
            read_[language] = check(folder, language)
        except ContentError as error:
            found += error.mistakes
            with contextlib.suppress(ContentError):  # what has the right shape can still be compared
                read_[language] = read(folder, language)
    for language, library in read_.items():
        for of, other in read_.items():
            if of != language:
                found += lacking(library, language, other, of)
    if found:
        raise ContentError(found)
    return list(read_.values())


def _library(library: Library) -> Iterator[Mistake]:
    facts = library.facts()
    commands: dict[str, str] = {}
    for script in library.scripts.values():
        checker = _Checker(library, script, facts)
        yield from checker.all()
        if script.command:
            if script.command in commands:
                yield checker.mistake(None, f"/{script.command} already starts {commands[script.command]}", "command")
            commands[script.command] = script.id


def _circles(library: Library) -> Iterator[Mistake]:
    """A part that comes back to itself would never end, or nest for ever."""
    for script in library.scripts.values():
        page = library.pages[script.id]
        for step_id, step in script.steps.items():
            if isinstance(step, Use) and script.id in _walked(library, step.use):
                what = f"walks {step.use}, which comes back to {script.id}; take one of the two `use` out"
                yield Mistake(page.name, page.line("steps", step_id, "use"), step_id, what)


def _walked(library: Library, name: str) -> set[str]:
    """Every script that a part walks, itself included."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        at = ahead.pop()
        if at not in found and at in library.scripts:
            found.add(at)
            ahead += [step.use for step in library.scripts[at].steps.values() if isinstance(step, Use)]
    return found


def _style(library: Library, folder: Path, home: Path) -> Iterator[Mistake]:
    """How the texts read, and what they rest on; the words for it stand in the language's style.yaml, if it has one."""
    style = Style()
    if (home / "style.yaml").exists():
        page = _beside(folder, home, "style.yaml")
        found: list[Mistake] = []
        style = valid(Style, page, found) or style
        yield from found
        if not found:
            beside = {name: _beside(folder, home, f"{name}.yaml") for name in ("phrases", "safety")}
            yield from reading(library, style, page, beside)
            yield from topics_of(library, style, page)
            yield from together(library)
            for stem, beside_page in beside.items():
                yield from spoken(style, stem, beside_page)
    yield from claims(library, style)
    yield from sources(library, read_page(folder / "sources.yaml", f"{folder.name}/sources.yaml"))
    yield from gated(library, style)


def _safety(library: Library, folder: Path, home: Path) -> Iterator[Mistake]:
    page = _beside(folder, home, "safety.yaml")
    for name, finding in library.safety.findings.items():
        for gate in finding.gates:
            if gate not in library.safety.gates:
                line = page.line("findings", name, "gates", gate)
                yield Mistake(page.name, line, name, f"there is no gate {gate}")
    facts = library.facts()
    for name, gate_ in library.safety.gates.items():
        for at, fact in enumerate((*gate_.decided_by, *gate_.also, gate_.cleared_by)):
            if fact and fact not in facts:
                what = f"no question remembers {fact}, so this gate does not know it"
                yield Mistake(page.name, page.line("gates", name, "decided_by", at), name, what)


def _phrases(folder: Path, home: Path) -> Iterator[Mistake]:
    page = _beside(folder, home, "phrases.yaml")
    for path, text in strings(page.data):
        try:
            placeholders(text)
        except ValueError as error:
            wrong = [str(error)]
        else:
            wrong = mistakes(_filled(text, "x"))
        for what in wrong:
            yield Mistake(page.name, page.line(*path), str(path[0]), what)


def _countries(library: Library, folder: Path, home: Path) -> Iterator[Mistake]:
    """Every country with numbers has a name in the language, and every name its numbers."""
    page = _beside(folder, home, "phrases.yaml")
    for code in sorted(set(library.helplines.countries) ^ set(library.phrases.countries)):
        if code in library.helplines.countries:
            what = f"{code} stands in help.yaml and has no name here; add it"
        else:
            what = f"{code} has no numbers in help.yaml; take it out, or add them there with their source"
        yield Mistake(page.name, page.line("countries", code), "countries", what)


def to_look_up_again(library: Library, folder: Path, today: dt.date) -> list[str]:
    """A line for each number of help.yaml that nobody has checked for twelve months: a warning, no mistake."""
    page = read_page(folder / "help.yaml", f"{folder.name}/help.yaml")
    return [
        f"{page.name}:{page.line('countries', code, use)}: {code}: the {use} number {line.number} was checked on "
        f"{line.checked}, more than twelve months ago; look it up again and change `checked`"
        for code, use, line in library.helplines.stale(today)
    ]


def _beside(folder: Path, home: Path, name: str) -> Page:
    return read_page(home / name, f"{folder.name}/{home.name}/{name}")


class _Checker:
    """Checks one script."""

    def __init__(self, library: Library, script: Script, facts: set[str]) -> None:
        self.library = library
        self.script = script
        self.facts = facts
        self.page = library.pages[script.id]
        self.names = facts | COMPUTED | set(script.steps)

    def mistake(self, step: str | None, what: str, *path: str) -> Mistake:
        full = ("steps", step, *path) if step else path
        return Mistake(self.page.name, self.page.line(*full), step or "", what)

    def all(self) -> Iterator[Mistake]:
        if self.script.gate and self.script.gate not in self.library.safety.gates:
            yield self.mistake(None, self._no_gate(self.script.gate), "gate")
        for start in self.script.starts:
            for name in filter(None, (start.days, start.date, start.at)):
                if name not in self.facts and not (name == start.at and start.or_at):
                    yield self.mistake(
                        None, f"nothing remembers {name}, so this would never start{self._asked(name)}", "starts"
                    )
            yield from self._condition(None, start.when, "starts")
        for step_id, step in self.script.steps.items():
            yield from self._step(step_id, step)
        yield from self._reach()
        yield from self._loops()

    def _step(self, step_id: str, step: Step) -> Iterator[Mistake]:
        yield from self._condition(step_id, step.when, "when")
        for case in cases_of(step):
            if case.go != END and case.go not in self.script.steps:
                yield self.mistake(step_id, f"goes to {case.go}, which is no step of this script{self._near(case.go)}")
            yield from self._condition(step_id, case.when)
        for field, text in texts_of(step):
            yield from self._text(step_id, field, text)
        for _, holder in claiming(step):
            if holder.evidence:
                yield from self._evidence(step_id, holder.evidence)
        match step:
            case Use():
                yield from self._script(step_id, step.use)
            case Switch():
                for habit in step.switch:
                    if not any(s.habit == habit for s in self.library.scripts.values()):
                        yield self.mistake(step_id, f"no check-in has the habit {habit}")
            case Remember():
                for value in step.remember.values():
                    if isinstance(value, str) and value.startswith("=") and value[1:] not in self.names:
                        yield self.mistake(
                            step_id, f"there is nothing called {value[1:]} to copy{self._near(value[1:], self.names)}"
                        )
            case Sets() if step.sets.each not in self.facts:
                yield self.mistake(step_id, f"nothing remembers {step.sets.each}{self._asked(step.sets.each)}")
            case _:
                pass
        if isinstance(step, (Question, LogStep)):
            yield from self._log(step_id, step.log)
        if isinstance(step, Question):
            yield from self._question(step_id, step)
        if isinstance(step, Say) and step.lesson:
            for variant in step.say:
                personal = [name for name in _names(variant) if name not in NOBODYS]
                if personal:
                    what = f"a lesson must not speak of the person's data: {personal[0]}; say that in a step of its own"
                    yield self.mistake(step_id, what, "say")

    def _evidence(self, step_id: str, evidence: Evidence) -> Iterator[Mistake]:
        for source in evidence.sources:
            if source not in self.library.sources:
                near = self._near(source, self.library.sources) or "; add it there, with its address"
                yield self.mistake(step_id, f"the source {source} is not in sources.yaml{near}", "evidence")
        for text in filter(None, (evidence.why, evidence.article)):
            for wrong in ["it takes no placeholders"] if "{{" in text else mistakes(text):
                yield self.mistake(step_id, f"evidence: {wrong}", "evidence")

    def _question(self, step_id: str, step: Question) -> Iterator[Mistake]:
        if step.safety and "unsure" in options_of(step):
            yield self.mistake(step_id, "a safety question's unsure answer is called not_sure; use a choice")
        for name, option in options_of(step).items():
            yield from self._condition(step_id, option.when)
            yield from self._log(step_id, option.log)
            if len(name.encode()) > LONGEST_ID:
                yield self.mistake(step_id, f"the id {name} is too long for a button; {LONGEST_ID} bytes at most")
            if option.start:
                yield from self._script(step_id, option.start)
            if len(option.label) > 60:
                yield self.mistake(step_id, f"the label of {name} is too long for a button; 60 characters at most")
            for value in option.set.values():
                if isinstance(value, str) and value.startswith("=") and value[1:] not in self.names:
                    yield self.mistake(
                        step_id, f"there is nothing called {value[1:]} to copy{self._near(value[1:], self.names)}"
                    )

    def _log(self, step_id: str, entries: Any) -> Iterator[Mistake]:
        for fields in entries.values():
            for value in fields.values():
                if isinstance(value, str) and value not in self.names | {"answer", "planned", "usual"}:
                    near = self._near(value, self.names)
                    yield self.mistake(step_id, f"logs {value}, which is neither a step nor a fact{near}", "log")

    def _script(self, step_id: str, name: str) -> Iterator[Mistake]:
        if name not in self.library.scripts:
            yield self.mistake(step_id, f"there is no script {name}{self._near(name, self.library.scripts)}")

    def _condition(self, step_id: str | None, condition: Condition | None, *path: str) -> Iterator[Mistake]:
        for name in condition.names() if condition else ():
            gate = name.removeprefix("gate.").removeprefix("word.")
            if name.startswith(("gate.", "word.")):
                if gate not in self.library.safety.gates:
                    yield self.mistake(step_id, self._no_gate(gate), *path)
            elif name not in self.names:
                near = self._near(name, self.names)
                yield self.mistake(step_id, f"tests {name}, which is no fact, step or computed word{near}", *path)

    def _text(self, step_id: str, field: str, text: tuple[str, ...]) -> Iterator[Mistake]:
        key = field.split(".")[0]
        step = self.script.steps[step_id]
        sayable = False
        for variant in text:
            try:
                names = placeholders(variant)
            except ValueError as error:
                yield self.mistake(step_id, f"{field}: {error}", key)
                continue
            for name in names:
                if name not in self.names and name != "answer":
                    yield self.mistake(step_id, f"{field}: nothing is called {name}{self._near(name, self.names)}", key)
            sayable = sayable or not any(
                name in self.names and not spare and self._may_lack(step_id, name, field)
                for name, spare in names.items()
            )
            for wrong in mistakes(_filled(variant, "x")) if not field.endswith("label") else ():
                yield self.mistake(step_id, f"{field}: {wrong}", key)
            longest = length(_filled(variant)) + (self._cover if self.script.starts else 0)
            if longest > LONGEST_MESSAGE:
                what = f"{field}: may grow to {longest} characters; Telegram takes 4,096: cut it or make two steps"
                yield self.mistake(step_id, what, key)
            if key in ("say", "ask") and getattr(step, "picture", None) and longest > LONGEST_CAPTION:
                what = f"{field}: may grow to {longest} characters; under a picture Telegram takes 1,024"
                yield self.mistake(step_id, what, key)
        if text and not sayable:
            what = "cannot be said when a fact is unknown; add |or('…') or a variant without it"
            yield self.mistake(step_id, f"{field}: {what}", key)

    @property
    def _cover(self) -> int:
        """How much longer discreet mode makes what the clock starts."""
        return max(length(_filled(variant, "")) for variant in self.library.phrases.discreet)

    def _may_lack(self, step_id: str, name: str, field: str) -> bool:
        here = self.script.steps[step_id]
        option = options_of(here).get(field.split(".")[0])
        if any(name in _known(condition) for condition in (here.when, option.when if option else None)):
            return False
        if name == "lift" and isinstance(here, Sets):
            return False
        always = COMPUTED - {
            "waiting_list",
            "next_area",
            "usual_night",
            "night_length",
            "bedtime_turned",
            "waking_turned",
            "lifting_today",
            "hard_day",
            "meal",
            "guessed_time",
            "lift",
            "certainty",
            "also",
            "slot",
            "habit",
            "quiet_habits",
            *MAY_LACK,
            *NUMBERS,
            *LACKING,
            *OWN_LINES,
        }
        if name == "answer" and "reflect" in field:
            return False
        if name in ("meal", "slot") and self.script.starts:
            return False
        step = self.script.steps.get(name)
        if isinstance(step, Question) and step.skip is False:
            return False
        return name not in always

    def _no_gate(self, gate: str) -> str:
        return f"there is no gate {gate} in safety.yaml{self._near(gate, self.library.safety.gates)}"

    def _asked(self, name: str) -> str:
        return self._near(name, self.facts) or f"; ask for it somewhere with `remember: {name}`"

    def _near(self, name: str, among: Iterable[str] | None = None) -> str:
        close = difflib.get_close_matches(name, list(among if among is not None else self.script.steps), 1)
        return f"; did you mean {close[0]}?" if close else ""

    def _reach(self) -> Iterator[Mistake]:
        seen = reached(self.script)
        for step_id in self.script.steps:
            if step_id not in seen:
                yield self.mistake(step_id, "no way leads to this step; point a `next` here or take it out")

    def _loops(self) -> Iterator[Mistake]:
        """A way round without a question would never end."""
        for step_id in self.script.steps:
            ahead, seen = ways(self.script, step_id, asking=False), set[str]()
            while ahead:
                at = ahead.pop()
                if at == step_id:
                    yield self.mistake(step_id, "leads back to itself without a question between; ask or end there")
                    break
                if at not in seen and at in self.script.steps:
                    seen.add(at)
                    ahead += ways(self.script, at, asking=False)


def _known(condition: Condition | None) -> set[str]:
    """The names that a condition makes sure of."""
    return (
        {
            name
            for name, test in condition.tests.items()
            if not test.not_ and test.lacks is None and test.known is not False
        }
        if condition
        else set()
    )


def _names(text: str) -> list[str]:
    try:
        return list(placeholders(text))
    except ValueError:
        return []


def _filled(text: str, value: str | None = None) -> str:
    """The text with every placeholder at its longest, or with a short value."""

    def fill(found: re.Match[str]) -> str:
        if value is not None:
            return value
        name = re.match(r"\s*(\w+)", found[1])
        return "x" * (LONGEST_LIST if name and name[1] in LISTS else LONGEST_VALUE)

    return re.sub(r"\{\{(.*?)\}\}", fill, text)
