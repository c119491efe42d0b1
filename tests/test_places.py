"""Rules of finding a person's zone: by name, by location, by offset."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import places
from bot.places import TABLE, Place, distinct_zones, find, nearest, normalised, zones_at_offset

WINTER = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)
SUMMER = dt.datetime(2026, 7, 15, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "country", "zone"),
    [
        ("Berlin", "DE", "Europe/Berlin"),
        ("  bErLiN ", "DE", "Europe/Berlin"),
        ("München", "DE", "Europe/Berlin"),
        ("munchen", "DE", "Europe/Berlin"),
        ("Muenchen", "DE", "Europe/Berlin"),
        ("Munich", "DE", "Europe/Berlin"),
        ("São Paulo", "BR", "America/Sao_Paulo"),
        ("sao paulo", "BR", "America/Sao_Paulo"),
        ("Łódź", "PL", "Europe/Warsaw"),
        ("lodz", "PL", "Europe/Warsaw"),
        ("東京", "JP", "Asia/Tokyo"),
        ("Нью-Йорк", "US", "America/New_York"),
        ("القاهرة", "EG", "Africa/Cairo"),
        ("Bombay", "IN", "Asia/Kolkata"),
        ("NYC", "US", "America/New_York"),
        ("Washington, D.C.", "US", "America/New_York"),
        ("Reykjavik", "IS", "Atlantic/Reykjavik"),
        ("Apia", "WS", "Pacific/Apia"),
        ("Kathmandu", "NP", "Asia/Kathmandu"),
    ],
)
def test_a_city_is_found_as_people_write_it(name: str, country: str, zone: str) -> None:
    first = find(name)[0]
    assert (first.country, first.zone) == (country, zone)


@pytest.mark.parametrize(
    ("name", "region", "zone"),
    [
        ("London, Canada", "CA", "America/Toronto"),
        ("london ca", "CA", "America/Toronto"),
        ("London, GB", "GB", "Europe/London"),
        ("london united kingdom", "GB", "Europe/London"),
        ("Valencia, España", "ES", "Europe/Madrid"),
        ("Springfield, IL", "US", "America/Chicago"),
        ("springfield massachusetts", "US", "America/New_York"),
        ("Portland ME", "US", "America/New_York"),
        ("San Jose, Costa Rica", "CR", "America/Costa_Rica"),
        ("Lodnon, Canada", "CA", "America/Toronto"),
    ],
)
def test_a_country_or_state_tells_namesakes_apart(name: str, region: str, zone: str) -> None:
    found = find(name)
    assert {place.country for place in found} == {region}
    assert found[0].zone == zone


def test_namesakes_come_most_populous_first() -> None:
    found = find("Springfield")
    assert len(found) >= 4
    assert [place.population for place in found] == sorted((p.population for p in found), reverse=True)
    assert len({place.region for place in found}) == len(found)


@pytest.mark.parametrize(
    ("name", "zones"),
    [
        ("Japan", ["Asia/Tokyo"]),
        ("Deutschland", ["Europe/Berlin"]),
        ("日本", ["Asia/Tokyo"]),
        ("UK", ["Europe/London"]),
        ("Spain", ["Europe/Madrid", "Atlantic/Canary"]),
        ("Texas", ["America/Chicago", "America/Denver"]),
    ],
)
def test_a_country_gives_one_city_for_each_of_its_zones(name: str, zones: list[str]) -> None:
    assert [place.zone for place in find(name)] == zones


def test_a_large_country_leaves_the_choice() -> None:
    zones = {place.zone for place in find("USA")}
    assert zones >= {"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"}


def test_a_town_that_is_not_listed_counts_as_its_country() -> None:
    assert [place.zone for place in find("Kleinkleckersdorf, Germany")] == ["Europe/Berlin"]
    assert {place.region for place in find("Paris, Texas")} == {"TX"}


def test_what_follows_the_comma_may_be_anything() -> None:
    assert find("Hamburg, Altona-Nord")[0].zone == "Europe/Berlin"


@pytest.mark.parametrize("typo", ["Brelin", "Berlni", "Berlinn", "Verlin", "Belin", "Budapesst", "Lodnon"])
def test_one_wrong_letter_is_forgiven(typo: str) -> None:
    assert {"Berlin", "Budapest", "London"} & {place.name for place in find(typo)}


@pytest.mark.parametrize("nothing", ["", "   ", ",", ", ,", "xqzzyq", "no", "?", "12", "Xq, Germany?!x"])
def test_what_is_no_place_finds_none(nothing: str) -> None:
    assert find(nothing) == []


@pytest.mark.parametrize("typed", ["Europe/Berlin", "europe/berlin", " Europe/berlin"])
def test_a_zone_may_be_typed(typed: str) -> None:
    assert find(typed) == [Place("Europe/Berlin", "DE", "Europe/Berlin", find("Berlin")[0].population)]


def test_a_zone_without_a_city_is_still_a_zone() -> None:
    assert find("UTC") == [Place("UTC", "", "UTC", 0)]
    assert find("america/new york")[0].zone == "America/New_York"
    assert find("Europe/Nowhere") == []


def test_zones_are_told_apart_only_for_display() -> None:
    springfields = find("Springfield")
    shown = distinct_zones(springfields)
    assert shown[0] == springfields[0]
    assert len(shown) == len({place.zone for place in springfields}) < len(springfields)


@pytest.mark.parametrize(
    ("lat", "lon", "zone"),
    [
        (52.52, 13.40, "Europe/Berlin"),
        (40.71, -74.0, "America/New_York"),
        (-33.87, 151.2, "Australia/Sydney"),
        (-18.1, 179.9, "Pacific/Fiji"),
        (-18.1, -179.9, "Pacific/Fiji"),  # across the date line
        (27.7, 85.3, "Asia/Kathmandu"),
    ],
)
def test_a_location_takes_the_nearest_citys_zone(lat: float, lon: float, zone: str) -> None:
    assert nearest(lat, lon).zone == zone


@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180))
@settings(max_examples=30, deadline=None)
def test_every_point_of_the_earth_has_a_zone(lat: float, lon: float) -> None:
    assert nearest(lat, lon).zone in available_timezones()


@pytest.mark.parametrize(
    ("minutes", "at", "first"),
    [
        (60, WINTER, "Europe/Berlin"),
        (330, WINTER, "Asia/Kolkata"),
        (345, WINTER, "Asia/Kathmandu"),
        (-300, WINTER, "America/New_York"),
        (-240, SUMMER, "America/New_York"),
        (480, WINTER, "Asia/Shanghai"),
    ],
)
def test_an_offset_offers_its_largest_zone_first(minutes: int, at: dt.datetime, first: str) -> None:
    assert zones_at_offset(minutes, at)[0] == first


def test_an_offset_offers_each_way_the_clocks_go_before_any_twice() -> None:
    with_summer_time, without = zones_at_offset(-300, WINTER)[:2]
    assert ZoneInfo(with_summer_time).utcoffset(SUMMER.replace(tzinfo=None)) == dt.timedelta(hours=-4)
    assert ZoneInfo(without).utcoffset(SUMMER.replace(tzinfo=None)) == dt.timedelta(hours=-5)


def test_the_persons_country_comes_before_all() -> None:
    assert zones_at_offset(60, WINTER, "NG")[0] == "Africa/Lagos"
    assert zones_at_offset(60, WINTER, "PL")[0] == "Europe/Warsaw"


def test_no_zone_has_an_odd_offset() -> None:
    assert zones_at_offset(17, WINTER) == []


@given(quarters=st.integers(-48, 56), days=st.integers(0, 365))
@settings(max_examples=8, deadline=None)
def test_every_offered_zone_has_the_offset_now(quarters: int, days: int) -> None:
    at = WINTER + dt.timedelta(days=days)
    offset = dt.timedelta(minutes=quarters * 15)
    zones = zones_at_offset(quarters * 15, at)
    assert all(at.astimezone(ZoneInfo(zone)).utcoffset() == offset for zone in zones)
    assert len(set(zones)) == len(zones)


@given(text=st.text(max_size=30))
@settings(max_examples=25, deadline=None)
def test_any_text_may_be_asked_for(text: str) -> None:
    assert isinstance(find(text), list)
    assert normalised(normalised(text)) == normalised(text)


def within_one(one: str, other: str) -> bool:
    """Distance at most one, the plain way."""
    cuts = [(one[:i], one[i:]) for i in range(len(one) + 1)]
    letters = set(other) | {"x"}
    edits = {one}
    edits |= {a + b[1:] for a, b in cuts if b}
    edits |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    edits |= {a + c + b[1:] for a, b in cuts if b for c in letters}
    edits |= {a + c + b for a, b in cuts for c in letters}
    return other in edits


@given(one=st.text("abc", max_size=5), other=st.text("abc", max_size=5))
def test_one_off_is_distance_one(one: str, other: str) -> None:
    assert places.one_off(one, other) == within_one(one, other)
    assert places.one_off(one, other) == places.one_off(other, one)


def test_every_zone_of_the_table_exists() -> None:
    rows = places._table().rows
    assert {row.split("\t")[3] for row in rows} <= available_timezones()
    assert len(rows) > 12_000


def test_the_table_stays_small() -> None:
    assert TABLE.stat().st_size <= 800_000
