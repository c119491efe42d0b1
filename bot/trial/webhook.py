"""Delivers updates to the bot's webhook: in order, each until it is answered with success."""

import asyncio

import httpx

from bot.trial.updates import Updates


async def deliver(updates: Updates, retry_seconds: float) -> None:
    """Runs as long as the server; does nothing while no webhook is set."""
    while True:
        while not updates.webhook_url:
            await updates.news()
        async with httpx.AsyncClient(timeout=10) as client:
            await _deliver_while_set(client, updates, retry_seconds)


async def _deliver_while_set(client: httpx.AsyncClient, updates: Updates, retry_seconds: float) -> None:
    while updates.webhook_url:
        if not updates.pending:
            await updates.news()
        elif not await _accepted(client, updates):
            await asyncio.sleep(retry_seconds)


async def _accepted(client: httpx.AsyncClient, updates: Updates) -> bool:
    update = updates.pending[0]
    headers = {"X-Telegram-Bot-Api-Secret-Token": updates.webhook_secret} if updates.webhook_secret else {}
    try:
        response = await client.post(updates.webhook_url, json=update, headers=headers)
    except httpx.HTTPError:
        return False
    if response.is_success:
        updates.acknowledge(update["update_id"] + 1)
    return response.is_success
