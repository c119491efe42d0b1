"""Lays a question's buttons out in rows that read well on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

WIDEST = 32
"""Characters a row may hold before labels are cut off on a small phone."""
MOST_IN_A_ROW = 3
SCALE_ROW = 6


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
    """Short labels share a row, long ones have their own; a scale's digits stand in two rows."""
    tiny = all(len(label) <= 3 for _, label in buttons)
    most = SCALE_ROW if tiny and len(buttons) > 4 else MOST_IN_A_ROW
    found: list[list[tuple[str, str]]] = []
    for data, label in buttons:
        row = found[-1] if found else []
        widest = max([len(label), *(len(text) for _, text in row)])
        if row and len(row) < most and widest * (len(row) + 1) <= WIDEST + 2:
            row.append((data, label))
        else:
            found.append([(data, label)])
    return found
