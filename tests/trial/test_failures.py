import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot.trial.archive import kept
from bot.trial.faults import Fault
from bot.trial.limits import RateLimit
from bot.trial.server import TelegramServer
from tests.trial.conftest import TOKEN, Telegram, Watch, telegram_at
from tests.trial.test_sending import PNG, keyboard


@pytest.mark.parametrize("kind", ["500", "502", "drop"])
async def test_an_ordered_failure_happens_as_often_as_ordered(telegram: Telegram, bot: Bot, kind: str) -> None:
    telegram.server.faults.append(Fault("sendMessage", kind, times=2))  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(telegram.ann, "hello")
    assert telegram.server.messages(telegram.ann) == []
    await bot.send_message(telegram.ann, "hello")
    assert telegram.server.faults == []


async def test_a_failure_after_the_effect_leaves_the_message_there(telegram: Telegram, bot: Bot) -> None:
    telegram.server.faults.append(Fault("sendMessage", "drop", after_effect=True))
    with pytest.raises(NetworkError):
        await bot.send_message(telegram.ann, "hello")
    assert [message.plain for message in telegram.server.messages(telegram.ann)] == ["hello"]


async def test_a_failure_can_be_ordered_for_one_chat(telegram: Telegram, bot: Bot) -> None:
    bob = telegram.server.add_person("Bob")
    telegram.server.faults.append(Fault("sendMessage", "429", chat_id=bob, retry_after=7))
    await bot.send_message(telegram.ann, "hello")
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(bob, "hello")
    assert refused.value.retry_after == timedelta(seconds=7)


async def test_an_answer_that_never_comes_runs_into_the_callers_timeout(telegram: Telegram) -> None:
    impatient = await telegram.bot(read_timeout=0.05)
    telegram.server.faults.append(Fault("sendMessage", "timeout", after_effect=True))
    with pytest.raises(TimedOut):
        await impatient.send_message(telegram.ann, "hello")
    assert len(telegram.server.messages(telegram.ann)) == 1


async def test_a_chat_takes_a_small_burst_and_then_one_a_second(telegram: Telegram, bot: Bot) -> None:
    seconds = [100.0]
    telegram.server.rate_limit = RateLimit(lambda: seconds[0])
    sent = [await bot.send_message(telegram.ann, str(number)) for number in range(3)]
    with pytest.raises(RetryAfter):
        await bot.send_message(telegram.ann, "too soon")
    await bot.edit_message_text("edits are free of it", telegram.ann, sent[0].message_id)
    seconds[0] += 1
    await bot.send_message(telegram.ann, "in time")
    with pytest.raises(RetryAfter):
        await bot.send_message(telegram.ann, "too soon again")
    assert [refusal.code for refusal in telegram.server.refusals] == [429, 429]


async def test_the_bot_as_a_whole_sends_thirty_a_second(telegram: Telegram, bot: Bot) -> None:
    telegram.server.rate_limit = RateLimit(lambda: 100.0)
    people = [telegram.server.add_person(f"Person {number}") for number in range(31)]
    for person in people[:30]:
        await bot.send_message(person, "hello")
    with pytest.raises(RetryAfter):
        await bot.send_message(people[30], "hello")


async def test_the_trial_survives_a_restart(telegram: Telegram, bot: Bot, tmp_path: Path) -> None:
    path = tmp_path / "trial.json"
    before, ann = telegram.server, telegram.ann
    typed = before.type(ann, "hello")
    before.edit(ann, typed, "hello!")
    before.share_location(ann, 1.5, 2.5)
    sent = await bot.send_photo(ann, PNG, caption="<i>x</i>", parse_mode="HTML", reply_markup=keyboard(["A"]))
    tapped = before.tap(ann, sent.message_id, "A")
    await bot.set_my_commands([("start", "Begin")])
    before.state.note["offset"] = 12.5
    before.save(path)

    after = TelegramServer.load(path, TOKEN, telegram.watch)
    assert after.messages(ann) == before.messages(ann)
    assert after.unanswered_taps == before.unanswered_taps
    assert after.commands(ann) == before.commands(ann)
    assert after.state.note == {"offset": 12.5}
    assert after.updates_pending() == before.updates_pending()
    assert after.type(ann, "again") > sent.message_id
    async with telegram_at(after, telegram.watch) as restarted:
        again = await restarted.bot()
        ids = [update.update_id for update in await restarted.updates(again)]
        assert ids == sorted(set(ids))
        assert await again.answer_callback_query(tapped)


def test_a_saved_trial_is_its_owners_only_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "trial.json"
    server = TelegramServer(TOKEN, Watch())
    server.add_person("Ann")
    server.save(path)
    server.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [child.name for child in path.parent.iterdir()] == ["trial.json"]
    assert TOKEN not in path.read_text()
    assert json.loads(path.read_text())["chats"][0]["name"] == "Ann"


async def test_what_happens_is_saved_without_asking(tmp_path: Path) -> None:
    path = tmp_path / "trial.json"
    server = TelegramServer(TOKEN, Watch())
    async with kept(server.state, path, every_seconds=0):
        server.add_person("Ann")
        while not path.exists():  # noqa: ASYNC110 - a few turns of this very loop
            await asyncio.sleep(0)
        server.add_person("Bob")
    after = TelegramServer.load(path, TOKEN, Watch())
    assert [chat.name for chat in after.state.chats.values()] == ["Ann", "Bob"]


async def test_starting_over_never_uses_a_number_twice(telegram: Telegram, bot: Bot) -> None:
    telegram.server.type(telegram.ann, "hello")
    [before] = await telegram.updates(bot)
    telegram.server.forget_everything()
    again = telegram.server.add_person("Ann")
    telegram.server.type(again, "hello")
    [after] = await telegram.updates(bot)
    assert again != telegram.ann
    assert after.update_id > before.update_id


async def test_an_open_page_is_told_what_happens(telegram: Telegram, bot: Bot) -> None:
    with telegram.server.state.events.subscription() as happenings:
        await bot.send_chat_action(telegram.ann, "typing")
        await bot.send_message(telegram.ann, "hello")
        kinds = [(await asyncio.wait_for(anext(happenings), 10))["kind"] for _ in range(2)]
    assert kinds == ["action", "message"]
