"""How long and how regularly a person slept."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bot.coach.week.records import Night

_ENOUGH_NIGHTS = 3
_DAY_MINUTES = 1440


def asleep(night: Night) -> float | None:
    """Minutes asleep as said, or the time in bed. Counted in UTC: one zone's clock hides a changed hour."""
    if night.minutes is not None:
        return night.minutes
    if night.bed is None or night.wake is None:
        return None
    minutes = (night.wake.astimezone(dt.UTC) - night.bed.astimezone(dt.UTC)).total_seconds() / 60
    return minutes if 0 < minutes < _DAY_MINUTES else None


def regularity(nights: Sequence[Night]) -> tuple[float | None, Literal["mid_sleep", "bedtime"] | None]:
    """How far mid-sleep, or else bedtimes, are spread in minutes; None of too few nights."""
    middles = [middle for night in nights if (middle := _mid_sleep(night)) is not None]
    if len(middles) >= _ENOUGH_NIGHTS:
        return _clock_spread(middles), "mid_sleep"
    beds = [_clock(night.bed) for night in nights if night.bed is not None]
    if len(beds) >= _ENOUGH_NIGHTS:
        return _clock_spread(beds), "bedtime"
    return None, None


def _mid_sleep(night: Night) -> float | None:
    if night.bed is None or night.wake is None or asleep(replace(night, minutes=None)) is None:
        return None
    bed = night.bed.astimezone(dt.UTC)
    middle = bed + (night.wake.astimezone(dt.UTC) - bed) / 2
    return _clock(middle.astimezone(night.bed.tzinfo))


def _clock(moment: dt.datetime) -> float:
    return moment.hour * 60 + moment.minute + moment.second / 60


def _clock_spread(minutes: Sequence[float]) -> float:
    """Sample standard deviation of clock times in minutes, on the circle: 23:50 and 00:10 are close."""
    angles = [minute / _DAY_MINUTES * math.tau for minute in minutes]
    mean = math.atan2(sum(map(math.sin, angles)), sum(map(math.cos, angles)))
    away = [(angle - mean + math.pi) % math.tau - math.pi for angle in angles]
    middle = sum(away) / len(away)
    variance = sum((angle - middle) ** 2 for angle in away) / (len(away) - 1)
    return math.sqrt(variance) / math.tau * _DAY_MINUTES
