"""What the log may hold: never the token, and never what a person wrote."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

NOISY = ("httpx", "httpcore", "apscheduler", "uvicorn", "asyncio", "PIL", "matplotlib")
"""Libraries whose warnings alone count; some would log addresses, with the token in them."""
SILENT = ("telegram",)
"""It logs whole updates when it cannot read one. What it has to say it raises, and we log that."""


class Frames(logging.Formatter):
    """Writes of an error where it was raised and of what type, with its causes.

    An error's message may quote what it could not read, and that may be what a person wrote.
    """

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(one for one in secrets if one)

    def format(self, record: logging.LogRecord) -> str:
        """As ever, and whatever comes out: no secret in it."""
        record.exc_text = None  # another handler may have formatted it, with its message
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "<secret>")
        return text

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The frames and the types, the first cause first."""
        parts: list[str] = []
        error, seen = ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames = "".join(traceback.format_tb(error.__traceback__))
            parts.append(f"Traceback (most recent call last):\n{frames}{type(error).__module__}.{type(error).__name__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nand then\n".join(reversed(parts))


def set_up(level: str, secrets: tuple[str, ...] = ()) -> None:
    """Logs to stderr at this level, and of libraries their warnings alone."""
    handler = logging.StreamHandler()
    handler.setFormatter(Frames(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
