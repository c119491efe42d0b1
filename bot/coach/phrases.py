"""The short lines that the coach needs everywhere, as an author writes them in phrases.yaml."""

from __future__ import annotations

from bot.coach.script import Model, Strength, Text
from bot.coach.week import Cell


class PictureWords(Model):
    """The few words in the weekly picture."""

    title: Text
    trend: str
    empty: str
    cells: dict[Cell, str]


class WhyWords(Model):
    """What is said when the person asks why, or how sure we are."""

    button: Text
    strength: dict[Strength, Text]
    meaning: dict[Strength, Text]
    """What a strength means, said to each person once."""
    rule: Text
    claim: Text
    article: Text
    sources: Text
    no_claim: Text
    head: Text
    reason: Text
    answer: Text
    private: Text
    other: Text
    held: Text
    held_then: Text
    open: Text
    checkin: Text
    calendar: Text
    summary: Text
    urgent: Text
    kinds: dict[str, Text]
    figures: Text
    figures_habit: Text
    plain: Text
    nothing: Text
    gone: Text
    again: Text


class Phrases(Model):
    """Every line is a text with variants; what it may use stands beside it in phrases.yaml."""

    # the bot's own page in Telegram
    description: Text
    short_description: Text
    trial_operator: Text
    trial_contact: Text
    # buttons
    back: Text
    skip: Text
    done: Text
    same: Text
    picked: Text
    last_time: Text
    undo: Text
    go_on: Text
    resume_area: Text
    today: Text
    yesterday: Text
    # a reply that cannot be read, by its reason; `question` follows
    unread: dict[str, Text]
    did_you_mean: Text
    neither: Text
    # what happened to a question
    chosen: Text
    closed: Text
    closed_day: Text
    noted_back: Text
    nothing_to_undo: Text
    earlier_message: Text
    # outside any question
    nothing_open: Text
    hello: Text
    welcome: Text
    health_news: Text
    logged_walk: Text
    logged_night: Text
    logged_cold: Text
    logged_plate: Text
    logged_sitting: Text
    logged_fiber: Text
    logged: Text
    discreet: Text
    lifts_again: Text
    lifts_lighter: Text
    too_long: Text
    group: Text
    failed: Text
    operator_told: Text
    still_here: Text
    needs_consent: Text
    stopped: Text
    interrupted: Text
    back_again: Text
    back_to_question: Text
    go_on_or_anew: Text
    begin_anew: Text
    cancelled: Text
    nothing_to_cancel: Text
    safety_paused: Text
    exported: Text
    erased: Text
    teach_end: Text
    unknown_command: Text
    # lists
    area_done: Text
    area_begun: Text
    area_waiting: Text
    path_line: Text
    plan_on: Text
    plan_held: Text
    plan_fewer: Text
    plan_silent: Text
    plan_retest: Text
    paused_now: Text
    plan_off: Text
    plan_off_held: Text
    today_item: Text
    today_nothing: Text
    open_list: Text
    held_list: Text
    held_line: Text
    held_none: Text
    later_list: Text
    moving_held: Text
    moving_waits: Text
    draw_dates: Text
    draw_change: Text
    draw_beside: Text
    draw_apart: dict[str, str]
    tests: dict[str, str]
    waiting_list: Text
    waiting: dict[str, Text]
    and_: Text
    messages_a_day: dict[str, Text]
    countries: dict[str, str]
    """The names of the countries of help.yaml, as they stand after "in"."""
    habits: dict[str, str]
    meals: dict[str, str]
    lifts: dict[str, str]
    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    months: tuple[str, ...]
    every_day: str
    workdays: str
    units: dict[str, str]
    statuses: dict[str, str]
    week: dict[str, Text]
    picture: PictureWords
    why: WhyWords
    facts: dict[str, str]
