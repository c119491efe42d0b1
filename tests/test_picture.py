"""Rules of the weekly picture and of the process that draws it."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import os
import signal
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from bot.coach.week import (
    CELLS,
    HABITS,
    Cell,
    Day,
    Habit,
    HabitFigures,
    Slot,
    Status,
    TrendPoint,
    WeekFigures,
    WeekRecords,
    days_of,
    summarise,
)
from bot.picture import DrawingError, Labels, Painter, paint
from bot.picture import painter as process

SUNDAY = dt.date(2026, 3, 8)
DAYS = days_of(SUNDAY)
LABELS = Labels(
    title="Your week",
    days=("M", "T", "W", "T", "F", "S", "S"),
    habits={
        "walk": "Walks",
        "lifting": "Lifting",
        "sleep": "Sleep",
        "cold": "Cold",
        "food": "Plates",
        "sitting": "Sitting",
        "fiber": "Fiber",
    },
    cells={cell: cell for cell in CELLS},
    trend="Week by week",
    weeks=("21 Dec", "8 Mar"),
    empty="Nothing planned",
)


STATUSES: dict[str, Status] = {
    "d": "done",
    "p": "partly",
    "s": "skipped",
    "u": "unanswered",
    "n": "not_sent",
    "a": "planned",
}


def week(rows: dict[Habit, str]) -> WeekFigures:
    slots = {
        habit: [Slot(date, "one", STATUSES[letter]) for date, letter in zip(DAYS, row, strict=True) if letter != "-"]
        for habit, row in rows.items()
    }
    return summarise(WeekRecords(SUNDAY, SUNDAY, slots=slots))


def weeks(count: int, *habits: Habit) -> list[TrendPoint]:
    return [
        TrendPoint(
            SUNDAY - dt.timedelta(weeks=back),
            dict.fromkeys(habits, back % 4),
            dict.fromkeys(habits, 3 if back % 5 else 7),
        )
        for back in reversed(range(count))
    ]


FULL = week({"walk": "ddsdpud", "lifting": "d-s-d--", "sleep": "dduddpa", "cold": "-d-n-d-"})
SEVEN = week(
    {
        "walk": "ddsdpud",
        "lifting": "d-s-d--",
        "sleep": "dduddpa",
        "cold": "-d-n-d-",
        "food": "dpd-dsa",
        "sitting": "dddpu--",
        "fiber": "d-d-d-a",
    }
)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_the_same_figures_give_the_same_bytes() -> None:
    assert paint(FULL, weeks(12, *HABITS), LABELS) == paint(FULL, weeks(12, *HABITS), LABELS)


def test_a_full_week_fits_a_phone() -> None:
    width, height = size(paint(FULL, weeks(12, *HABITS[:4]), LABELS))
    assert width == 1000
    assert 1000 <= height <= 1200


def test_seven_habits_make_the_picture_taller_and_not_narrower() -> None:
    width, height = size(paint(SEVEN, weeks(12, *HABITS), LABELS))
    assert width == 1000
    assert 1200 < height <= 1800


def test_no_time_is_written_into_the_file() -> None:
    png = paint(FULL, [], LABELS)
    assert not any(name in png for name in (b"tIME", b"Creation", b"Software"))


def test_rows_never_planned_are_hidden() -> None:
    one = paint(week({"walk": "d------"}), [], LABELS)
    two = paint(week({"walk": "d------", "cold": "d------"}), [], LABELS)
    assert size(one)[1] < size(two)[1]


@pytest.mark.parametrize("points", [0, 1])
def test_a_first_week_has_no_trend(points: int) -> None:
    assert paint(FULL, weeks(points, *HABITS), LABELS) == paint(FULL, [], LABELS)


@pytest.mark.parametrize("habits", [("walk",), ("walk", "sleep"), HABITS])
def test_any_number_of_habits_has_a_trend(habits: tuple[Habit, ...]) -> None:
    assert size(paint(FULL, weeks(3, *habits), LABELS))[1] > size(paint(FULL, [], LABELS))[1]


def test_an_empty_week_says_so_in_the_labels_words() -> None:
    empty = summarise(WeekRecords(SUNDAY, SUNDAY))
    assert paint(empty, [], LABELS) != paint(empty, [], replace(LABELS, empty=""))


def test_several_slots_a_day_are_all_drawn() -> None:
    slots = [Slot(DAYS[0], meal, "done") for meal in ("breakfast", "lunch", "dinner")]
    three = summarise(WeekRecords(SUNDAY, SUNDAY, slots={"walk": slots}))
    two = summarise(WeekRecords(SUNDAY, SUNDAY, slots={"walk": slots[:2]}))
    assert paint(three, [], LABELS) != paint(two, [], LABELS)


def test_words_are_never_read_as_formulas() -> None:
    paint(FULL, [], replace(LABELS, title=r"$5 \frac and a very long title that has to shrink to fit $"))


def silhouette(cell: Cell) -> Any:
    """The cell's mark in black and white."""
    from matplotlib.image import imread

    row = (Day(DAYS[0], cell, (cell,)), *(Day(date, "done") for date in DAYS[1:]))
    figures = WeekFigures(SUNDAY, {"walk": HabitFigures()}, {"walk": row})
    pixels = imread(io.BytesIO(paint(figures, [], replace(LABELS, cells={}))))
    return pixels[170:275, 270:350, :3].mean(axis=2) < 0.9


