"""Which zone a person lives in: from the name of a city or country, from a location, from a UTC offset.

The table beside this file holds the cities of at least 50,000 people and the largest city of every zone of
every country, with their names in many scripts. City data: GeoNames (https://www.geonames.org), licensed
under CC BY 4.0, filtered and normalised. Country names: Unicode CLDR, Unicode License v3.
`python -m bot.places_table` writes it anew.
"""

from __future__ import annotations

import datetime as dt
import gzip
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

TABLE = Path(__file__).with_name("places.tsv.gz")

SHORTEST_TYPO = 4  # one letter off in a shorter name is another name
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


class Place(NamedTuple):
    """A city, or a zone typed by its own name, with an IANA zone and an ISO country code ("" if unknown).

    `region` is the state within the United States ("IL") and "" elsewhere: it tells namesakes apart.
    """

    name: str
    country: str
    zone: str
    population: int
    region: str = ""


class _Area(NamedTuple):
    """A country ("DE") or a state of the United States ("US-IL"), with the largest city of each zone."""

    code: str
    capitals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """The file, unparsed where parsing can wait. A city is known by the number of its row.

    `names` gives the rows of a key ("12 873"); the codes of areas only qualify a city's name.
    """

    rows: list[str]
    names: dict[str, str]
    area_names: dict[str, list[_Area]]
    area_codes: dict[str, list[_Area]]

    def cities(self, key: str) -> list[int]:
        return [int(row) for row in self.names.get(key, "").split()]

    def place(self, city: int) -> Place:
        name, country, region, zone, people, *_ = self.rows[city].split("\t")
        return Place(name, country, zone, int(people), region)


def find(name: str) -> list[Place]:
    """Return the places a person may mean, most populous first; none when nothing is like it.

    Reads "München", "munchen", "Paris, Texas", "paris fr", a country ("Japan": its largest city, one for each
    of its zones) and "Europe/Berlin". One wrong letter is forgiven when nothing matches exactly. A town that
    is not in the table counts as its country: "Paris, Texas" gives the largest city of each zone of Texas.
    """
    if zone := _zone_named(name):
        return [zone]
    table = _table()
    head, comma, tail = name.rpartition(",")
    if comma and (found := _in_area(normalised(head), normalised(tail), table)):
        return _by_population(found, table)
    key = normalised(name)
    return _by_population(_named(key, table) or _qualified(key, table) or _misspelt(key, table), table)


def distinct_zones(places: Iterable[Place]) -> list[Place]:
    """Return the first place of each zone: what to show when only the zone is asked for."""
    first: dict[str, Place] = {}
    for place in places:
        first.setdefault(place.zone, place)
    return list(first.values())


@cache
def country_of(zone: str) -> str:
    """Return the ISO code of the country most people of a zone live in; "" where the table does not know the zone."""
    place = _zone_named(zone)
    return place.country if place else ""


def nearest(lat: float, lon: float) -> Place:
    """Return the place nearest to a latitude and longitude in degrees."""
    x, y, z = _point(lat, lon)
    points = _points()
    # Of unit vectors the largest dot product is the shortest way over the sphere, poles and all.
    closeness = [x * point[0] + y * point[1] + z * point[2] for point in points]
    return _table().place(max(range(len(points)), key=closeness.__getitem__))


def zones_at_offset(minutes: int, at: dt.datetime, country: str = "") -> list[str]:
    """Return the zones whose offset from UTC at the aware datetime `at` is that many minutes (east positive).

    First the most populous zone of each way the clocks go in the year after (with and without daylight
    saving), which are the ones to offer; then the others. Zones of `country`, an ISO code, come before all.
    """
    people, home = _people()
    offset = dt.timedelta(minutes=minutes)
    alike: dict[tuple[dt.timedelta | None, ...], list[str]] = defaultdict(list)
    for zone in sorted(people, key=lambda zone: (country not in home[zone], -people[zone], zone)):
        if at.astimezone(ZoneInfo(zone)).utcoffset() == offset:
            alike[coming_year(zone, at)].append(zone)
    groups = sorted(alike.values(), key=lambda group: -sum(people[zone] for zone in group))
    heads = [group[0] for group in groups]
    others = sorted((zone for group in groups for zone in group[1:]), key=lambda zone: -people[zone])
    return sorted([*heads, *others], key=lambda zone: country not in home[zone])


