"""What must hold after all the kills, and what a kill hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.database import Database
from bot.store.tables import Answer, Due, FailedUpdate, Inbox, Outbox, Person, Run, UpdateSeen
from bot.trial.server import TelegramServer
from tests.chaos.people import Walker

WINDOWS = ("before commit", "before acknowledgement", "before send", "between send and its record")


def windows(database: Database, server: TelegramServer) -> set[str]:
    """In which windows a kill fell, by what the database and the server show right after it."""

    def look(session: Session) -> set[str]:
        committed = {*session.scalars(select(UpdateSeen.update_id)), *session.scalars(select(Inbox.update_id))}
        pending = {int(update["update_id"]) for update in server.state.updates.pending}
        handed = server.state.updates.handed_out & pending
        found = set()
        if handed - committed:
            found.add("before commit")
        if pending & committed:
            found.add("before acknowledgement")
        for row in session.scalars(select(Outbox).where(Outbox.status.in_(("waiting", "sending")))):
            took_effect = row.status == "sending" and _arrived(session, server, row)
            found.add("between send and its record" if took_effect else "before send")
        return found

    return database.work(look)


def _arrived(session: Session, server: TelegramServer, row: Outbox) -> bool:
    """Whether the chat has a message of this text that no row knows of, or the edit."""
    messages = [message for message in server.messages(row.chat_id) if message.from_bot]
    if row.edits is not None:
        target = session.get(Outbox, row.edits)
        return any(m.id == (target.message_id if target else None) and m.written == row.text for m in messages)
    known = set(session.scalars(select(Outbox.message_id).where(Outbox.chat_id == row.chat_id)))
    return any(message.id not in known and message.written == row.text for message in messages)


def violations(
    database: Database, server: TelegramServer, walkers: Iterable[Walker], sleepers: Iterable[int], kills: int
) -> list[str]:
    """Everything that must not be."""
    return database.work(
        lambda session: [
            *_updates(session, server),
            *(line for walker in walkers for line in _walker(session, server, walker, kills)),
            *(line for chat_id in sleepers for line in _sleeper(session, server, chat_id)),
        ]
    )


def _updates(session: Session, server: TelegramServer) -> list[str]:
    found = [f"{len(server.state.updates.pending)} updates are pending"] if server.state.updates.pending else []
    found += [f"update {row.update_id} was put aside: {row.reason}" for row in session.scalars(select(FailedUpdate))]
    found += [f"update {number} waits in the inbox" for number in session.scalars(select(Inbox.update_id))]
    unsettled = session.scalars(select(Outbox).where(Outbox.status.in_(("waiting", "sending"))))
    return [
        *found,
        *(
            f"message {row.id} ({row.kind}) to {row.chat_id} is {row.status} after {row.attempts} tries: {row.reason}"
            for row in unsettled
        ),
    ]


def _walker(session: Session, server: TelegramServer, walker: Walker, kills: int) -> list[str]:
    person = session.scalars(select(Person).where(Person.chat_id == walker.chat_id)).one()
    seen = Counter(session.scalars(select(UpdateSeen.update_id)))
    answers = Counter(session.scalars(select(Answer.update_id).where(Answer.person_id == person.id)))
    ticks = [done for done in walker.done if done.kind == "tick" and answers[done.update_id]]
    at_once = {done.what.rsplit(".", 1)[0] for done in ticks}
    found = []
    for number, done in enumerate(walker.done):
        if seen[done.update_id] != 1:
            found.append(f"chat {walker.chat_id}: {done} was handled {seen[done.update_id]} times")
        expected = {"answer": (1,), "tick": (0, 1), "command": (0,)}[done.kind]
        if done.what.endswith(".~done") and done.what.removesuffix(".~done") in at_once:
            expected = (0,)  # "every day" answered for all of them, and this was a tap on an old copy
        if answers[done.update_id] not in expected:
            found.append(
                f"chat {walker.chat_id}: {done} was recorded {answers[done.update_id]} times; "
                f"around it {[one.what for one in walker.done[max(0, number - 3) : number + 3]]}; "
                f"runs {[(run.id, run.script, run.status) for run in _runs(session, person)][-4:]}"
            )
    if walker.waiting():
        found.append(f"chat {walker.chat_id} waits for an answer to {walker.done[-1]}")
    rows = session.scalars(select(Outbox).where(Outbox.chat_id == walker.chat_id, Outbox.edits.is_(None))).all()
    for run in session.scalars(select(Run).where(Run.person_id == person.id, Run.status == "open")):
        asked = [row.status for row in rows if row.run_id == run.id and row.turn == run.state["turn"]]
        if "sent" not in asked:
            found.append(f"chat {walker.chat_id}: the open question of {run.script} was never shown: {asked}")
    shown = sum(message.from_bot for message in server.messages(walker.chat_id))
    if shown > sum(row.attempts for row in rows):
        found.append(f"chat {walker.chat_id} got more messages than were sent")
    if any(row.attempts > kills + 1 for row in rows):
        found.append(f"chat {walker.chat_id}: a reply was repeated more than once for a kill")
    return found


def _runs(session: Session, person: Person) -> list[Run]:
    return list(session.scalars(select(Run).where(Run.person_id == person.id).order_by(Run.id)))


def _sleeper(session: Session, server: TelegramServer, chat_id: int) -> list[str]:
    person = session.scalars(select(Person).where(Person.chat_id == chat_id)).one()
    found = []
    for due in session.scalars(select(Due).where(Due.person_id == person.id, Due.reason.is_distinct_from("off"))):
        runs = {str(run) for run in session.scalars(select(Run.id).where(Run.due_id == due.id))}
        asked = [
            message
            for message in server.messages(chat_id)
            if any(button.data.split(".")[0] in runs for row in message.buttons for button in row)
        ]
        allowed = {0: ("uncertain", "not_sent", "planned"), 1: ("asked", "uncertain")}
        if due.status not in allowed.get(len(asked), ()):
            found.append(f"chat {chat_id}: a check-in arrived {len(asked)} times and is recorded as {due.status}")
        if due.status == "planned" and due.fixed:
            found.append(f"chat {chat_id}: a check-in was due and nothing became of it")
    return found
