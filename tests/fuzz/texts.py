"""What people, other programs and modified clients may write: the awkward, the huge, the hostile, and the sensible."""

from __future__ import annotations

from random import Random

HOSTILE = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud83d",
    "half \udc00 a character",
    "\ud83d\ude00 as two halves",
    "\u202eright to left\u202c",
    "\u200f\u200e\u061c\u2066\u2069",
    "مرحبا، 15 دقيقة",
    "שלום 7:30",
    "e" + "\u0301" * 500,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
    "😀" * 4096,
    "👨‍👩‍👧‍👦" * 400,
    "🏳️‍🌈" * 700,
    "x" * 4096,
    "x" * 20_000,
    "<" * 4096,
    "&" * 4096,
    '"' * 300,
    "&amp;" * 60,
    "\n" * 3000,
    "a\nb\r\nc\u2028d\u2029e\x85f",
    "\ufeff\ufeff",
    "\ufffe\uffff",
    "\x1b[31mred\x1b[0m\x07\x7f",
    "{{ 7*7 }}",
    "{{ name }}",
    "{{ self.__init__.__globals__ }}",
    "{% for x in range(10) %}x{% endfor %}",
    "{# gone #}",
    "{name} {0} %s %(x)s ${x}",
    "<b>",
    "</b>",
    "<b>bold</b> <i>",
    "<script>alert(1)</script>",
    '<a href="tg://user?id=1">you</a>',
    '<tg-spoiler>x</tg-spoiler> <span class="x">',
    "&lt;b&gt; &#60;b&#62; &nbsp; &#x110000; &#0;",
    "*b* _i_ `c` [x](http://x)",
    "' or 1=1; drop table person; --",
    "Robert'); DROP TABLE person;--",
    "../../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "/",
    "//",
    "/ start",
    "/start@other_bot",
    "/start@",
    "/START",
    "/start " + "p" * 64,
    "/start \0",
    "/nonsense",
    "/erase@other_bot now",
    "/" + "x" * 4000,
    "/\u202e",
    "/сброс",
    "@other_bot help",
    "0",
    "-1",
    "٣",
    "²",
    "½",
    "❹",
    "my sugar is ❹",
    "i took ❹❺ tablets",
    "➊ ፩ ⓿ ❿ Ⅳ 四",
    "3 March 99999999999",
    "1e309",
    "1e-400",
    "nan",
    "inf",
    "-inf",
    "9" * 4000,
    "9" * 400 + " min",
    "0." + "0" * 300 + "1",
    "1/0",
    "7" * 19 + ":00",
    "25:61",
    "24:00",
    "12:00 to 12:00",
    "0000-00-00",
    "31.02.2026",
    "9999-12-31",
    "in 99999999999 days",
    "every 0 days",
    "99999999999999999999 x 99999999999999999999 kg",
    "-5 x -5",
    "Etc/GMT+99",
    "UTC+999999",
    "GMT-00:00:00.0",
    "None",
    "null",
    "undefined",
    "true",
)
"""Texts that were known to break something somewhere."""

SENSIBLE = (
    "yes", "no", "ok", "skip", "back", "Robin", "7", "15", "20 min", "half an hour", "19:30", "7 pm", "quarter past 7",
    "Berlin", "Tokyo", "UTC+5:30", "Mo Th", "every day", "weekends", "3 x 8 60 kg", "60kg 8 8 7", "chair squat 10",
    "23:00 to 6:45", "slept 7 h", "walked 15 min after lunch", "cold 30 s", "yesterday", "last Monday", "12 March",
    "95", "95 mg/dl", "5.3 mmol/l", "8 µU/ml", "none", "not sure", "hello", "thanks", "help", "60", "sorry, 65",
    "for my children", "stop", "forget me", "my knee hurts a little", "I have a new pill", "done", "5", "10", "1", "2",
    "I would rather not say", "kg", "metric", "dinner", "lunch and dinner", "early", "later",
)  # fmt: skip
"""What answers something, or is meant to."""

RED_FLAGS = ("my chest hurts and I can't breathe", "I want to kill myself", "I fainted", "I can't feel my arm")

PLAIN = "abc xyz 0123456789 .,:;-/()'\"&<>{}%\n\täöüßéñ€漢字кирáा๑❹➊፩①❿\u200d\u202e\u0301😀\0\ud800"


def hostile(random: Random) -> str:
    """A text nobody should send."""
    roll = random.random()
    if roll < 0.6:
        return random.choice(HOSTILE)
    if roll < 0.75:
        return random.choice(HOSTILE) + random.choice((" ", "", "\n")) + random.choice(HOSTILE + SENSIBLE)
    length = random.choice((1, 3, 20, 300, 1000))
    alphabet = PLAIN if roll < 0.9 else [chr(random.randrange(0x110000)) for _ in range(10)]
    return "".join(random.choices(alphabet, k=length))


def sensible(random: Random) -> str:
    """A text that somebody might send."""
    roll = random.random()
    if roll < 0.005:
        return random.choice(RED_FLAGS)
    if roll < 0.3:
        return f"{random.randrange(-1, 400)}{random.choice(('', ' min', ' h', ' kg', ' s', ':30', '.5', ' x 8'))}"
    return random.choice(SENSIBLE)
