"""Rules of the check: every kind of mistake is found where it stands, all at once, and says how to mend it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.check import check, check_all, to_look_up_again
from bot.library import ContentError, Mistake
from tests.coach import CONTENT

HEAD = "id: main\ntitle: Main\nkind: area\nsteps:\n"
"""The steps of the script under test begin on line 5."""
SCREEN = """id: screen
title: Screen
kind: command
command: screen
steps:
  body:
    ask: "Which are yours?"
    several: {heart: Heart, none: {label: None, alone: true}, not_sure: {label: Not sure, alone: true}}
    remember: body
    safety: true
"""
SAFETY = """gates:
  walks: {title: walks, decided_by: [body], unanswered: not asked}
findings:
  body.heart: {line: your heart, gates: {walks: stop}}
"""
SOURCES = 'sources:\n  ONE20: {title: "One 2020", url: "https://doi.org/10.1000/one"}\n'
Write = Callable[..., Path]


@pytest.fixture
def content(tmp_path: Path) -> Write:
    """Writes a small content folder: the script under test, and whatever else is given by its path."""

    def write(steps: str = "", head: str = HEAD, **files: str) -> Path:
        folder = tmp_path / "content"
        (folder / "en").mkdir(parents=True, exist_ok=True)
        for name in ("words.yaml", "phrases.yaml"):
            shutil.copy(CONTENT / "en" / name, folder / "en" / name)
        shutil.copy(CONTENT / "help.yaml", folder / "help.yaml")
        (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
        texts = {"screen": SCREEN, "safety": SAFETY, "main": head + (steps or "  e: {end: Bye.}\n"), **files}
        for name, text in texts.items():
            (folder / "en" / f"{name}.yaml").write_text(text, encoding="utf-8")
        return folder

    return write


def found(folder: Path) -> list[Mistake]:
    with pytest.raises(ContentError) as error:
        check(folder)
    assert str(error.value) == "\n".join(str(mistake) for mistake in error.value.mistakes)
    return error.value.mistakes


def test_content_without_a_mistake_is_a_library(content: Write) -> None:
    library = check(content())
    assert sorted(library.scripts) == ["main", "screen"]


def test_the_real_content_has_nothing_to_mend() -> None:
    check_all(CONTENT)


LONG = "x" * 3900
WRONG = [
    ("  a: {say: Hi., next: gone}\n", 5, "a", "goes to gone, which is no step"),
    ("  hello: {say: Hi., next: helo}\n", 5, "hello", "did you mean hello?"),
    ("  a: {say: Hi., next: end}\n  b: {say: Lost.}\n", 6, "b", "no way leads to this step"),
    ("  a: {ask: A?, yesno: {}, skip: gone}\n", 5, "a", "goes to gone"),
    ("  a: {ask: A?, permission: {}, otherwise: gone}\n", 5, "a", "goes to gone"),
    ("  a: {ask: A?, choice: {x: {label: X, next: gone}}}\n", 5, "a", "goes to gone"),
    ("  a: {branch: [{go: gone}]}\n", 5, "a", "goes to gone"),
    ("  a: {switch: {walk: false}, refused: gone}\n", 5, "a", "goes to gone"),
    ("  a: {say: A.}\n  b: {say: B., next: a}\n", 5, "a", "leads back to itself without a question"),
    ("  q: {ask: A?, yesno: {}}\n  a: {branch: [{when: {body: none}, go: a}, {go: end}]}\n", 6, "a", "without a"),
    ("  q: {ask: A?, yesno: {}, when: {body: none}}\n  b: {say: B., next: q}\n", 5, "q", "without a question"),
    ("  a:\n    say: Hi {{ nobody }}.\n", 6, "a", "say: nothing is called nobody"),
    ("  a:\n    say: Hi {{ bdy|or('x') }}.\n", 6, "a", "did you mean body?"),
    ("  a:\n    say: 'Hi {% if x %}.'\n", 6, "a", "only {{ placeholders }} are allowed"),
    ("  a:\n    say: 'Hi {# note #}.'\n", 6, "a", "only {{ placeholders }} are allowed"),
    ("  a:\n    say: 'Hi {{ body.x }}.'\n", 6, "a", "a placeholder is a name with filters"),
    ("  a:\n    say: 'Hi {{ body + 1 }}.'\n", 6, "a", "a placeholder is a name with filters"),
    ("  a:\n    say: 'Hi {{ body|shout }}.'\n", 6, "a", "shout"),
    ("  a:\n    say: 'Hi {{ body '\n", 6, "a", "the placeholder cannot be read"),
    ("  a:\n    say: <h1>Hi</h1>\n", 6, "a", "Telegram has no <h1>"),
    ("  a:\n    say: <b>Hi\n", 6, "a", "<b> is never closed"),
    ("  a:\n    say: Salt & pepper\n", 6, "a", "write &amp;"),
    ("  a:\n    say: Hi\n    evidence: {strength: weak, sources: [TWO20]}\n", 7, "a", "the source TWO20 is not in"),
    (f"  a:\n    say: '{LONG} {{{{ body|or(1) }}}}'\n", 6, "a", "may grow to 4201 characters"),
    (f"  a:\n    say: '{LONG} {{{{ plan_list }}}}'\n", 6, "a", "may grow to 4801 characters"),
    ("  a:\n    say: Hi {{ body }}.\n", 6, "a", "cannot be said when a fact is unknown"),
    ("  q: {ask: A?, number: {from: 0, to: 9}}\n  a: {say: 'So {{ q }}.'}\n", 6, "a", "cannot be said when a fact"),
    ("  a:\n    say: You took {{ walks_lately }} walks.\n", 6, "a", "says walks_lately, a figure"),
    ("  a:\n    say: ['{{ walks_lately }} walks', '{{ longest_gap }} days']\n", 6, "a", "says walks_lately, a figure"),
    ("  q:\n    ask: A?\n    yesno:\n      yes: {label: Y, reflect: '{{ sets_lately }}'}\n", 8, "q", "sets_lately"),
    ("  a:\n    say: '{{ walks_lately }} walks'\n    when: {any: [{no_numbers: {not: 'yes'}}, {body: none}]}\n"
     "  b: {remember: {no_numbers: 'yes'}}\n", 6, "a", "says walks_lately, a figure"),
    ("  a:\n    say: Hi\n    when: {gate.cold: open}\n", 7, "a", "there is no gate cold"),
    ("  a:\n    say: Hi\n    when: {bodi: none}\n", 7, "a", "tests bodi, which is no fact"),
    ("  a: {branch: [{when: {none: [{bodi: none}]}, go: end}]}\n", 5, "a", "tests bodi"),
    ("  q: {ask: A?, choice: {x: {label: X, when: {bodi: none}}}}\n", 5, "q", "tests bodi"),
    (f"  q: {{ask: A?, choice: {{x: {'X' * 61}}}}}\n", 5, "q", "the label of x is too long"),
    (f"  q: {{ask: A?, choice: {{{'x' * 60}: X}}}}\n", 5, "q", "is too long for a button"),
    ("  q: {ask: A?, yesno: {unsure: Hm}, safety: true}\n", 5, "q", "is called not_sure"),
    ("  a: {use: gone}\n", 5, "a", "there is no script gone"),
    ("  a: {use: screem}\n", 5, "a", "did you mean screen?"),
    ("  q: {ask: A?, choice: {x: {label: X, start: gone}}}\n", 5, "q", "there is no script gone"),
    ("  a: {switch: {cold: true}}\n", 5, "a", "no check-in has the habit cold"),
    ("  a: {remember: {x: '=gone'}}\n", 5, "a", "there is nothing called gone to copy"),
    ("  q: {ask: A?, choice: {x: {label: X, set: {y: '=gone'}}}}\n", 5, "q", "there is nothing called gone"),
    ("  q: {ask: A?, sets: {each: gone}}\n", 5, "q", "nothing remembers gone"),
    ("  a:\n    log: {walk: {minutes: gone}}\n", 6, "a", "logs gone, which is neither"),
    ("  a:\n    say: Your {{ body|or('x') }}.\n    lesson: true\n", 6, "a", "a lesson must not speak of"),
    ("  a:\n    say: Hi\n    when: {bodi: none}\n", 7, "a", "did you mean body?"),
    ("  a:\n    say: Hi\n    when: {gate.wlks: open}\n", 7, "a", "did you mean walks?"),
    ("  a:\n    say: Hi\n    evidence: {strength: weak, sources: [ONE02], why: So.}\n", 7, "a", "did you mean ONE20?"),
    ("  q: {ask: A?, sets: {each: gone}}\n", 5, "q", "ask for it somewhere with `remember: gone`"),
    # under a picture
    (f"  a:\n    say: '{LONG[:1100]}'\n    picture: week\n", 6, "a", "under a picture Telegram takes 1,024"),
    (f"  a:\n    ask: '{LONG[:1100]}'\n    yesno: {{}}\n    picture: week\n", 6, "a", "under a picture Telegram"),
    # claims
    ("  a:\n    say: Do it.\n    lesson: true\n", 5, "a", "a claim without a source: add `evidence`"),
    ("  a:\n    say: Do it.\n    evidence: {strength: weak, why: So.}\n", 7, "a", "a claim without a source"),
    ("  a:\n    say: Do it.\n    evidence: {strength: weak, sources: [ONE20]}\n", 7, "a", "evidence without `why`"),
    (
        "  a:\n    say: Do it.\n    advice: true\n    evidence: {strength: weak, sources: [ONE20], why: So.}\n",
        8, "a", "take one of the two out",
    ),
    # what is never used
    ("  q:\n    ask: A?\n    number: {from: 0, to: 9}\n    remember: x\n", 8, "q", "remembers x, which nothing reads"),
    ("  a:\n    remember: {x: 1}\n", 6, "a", "remembers x, which nothing reads"),
    ("  q:\n    ask: A?\n    choice:\n      a: {label: A, set: {x: 1}}\n", 8, "q", "remembers x, which nothing"),
    ("  q: {ask: A?, number: {from: 0, to: 9}}\n", 5, "q", "the answer changes nothing"),
    ("  q: {ask: A?, yesno: {}}\n", 5, "q", "the answer changes nothing"),
    # scripts that walk each other
    ("  a:\n    use: main\n", 6, "a", "comes back to main"),
    # shape
    ("  a: {tell: Hi}\n", 5, "a", "a step needs one of"),
    ("  a: {say: Hi, colour: red}\n", 5, "a", "colour"),
    ("  a: {ask: A?, time: {offer: ['25:00']}}\n", 5, "a", "write a time of day in quotes"),
    ("  q:\n    ask: A?\n    choice:\n      x: {label: X, snooze: soon}\n", 8, "q", "write a length of time"),
    ("  Big: {say: Hi}\n", 5, "Big", "pattern"),
]  # fmt: skip


PLAIN = [
    ("  a: {say: Hi, colour: red}\n", "colour: there is no such field here; take it out, or look at how it is spelled"),
    ("  a: {ask: A?, choise: {x: X}}\n", "; did you mean choice?"),
    ("  a: {ask: A?, choise: {x: X}, remember: x}\n", "; did you mean choice?"),
    ("  a: {ask: A?, permission: {}}\n", "otherwise: this field is missing; add it"),
    ("  a: {do: dance}\n", "dance is not one of 'agree', 'teach_only'"),
    ("  a: {use: 5}\n", "use: this should be text; put it in quotes"),
    ("  a: {say: 5}\n", "this should be a list in [brackets], or text in quotes where one text will do"),
    ("  a: {say: Hi, lesson: maybe}\n", "lesson: this should be true or false"),
    ("  a: {ask: A?, choice: [x, y]}\n", "this should be fields with values"),
    ("  Big: {say: Hi}\n", "Big is no id: small letters, digits and _"),
    ("  a: {say: Hi, when: often}\n", "when: write a condition as `{name: value}`"),
]


@pytest.mark.parametrize(("steps", "what"), PLAIN)
def test_what_has_the_wrong_shape_is_said_in_words_for_who_never_saw_python(
    content: Write, steps: str, what: str
) -> None:
    mistakes = found(content(steps))
    assert any(what in mistake.what for mistake in mistakes), mistakes
    assert not any(word in str(mistakes) for word in ("Input should", "Value error", "validator", "instance of"))


SPARED = [
    "  a: {say: 'You took {{ walks_lately|or(\"some\") }} walks.'}\n",
    "  a: {say: ['You took {{ walks_lately }} walks.', You walked.]}\n",
    "  a: {say: '{{ walks_lately }} walks', figures: true}\n",
    "  a: {say: '{{ walks_lately }} walks', when: {no_numbers: {not: 'yes'}}}\n",
    "  a: {say: '{{ walks_lately }} walks', when: {none: [{no_numbers: 'yes'}]}}\n",
    "  a: {say: '{{ walks_lately }} walks', when: {gate.walks: open}}\n",
    "  a: {ask: '{{ walks_lately }} walks. And now?', number: {from: 0, to: 9}, remember: other}\n",
    "  a: {say: 'Now {{ meal|or(\"so\") }}, {{ visits }}.'}\n",
]


@pytest.mark.parametrize("steps", SPARED)
def test_a_figure_may_stand_where_nobody_who_wants_none_would_read_a_gap(content: Write, steps: str) -> None:
    wish = "  wish: {ask: Numbers?, yesno: {}, remember: no_numbers}\n"
    used = "  e: {when: {any: [{no_numbers: 'no'}, {other: 1}]}, end: Bye.}\n  z: {remember: {other: 1}}\n"
    safety = SAFETY.replace("[body]", "[body], also: [no_numbers]")
    safety += "  no_numbers.yes: {line: your wish, gates: {walks: stop}}\n"
    check(content(wish + steps + used, safety=safety))


@pytest.mark.parametrize(("steps", "line", "step", "what"), WRONG)
def test_a_mistake_is_reported_with_its_file_line_and_step(
    content: Write, steps: str, line: int, step: str, what: str
) -> None:
    mistakes = found(content(steps))
    fitting = [mistake for mistake in mistakes if what in mistake.what]
    assert fitting, mistakes
    assert (fitting[0].file, fitting[0].line, fitting[0].step) == ("content/en/main.yaml", line, step)
    assert str(fitting[0]).startswith(f"content/en/main.yaml:{line}: {step}: ")


def test_every_mistake_is_reported_at_once_in_the_order_of_the_files(content: Write) -> None:
    steps = "  a: {say: 'Hi {{ nobody }}.', next: gone}\n  b: {say: <h1>}\n"
    other = SCREEN.replace("remember: body", "remember: body\n    next: nowhere")
    mistakes = found(content(steps, screen=other))
    assert mistakes == sorted(mistakes)
    assert {(mistake.file, mistake.step) for mistake in mistakes} == {
        ("content/en/main.yaml", "a"),
        ("content/en/main.yaml", "b"),
        ("content/en/screen.yaml", "body"),
    }


def test_every_mistake_of_shape_is_reported_at_once(content: Write) -> None:
    mistakes = found(content("  a: {tell: Hi}\n  b: {say: Hi, colour: red}\n", screen="id: [\n"))
    assert [(one.file, one.line, one.step) for one in mistakes if one.file.endswith("main.yaml")] == [
        ("content/en/main.yaml", 5, "a"),
        ("content/en/main.yaml", 6, "b"),
    ]
    assert any(one.file == "content/en/screen.yaml" for one in mistakes)


def test_a_duplicate_key_is_refused_on_its_line(content: Write) -> None:
    (mistake,) = found(content("  a: {say: Hi.}\n  a: {say: Ho.}\n"))
    assert (mistake.line, "duplicate key" in mistake.what) == (6, True)


def test_what_is_no_yaml_is_reported_on_its_line(content: Write) -> None:
    (mistake,) = found(content('  a:\n    say: "never closed\n'))
    assert mistake.file == "content/en/main.yaml"
    assert mistake.line >= 6
    assert "not valid YAML" in mistake.what


def test_an_empty_file_is_a_mistake(content: Write) -> None:
    assert [one.file for one in found(content(empty=""))] == ["content/en/empty.yaml"]


def test_an_id_that_is_taken_is_reported(content: Write) -> None:
    mistakes = found(content(zother=HEAD + "  e: {end: Bye.}\n"))
    assert [(one.file, one.line) for one in mistakes] == [("content/en/zother.yaml", 1)]
    assert "the id main is taken by content/en/main.yaml" in mistakes[0].what


@pytest.mark.parametrize("name", ["en/safety.yaml", "en/phrases.yaml", "en/words.yaml", "sources.yaml", "help.yaml"])
def test_a_missing_file_is_reported(content: Write, name: str) -> None:
    folder = content()
    (folder / name).unlink()
    (mistake,) = found(folder)
    assert (mistake.file, mistake.what) == (f"content/{name}", "this file is missing")


def test_a_command_starts_one_script(content: Write) -> None:
    head = "id: main\ntitle: Main\nkind: command\ncommand: screen\nsteps:\n"
    mistakes = found(content(head=head))
    assert [(one.file, one.line, one.what) for one in mistakes] == [
        ("content/en/screen.yaml", 4, "/screen already starts main")
    ]


def test_a_gate_that_no_one_knows_or_could_open_is_reported(content: Write) -> None:
    safety = SAFETY.replace("gates: {walks: stop}", "gates: {wlks: stop}").replace("[body]", "[body, bodi]")
    head = "id: main\ntitle: Main\nkind: area\ngate: cold\nsteps:\n"
    mistakes = found(content(head=head, safety=safety))
    assert [(one.file, one.line, one.what) for one in mistakes] == [
        ("content/en/main.yaml", 4, "there is no gate cold in safety.yaml"),
        ("content/en/safety.yaml", 2, "no question remembers bodi, so this gate does not know it"),
        ("content/en/safety.yaml", 4, "there is no gate wlks"),
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('undo: "<i>Undo"', "<i> is never closed"),
        ('undo: "{% if x %}Undo"', "only {{ placeholders }} are allowed"),
        ('undo: "{{ x|shout }}"', "shout"),
    ],
)
def test_a_short_line_of_the_coach_is_checked_too(content: Write, line: str, what: str) -> None:
    phrases = (CONTENT / "en" / "phrases.yaml").read_text(encoding="utf-8").splitlines()
    at = next(n for n, one in enumerate(phrases) if one.startswith("undo:"))
    phrases[at] = line
    (mistake,) = found(content(phrases="\n".join(phrases)))
    assert (mistake.file, mistake.line, mistake.step) == ("content/en/phrases.yaml", at + 1, "undo")
    assert what in mistake.what


def test_a_start_that_nothing_could_set_off_is_reported(content: Write) -> None:
    head = (
        "id: main\ntitle: Main\nkind: checkin\nstarts:\n"
        "  - {slot: a, at: walk_time, days: walk_days, useful_for: 1 h}\nsteps:\n"
    )
    mistakes = found(content(head=head))
    assert [(one.line, one.what.split(",")[0]) for one in mistakes] == [
        (4, "nothing remembers walk_days"),
        (4, "nothing remembers walk_time"),
    ]


STYLE = """grade: 8
exempt: {}
claims: [trial, "%"]
topics: {walks: [stroll, long walk]}
no_claims:
  {phrases.trial_contact: a page, phrases.week.e1rm: ours, phrases.unread.not_an_hba1c: a unit,
   phrases.units.percent: a unit}
