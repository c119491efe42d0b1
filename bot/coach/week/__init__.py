"""A week of records becomes the figures of the weekly summary and its picture.

A week is the seven local dates that end on the summary's day. What a person did not say is *unanswered*,
never "no"; what the coach failed to ask counts against nobody; nothing here knows a streak.
"""

from bot.coach.week.figures import (
    CELLS,
    HABITS,
    BestLift,
    Cell,
    Day,
    Habit,
    HabitFigures,
    TrendPoint,
    WeekFigures,
    WentWell,
)
from bot.coach.week.records import Cold, Lifted, Night, OwnWord, Slot, Status, Walk, WeekRecords
from bot.coach.week.tally import days_of, summarise, trend

__all__ = [
    "CELLS",
    "HABITS",
    "BestLift",
    "Cell",
    "Cold",
    "Day",
    "Habit",
    "HabitFigures",
    "Lifted",
    "Night",
    "OwnWord",
    "Slot",
    "Status",
    "TrendPoint",
    "Walk",
    "WeekFigures",
    "WeekRecords",
    "WentWell",
    "days_of",
    "summarise",
    "trend",
]
