"""What a list of words may hold, checked when content is read and not when a reply is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.coach.phrasebook import phrasebook


def _readable(phrases: tuple[str, ...]) -> tuple[str, ...]:
    phrasebook(phrases)
    seen = set[str]()
    for phrase in phrases:
        if phrase in seen:
            raise ValueError(f"“{phrase}” stands here twice")
        seen.add(phrase)
    return phrases


def readable_keys(table: Mapping[str, object]) -> Mapping[str, object]:
    _readable(tuple(table))
    return table


def _clock(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{1,2}:\d\d", value):
        hours, minutes = value.split(":")
        if int(hours) < 24 and int(minutes) < 60:
            return dt.time(int(hours), int(minutes))
    raise ValueError('write a time in quotes, as "8:00" or "19:30"')


Phrases = Annotated[tuple[str, ...], AfterValidator(_readable)]
Some = Annotated[Phrases, Field(min_length=1)]
Clock = Annotated[dt.time, BeforeValidator(_clock)]
Days = tuple[Annotated[int, Field(ge=0, le=6)], ...]
Numbered = Annotated[dict[str, Annotated[int, Field(ge=0)]], AfterValidator(readable_keys)]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
