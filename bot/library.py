"""Reads content/, renders its texts, and gathers every mistake with its file, line and step."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Template, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Undefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape
from pydantic import BaseModel, ValidationError

from bot.coach.dialogue import Said
from bot.coach.helplines import Helplines
from bot.coach.phrases import Phrases
from bot.coach.safety import SafetyTable
from bot.coach.script import (
    KINDS,
    SWITCHES,
    Do,
    End,
    Evidence,
    FreeText,
    Model,
    Option,
    Question,
    Say,
    Script,
    Step,
    Text,
    options_of,
)
from bot.coach.words import Words
from bot.pages import Page, PageError, read_page

M = TypeVar("M", bound=BaseModel)
Lookup = Callable[[str], Said | None]


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing wrong in the content, and how to mend it."""

    file: str
    line: int
    step: str
    what: str

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: {self.step}: {self.what}"
            if self.step
            else (f"{self.file}:{self.line}: {self.what}")
        )


class ContentError(Exception):
    """The content cannot be used; every mistake is listed, one a line."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in sorted(set(mistakes))))
        self.mistakes = sorted(set(mistakes))


class Source(Model):
    """A citation: only those with a DOI, a PMID or a PMC number."""

    title: str
    url: str


class Sources(Model):
    sources: dict[str, Source]


@dataclass(frozen=True)
class Library:
    """All content, read and valid."""

    scripts: Mapping[str, Script]
    pages: Mapping[str, Page]
    """The file of each script, by the script's id."""
    safety: SafetyTable
    phrases: Phrases
    words: Words
    sources: Mapping[str, Source]
    helplines: Helplines

    def command(self, name: str) -> Script | None:
        """The script a slash command starts."""
        return next((script for script in self.scripts.values() if script.command == name), None)

    def areas(self) -> list[Script]:
        """The six areas in their order."""
        return sorted((s for s in self.scripts.values() if s.kind == "area"), key=lambda s: s.order)

    def sums_up(self, script_id: str) -> bool:
        """Whether a script is the weekly summary. False for one that is gone."""
        script = self.scripts.get(script_id)
        return script is not None and script.kind == "weekly"

    def facts(self) -> set[str]:
        """Every fact that some step establishes."""
        found = {f"{habit}_on" for habit in SWITCHES}
        for script in self.scripts.values():
            for step in script.steps.values():
                if isinstance(step, Question):
                    found |= {step.remember} if step.remember else set()
                    for option in options_of(step).values():
                        found |= set(option.set)
                found |= set(getattr(step, "remember", None) or {}) if not isinstance(step, Question) else set()
        return found

    def step(self, name: str) -> Step | None:
        """The step called `script.step`, or None where an author has taken it away."""
        script, _, rest = name.partition(".")
        found = self.scripts.get(script)
        return found.steps.get(rest.split(".")[0]) if found else None

    def evidence(self, name: str) -> Evidence | None:
        """What a step's words rest on, by `script.step` or, for an option's reflection, `script.step.option`."""
        said = self.said(name)
        found: Evidence | None = getattr(said, "evidence", None)
        lesson: str | None = getattr(said, "rests_on", None)
        return found or (self.evidence(lesson) if lesson and lesson != name else None)

    def teaches(self, name: str) -> bool:
        """Whether a step's words are the ones that make a claim, and do not only call one back."""
        return getattr(self.said(name), "evidence", None) is not None

    def said(self, name: str) -> Step | Option | None:
        """Whose words these are: a step, or the option that has a reflection of its own."""
        step = self.step(name)
        return options_of(step).get(name.split(".", 2)[2]) if step and name.count(".") > 1 else step

    def private(self, name: str) -> bool:
        """Whether an answer (`script.step`) or a fact belongs to the safety screen, or is not to be quoted."""
        screened = self.screened()
        step = self.step(name)
        if not isinstance(step, Question):
            return name in screened
        stops = any(isinstance(one, Do) and one.do == "safety_stop" for one in self._around(name))
        unquoted = isinstance(step, FreeText) and step.text.private
        return step.safety or step.remember in screened or unquoted or stops

    def screened(self) -> set[str]:
        """What decides a gate, what a clinician said of it, and what a red flag's own words say."""
        spoken = {f"word.{name}" for name in self.safety.gates}
        return {*self.safety.facts(), *spoken, "certainty", "also", "waiting_list"}

    def _around(self, name: str) -> Iterable[Step]:
        """All steps of the script that a step belongs to."""
        return self.scripts[name.split(".")[0]].steps.values()

    def words_of(self, fact: str, value: Any) -> str:
        """How an option reads in a sentence, wherever the fact is asked."""
        for script in self.scripts.values():
            for step in script.steps.values():
                if isinstance(step, Question) and step.remember == fact and not isinstance(step, FreeText):
                    option = options_of(step).get(value) if isinstance(value, str) else None
                    if option:
                        return option.words or option.label
        return str(value)

    def render(self, text: Text, lookup: Lookup, turn: int = 0) -> str:
        """One variant as Telegram's HTML; values are escaped. Prefers variants whose facts are all known."""
        counted = lookup("visits")
        count = turn + (counted.value if counted and isinstance(counted.value, int) else 0)
        known: list[str] = []
        sayable: list[str] = []
        for variant in text:
            needs = placeholders(variant)
            if all(lookup(name) is not None for name in needs):
                known.append(variant)
            elif all(lookup(name) is not None for name, spare in needs.items() if not spare):
                sayable.append(variant)
        chosen = known or sayable or list(text)
        variant = chosen[count % len(chosen)]
        if "{" not in variant:
            return variant.strip()
        values = {name: lookup(name) for name in placeholders(variant)}
        shown = {name: _shown(said) for name, said in values.items() if said is not None}
        return _template(variant).render(shown).strip()

    def phrase(self, text: Text, /, **values: Any) -> str:
        """A short line with its values filled in."""
        return self.render(text, lambda name: Said(values[name], _string(values[name])) if name in values else None)


