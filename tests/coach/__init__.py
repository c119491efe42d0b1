"""Tests of the pure part, and the English word lists they are read with."""

from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from bot.coach.words import Words

CONTENT = Path(__file__).parents[2] / "content"


@cache
def english() -> Words:
    """The word lists of content/en."""
    loaded = YAML(typ="safe", pure=True).load((CONTENT / "en" / "words.yaml").read_text(encoding="utf-8"))
    return Words.model_validate(loaded)
