"""Each of the six areas, on a usual path, to its recap."""

from __future__ import annotations

import pytest

from bot.store.tables import BloodDraw, Run
from tests.conversations.chat import Chat, Stage, golden, rows
from tests.conversations.people import do, known

NONE = ["[None of these]", "[Done ✓]"]
NEITHER = ["[Neither]", "[Done ✓]"]
BERLIN = ["Berlin", "[Yes]", "[Yes]"]
AREAS = {
    "Exercise": [
        *["[I walk a bit]", "[Into the next day]", "[Two hours or more]", "[Tell me]", "[None]", "[Not for me]"],
        *["[A walk after a meal]", "[Dinner]", "[Done ✓]", "after dinner on weekdays I walk to the park and back"],
        *["[The weather]", "Then I walk the stairs twice", "[8]", "Walk while the dinner lands", "[Yes, ask me]"],
        *[*BERLIN, "19:00", "[Yes]", "/areas"],
    ],
    "Nutrition": [
        *["[Dinner]", "[I eat everything]", "[Done ✓]", "[Snacks]", "[Rarely]", "[Protein]", "[Both]"],
        *["[Fat and fish oil]", "[Mostly oil]", "[What to eat first]", "[Vegetables first]"],
        *["[Food around exercise]", "[No]", "[Straight on]", "[No, thanks]"],
        *["[Add a plant to a meal]", "When I make lunch, I add a handful of beans", "[Forgetting]"],
        *["Then I eat an apple at four", "7", "Beans before biscuits", "[No, I've got it]"],
    ],
    "Muscle": [
        *["[Years ago]", "[False]", "[Two]", "[Name them]", "[Add weight]", "[No need]"],
        *[
            "[A chair and a wall]",
            "[Chair squat]",
            "[Push-up]",
            "[Done ✓]",
            "[Push-up]",
            "[I have what I need]",
            "Tuesdays and Fridays at home",
        ],
        *["[Being tired]", "[One round of each]", "[8]", "[Yes, please]", *BERLIN, "[Yes]", "7:30"],
        "A worked muscle eats well",
    ],
    "Sleep & stress": [
        *["[6 to 7 hours]", *NONE, "[Yes, go on]", "[In the afternoon]", "[TV]", "[Comes and goes]", "[Let's try]"],
        *["[Calmer]", "[Earlier last coffee]", "When lunch is over, coffee is over"],
        *["[I'll forget]", "Then tea", "[9]", "[Yes, please]", *BERLIN, "23:00", "6:45"],
        *["When the news ends, lights low and phone away"],
    ],
    "Cold & heat": [
        *["[Cold showers]", "[Feeling awake]", "[Never tried]", "[About 80]", "[Higher]", "[A cool shower finish]"],
        *[*NONE, "[Yes, all of them]", "[20 s]", "Saturday mornings, at the end of my shower", "[No wish for it]"],
        *["[Five seconds]", "[8]", "Brr, but optional", "[Yes, please]", *BERLIN, "[Yes]", "8:00"],
    ],
    "Supplements": [
        *["[Magnesium]", "[Done ✓]", "[I read about it]", "[Go on]", "[Yes, both]", "[Yesterday]", "[Yes, fasting]"],
        *[
            *NONE,
            "5.4 mmol/L",
            "12",
            "[12 µIU/mL]",
            "[Neither]",
            "[Done ✓]",
            "[Skip]",
            "[No, thanks]",
            "[No, thanks]",
            "[Magnesium]",
            "[Done ✓]",
            *NONE,
            "[Rarely]",
        ],
        *["[Ask my pharmacist]", "When I fetch my pills, I ask", "[It feels awkward]", "Then I write it down", "[8]"],
        *["Don't swap pills for powder"],
    ],
}


@pytest.mark.parametrize("title", AREAS)
async def test_an_area_on_its_usual_path(stage: Stage, chat: Chat, title: str) -> None:
    known(chat)
    await do(chat, "/areas", f"[{title}]", *AREAS[title])
    number = list(AREAS).index(title) + 1
    golden(chat, f"area-{number}-{title.split()[0].lower()}")
    area = rows(stage, Run, "script", "status")
    assert (stage.area_id(title), "ended") in area


async def test_an_area_that_was_left_goes_on_days_later(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, "/areas", "[Exercise]", "[I walk a bit]", "/areas", "[Muscle]")
    await chat.later(days=3)
    await do(chat, "/areas", "[Exercise]", "[About an hour]", "/areas")
    golden(chat, "area-left-and-resumed")
    assert rows(stage, Run, "script", "status")[-4:-1] == [
        ("areas", "ended"),
        ("muscle", "parked"),
        ("areas", "ended"),
    ]


async def test_an_area_walked_again_offers_the_earlier_answers(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(chat, "/areas", "[Nutrition]", *AREAS["Nutrition"])
    chat.lines.clear()
    await chat.later(days=14)
    await do(chat, "/areas", "[Nutrition]", "[The ideas again]")
    golden(chat, "area-again")
    assert any("as before" in label or "As before" in label for label in chat.labels())


@pytest.mark.parametrize(("glucose", "name"), [("98 mg/dl", "bloodwork-mg"), ("5.4 mmol/L", "bloodwork-mmol")])
async def test_homa_is_computed_in_both_units(stage: Stage, chat: Chat, glucose: str, name: str) -> None:
    known(chat)
    await do(
        chat,
        "/bloodwork",
        "[Yes, both]",
        "[Yesterday]",
        "[Yes, fasting]",
        *NONE,
        glucose,
        "12 µIU/mL",
        *NEITHER,
        "City Lab",
    )
    golden(chat, name)
    assert len(rows(stage, BloodDraw, "glucose", "glucose_unit", "insulin", "insulin_unit")) == 1


async def test_homa_is_refused_where_it_says_nothing(stage: Stage, chat: Chat) -> None:
    known(chat)
    await do(
        chat,
        "/bloodwork",
        "[Yes, both]",
        "[Today]",
        "[No, I had eaten]",
        *NONE,
        "7.5 mmol/L",
        "20 µIU/mL",
        *NEITHER,
        "[Skip]",
    )
    golden(chat, "bloodwork-not-fasted")
    assert "HOMA-IR:" not in chat.transcript()
