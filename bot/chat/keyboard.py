"""Lays a question's buttons out in rows that read well on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.coach.questions import BELOW

WIDEST = 34
"""Characters a row may hold before labels are cut off on a small phone."""
MOST_IN_A_ROW = 3
SCALE_ROW = 6
TINY, TINY_ROW = 5, 4
"""A label of so few characters, as a weekday with its tick, shares its row with three others."""


def keyboard(buttons: Sequence[Sequence[object]]) -> InlineKeyboardMarkup | None:
    """`buttons` as the outbox keeps them: what each carries, its label, whether it belongs in the last row."""
    if not buttons:
        return None
    own = [(str(data), str(label)) for data, label, small in buttons if not small]
    small = [(str(data), str(label)) for data, label, small in buttons if small and small != BELOW]
    below = [[(str(data), str(label))] for data, label, small in buttons if small == BELOW]
    found = [*rows(own), *([small] if small else []), *below]
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for data, label in row] for row in found]
    )


def rows(buttons: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Short labels share a row, long ones have their own; a scale's digits and weekdays stand close together."""
    close = sum(len(label) <= TINY for _, label in buttons) >= TINY_ROW
    most_tiny = SCALE_ROW if all(len(label) <= 2 for _, label in buttons) else TINY_ROW
    found: list[list[tuple[str, str]]] = []
    for data, label in buttons:
        row = found[-1] if found else []
        tiny = close and len(label) <= TINY
        alike = bool(row) and (close and len(row[-1][1]) <= TINY) == tiny
        widest = max([len(label), *(len(text) for _, text in row)])
        fits = len(row) < most_tiny if tiny else len(row) < MOST_IN_A_ROW and widest * (len(row) + 1) <= WIDEST
        if alike and fits:
            row.append((data, label))
        else:
            found.append([(data, label)])
    return found
