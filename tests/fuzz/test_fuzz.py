"""Whatever comes, the coach stays whole: a short seeded stream on both databases. `make fuzz` runs a long one."""

from __future__ import annotations

import json
from contextlib import closing
from functools import partial

from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.coach.dialogue import Said
from bot.library import Library
from bot.store import outbox, people
from bot.store.database import Database
from bot.trial.chats import Message
from tests.fuzz import fuzz
from tests.fuzz.shapes import CONTENTS, UPDATES
from tests.fuzz.stage import BEGIN, Stage
from tests.fuzz.texts import HOSTILE
from tests.store.rows import fill

UPDATES_HERE = 200


def test_a_hostile_stream_breaks_nothing_and_touches_nobody_else(database: Database, library: Library) -> None:
    stage = fuzz(database, library, UPDATES_HERE, seed=4)
    assert stage.violations == []
    assert stage.counts["tap"] > 50
    assert stage.counts["text"] > 50
    assert stage.counts["unreadable"] > 0
    assert stage.counts["calls of Telegram"] > UPDATES_HERE / 2


def test_every_kind_of_update_and_of_message_is_in_the_stream() -> None:
    assert {"poll_answer", "channel_post", "pre_checkout_query", "chat_join_request", "business_message"} <= {*UPDATES}
    assert {"migrate_to_chat_id", "contact", "dice", "voice", "forum_topic_created", "via_bot"} <= {*CONTENTS}


def documents(stage: Stage, chat_id: int) -> list[Message]:
    return [one for one in stage.telegram.chat(chat_id).messages.values() if one.kind == "document"]


def test_an_export_may_hold_whatever_was_sent(database: Database, library: Library) -> None:
    stage = Stage(database, library)
    kept = {"failed_update": list(HOSTILE)}
    stage.telegram.chat(7001)
    stage.work(
        lambda session: outbox.put(
            session, chat_id=7001, person_id=None, text="All of it.", now=stage.now, kind="document", figures=kept
        )
    )
    with closing(stage), stage.watched():
        stage.deliver()
    assert stage.violations == []
    [sent] = documents(stage, 7001)
    assert sent.document is not None
    assert json.loads(sent.document.content) == json.loads(json.dumps(kept)), "two halves read as one character"


def test_a_message_that_telegram_would_refuse_is_noticed(database: Database, library: Library) -> None:
    stage = Stage(database, library)
    stage.telegram.chat(7001)
    for text in ("<b>", "", "x" * 4097, "fine"):
        stage.work(lambda session, text=text: outbox.put(session, chat_id=7001, person_id=None, text=text, now=BEGIN))  # type: ignore[misc]
    with closing(stage), stage.watched():
        stage.deliver()
    assert len([one for one in stage.violations if one.startswith("Telegram refused")]) == 3


def test_a_row_of_somebody_else_is_noticed(database: Database, library: Library) -> None:
    stage = Stage(database, library)
    theirs = stage.work(lambda session: fill(session, 7001).id)

    def write(session: Session, chat_id: int) -> None:
        event.listen(session, "before_flush", partial(stage.owned, chat_id))
        people.remember(session, theirs, "name", Said("Kim", "Kim"), None, BEGIN)

    before = stage.records([7001])
    stage.work(lambda session: write(session, 7001))
    assert stage.violations == []
    stage.work(lambda session: write(session, 7002))
    assert "writes a row of chat 7001: Fact" in stage.violations[0]
    assert stage.records([7001]) != before
    stage.close()