def normalised(name: str) -> str:
    """Return a name as the table keys it: no case, accents, punctuation or double spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    spaced = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in bare if c not in "'’.`")
    return unicodedata.normalize("NFC", " ".join(spaced.translate(_LETTERS).split()))


def _named(key: str, table: _Table) -> list[int]:
    areas = table.area_names.get(key, [])
    return [*table.cities(key), *(city for area in areas for city in area.capitals)]


def _in_area(city: str, area: str, table: _Table) -> list[int]:
    """Read "Paris, Texas"; what follows the comma is ignored when it is no area."""
    found = table.cities(city) or _misspelt(city, table)
    areas = _areas(area, table)
    if not areas:
        return found
    return _within(found, areas, table) or [capital for it in areas for capital in it.capitals]


def _qualified(key: str, table: _Table) -> list[int]:
    """Read "paris fr" or "san jose costa rica": a city's name and the area it lies in."""
    words = key.split()
    for cut in range(len(words) - 1, 0, -1):
        areas = _areas(" ".join(words[cut:]), table)
        if within := _within(table.cities(" ".join(words[:cut])), areas, table):
            return within
    return []


def _areas(key: str, table: _Table) -> list[_Area]:
    return [*table.area_names.get(key, []), *table.area_codes.get(key, [])]


def _within(cities: Iterable[int], areas: Sequence[_Area], table: _Table) -> list[int]:
    codes = {area.code for area in areas}
    places = {city: table.place(city) for city in cities} if codes else {}
    return [city for city, it in places.items() if codes & {it.country, f"{it.country}-{it.region}"}]


def _misspelt(key: str, table: _Table) -> list[int]:
    if len(key) < SHORTEST_TYPO:
        return []
    # One slip leaves the first or the last letter alone; asking for that first is what makes this quick.
    near = (
        name
        for name in (*table.names, *table.area_names)
        if abs(len(name) - len(key)) <= 1 and (name[0] == key[0] or name[-1] == key[-1])
    )
    return [city for name in near if one_off(key, name) for city in _named(name, table)]


def one_off(one: str, other: str) -> bool:
    """Whether one letter added, dropped, replaced or swapped with its neighbour turns one into the other."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    swapped = len(left) >= 2 and left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left == right[1:] or left[1:] == right


def _by_population(cities: Iterable[int], table: _Table) -> list[Place]:
    return [table.place(city) for city in sorted(set(cities))]  # the rows stand in this order


def _zone_named(name: str) -> Place | None:
    typed = name.strip().replace(" ", "_").casefold()
    if "/" not in typed and typed not in ("utc", "gmt"):
        return None
    zone = next((zone for zone in available_timezones() if zone.casefold() == typed), None)
    if zone is None:
        return None
    table = _table()
    inside = (table.place(city) for city, row in enumerate(table.rows) if f"\t{zone}\t" in row)
    largest = next(inside, None)
    return Place(zone, largest.country if largest else "", zone, largest.population if largest else 0)


def coming_year(zone: str, at: dt.datetime) -> tuple[dt.timedelta | None, ...]:
    """The zone's offsets every two weeks for a year: equal for zones whose clocks go together."""
    info = ZoneInfo(zone)
    return tuple((at + dt.timedelta(weeks=n)).astimezone(info).utcoffset() for n in range(0, 53, 2))


def _point(lat: float, lon: float) -> tuple[float, float, float]:
    phi, theta = math.radians(lat), math.radians(lon)
    return math.cos(phi) * math.cos(theta), math.cos(phi) * math.sin(theta), math.sin(phi)


@cache
def _points() -> list[tuple[float, float, float]]:
    degrees = (row.split("\t")[-2:] for row in _table().rows)
    return [_point(float(lat), float(lon)) for lat, lon in degrees]


@cache
def _people() -> tuple[dict[str, int], dict[str, set[str]]]:
    """How many people of the table live in each zone, and the countries it reaches into."""
    table = _table()
    people: dict[str, int] = defaultdict(int)
    home: dict[str, set[str]] = defaultdict(set)
    for place in map(table.place, range(len(table.rows))):
        people[place.zone] += place.population
        home[place.zone].add(place.country)
    return people, home


@cache
def _table() -> _Table:
    """Read the file: rows of areas, of cities (most populous first) and of names, an empty line between."""
    areas, cities, names = gzip.decompress(TABLE.read_bytes()).decode().split("\n\n")
    table = _Table(cities.split("\n"), dict(row.split("\t") for row in names.split("\n")), {}, {})
    for row in areas.split("\n"):
        code, capitals, codes, called = row.split("\t")
        area = _Area(code, tuple(map(int, capitals.split())))
        for keys, index in ((codes, table.area_codes), (called, table.area_names)):
            for key in keys.split("|"):
                index.setdefault(key, []).append(area)
    return table