def _string(value: Any) -> Any:
    return value if isinstance(value, Markup) else str(value)


def _shown(said: Said) -> Any:
    return said.words


class _Missing(Undefined):
    """A placeholder nobody filled: empty, so that a text is never broken in front of a person."""

    def __str__(self) -> str:
        return ""


def _or(value: Any, spare: str) -> Any:
    return spare if isinstance(value, Undefined) or value == "" else value


def _capitalize(value: Any) -> Any:
    text = str(value)
    result = text[:1].upper() + text[1:]
    return Markup(result) if isinstance(value, Markup) else result  # noqa: S704 -- was safe before


def _lower_first(value: Any) -> Any:
    text = str(value)
    lowered = text[:1].lower() + text[1:]
    keep = len(text) > 1 and (text[1].isupper() or text[:2] in ("I ", "I'"))
    result = text if keep else lowered
    return Markup(result) if isinstance(value, Markup) else result  # noqa: S704 -- was safe before


def _own_words(value: Any) -> Markup:
    text = str(value).strip().rstrip(".") if not isinstance(value, Undefined) else ""
    return Markup("“{}”").format(escape(text)) if text else Markup("")


_ENV = SandboxedEnvironment(autoescape=True, undefined=_Missing, keep_trailing_newline=False)
_ENV.filters = {
    "or": _or,
    "capitalize": _capitalize,
    "lower_first": _lower_first,
    "own_words": _own_words,
}
_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Filter, nodes.Const)


@cache
def _template(text: str) -> Template:
    """A text made ready to be filled in; there are only as many as the content holds."""
    return _ENV.from_string(text)


@cache
def placeholders(text: str) -> Mapping[str, bool]:
    """The names in a template, each with whether `or` spares it. Raises ValueError for what is not allowed."""
    if "{" not in text:
        return {}
    if "{%" in text or "{#" in text:
        raise ValueError("only {{ placeholders }} are allowed, no {% %}")
    try:
        tree = _ENV.parse(text)
    except TemplateSyntaxError as error:
        raise ValueError(f"the placeholder cannot be read: {error.message}") from None
    names: dict[str, bool] = {}

    def visit(node: nodes.Node, spared: bool) -> None:
        if not isinstance(node, _ALLOWED):
            raise ValueError("a placeholder is a name with filters, nothing else")
        if isinstance(node, nodes.Name):
            names[node.name] = names.get(node.name, True) and spared
        if isinstance(node, nodes.Filter):
            if node.name not in _ENV.filters:
                raise ValueError(f"no filter |{node.name}; there are {', '.join(sorted(_ENV.filters))}")
            spared = spared or node.name == "or"
        for child in node.iter_child_nodes():
            visit(child, spared)

    visit(tree, False)
    return names


