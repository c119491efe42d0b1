"""Rules of what an author works with: the guide, the editor's schema and the diagrams are current and true."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.__main__ import main
from bot.authoring import diagrams
from bot.authoring.guide import BEGINS, ENDS, reference, with_reference
from bot.authoring.schema import schema
from bot.check import check, check_all
from bot.coach.script import KINDS, Model, Question, Script, Step, kinds
from bot.library import ContentError
from bot.pages import read_page
from bot.settings import HOME, load
from bot.world import COMPUTED
from tests.coach import CONTENT
from tests.coach.world import library, loaded

GUIDE = (CONTENT / "README.md").read_text(encoding="utf-8")
DRAWN = HOME / "docs" / "conversations"
NOT_SCRIPTS = {"safety.yaml", "phrases.yaml", "words.yaml", "style.yaml"}
SCRIPTS = sorted(file for file in (CONTENT / "en").rglob("*.yaml") if file.name not in NOT_SCRIPTS)


# the guide


def test_the_guides_reference_is_current() -> None:
    assert with_reference(GUIDE) == GUIDE, "run `make author`"


def test_every_kind_of_step_and_every_field_stands_in_the_reference() -> None:
    text = reference()
    for key, kind in kinds().items():
        section = text.partition(f"#### `{key}`\n")[2].partition("\n#### ")[0]
        assert section, key
        for name, field in kind.model_fields.items():
            shown = field.alias or name
            shared = name in Step.model_fields or (issubclass(kind, Question) and name in Question.model_fields)
            assert f"| `{shown}` |" in (text if shared else section), (key, shown)
    assert set(KINDS) == set(kinds())


def models(model: type[Model]) -> Iterator[type[Model]]:
    """All models that can stand in a script."""
    yield model
    for sub in model.__subclasses__():
        yield from models(sub)


def test_every_field_is_described_where_it_is_declared() -> None:
    described = [one for one in models(Model) if one.__module__ == Script.__module__]
    bare = [
        f"{model.__name__}.{name}"
        for model in described
        for name, field in model.model_fields.items()
        if not field.description and (model.__name__, name) != ("Condition", "tests")
    ]
    assert len(described) > 40
    assert bare == []


def test_a_guide_without_a_place_for_the_reference_is_told_where_to_make_one() -> None:
    with pytest.raises(ValueError, match="put these lines into it"):
        with_reference("# A guide\n")
    assert with_reference(f"a\n{BEGINS}\nold\n{ENDS}\nb\n") == f"a\n{reference()}\nb\n"


def test_every_word_the_coach_computes_stands_in_the_guide() -> None:
    section = GUIDE.partition("### Words the coach computes")[2].partition("\n### ")[0]
    known = set(re.findall(r"`(\w+)`", section))
    assert COMPUTED - {"teach_end"} <= known


def test_every_fact_that_the_guide_names_is_one() -> None:
    section = GUIDE.partition("### Facts that are shared")[2].partition("\n### ")[0]
    named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", re.sub(r"\([^)]*\)", "", section)))
    assert len(named) > 20
    assert named <= library().facts()


# the tutorial


EXAMPLE = re.compile(r"```yaml\n# (?P<place>[^\n]+)\n(?P<text>.*?)```", re.DOTALL)
EXAMPLES = [(found["place"], found["text"]) for found in EXAMPLE.finditer(GUIDE)]


def put(folder: Path, place: str, text: str) -> None:
    """Does with an example what the tutorial says: saves it as a file, or puts it above a step."""
    found = re.fullmatch(r"in (\S+), above (\w+)", place)
    if not found:
        (folder / place).write_text(text, encoding="utf-8")
        return
    file = folder / found[1]
    before, step, after = file.read_text(encoding="utf-8").partition(f"\n  {found[2]}:\n")
    assert step, place
    file.write_text(f"{before}\n{text}{step[1:]}{after}", encoding="utf-8")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return shutil.copytree(CONTENT, tmp_path / "content")


def test_the_tutorial_holds_step_by_step(content: Path) -> None:
    assert [place for place, _ in EXAMPLES] == [
        "in en/areas/4-sleep.yaml, above stress",
        "in en/areas/4-sleep.yaml, above stress",
        "en/checkins/daylight.yaml",
    ]
    put(content, *EXAMPLES[0])
    with pytest.raises(ContentError, match="daylight: remembers daylight, which nothing reads"):
        check(content)  # step 5 of the tutorial
    put(content, *EXAMPLES[1])
    check(content)
    put(content, *EXAMPLES[2])
    found = check(content)
    assert found.scripts["daylight"].reply is False
    assert found.scripts["daylight"].starts[0].slot == "noon"


def test_the_tutorials_mistake_is_reported_as_it_says(content: Path) -> None:
    put(content, EXAMPLES[0][0], EXAMPLES[0][1].replace("choice:", "choise:"))
    with pytest.raises(ContentError) as error:
        check(content)
    [said] = re.findall(r"    content/en/areas/4-sleep\.yaml:\d+: (daylight: .*)…(.*)", GUIDE)
    [mistake] = error.value.mistakes
    assert str(mistake).partition(": ")[2].startswith(said[0].rstrip(", "))
    assert str(mistake).endswith(said[1])


def test_the_tutorials_new_language_is_a_copy_of_the_folder(content: Path) -> None:
    assert "cp -r content/en content/de" in GUIDE
    shutil.copytree(content / "en", content / "de")
    assert len(check_all(content)) == 2
    file = content / "de" / "weekly.yaml"
    file.unlink()
    with pytest.raises(ContentError, match=r"content/de/weekly\.yaml:1: the script weekly is missing"):
        check_all(content)


def test_the_guides_first_example_is_a_script() -> None:
    text = GUIDE.partition("## How a script runs\n")[2].partition("\nSteps run")[0]
    Script.model_validate(loaded_page("\n".join(line[4:] for line in text.splitlines())))


def loaded_page(text: str) -> Any:
    return loaded(text)


# the schema


def test_the_schema_is_current() -> None:
    assert (CONTENT / "schema.json").read_text(encoding="utf-8") == schema(), "run `make author`"


def test_every_script_says_where_its_schema_is() -> None:
    for file in SCRIPTS:
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert found, file.stem
        assert (file.parent / found[1]).resolve() == CONTENT / "schema.json", file.stem


def test_the_editor_explains_a_field_as_the_guide_does() -> None:
    parts = json.loads(schema())["$defs"]
    assert parts["Say"]["properties"]["lesson"]["description"] in reference()
    assert parts["Say"]["description"] in reference()


SCHEMA = json.loads(schema())
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "boolean": (bool,), "integer": (int,), "number": (int, float), "array": (list,),
    "object": (dict,),
}  # fmt: skip


def fits(value: Any, part: dict[str, Any]) -> bool:
    """Whether a value is valid by a schema, as far as ours goes."""
    if "$ref" in part and not fits(value, SCHEMA["$defs"][part["$ref"].rpartition("/")[2]]):
        return False
    kinds_ = part.get("type", [])
    kinds_ = [kinds_] if isinstance(kinds_, str) else kinds_
    if kinds_ and not any(
        isinstance(value, TYPES[kind]) and not (isinstance(value, bool) and kind in ("integer", "number"))
        for kind in kinds_
    ):
        return False
    if "enum" in part and value not in part["enum"]:
        return False
    if "const" in part and value != part["const"]:
        return False
    if "anyOf" in part and not any(fits(value, one) for one in part["anyOf"]):
        return False
    if "oneOf" in part and sum(fits(value, one) for one in part["oneOf"]) != 1:
        return False
    if isinstance(value, str) and "pattern" in part and not re.search(part["pattern"], value):
        return False
    if isinstance(value, list) and "items" in part:
        return all(fits(one, part["items"]) for one in value)
    return fits_object(value, part) if isinstance(value, dict) else True


def fits_object(value: dict[str, Any], part: dict[str, Any]) -> bool:
    if not set(part.get("required", ())) <= value.keys():
        return False
    if "propertyNames" in part and not all(fits(name, part["propertyNames"]) for name in value):
        return False
    for name, one in value.items():
        if name in part.get("properties", {}):
            of: Any = part["properties"][name]
        else:
            patterns = part.get("patternProperties", {})
            of = next((sub for pattern, sub in patterns.items() if re.search(pattern, name)), None)
            of = part.get("additionalProperties", True) if of is None else of
        if of is False or (isinstance(of, dict) and not fits(one, of)):
            return False
    return True


def test_the_editor_finds_nothing_wrong_with_a_script_that_is_right() -> None:
    for file in SCRIPTS:
        data = read_page(file).data
        wrong = [name for name, step in data["steps"].items() if not fits({**data, "steps": {name: step}}, SCHEMA)]
        assert wrong == [], file.stem


@pytest.mark.parametrize(
    "step",
    [
        {"say": "Hi.", "colour": "red"},
        {"tell": "Hi."},
        {"say": 5},
        {"ask": "A?", "choice": {"x": {"label": "X", "snooze": "soon"}}},
        {"ask": "A?", "choice": {"Big": "X"}},
        {"ask": "A?", "time": {"offer": ["25:00"]}},
        {"ask": "A?", "number": {"from": 1}},
        {"say": "Hi.", "when": {"x": {"bellow": 3}}},
        {"say": "Hi.", "evidence": {"strength": "sure"}},
        {"log": {"swim": {"minutes": 5}}},
        {"use": "part", "say": "Hi."},
    ],
)
def test_the_editor_underlines_what_check_would_report(step: dict[str, Any]) -> None:
    script = {"id": "a", "title": "A", "kind": "area", "steps": {"one": step}}
    assert not fits(script, SCHEMA)
    assert fits(script | {"steps": {"one": {"say": "Hi."}}}, SCHEMA)


# the diagrams


def test_the_diagrams_are_current() -> None:
    found = {file.name: file.read_text(encoding="utf-8") for file in DRAWN.glob("*")}
    wanted = diagrams.pages(library())
    assert found.keys() == wanted.keys(), "run `make author`"
    assert [name for name in wanted if found[name] != wanted[name]] == [], "run `make author`"


def test_every_script_is_drawn_and_linked() -> None:
    pages = diagrams.pages(library())
    for name, script in library().scripts.items():
        assert f"({name}.md)" in pages["README.md"]
        assert f"# {script.title}" in pages[f"{name}.md"]
        for step_id in script.steps:
            assert f"<b>{step_id}</b>" in pages[f"{name}.md"]


def test_every_link_between_the_pages_leads_somewhere() -> None:
    for text in diagrams.pages(library()).values():
        for link in re.findall(r"\]\(([^)]+)\)", text):
            assert (DRAWN / link).resolve().exists(), link


LINE = re.compile(
    r'  (s_\w+|fin)(\[\["[^"]*"\]\]|\[/"[^"]*"/\]|\(\["[^"]*"\]\)|\(\("[^"]*"\)\)|\["[^"]*"\]|\{"[^"]*"\})'
    r'|  (s_\w+) (-->|-\.->)(\|"[^"]*"\|)? (s_\w+|fin)'
)
"""What a line of a flowchart may be: a box or an arrow, its text in quotes."""


def test_every_line_of_a_diagram_is_a_box_or_an_arrow_between_boxes() -> None:
    for script in library().scripts.values():
        first, *lines = diagrams.flowchart(script)
        assert first == "flowchart TD"
        found = [LINE.fullmatch(line) for line in lines]
        assert all(found), [line for line, one in zip(lines, found, strict=True) if not one]
        boxes = {one[1] for one in found if one and one[1]}
        assert {name for one in found if one and one[3] for name in (one[3], one[6])} <= boxes


def drawn(steps: str) -> list[str]:
    return list(
        diagrams.flowchart(Script.model_validate({"id": "a", "title": "A", "kind": "area", "steps": loaded(steps)}))
    )


def test_what_mermaid_would_read_as_its_own_is_escaped() -> None:
    lines = drawn("end_: {say: 'He said \"5 < 6 & 7 > `2` #1\" | ]) }} %% end'}")
    assert lines[1] == (
        '  s_end_["<b>end_</b><br>He said #quot;5 #lt; 6 #amp; 7 #gt; #96;2#96; #35;1#quot; #124; ]) }} %% end"]'
    )


def test_a_line_says_why_it_is_taken() -> None:
    lines = drawn(
        "q: {ask: A?, choice: {a: {label: Yes, next: end}, b: No, c: Hm}, skip: c}\n"
        "b: {branch: [{when: {x: {below: 7}, y: [a, b]}, go: c}, {go: d}]}\n"
        "c: {say: C., when: {gate.cold: open}, next: end}\n"
        "d: {ask: D?, permission: {yes: Go on, no: Not now}, otherwise: end}\n"
        "e: {ask: E?, choice: {a: A, b: B}}\n"
        "f: {end: Bye.}"
    )
    assert [line for line in lines if ">" in line and "<b>" not in line] == [
        '  s_q -->|"Yes"| fin',
        '  s_q -->|"No · Hm"| s_b',
        '  s_q -.->|"skipped"| s_c',
        '  s_b -->|"x is below 7 and y is one of a, b"| s_c',
        '  s_b -->|"otherwise"| s_d',
        "  s_c --> fin",
        '  s_c -.->|"otherwise"| s_d',
        '  s_d -->|"Go on"| s_e',
        '  s_d -->|"Not now"| fin',
        "  s_e --> s_f",
    ]
    assert '  s_c["<b>c</b><br><i>if gate.cold is open</i><br>C."]' in lines


# the command


def test_one_command_writes_all_three_and_a_page_of_a_script_that_is_gone_goes(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONTENT_DIR", str(content))
    page = content / "README.md"
    page.write_text(f"# Guide\n{BEGINS}\n{ENDS}\n", encoding="utf-8")
    (content / "schema.json").unlink()
    folder = content.parent / "docs" / "conversations"
    folder.mkdir(parents=True)
    (folder / "gone.md").write_text("old", encoding="utf-8")
    assert main(["check", "--schema", "--guide", "--graph"]) == 0
    assert "nothing to mend" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == f"# Guide\n{reference()}\n"
    assert (content / "schema.json").read_text(encoding="utf-8") == schema()
    assert {file.stem for file in folder.iterdir()} == {"README", *library().scripts}


def test_a_help_number_that_grew_stale_is_told_and_is_no_failure(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONTENT_DIR", str(content))
    page = content / "help.yaml"
    page.write_text(re.sub('checked: "[0-9-]+"', 'checked: "2020-02-29"', page.read_text(encoding="utf-8"), count=1))
    assert main(["check"]) == 0
    said = capsys.readouterr()
    assert "nothing to mend" in said.out
    assert re.search(
        r"^warning: content/help\.yaml:\d+: AT: the emergency number 112 was checked on 2020-02-29", said.err
    )


def test_a_help_number_that_grew_stale_is_told_in_the_log_at_start(
    content: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CONTENT_DIR", str(content))
    monkeypatch.setattr(app, "real_now", lambda: dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    app.checked_content(load())
    assert "the emergency number 112 was checked on 2026-11-27" in caplog.text


def test_the_command_lists_every_mistake_and_fails(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONTENT_DIR", str(content))
    put(content, EXAMPLES[0][0], EXAMPLES[0][1])
    assert main(["check"]) == 1
    said = capsys.readouterr().err
    assert re.search(r"^content/en/areas/4-sleep\.yaml:\d+: daylight: remembers daylight", said)
    assert said.endswith("1 to mend\n")
