"""Says over HTTP whether the coach is well: /health for whoever restarts it, /metrics for whoever watches it."""

from __future__ import annotations

import time

from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.running import Running
from bot.store import dues, inbox, outbox

SLOW_TICK = 60.0
"""Seconds without a look at the clock after which the process that leads is not well."""


def well(coach: Running) -> bool:
    """Whether updates can be committed and, where this process leads, the clock ticks."""
    ticked = coach.clock.ticked_at
    ticks = not coach.lead.leads or ticked is None or time.monotonic() - ticked < SLOW_TICK
    return ticks and not coach.database_refuses


def health(coach: Running) -> Route:
    async def answer(request: Request) -> Response:
        return PlainTextResponse("ok") if well(coach) else PlainTextResponse("not well", 503)

    return Route("/health", answer)


def metrics(coach: Running) -> Route:
    """Prometheus' text format. Figures only: nobody's chat, nobody's words."""

    async def answer(request: Request) -> Response:
        waiting = await coach.database.run(lambda session: _waiting(session, coach))
        ticked = coach.clock.ticked_at
        lines = [
            *_counter("updates_total", {"": coach.figures["updates"]}),
            *_counter("updates_repeated_total", {"": coach.figures["repeats"]}),
            *_counter("updates_put_aside_total", {"": coach.figures["put_aside"]}),
            *_counter("turn_failures_total", {"": coach.figures["failures"]}),
            *_counter("messages_total", {f'{{fate="{fate}"}}': n for fate, n in sorted(coach.sender.settled.items())}),
            *(line for name, n in waiting.items() for line in _gauge(name, n)),
            *_gauge("leads", int(coach.lead.leads)),
            *_gauge("seconds_since_tick", round(time.monotonic() - ticked, 1) if ticked is not None else -1),
        ]
        return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")

    return Route("/metrics", answer)


def vitals(coach: Running) -> Starlette:
    return Starlette(routes=[health(coach), metrics(coach)])


def _waiting(session: Session, coach: Running) -> dict[str, int]:
    return {
        "outbox_waiting": outbox.waiting(session),
        "inbox_waiting": inbox.waiting(session),
        "check_ins_due": dues.waiting(session, coach.now()),
    }


def _counter(name: str, values: dict[str, int]) -> list[str]:
    return [f"# TYPE uptake_{name} counter", *(f"uptake_{name}{label} {value}" for label, value in values.items())]


def _gauge(name: str, value: float) -> list[str]:
    return [f"# TYPE uptake_{name} gauge", f"uptake_{name} {value}"]
