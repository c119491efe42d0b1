"""Rules of what the coach says: six areas of the right length, short texts with sources, and walks that always work."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.authoring.flow import cases_of
from bot.coach.conditions import holds
from bot.coach.dialogue import (
    SKIPPED,
    Acted,
    Begun,
    Logged,
    Remembered,
    Said,
    State,
    Walked,
    advance,
    ask_again,
    open_question,
    start,
)
from bot.coach.questions import Around, Ticked, buttons, tapped
from bot.coach.reading import Unread, read
from bot.coach.reasons import names_of
from bot.coach.script import (
    SWITCHES,
    WEEKDAYS,
    Choice,
    Date,
    Duration,
    FreeText,
    Lab,
    Night,
    Number,
    Place,
    Question,
    Say,
    Scale,
    Sets,
    Several,
    TimeOfDay,
    Weekdays,
    options_of,
)
from bot.markup import length, mistakes
from bot.world import COMPUTED
from tests.coach import CONTENT, english
from tests.coach.world import Real, around, library

LONGEST = 4096
TITLES = {
    "exercise": "Exercise",
    "nutrition": "Nutrition",
    "muscle": "Muscle",
    "sleep_stress": "Sleep & stress",
    "cold_heat": "Cold & heat",
    "supplements": "Supplements",
}
AREAS = sorted(TITLES)
SCRIPTS = sorted(library().scripts)
GATES = sorted(library().safety.gates)


# walking all of it


HOSTILE = "<script>&amp; {{ name }} {% if %} \"x\" 'y' </b> & so on " * 5
TYPED = (
    "7", "15", "0", "half an hour", "19:30", "seven-ish", "25:00", "yes", "no", "not sure", "none", "all", "mon, thu",
    "every day", "23:00-6:45", "7h", "20 kg 10, 8, 8", "3x10", "95 mg/dl", "8 uIU/ml", "today", "3 November", "banana",
    "the", "🤷", HOSTILE, "skip", "back", "Rome & <b>Paris</b>", "x" * 160,
)  # fmt: skip


def made_up(chance: random.Random) -> dict[str, Any]:
    """What the coach would compute, as it may be for some person."""
    maybe = chance.random
    night = {"bed": "23:00", "wake": "06:45", "minutes": 465}
    found = {
        "operator": "Dr. Ada & Sons <clinic>",
        "contact": "ada@example.org",
        "weekday": "Monday",
        "tomorrow": "Tuesday",
        "visits": chance.randrange(4),
        "open_list": Said(2, Markup("<b>Open to you:</b> walks &amp; lifting.")),
        "held_list": Said(1, Markup("<b>On hold:</b> " + "cold water (your heart); " * 20)),
        "held_moving": Said("none", Markup("<b>On hold:</b> walks (your heart).")) if maybe() < 0.5 else None,
        "walk_line": "Dishes done, I walk" if maybe() < 0.5 else None,
        "walk_line_meal": Said(["dinner"], "dinner") if maybe() < 0.3 else None,
        "walk_line_days": Said([1, 4], "Tuesday and Friday") if maybe() < 0.5 else None,
        "lifting_line_days": Said([1, 4], "Tuesday and Friday") if maybe() < 0.5 else None,
        "cold_line_days": Said([1, 3], "Tuesday and Thursday") if maybe() < 0.5 else None,
        "focus_meal": Said("dinner", "dinner") if maybe() < 0.3 else None,
        "areas_list": Said(6, Markup("○ <b>Sleep &amp; stress</b> · waiting\n" * 6)),
        "also": chance.choice([None, "self_harm"]),
        "areas_done": chance.randrange(7),
        "next_area": Said("muscle", "Muscle") if maybe() < 0.5 else None,
        "plan_list": Said(4, Markup("○ <b>Walks</b> · off\n" * 4)),
        "today_list": Said(1, Markup("19:30 <b>Walk</b>")),
        "messages_a_day": chance.choice(
            [Said(1, "one message a day at most"), Said(3, "three messages a day at most")]
        ),
        "guessed_time": "14:05" if maybe() < 0.8 else None,
        "lifting_today": Said(2, "Chair squat 2×10, push-up 2×8") if maybe() < 0.5 else None,
        "usual_night": Said(night, "23:00–6:45") if maybe() < 0.5 else None,
        "night_length": chance.choice([None, 465, 1110]),
        "bedtime_turned": "11:00" if maybe() < 0.5 else None,
        "waking_turned": "18:45" if maybe() < 0.5 else None,
        "repeated_obstacle": chance.randrange(4),
        "homa_ir": Said(2.1, "2.1") if maybe() < 0.5 else None,
        "glucose_both": Said(95, "95 mg/dL (5.3 mmol/L)") if maybe() < 0.5 else None,
        "insulin_both": Said(8, "8.0 µIU/mL (48 pmol/L)") if maybe() < 0.5 else None,
        "glucose_range": chance.choice(["very_high", "diabetes", "raised", "usual", "low", None]),
        "hba1c_range": chance.choice(["diabetes", "below", None]),
        "homa_sum": "12 × 98 ÷ 405 = 2.9" if maybe() < 0.5 else None,
        "quicki_sum": "1 ÷ (log 12 + log 98) = 0.33" if maybe() < 0.5 else None,
        "tyg_sum": "ln(120 × 98 ÷ 2) = 8.7" if maybe() < 0.5 else None,
        "draw_against": chance.choice(
            [
                [],
                [],
                ["not_fasted"],
                ["unsure_not_fasted"],
                ["acute_illness"],
                ["pregnancy"],
                ["type_1"],
                ["unsure_type_1"],
            ]
        ),
        "draw_before": chance.choice([Said("comparable", "Two draws"), Said("apart", "Two draws"), None]),
        "draw_apart": Said(["other_lab"], "they come from different labs") if maybe() < 0.5 else None,
        "in_one_month": Said("2026-12-23", "23 December 2026"),
        "in_three_months": Said("2027-02-23", "23 February 2027"),
        "in_six_months": Said("2027-05-23", "23 May 2027"),
        "retest_date": Said("2027-02-23", "23 February 2027") if maybe() < 0.5 else None,
        "waiting_list": chance.choice([None, Said(1, Markup("<b>A doctor's word:</b> cold water: please ask."))]),
        "screen_old": chance.choice([True, False]),
        "week_lines": Said(0, Markup("<b>Your week</b>\n\nWalks 5 of 7.")),
        "week_empty": maybe() < 0.3,
        "week_first": maybe() < 0.3,
        "hard_day": Said(2, "Wednesday") if maybe() < 0.5 else None,
        "no_habits": maybe() < 0.3,
        "habit_name": chance.choice(["Walks", "Plates", "Fiber", None]),
        "days_a_week": chance.randrange(8),
        "thinned": maybe() < 0.3,
        "quiet_habits": Said(1, Markup("Walks: quiet.")) if maybe() < 0.3 else None,
        "teach_end": library().phrases.teach_end[0],
        **lately_made_up(chance),
        "emergency_number": "112" if maybe() < 0.5 else None,
        "crisis_line": Said("0800 111 0 111", "TelefonSeelsorge 0800 111 0 111") if maybe() < 0.5 else None,
        "zone_country": Said("DE", "Germany") if (of_zone := maybe() < 0.5) else None,
        "zone_number": "112" if of_zone else None,
        "named_country": Said("GB", "the United Kingdom") if (of_place := maybe() < 0.5) else None,
        "named_number": "999" if of_place else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def lately_made_up(chance: random.Random) -> dict[str, Any]:
    """What somebody may have logged in the last two weeks, and where they may be on the path."""
    counts = (
        "walks_lately", "walk_minutes_lately", "walk_days_lately", "longest_gap", "sessions_lately", "sets_lately",
        "nights_lately", "colds_lately", "cold_longest", "draws_kept", "path_weeks_told",
    )  # fmt: skip
    area = chance.choice(AREAS)
    sometimes = {
        "best_set_lately": Said(8, "Squat 40 kg × 8"),
        "sleep_lately": Said(430, "7 h 10 min"),
        "night_spread": 35,
        "obstacle_lately": Said("tired", "tired"),
        "path_week": chance.randint(1, 12),
        "path_area": Said(area, TITLES[area]),
        "path_next_area": Said(area, TITLES[area]),
        "path_lesson": f"{area}_{chance.randint(1, 2)}",
        "path_reordered": Said(AREAS, ", ".join(AREAS)),
        "path_first_day": Said("2026-11-27", "Friday"),
        "why_back": Said("my family", HOSTILE),
    }
    return {
        **{name: chance.randrange(4) for name in counts},
        **{name: value for name, value in sometimes.items() if chance.random() < 0.7},
        "path_last": chance.random() < 0.3,
        "path_told_now": Said(["exercise_1"], ""),
        "path_suggested": Said(AREAS, ", ".join(AREAS)),
    }


def some_value(asked: Question, chance: random.Random) -> Said:
    """An answer as an earlier walk may have left it."""
    options = list(options_of(asked))
    match asked:
        case Several():
            return Said(chance.sample(options, chance.randint(1, len(options))), "some of them")
        case FreeText():
            return Said(HOSTILE[: asked.text.to], HOSTILE[: asked.text.to])
        case Number() | Duration() | Scale():
            return Said(chance.randrange(1, 11), "some number")
        case TimeOfDay():
            return Said("19:30", "19:30")
        case Weekdays():
            return Said(sorted(chance.sample(range(7), 3)), "some days")
        case Place():
            return Said("Europe/Berlin", "Berlin")
        case _ if options:
            name = chance.choice(options)
            return Said(name, name)
        case _:
            return Said("2026-11-03", "3 November")


def some_facts(chance: random.Random) -> dict[str, Said]:
    share = chance.choice([0.0, 0.3, 0.9])
    found: dict[str, Said] = {}
    for script in library().scripts.values():
        for step in script.steps.values():
            if isinstance(step, Question) and step.remember and chance.random() < share:
                found[step.remember] = some_value(step, chance)
    for habit in SWITCHES:
        if chance.random() < share:
            on = chance.random() < 0.5
            found[f"{habit}_on"] = Said(on, "on" if on else "off")
    return found


@dataclass
class Person:
    """Answers at random, taps and types, skips and goes on."""

    world: Real
    chance: random.Random

    def around(self, state: State) -> Around:
        return around(state=state, world=self.world, may_go_back=self.chance.random() < 0.5)

    def reply(self, asked: Question, state: State) -> Said | Ticked | Unread | None:
        where = self.around(state)
        shown = buttons(asked, where)
        if isinstance(asked, Place) and self.chance.random() < 0.8:
            return Said("Europe/Berlin", "Berlin")
        if shown and self.chance.random() < 0.75:
            return tapped(asked, self.chance.choice(shown).id, where)
        return read(asked, self.chance.choice(TYPED), english(), where)

    def walk(self, script: str, trigger: Mapping[str, Any]) -> Iterator[Walked]:
        walked = start(self.world, script, trigger)
        while True:
            self.keep(walked)
            yield walked
            if walked.state.ended:
                return
            walked = self.answered(walked.state)

    def answered(self, state: State) -> Walked:
        asked = open_question(self.world, state)
        if asked is None:
            return advance(self.world, state, SKIPPED)
        said = self.reply(asked, state)
        match said:
            case Said():
                return advance(self.world, state, said)
            case Ticked(picked):
                return ask_again(self.world, replace(state, picked=picked))
            case Unread():
                return ask_again(self.world, replace(state, guesses=said.guesses), "Pardon?")
            case _:
                return ask_again(self.world, replace(state, guesses=()))

    def keep(self, walked: Walked) -> None:
        for effect in walked.effects:
            match effect:
                case Remembered(fact, said):
                    self.world.facts[fact] = said
                case Acted("agree"):
                    self.world.teach_only = False
                case Begun(script):
                    assert script in library().scripts
                case _:
                    pass


def test_every_computed_word_has_a_made_up_one() -> None:
    always = {name for seed in range(40) for name in made_up(random.Random(seed))}
    assert always | {"lift", "meal", "certainty", "also", "slot", "habit"} == COMPUTED


def look_at(walked: Walked, person: Person) -> None:
    bubbles = walked.bubbles
    assert len(bubbles) <= 2
    assert not any(bubble.asks for bubble in bubbles[:-1])
    assert walked.state.ended or bubbles[-1].asks
    assert not walked.state.ended or not any(bubble.asks for bubble in bubbles)
    for bubble in bubbles:
        assert bubble.text.strip()
        assert mistakes(bubble.text) == []
        assert length(bubble.text) <= LONGEST
    asked = open_question(person.world, walked.state)
    if asked is not None:
        shown = buttons(asked, around(state=walked.state, world=person.world))
        assert shown or isinstance(asked, FreeText | Number | Duration | TimeOfDay | Night | Sets | Date | Place | Lab)
        assert all(button.label.strip() for button in shown)
        assert len({button.id for button in shown}) == len(shown)
        assert len({button.label for button in shown}) == len(shown)
        if isinstance(asked, Choice):
            assert any(not button.small for button in shown)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(SCRIPTS), st.integers(0, 2**32))
def test_whatever_is_answered_every_script_asks_clearly_and_ends(script: str, seed: int) -> None:
    chance = random.Random(seed)
    forced = {gate: chance.random() < 0.5 for gate in GATES} if chance.random() < 0.7 else None
    world = Real(some_facts(chance), forced, made_up(chance), chance.random() < 0.2, chance.random() < 0.7)
    trigger: dict[str, Any] = {}
    if chance.random() < 0.8 and library().scripts[script].starts:
        trigger["slot"] = chance.choice([one.slot for one in library().scripts[script].starts])
    if chance.random() < 0.5:
        trigger["certainty"] = chance.choice(["now", "unclear"])
    if chance.random() < 0.5:
        trigger["also"] = chance.choice(["emergency", "self_harm"])
    person = Person(world, chance)
    for number, walked in enumerate(person.walk(script, trigger)):
        note(f"{walked.state.frames}: {[bubble.text for bubble in walked.bubbles]}")
        look_at(walked, person)
        assert number < 1500, f"{script} does not end"


@pytest.mark.parametrize("area", AREAS)
def test_without_consent_every_area_tells_its_lessons_and_keeps_nothing(area: str) -> None:
    world = Real(made_up=made_up(random.Random(1)), teach_only=True)
    walked = start(world, area)
    told: list[str] = []
    while not walked.state.ended:
        assert walked.effects == ()
        look_at(walked, Person(world, random.Random(1)))
        told += [bubble.text for bubble in walked.bubbles if bubble.go_on]
        walked = advance(world, walked.state, SKIPPED)
    lessons = [step for step in library().scripts[area].steps.values() if isinstance(step, Say) and step.lesson]
    assert len(told) >= len([step for step in lessons if step.when is None]) >= 2


# areas


def test_there_are_six_areas_with_their_titles_in_order() -> None:
    assert {area.id: area.title for area in library().areas()} == TITLES
    assert [area.order for area in library().areas()] == [1, 2, 3, 4, 5, 6]


def first_answer(asked: Question, state: State, world: Real, *, again: bool) -> Said:
    """What a person says who takes the first thing offered, and leaves a menu that comes round again."""
    where = around(state=state, world=world)

    def look(name: str) -> Any:
        found = where.lookup(name)
        return None if found is None else found.value

    shown = [name for name, option in options_of(asked).items() if holds(option.when, look)]
    match asked:
        case Several():
            clean = [name for name in shown if name == "none"] if asked.safety else shown[:1]
            return Said(clean or shown[:1], "these")
        case Number(number=of):
            return Said(int(of.offer[0] if of.offer else of.from_), "some")
        case Duration(duration=of):
            return Said(of.offer[0] if of.offer else of.from_, "some")
        case Scale(scale=of):
            return Said(of.to - 1, str(of.to - 1))
        case TimeOfDay():
            return Said("19:30", "19:30")
        case Weekdays():
            return Said([0], WEEKDAYS[0])
        case Place():
            return Said("Europe/Berlin", "Berlin")
        case Sets():
            return Said([{"load": None, "reps": 8}], "8")
        case Night():
            return Said({"bed": "23:00", "wake": "06:45", "minutes": 465}, "23:00–6:45")
        case Date():
            return Said("2026-11-03", "3 November 2026")
        case Lab():
            return SKIPPED
        case FreeText():
            return Said("my own words", "my own words")
        case _:
            chosen = shown[-1] if again else shown[0]
            return Said(chosen, chosen)


def usual_path(area: str) -> list[str]:
    """The questions of an area on the way of someone whose gates are open and who takes what is offered first."""
    known = {
        "zone": Said("Europe/Berlin", "Berlin"),
        **{fact: Said(["none"], "None of these") for fact in ("body", "medicines", "life", "supplements_list")},
    }
    world = Real(known, dict.fromkeys(GATES, True), {**made_up(random.Random(1)), "visits": 0})
    walked = start(world, area)
    asked = []
    while not walked.state.ended:
        for effect in walked.effects:
            if isinstance(effect, Remembered):
                world.facts[effect.fact] = effect.said
        question = open_question(world, walked.state)
        assert question is not None
        here = walked.state.here
        walked = advance(world, walked.state, first_answer(question, walked.state, world, again=here in asked))
        asked.append(here)
        assert len(asked) < 60, asked
    return asked


@pytest.mark.parametrize("area", AREAS)
def test_an_area_asks_eight_to_fifteen_questions_of_its_own_on_its_usual_path(area: str) -> None:
    asked = usual_path(area)
    own = [place for place in asked if place.startswith(f"{area}.")]
    assert 8 <= len(own) <= 15, own


@pytest.mark.parametrize("area", AREAS)
def test_an_area_teaches_asks_before_it_advises_and_ends_with_the_persons_plan(area: str) -> None:
    steps = library().scripts[area].steps
    assert any(isinstance(step, FreeText) for step in steps.values())
    assert any(isinstance(step, Scale) for step in steps.values())
    assert any(isinstance(step, Say) and step.lesson for step in steps.values())


# texts


def test_every_source_that_is_named_exists_and_has_an_address() -> None:
    named = {
        source
        for script in library().scripts.values()
        for step in script.steps.values()
        if isinstance(step, Say) and step.evidence
        for source in step.evidence.sources
    }
    assert named <= set(library().sources)
    for source in library().sources.values():
        assert re.match(
            r"https://(doi\.org/10\.|pubmed\.ncbi\.nlm\.nih\.gov/\d+|pmc\.ncbi\.nlm\.nih\.gov/articles/PMC\d+)",
            source.url,
        )
        assert source.title


def test_what_is_said_of_the_evidence_is_html_that_telegram_takes() -> None:
    wrong = [
        (f"{script.id}.{name}", text)
        for script in library().scripts.values()
        for name, step in script.steps.items()
        if isinstance(step, Say) and step.evidence
        for text in (step.evidence.why, step.evidence.article)
        if text and mistakes(text)
    ]
    assert wrong == []


# check-ins and onboarding


def test_there_is_a_check_in_for_each_habit() -> None:
    checkins = [script for script in library().scripts.values() if script.kind == "checkin" and script.habit]
    assert {script.habit for script in checkins} == set(SWITCHES)
    assert all(script.starts for script in checkins)
    by_habit = {script.habit: script.gate for script in checkins}
    assert by_habit["cold"] == "cold"
    assert by_habit["walk"] == by_habit["lifting"] == by_habit["sitting"] == "exercise"
    assert (by_habit["food"], by_habit["fiber"]) == ("numbers", "fiber")


def test_a_check_ins_first_question_can_be_put_off_or_declined_with_one_tap() -> None:
    for script in library().scripts.values():
        if script.kind == "checkin" and script.habit and script.reply:
            first = script.steps[script.first()]
            assert isinstance(first, Question)
            assert any(option.counts == "skipped" for option in options_of(first).values()), script.id


def test_onboarding_begins_with_the_adult_question_which_cannot_be_skipped() -> None:
    onboarding = library().scripts["onboarding"]
    first = onboarding.steps[onboarding.first()]
    assert isinstance(first, Question)
    assert "18" in first.ask[0]
    assert first.skip is False
    assert options_of(first)["no"].next[0].go == "under_18"


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 2**32))
def test_nothing_is_remembered_or_logged_before_the_person_agreed(seed: int) -> None:
    chance = random.Random(seed)
    person = Person(Real(made_up=made_up(chance), teach_only=True), chance)
    agreed = False
    for walked in person.walk("onboarding", {}):
        for effect in walked.effects:
            agreed = agreed or effect == Acted("agree")
            assert agreed or not isinstance(effect, Remembered | Logged)
        if agreed:
            return


def test_every_fact_that_may_lead_to_a_message_has_words_for_why() -> None:
    """What /why names; safety answers are never named, and the hour of a check-in it says anyhow."""
    found = library()
    tested: set[str] = set()
    for script in found.scripts.values():
        for step in script.steps.values():
            offered = (option.when for option in options_of(step).values())
            names = names_of(step.when, *offered, *(case.when for case in cases_of(step)))
            tested |= {name for name in names if not isinstance(found.step(f"{script.id}.{name}"), Question)}
    facts = {name for name in tested if not name.startswith("gate.")}
    unnamed = {name for name in facts if name not in found.phrases.facts and not found.private(name)}
    assert unnamed == {"slot"}
    assert set(found.phrases.facts) <= found.facts() | COMPUTED


@pytest.mark.parametrize("area", AREAS)
def test_an_area_asks_for_its_point_in_the_persons_own_line_and_gives_no_marks(area: str) -> None:
    steps = library().scripts[area].steps
    asked = [step for name, step in steps.items() if name == "teach_back" or name.startswith("friend")]
    assert asked
    for step in asked:
        assert isinstance(step, FreeText)
        assert step.again is False
        assert step.skip, "nobody has to"


@pytest.mark.parametrize("area", AREAS)
def test_what_an_area_says_has_a_second_wording_for_the_next_visit(area: str) -> None:
    """A list of reasons, one to a line, is not told twice in other words: it has to be found again."""
    once: list[str] = []
    for name, step in library().scripts[area].steps.items():
        texts = [getattr(step, field, None) for field in ("say", "ask", "end", "reflect")]
        texts += [option.reflect for option in options_of(step).values()]
        once += [
            name for text in texts if isinstance(text, tuple) and len(set(text)) == 1 and not text[0].startswith("•")
        ]
    assert once == []


def test_a_question_passed_over_never_leads_into_what_only_its_answer_leads_to() -> None:
    """Who is not asked how sure they are was never unsure: the next step down is then not the one for the unsure."""
    wrong = []
    for one in library().scripts.values():
        for name, step in one.steps.items():
            below = one.following(name)
            only_if = {case.go for case in getattr(step, "next", ()) if case.when}
            if step.when and below in only_if and one.steps[below].when is None:
                wrong.append(f"{one.id}.{name}")
    assert not wrong


def test_wherever_a_number_to_call_stands_the_confirmed_countrys_comes_first() -> None:
    bare = re.compile(r"112, 911 or 999")
    for page in sorted((CONTENT / "en").rglob("*.yaml")):
        text = re.sub(r"emergency_number\|or\('[^']*'\)", "", page.read_text(encoding="utf-8"))
        assert not bare.search(text), page
