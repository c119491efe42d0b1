"""Tests of the pure part, and the English word lists they are read with."""

from functools import cache
from pathlib import Path

from bot.coach.words import Words
from bot.pages import read_page

CONTENT = Path(__file__).parents[2] / "content"


@cache
def english() -> Words:
    """The word lists of content/en."""
    return Words.model_validate(read_page(CONTENT / "en" / "words.yaml").data)
