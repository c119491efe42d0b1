"""The emergency number is that of a country the person confirmed, and never that of one they may have left."""

from __future__ import annotations

import pytest

from tests.turns.chat import ONE_DATABASE, WALKS, Chat, World

pytestmark = ONE_DATABASE

FALLBACK = "your local emergency number"
HURTS = "I have chest pain"
IN_GERMANY = {"country": "DE", "country_zone": "Europe/Berlin"}


def settings(robin: Chat, option: str) -> None:
    robin.say("/settings")
    robin.tap(option)


def said(robin: Chat, text: str) -> str:
    return " ".join(message.plain for message in robin.say(text))


def test_a_confirmed_country_gives_its_own_numbers(world: World) -> None:
    robin = world.person(**WALKS, **IN_GERMANY)
    assert "Call 112 now" in said(robin, HURTS)
    told = said(robin, "I want to kill myself")
    assert "0800 111 0 111" in told
    assert "988" not in told
    assert "call 112" in said(robin, "/help")


def test_the_line_that_coaching_is_on_hold_names_the_confirmed_number(world: World) -> None:
    robin = world.person(**WALKS, country="GB", country_zone="Europe/Berlin")
    robin.say(HURTS)
    assert "feel worse, call 999 now" in said(robin, "go on")


def test_a_clock_set_inside_an_area_asks_for_the_country(world: World) -> None:
    robin = world.person(zone=None)
    robin.say("/plan")
    robin.tap("Walks")
    robin.say("Munich")
    robin.tap("Yes")
    assert "In Germany the emergency number is 112. Is that where you are?" in robin.last.plain
    robin.tap("Yes")
    assert robin.facts["country"] == "DE"
    assert "After which meals" in robin.last.plain


def test_an_unknown_country_gives_the_local_number_by_name(world: World) -> None:
    robin = world.person(**WALKS)
    assert FALLBACK in said(robin, HURTS)
    told = said(robin, "I want to kill myself")
    assert "findahelpline.com" in told
    assert FALLBACK in told


def test_the_country_is_guessed_from_the_clock_and_confirmed_in_settings(world: World) -> None:
    robin = world.person(**WALKS)
    settings(robin, "Country")
    assert "In Germany the emergency number is 112. Is that where you are?" in robin.last.plain
    robin.tap("Yes")
    assert robin.facts["country"] == "DE"
    assert "Call 112 now" in said(robin, HURTS)


def test_another_country_than_the_clocks_can_be_named(world: World) -> None:
    robin = world.person(**WALKS)
    settings(robin, "Country")
    robin.tap("No, elsewhere")
    told = said(robin, "Austria")
    assert "In Austria it is 112" in told
    assert "142" in said(robin, "I want to kill myself")


def test_a_country_nobody_checked_has_no_number(world: World) -> None:
    robin = world.person(**WALKS, **IN_GERMANY)
    settings(robin, "Country")
    robin.tap("No, elsewhere")
    assert "no checked number" in said(robin, "Kenya")
    assert FALLBACK in said(robin, HURTS)


def test_who_skips_keeps_the_local_number_by_name(world: World) -> None:
    robin = world.person(**WALKS)
    settings(robin, "Country")
    robin.tap("Skip")
    assert "country" not in robin.facts
    assert FALLBACK in said(robin, HURTS)


def test_a_clock_in_another_country_takes_the_number_back_until_it_is_confirmed(world: World) -> None:
    robin = world.person(**WALKS, **{**IN_GERMANY, "zone": "Asia/Tokyo"})
    assert FALLBACK in said(robin, HURTS)


def test_after_a_move_the_country_is_asked_about_anew(world: World) -> None:
    robin = world.person(**WALKS, **IN_GERMANY)
    settings(robin, "Time zone")
    robin.say("London")
    robin.tap("Yes")
    assert "In the United Kingdom the emergency number is 999" in robin.last.plain
    robin.tap("Yes")
    assert "Call 999 now" in said(robin, HURTS)


def test_a_move_within_the_country_asks_nothing(world: World) -> None:
    robin = world.person(**WALKS, country="US", country_zone="America/New_York", zone="America/New_York")
    settings(robin, "Time zone")
    robin.say("Chicago")
    robin.tap("Yes")
    assert "emergency number" not in robin.last.plain
    assert "Call 911 now" in said(robin, HURTS)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", "Etc/GMT+5"])
def test_whoever_said_nothing_is_told_no_countrys_number(world: World, zone: str) -> None:
    robin = world.person(**WALKS, zone=zone)
    assert FALLBACK in said(robin, HURTS)
