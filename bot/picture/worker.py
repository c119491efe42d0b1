"""The process that draws: takes jobs as lines of JSON, answers each with a PNG and its length, ends with its input."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from pydantic import TypeAdapter

from bot.coach.week import TrendPoint, WeekFigures
from bot.picture.sheet import Labels, paint

LENGTH = 4
"""Bytes that say how long the picture is; 0 when it could not be drawn."""


@dataclass(frozen=True)
class Job:
    """All that a picture is drawn from."""

    figures: WeekFigures
    trend: tuple[TrendPoint, ...]
    labels: Labels


JOB: TypeAdapter[Job] = TypeAdapter(Job)


def main() -> None:
    """Draws until the parent closes its end, or dies."""
    for line in sys.stdin.buffer:
        try:
            job = JOB.validate_json(line)
            picture = paint(job.figures, job.trend, job.labels)
        except Exception:
            picture = b""
        sys.stdout.buffer.write(len(picture).to_bytes(LENGTH) + picture)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
