"""Messages from the bot: sent, edited and deleted as far as Telegram allows."""

from datetime import timedelta
from typing import Any

from bot.trial.chats import Chat, Json, Message, MessageKind, Upload
from bot.trial.entities import Text, read_text, utf16_length
from bot.trial.keyboard import read_markup
from bot.trial.parameters import Attachment, Parameters
from bot.trial.refusals import Refusal, bad_request
from bot.trial.state import State

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LARGEST_PHOTO = 10 * 1024 * 1024
DELETABLE_FOR = timedelta(hours=48)


def send_message(state: State, call: Parameters) -> Json:
    chat = state.reachable(chat_id(call))
    return _send(state, call, chat, "text", "text", _text(call))


def send_photo(state: State, call: Parameters) -> Json:
    return _send_file(state, call, "photo")


def send_document(state: State, call: Parameters) -> Json:
    return _send_file(state, call, "document")


def edit_message_text(state: State, call: Parameters) -> Json:
    chat, message = _editable(state, call)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return _edit(state, chat, message, call, written=call.text("text"), body=_text(call))


def edit_message_caption(state: State, call: Parameters) -> Json:
    chat, message = _editable(state, call)
    if message.kind == "text":
        raise bad_request("there is no caption in the message to edit")
    return _edit(state, chat, message, call, written=call.text("caption"), body=_caption(call))


def edit_message_reply_markup(state: State, call: Parameters) -> Json:
    chat, message = _editable(state, call)
    return _edit(state, chat, message, call)


def delete_message(state: State, call: Parameters) -> bool:
    chat = state.reachable(chat_id(call))
    message = chat.messages.get(call.whole("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if state.clock() - message.date > DELETABLE_FOR:
        raise bad_request("message can't be deleted")
    state.delete_message(chat, message)
    return True


def chat_id(call: Parameters) -> int:
    if not call.text("chat_id"):
        raise bad_request("chat_id is empty")
    if call.chat_id is None:
        raise bad_request("chat not found")
    return call.chat_id


def _send(
    state: State,
    call: Parameters,
    chat: Chat,
    kind: MessageKind,
    words: str,
    body: Text,
    file: Upload | None = None,
) -> Json:
    message = Message(
        id=0,
        chat_id=chat.id,
        from_id=int(state.bot["id"]),
        from_bot=True,
        date=state.clock(),
        kind=kind,
        written=call.text(words),
        body=body,
        markup=read_markup(call.structure("reply_markup")),
        file=file,
        reply_to=_reply_to(chat, call),
        covered=kind == "photo" and call.flag("has_spoiler"),
    )
    return state.add_message(chat, message)


def _send_file(state: State, call: Parameters, kind: MessageKind) -> Json:
    chat = state.reachable(chat_id(call))
    body = _caption(call)
    attachment = call.attachment(kind)
    if attachment is not None:
        read_markup(call.structure("reply_markup"))
        file = _photo(state, attachment) if kind == "photo" else _document(state, attachment)
    elif call.text(kind) in state.files:
        file = state.files[call.text(kind)]
    else:
        raise bad_request(f"there is no {kind} in the request")
    return _send(state, call, chat, kind, "caption", body, file)


def _edit(state: State, chat: Chat, message: Message, call: Parameters, **content: Any) -> Json:
    # As on Telegram, an edit that names no buttons takes the old ones away.
    changes = content | {"markup": read_markup(call.structure("reply_markup"))}
    same_words = "body" not in changes or changes["body"] == message.body
    if same_words and changes["markup"] == message.markup:
        raise bad_request(
            "message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    if "body" in changes:
        changes["edited_at"] = state.clock()
    return state.replace_message(chat, message, **changes)


def _editable(state: State, call: Parameters) -> tuple[Chat, Message]:
    chat = state.reachable(chat_id(call))
    message = chat.messages.get(call.whole("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return chat, message


def _text(call: Parameters) -> Text:
    text = read_text(call.text("text"), call.text("parse_mode"), call.structure("entities"))
    if not text.plain:
        raise bad_request("message text is empty")
    if utf16_length(text.plain) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text


def _caption(call: Parameters) -> Text:
    text = read_text(call.text("caption"), call.text("parse_mode"), call.structure("caption_entities"))
    if utf16_length(text.plain) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return text


def _reply_to(chat: Chat, call: Parameters) -> int | None:
    reply = call.structure("reply_parameters") or {}
    replied = int(reply.get("message_id") or call.whole("reply_to_message_id"))
    if not replied or replied in chat.messages:
        return replied or None
    if reply.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _photo(state: State, attachment: Attachment) -> Upload:
    if not attachment.content:
        raise _empty(attachment)
    if len(attachment.content) > LARGEST_PHOTO:
        raise bad_request("file is too big for a photo")
    width, height = _size(attachment.content)
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return state.add_file(attachment.name, attachment.mime, attachment.content, width, height)


def _document(state: State, attachment: Attachment) -> Upload:
    if not attachment.content:
        raise _empty(attachment)
    return state.add_file(attachment.name, attachment.mime, attachment.content)


def _empty(attachment: Attachment) -> Refusal:
    return bad_request(f"file must be non-empty: {attachment.name}")


def _size(image: bytes) -> tuple[int, int]:
    """Width and height of a PNG or a JPEG; 0 for what is neither."""
    if image.startswith(b"\x89PNG\r\n\x1a\n"):
        return int.from_bytes(image[16:20]), int.from_bytes(image[20:24])
    at = 2
    while image.startswith(b"\xff\xd8") and at + 9 < len(image):
        marker, length = image[at + 1], int.from_bytes(image[at + 2 : at + 4])
        if marker in (0xC0, 0xC1, 0xC2):
            return int.from_bytes(image[at + 7 : at + 9]), int.from_bytes(image[at + 5 : at + 7])
        at += 2 + length
    return 0, 0
