"""No-numbers mode: for those with a history of eating troubles, and for anyone who wishes it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.coach import path
from bot.coach.dialogue import ASKS_A_FIGURE, State, finder, is_figure
from bot.store.tables import Answer, Outbox, Walk
from bot.world import COMPUTED, COUNTED, PersonsWorld
from tests.turns.chat import COLD, LIFTING, ONE_DATABASE, SLEEP, WALKS, Chat, World, berlin
from tests.turns.lifted import lifted
from tests.turns.walks import Talk

pytestmark = ONE_DATABASE

PLAIN: dict[str, Any] = {"life": ["eating"], "no_numbers": "yes"}
HABITS: dict[str, Any] = {**WALKS, **LIFTING, **SLEEP, **COLD, "cold_seconds": 23}
WEEK = dt.timedelta(days=7)
CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
EMERGENCY = re.compile(r"\b(112|911|999)\b")


def figures(texts: Iterable[str]) -> list[str]:
    """The texts that show a figure; a clock time and an emergency number are none."""
    return [text for text in texts if re.search(r"\d", EMERGENCY.sub("", CLOCK.sub("", text)))]


def shown(chat: Chat) -> list[str]:
    """Everything that stands in the chat, with what the buttons say."""
    return [text for one in chat.messages.values() for text in (one.plain, *one.labels)]


def test_it_is_offered_after_an_eating_disorder_is_named(world: World) -> None:
    robin = world.person(life=None)
    robin.send("go.settings")
    robin.tap("Health answers")
    while not any("Eating disorder" in label for label in robin.last.labels):
        robin.tap("None of these")
        robin.tap("Done ✓")
    robin.tap("Eating disorder, ever")
    robin.tap("Done ✓")
    assert "Leave them out" in robin.last.labels
    robin.tap("Leave them out")
    assert robin.facts["no_numbers"] == "yes"


def test_it_is_not_offered_in_the_screen_to_others(world: World) -> None:
    robin = world.person()
    robin.send("go.settings")
    robin.tap("Health answers")
    while not any("Eating disorder" in label for label in robin.last.labels):
        robin.tap("None of these")
        robin.tap("Done ✓")
    robin.tap("None of these")
    robin.tap("Done ✓")
    assert "Leave them out" not in shown(robin)


def test_anyone_may_choose_it_in_the_settings_and_take_it_back(world: World) -> None:
    robin = world.person()
    robin.say("/settings")
    robin.tap("Numbers or none")
    robin.tap("Leave them out")
    assert robin.facts["no_numbers"] == "yes"
    robin.tap("Numbers or none")
    robin.tap("Show numbers")
    assert robin.facts["no_numbers"] == "no"


def test_it_can_be_asked_for_in_words(world: World) -> None:
    robin = world.person()
    robin.say("no numbers, please")
    robin.tap("Leave them out")
    assert robin.facts["no_numbers"] == "yes"


def test_a_week_of_check_ins_and_its_summary_show_no_figure_and_no_picture(world: World) -> None:
    robin = world.person(**HABITS, **PLAIN)
    for day in range(23, 30):
        for hour in range(9, 24):
            world.play(berlin(day, f"{hour}:00"))
            for label in ("As usual 22:30–7:00", "As planned", "Done"):
                if robin.messages and label in robin.last.labels:
                    robin.tap(label)
    said = [text for _, text in world.sent]
    assert {due.script for due in robin.dues(status="done")} == {"walk", "lifting", "sleep_morning", "cold"}
    assert any("Your first week" in text or "Your week" in text for text in said)
    assert any("all you planned got done" in text or "most of what you planned" in text for text in said)
    assert figures(shown(robin)) == []
    assert [row.kind for row in robin.rows(Outbox) if row.kind == "photo" or row.figures] == []


def test_the_week_asked_for_shows_none_either(world: World) -> None:
    robin = world.person(**WALKS, **PLAIN)
    world.play(berlin(23, "19:45"))
    robin.tap("A short one")
    robin.say("/week")
    assert "Walks:" in robin.last.plain
    assert figures(shown(robin)) == []
    assert robin.last.kind == "message"


def test_with_numbers_the_week_has_its_figures_and_picture(world: World) -> None:
    robin = world.person(**WALKS, no_numbers="no", life=["none"])
    world.play(berlin(23, "19:45"))
    robin.tap("5 min")
    robin.say("/week")
    assert any(row.kind == "photo" for row in robin.rows(Outbox))
    assert "1 of 1" in robin.last.plain


def test_a_walk_told_in_words_is_kept_and_not_counted_back(world: World) -> None:
    robin = world.person(**PLAIN)
    robin.say("walked 37 min")
    assert [row.minutes for row in robin.rows(Walk)] == [37]
    assert robin.last.plain.startswith("Noted")
    assert figures(shown(robin)) == []


def test_a_walk_is_logged_by_a_word(world: World) -> None:
    robin = world.person(**PLAIN)
    robin.send("go.log_walk")
    robin.tap("A usual one")
    assert len(robin.rows(Walk)) == 1
    assert figures(shown(robin)) == []


def test_the_next_session_is_told_without_loads_and_repetitions(world: World) -> None:
    robin = world.person(**LIFTING)
    world.play(berlin(23, "18:00"))
    robin.tap("Log sets")
    robin.say("61.5 kg 8 8 8")
    robin.say("8 8")
    robin.say("no numbers")
    robin.tap("Leave them out")
    before = len(robin.messages)
    world.play(berlin(26, "18:00"))
    (told,) = list(robin.messages.values())[before:]
    assert "chair squat and push-up, as last time" in told.plain.lower()
    assert figures([told.plain, *told.labels]) == []
    assert "Log sets" not in told.labels


def test_no_question_of_any_talk_asks_for_a_figure(world: World) -> None:
    for number, area in enumerate(world.coach.library.areas()):
        robin = world.person(7100 + number, **HABITS, **PLAIN)
        for round_ in range(2):
            assert Talk(robin, Random(10 * number + round_)).finish(area.id) == []
        asked = {f"{one.script}.{one.step}" for one in robin.rows(Answer) if one.value is not None}
        numeric = {
            f"{script.id}.{name}"
            for script in world.coach.library.scripts.values()
            for name, step in script.steps.items()
            if isinstance(step, ASKS_A_FIGURE)
        }
        assert asked & numeric == set()
        said = " ".join(shown(robin))
        assert "23 s" not in said
        assert "calorie" not in said.replace("No calories", "")
        assert not [one for one in robin.messages.values() if one.kind == "photo"]


def test_homa_ir_is_worked_out_only_by_an_explicit_wish_for_this_draw(world: World) -> None:
    robin = world.person(no_numbers="yes")
    _a_draw(robin)
    assert "this draw only" in robin.last.plain
    assert "HOMA-IR: " not in " ".join(shown(robin))
    robin.tap("Yes, this once")
    assert "HOMA-IR: 2.2" in " ".join(shown(robin))
    assert not any("✓ 90" in text for text in shown(robin))


def test_homa_ir_stays_out_after_a_no(world: World) -> None:
    robin = world.person(no_numbers="yes")
    _a_draw(robin)
    robin.tap("No, leave it")
    assert "HOMA-IR: " not in " ".join(shown(robin))


def _a_draw(chat: Chat) -> None:
    """Both values of one fasting draw, up to the question that follows them."""
    chat.send("go.log_draw")
    for _ in range(15):
        labels, text = chat.last.labels, chat.last.plain
        if "this draw only" in text:
            return
        if "None of these" in labels or "Neither" in labels:
            chat.tap("None of these" if "None of these" in labels else "Neither")
            chat.tap("Done ✓")
        elif "which lab" in text:
            chat.tap("Skip")
        elif "glucose" in text.lower() and labels[:1] != ["Yes"] and "98 mg/dL" in text:
            chat.say("90 mg/dL")
        elif "insulin" in text.lower() and "µIU" in text:
            chat.say("10 µIU/mL")
        else:
            chat.tap(labels[0])


def test_every_word_that_reads_as_a_figure_is_known_to_the_check(world: World) -> None:
    """What the check does not know as a figure could leave a gap in a text."""
    robin = world.person(**HABITS, no_numbers="yes", path_on=True, path_began="2026-11-10", path_told=["exercise_1"])
    for text in ("walked 20 min", "cold shower 30 sec", "slept 23:00-7:00"):
        robin.say(text)
    lifted(robin, ("squat", 40, 8))
    person = robin.person

    def words(session: Session) -> set[str]:
        know = PersonsWorld(world.coach, session, person, world.now)
        found = {name: finder(know, State(()), know.facts)(name) for name in COMPUTED}
        return {name for name, said in found.items() if said is not None and is_figure(said)}

    shown = world.work(words) - {"visits"}  # nobody counts that against anyone
    assert {"walks_lately", "cold_longest", "nights_lately", "best_set_lately", "path_week"} <= shown <= COUNTED


@pytest.mark.parametrize("why", [PLAIN, {"no_numbers": "yes"}])
@pytest.mark.parametrize("log", [(), ("walked 20 min", "walked 21 min", "slept 23:00-7:00")])
def test_the_lessons_of_the_path_leave_no_gap_where_a_figure_would_stand(
    world: World, why: dict[str, Any], log: tuple[str, ...]
) -> None:
    order = list(path.AREAS)
    began = {"path_on": True, "path_day": [1], "path_time": "18:30", "path_began": "2026-11-24", "path_order": order}
    robin = world.person(**why, **began)
    for n in range(12):
        world.play(berlin(24, "12:00") + n * WEEK)
        for text in log:
            robin.say(text)
            lifted(robin, ("squat", 40, 8))
        robin.new()
        world.play(berlin(24, "18:30") + n * WEEK)
        text = "\n".join(one.plain for one in robin.new())
        assert text, n
        assert not re.search(r"  |^ | [.,:;]|\bweek (\d|by week of)|\d+ (walks|sets|nights|minutes walked)", text), text
        robin.tap("Not this week")
