"""Updates pushed by Telegram: handled and committed before Telegram is told that we have them."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot, Update

log = logging.getLogger(__name__)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- its name, not its value
LARGEST = 1_000_000
"""Bytes of an update; Telegram's are far smaller."""
PATH = "/telegram"


def webhook(
    bot: Bot,
    handle: Callable[[Update], Awaitable[None]],
    unreadable: Callable[[dict[str, Any]], Awaitable[None]],
    secret: str,
) -> Route:
    """Takes updates at /telegram.

    It answers 200 when an update is committed, handled or put aside, and 503 when it is not: Telegram tries again.
    """

    async def take(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("the secret is missing or wrong", 403)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST:
                return PlainTextResponse("too large", 413)
        try:
            raw = json.loads(body)
            number = raw["update_id"]
        except (ValueError, TypeError, KeyError):
            number = None
        if not isinstance(number, int):
            log.warning("the webhook got something that is no update")
            return PlainTextResponse("this is no update", 400)
        try:
            await _commit(raw)
        except Exception as error:
            log.error("an update could not be handled and stays with Telegram: %s", type(error).__name__)
            return PlainTextResponse("try again", 503)
        return PlainTextResponse("")

    async def _commit(raw: dict[str, Any]) -> None:
        try:
            update = Update.de_json(raw, bot)
        except Exception:
            await unreadable(raw)
            return
        await handle(update)

    return Route(PATH, take, methods=["POST"])
