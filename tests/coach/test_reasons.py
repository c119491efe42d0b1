"""What a message told and why it came, collected on the walk between two questions."""

from __future__ import annotations

from bot.coach.dialogue import Said, Walked, advance, ask_again, start
from bot.coach.reasons import Reason, Told
from tests.coach.world import Small, small

WALKS = """
q: {ask: A walk?, choice: {go: {label: Go on, next: b}, no: No}}
a: {end: No.}
b: {branch: [{when: {zone: {known: false}}, go: c}, {when: {walk_on: true}, go: d}, {go: c}]}
c: {say: Other., next: end}
d: {say: It helps.}
e: {say: In summer., when: {gate.cold: open}}
f: {say: Never., when: {gate.sauna: open}}
g: {ask: When?, yesno: {}, when: {why: energy}}
"""
FACTS = {"zone": Said("Europe/Berlin", "Berlin"), "walk_on": Said(True, "on"), "why": Said("energy", "more energy")}


def told(walked: Walked) -> list[tuple[str, ...]]:
    return [bubble.told.steps for bubble in walked.bubbles]


def because(walked: Walked) -> list[dict[str, str]]:
    return [{reason.name: reason.words for reason in bubble.told.because} for bubble in walked.bubbles]


def answered(world: Small, value: str, words: str) -> Walked:
    return advance(world, start(world, "main").state, Said(value, words))


def test_each_message_knows_whose_words_it_holds() -> None:
    walked = answered(small(WALKS, facts=FACTS, open=frozenset({"cold"})), "go", "Go on")
    assert told(walked) == [("main.d", "main.e"), ("main.g",)]


def test_what_was_tested_on_the_way_is_a_reason_and_what_was_passed_over_is_none() -> None:
    walked = answered(small(WALKS, facts=FACTS, open=frozenset({"cold"})), "go", "Go on")
    said, asked = because(walked)
    assert said == {"main.q": "Go on", "zone": "Berlin", "walk_on": "on", "gate.cold": "open"}
    assert asked == {**said, "why": "more energy"}


def test_what_nobody_knows_is_no_reason() -> None:
    walked = answered(small(WALKS), "go", "Go on")
    assert because(walked) == [{"main.q": "Go on"}]


def test_what_decides_which_answers_are_offered_is_a_reason() -> None:
    steps = "{q: {ask: A?, choice: {x: {label: X, when: {why: energy}}, y: Y}}}"
    assert because(start(small(steps, facts=FACTS), "main")) == [{"why": "more energy"}]


def test_an_answer_that_leads_nowhere_else_is_no_reason() -> None:
    assert because(answered(small(WALKS), "no", "No")) == [{}]


def test_a_reflection_is_told_by_the_answer_that_brought_it() -> None:
    world = small(
        "{q: {ask: A?, choice: {x: {label: X, reflect: So.}, y: Y}, reflect: Well.}, r: {ask: B?, yesno: {}}}"
    )
    assert told(answered(world, "x", "X")) == [("main.q.x", "main.r")]
    assert told(answered(world, "y", "Y")) == [("main.q", "main.r")]


def test_the_facts_that_choose_a_variant_are_reasons() -> None:
    steps = "{a: {say: ['Hi, {{ why }}.', Hi.]}, b: {say: 'Only {{ zone }}.'}}"
    walked = start(small(steps, facts=FACTS), "main")
    assert because(walked) == [{"why": "more energy"}]


def test_what_the_clock_brings_is_a_reason_when_it_is_looked_at() -> None:
    world = small("{a: {branch: [{when: {slot: dinner}, go: b}]}, b: {end: Dinner.}}")
    walked = start(world, "main", {"slot": "dinner"})
    assert because(walked) == [{"slot": "dinner"}]


def test_a_lesson_told_without_consent_is_known_too() -> None:
    world = small("{q: {ask: A?, yesno: {}}, l: {say: L., lesson: true}}", kind="area", teach_only=True)
    assert told(start(world, "main")) == [("main.l",)]


def test_a_question_asked_again_tells_only_itself() -> None:
    world = small(WALKS, facts=FACTS)
    walked = ask_again(world, start(world, "main").state)
    assert told(walked) == [("main.q",)]


def test_what_was_told_outlives_the_process() -> None:
    found = Told(("main.a", "main.q.x"), (Reason("zone", "Berlin"), Reason("gate.cold", "held")))
    assert Told.from_json(found.to_json()) == found
    assert Told.from_json({"about": 7}) == Told()
