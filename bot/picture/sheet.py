"""The sheet the weekly picture is drawn on: the days by habit, the legend, and the weeks before."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.coach.week import CELLS, HABITS, Cell, Habit, HabitFigures, TrendPoint, WeekFigures
from bot.picture.marks import CARD, DONE, DONE_BEFORE, DPI, INK, PAPER, QUIET, TRACK, in_points, mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

_WIDTH = 1000
_MARGIN = 48
_NAMES_END = 266
_COUNTS_START = 860
_ROW = 104
_ROW_OF_MANY = 128
_GAP = 12
_PANEL = 132
_PANELS = 4
"""As many habits stand side by side; more take two rows."""
_RADII = {1: 28, 2: 22, 3: 16}
_BAR_PITCH = 54


@dataclass(frozen=True, slots=True)
class Labels:
    """Every word in the picture, in the person's language.

    `days` are seven short names, one per column in order. A state without a word in `cells` is left out of
    the legend. `weeks` name the trend's points in order; only the first and the last are written. `empty`
    stands in place of the grid when nothing was planned.
    """

    title: str
    days: tuple[str, ...]
    habits: Mapping[Habit, str]
    cells: Mapping[Cell, str] = field(default_factory=dict)
    trend: str = ""
    weeks: tuple[str, ...] = ()
    empty: str = ""


def paint(figures: WeekFigures, trend: Sequence[TrendPoint], labels: Labels) -> bytes:
    """Draw the picture here and now, as PNG; the same input gives the same bytes. Imports matplotlib."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = [habit for habit in HABITS if _stands(figures, habit)]
    panels = [habit for habit in HABITS if any(point.planned.get(habit) for point in trend)]
    if len(trend) < 2:
        panels = []
    # A dollar sign in somebody's label is no formula.
    with matplotlib.rc_context({"font.family": "DejaVu Sans", "text.parse_math": False}):
        figure = Figure(figsize=(_WIDTH / DPI, 1), dpi=DPI, facecolor=PAPER)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        sheet = Sheet(axes)
        sheet.heading(labels.title)
        if rows:
            sheet.days(labels.days)
            for habit in rows:
                sheet.habit(labels.habits[habit], figures, habit)
            sheet.legend(_legend(figures, rows, labels))
        else:
            sheet.remark(labels.empty)
        if panels:
            sheet.trend(panels, trend, labels)
        return sheet.png()


def _stands(figures: WeekFigures, habit: Habit) -> bool:
    return any(day.cell not in ("unplanned", "break") for day in figures.grid.get(habit, ()))


def _legend(figures: WeekFigures, rows: Sequence[Habit], labels: Labels) -> list[tuple[Cell, str]]:
    """The states that appear, with their words."""
    shown: set[Cell] = set()
    for habit in rows:
        for day in figures.grid[habit]:
            shown.update(day.slots if len(day.slots) > 1 else (day.cell,))
    return [(cell, labels.cells[cell]) for cell in CELLS if cell in shown and labels.cells.get(cell)]


