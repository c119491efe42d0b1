"""Rules of reading content and rendering its texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.coach.dialogue import Said
from bot.library import Library, placeholders
from bot.markup import mistakes, plain
from bot.pages import PageError, read_page
from tests.coach.world import library

SCRIPT = "<script>alert('hi')</script> & \"me\" {{ x }} {% if %}"


def render(*text: str, turn: int = 0, **known: str) -> str:
    return rendered(library(), text, turn, {name: Said(words, words) for name, words in known.items()})


def rendered(of: Library, text: tuple[str, ...], turn: int, known: dict[str, Said]) -> str:
    return of.render(text, known.get, turn)


# rendering


def test_peoples_words_are_escaped_and_never_become_tags_or_templates() -> None:
    html = render("<b>{{ name }}</b>", name=SCRIPT)
    assert html == ("<b>&lt;script&gt;alert(&#39;hi&#39;)&lt;/script&gt; &amp; &#34;me&#34; {{ x }} {% if %}</b>")
    assert mistakes(html) == []
    assert plain(html) == SCRIPT


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_people_wrote_comes_out_as_they_wrote_it(words: str) -> None:
    for text in ("a {{ x }} b", "a {{ x|or('y') }} b", "a {{ x|lower_first }} b", "a {{ x|capitalize }} b"):
        html = render(text, x=words)
        assert mistakes(html) == []
    assert plain(render("a{{ x }}b", x=words)).replace("\r", "\n") == f"a{words}b".replace("\r", "\n")


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("{{ x|capitalize }}", "a walk in Rome", "A walk in Rome"),
        ("{{ x|lower_first }}", "A walk", "a walk"),
        ("{{ x|lower_first }}", "I walk", "I walk"),
        ("{{ x|lower_first }}", "I'm off", "I&#39;m off"),
        ("{{ x|lower_first }}", "TV off", "TV off"),
        ("{{ x|own_words }}", " To the park. ", "“To the park”"),
        ("{{ x|own_words }}", "<b>", "“&lt;b&gt;”"),
        ("{{ x|own_words }}", "", ""),
        ("{{ x|or('nothing') }}", "", "nothing"),
        ("{{ x|or('nothing') }}", "some", "some"),
        ("{{ x|or('a plan')|own_words }}", "", "“a plan”"),
        ("  {{ x }}\n", "trimmed", "trimmed"),
    ],
)
def test_filters_change_words_as_they_say(text: str, words: str, expected: str) -> None:
    assert render(text, x=words) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So {{ x|or('it') }}.", "So it."),
        ("So {{ x|or('a & b') }}.", "So a &amp; b."),
        ("So {{ x|own_words|or('it') }}.", "So it."),
        ("So {{ x|capitalize|or('It') }}.", "So It."),
        ("So {{ x|lower_first|or('it') }}.", "So it."),
        ("So {{ x }}.", "So ."),
    ],
)
def test_or_speaks_for_the_unknown_and_nothing_is_ever_broken(text: str, expected: str) -> None:
    assert render(text) == expected


@pytest.mark.parametrize("text", ["{{ x }}", "{{ x|or('y') }}", "{{ x|lower_first }}", "{{ x|capitalize }}"])
def test_what_the_coach_composed_keeps_its_tags(text: str) -> None:
    html = rendered(library(), (text,), 0, {"x": Said(1, Markup("<b>salt &amp; more</b>"))})
    assert html == "<b>salt &amp; more</b>"


def test_variants_take_turns_with_the_turn_and_the_visits() -> None:
    text = ("one", "two", "three")
    assert [render(*text, turn=n) for n in range(4)] == ["one", "two", "three", "one"]
    visits = {"visits": Said(2, "2")}
    assert rendered(library(), text, 2, visits) == "two"


def test_variants_whose_facts_are_known_come_first_and_take_turns() -> None:
    text = ("Hi {{ name }}.", "Hi.", "You, {{ name }}.")
    assert [render(*text, turn=n) for n in range(3)] == ["Hi.", "Hi.", "Hi."]
    known = [render(*text, turn=n, name="Ann") for n in range(3)]
    assert known == ["Hi Ann.", "Hi.", "You, Ann."]


def test_a_variant_with_or_is_said_only_while_no_variant_is_wholly_known() -> None:
    text = ("Hi {{ name|or('you') }}.", "Hi {{ name }} of {{ city }}.")
    assert {render(*text, turn=n) for n in range(3)} == {"Hi you."}
    assert {render(*text, turn=n, name="Ann") for n in range(3)} == {"Hi Ann."}


def test_a_phrase_takes_its_values_escaped() -> None:
    assert library().phrase(("{{ a }} and {{ b }}",), a="<b>", b=Markup("<i>x</i>")) == "&lt;b&gt; and <i>x</i>"


def test_placeholders_say_which_names_are_spared() -> None:
    assert placeholders("{{ a }} {{ b|or('x') }} {{ c|own_words|or('y') }} {{ a|or('z') }}") == {
        "a": False,
        "b": True,
        "c": True,
    }


@pytest.mark.parametrize(
    "text",
    [
        "{% if a %}", "{# a #}", "{{ a.b }}", "{{ a['b'] }}", "{{ a() }}", "{{ a + 1 }}", "{{ a", "{{ a|shout }}",
        "{{ a if b }}", "{{ [a] }}", "{{ a|or(b.c) }}", "{{ }}", "{{ ''.__class__ }}", "{{ a is defined }}",
    ],
)  # fmt: skip
def test_a_placeholder_is_a_name_with_filters_and_nothing_else(text: str) -> None:
    with pytest.raises(ValueError, match=r"placeholder|filter"):
        placeholders(text)


# what is in it


def test_the_areas_come_in_their_order_and_a_command_finds_its_script() -> None:
    assert [area.order for area in library().areas()] == [1, 2, 3, 4, 5, 6]
    start = library().command("start")
    assert start is not None
    assert start.id == "onboarding"
    assert library().command("nope") is None


def test_facts_are_what_questions_options_and_steps_establish() -> None:
    assert {"name", "body", "zone", "walk_on", "chest_state", "pause_days", "cold_seconds"} <= library().facts()


def test_an_option_reads_as_its_words_wherever_its_fact_is_asked() -> None:
    assert library().words_of("first_action", "walk") == "a walk after dinner"
    assert library().words_of("load_unit", "kg") == "Kilograms"
    assert library().words_of("first_action", "unheard_of") == "unheard_of"


# pages


def page(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "page.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no", "no"), ("a: yes", "yes"), ("a: off", "off"), ("a: 8:30", "8:30"), ("a: 2026-11-03", "2026-11-03"),
        ("a: 012", "012"), ("a: 0x1f", "0x1f"), ("a: 1_000", "1_000"), ("a: 12", 12), ("a: -3", -3), ("a: 1.5", 1.5),
        ("a: true", True), ("a: 'true'", "true"), ('a: "12"', "12"), ("a:", None), ("a: ''", ""), ("a: ~", None),
        ("a: [1, no]", [1, "no"]), ("a: |-\n  x\n  y", "x\ny"),
    ],
)  # fmt: skip
def test_a_word_without_quotes_is_what_its_author_meant(tmp_path: Path, text: str, value: object) -> None:
    read = read_page(page(tmp_path, text)).data["a"]
    assert (read, type(read)) == (value, type(value))


def test_the_line_of_every_part_is_known_and_what_is_not_there_is_passed_over(tmp_path: Path) -> None:
    found = read_page(page(tmp_path, "a: 1\nsteps:\n  one:\n    say:\n      - x\n      - y\n"))
    assert [found.line("a"), found.line("steps", "one"), found.line("steps", "one", "say", 1)] == [1, 3, 6]
    assert found.line("steps", "one", "tag", "say") == 4
    assert found.line("nowhere") == 1


@pytest.mark.parametrize(
    ("text", "line"), [("a: 1\na: 2\n", 2), ("a:\n  b: 1\n  b: 1\n", 3), ("a: [1\nb: 2", 2), ("a:\n\t- b", 2)]
)
def test_a_page_that_is_no_yaml_or_says_a_thing_twice_names_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(PageError) as error:
        read_page(page(tmp_path, text))
    assert error.value.line == line
