"""The floors drawn in CONTRIBUTING.md are those of the house: imports only go down, and what is pure stays pure."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pipeline"
FLOOR_ROW = re.compile(r"^\| (\d?)(½?) \| ([^|]+) \|", re.MULTILINE)
# What a stage must not touch: files, processes, the network, the clock, the environment, the database.
IMPURE = {
    "alembic",
    "asyncio",
    "glob",
    "multiprocessing",
    "os",
    "random",
    "shutil",
    "socket",
    "sqlalchemy",
    "sqlite3",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "watchdog",
}
PURE_FLOORS = {1.5, 2.0, 2.5, 3.0}


def drawn_floors() -> dict[str, float]:
    """Module to floor, as the table of CONTRIBUTING.md has it; a half floor counts 0.5."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    floors: dict[str, float] = {}
    for whole, half, modules in FLOOR_ROW.findall(text):
        for module in re.findall(r"`([a-z_]+)`", modules):
            assert module not in floors, f"{module} is drawn on two floors"
            floors[module] = int(whole or 0) + (0.5 if half else 0.0)
    return floors


def files_of(module: str) -> list[Path]:
    single = PACKAGE / f"{module}.py"
    return [single] if single.is_file() else sorted((PACKAGE / module).rglob("*.py"))


def built_modules() -> set[str]:
    """Every module of the package; a package within it counts as one, a folder of data as none."""
    return ({path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/*.py")}) - {
        "__init__"
    }


def imported_names(path: Path) -> Iterator[str]:
    """Dotted names of everything imported anywhere in the file, inside functions and for type checkers too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def house_imports(module: str) -> set[str]:
    names = (name.split(".") for path in files_of(module) for name in imported_names(path))
    found = {parts[1] for parts in names if parts[0] == "pipeline" and len(parts) > 1}
    return found - {module, "__version__"}


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def within(name: str, modules: Container[str]) -> str | None:
    """The module that an imported name is, or that it stands in."""
    return next((each for each in (name, name.rpartition(".")[0]) if each in modules), None)


FLOORS = drawn_floors()
each_module = pytest.mark.parametrize("module", sorted(FLOORS))


def test_the_drawing_shows_every_module_and_no_other() -> None:
    assert set(FLOORS) == built_modules()


@each_module
def test_imports_only_go_down(module: str) -> None:
    """On half floors, helpers may use each other; on whole floors, modules do not know their neighbours."""
    floor = FLOORS[module]
    wrong = {
        other
        for other in house_imports(module)
        if FLOORS[other] > floor or (FLOORS[other] == floor and floor.is_integer())
    }
    assert not wrong, f"{module} (floor {floor}) imports {', '.join(sorted(wrong))}"


def test_no_circle() -> None:
    tuple(TopologicalSorter({module: house_imports(module) for module in FLOORS}).static_order())


def test_no_circle_within_a_package() -> None:
    """Each file by itself; what a package says of itself in its own file may be asked by what lies in it."""
    files = {dotted(path): path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"}
    graph = {
        name: {longest for found in imported_names(path) if (longest := within(found, files)) and longest != name}
        for name, path in files.items()
    }
    assert sum(map(len, graph.values())) > len(files)
    tuple(TopologicalSorter(graph).static_order())


@each_module
def test_what_is_pure_touches_nothing_outside(module: str) -> None:
    if FLOORS[module] not in PURE_FLOORS:
        return
    roots = {name.split(".")[0] for path in files_of(module) for name in imported_names(path)}
    assert not roots & IMPURE


@each_module
def test_only_the_command_line_ends_the_program(module: str) -> None:
    if module == "__main__":
        return
    for path in files_of(module):
        calls = [
            node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
        ]
        exits = [ast.unparse(call) for call in calls if ast.unparse(call) in {"sys.exit", "exit", "quit", "SystemExit"}]
        assert not exits, f"{path.name} calls {exits[0]}"
