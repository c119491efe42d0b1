"""The parameters of a Bot API call, however it was encoded: query, form, JSON or multipart."""

import json
import re
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.trial.refusals import bad_request


@dataclass(frozen=True)
class Attachment:
    name: str
    mime: str
    content: bytes


@dataclass
class Parameters:
    values: dict[str, Any] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else str(value)

    def whole(self, name: str, default: int = 0) -> int:
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            raise bad_request(f'can\'t parse "{name}": expected an integer') from None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "1", "yes")

    def structure(self, name: str) -> Any:
        """A list or an object; a form carries it as JSON text."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    @property
    def chat_id(self) -> int | None:
        text = self.text("chat_id")
        return int(text) if re.fullmatch(r"-?\d+", text) else None

    def attachment(self, name: str) -> Attachment | None:
        """The uploaded file, under its own name or as attach://other."""
        return self.attachments.get(self.text(name).removeprefix("attach://") or name)


async def read_parameters(request: Request) -> Parameters:
    parameters = Parameters(dict(request.query_params))
    body = await request.body()
    kind, options = _header(request.headers.get("content-type", ""))
    if kind == "application/json":
        parameters.values |= _json_object(body)
    elif kind == "application/x-www-form-urlencoded":
        parameters.values |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind == "multipart/form-data":
        _read_multipart(parameters, body, options["boundary"])
    return parameters


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    return values if isinstance(values, dict) else {}


def _read_multipart(parameters: Parameters, body: bytes, boundary: str) -> None:
    # Starlette would need one more package for this; a boundary cannot occur inside a part.
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head.decode().splitlines() if line)
        }
        _, options = _header(headers.get("content-disposition", ""))
        name = options.get("name", "")
        if "filename" in options:
            mime = headers.get("content-type", "application/octet-stream")
            parameters.attachments[name] = Attachment(options["filename"], mime, content)
        else:
            parameters.values[name] = content.decode()


def _header(value: str) -> tuple[str, dict[str, str]]:
    message = Message()
    message["content-type"] = value
    (kind, _), *options = message.get_params(failobj=[("", "")])
    return kind.lower(), {name.lower(): text for name, text in options}
