"""What people type is read as what they mean, or not at all."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach import replies
from bot.coach.bloodwork import Glucose, HbA1c, Insulin, Triglycerides
from bot.coach.replies import (
    ColdEntry,
    Entry,
    FiberEntry,
    Hint,
    Night,
    NightEntry,
    PlateEntry,
    Read,
    Reason,
    Set,
    SittingEntry,
    Unread,
    WalkEntry,
)
from bot.coach.tokens import MAX_TEXT
from bot.coach.words import Words
from bot.whereabouts import read_place
from tests.coach import english

WORDS = english()


def _time(clock: str) -> dt.time:
    return dt.time.fromisoformat(clock)


# --- numbers


@pytest.mark.parametrize(
    ("text", "kg"),
    [
        ("65", 65),
        ("65 kg", 65),
        ("65kg", 65),
        ("65 KG.", 65),
        ("sixty five", 65),
        ("sixty-five kilos", 65),
        ("65,5", 65.5),
        ("65.5", 65.5),
        ("sorry, 65", 65),
        ("about 65", 65),
        ("65-ish", 65),
        ("65ish", 65),
        ("~65", 65),
        ("65 or so", 65),
        ("I weigh 65 kg", 65),
        ("it's 65!", 65),
        ("kg 65", 65),
        ("143 lb", 64.86),
        ("143lbs", 64.86),
        ("a hundred and ten kg", 110),
        ("one hundred ten", 110),
        ("a hundred", 100),
        ("10 st 4", 65.32),
        ("10 stone 4 lb", 65.32),
        ("６５", 65),
        ("٦٥", 65),
        ("6️⃣5️⃣ kg", 65),
        ("65½", 65.5),
        ("65 1/2", 65.5),
        ("sixty five and a half", 65.5),
        ("sixty five point five", 65.5),
        ("\u200f65\u200e", 65),
        ("65 💪", 65),
    ],
)
def test_a_weight_is_read_in_kilograms(text: str, kg: float) -> None:
    read = replies.number(text, WORDS, unit="kg", lo=30, hi=300)
    assert isinstance(read, Read)
    assert read.value == pytest.approx(kg, abs=0.01)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("7", 7),
        ("seven", 7),
        ("seven-ish", 7),
        ("sevenish", 7),
        ("about 12", 12),
        ("12-ish", 12),
        ("10 or so", 10),
        ("a dozen", 12),
        ("half a dozen", 6),
        ("two dozen", 24),
        ("twenty-five", 25),
        ("8,000", 8000),
        ("8.000", 8000),
        ("1,234,567", 1234567),
        ("7½", 7.5),
        ("half", 0.5),
        ("maybe 3?", 3),
    ],
)
def test_a_count_is_read(text: str, count: float) -> None:
    read = replies.number(text, WORDS, lo=0, hi=10_000_000)
    assert isinstance(read, Read)
    assert read.value == count


@pytest.mark.parametrize(
    ("text", "reason", "candidates"),
    [
        ("", "not_a_number", ()),
        ("hello", "not_a_number", ()),
        ("👍", "not_a_number", ()),
        ("10-15", "ambiguous", (10, 15)),
        ("10 to 15", "ambiguous", (10, 15)),
        ("between 10 and 15", "ambiguous", (10, 15)),
        ("10 or 12", "ambiguous", (10, 12)),
        ("1.234,5", "ambiguous", ()),
        ("10 12", "two_values", (10, 12)),
        ("5 apples and a pear", "ambiguous", (5,)),
        ("my 3 cats are lovely", "ambiguous", (3,)),
        ("-5", "below", (-5,)),
        ("0", "below", (0,)),
        ("900", "above", (900,)),
        ("under 5", "inexact", (5,)),
        ("more than 10", "inexact", (10,)),
        ("<5", "inexact", (5,)),
        ("7 kg", "wrong_unit", ()),
        ("20 min", "wrong_unit", ()),
        ("99999999999999999999", "not_a_number", ()),
        ("1.5", "not_whole", (1, 2)),
    ],
)
def test_what_is_not_one_count_says_why(text: str, reason: Reason, candidates: tuple[float, ...]) -> None:
    read = replies.number(text, WORDS, lo=1, hi=100, whole=True)
    assert isinstance(read, Unread)
    assert (read.reason, read.candidates) == (reason, candidates)


def test_a_number_outside_names_its_limit() -> None:
    assert replies.number("900 lb", WORDS, unit="kg", lo=30, hi=300) == Unread("above", (408.23,), 300)
    assert replies.number("20", WORDS, unit="kg", lo=30, hi=300) == Unread("below", (20.0,), 30)


def test_the_limits_decide_what_a_comma_means() -> None:
    assert replies.number("1,234", WORDS, lo=0, hi=10) == Read(1.234, guessed=True)
    assert replies.number("1,234", WORDS, lo=100, hi=5000) == Read(1234.0, guessed=True)
    assert replies.number("1,234", WORDS, lo=0, hi=5000) == Unread("ambiguous", (1234.0, 1.234))


def test_a_number_without_a_unit_takes_the_person_s() -> None:
    read = replies.number("143", WORDS, unit="kg", bare="lb", lo=30, hi=300)
    assert read == Read(64.86, typed=replies.Amount(143.0, "lb"))


def test_minutes_may_be_said_in_hours() -> None:
    assert isinstance(read := replies.number("half an hour", WORDS, unit="min", lo=1, hi=60), Read)
    assert read.value == 30


def test_both_ends_of_a_range_share_a_unit() -> None:
    read = replies.number("150-160 lb", WORDS, unit="kg", lo=30, hi=300)
    assert read == Unread("ambiguous", (68.04, 72.57))


@pytest.mark.parametrize(
    ("text", "cm"),
    [("180", 180), ("1.80 m", 180), ("1,80m", 180), ("1m80", 180), ("5'11", 180.34), ("5 ft 11", 180.34)],
)
def test_a_height_is_read_in_centimetres(text: str, cm: float) -> None:
    read = replies.number(text, WORDS, unit="cm", lo=100, hi=230)
    assert isinstance(read, Read)
    assert read.value == pytest.approx(cm, abs=0.01)


@pytest.mark.parametrize(
    ("text", "celsius"), [("10", 10), ("10°C", 10), ("50 F", 10), ("50 °F", 10), ("12 degrees", 12)]
)
def test_a_temperature_is_read_in_celsius(text: str, celsius: float) -> None:
    assert isinstance(read := replies.number(text, WORDS, unit="c", lo=0, hi=40), Read)
    assert read.value == pytest.approx(celsius)


def test_a_hedge_is_remembered() -> None:
    assert replies.number("about 12", WORDS, lo=0, hi=50) == Read(12.0, rough=True)
    assert replies.number("12", WORDS, lo=0, hi=50) == Read(12.0)


@given(st.integers(0, 999))
def test_a_number_in_words_reads_as_the_number(value: int) -> None:
    names = {number: name for name, number in reversed(WORDS.numbers.words.items())}
    hundreds, rest = divmod(value, 100)
    tens = names[rest] if rest in names else f"{names[rest - rest % 10]}-{names[rest % 10]}"
    spelled = tens if not hundreds else f"{names[hundreds]} hundred" + (f" and {tens}" if rest else "")
    assert replies.number(spelled, WORDS, lo=0, hi=1000) == Read(float(value))


@given(st.decimals(0, 500, places=1), st.sampled_from([".", ","]), st.sampled_from(["", " kg", "kg", " kilos"]))
def test_a_decimal_reads_as_itself_with_either_mark(value: object, mark: str, unit: str) -> None:
    read = replies.number(f"{value}".replace(".", mark) + unit, WORDS, unit="kg", lo=0, hi=500)
    assert isinstance(read, Read)
    assert read.value == float(str(value))


# --- scales


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("7", 7),
        ("seven", 7),
        ("7/10", 7),
        ("7 / 10", 7),
        ("8 out of 10", 8),
        ("8 of 10", 8),
        ("10/10", 10),
        ("10!", 10),
        ("a 7", 7),
        ("about 6", 6),
        ("zero", 0),
        ("ten out of ten", 10),
        ("I'd say 4", 4),
        ("8 I reckon", 8),
        ("8, with the kids at home", 8),
    ],
)
def test_a_score_is_read(text: str, score: int) -> None:
    assert isinstance(read := replies.scale(text, WORDS), Read)
    assert read.value == score


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11", Unread("above", (11,), 10)),
        ("11/10", Unread("above", (11,), 10)),
        ("-1", Unread("below", (-1,), 0)),
        ("7.5", Unread("not_whole", (7, 8))),
        ("7.5/10", Unread("not_whole", (7, 8))),
        ("7-8", Unread("ambiguous", (7, 8))),
        ("4/5", Unread("ambiguous", (4, 8))),
        ("good", Unread("not_a_number")),
        ("not 8", Unread("ambiguous", (8,))),
        ("8 last week, 5 now", Unread("two_values", (8, 5))),
    ],
)
def test_what_is_no_score_says_why(text: str, expected: Unread[int]) -> None:
    assert replies.scale(text, WORDS) == expected


# --- a person's own line


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("just call me Hemi", "Hemi"),
        ("I'm Aoife", "Aoife"),
        ("My name is Renate.", "Renate"),
        ("Mary Ann", "Mary Ann"),
        ("Tim", "Tim"),
        ("Im", "Im"),
    ],
)
def test_what_leads_up_to_a_name_is_no_part_of_it(text: str, name: str) -> None:
    assert replies.name(text, WORDS) == name


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("my knee", "sore"),
        ("Rain mostly", "weather"),
        ("no pain", None),
        ("knee and rain", None),
        ("a kneeling chair", None),
        ("the ward is on fire", None),
    ],
)
def test_a_line_is_heard_as_the_one_answer_whose_words_it_holds(text: str, option: str | None) -> None:
    assert replies.heard(text, WORDS, {"sore": ("knee", "pain"), "weather": ("rain",), "tired": ()}) == option


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon, Wed, Fri after work, straight to the rack", (0, 2, 4)),
        ("tues and thurs in the shed", (1, 3)),
        ("On weekdays I walk to the park", (0, 1, 2, 3, 4)),
        ("Monday to Friday at six", (0, 1, 2, 3, 4)),
        ("After dinner we walk, all four of us", ()),
        ("when I sat in the sun", ()),
        ("every day except Sunday", ()),
        ("Two mornings a week after coffee", ()),
    ],
)
def test_days_are_read_in_a_line_only_where_they_are_surely_days(text: str, days: tuple[int, ...]) -> None:
    assert replies.days_in(text, WORDS) == days


@pytest.mark.parametrize(
    ("text", "meal"),
    [("After supper I walk the dog", "dinner"), ("lunch, then out", "lunch"), ("after lunch or dinner", None)],
)
def test_the_meal_of_a_line_is_the_one_it_names(text: str, meal: str | None) -> None:
    assert replies.meal_in(text, WORDS) == meal


# --- times of day


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("7pm", "19:00"),
        ("7 pm", "19:00"),
        ("7 p.m.", "19:00"),
        ("7PM!", "19:00"),
        ("7p", "19:00"),
        ("7am", "07:00"),
        ("7 a.m", "07:00"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
        ("12:30 am", "00:30"),
        ("19:30", "19:30"),
        ("19.30", "19:30"),
        ("19h30", "19:30"),
        ("19h", "19:00"),
        ("19 30", "19:30"),
        ("1930", "19:30"),
        ("0730", "07:30"),
        ("07:30", "07:30"),
        ("07.30", "07:30"),
        ("at 19:30", "19:30"),
        ("around 8 in the evening", "20:00"),
        ("8 in the evening", "20:00"),
        ("8 in the morning", "08:00"),
        ("5 in the afternoon", "17:00"),
        ("11 at night", "23:00"),
        ("2 at night", "02:00"),
        ("tonight at 9", "21:00"),
        ("noon", "12:00"),
        ("at noon", "12:00"),
        ("midnight", "00:00"),
        ("12 noon", "12:00"),
        ("24:00", "00:00"),
        ("0:15", "00:15"),
        ("00:15", "00:15"),
        ("half past seven pm", "19:30"),
        ("quarter to 8 pm", "19:45"),
        ("quarter to 8 in the evening", "19:45"),
        ("19pm", "19:00"),
        ("2000 hours", "20:00"),
        ("nineteen thirty", "19:30"),
        ("twenty thirty", "20:30"),
        ("morning", "08:00"),
        ("in the evening", "19:00"),
        ("half past midnight", "00:30"),
        ("quarter to midnight", "23:45"),
        ("20 minutes past noon", "12:20"),
    ],
)
def test_a_clear_time_is_read_without_a_hint(text: str, clock: str) -> None:
    assert isinstance(read := replies.time_of_day(text, WORDS), Read)
    assert read.value == _time(clock)


@pytest.mark.parametrize(
    ("text", "hint", "clock"),
    [
        ("7", "morning", "07:00"),
        ("7", "evening", "19:00"),
        ("7", "noon", "07:00"),
        ("1", "noon", "13:00"),
        ("12", "noon", "12:00"),
        ("12", "evening", "00:00"),
        ("1", "evening", "01:00"),
        ("11", "evening", "23:00"),
        ("7.30", "evening", "19:30"),
        ("7:30", "morning", "07:30"),
        ("7 30", "morning", "07:30"),
        ("730", "morning", "07:30"),
        ("7ish", "evening", "19:00"),
        ("7-ish", "evening", "19:00"),
        ("sevenish", "evening", "19:00"),
        ("seven", "evening", "19:00"),
        ("seven thirty", "evening", "19:30"),
        ("7 o'clock", "evening", "19:00"),
        ("7 o’clock", "evening", "19:00"),
        ("half past seven", "evening", "19:30"),
        ("half seven", "evening", "19:30"),
        ("half past 7", "morning", "07:30"),
        ("quarter to 8", "evening", "19:45"),
        ("quarter past 8", "evening", "20:15"),
        ("a quarter to eight", "evening", "19:45"),
        ("ten past 7", "morning", "07:10"),
        ("20 to 8", "morning", "07:40"),
        ("5 after 7", "morning", "07:05"),
        ("20 minutes to 8", "morning", "07:40"),
        ("quarter to 1", "noon", "12:45"),
        ("about 7, i think", "evening", "19:00"),
        ("usually around 10", "evening", "22:00"),
        ("sorry, 7", "evening", "19:00"),
        ("7:30", "evening", "19:30"),
        ("11", "night", "23:00"),
        ("10:30", "night", "22:30"),
        ("9:30", "night", "21:30"),
        ("12", "night", "00:00"),
        ("12:30", "night", "00:30"),
        ("1", "night", "01:00"),
        ("2", "night", "02:00"),
    ],
)
def test_a_bare_hour_takes_the_hint_and_says_it_guessed(text: str, hint: Hint, clock: str) -> None:
    assert isinstance(read := replies.time_of_day(text, WORDS, hint=hint), Read)
    assert (read.value, read.guessed) == (_time(clock), True)


@pytest.mark.parametrize(
    ("text", "clocks"),
    [("8:30", ("08:30", "20:30")), ("8", ("08:00", "20:00")), ("3", ("03:00", "15:00")), ("5:15", ("05:15", "17:15"))],
)
def test_a_bedtime_that_may_follow_a_night_shift_is_asked_about(text: str, clocks: tuple[str, ...]) -> None:
    assert replies.time_of_day(text, WORDS, hint="night") == Unread("ambiguous", tuple(map(_time, clocks)))
    assert replies.time_of_day("8:30 pm", WORDS, hint="night") == Read(_time("20:30"))


@pytest.mark.parametrize(
    ("text", "reason", "clocks"),
    [
        ("7", "ambiguous", ("07:00", "19:00")),
        ("12", "ambiguous", ("00:00", "12:00")),
        ("half past seven", "ambiguous", ("07:30", "19:30")),
        ("between 7pm and 8pm", "ambiguous", ("19:00", "20:00")),
        ("19:00-20:00", "ambiguous", ("19:00", "20:00")),
        ("25:00", "not_a_time", ()),
        ("7:65", "not_a_time", ()),
        ("21 Uhr", "not_a_time", ()),
        ("13 am", "not_a_time", ()),
        ("20 min", "not_a_time", ()),
        ("whenever", "not_a_time", ()),
        ("", "not_a_time", ()),
        ("99999", "not_a_time", ()),
        ("after work", "not_a_time", ()),
        ("7 and 9", "ambiguous", ("07:00", "09:00")),
        ("7pm, 9pm", "two_values", ()),
    ],
)
def test_an_unclear_time_says_why(text: str, reason: Reason, clocks: tuple[str, ...]) -> None:
    read = replies.time_of_day(text, WORDS)
    assert isinstance(read, Unread)
    assert read.reason == reason
    if text != "7 and 9":
        assert read.candidates == tuple(map(_time, clocks))


@given(st.times(), st.sampled_from(["%H:%M", "%H.%M", "%H%M", "%I:%M %p", "%I.%M%p"]))
def test_a_written_time_reads_as_itself(time: dt.time, form: str) -> None:
    time = time.replace(second=0, microsecond=0, tzinfo=None)
    read = replies.time_of_day(time.strftime(form), WORDS)
    # "10:30" may be the evening's: then both are offered.
    assert time in ((read.value,) if isinstance(read, Read) else read.candidates)


# --- what the person's clock says

NOON = dt.datetime(2025, 3, 5, 12, 2, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("14:00", 120),
        ("14:02", 120),
        ("12:05", 0),
        ("2pm", 120),
        ("17:30", 330),
        ("17:47", 345),
        ("7:00 am", -300),
        ("8:30 am", -210),
        ("it's 13:00", 60),
        ("half past 5 pm", 330),
        ("02:02", 840),
        ("noon", 0),
    ],
)
def test_a_clock_gives_the_offset(text: str, minutes: int) -> None:
    read = replies.clock_to_offset(text, WORDS, NOON)
    assert isinstance(read, Read) or minutes in read.candidates
    assert minutes in ((read.value,) if isinstance(read, Read) else read.candidates)


def test_a_clock_that_fits_two_places_offers_both() -> None:
    assert replies.clock_to_offset("3:00", WORDS, NOON) == Unread("ambiguous", (180, -540))
    assert replies.clock_to_offset("01:00", WORDS, NOON) == Unread("ambiguous", (780, -660))


@pytest.mark.parametrize("text", ["", "morning", "25:00", "late"])
def test_no_clock_gives_no_offset(text: str) -> None:
    assert replies.clock_to_offset(text, WORDS, NOON) == Unread("not_a_time")


@given(st.sampled_from(range(-660, 721, 60)), st.integers(0, 10**8))
def test_a_24_hour_clock_gives_its_own_offset(offset: int, seconds: int) -> None:
    now = NOON + dt.timedelta(seconds=seconds)
    shown = (now + dt.timedelta(minutes=offset)).strftime("%H%M")
    read = replies.clock_to_offset(shown, WORDS, now)
    assert offset in ((read.value,) if isinstance(read, Read) else read.candidates)


# --- lengths of time


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("15", 15),
        ("15 min", 15),
        ("15min", 15),
        ("15 minutes", 15),
        ("15m", 15),
        ("15'", 15),
        ("fifteen", 15),
        ("about 15 min", 15),
        ("15-ish", 15),
        ("1h30", 90),
        ("1h 30", 90),
        ("1h30min", 90),
        ("1:30 h", 90),
        ("1:30", 90),
        ("1 hour 30 minutes", 90),
        ("1 hour and 30 minutes", 90),
        ("1.5 h", 90),
        ("1,5 hours", 90),
        ("1½ hours", 90),
        ("an hour", 60),
        ("one hour", 60),
        ("an hour and a half", 90),
        ("one and a half hours", 90),
        ("2 and a half hours", 150),
        ("half an hour", 30),
        ("half hour", 30),
        ("a half hour", 30),
        ("quarter of an hour", 15),
        ("three quarters of an hour", 45),
        ("90 seconds", 2),
        ("120 sec", 2),
        ("a couple of minutes", 2),
        ("for 20 min", 20),
        ("sorry, 25", 25),
        ("2 hours", 120),
    ],
)
def test_a_length_is_read_in_minutes(text: str, minutes: int) -> None:
    assert isinstance(read := replies.duration(text, WORDS, unit="min", lo=1, hi=300), Read)
    assert read.value == minutes


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30),
        ("30 s", 30),
        ("30 sec", 30),
        ('30"', 30),
        ("90 seconds", 90),
        ("2 min", 120),
        ("1:30", 90),
        ("1:30 min", 90),
        ("1 min 30", 90),
        ("1 min 30 sec", 90),
        ("a minute", 60),
        ("half a minute", 30),
        ("a minute and a half", 90),
        ("1.5 minutes", 90),
        ("1'30\"", 90),
        ("one minute", 60),
    ],
)
def test_a_length_is_read_in_seconds(text: str, seconds: int) -> None:
    assert isinstance(read := replies.duration(text, WORDS, unit="s", lo=5, hi=900), Read)
    assert read.value == seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15-20 min", Unread("ambiguous", (15, 20))),
        ("15 or 20", Unread("ambiguous", (15, 20))),
        ("10 20", Unread("two_values", (10, 20))),
        ("more than 20 min", Unread("inexact", (20,))),
        ("2 km", Unread("wrong_unit")),
        ("a while", Unread("not_a_duration")),
        ("", Unread("not_a_duration")),
        ("0", Unread("below", (0,), 1)),
        ("400", Unread("above", (400,), 300)),
        ("10 hours", Unread("above", (600,), 300)),
    ],
)
def test_what_is_no_length_says_why(text: str, expected: Unread[int]) -> None:
    assert replies.duration(text, WORDS, unit="min", lo=1, hi=300) == expected


@given(
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["{}h{:02}", "{} h {} min", "{}:{:02} h", "{} hours and {} minutes"]),
)
def test_hours_and_minutes_add_up(hours: int, minutes: int, form: str) -> None:
    assert isinstance(read := replies.duration(form.format(hours, minutes), WORDS, unit="min"), Read)
    assert read.value == hours * 60 + minutes


# --- nights


@pytest.mark.parametrize(
    ("text", "bed", "up", "minutes"),
    [
        ("23:00-6:45", "23:00", "06:45", 465),
        ("23:00 - 06:45", "23:00", "06:45", 465),
        ("23.00–6.45", "23:00", "06:45", 465),
        ("11pm to 6:45", "23:00", "06:45", 465),
        ("11pm-7am", "23:00", "07:00", 480),
        ("from 11 to 7", "23:00", "07:00", 480),
        ("11-7", "23:00", "07:00", 480),
        ("11 till 7", "23:00", "07:00", 480),
        ("11pm 7am", "23:00", "07:00", 480),
        ("10:30 to 6", "22:30", "06:00", 450),
        ("22:30 6:00", "22:30", "06:00", 450),
        ("bed at 11, up at 7", "23:00", "07:00", 480),
        ("went to bed at 11 and woke up at 6:30", "23:00", "06:30", 450),
        ("midnight to 8", "00:00", "08:00", 480),
        ("1 to 9", "01:00", "09:00", 480),
        ("00:30-07:15", "00:30", "07:15", 405),
        ("half past ten to six", "22:30", "06:00", 450),
        ("quarter to 11 to 7", "22:45", "07:00", 495),
        ("8am to 3pm", "08:00", "15:00", 420),
        ("half past midnight till 7", "00:30", "07:00", 390),
        ("half past midnight to 8am", "00:30", "08:00", 450),
        ("quarter to midnight till 7", "23:45", "07:00", 435),
        ("ten to midnight - 6:30", "23:50", "06:30", 400),
        ("8pm-10am", "20:00", "10:00", 840),
        ("around 11 to 7", "23:00", "07:00", 480),
    ],
)
def test_a_night_is_read_from_its_ends(text: str, bed: str, up: str, minutes: int) -> None:
    assert isinstance(read := replies.night(text, WORDS), Read)
    assert read.value == Night(minutes, _time(bed), _time(up))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("7h", 420),
        ("7 h", 420),
        ("6 h 50", 410),
        ("6h50", 410),
        ("6h50m", 410),
        ("about 7 hours", 420),
        ("7.5 h", 450),
        ("7,5h", 450),
        ("seven and a half hours", 450),
        ("7", 420),
        ("7:30 hours", 450),
        ("slept 7 hours", None),
        ("7½ hours", 450),
        ("7 and a half", 450),
    ],
)
def test_a_night_is_read_from_its_hours(text: str, minutes: int | None) -> None:
    read = replies.night(text, WORDS)
    if minutes is not None:
        assert isinstance(read, Read)
        assert (read.value.minutes, read.value.bed) == (minutes, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("badly", "not_a_night"),
        ("", "not_a_night"),
        ("23", "not_a_night"),
        ("23:00", "not_a_night"),
        ("7-8 hours", "ambiguous"),
        ("6-7", "ambiguous"),
        ("20 hours", "above"),
        ("20 min", "below"),
        ("25:00-6:00", "not_a_night"),
        ("22:00-13:00", "not_a_night"),
        ("8pm-11am", "not_a_night"),
        ("7am to 2am", "not_a_night"),
    ],
)
def test_what_is_no_night_says_why(text: str, reason: Reason) -> None:
    read = replies.night(text, WORDS)
    assert isinstance(read, Unread)
    assert read.reason == reason


@given(st.times(), st.integers(60, 840))
def test_a_written_night_reads_as_itself(bed: dt.time, minutes: int) -> None:
    start = dt.datetime.combine(dt.date(2025, 1, 1), bed.replace(second=0, microsecond=0, tzinfo=None))
    end = start + dt.timedelta(minutes=minutes)
    assert isinstance(read := replies.night(f"{start:%H:%M}-{end:%H:%M}", WORDS), Read)
    # "12:30" is also half past midnight: then the likelier night is offered as a guess.
    assert read.guessed or read.value == Night(minutes, start.time(), end.time())


# --- yes and no


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Yes!",
        "y",
        "yep",
        "yeah sure",
        "yes please",
        "YESSSS",
        "of course",
        "ok",
        "👍",
        "👍🏽",
        "sounds good",
        "yes, thanks",
        "I do",
    ],
)
def test_a_yes_is_read(text: str) -> None:
    assert replies.yes_no(text, WORDS) == Read("yes")


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "No.",
        "n",
        "nope",
        "nooo",
        "no thanks",
        "not really",
        "not at all",
        "I don't",
        "never",
        "👎",
        "no, I don't",
        "not now",
        "of course not",
        "absolutely not",
    ],
)
def test_a_no_is_read(text: str) -> None:
    assert replies.yes_no(text, WORDS) == Read("no")


@pytest.mark.parametrize(
    "text",
    [
        "not sure",
        "I'm not sure",
        "I don't know",
        "dunno",
        "idk",
        "no idea",
        "maybe",
        "?",
        "🤷",
        "I don't remember",
    ],
)
def test_not_sure_is_neither(text: str) -> None:
    assert replies.yes_no(text, WORDS) == Read("not_sure")
    assert replies.is_not_sure(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "yes but my knee hurts",
        "no, but my father has",
        "yes and no",
        "banana",
        "",
        "I don't have time",
        "no problem with my heart but I take pills",
    ],
)
def test_a_yes_or_no_with_more_is_not_taken(text: str) -> None:
    assert isinstance(replies.yes_no(text, WORDS), Unread)


# --- words that stand for a button


@pytest.mark.parametrize(
    ("asked", "yes", "no"),
    [
        (
            replies.is_back,
            ["back", "Go back", "undo", "Back!", "previous question", "back please"],
            ["my back hurts", "back squat", "get back to me"],
        ),
        (
            replies.is_skip,
            ["skip", "Skip it", "rather not say", "pass", "I'd rather not say"],
            ["I skip breakfast", "skipping rope", "passed"],
        ),
        (
            replies.is_stop,
            [
                "stop",
                "STOP!!!",
                "Stop.",
                "please stop",
                "stop messaging me",
                "Stop messaging me every day",
                "unsubscribe",
                "leave me alone",
                "no more messages",
                "stop sending me these",
                "can you stop",
                "don't message me again",
                "ok stop",
                "stop it please",
            ],
            [
                "stop at the park",
                "I had to stop after 5 min",
                "non-stop",
                "bus stop",
                "don't stop",
                "I can't stop eating",
                "stop eating sugar",
                "don't stop messaging me",
                "",
            ],
        ),
        (replies.is_not_sure, ["not sure", "No idea"], ["I'm sure", "not done"]),
        (
            replies.is_greeting,
            ["hi", "Hello!", "hey", "good morning", "Good morning coach", "hi there", "heyyy", "👋"],
            ["hi, my knee hurts", "morning", "good", "I said hi to her", "hello kitty", ""],
        ),
        (
            replies.is_thanks,
            ["thanks", "thank you", "Thank you so much!", "ty", "ok thanks", "thanks a lot", "🙏", "great, thank you"],
            ["no thanks", "thanks but no", "thank you, I walked 20 min", "thanksgiving", "no thank you", ""],
        ),
        (
            replies.is_help,
            ["help", "HELP!", "help me", "what can you do", "What can you do?", "how does this work", "please help"],
            ["help me I can't breathe", "helped", "does walking help", "help yourself", "it helps", ""],
        ),
        (
            replies.is_delete,
            [
                "delete my data",
                "Delete all my data please",
                "erase everything",
                "forget me",
                "I want to delete my account",
                "can you delete my data",
                "please delete everything",
                "delete everything you know about me",
                "I want my data deleted",
            ],
            [
                "delete my last entry",
                "don't delete my data",
                "I deleted the app",
                "forget it",
                "I forget",
                "what data do you have",
                "can you delete that walk",
                "",
            ],
        ),
        (
            replies.changes_health,
            [
                "I'm 8 weeks pregnant",
                "I'm pregnant",
                "I am eight weeks pregnant!",
                "I just found out I'm pregnant",
                "I might be pregnant",
                "I started insulin last week",
                "I've started taking metformin",
                "my doctor put me on warfarin",
                "My doctor has put me on blood thinners.",
                "I was diagnosed with type 2 diabetes",
                "Hi. I've just been diagnosed with afib",
                "I had surgery",
                "I had knee surgery last month",
                "I'm having an operation next week",
                "I'm now on Ozempic",
                "I was prescribed beta blockers",
                "I was in hospital last week",
                "no walk today. I'm pregnant",
                "they put me on steroids",
                "I got a pacemaker",
                "I have been diagnosed with cancer",
                "I had a baby",
            ],
            [
                "I'm not pregnant",
                "I'm not on insulin",
                "what if I'm pregnant",
                "can I do this when I'm pregnant?",
                "my wife is pregnant",
                "my dad was diagnosed with diabetes",
                "my mum had surgery",
                "I had surgery ten years ago",
                "I was diagnosed with asthma as a kid",
                "I was never diagnosed",
                "I want to be pregnant one day",
                "I started walking",
                "I started a new job",
                "I'm on it",
                "I'm taking a walk",
                "does insulin make you fat",
                "my fasting insulin is 8",
                "I take metformin",
                "I had lunch",
                "I had a good day",
                "my doctor says walking is good",
                "done",
                "7",
                "",
            ],
        ),
    ],
)
def test_words_for_a_button_are_the_whole_message(
    asked: Callable[[str, Words], bool], yes: list[str], no: list[str]
) -> None:
    assert [text for text in yes if not asked(text, WORDS)] == []
    assert [text for text in no if asked(text, WORDS)] == []


# --- options

CHECK_IN = {"done": ["Done ✅"], "five": ["5 min"], "later": ["Later"], "no": ["Not today"]}
REASONS = {
    "family": ["Family", "my kids"],
    "energy": ["More energy"],
    "health": ["My health"],
    "unsure": ["Not sure"],
}
MEALS = {"breakfast": ["Breakfast"], "lunch": ["Lunch"], "dinner": ["Dinner", "supper"]}
FEEL = {"comfortable": ["Comfortable"], "uncomfortable": ["Uncomfortable"]}
TOPICS = {
    "insulin": ["Insulin"],
    "thyroid": ["Thyroid pills"],
    "rest": ["Sleep and stress"],
    "heart": ["Heart"],
}
WALKS = {"walk": ["A walk after dinner"], "cold": ["A cold shower"], "five": ["Move 5 min"], "bed": ["Bed by 22:30"]}
MINUTES = {"ten": ["10 min"], "fifteen": ["15 min"], "twenty": ["20 min"]}


@pytest.mark.parametrize(
    ("text", "options", "chosen"),
    [
        ("Done", CHECK_IN, "done"),
        ("done!", CHECK_IN, "done"),
        ("DONE ✅", CHECK_IN, "done"),
        ("doen", CHECK_IN, "done"),
        ("donee", CHECK_IN, "done"),
        ("dooooone", CHECK_IN, "done"),
        ("later please", CHECK_IN, "later"),
        ("latr", CHECK_IN, "later"),
        ("not today", CHECK_IN, "no"),
        ("nottoday", CHECK_IN, "no"),
        ("not tody", CHECK_IN, "no"),
        ("5 min", CHECK_IN, "five"),
        ("5min", CHECK_IN, "five"),
        ("5", CHECK_IN, "five"),
        ("five minutes", CHECK_IN, "five"),
        ("fam", REASONS, "family"),
        ("family", REASONS, "family"),
        ("famly", REASONS, "family"),
        ("My kids!", REASONS, "family"),
        ("my family", REASONS, "family"),
        ("more enegry", REASONS, "energy"),
        ("more", REASONS, "energy"),
        ("2", REASONS, "energy"),
        ("2.", REASONS, "energy"),
        ("option 2", REASONS, "energy"),
        ("#3", REASONS, "health"),
        ("the first one", REASONS, "family"),
        ("two", REASONS, "energy"),
        ("2️⃣", REASONS, "energy"),
        ("not sure", REASONS, "unsure"),
        ("diner", MEALS, "dinner"),
        ("supper", MEALS, "dinner"),
        ("brekfast", MEALS, "breakfast"),
        ("uncomfortable", FEEL, "uncomfortable"),
        ("unconfortable", FEEL, "uncomfortable"),
        ("15", MINUTES, "fifteen"),
        ("2", WALKS, "cold"),
        ("the fourth", WALKS, "bed"),
        ("a walk", WALKS, "walk"),
        ("3", {"one": ["Up to 5"], "two": ["More than 5"], "three": ["None"]}, "three"),
        ("sleep and stress", TOPICS, "rest"),
        ("Sleep & stress", {"rest": ["Sleep & stress"]}, "rest"),
        ("don't know", {"idk": ["Don’t know"], "yes": ["Yes"]}, "idk"),
        ("cafe", {"cafe": ["Café"], "bar": ["Bar"]}, "cafe"),
        ("👍", {"good": ["👍"], "bad": ["👎"]}, "good"),
    ],
)
def test_what_a_button_says_can_be_typed(text: str, options: dict[str, list[str]], chosen: str) -> None:
    assert isinstance(read := replies.choice(text, WORDS, options), Read)
    assert read.value == chosen


@pytest.mark.parametrize(
    ("text", "options", "near"),
    [
        ("not done", CHECK_IN, ()),
        ("I'm not done", CHECK_IN, ()),
        ("haven't done it", CHECK_IN, ()),
        ("not comfortable", FEEL, ()),
        ("banana", CHECK_IN, ()),
        ("7", REASONS, ()),
        ("0", REASONS, ()),
        ("", CHECK_IN, ()),
        ("for my family and also my job", REASONS, ("family",)),
        ("I did it, all done", CHECK_IN, ("done",)),
        ("lunch or dinner", MEALS, ("lunch", "dinner")),
        ("12 min", MINUTES, ()),
        ("walk", WALKS, ("walk",)),
        ("5", WALKS, ("five",)),
        ("five", WALKS, ("five",)),
        ("2", {"one": ["Walk 2 min"], "two": ["Walk 4 min"]}, ("one",)),
        ("1", MINUTES, ()),
        ("my", REASONS, None),
        ("no thyroid pills", TOPICS, ()),
    ],
)
def test_what_is_no_option_is_offered_or_refused(
    text: str, options: dict[str, list[str]], near: tuple[str, ...] | None
) -> None:
    read = replies.choice(text, WORDS, options)
    assert isinstance(read, Unread)
    if near is not None:
        assert read.candidates == near


@given(st.sampled_from(list(CHECK_IN) + list(REASONS)), st.integers(0, 20), st.sampled_from("abcdefgh"))
def test_a_slip_never_becomes_another_option(option: str, at: int, letter: str) -> None:
    options = CHECK_IN if option in CHECK_IN else REASONS
    label = options[option][0]
    slipped = label[:at] + letter + label[at + 1 :]
    read = replies.choice(slipped, WORDS, options)
    assert isinstance(read, Unread) or read.value == option


@given(st.text(max_size=60))
def test_a_negated_label_is_never_the_label(text: str) -> None:
    read = replies.choice(f"not {text}", WORDS, {"done": ["Done"], "later": ["Later"]})
    assert isinstance(read, Unread)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("1 and 3", ("insulin", "rest")),
        ("1,3", ("insulin", "rest")),
        ("1 3", ("insulin", "rest")),
        ("insulin, thyroid", ("insulin", "thyroid")),
        ("thyroid & insulin", ("insulin", "thyroid")),
        ("insulin and sleep and stress", ("insulin", "rest")),
        ("sleep and stress", ("rest",)),
        ("heart\ninsulin", ("insulin", "heart")),
        ("Insulin", ("insulin",)),
        ("insuline + hart", None),
        ("insuln, thyroid", ("insulin", "thyroid")),
        ("none", ()),
        ("None of these", ()),
        ("no", ()),
        ("all", ("insulin", "thyroid", "rest", "heart")),
        ("all of them", ("insulin", "thyroid", "rest", "heart")),
    ],
)
def test_several_options_are_read(text: str, chosen: tuple[str, ...] | None) -> None:
    read = replies.several(text, WORDS, TOPICS)
    if chosen is not None:
        assert isinstance(read, Read)
        assert read.value == chosen


@pytest.mark.parametrize(
    "text", ["insulin and bananas", "no insulin", "not insulin, heart", "all but insulin", "", "1 and 9"]
)
def test_one_part_that_is_no_option_leaves_all_unread(text: str) -> None:
    assert isinstance(replies.several(text, WORDS, TOPICS), Unread)


# --- days of the week


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon wed fri", (0, 2, 4)),
        ("Mon, Wed & Fri", (0, 2, 4)),
        ("Mondays and Thursdays", (0, 3)),
        ("monday", (0,)),
        ("on Tuesdays", (1,)),
        ("every friday", (4,)),
        ("weekdays", (0, 1, 2, 3, 4)),
        ("weekends", (5, 6)),
        ("every day", (0, 1, 2, 3, 4, 5, 6)),
        ("everyday", (0, 1, 2, 3, 4, 5, 6)),
        ("daily", (0, 1, 2, 3, 4, 5, 6)),
        ("Mon-Fri", (0, 1, 2, 3, 4)),
        ("mon to thu", (0, 1, 2, 3)),
        ("fri - mon", (0, 4, 5, 6)),
        ("Mon–Wed, Sat", (0, 1, 2, 5)),
        ("weekends and wed", (2, 5, 6)),
        ("wendesday", (2,)),
        ("wensday", (2,)),
        ("tues/thurs", (1, 3)),
        ("mwf", (0, 2, 4)),
        ("every day except sunday", (0, 1, 2, 3, 4, 5)),
        ("all but friday", (0, 1, 2, 3, 5, 6)),
        ("Mon.\nThu.", (0, 3)),
        ("sunday, monday", (0, 6)),
    ],
)
def test_days_are_read(text: str, days: tuple[int, ...]) -> None:
    assert replies.weekdays(text, WORDS) == Read(days)


@pytest.mark.parametrize(
    "text",
    [
        "every other day",
        "3 times a week",
        "",
        "whenever",
        "not monday",
        "mon or banana",
        "1,3,5",
        "mon -",
        "every day except",
        "twice a week",
        "monster",
    ],
)
def test_what_names_no_days_is_unread(text: str) -> None:
    assert replies.weekdays(text, WORDS) == Unread("not_a_day")


# --- a lift's sets


def _sets(load: float | None, *reps: int) -> tuple[Set, ...]:
    return tuple(Set(load, count) for count in reps)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60x8x3", _sets(60, 8, 8, 8)),
        ("60 x 8 x 3", _sets(60, 8, 8, 8)),
        ("60×8×3", _sets(60, 8, 8, 8)),
        ("60*8*3", _sets(60, 8, 8, 8)),
        ("60kg x 8 x 3", _sets(60, 8, 8, 8)),
        ("60kgx8x3", _sets(60, 8, 8, 8)),
        ("3x8x60", _sets(60, 8, 8, 8)),
        ("3x8x60kg", _sets(60, 8, 8, 8)),
        ("3x8 @ 60", _sets(60, 8, 8, 8)),
        ("3x8@60kg", _sets(60, 8, 8, 8)),
        ("3x8 60kg", _sets(60, 8, 8, 8)),
        ("60kg 3x8", _sets(60, 8, 8, 8)),
        ("60 kg 8,8,7", _sets(60, 8, 8, 7)),
        ("60kg 8 8 7", _sets(60, 8, 8, 7)),
        ("60 kg: 8, 8, 7", _sets(60, 8, 8, 7)),
        ("60 kg 8/8/7", None),
        ("60x8,8,7", _sets(60, 8, 8, 7)),
        ("60x8 60x8 60x7", _sets(60, 8, 8, 7)),
        ("60x8, 60x8, 62.5x6", (*_sets(60, 8, 8), *_sets(62.5, 6))),
        ("20kg x 10, 22.5kg x 8", (*_sets(20, 10), *_sets(22.5, 8))),
        ("20kg x 10\n22,5kg x 8", (*_sets(20, 10), *_sets(22.5, 8))),
        ("22,5x8", _sets(22.5, 8)),
        ("60x8", _sets(60, 8)),
        ("12x10", _sets(12, 10)),
        ("3x10", _sets(None, 10, 10, 10)),
        ("5x5", _sets(None, 5, 5, 5, 5, 5)),
        ("3 x 10", _sets(None, 10, 10, 10)),
        ("3 sets of 10", _sets(None, 10, 10, 10)),
        ("three sets of ten", _sets(None, 10, 10, 10)),
        ("3 sets of 10 reps", _sets(None, 10, 10, 10)),
        ("3 sets of 10 at 60 kg", _sets(60, 10, 10, 10)),
        ("3 sets of 10 with 60", _sets(60, 10, 10, 10)),
        ("3 sets x 10 reps", _sets(None, 10, 10, 10)),
        ("10 reps x 3 sets", _sets(None, 10, 10, 10)),
        ("bodyweight 12 12 10", _sets(None, 12, 12, 10)),
        ("bw 12, 12, 10", _sets(None, 12, 12, 10)),
        ("12 12 10", _sets(None, 12, 12, 10)),
        ("8,8,7", _sets(None, 8, 8, 7)),
        ("12", _sets(None, 12)),
        ("10 reps", _sets(None, 10)),
        ("60 8 8 7", _sets(60, 8, 8, 7)),
        ("135 lb x 8", _sets(61.23, 8)),
        ("135lbs 3x8", _sets(61.23, 8, 8, 8)),
        ("0 kg x 10", _sets(0, 10)),
    ],
)
def test_sets_are_read(text: str, expected: tuple[Set, ...] | None) -> None:
    read = replies.sets(text, WORDS)
    if expected is not None:
        assert isinstance(read, Read)
        assert read.value == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not_sets"),
        ("heavy", "not_sets"),
        ("60 kg", "not_sets"),
        ("x", "not_sets"),
        ("60x8x3 then banana", "not_sets"),
        ("600x8x3", "above"),
        ("60x800", "above"),
        ("60x8x30", "above"),
        ("60x0", "below"),
        ("20 12 12", "ambiguous"),
        ("60 min", "not_sets"),
        ("60x8.5", "not_sets"),
    ],
)
def test_what_are_no_sets_says_why(text: str, reason: Reason) -> None:
    read = replies.sets(text, WORDS)
    assert isinstance(read, Unread)
    assert read.reason == reason


def test_a_known_load_decides_what_the_first_number_is() -> None:
    assert replies.sets("20 12 12", WORDS, loaded=True) == Read(_sets(20, 12, 12))
    assert replies.sets("20 12 12", WORDS, loaded=False) == Read(_sets(None, 20, 12, 12))
    assert replies.sets("20 12 12", WORDS) == Unread("ambiguous", (_sets(20, 12, 12), _sets(None, 20, 12, 12)))


def test_a_bare_load_is_in_the_person_s_unit() -> None:
    assert isinstance(read := replies.sets("135x8x3", WORDS, unit="lb"), Read)
    assert read.value == _sets(61.23, 8, 8, 8)


@given(st.integers(21, 500), st.integers(1, 100), st.integers(1, 20))
def test_written_sets_read_as_themselves(load: int, reps: int, count: int) -> None:
    assert replies.sets(f"{load}x{reps}x{count}", WORDS) == Read(_sets(load, *[reps] * count))
    assert replies.sets(f"{load}kg x {reps} x {count}", WORDS) == Read(_sets(load, *[reps] * count))
    assert isinstance(read := replies.sets(f"{count} sets of {reps} at {load} kg", WORDS), Read)
    assert read.value == _sets(load, *[reps] * count)


# --- blood values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5.4", Read(Glucose(5.4, "mmol_l"), guessed=True)),
        ("5,4", Read(Glucose(5.4, "mmol_l"), guessed=True)),
        ("97", Read(Glucose(97, "mg_dl"), guessed=True)),
        ("97 mg/dl", Read(Glucose(97, "mg_dl"))),
        ("97 mg/dL", Read(Glucose(97, "mg_dl"))),
        ("97mg", Read(Glucose(97, "mg_dl"))),
        ("5.4 mmol/L", Read(Glucose(5.4, "mmol_l"))),
        ("5.4 mmol", Read(Glucose(5.4, "mmol_l"))),
        ("my fasting glucose was 5.4", Read(Glucose(5.4, "mmol_l"), guessed=True)),
        ("110 mmol/L", Unread("implausible", (Glucose(110, "mg_dl"),))),
        ("5.4 mg/dl", Unread("implausible", (Glucose(5.4, "mmol_l"),))),
        ("5000", Unread("implausible")),
        ("<5", Unread("inexact")),
        ("5 6", Unread("two_values")),
        ("97 kg", Unread("wrong_unit")),
        ("fine", Unread("not_a_number")),
        ("20", Unread("ambiguous", (Glucose(20, "mmol_l"), Glucose(20, "mg_dl")))),
    ],
)
def test_glucose_is_read_with_its_unit(text: str, expected: object) -> None:
    if expected is not None:
        assert replies.glucose(text, WORDS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6 µIU/mL", Read(Insulin(6, "uiu_ml"))),
        ("6 μIU/mL", Read(Insulin(6, "uiu_ml"))),
        ("6 uIU/ml", Read(Insulin(6, "uiu_ml"))),
        ("6 mU/L", Read(Insulin(6, "uiu_ml"))),
        ("6 mIU/L", Read(Insulin(6, "uiu_ml"))),
        ("6 µU/mL", Read(Insulin(6, "uiu_ml"))),
        ("6 mcIU/mL", Read(Insulin(6, "uiu_ml"))),
        ("6 µIU per mL", Read(Insulin(6, "uiu_ml"))),
        ("6 mU per litre", Read(Insulin(6, "uiu_ml"))),
        ("6 mUI/L", Read(Insulin(6, "uiu_ml"))),
        ("6 milliunits/L", Read(Insulin(6, "uiu_ml"))),
        ("42 pmol/L", Read(Insulin(42, "pmol_l"))),
        ("42", Unread("ambiguous", (Insulin(42, "uiu_ml"), Insulin(42, "pmol_l")))),
        ("3", Read(Insulin(3, "uiu_ml"), guessed=True)),
        ("<2.0", Unread("inexact")),
    ],
)
def test_insulin_is_read_with_its_unit(text: str, expected: object) -> None:
    assert replies.insulin(text, WORDS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5.6%", Read(HbA1c(5.6, "percent"))),
        ("A1c: 5.7 percent", Read(HbA1c(5.7, "percent"))),
        ("HbA1c 38 mmol/mol", Read(HbA1c(38, "mmol_mol"))),
        ("5.6", Read(HbA1c(5.6, "percent"), guessed=True)),
        ("38", Read(HbA1c(38, "mmol_mol"), guessed=True)),
        ("38%", Unread("implausible", (HbA1c(38, "mmol_mol"),))),
        ("5.6 mmol/mol", Unread("implausible", (HbA1c(5.6, "percent"),))),
        ("16", Unread("ambiguous", (HbA1c(16, "percent"), HbA1c(16, "mmol_mol")))),
        ("5.6 mmol/L", Unread("wrong_unit")),
    ],
)
def test_hba1c_is_read_with_its_unit(text: str, expected: object) -> None:
    assert replies.hba1c(text, WORDS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("150 mg/dL", Read(Triglycerides(150, "mg_dl"))),
        ("triglycerides 1.7 mmol/l", Read(Triglycerides(1.7, "mmol_l"))),
        ("150", Read(Triglycerides(150, "mg_dl"), guessed=True)),
        ("TG 1.7", Read(Triglycerides(1.7, "mmol_l"), guessed=True)),
        ("150 mmol/L", Unread("implausible", (Triglycerides(150, "mg_dl"),))),
        ("20", Unread("ambiguous", (Triglycerides(20, "mmol_l"), Triglycerides(20, "mg_dl")))),
    ],
)
def test_triglycerides_are_read_with_their_unit(text: str, expected: object) -> None:
    assert replies.triglycerides(text, WORDS) == expected


def test_a_blood_value_without_a_unit_takes_the_one_known() -> None:
    assert replies.insulin("42", WORDS, unit="pmol_l") == Read(Insulin(42, "pmol_l"), guessed=True)
    assert replies.glucose("97", WORDS, unit="mmol_l") == Unread("implausible", (Glucose(97, "mg_dl"),))


# --- an entry in words


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("walked 20 min", WalkEntry(20)),
        ("Walked 20 minutes.", WalkEntry(20)),
        ("I walked for 20 min", WalkEntry(20)),
        ("walked 20", WalkEntry(20)),
        ("20 minute walk after dinner", WalkEntry(20, "dinner")),
        ("20 min walk", WalkEntry(20)),
        ("walk 20 min", WalkEntry(20)),
        ("went for a walk after lunch, 15 min", WalkEntry(15, "lunch")),
        ("I walked half an hour after supper", WalkEntry(30, "dinner")),
        ("walked about 20 min with the dog", WalkEntry(20)),
        ("walked 1h30", WalkEntry(90)),
        ("went for a 30 min walk", WalkEntry(30)),
        ("walked to work 20 min", WalkEntry(20)),
        ("walked an hour and a half", WalkEntry(90)),
        ("walked 20 min yesterday", WalkEntry(20, None, 1)),
        ("walked 20 min this morning", WalkEntry(20)),
        ("slept 7h", NightEntry(Night(420))),
        ("slept 7 hours", NightEntry(Night(420))),
        ("I slept about 7 hours", NightEntry(Night(420))),
        ("slept 7.5 hours last night", NightEntry(Night(450))),
        ("slept 23:00-6:45", NightEntry(Night(465, dt.time(23), dt.time(6, 45)))),
        ("slept from 11pm to 7am", NightEntry(Night(480, dt.time(23), dt.time(7)))),
        ("cold shower 30 sec", ColdEntry(30)),
        ("Cold shower, 2 min", ColdEntry(120)),
        ("30 second cold shower", ColdEntry(30)),
        ("took a cold shower for 1 minute", ColdEntry(60)),
        ("ice bath 3 min", ColdEntry(180)),
        ("3 sitting breaks", SittingEntry(3)),
        ("took two breaks from sitting yesterday", SittingEntry(2, 1)),
        ("a break from sitting", SittingEntry(1)),
        ("had beans", FiberEntry("beans")),
        ("I had some lentil soup for lunch", FiberEntry("lentil soup")),
        ("ate oats and berries this morning", FiberEntry("oats, berries")),
        ("had an apple yesterday", FiberEntry("an apple", 1)),
        ("ate veg", PlateEntry()),
        ("had salad with dinner", PlateEntry("dinner")),
    ],
)
def test_an_entry_in_words_is_offered_for_the_log(text: str, entry: Entry) -> None:
    assert replies.entry_in_words(text, WORDS) == entry


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I will walk 20 min tomorrow",
        "I'll walk 20 min",
        "should I walk 20 min?",
        "should i walk 20 min",
        "walk 20 min?",
        "didn't walk",
        "I didn't walk 20 min",
        "never walked 20 min",
        "walked 2 km",
        "walked",
        "walked 20 min and 10 min",
        "walked 20-30 min",
        "my wife walked 20 min",
        "I usually walk 20 min",
        "I walk 20 min every day",
        "slept badly",
        "slept like a baby",
        "I want to sleep 8 hours",
        "need 7h sleep",
        "cold shower",
        "cold shower 30",
        "no cold shower, 30 sec was too much",
        "I have a cold",
        "walked 500 min",
        "walked 20 min then slept 7h",
        "no sitting breaks",
        "99 sitting breaks",
        "beans",
        "beans?",
        "should I have beans",
        "my son ate beans",
        "ate beans and felt ill",
        "had beans on the shopping list",
        "had pizza",
        "will eat veg tonight",
        "how about a 20 minute walk",
        "I have to walk 20 min",
        "about to walk 20 min",
        "remind me to walk in 20 min",
        "if I walked 20 min would it help",
        "walked less than 20 min",
        "20 min",
        "the park is a 20 minute walk from the station café",
    ],
)
def test_plans_questions_and_noes_are_no_entries(text: str) -> None:
    assert replies.entry_in_words(text, WORDS) is None


# --- every text

READERS: list[Callable[[str], object]] = [
    lambda text: replies.number(text, WORDS, unit="kg", lo=0, hi=500),
    lambda text: replies.number(text, WORDS, lo=0, hi=500),
    lambda text: replies.number(text, WORDS, unit="parsecs", lo=0, hi=500),
    lambda text: replies.scale(text, WORDS),
    lambda text: replies.time_of_day(text, WORDS),
    lambda text: replies.time_of_day(text, WORDS, hint="evening"),
    lambda text: replies.clock_to_offset(text, WORDS, NOON),
    lambda text: replies.duration(text, WORDS, unit="min"),
    lambda text: replies.duration(text, WORDS, unit="s"),
    lambda text: replies.night(text, WORDS),
    lambda text: replies.yes_no(text, WORDS),
    lambda text: replies.choice(text, WORDS, TOPICS),
    lambda text: replies.several(text, WORDS, TOPICS),
    lambda text: replies.weekdays(text, WORDS),
    lambda text: replies.sets(text, WORDS),
    lambda text: replies.glucose(text, WORDS),
    lambda text: replies.insulin(text, WORDS),
    lambda text: replies.hba1c(text, WORDS),
    lambda text: replies.triglycerides(text, WORDS),
    lambda text: read_place(text, WORDS, NOON),
    lambda text: replies.entry_in_words(text, WORDS),
    lambda text: replies.is_back(text, WORDS),
    lambda text: replies.is_skip(text, WORDS),
    lambda text: replies.is_stop(text, WORDS),
]

_PIECES = st.sampled_from(
    [
        "7",
        "0",
        "60",
        "1.5",
        "8,8",
        ":",
        "-",
        "/",
        "x",
        "kg",
        "lb",
        "h",
        "min",
        "sec",
        "'",
        '"',
        "half",
        "a",
        "an",
        "and",
        "past",
        "to",
        "quarter",
        "dozen",
        "hundred",
        "pm",
        "am",
        "noon",
        "in the evening",
        "sets",
        "of",
        "reps",
        "at",
        "bw",
        "mon",
        "fri",
        "except",
        "walked",
        "slept",
        "cold shower",
        "about",
        "ish",
        "not",
        "yes",
        "no",
        "%",
        "½",
        "mmol/L",
        "under",
        "point",
        ",",
        ".",
        "?",
        "🚶",
        "\x00",
        "\u200f",
        "٣",
        "９",
        "❹",
        "➊",
        "፩",
        "①",
        "❿",
        "²",
    ]
)
_ANYTHING = st.one_of(
    st.text(),
    st.text(alphabet=st.characters()),
    st.lists(_PIECES, max_size=12).map(" ".join),
    st.lists(_PIECES, max_size=12).map("".join),
    st.builds("{} {}".format, st.text(st.characters(categories=("Nd", "No", "Nl")), max_size=4), _PIECES),
)


@pytest.mark.parametrize("reader", READERS)
@given(text=_ANYTHING)
@settings(max_examples=60, deadline=None)
def test_no_text_raises(reader: Callable[[str], object], text: str) -> None:
    reader(text)


@pytest.mark.parametrize(
    "text",
    [
        "👨‍👩‍👧‍👦" * 4096,
        "\x00" * 4096,
        "7" * 5000,
        "7 " * 4096,
        "7," * 4096,
        "7:" * 4096,
        "x" * 4096,
        "60x8," * 900,
        "and " * 2000,
        "half a " * 1000,
        "ﷺ" * 4096,
        "a\u0301\u0316" * 4096,
        "\ud800",
        "between " * 900,
        "mon - " * 900,
        "1h" * 2048,
        "not " * 1024,
        "'" * 4096,
        "½" * 4096,
        "❼",
        "፩ x ❽, ➊:❹ ",
    ],
)
def test_a_text_of_any_length_is_answered(text: str) -> None:
    for reader in READERS:
        reader(text)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = replies.normalise(text)
    assert replies.normalise(once) == once
    assert len(once) <= MAX_TEXT
    once.encode()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  a \t b\n", "a b"),
        ("７½", "7 1⁄2"),
        ("10²", "10 2"),
        ("\u202e65\u202c", "65"),
        ("6️⃣", "6"),
        ("don’t", "don't"),
        ("7–8", "7-8"),
        ("a\x00b", "ab"),
        ("٣", "3"),
        ("❹❺ ➊ ፩ ⓿", "45 1 1 0"),
        ("①", "1"),
        ("❿", "❿"),
        ("e\u200d\u0301", "é"),
        ("👍🏽 ok", "👍🏽 ok"),
    ],
)
def test_text_is_made_plain(text: str, plain: str) -> None:
    assert replies.normalise(text) == plain
