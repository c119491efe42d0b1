"""Follows an author's edits while the trial runs: good content takes effect at once, a mistake leaves the last good."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.check import check
from bot.library import ContentError, Library

Stamp = dict[str, tuple[int, int]]
"""When each file was last written, and its size."""


class LiveContent:
    """The newest content without a mistake. It looks at the files only when it is asked."""

    def __init__(
        self, folder: Path, language: str, library: Library, told: Callable[[Sequence[str]], None] = lambda _: None
    ) -> None:
        """`told` hears of every change: what is wrong now, or nothing."""
        self._folder = folder
        self._language = language
        self._library = library
        self._told = told
        self._seen = self._stamp()

    def current(self) -> Library:
        """The library to speak from now."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            try:
                self._library = check(self._folder, self._language)
            except ContentError as error:
                self._told([str(mistake) for mistake in error.mistakes])
            else:
                self._told([])
        return self._library

    def _stamp(self) -> Stamp:
        files = (*self._folder.glob("*.yaml"), *(self._folder / self._language).rglob("*.yaml"))
        found: Stamp = {}
        for file in files:
            try:
                state = file.stat()
            except FileNotFoundError:  # editors save by renaming
                continue
            found[str(file)] = (state.st_mtime_ns, state.st_size)
        return found