"""
HARD = (
    "Considerable evidence demonstrates that cardiovascular conditioning substantially ameliorates glycemic regulation "
    "in individuals whose metabolic function has deteriorated."
)
EASY = "Walk a bit. " * 10
STYLED = [
    (f"  a:\n    say: '{HARD} {HARD}'\n", 6, "a", "8 at most: 17 words a sentence; shorten sentences"),
    (f"  q:\n    ask: A?\n    yesno:\n      yes: {{label: Y, reflect: '{HARD} {HARD}'}}\n", 8, "q", "reads at grade"),
    (f"  a:\n    say: A.\n    evidence: {{strength: weak, sources: [ONE20], why: '{HARD} {HARD}'}}\n", 7, "a", "reads"),
    (f"  a:\n    say: ['{EASY}', '{EASY * 5}']\n", 6, "a", "characters; about 500 make a message"),
    ("  a:\n    say: |-\n      A.\n\n      B.\n\n      C.\n\n      D.\n", 6, "a", "4 paragraphs; 3 short ones"),
    (f"  a: {{say: '{EASY * 3}'}}\n  b: {{end: '{EASY * 3}'}}\n", 5, "a", "becomes one message with b, of 722"),
    (  # an answer rules out what it cannot lead to
        f"  q:\n    ask: A?\n    yesno:\n      yes: {{label: Y, reflect: '{EASY}'}}\n"
        f"      no: {{label: N, reflect: '{EASY}'}}\n  b: {{when: {{q: \"no\"}}, say: '{EASY * 4}'}}\n",
        9, "q", "no: what is said after this answer becomes one message with b",
    ),
    (  # a reflection with what surely follows it, and with the longest that may
        f"  q:\n    ask: A?\n    yesno:\n      yes: {{label: Y, reflect: '{EASY}'}}\n  b: {{end: '{EASY * 4}'}}\n",
        8, "q", "yes: what is said after this answer becomes one message with b, of 60",
    ),
    ("  a:\n    say: Ten trial members lost 3%.\n", 6, "a", "speaks of “trial” without a source"),
    ("  a:\n    say: It fell by 3%.\n", 6, "a", "speaks of “%” without a source"),
    ("  a:\n    end: It fell by 3%.\n", 5, "a", "speaks of “%” without a source"),
    ("  q:\n    ask: A trial?\n    yesno: {}\n", 5, "q", "speaks of “trial” without a source"),
    ("  q:\n    ask: A?\n    yesno:\n      yes: {label: Y, reflect: A trial did.}\n", 8, "q", "yes: speaks of “trial”"),
    ("  a:\n    end: It fell by 3%.\n    rests_on: main.b\n", 5, "a", "main.b is no step with evidence"),
    ("  a:\n    say: Go for a STROLL.\n", 5, "a", "speaks of “STROLL”, but some way leads here past the gate walks"),
    ("  a:\n    say: [Hi., A long\n      walk then.]\n", 5, "a", "past the gate walks: add `when: {gate.walks: open}`"),
    ("  a:\n    say: A.\n    names: [swims]\n", 7, "a", "there is no gate swims"),
    # one way of two is not enough, and a screen makes every gate doubtful again
    (
        "  q: {ask: A?, yesno: {yes: {label: Y, next: s}}}\n"
        "  b: {branch: [{when: {gate.walks: open}, go: s}, {go: end}]}\n  s: {say: A stroll.}\n",
        7, "s", "past the gate walks",
    ),
    ("  b: {branch: [{when: {gate.walks: open}, go: u}, {go: end}]}\n  u: {use: screen}\n  s: {say: A stroll.}\n",
     7, "s", "past the gate walks"),
    ("  b: {branch: [{when: {gate.walks: open, body: none}, go: e}, {go: s}]}\n  s: {say: A stroll., next: end}\n"
     "  e: {end: E.}\n", 6, "s", "past the gate walks"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "line", "step", "what"), STYLED)
def test_how_a_text_reads_and_what_it_rests_on_is_checked_by_the_words_of_its_language(
    content: Write, steps: str, line: int, step: str, what: str
) -> None:
    mistakes = found(content(steps, style=STYLE))
    fitting = [mistake for mistake in mistakes if what in mistake.what]
    assert fitting, mistakes
    assert (fitting[0].file, fitting[0].line, fitting[0].step) == ("content/en/main.yaml", line, step)


STYLED_WELL = [
    f"  a: {{say: '{HARD}'}}\n",  # fewer than 20 words: one long word would decide
    "  a: {say: An industrial estate is 3 % bigger.}\n".replace(" %", " percent"),
    "  a: {say: In one trial 3% did., evidence: {strength: weak, sources: [ONE20], why: So.}}\n",
    "  a: {say: Stop if it hurts., lesson: true, advice: true, evidence: {strength: weak, why: Our rule.}}\n",
    f"  a: {{say: '{EASY * 3}'}}\n  b: {{say: '{EASY * 3}', when: {{body: none}}}}\n",
    f"  a: {{say: '{EASY * 3}'}}\n  q: {{ask: A?, skip: q, yesno: {{}}}}\n  b: {{end: '{EASY * 3}'}}\n",
    "  a: {say: Strolling? No.}\n",  # whole words only
    "  a: {end: 3% did., evidence: {strength: weak, sources: [ONE20], why: So.}}\n",
    "  q: {ask: A?, yesno: {yes: {label: Y, reflect: 3% did., advice: true}, no: {label: 3%, reflect: So.}}}\n",
    "  a: {say: 3% did., evidence: {strength: weak, sources: [ONE20], why: So.}}\n  b: {end: 3%., rests_on: main.a}\n",
    "  a: {say: A stroll., when: {gate.walks: open}}\n",
    "  a: {say: No stroll for now., when: {gate.walks: held}}\n",
    "  a: {say: A stroll is out., names: [walks]}\n",
    "  a: {say: A stroll., lesson: true, advice: true}\n",
    "  a: {ask: A stroll?, yesno: {yes: {label: Y, reflect: Good.}}}\n",
    "  b: {branch: [{when: {gate.walks: open}, go: s}, {go: end}]}\n  s: {say: A stroll.}\n",
    "  b: {branch: [{when: {gate.walks: held}, go: e}, {go: s}]}\n  s: {say: A stroll., next: end}\n  e: {end: E.}\n",
]


@pytest.mark.parametrize("steps", STYLED_WELL)
def test_what_reads_well_and_rests_on_something_is_left_alone(content: Write, steps: str) -> None:
    check(content(steps, style=STYLE))


def test_a_script_behind_a_gate_may_speak_of_its_topic_and_so_may_the_parts_that_only_it_walks(content: Write) -> None:
    head = "id: main\ntitle: Main\nkind: area\ngate: walks\nsteps:\n"
    part = "id: part\ntitle: Part\nkind: part\nsteps:\n  s: {say: A stroll.}\n"
    check(content("  a: {say: A stroll.}\n  u: {use: part}\n", head=head, part=part, style=STYLE))
    other = "id: other\ntitle: Other\nkind: command\nsteps:\n  u: {use: part}\n"
    (mistake,) = found(content("  u: {use: part}\n", head=head, part=part, other=other, style=STYLE))
    assert (mistake.file, mistake.line) == ("content/en/part.yaml", 5)


def test_a_text_is_exempt_by_its_name_and_only_while_it_needs_it(content: Write) -> None:
    hard = f"  a: {{say: '{HARD} {HARD}'}}\n"
    few = "".join(f"  b{n}: {{say: '{EASY}', when: {{body: none}}}}\n" for n in range(40))
    exempt = STYLE.replace("exempt: {}", "exempt: {main.a.say: it cannot be said otherwise}")
    check(content(hard + few, style=exempt))
    (needless,) = found(content(few, style=exempt))
    assert (needless.file, needless.line) == ("content/en/style.yaml", 2)
    assert "main.a.say needs no exemption" in needless.what
    (many,) = found(content(hard, style=exempt))
    assert many.line == 2
    assert re.fullmatch(r"1 texts are exempt; 0 of \d+ may be", many.what)


def test_a_short_line_that_no_step_says_makes_no_claim(content: Write) -> None:
    mistakes = found(content(style=STYLE.split("no_claims")[0]))
    assert ("content/en/phrases.yaml", "trial_contact") in {(one.file, one.step) for one in mistakes}
    assert all("a short line carries no source" in one.what for one in mistakes)


@pytest.mark.parametrize(
    "url", ["https://example.org/10.1000/one", "https://doi.org/one", "http://doi.org/10.1000/one"]
)
def test_a_source_without_an_identifier_is_a_mistake(content: Write, url: str) -> None:
    folder = content()
    (folder / "sources.yaml").write_text(SOURCES.replace("https://doi.org/10.1000/one", url), encoding="utf-8")
    (mistake,) = found(folder)
    assert (mistake.file, mistake.line, mistake.step) == ("content/sources.yaml", 2, "ONE20")
    assert "names no identifier" in mistake.what


def test_every_gate_has_its_words_and_no_other_has(content: Write) -> None:
    mistakes = found(content(style=STYLE.replace("walks:", "swims:")))
    assert [(one.file, one.line, one.what.split(";")[0]) for one in mistakes] == [
        ("content/en/style.yaml", 4, "the gate walks has no words here"),
        ("content/en/style.yaml", 4, "there is no gate swims in safety.yaml"),
    ]


def test_phrases_and_the_lines_of_the_safety_table_are_measured_too(content: Write) -> None:
    safety = SAFETY.replace("line: your heart", f"line: '{HARD} {HARD}'")
    phrases = (CONTENT / "en" / "phrases.yaml").read_text(encoding="utf-8")
    at = phrases.splitlines().index(next(one for one in phrases.splitlines() if one.startswith("undo:")))
    lines = phrases.splitlines()
    lines[at] = f"undo: '{HARD} {HARD}'"
    mistakes = found(content(safety=safety, phrases="\n".join(lines), style=STYLE))
    assert [(one.file, one.line) for one in mistakes if "reads at grade" in one.what] == [
        ("content/en/phrases.yaml", at + 1),
        ("content/en/safety.yaml", 4),
    ]


# languages


def with_german(folder: Path) -> Path:
    """A second language beside the first, with the same files."""
    shutil.copytree(folder / "en", folder / "de")
    return folder


def test_a_language_that_has_all_that_the_other_has_is_left_alone(content: Write) -> None:
    libraries = check_all(with_german(content("  q: {ask: A?, yesno: {yes: {label: Y, reflect: Ah.}}}\n")))
    assert [sorted(library.scripts) for library in libraries] == [["main", "screen"]] * 2


LACKS = [
    ("  b: {say: B.}\n", "", 4, "b", "this step is missing; en has it"),
    ("  b: {say: B.}\n", "  b: {end: B.}\n", 6, "b", "is end here and say in en; the kinds must agree"),
    (
        "  q: {ask: A?, choice: {x: {label: X, reflect: X.}, y: Y}}\n",
        "  q: {ask: A?, choice: {x: {label: X, reflect: X.}}}\n",
        6, "q", "the option y is missing; en has it",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("english", "german", "line", "step", "what"), LACKS)
def test_a_step_or_an_option_that_one_language_lacks_is_reported_there(
    content: Write, english: str, german: str, line: int, step: str, what: str
) -> None:
    folder = with_german(content("  a: {say: A.}\n" + english))
    (folder / "de" / "main.yaml").write_text(HEAD + "  a: {say: A.}\n" + german, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        check_all(folder)
    fitting = [one for one in error.value.mistakes if what in one.what]
    assert [(one.file, one.line, one.step) for one in fitting] == [("content/de/main.yaml", line, step)]


def test_a_script_that_one_language_lacks_is_reported(content: Write) -> None:
    folder = with_german(content())
    (folder / "de" / "main.yaml").unlink()
    with pytest.raises(ContentError) as error:
        check_all(folder)
    assert [(one.file, one.line) for one in error.value.mistakes] == [("content/de/main.yaml", 1)]
    assert "the script main is missing; en has it" in error.value.mistakes[0].what


def test_the_mistakes_of_every_language_come_at_once(content: Write) -> None:
    folder = with_german(content("  a: {say: 'Hi {{ nobody }}.'}\n"))
    (folder / "de" / "words.yaml").unlink()
    with pytest.raises(ContentError) as error:
        check_all(folder)
    assert {one.file for one in error.value.mistakes} == {"content/de/words.yaml", "content/en/main.yaml"}


def test_one_language_is_not_kept_from_running_by_another(content: Write) -> None:
    folder = with_german(content())
    (folder / "de" / "words.yaml").unlink()
    assert check(folder, "en").scripts


GOOD = [
    "  a: {say: ['Hi {{ body }}.', 'Hi.']}\n",
    "  a: {say: 'Hi {{ body }}.', when: {body: {known: true}}}\n",
    "  q: {ask: A?, number: {from: 0, to: 9}, skip: false}\n  a: {say: 'So {{ q }}.'}\n",
    "  q: {ask: A?, number: {from: 0, to: 9}, reflect: 'So {{ answer }}.'}\n",
    "  q: {ask: A?, yesno: {yes: {label: Again, next: q}}}\n",
    "  a: {say: 'Run by {{ operator }}, {{ contact }}.', lesson: true, advice: true}\n",
    "  a: {say: 'a <b>b</b> &lt; <a href=\"https://example.org/?a=1&amp;b=2\">c</a>'}\n",
    "  a: {branch: [{when: {gate.walks: open}, go: c}, {go: b}]}\n  b: {end: B.}\n  c: {end: C.}\n",
]


@pytest.mark.parametrize("steps", GOOD)
def test_what_is_right_is_left_alone(content: Write, steps: str) -> None:
    check(content(steps))


# numbers to call


def test_a_number_nobody_checked_for_a_year_is_a_warning_that_stops_nothing(content: Write) -> None:
    folder = content()
    library = check(folder)
    assert to_look_up_again(library, folder, dt.date(2026, 11, 27)) == []
    line, *_ = to_look_up_again(library, folder, dt.date(2028, 1, 1))
    assert re.match(r"content/help\.yaml:\d+: [A-Z]{2}: the emergency number", line)
    assert "more than twelve months ago; look it up again" in line


def test_a_country_has_numbers_and_a_name_or_neither(content: Write) -> None:
    folder = content()
    page = folder / "help.yaml"
    page.write_text(page.read_text(encoding="utf-8").replace("  DE:\n", "  AQ:\n"), encoding="utf-8")
    said = {one.what for one in found(folder)}
    assert said == {
        "AQ stands in help.yaml and has no name here; add it",
        "DE has no numbers in help.yaml; take it out, or add them there with their source",
    }


def test_a_number_without_a_source_is_a_mistake_with_its_line(content: Write) -> None:
    folder = content()
    help_page = 'countries:\n  DE:\n    emergency:\n      number: "112"\n      checked: "2026-11-27"\n'
    (folder / "help.yaml").write_text(help_page, encoding="utf-8")
    (mistake,) = found(folder)
    assert (mistake.file, mistake.line) == ("content/help.yaml", 3)
    assert "source" in mistake.what