def test_every_state_has_a_shape_of_its_own() -> None:
    shapes = {cell: silhouette(cell) for cell in CELLS}
    for one, other in combinations(CELLS, 2):
        assert (shapes[one] != shapes[other]).sum() >= 20, (one, other)


def test_matplotlib_stays_out_of_the_main_process() -> None:
    look = "import bot.picture, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


@pytest.fixture
async def painter() -> AsyncIterator[Painter]:
    painter = Painter()
    yield painter
    await painter.close()


NAMES_ITSELF = """
import os, sys
for line in sys.stdin.buffer:
    name = str(os.getpid()).encode()
    sys.stdout.buffer.write(len(name).to_bytes(4) + name)
    sys.stdout.buffer.flush()
"""
SHOWS_ITS_ENVIRONMENT = NAMES_ITSELF.replace("str(os.getpid())", "repr(dict(os.environ))")
DIES = "import sys; sys.stdin.buffer.readline()"
CANNOT = NAMES_ITSELF.replace("str(os.getpid()).encode()", "b''")


def instead(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Another program in place of the one that draws."""
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", code))


async def test_a_picture_is_drawn_in_another_process(painter: Painter) -> None:
    assert not painter.running
    first, second = await asyncio.gather(painter.draw(FULL, [], LABELS), painter.draw(FULL, [], LABELS))
    assert first == second == paint(FULL, [], LABELS)
    assert painter.running


async def test_one_process_serves_many_pictures(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch, NAMES_ITSELF)
    pids = {await painter.draw(FULL, [], LABELS) for _ in range(3)}
    assert len(pids) == 1
    assert pids != {str(os.getpid()).encode()}


async def test_a_killed_process_is_replaced(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch, NAMES_ITSELF)
    first = await painter.draw(FULL, [], LABELS)
    os.kill(int(first), signal.SIGKILL)
    assert await painter.draw(FULL, [], LABELS) != first


async def test_a_picture_that_kills_twice_is_an_error(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch, DIES)
    with pytest.raises(DrawingError, match="twice"):
        await painter.draw(FULL, [], LABELS)
    assert not painter.running


async def test_figures_that_cannot_be_drawn_are_an_error_and_the_process_goes_on(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(monkeypatch, CANNOT)
    for _ in range(2):
        with pytest.raises(DrawingError, match="these figures"):
            await painter.draw(FULL, [], LABELS)
    assert painter.running


async def test_the_process_gets_no_secret(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "5000001:a-secret-of-ours")
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:secret@somewhere/uptake")
    instead(monkeypatch, SHOWS_ITS_ENVIRONMENT)
    environment = (await painter.draw(FULL, [], LABELS)).decode()
    assert "PYTHONPATH" in environment
    assert "secret" not in environment


async def test_a_drawing_that_is_called_off_leaves_nothing_for_the_next(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(monkeypatch, NAMES_ITSELF)
    first = await painter.draw(FULL, [], LABELS)
    task = asyncio.create_task(painter.draw(FULL, [], LABELS))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    second, third = await painter.draw(FULL, [], LABELS), await painter.draw(FULL, [], LABELS)
    assert second == third != first


async def test_an_idle_process_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch, NAMES_ITSELF)
    painter = Painter(idle_seconds=0)
    first = await painter.draw(FULL, [], LABELS)
    for _ in range(3):  # turns of the loop, not seconds
        await asyncio.sleep(0)
    assert not painter.running
    assert await painter.draw(FULL, [], LABELS) != first
    await painter.close()


async def test_a_closed_painter_leaves_no_process(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch, NAMES_ITSELF)
    pid = int(await painter.draw(FULL, [], LABELS))
    await painter.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    await painter.close()


ORPHAN = """
import asyncio, os, signal
from bot.picture import painter
from tests.test_picture import FULL, LABELS

async def main():
    await painter.Painter().draw(FULL, [], LABELS)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def test_a_parent_that_dies_takes_its_process_along() -> None:
    # The drawing process holds the pipe too: the end of the output is the end of both.
    died = subprocess.run([sys.executable, "-c", ORPHAN], capture_output=True, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL
