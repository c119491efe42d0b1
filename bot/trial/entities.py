"""Telegram's HTML, read by Telegram's rules: a text with its entities, or the refusal Telegram would give."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.trial.refusals import Refusal, bad_request

Entity = dict[str, Any]

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]+)|#(?P<dec>[0-9]+)|(?P<name>[a-zA-Z]+));?")
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[A-Za-z0-9.\-]+)))?"""
)
_LINK = re.compile(r"(?:https?|tg|mailto):", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """A text as Telegram shows it: plain, with its entities counted in UTF-16 code units."""

    plain: str
    entities: tuple[Entity, ...] = ()


@dataclass
class _Open:
    tag: str
    start: int
    attributes: Mapping[str, str] = field(default_factory=dict)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_text(text: str, parse_mode: str | None, entities: list[Entity] | None = None) -> Text:
    """The text a call carries, in whichever of the two ways it was formatted."""
    if not parse_mode:
        return _trimmed(text, list(entities or []))
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    return read_html(text)


def read_html(html: str) -> Text:
    plain: list[str] = []
    length = 0
    opened: list[_Open] = []
    found: list[Entity] = []
    at = 0
    while at < len(html):
        if html[at] == "<" and html.startswith("</", at):
            at = _close_tag(html, at, opened, found, length)
        elif html[at] == "<":
            tag, at = _open_tag(html, at, length)
            opened.append(tag)
        else:
            piece, at = _character(html, at)
            plain.append(piece)
            length += utf16_length(piece)
    if opened:
        raise _unreadable(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    return _trimmed("".join(plain), found)


def _character(html: str, at: int) -> tuple[str, int]:
    if html[at] == "&" and (reference := _REFERENCE.match(html, at)) and (char := _referred(reference)):
        return char, reference.end()
    # An unknown reference such as &nbsp; is not refused by Telegram: it is shown as it was typed.
    return html[at], at + 1


def _referred(reference: re.Match[str]) -> str:
    if name := reference["name"]:
        return _NAMED.get(name, "")
    code = int(reference["hex"], 16) if reference["hex"] else int(reference["dec"])
    return chr(code) if 0 < code < 0x10FFFF and len(reference[0].rstrip(";")) < 10 else ""


def _open_tag(html: str, at: int, length: int) -> tuple[_Open, int]:
    offset = _byte_offset(html, at)
    end = re.compile(r"[\s>]").search(html, at)
    if end is None:
        raise _unreadable(f"Unclosed start tag at byte offset {offset}")
    tag = html[at + 1 : end.start()].lower()
    if tag not in _KINDS:
        raise _unreadable(f'Unsupported start tag "{tag}" at byte offset {offset}')
    attributes: dict[str, str] = {}
    at = end.start()
    while (rest := html[at:].lstrip()) and not rest.startswith(">"):
        attribute = _ATTRIBUTE.match(html, at)
        if attribute is None:
            raise _unreadable(f'Empty attribute name in the tag "{tag}" at byte offset {offset}')
        value = attribute["double"] or attribute["single"] or attribute["bare"] or ""
        attributes[attribute["name"].lower()] = _REFERENCE.sub(lambda m: _referred(m) or m[0], value)
        at = attribute.end()
    if not rest:
        raise _unreadable(f"Unclosed start tag at byte offset {offset}")
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _unreadable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    return _Open(tag, length, attributes), html.index(">", at) + 1


def _close_tag(html: str, at: int, opened: list[_Open], found: list[Entity], length: int) -> int:
    offset = _byte_offset(html, at)
    if not opened:
        raise _unreadable(f"Unexpected end tag at byte offset {offset}")
    end = re.compile(r"</([^\s>]*)\s*>").match(html, at)
    if end is None:
        raise _unreadable(f"Unclosed end tag at byte offset {offset}")
    tag = opened.pop()
    name = end[1].lower()
    if name and name != tag.tag:
        raise _unreadable(f'Unmatched end tag at byte offset {offset}, expected "</{tag.tag}>", found "</{name}>"')
    if length > tag.start and (entity := _entity(tag, length)):
        found.append(entity)
    return end.end()


def _entity(tag: _Open, end: int) -> Entity | None:
    entity: Entity = {"type": _KINDS[tag.tag], "offset": tag.start, "length": end - tag.start}
    if tag.tag == "a":
        if not _LINK.match(tag.attributes.get("href", "")):
            return None  # Telegram keeps the words and drops a link it cannot use
        entity["url"] = tag.attributes["href"]
    if tag.tag == "blockquote" and "expandable" in tag.attributes:
        entity["type"] = "expandable_blockquote"
    if tag.tag == "code" and (language := tag.attributes.get("class", "")).startswith("language-"):
        entity["language"] = language.removeprefix("language-")
    return entity


def _trimmed(plain: str, entities: list[Entity]) -> Text:
    """Telegram strips white space around a message; what covered only that is gone too."""
    stripped = plain.strip()
    lead = utf16_length(plain[: len(plain) - len(plain.lstrip())])
    total = utf16_length(stripped)
    kept: list[Entity] = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        end = min(total, entity["offset"] + entity["length"] - lead)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"], entity["type"]))
    return Text(stripped, tuple(kept))


def _byte_offset(html: str, at: int) -> int:
    return len(html[:at].encode())


def _unreadable(reason: str) -> Refusal:
    return bad_request(f"can't parse entities: {reason}")
