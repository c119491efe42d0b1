"""Where a person is, from what they type: a city or country, a zone's name, or what their clock says."""

from __future__ import annotations

import datetime as dt

from bot.coach import replies
from bot.coach.dialogue import Said
from bot.coach.reading import Unread
from bot.coach.words import Words
from bot.places import distinct_zones, find, zones_at_offset

MOST_GUESSES = 4


def read_place(text: str, words: Words, now: dt.datetime) -> Said | Unread:
    """A zone, or the places the text may mean. `now` (aware) is when it was written."""
    offset = replies.clock_to_offset(text, words, now)
    minutes = (offset.value,) if isinstance(offset, replies.Read) else offset.candidates
    if minutes:
        zones = [zones_at_offset(one, now)[:1] for one in minutes]
        guesses = tuple(_zone_said(zone) for found in zones for zone in found)
        return guesses[0] if len(guesses) == 1 else Unread("ambiguous", guesses)
    places = distinct_zones(find(text[:100]))
    if not places:
        return Unread("not_a_place")
    if len(places) == 1 or places[0].population > 10 * places[1].population:
        return Said(places[0].zone, places[0].name)
    return Unread("ambiguous", tuple(Said(p.zone, _name(p.name, p.region, p.country)) for p in places[:MOST_GUESSES]))


def _zone_said(zone: str) -> Said:
    return Said(zone, zone.split("/")[-1].replace("_", " "))


def _name(name: str, region: str, country: str) -> str:
    return ", ".join(part for part in (name, region, country) if part)
