"""Rules of editing while the trial runs: good content is in use at once, a mistake leaves the last good content."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.check import check
from bot.library import Library
from bot.live import LiveContent
from tests.coach import CONTENT


class Author:
    """Edits a folder; what the content says of it is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[Sequence[str]] = []
        self.first = check(folder)
        self.live = LiveContent(folder, "en", self.first, self.told.append)

    def save(self, name: str, old: str, new: str) -> None:
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def title(self, library: Library | None = None) -> str:
        return (library or self.live.current()).scripts["help"].title


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(shutil.copytree(CONTENT, tmp_path / "content"))


HELP = "en/commands/help.yaml"


def test_untouched_content_is_read_once(author: Author) -> None:
    assert author.live.current() is author.first
    assert author.told == []


def test_an_edit_takes_effect_the_next_time(author: Author) -> None:
    author.save(HELP, "title: ", "title: All ")
    assert author.title().startswith("All ")
    assert author.told == [[]]
    assert author.live.current() is author.live.current()


def test_a_mistake_is_told_once_and_the_last_good_content_goes_on(author: Author) -> None:
    author.save(HELP, "title: ", "titel: ")
    assert author.live.current() is author.first
    assert author.live.current() is author.first
    [mistakes] = author.told
    assert any(one.startswith("content/en/commands/help.yaml:") and "title" in one for one in mistakes)


def test_a_mistake_that_is_mended_is_over(author: Author) -> None:
    author.save(HELP, "title: ", "titel: All ")
    author.live.current()
    author.save(HELP, "titel: ", "title: ")
    assert author.title().startswith("All ")
    assert author.told[-1] == []


def test_a_new_file_a_file_gone_and_a_citation_are_edits_too(author: Author) -> None:
    extra = author.folder / "en" / "parts" / "extra.yaml"
    extra.write_text("id: extra\ntitle: Extra\nkind: part\nsteps:\n  a: {say: Hi.}\n", encoding="utf-8")
    assert "extra" in author.live.current().scripts
    extra.unlink()
    assert "extra" not in author.live.current().scripts
    author.save("sources.yaml", "DeFronzo", "De Fronzo")
    assert "De Fronzo" in author.live.current().sources["DEF09"].title
    assert author.told == [[], [], []]


def test_a_file_saved_without_a_change_of_size_is_noticed(author: Author) -> None:
    file = author.folder / HELP
    before = file.stat()
    author.save(HELP, "title: H", "title: J")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert author.title().startswith("J")
