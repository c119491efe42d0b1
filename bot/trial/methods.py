"""The Bot API's methods that the coach uses, each refusing what Telegram refuses."""

import json
import re
from collections.abc import Callable
from typing import Any

from bot.trial import sending
from bot.trial.chats import Json
from bot.trial.parameters import Parameters
from bot.trial.refusals import bad_request
from bot.trial.state import State

Method = Callable[[State, Parameters], Any]


def get_me(state: State, call: Parameters) -> Json:
    groups = {"can_join_groups": True, "can_read_all_group_messages": False}
    return state.bot | groups | {"supports_inline_queries": False}


def answer_callback_query(state: State, call: Parameters) -> bool:
    tap = state.taps.get(call.text("callback_query_id"))
    if tap is None or tap.answered or tap.expired:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(call.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    tap.answered, tap.text, tap.alert = True, call.text("text"), call.flag("show_alert")
    state.events.publish("answered", chat_id=tap.chat_id, tap=tap.id, text=tap.text, alert=tap.alert)
    return True


def send_chat_action(state: State, call: Parameters) -> bool:
    chat = state.reachable(sending.chat_id(call))
    state.events.publish("action", chat_id=chat.id, action=call.text("action"))
    return True


def get_file(state: State, call: Parameters) -> Json:
    file = state.files.get(call.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    return file.as_telegram() | {"file_path": file.path}


def leave_chat(state: State, call: Parameters) -> bool:
    chat = state.reachable(sending.chat_id(call))
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.left = True
    return True


def set_my_commands(state: State, call: Parameters) -> bool:
    commands = call.structure("commands") or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    state.commands[_audience(call)] = [
        {"command": command["command"].removeprefix("/"), "description": command["description"]} for command in commands
    ]
    state.events.publish("commands")
    return True


def get_my_commands(state: State, call: Parameters) -> list[Json]:
    return state.commands.get(_audience(call), [])


def delete_my_commands(state: State, call: Parameters) -> bool:
    state.commands.pop(_audience(call), None)
    state.events.publish("commands")
    return True


def set_my_description(state: State, call: Parameters) -> bool:
    return _describe(state, call, "description", 512)


def set_my_short_description(state: State, call: Parameters) -> bool:
    return _describe(state, call, "short_description", 120)


def set_chat_menu_button(state: State, call: Parameters) -> bool:
    if call.chat_id is not None:
        state.reachable(call.chat_id)
    return True


def set_webhook(state: State, call: Parameters) -> bool:
    secret = call.text("secret_token")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    _keep_updates(state, call)
    state.updates.webhook_url, state.updates.webhook_secret = call.text("url"), secret
    state.updates.wake()
    return True


def delete_webhook(state: State, call: Parameters) -> bool:
    _keep_updates(state, call)
    state.updates.webhook_url = state.updates.webhook_secret = ""
    state.updates.wake()
    return True


def get_webhook_info(state: State, call: Parameters) -> Json:
    updates = state.updates
    return {
        "url": updates.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
        "allowed_updates": updates.allowed,
    }


def _keep_updates(state: State, call: Parameters) -> None:
    if call.values.get("allowed_updates") is not None:
        state.updates.allowed = call.structure("allowed_updates") or []
    if call.flag("drop_pending_updates"):
        state.updates.pending.clear()


def _describe(state: State, call: Parameters, name: str, longest: int) -> bool:
    if len(call.text(name)) > longest:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    state.descriptions[f"{name} {call.text('language_code')}".strip()] = call.text(name)
    state.events.publish("commands")
    return True


def _audience(call: Parameters) -> str:
    scope = call.structure("scope") or {"type": "default"}
    return f"{json.dumps(scope, sort_keys=True)} {call.text('language_code')}".strip()


# Telegram does not mind the letter case of a method's name.
METHODS: dict[str, Method] = {
    method.__name__.replace("_", ""): method
    for method in (
        get_me,
        answer_callback_query,
        send_chat_action,
        get_file,
        leave_chat,
        set_my_commands,
        get_my_commands,
        delete_my_commands,
        set_my_description,
        set_my_short_description,
        set_chat_menu_button,
        set_webhook,
        delete_webhook,
        get_webhook_info,
        sending.send_message,
        sending.send_photo,
        sending.send_document,
        sending.edit_message_text,
        sending.edit_message_caption,
        sending.edit_message_reply_markup,
        sending.delete_message,
    )
}
