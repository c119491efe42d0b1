"""The house keeps its directions: the coach is pure, and imports run one way."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

BOT = Path(__file__).parents[1] / "bot"
FILES = sorted(BOT.rglob("*.py"))
COACH = sorted((BOT / "coach").rglob("*.py"))

LAYERS: tuple[tuple[str, ...], ...] = (
    ("bot.coach",),
    ("bot.logs", "bot.pages", "bot.markup", "bot.places", "bot.places_table", "bot.settings", "bot.picture"),
    ("bot.library", "bot.store", "bot.authoring"),
    ("bot.summary", "bot.whereabouts", "bot.whom_to_call"),
    ("bot.knowledge",),
    ("bot.lately", "bot.blood", "bot.own_lines"),
    ("bot.world", "bot.planning"),
    ("bot.check", "bot.live", "bot.messages"),
    ("bot.consequences",),
    ("bot.conversation",),
    ("bot.checkins", "bot.inputs", "bot.why"),
    ("bot.scene",),
    ("bot.taps",),
    ("bot.commands",),
    ("bot.texts",),
    ("bot.turns",),
    ("bot.chat", "bot.scheduler", "bot.lead", "bot.trial"),
    ("bot.running",),
    ("bot.vitals",),
    ("bot.app",),
    ("bot.__main__",),
)
"""From the innermost: a module imports only from its own layer's package and from layers before it."""

IMPURE_CALLS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic", "time.sleep",
    "time.localtime", "time.time_ns", "time.perf_counter", "uuid.uuid4", "uuid.uuid1", "open", "input", "print",
    "os.urandom", "id", "hash",
}  # fmt: skip
IMPURE_MODULES = {
    "random", "secrets", "os", "io", "socket", "subprocess", "threading", "asyncio", "logging", "pathlib", "shutil",
    "tempfile", "sqlite3", "urllib", "http", "time", "uuid", "sys",
}  # fmt: skip
IMPURE_METHODS = {"now", "utcnow", "read_text", "write_text", "read_bytes", "write_bytes", "open"}


def module(file: Path) -> str:
    parts = file.relative_to(BOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def only_for_types(file: Path) -> set[int]:
    """The lines under `if TYPE_CHECKING:`; what stands there is not imported."""
    return {
        child.lineno
        for node in ast.walk(tree(file))
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
        if isinstance(child, ast.stmt)
    }


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Everything a file imports, also inside functions, as full names with their lines."""
    package = module(file) if file.name == "__init__.py" else module(file).rpartition(".")[0]
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*home, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def layer(name: str) -> int | None:
    for number, members in enumerate(LAYERS):
        if any(name == member or name.startswith(f"{member}.") for member in members):
            return number
    return None


def package(name: str) -> str:
    return ".".join(name.split(".")[:2])


def test_the_coach_imports_only_the_standard_library_pydantic_and_itself() -> None:
    allowed = (sys.stdlib_module_names - IMPURE_MODULES) | {"pydantic"}
    wrong = [
        f"{file.name}:{line}: {name}"
        for file in COACH
        for line, name in imports(file)
        if not name.startswith("bot.coach.") and name.split(".")[0] not in allowed
    ]
    assert COACH
    assert wrong == []


def test_the_coach_asks_no_clock_no_chance_and_no_file() -> None:
    wrong = []
    for file in COACH:
        for node in ast.walk(tree(file)):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            method = isinstance(node.func, ast.Attribute) and node.func.attr in IMPURE_METHODS
            if method or any(called == one or called.endswith(f".{one}") for one in IMPURE_CALLS):
                wrong.append(f"{file.name}:{node.lineno}: {called}")
    assert wrong == []


def test_imports_run_one_way() -> None:
    for file in FILES:
        name = module(file)
        if name == "bot":
            continue
        own = layer(name)
        assert own is not None, f"say in LAYERS where {name} stands"
        types = only_for_types(file)
        wrong = []
        for line, imported in imports(file):
            its = layer(imported) if imported.startswith("bot.") else None
            if its is None or package(imported) == package(name):
                continue
            if its > own or (its == own and not same_layer_allowed(name, imported)):
                wrong.append((line, imported))
        assert [one for one in wrong if one[0] not in types] == [], name


def same_layer_allowed(name: str, imported: str) -> bool:
    """Within a layer only what stands to the right in its line imports what stands to the left."""
    members = LAYERS[layer(name) or 0]
    return members.index(package(name)) > members.index(package(imported))


def test_telegram_the_database_and_the_clock_stay_at_their_edges() -> None:
    homes = {
        "telegram": ("bot.chat", "bot.app", "bot.trial", "bot.running"),
        "apscheduler": ("bot.scheduler", "bot.app", "bot.running"),
        "jinja2": ("bot.library",),
        "matplotlib": ("bot.picture",),
        "starlette": ("bot.trial", "bot.chat", "bot.app", "bot.running", "bot.vitals"),
        "sqlalchemy": (
            "bot.vitals",
            "bot.store", "bot.turns", "bot.lead", "bot.planning", "bot.conversation", "bot.knowledge", "bot.scheduler",
            "bot.chat", "bot.app", "bot.running", "bot.messages", "bot.scene", "bot.checkins", "bot.world",
        ),
    }  # fmt: skip
    wrong = [
        f"{module(file)}:{line}: {name}"
        for file in FILES
        for line, name in imports(file)
        if name.split(".")[0] in homes and not module(file).startswith(homes[name.split(".")[0]])
    ]
    assert wrong == []


def test_no_one_prints() -> None:
    wrong = [
        f"{module(file)}:{node.lineno}"
        for file in FILES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert wrong == []