def read(folder: Path, language: str = "en") -> Library:
    """Reads and validates everything. Raises ContentError with all mistakes of shape at once."""
    mistakes: list[Mistake] = []
    scripts: dict[str, Script] = {}
    pages: dict[str, Page] = {}
    home = folder / language
    single = {"safety.yaml", "phrases.yaml", "words.yaml", "style.yaml"}
    for path in sorted(home.rglob("*.yaml")):
        if path.parent == home and path.name in single:
            continue
        page = _page(path, folder, mistakes)
        if page is None:
            continue
        script = valid(Script, page, mistakes)
        if script is None:
            continue
        if script.id in scripts:
            what = f"the id {script.id} is taken by {pages[script.id].name}; ids are unique"
            mistakes.append(Mistake(page.name, page.line("id"), "", what))
        scripts[script.id], pages[script.id] = script, page
    safety = _one(SafetyTable, home / "safety.yaml", folder, mistakes)
    phrases = _one(Phrases, home / "phrases.yaml", folder, mistakes)
    words = _one(Words, home / "words.yaml", folder, mistakes)
    sources = _one(Sources, folder / "sources.yaml", folder, mistakes)
    helplines = _one(Helplines, folder / "help.yaml", folder, mistakes)
    if mistakes or not (safety and phrases and words and sources and helplines):
        raise ContentError(mistakes)
    return Library(scripts, pages, safety, phrases, words, sources.sources, helplines)


def _one(model: type[M], path: Path, folder: Path, mistakes: list[Mistake]) -> M | None:
    if not path.exists():
        mistakes.append(Mistake(f"{folder.name}/{path.relative_to(folder)}", 1, "", "this file is missing"))
        return None
    page = _page(path, folder, mistakes)
    return None if page is None else valid(model, page, mistakes)


def _page(path: Path, folder: Path, mistakes: list[Mistake]) -> Page | None:
    name = f"{folder.name}/{path.relative_to(folder)}"
    try:
        return read_page(path, name)
    except PageError as error:
        mistakes.append(Mistake(name, error.line, "", f"this is not valid YAML: {error.what}"))
        return None


def valid(model: type[M], page: Page, mistakes: list[Mistake]) -> M | None:
    """A page's data as a model; None where it has not its shape, and then every mistake is added to the list."""
    try:
        return model.model_validate(page.data)
    except ValidationError as error:
        for one in error.errors():
            path = one["loc"]
            step = str(path[1]) if len(path) > 1 and path[0] == "steps" else ""
            field = ".".join(str(part) for part in path[2 if step else 0 :])
            said = _in_plain_words(one)
            what = f"{field}: {said}" if field else said
            mistakes.append(Mistake(page.name, page.line(*path), step, what))
        return None


def _in_plain_words(error: Any) -> str:
    """What is wrong with a value, for an author who never saw Python."""
    given, context = error["input"], error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return "there is no such field here; take it out, or look at how it is spelled"
        case "missing":
            return "this field is missing; add it"
        case "step_kind":
            near = [close for key in given for close in difflib.get_close_matches(key, KINDS, 1, 0.75) if key != close]
            return str(error["msg"]) + (f"; did you mean {near[0]}?" if near and isinstance(given, dict) else "")
        case "literal_error" | "enum":
            return f"{given} is not one of {context['expected']}"
        case "string_type":
            return "this should be text; put it in quotes"
        case "string_pattern_mismatch" | "pattern":
            return f"{given} is no id: small letters, digits and _ (pattern {context['pattern']})"
        case "bool_type" | "bool_parsing":
            return "this should be true or false"
        case "dict_type" | "model_type" | "model_attributes_type":
            return "this should be fields with values, each on a line of its own or in {braces}"
        case "tuple_type" | "list_type":
            return "this should be a list in [brackets], or text in quotes where one text will do"
        case _:
            return str(error["msg"]).removeprefix("Value error, ")


def claiming(step: Step) -> Iterator[tuple[str, Any]]:
    """What of a step may make a claim and name its evidence: itself, as "", and each of its options by id."""
    if isinstance(step, (Say, End, Question)):
        yield "", step
    yield from options_of(step).items()


def texts_of(step: Any) -> Iterator[tuple[str, Text]]:
    """Every text of a step with the field it stands in, options' included."""
    fields = vars(step)  # asking a model for a field it lacks is slow, and each step lacks most
    for field in ("say", "ask", "reflect", "hint", "end"):
        text = fields.get(field)
        if isinstance(text, tuple):
            yield field, text
    if isinstance(step, Question):
        for name, option in options_of(step).items():
            yield f"{name}.label", (option.label,)
            if option.reflect:
                yield f"{name}.reflect", option.reflect
