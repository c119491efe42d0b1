"""A message as the trial page is told of it: plain text with entities, so that it never handles HTML."""

from bot.trial.chats import Json, Message
from bot.trial.keyboard import inline_rows


def shown(message: Message) -> Json:
    file = message.file
    return {
        "id": message.id,
        "from_bot": message.from_bot,
        "date": message.date.isoformat(),
        "kind": message.kind,
        "text": message.plain,
        "entities": message.entities,
        "rows": inline_rows(message.markup),
        "keyboard": message.markup if message.markup and "inline_keyboard" not in message.markup else None,
        "file": file
        and {
            "id": file.id,
            "name": file.name,
            "size": len(file.content),
            "width": file.width,
            "height": file.height,
        },
        "location": message.location,
        "reply_to": message.reply_to,
        "edited": message.edited,
        "covered": message.covered,
    }
