"""Telegram's pace is kept: over all chats, within one, and when it says that we were too fast."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.chat.pace import BURST, NAMES_ALL, OVERALL, PER_CHAT, Pace
from bot.trial.limits import RateLimit


@dataclass
class Watch:
    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def pace(watch: Watch) -> Pace:
    return Pace(watch)


def test_it_begins_with_room_for_one_and_comes_to_its_rate(watch: Watch, pace: Pace) -> None:
    """Another process may have sent a moment ago."""
    assert pace.room() == 1
    pace.take(1)
    assert pace.room() == 0
    assert pace.wait_all() == pytest.approx(1 / OVERALL)
    watch.seconds += 1
    assert 1 < pace.room() < OVERALL


def test_a_chat_takes_a_small_burst_and_then_one_a_second(watch: Watch, pace: Pace) -> None:
    for _ in range(BURST):
        assert pace.wait_chat(1) == 0
        pace.take(1)
    assert pace.wait_chat(1) == pytest.approx(1 / PER_CHAT)
    assert pace.resting() == {1}
    assert pace.wait_chat(2) == 0
    watch.seconds += 1 / PER_CHAT
    assert pace.resting() == set()


def test_an_edit_counts_for_the_bot_and_not_for_its_chat(watch: Watch, pace: Pace) -> None:
    for _ in range(BURST + 2):
        pace.take(1, new_message=False)
        watch.seconds += 1
    assert pace.wait_chat(1) == 0
    pace.take(1, new_message=False)
    while pace.room():
        pace.take(2, new_message=False)
    assert pace.wait_all() > 0


def test_a_chat_of_long_ago_is_forgotten(watch: Watch, pace: Pace) -> None:
    for chat in range(1000):
        watch.seconds += 1
        pace.take(chat)
    watch.seconds += 10
    pace.resting()
    assert not pace._chats
    assert not pace._full


def test_ten_minutes_of_sending_as_fast_as_it_allows_never_meets_a_limit_and_wastes_little(watch: Watch) -> None:
    """The server's limits are those of Telegram: thirty a second, one a second to a chat."""
    pace, limit, sent, chat = Pace(watch), RateLimit(watch), 0, 0
    began = watch.seconds
    while watch.seconds - began < 600:
        for _ in range(pace.room()):
            chat = (chat + 1) % 500
            if pace.wait_chat(chat) == 0:
                pace.take(chat)
                assert limit.retry_after(chat, new_message=True) is None
                sent += 1
        watch.seconds += 0.013
    assert sent / 600 > 29.3


def test_a_429_of_one_chat_pauses_that_chat_alone(watch: Watch, pace: Pace) -> None:
    pace.pause(1, 30)
    assert pace.resting() == {1}
    assert pace.room() == 1
    watch.seconds += 30
    assert pace.resting() == set()


def test_when_several_chats_are_told_at_once_all_of_the_bot_is_meant(watch: Watch, pace: Pace) -> None:
    for chat in range(NAMES_ALL - 1):
        pace.pause(chat, 30)
    assert pace.room() == 1
    pace.pause(99, 20)
    assert pace.room() == 0
    assert pace.wait_all() == pytest.approx(20)


def test_pauses_that_are_over_do_not_add_up(watch: Watch, pace: Pace) -> None:
    for chat in range(10):
        pace.pause(chat, 1)
        watch.seconds += 2
    assert pace.room() >= 1


def test_a_longer_pause_is_not_shortened(watch: Watch, pace: Pace) -> None:
    pace.pause_all(30)
    pace.pause_all(1)
    assert pace.wait_all() == pytest.approx(30)
