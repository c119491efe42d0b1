"""Telegram's HTML subset, as far as content may use it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

TAGS = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "blockquote", "a", "tg-spoiler"}
)
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")

_PLAIN = re.compile(r"<(?!/?[a-zA-Z][^<>]*>)")
"""A < that begins no tag."""


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"Telegram has no <{tag}>; write &lt; for a plain <")
            return
        allowed = {"a": {"href"}, "blockquote": {"expandable"}}.get(tag, set())
        for name, _ in attrs:
            if name not in allowed:
                self.wrong.append(f"<{tag}> may not have {name}=")
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # <b/> opens: Telegram knows no empty tags

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes nothing that is open")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def mistakes(html: str) -> list[str]:
    """What Telegram would refuse in this HTML, in words; empty where it is fine."""
    checker = _Checker()
    checker.feed(html)
    checker.close()
    unclosed = [f"<{tag}> is never closed" for tag in checker.open]
    entities = ["write &amp; for a plain &"] if _ENTITY.search(html) else []
    brackets = ["write &lt; for a plain <"] if _PLAIN.search(html) else []
    return checker.wrong + unclosed + entities + brackets


def plain(html: str) -> str:
    """The text that is left when the tags are taken away."""
    checker = _Checker()
    checker.feed(html)
    checker.close()
    return "".join(checker.text)


def length(html: str) -> int:
    """How long Telegram counts it: UTF-16 code units of the plain text."""
    return len(plain(html).encode("utf-16-le")) // 2
