"""Groups, people who block the bot and come back, what is taken out and what is erased."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy.orm import Session

from bot.inputs import Input
from bot.scheduler import KEEP_OWNERLESS
from bot.store import outbox, people
from bot.store.tables import FailedUpdate, Group, Outbox, Person, Table
from bot.turns import put_aside
from tests.store.rows import OF_NOBODY, fill, tables
from tests.turns.chat import SLEEP, WALKS, Chat, World, berlin

# groups


def in_group(world: World, update: int, chat: int = -100500) -> None:
    world.take(Input(chat, update, world.now, "group", "hello everyone, I am Robin"))


def test_a_group_is_told_once_and_only_its_id_is_kept(world: World) -> None:
    for update in (1, 2, 3):
        in_group(world, update)
        world.deliver()
    assert [text for _, text in world.sent] == ["I work only in private chats. Write to me directly and we can start."]
    assert [row.chat_id for row in world.rows(Group)] == [-100500]
    counts = world.counts()
    assert {name for name, count in counts.items() if count} == {"group_chat", "outbox", "update_seen"}
    assert not any("Robin" in str(vars(row)) for row in world.rows(Outbox))


def test_each_group_is_told(world: World) -> None:
    in_group(world, 1, -1)
    in_group(world, 2, -2)
    world.deliver()
    assert [chat for chat, _ in world.sent] == [-1, -2]


def test_emergency_words_in_a_group_are_not_read(world: World) -> None:
    world.take(Input(-1, 1, world.now, "group", "I have chest pain"))
    assert world.rows(Person) == []


# blocked and back


def test_who_blocks_the_bot_is_unreachable_and_nothing_is_queued(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/plan", deliver=False)
    robin.block()
    assert not robin.person.reachable
    assert robin.waiting() == []
    world.play(berlin(25, "12:00"))
    assert robin.waiting() == []
    assert {due.reason for due in robin.dues("walk") if due.status != "planned"} == {"unreachable"}
    assert robin.messages == {}


def test_a_check_in_on_its_way_to_who_blocks_was_not_sent(world: World) -> None:
    robin = world.person(**WALKS)
    world.play(berlin(23, "19:45"), deliver=False)
    robin.block()
    assert robin.dues("walk")[0].status == "not_sent"
    world.play(berlin(25, "05:00"))
    assert "unanswered" not in {due.status for due in robin.dues("walk")}


def test_who_unblocks_is_reachable_again_and_the_plan_goes_on(world: World) -> None:
    robin = world.person(**WALKS)
    robin.block()
    world.play(berlin(24, "12:00"))
    robin.unblock()
    assert robin.person.reachable
    world.play(berlin(24, "19:45"))
    assert "Done" in robin.last.labels


def test_who_writes_again_is_reachable_again(world: World) -> None:
    robin = world.person(**WALKS)
    robin.block()
    robin.say("hello")
    assert robin.person.reachable
    assert robin.messages


# erase and export


def with_a_past(world: World, chat_id: int) -> Chat:
    """Someone with a row in every table."""
    chat = Chat(world, chat_id)
    world.work(lambda session: fill(session, chat_id))
    chat.settle({"zone": "Europe/Berlin", **WALKS})
    return chat


def of_chat(session: Session, chat_id: int) -> dict[str, int]:
    """How many rows of each table belong to a person or name their chat."""
    person = people.by_chat(session, chat_id)
    found = {}
    for table in tables():
        rows: list[Any] = session.query(table).all()
        theirs = [
            row
            for row in rows
            if (person is not None and getattr(row, "person_id", None) == person.id)
            or getattr(row, "chat_id", None) == chat_id
        ]
        found[table.__tablename__] = len(theirs)
    return found


def test_erase_deletes_every_row_of_the_person_and_of_nobody_else(world: World) -> None:
    robin, kim = with_a_past(world, 7001), with_a_past(world, 7002)
    before = world.work(lambda session: of_chat(session, kim.id))
    others = {table.__tablename__ for table in OF_NOBODY}
    assert all(count for name, count in before.items() if name not in others)
    robin.say("/erase")
    robin.tap("Yes, erase all")
    assert "Everything I kept about you is deleted" in robin.last.plain
    left = world.work(lambda session: of_chat(session, robin.id))
    assert {name for name, count in left.items() if count} == {"inbox", "outbox"}, (
        "but the last word, and what they wrote after it, whose turn is still to come"
    )
    assert [row.text for row in world.rows(Outbox, chat_id=robin.id)] == [robin.last.text]
    assert world.work(lambda session: of_chat(session, kim.id)) == before
    world.work(lambda session: outbox.drop_ownerless(session, world.now + 2 * KEEP_OWNERLESS))
    left = world.work(lambda session: of_chat(session, robin.id))
    assert {name for name, count in left.items() if count} == {"inbox"}
    assert len(world.rows(Outbox, chat_id=kim.id)) == before["outbox"]


def test_after_erase_start_begins_from_zero(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/erase")
    robin.tap("Yes, erase all")
    robin.say("/start")
    assert "18 or older" in robin.last.plain
    assert robin.person.consent is None
    world.play(berlin(24, "21:00"))
    assert robin.dues() == []


def test_what_was_on_its_way_is_not_sent_after_erase(world: World) -> None:
    robin = world.person(**WALKS)
    robin.say("/erase")
    world.play(berlin(23, "19:45"), deliver=False)
    robin.tap("Yes, erase all", deliver=False)
    robin.new()
    world.deliver()
    said = [message.plain for message in robin.new()]
    assert len(said) == 1
    assert "Everything I kept about you is deleted" in said[0]


def test_a_no_deletes_nothing(world: World) -> None:
    robin = with_a_past(world, 7001)
    before = world.counts()
    robin.say("/erase")
    robin.tap("No, keep it")
    after = world.counts()
    assert all(after[name] >= before[name] for name in before)


def test_export_contains_every_row_of_every_table(world: World) -> None:
    robin = with_a_past(world, 7001)
    with_a_past(world, 7002)
    robin.say("/export")
    (document,) = robin.rows(Outbox, kind="document")
    assert document.figures is not None
    kept = document.figures
    json.dumps(kept)
    of_persons = {t.__tablename__ for t in tables()} - {t.__tablename__ for t in OF_NOBODY}
    assert set(kept) == of_persons
    counts = world.work(lambda session: of_chat(session, robin.id))
    for name in of_persons - {"person", "outbox", "run"}:
        assert len(kept[name]) == counts[name] > 0, name
    assert kept["person"]["chat_id"] == robin.id
    assert kept["answer"][0]["typed"] == "15"
    assert kept["walk"][0]["local_date"] == "2026-11-23"
    theirs = {row.get("person_id", robin.person.id) for name in of_persons - {"person"} for row in kept[name]}
    assert theirs == {robin.person.id}


def test_a_table_of_persons_is_never_forgotten_in_erase_and_export() -> None:
    """A new table either belongs to a person and goes with them, or is named among those of nobody."""
    for name, table in Table.metadata.tables.items():
        if name in {"person", "failed_update"} | {one.__tablename__ for one in OF_NOBODY}:
            continue
        (key,) = [key for key in table.foreign_keys if key.column.table.name == "person"]
        assert key.ondelete == "CASCADE", name


def test_an_update_that_fails_for_good_is_kept_and_the_person_told(world: World) -> None:
    robin = world.person()
    given = Input(robin.id, 77, world.now, "text", "hello", message_id=1)
    world.work(lambda session: put_aside(session, world.coach, given, {"text": "hello"}, "OSError", world.now))
    world.deliver()
    assert "something went wrong on my side" in robin.last.plain
    (kept,) = world.rows(FailedUpdate)
    assert (kept.update_id, kept.payload, kept.reason) == (77, {"text": "hello"}, "OSError")
    assert world.take(given).repeat


def test_old_marks_of_updates_are_dropped(world: World) -> None:
    robin = world.person(**SLEEP)
    robin.say("hello")
    world.work(lambda session: people.forget_updates(session, world.now + dt.timedelta(days=3)))
    assert world.counts()["update_seen"] == 0
