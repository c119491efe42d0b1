"""Whatever comes, the coach stays whole: a short seeded stream on both databases. `make fuzz` runs a long one."""

from __future__ import annotations

import json
from contextlib import closing

from bot.library import Library
from bot.store import outbox
from bot.store.database import Database
from bot.trial.chats import Message
from tests.fuzz import fuzz
from tests.fuzz.shapes import CONTENTS, UPDATES
from tests.fuzz.stage import Stage
from tests.fuzz.texts import HOSTILE

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
