"""Whom to call in an emergency or a crisis, by country, each number with its source and the day it was checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from bot.coach.word_list import Model


class Line(Model):
    """A telephone number that somebody has read in a source."""

    number: Annotated[str, Field(pattern=r"^\d[\d ]*\d$")]
    name: str = ""
    """Who answers; needs no words where it is the ambulance."""
    source: Annotated[str, Field(pattern="^https?://")]
    checked: dt.date

    def is_stale(self, today: dt.date) -> bool:
        """Whether it was checked more than twelve months ago."""
        return (self.checked.year + 1, self.checked.month, self.checked.day) < (today.year, today.month, today.day)


class Country(Model):
    """The numbers of one country."""

    emergency: Line
    crisis: Line | None = None

    def lines(self) -> Iterator[tuple[str, Line]]:
        """Each number with what it is for."""
        yield "emergency", self.emergency
        if self.crisis:
            yield "crisis", self.crisis


class Helplines(Model):
    """Every country with checked numbers, by its ISO 3166 code."""

    countries: Annotated[dict[Annotated[str, Field(pattern="^[A-Z]{2}$")], Country], Field(min_length=1)]

    def stale(self, today: dt.date) -> list[tuple[str, str, Line]]:
        """The country, the use and the number of all that has not been checked for twelve months."""
        return [
            (code, use, line)
            for code, country in self.countries.items()
            for use, line in country.lines()
            if line.is_stale(today)
        ]
