"""The emergency number and the crisis line of the country a person is in, where it is known and has not changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.coach.dialogue import Facts, Said
from bot.coach.helplines import Country
from bot.library import Library
from bot.places import country_of


def _fact(facts: Facts, name: str) -> str:
    return str(facts[name].value or "") if name in facts else ""


def _confirmed(library: Library, facts: Facts) -> Country | None:
    """The country the person confirmed; None once their clock says they may be in another."""
    code, zone = _fact(facts, "country"), _fact(facts, "zone")
    here = zone == _fact(facts, "country_zone") or country_of(zone) == code
    return library.helplines.countries.get(code) if here else None


def _of_zone(library: Library, facts: Facts, fact: str) -> tuple[str, Country | None]:
    code = country_of(_fact(facts, fact))
    return code, library.helplines.countries.get(code)


def _emergency(library: Library, facts: Facts) -> Said | None:
    country = _confirmed(library, facts)
    return Said(country.emergency.number, country.emergency.number) if country else None


def _crisis(library: Library, facts: Facts) -> Said | None:
    country = _confirmed(library, facts)
    if country is None or country.crisis is None:
        return None
    line = country.crisis
    return Said(line.number, line.number if line.name == line.number else f"{line.name} {line.number}")


def _name(fact: str) -> Callable[[Library, Facts], Said | None]:
    def name(library: Library, facts: Facts) -> Said | None:
        code, country = _of_zone(library, facts, fact)
        return Said(code, library.phrases.countries[code]) if country else None

    return name


def _number(fact: str) -> Callable[[Library, Facts], Said | None]:
    def number(library: Library, facts: Facts) -> Said | None:
        _, country = _of_zone(library, facts, fact)
        return Said(country.emergency.number, country.emergency.number) if country else None

    return number


NUMBERS: Mapping[str, Callable[[Library, Facts], Any]] = {
    "emergency_number": _emergency,
    "crisis_line": _crisis,
    "zone_country": _name("zone"),
    "zone_number": _number("zone"),
    "named_country": _name("country_place"),
    "named_number": _number("country_place"),
}
"""Words that texts and conditions may use: the person's own numbers, and the country and number of their clock's zone
and of the place they named. None where nothing is confirmed or nothing was checked."""
