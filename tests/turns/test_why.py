"""Why a message came, and how sure we are of what it claims: the button under a lesson, and /why."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.conversation import Conversation
from bot.markup import length, mistakes
from bot.store import outbox
from bot.store.tables import Outbox, Run
from bot.why import Why, at_a_space
from tests.turns.chat import MONDAY, WALKS, Chat, Shown, World, berlin

BUTTON = "How sure are we?"
STRENGTHS = ("Well shown.", "Fairly well shown.", "Hinted at.", "Hardly shown.")
AGAIN = "I told you just now; it's further down."


def lesson(chat: Chat, area: str = "/areas") -> Shown:
    """Walks into Exercise until its first lesson has been told; the next question stands below it."""
    chat.say(area)
    chat.tap("Exercise")
    chat.tap("I walk a bit")
    chat.tap("Into the next day")
    return chat.with_button(BUTTON)


def test_the_button_tells_the_strength_the_sources_and_what_the_article_says(world: World) -> None:
    robin = world.person()
    found = lesson(robin)
    assert "16 hours" in found.plain
    (told,) = robin.tap(BUTTON)
    assert told.plain.startswith("Well shown.")
    assert "You may read: More GLUT4 gates" in told.plain
    assert '<a href="https://doi.org/10.2337/dc16-1728">' in told.text
    assert '<a href="https://pubmed.ncbi.nlm.nih.gov/10683091/">' in told.text
    assert not mistakes(told.text)
    assert length(told.text) <= 4096


def test_the_open_question_stays_open_and_is_not_asked_again(world: World) -> None:
    robin = world.person()
    lesson(robin)
    question, before = robin.last, robin.open_run("exercise").state
    assert len(robin.tap(BUTTON)) == 1
    assert robin.open_run("exercise").state == before
    robin.tap("About an hour", question)
    assert robin.open_run("exercise").state != before


def test_a_second_tap_is_answered_by_a_notice_and_hours_later_by_a_new_copy(world: World) -> None:
    robin = world.person()
    lesson(robin)
    robin.tap(BUTTON)
    assert robin.tap(BUTTON) == []
    assert robin.notice == AGAIN
    world.now += dt.timedelta(hours=2)
    assert len(robin.tap(BUTTON)) == 1


def test_the_button_outlives_the_question_of_its_message_and_the_run(world: World) -> None:
    robin = world.person()
    found = lesson(robin)
    robin.say("/cancel")
    world.now += dt.timedelta(days=40)
    assert BUTTON in robin.messages[found.id].labels
    assert len(robin.tap(BUTTON, found)) == 1


def test_while_a_red_flag_stands_the_safety_question_answers(world: World) -> None:
    robin = world.person()
    found = lesson(robin)
    robin.say("my chest hurts")
    for told in (robin.tap(BUTTON, found), robin.say("/why"), robin.say("why?")):
        assert "Coaching is on hold" in told[0].plain
        assert not told[0].plain.startswith(STRENGTHS)


def test_who_declined_has_the_button_and_only_outgoing_text_is_kept(world: World) -> None:
    robin = Chat(world, 7001)
    robin.say("/start")
    robin.tap("Yes, 18 or over")
    robin.tap("Just teach me")
    robin.say("/areas")
    robin.tap("Exercise")
    found = robin.with_button(BUTTON)
    assert "Go on" in found.labels
    before = world.counts()
    (told,) = robin.tap(BUTTON)
    assert told.plain.startswith(STRENGTHS)
    changed = {name for name, count in world.counts().items() if count != before[name]}
    assert changed == {"update_seen", "outbox"}
    robin.tap("Go on")
    assert robin.messages[found.id].labels == [BUTTON]
    assert all(not row.told["because"] for row in robin.rows(Outbox) if row.told and "because" in row.told)


def test_a_forged_tap_under_a_message_without_a_claim_says_nothing(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    robin.new()
    for message in (robin.last.id, 999999, None):
        assert robin.send("why", message) == []
        assert robin.notice == "I have nothing more on that message. /why is about the last one."


def test_why_after_a_lesson_and_its_question_tells_both_the_way_and_the_evidence(world: World) -> None:
    robin = world.person()
    lesson(robin)
    (told,) = robin.say("/why")
    assert told.plain.startswith("Why this came\n• Your safety answers leave easy walks and light strength open")
    assert "Well shown." in told.plain
    (again,) = robin.say("/why")
    assert again.plain == told.plain.replace("Well shown. Large studies, or many, agree.", "Well shown.")


def test_why_after_a_question_says_that_it_claims_nothing(world: World) -> None:
    robin = world.person()
    robin.say("/areas")
    robin.tap("Exercise")
    (told,) = robin.say("why?")
    assert "It claims nothing that a study would have to show" in told.plain
    robin.tap("I walk a bit")
    assert robin.open_run("exercise")


def test_why_with_a_reply_is_about_the_message_replied_to(world: World) -> None:
    robin = world.person()
    found = lesson(robin)
    robin.say("/plan")
    (told,) = robin.say("/why", reply_to=found.id)
    assert "Well shown." in told.plain


def test_why_after_a_check_in_says_who_switched_it_on_and_for_when(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"))
    robin.new()
    (told,) = robin.say("why?")
    assert "You switched on walks after dinner, for 19:45." in told.plain
    assert robin.dues("walk")[0].status == "asked"
    robin.tap("Done")
    assert robin.rows(Run, script="walk")[0].status == "open"


def test_why_in_a_free_text_question_is_the_answer_unless_it_is_the_command(world: World) -> None:
    robin = world.person(name="Robin")
    robin.say("/settings")
    robin.tap("Name")
    assert "Why this came" in robin.say("/why")[0].plain
    robin.say("why")
    assert robin.facts["name"] == "why"


def test_a_held_topic_is_explained_by_the_screen_and_no_answer_is_quoted(world: World) -> None:
    robin = world.person(exercise_ok="no")
    robin.say("/areas")
    robin.tap("Exercise")
    robin.tap("I walk a bit")
    (told,) = robin.say("/why")
    assert "Your safety answers hold easy walks and light strength for now" in told.plain


def test_safety_answers_are_kept_in_no_reason(world: World) -> None:
    robin = world.person(body=["heart"], life=["eating"])
    robin.say("/areas")
    robin.tap("Nutrition")
    for _ in range(8):
        if not robin.last.buttons:
            break
        robin.tap(robin.last.labels[0])
    names = [reason for row in robin.rows(Outbox) for reason in (row.told or {}).get("because", [])]
    assert all(not words for name, words in names if world.coach.library.private(name))


def test_every_claim_of_the_content_is_told_in_a_message_that_telegram_takes(world: World) -> None:
    robin, library = world.person(), world.coach.library
    steps = [f"{script.id}.{step}" for script in library.scripts.values() for step in script.steps]
    claims = [step for step in steps if library.evidence(step)]

    def tell(session: Session) -> list[str]:
        why = Why(Conversation(world.coach, session, robin.person, world.now))
        return [why.evidence([Outbox(told={"steps": [step]})]) for step in claims]

    told = world.work(tell)
    assert len(claims) > 40
    assert [text for text in told if mistakes(text) or length(text) > 4096] == []
    assert all(text.removeprefix("<b>").startswith((*STRENGTHS, "A careful rule")) for text in told)


def test_why_before_anything_was_said_is_answered_plainly(world: World) -> None:
    robin = world.person()
    (told,) = robin.say("/why")
    assert told.plain == "There is nothing to explain yet. Ask me again after my next message."


# what the clock starts without a habit

YEAR = dt.timedelta(days=365)


def test_the_yearly_look_is_a_check_in_and_no_summary(world: World) -> None:
    robin = world.person(**WALKS)
    world.sleep_until(MONDAY + YEAR - dt.timedelta(days=2))
    robin.say("/today")
    world.play(MONDAY + YEAR + dt.timedelta(days=1, hours=2))
    robin.new()
    asked = robin.with_button("Nothing changed")
    (told,) = robin.say("/why", reply_to=asked.id)
    assert "safety answers" in told.plain
    assert "week's summary" not in told.plain
    assert [row.priority for row in robin.rows(Outbox) if "about a year since" in row.text] == [outbox.CHECK_IN]


def test_the_reminder_of_a_blood_test_is_a_check_in_and_no_summary(world: World) -> None:
    robin = world.person(retest_on="2026-11-25")
    world.play(berlin(25, "09:05"))
    robin.new()
    (told,) = robin.say("/why")
    assert "blood test reminder" in told.plain
    assert "week's summary" not in told.plain
    assert [row.priority for row in robin.rows(Outbox) if "next blood draw" in row.text] == [outbox.CHECK_IN]


def test_the_weekly_summary_is_still_called_one(world: World) -> None:
    robin = world.person(**WALKS, summary_day=[6], summary_time="18:00")
    world.play(berlin(29, "18:05"))
    robin.new()
    summary = next(row for row in robin.rows(Outbox) if row.priority == outbox.SUMMARY)
    (told,) = robin.say("/why", reply_to=summary.message_id)
    assert "week's summary" in told.plain


# the words


def test_what_a_strength_means_is_said_once_and_then_only_its_name(world: World) -> None:
    robin = world.person()
    lesson(robin)
    (first,) = robin.tap(BUTTON)
    assert first.plain.startswith("Well shown. Large studies, or many, agree.")
    world.now += dt.timedelta(hours=2)
    (later,) = robin.tap(BUTTON)
    assert later.plain.startswith("Well shown.\n")


def test_a_quote_is_cut_at_a_space() -> None:
    assert at_a_space("losing a modest part of it", 22) == "losing a modest part…"
    assert at_a_space("short", 22) == "short"
    assert at_a_space("x" * 30, 10) == "x" * 9 + "…"