class Sheet:
    """A sheet that grows downwards; one unit is one pixel and `y` is where the next part begins."""

    def __init__(self, axes: Axes) -> None:
        self.axes = axes
        self.y = 40.0
        axes.set_axis_off()

    def png(self) -> bytes:
        height = round(self.y + 28)
        figure = self.axes.get_figure(root=True)
        assert figure is not None  # noqa: S101  # the axes were made on it
        figure.set_size_inches(_WIDTH / DPI, height / DPI)
        self.axes.set_xlim(0, _WIDTH)
        self.axes.set_ylim(height, 0)
        out = io.BytesIO()
        figure.savefig(out, format="png", metadata={"Software": None})
        return out.getvalue()

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        width: float = _WIDTH - 2 * _MARGIN,
        **style: Any,
    ) -> Text:
        """Write in pixels of size, smaller when the words would pass `width`."""
        text = self.axes.text(x, y, words, fontsize=in_points(size), **{"color": INK, "va": "center_baseline", **style})
        length = text.get_window_extent().width
        if length > width:
            text.set_fontsize(in_points(size) * width / length)
        return text

    def heading(self, words: str) -> None:
        self.text(_MARGIN, self.y + 26, words, 42, weight="bold")
        self.y += 84

    def days(self, names: Sequence[str]) -> None:
        for column, name in enumerate(names):
            self.text(_column(column), self.y + 14, name, 28, width=80, ha="center", color=QUIET)
        self.y += 46

    def habit(self, name: str, figures: WeekFigures, habit: Habit) -> None:
        days = figures.grid[habit]
        height = _ROW_OF_MANY if any(len(day.slots) > 1 for day in days) else _ROW
        middle = self.y + height / 2
        self.card(_MARGIN - 16, self.y, _WIDTH - 2 * (_MARGIN - 16), height)
        self.text(_MARGIN + 8, middle, name, 31, width=_NAMES_END - _MARGIN - 16, weight="bold")
        for column, day in enumerate(days):
            cells = day.slots if len(day.slots) > 1 else (day.cell,)
            radius = _RADII[min(len(cells), 3)]
            pitch = 2 * radius + 7
            for index, cell in enumerate(cells):
                mark(self.axes, cell, _column(column), middle + (index - (len(cells) - 1) / 2) * pitch, radius)
        self.count(figures.habits[habit], middle)
        self.y += height + _GAP

    def count(self, it: HabitFigures, middle: float) -> None:
        """Done of planned and, below it, what was done unplanned; a week of nothing is not shouted."""
        style: dict[str, Any] = {"ha": "center", "weight": "bold", "width": 88}
        x = _WIDTH - (_WIDTH - _COUNTS_START) / 2 - 16
        if it.planned:
            lift = 17 if it.extra else 0
            colour = INK if it.done else QUIET
            self.text(x, middle - lift, f"{it.done}/{it.planned}", 32, color=colour, **style)
        if it.extra:
            drop = 21 if it.planned else 0
            self.text(x, middle + drop, f"+{it.extra}", 27, color=DONE, **style)

    def legend(self, entries: Sequence[tuple[Cell, str]]) -> None:
        self.y += 14
        x = _MARGIN + 0.0
        for cell, words in entries:
            text = self.text(0, self.y + 16, words, 25, width=_WIDTH - 2 * _MARGIN - 44, color=QUIET)
            length = 44 + text.get_window_extent().width
            if x > _MARGIN and x + length > _WIDTH - _MARGIN:
                x, self.y = _MARGIN, self.y + 42
            text.set_position((x + 40, self.y + 16))
            mark(self.axes, cell, x + 16, self.y + 16, 14)
            x += length + 34
        self.y += 44

    def remark(self, words: str) -> None:
        self.card(_MARGIN - 16, self.y, _WIDTH - 2 * (_MARGIN - 16), 180)
        self.text(_WIDTH / 2, self.y + 90, words, 31, ha="center", color=QUIET)
        self.y += 180 + _GAP

    def trend(self, habits: Sequence[Habit], points: Sequence[TrendPoint], labels: Labels) -> None:
        self.y += 34
        self.text(_MARGIN, self.y + 16, labels.trend, 31, width=520, weight="bold")
        if labels.weeks:
            span = f"{labels.weeks[0]} – {labels.weeks[-1]}"
            self.text(_WIDTH - _MARGIN, self.y + 16, span, 25, width=360, ha="right", color=QUIET)
        self.y += 52
        if len(habits) == 1:
            self.one_panel(labels.habits[habits[0]], habits[0], points)
        else:
            in_a_row = len(habits) if len(habits) <= _PANELS else -(-len(habits) // 2)
            for first in range(0, len(habits), in_a_row):
                self.panels(habits[first : first + in_a_row], points, labels, in_a_row)

    def one_panel(self, name: str, habit: Habit, points: Sequence[TrendPoint]) -> None:
        """A single habit is laid out as its row above: the name at the left, the weeks beside it."""
        left, height = _MARGIN - 16, _PANEL + 52
        self.card(left, self.y, _WIDTH - 2 * left, height)
        self.text(_MARGIN + 8, self.y + height / 2, name, 31, width=_NAMES_END - _MARGIN - 16, weight="bold")
        self.bars(habit, points, _NAMES_END + 14, self.y + 26, _WIDTH - _MARGIN - _NAMES_END - 14)
        self.y += height + _GAP

    def panels(self, habits: Sequence[Habit], points: Sequence[TrendPoint], labels: Labels, in_a_row: int) -> None:
        gap, height = 16, _PANEL + 92
        width = (_WIDTH - 2 * (_MARGIN - 16) - gap * (in_a_row - 1)) / in_a_row
        for index, habit in enumerate(habits):
            left = _MARGIN - 16 + index * (width + gap)
            self.card(left, self.y, width, height)
            self.text(left + 22, self.y + 36, labels.habits[habit], 26, width=width - 44)
            self.bars(habit, points, left + 22, self.y + 66, width - 44)
        self.y += height + _GAP

    def bars(self, habit: Habit, points: Sequence[TrendPoint], left: float, top: float, width: float) -> None:
        """One bar a week: its frame is what was planned, its filling what was done. No plan, no bar."""
        last = points[-1].ending
        weeks = (last - points[0].ending).days // 7 + 1
        pitch = min(_BAR_PITCH, width / weeks)
        thick = pitch * 0.68
        for point in points:
            planned = point.planned.get(habit, 0)
            if not planned:
                continue
            x = left + pitch * (weeks - 1 - (last - point.ending).days // 7)
            filled = _PANEL * point.done.get(habit, 0) / planned
            colour = DONE if point.ending == last else DONE_BEFORE
            self.block(x, top, thick, _PANEL, TRACK)
            if filled:
                self.block(x, top + _PANEL - filled, thick, filled, colour)

    def block(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        from matplotlib.patches import Rectangle

        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, edgecolor="none"))

    def card(self, x: float, y: float, width: float, height: float) -> None:
        from matplotlib.patches import FancyBboxPatch

        style = "round,pad=0,rounding_size=22"
        self.axes.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=style, facecolor=CARD, edgecolor="none"))


def _column(index: int) -> float:
    """The middle of a day's column."""
    width = (_COUNTS_START - _NAMES_END) / 7
    return _NAMES_END + width * (index + 0.5)
