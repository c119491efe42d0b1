"""`python -m tests.fuzz --updates 100000 --seed 1`: hostile streams against the coach; 1 when anything gave way."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import tempfile
import time
import warnings
from collections import Counter
from contextlib import ExitStack

from bot.check import check
from bot.settings import HOME
from bot.store.database import migrate
from tests.conftest import new_postgres, postgres_server, unplugged
from tests.fuzz import fuzz

SHOWN = 20


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("--updates", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    args = asked.parse_args()
    logging.disable(logging.WARNING)
    warnings.simplefilter("error")
    gc.set_threshold(50_000)  # much of the time would go into looking for garbage
    began = time.monotonic()
    with ExitStack() as stack:
        if args.postgres:
            url = new_postgres(stack.enter_context(postgres_server()))
        else:
            url = f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/uptake.db"
        migrate(url)
        database = unplugged(url)
        stack.callback(database.close)
        found = fuzz(database, check(HOME / "content"), args.updates, args.seed)
    _tell(found.counts, found.violations, time.monotonic() - began)
    return 1 if found.violations else 0


def _tell(counts: Counter[str], violations: list[str], seconds: float) -> None:
    out = sys.stdout.write
    for name, number in sorted(counts.items()):
        out(f"{number:9,}  {name}\n")
    out(f"{seconds:9,.0f}  seconds\n{len(violations):9,}  violations\n")
    for one in violations[:SHOWN]:
        out(f"\n{one}\n")


if __name__ == "__main__":
    sys.exit(main())
