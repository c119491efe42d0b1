"""The house stays tidy: modules say what they are, people's sentences stand in content, no index in the locks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1]
FILES = sorted((HOME / "bot").rglob("*.py"))
VAGUE = re.compile(r"^(utils?|helpers?|managers?|base|common|misc|tools?|handlers?|stuff)$")
A_SENTENCE = 6
"""From so many words on, a text might be meant for people."""

FOR_OPERATORS = {
    "bot/settings.py", "bot/check.py", "bot/library.py", "bot/pages.py", "bot/markup.py", "bot/__main__.py",
}  # fmt: skip
"""What these say is read by the operator or an author at a terminal, never in a chat."""
NO_CHAT = ("bot/trial/", "bot/authoring/")
"""The trial server answers as Telegram does, in Telegram's own sentences; what helps an author is read by authors."""
TECHNICAL_CALLS = {
    "ValueError", "TypeError", "RuntimeError", "KeyError", "AssertionError", "NotImplementedError", "LookupError",
    "text", "DDL", "compile", "CheckConstraint", "Mistake", "BackupError", "SettingsError", "PageError",
}  # fmt: skip
"""Exceptions (seen in a log), SQL and patterns."""
LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log"}
ARGPARSE = {"add_argument", "add_parser", "ArgumentParser"}
ALLOWED = {
    ("bot/app.py", "Talk to the coach:"),  # the address of the trial page, in the operator's terminal
    ("bot/chat/webhook.py", "the secret is missing"),  # an HTTP answer to who is not Telegram
    ("bot/places_table.py", "en ar bg"),  # names of languages
    ("bot/store/tables.py", "fk_%(table_name)s"),  # how constraints are named
}
"""Other texts that no person in a chat ever sees: the file and how they begin."""


def ids(file: Path) -> str:
    return str(file.relative_to(HOME))


@pytest.mark.parametrize("file", sorted(HOME.glob("requirements*.txt")), ids=ids)
def test_a_lock_names_versions_and_hashes_and_never_an_index(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    wrong = [
        line
        for line in text.splitlines()
        if re.search(r"https?://|index-url|find-links|trusted-host|@\s*file:|git\+", line)
        and "--no-emit-index" not in line
    ]
    assert wrong == []


def test_there_are_locks() -> None:
    assert {file.name for file in HOME.glob("requirements*.txt")} == {"requirements.txt", "requirements-dev.txt"}


def test_every_module_opens_with_what_it_is() -> None:
    def opens(text: str) -> bool:
        lines = (ast.get_docstring(ast.parse(text)) or "").splitlines()
        return bool(lines) and lines[0][0].isupper() and (lines[0][-1] in ".:;,?" or len(lines) > 1)

    texts = {file: file.read_text(encoding="utf-8") for file in FILES}
    assert [file for file, text in texts.items() if text.strip() and not opens(text)] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [ids(file) for file in FILES if VAGUE.match(file.stem) or VAGUE.match(file.parent.name)] == []


UNSAFE = {
    "pickle",
    "cPickle",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "multiprocessing",
    "concurrent.futures.process",
}
"""What turns bytes into objects by running them, or does so between processes."""


def test_nothing_is_pickled() -> None:
    wrong = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {node.module or "", *(alias.name for alias in node.names)}
            else:
                continue
            wrong += [f"{ids(file)}: {name}" for name in names & (UNSAFE | {"ProcessPoolExecutor", "PickleType"})]
    assert wrong == []


def sentences(file: Path) -> Iterator[tuple[int, str]]:
    """Text constants of six words or more, outside docstrings, exceptions, logs, SQL and the command line."""

    def visit(node: ast.AST) -> Iterator[tuple[int, str]]:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # a docstring, of a module, a function or a constant
        if isinstance(node, ast.Assert):
            yield from visit(node.test)
            return
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in TECHNICAL_CALLS | LOGGING | ARGPARSE or called.endswith(("Error", "Refused")):
                return
        if isinstance(node, ast.JoinedStr):
            whole = "".join(str(part.value) if isinstance(part, ast.Constant) else " x " for part in node.values)
            if counts(whole):
                yield node.lineno, whole
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and counts(node.value):
            yield node.lineno, node.value
        for child in ast.iter_child_nodes(node):
            yield from visit(child)

    yield from visit(ast.parse(file.read_text(encoding="utf-8")))


def counts(text: str) -> bool:
    return len(re.findall(r"[A-Za-z’']{2,}", re.sub(r"<[^>]*>", " ", text))) >= A_SENTENCE


def test_no_sentence_for_people_stands_in_the_code() -> None:
    wrong = [
        f"{ids(file)}:{line}: {text}"
        for file in FILES
        if ids(file) not in FOR_OPERATORS and not ids(file).startswith(NO_CHAT)
        for line, text in sentences(file)
        if not any(ids(file) == name and text.strip().startswith(start) for name, start in ALLOWED)
    ]
    assert wrong == []


def test_a_sentence_in_the_code_would_be_found(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text(
        '"""A module that says nothing to anyone here."""\n'
        'GOOD = "three words only"\n'
        'SAID = "Please tell me how you slept last night."\n'
        'def f(name):\n    """Says nothing to anyone here at all."""\n'
        '    raise ValueError("this is for the log and for nobody else")\n'
        '    return f"Hello {name}, how are you doing today?"\n',
        encoding="utf-8",
    )
    assert [line for line, _ in sentences(file)] == [3, 7]
