"""The marks of a day's states, and the colours of the whole picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.coach.week import Cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DPI = 100
# Okabe and Ito's blue and orange on warm greys: apart in every common form of colour blindness.
PAPER, CARD, INK, QUIET, FAINT = "#F6F4EF", "#FFFFFF", "#26323A", "#5F6B73", "#A9B1B5"
DONE, DONE_BEFORE, SKIPPED, TRACK = "#0B6E99", "#7FB3CA", "#D98200", "#E8EBEC"


def mark(axes: Axes, cell: Cell, x: float, y: float, radius: float) -> None:
    """Draw one state. Each is a shape first and a colour second."""
    from matplotlib.patches import Circle, Wedge

    thick = max(2.0, radius * 0.16)
    if cell in ("done", "partly", "unanswered", "ahead"):
        fill = DONE if cell == "done" else "none"
        edge = {"done": DONE, "partly": DONE, "unanswered": QUIET, "ahead": FAINT}[cell]
        ring = Circle((x, y), radius - thick / 2, facecolor=fill, edgecolor=edge, linewidth=in_points(thick))
        if cell == "ahead":
            ring.set_linestyle((0, (1.6, 1.4)))
        axes.add_patch(ring)
    if cell == "done":
        _stroke(axes, x, y, radius, [(-0.42, 0.04), (-0.12, 0.34), (0.44, -0.3)], "#FFFFFF", 0.2)
    elif cell == "partly":
        axes.add_patch(Wedge((x, y), radius - thick / 2, 0, 180, facecolor=DONE, edgecolor="none"))
    elif cell == "unanswered":
        size = in_points(radius * 1.15)
        axes.text(x, y, "?", fontsize=size, color=QUIET, ha="center", va="center_baseline", weight="bold")
    elif cell == "skipped":
        _stroke(axes, x, y, radius, [(-0.62, 0), (0.62, 0)], SKIPPED, 0.42)
    elif cell == "break":
        for side in (-0.3, 0.3):
            _stroke(axes, x, y, radius, [(side, -0.5), (side, 0.5)], FAINT, 0.3)
    elif cell in ("not_sent", "uncertain"):
        diamond = [(0, -0.62), (0.62, 0), (0, 0.62), (-0.62, 0), (0, -0.62)]
        _stroke(axes, x, y, radius, diamond, FAINT, 0.16)
    if cell in ("unplanned", "uncertain"):
        axes.add_patch(Circle((x, y), max(2.5, radius * 0.12), facecolor=FAINT, edgecolor="none"))


def _stroke(
    axes: Axes,
    x: float,
    y: float,
    radius: float,
    path: Sequence[tuple[float, float]],
    colour: str,
    thick: float,
) -> None:
    """Draw a line through points given in radii from the middle."""
    from matplotlib.lines import Line2D

    across, down = [x + radius * a for a, _ in path], [y + radius * b for _, b in path]
    line = Line2D(across, down, color=colour, linewidth=in_points(radius * thick))
    line.set_solid_capstyle("round")
    line.set_solid_joinstyle("round")
    axes.add_line(line)


def in_points(pixels: float) -> float:
    """A length in pixels as matplotlib counts it."""
    return pixels * 72 / DPI
