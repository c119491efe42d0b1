"""Updates pushed by Telegram: handled and committed before Telegram is told that we have them."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot, Update

log = logging.getLogger(__name__)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- its name, not its value
LARGEST = 1_000_000
"""Bytes of an update; Telegram's are far smaller."""
PATH = "/telegram"


def webhook(bot: Bot, handle: Callable[[Update], Awaitable[None]], secret: str) -> Starlette:
    """An app that takes updates at /telegram and says at /health that it is up."""

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
            update = Update.de_json(json.loads(body), bot)
        except (ValueError, TypeError, KeyError):
            log.warning("the webhook got something that is no update")
            return PlainTextResponse("this is no update", 400)
        await handle(update)
        return PlainTextResponse("")

    async def health(request: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route(PATH, take, methods=["POST"]), Route("/health", health)])
