import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import Conflict, InvalidToken

from bot.trial.server import TelegramServer
from bot.trial.serving import serve
from tests.trial.conftest import NOON, TOKEN, Telegram, Watch, telegram_at


async def test_what_a_person_types_arrives_with_the_trials_date(telegram: Telegram, bot: Bot) -> None:
    message_id = telegram.server.type(telegram.ann, "/start now")
    [update] = await telegram.updates(bot)
    assert update.message is not None
    assert update.message.message_id == message_id
    assert update.message.text == "/start now"
    assert update.message.date == NOON
    assert update.message.parse_entities() == {update.message.entities[0]: "/start"}
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "en"


async def test_an_unacknowledged_update_is_delivered_again(telegram: Telegram, bot: Bot) -> None:
    telegram.server.type(telegram.ann, "one")
    first = await telegram.updates(bot)
    assert await telegram.updates(bot) == first
    assert telegram.server.updates_pending() == 1


async def test_a_higher_offset_acknowledges_what_came_before(telegram: Telegram, bot: Bot) -> None:
    telegram.server.type(telegram.ann, "one")
    telegram.server.type(telegram.ann, "two")
    first, second = await telegram.updates(bot)
    assert await telegram.updates(bot, offset=second.update_id) == [second]
    assert telegram.server.updates_pending() == 1
    assert await telegram.updates(bot, offset=second.update_id + 1) == []
    assert first.update_id + 1 == second.update_id


async def test_a_negative_offset_forgets_all_but_the_last(telegram: Telegram, bot: Bot) -> None:
    for text in ("one", "two", "three"):
        telegram.server.type(telegram.ann, text)
    [last] = await telegram.updates(bot, offset=-1)
    assert last.message is not None
    assert last.message.text == "three"
    assert telegram.server.updates_pending() == 1


async def test_no_more_than_a_hundred_updates_come_at_once(telegram: Telegram, bot: Bot) -> None:
    for number in range(120):
        telegram.server.type(telegram.ann, str(number))
    assert len(await telegram.updates(bot)) == 100
    assert len(await bot.get_updates(limit=7, timeout=0)) == 7


async def test_a_long_poll_ends_when_something_happens(telegram: Telegram, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await until_polled(telegram)
    telegram.server.type(telegram.ann, "hello")
    [update] = await poll
    assert update.message is not None
    assert update.message.text == "hello"


async def test_only_the_kinds_of_update_asked_for_are_kept(telegram: Telegram, bot: Bot) -> None:
    await bot.get_updates(timeout=0, allowed_updates=["edited_message"])
    message_id = telegram.server.type(telegram.ann, "five")
    telegram.server.edit(telegram.ann, message_id, "six")
    [update] = await telegram.updates(bot)
    assert update.edited_message is not None
    assert update.edited_message.text == "six"
    assert update.edited_message.message_id == message_id


async def test_a_second_poller_ends_the_first_with_a_conflict(telegram: Telegram, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await until_polled(telegram)
    second = asyncio.create_task((await telegram.bot()).get_updates(timeout=30))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    telegram.server.type(telegram.ann, "hello")
    assert len(await second) == 1


async def test_polling_is_refused_while_a_webhook_is_set(telegram: Telegram, bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates(timeout=0)
    await bot.delete_webhook()
    assert await telegram.updates(bot) == []


async def test_a_webhook_gets_each_update_in_order_until_it_accepts() -> None:
    received: list[tuple[Any, str | None]] = []
    both = asyncio.Event()

    async def hook(request: Request) -> Response:
        update = await request.json()
        received.append((update["message"]["text"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        if len(received) == 3:
            both.set()
        return Response(status_code=500 if len(received) == 1 else 200)

    watch = Watch()
    server = TelegramServer(TOKEN, watch, webhook_retry_seconds=0)
    app = Starlette(routes=[Route("/hook", hook, methods=["POST"])])
    async with telegram_at(server, watch) as telegram, serve(app) as (host, port):
        bot = await telegram.bot()
        await bot.set_webhook(f"http://{host}:{port}/hook", secret_token="s3cret")
        ann = server.add_person("Ann")
        server.type(ann, "one")
        server.type(ann, "two")
        await asyncio.wait_for(both.wait(), 10)
        info = await bot.get_webhook_info()
    assert received == [("one", "s3cret"), ("one", "s3cret"), ("two", "s3cret")]
    assert info.url.endswith("/hook")


async def test_a_wrong_token_is_refused(telegram: Telegram) -> None:
    stranger = await telegram.bot(token="5000001:other")
    with pytest.raises(InvalidToken):
        await stranger.get_me()


async def test_an_unknown_method_is_refused(bot: Bot) -> None:
    with pytest.raises(InvalidToken, match="does not exist"):  # its reading of 404
        await bot.do_api_request("sendTelegram")


async def test_a_block_and_its_end_are_told_to_the_bot(telegram: Telegram, bot: Bot) -> None:
    telegram.server.block(telegram.ann)
    telegram.server.type(telegram.ann, "/start")
    blocked, back, start = await telegram.updates(bot)
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert back.my_chat_member is not None
    assert back.my_chat_member.new_chat_member.status == "member"
    assert start.message is not None


async def test_a_group_has_its_own_chat(telegram: Telegram, bot: Bot) -> None:
    group = telegram.server.add_group("Family")
    telegram.server.type_in_group(group, telegram.ann, "/start")
    added, said = await telegram.updates(bot)
    assert added.my_chat_member is not None
    assert said.message is not None
    assert said.message.chat.type == "group"
    assert said.message.from_user is not None
    assert said.message.from_user.id == telegram.ann


async def test_odd_things_arrive_as_what_they_are(telegram: Telegram, bot: Bot) -> None:
    telegram.server.share_location(telegram.ann, 52.52, 13.40)
    telegram.server.send_sticker(telegram.ann)
    telegram.server.send_voice(telegram.ann)
    telegram.server.send_photo_from_person(telegram.ann)
    messages = [update.message for update in await telegram.updates(bot)]
    location, sticker, voice, photo = [message for message in messages if message]
    assert location.location is not None
    assert location.location.latitude == 52.52
    assert sticker.sticker is not None
    assert voice.voice is not None
    assert photo.photo[0].width == 1


async def test_stopping_does_not_wait_for_a_long_poll(bot: Bot) -> None:
    watch = Watch()
    loop = asyncio.get_running_loop()
    async with telegram_at(TelegramServer(TOKEN, watch), watch) as telegram:
        poll = asyncio.create_task((await telegram.bot()).get_updates(timeout=50))
        await until_polled(telegram)
        stopping_at = loop.time()
    assert loop.time() - stopping_at < 2
    await asyncio.gather(poll, return_exceptions=True)


async def until_polled(telegram: Telegram) -> None:
    """Waits until a long poll is open at the server."""
    while not telegram.server.state.updates.polled:  # noqa: ASYNC110 - a few turns of this very loop
        await asyncio.sleep(0)
