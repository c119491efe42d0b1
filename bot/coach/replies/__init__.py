"""What people type, read as the value that was asked for: one reader for each kind of question.

A reader knows what was asked, so "7" is a time, a count or hours of sleep without guessing what the person is
talking about. It returns `Read` with the value, or `Unread` with a reason that content has a sentence for.
Readers never raise on a text, and their time is bounded by its length.
"""

from bot.coach.replies.days import weekdays
from bot.coach.replies.durations import duration
from bot.coach.replies.entries import (
    ColdEntry,
    Entry,
    FiberEntry,
    NightEntry,
    PlateEntry,
    SittingEntry,
    WalkEntry,
    entry_in_words,
)
from bot.coach.replies.intents import (
    YesNo,
    changes_health,
    is_back,
    is_delete,
    is_greeting,
    is_help,
    is_no_numbers,
    is_not_sure,
    is_skip,
    is_stop,
    is_thanks,
    is_why,
    yes_no,
)
from bot.coach.replies.labs import glucose, hba1c, insulin, triglycerides
from bot.coach.replies.lifts import Set, sets
from bot.coach.replies.lines import days_in, heard, meal_in, name, speaks_of_greens
from bot.coach.replies.nights import Night, night
from bot.coach.replies.numbers import number, scale
from bot.coach.replies.offsets import clock_to_offset
from bot.coach.replies.options import choice, several
from bot.coach.replies.outcomes import Amount, Read, Reason, Unread
from bot.coach.replies.times import Hint, time_of_day
from bot.coach.tokens import normalise

__all__ = [
    "Amount",
    "ColdEntry",
    "Entry",
    "FiberEntry",
    "Hint",
    "Night",
    "NightEntry",
    "PlateEntry",
    "Read",
    "Reason",
    "Set",
    "SittingEntry",
    "Unread",
    "WalkEntry",
    "YesNo",
    "changes_health",
    "choice",
    "clock_to_offset",
    "days_in",
    "duration",
    "entry_in_words",
    "glucose",
    "hba1c",
    "heard",
    "insulin",
    "is_back",
    "is_delete",
    "is_greeting",
    "is_help",
    "is_no_numbers",
    "is_not_sure",
    "is_skip",
    "is_stop",
    "is_thanks",
    "is_why",
    "meal_in",
    "name",
    "night",
    "normalise",
    "number",
    "scale",
    "sets",
    "several",
    "speaks_of_greens",
    "time_of_day",
    "triglycerides",
    "weekdays",
    "yes_no",
]
