"""Lays a question's buttons out in rows that read well on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

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
    small = [(str(data), str(label)) for data, label, small in buttons if small]
    found = [*rows(own), *([small] if small else [])]
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for data, label in row] for row in found]
    )


def rows(buttons: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Short labels share a row, long ones have their own; a scale's digits and weekdays stand close together."""
    scale = len(buttons) > TINY_ROW and all(len(label) <= 2 for _, label in buttons)
    found: list[list[tuple[str, str]]] = []
    for data, label in buttons:
        row = found[-1] if found else []
        tiny = len(label) <= TINY
        most = SCALE_ROW if scale else TINY_ROW if tiny else MOST_IN_A_ROW
        alike = bool(row) and (len(row[-1][1]) <= TINY) == tiny
        widest = max([len(label), *(len(text) for _, text in row)])
        fits = tiny or widest * (len(row) + 1) <= WIDEST
        if len(row) < most and fits and (alike or (len(buttons) <= MOST_IN_A_ROW and bool(row))):
            row.append((data, label))
        else:
            found.append([(data, label)])
    return found
