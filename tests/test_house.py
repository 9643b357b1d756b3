"""The rules of the house, read from the source itself (nothing is imported).

Rooms import one way, only the right room touches files, radio, screen or terminal, and what
is packaged and pinned is what is meant to be.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("recordings", "firmware_bridge", "pipeline", "dashboards")
FACE = "hipgait"
NOT_INSTALLED = ("tests", "benchmarks", "validation", "docs", "tools")

MAY_IMPORT = {
    "recordings": set(),
    "firmware_bridge": {"recordings"},
    "pipeline": {"recordings"},
    "dashboards": {"recordings", "firmware_bridge", "pipeline", FACE},
    FACE: {*ROOMS},
}
"""Which of our own packages a package may import, beside itself."""

QT = {"PySide6", "pyqtgraph", "shiboken6"}
FILES = {"glob", "io", "mmap", "os", "pathlib", "shutil", "sqlite3", "tempfile", "zipfile"}
NETWORK = {"asyncio", "bleak", "http", "select", "serial", "socket", "ssl", "subprocess", "urllib"}
WALL_CLOCK = {"datetime", "time"}

NEVER = {
    "recordings": QT | NETWORK,
    "firmware_bridge": QT | {"pandas"},
    "pipeline": QT | FILES | NETWORK | WALL_CLOCK,
    "dashboards": {"bleak"},
    FACE: QT | {"bleak"},
}
"""What a room has no business with."""


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every module that a file imports, anywhere in it, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), node.lineno


def calls(path: Path, *names: str) -> Iterator[str]:
    """Yield ``file:line name`` for each call of a bare builtin."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.func.id}"


def violations(package: str, forbidden: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources(package)
        for module, line in imports(path)
        if module.split(".")[0] in forbidden
    ]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_rooms_import_one_way(package: str) -> None:
    assert sources(package)
    others = {*ROOMS, FACE, *NOT_INSTALLED} - MAY_IMPORT[package] - {package}
    assert violations(package, others) == []


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_are_absolute(package: str) -> None:
    relative = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources(package)
        for module, line in imports(path)
        if module.startswith(".")
    ]
    assert relative == []


@pytest.mark.parametrize("package", NEVER)
def test_no_room_does_another_rooms_work(package: str) -> None:
    assert violations(package, NEVER[package] - _only_file(package)) == []


def _only_file(package: str) -> set[str]:
    # The bridge reaches bleak, but from one file; that has a test of its own.
    return {"bleak"} if package == "firmware_bridge" else set()


def test_at_most_one_file_imports_bleak() -> None:
    files = {
        str(path.relative_to(ROOT))
        for package in MAY_IMPORT
        for path in sources(package)
        for module, _ in imports(path)
        if module.split(".")[0] == "bleak"
    }
    assert len(files) <= 1, files
    assert all(file.startswith("firmware_bridge/") for file in files)


def test_pipeline_opens_no_file() -> None:
    assert [call for path in sources("pipeline") for call in calls(path, "open", "input")] == []


@pytest.mark.parametrize("package", [p for p in MAY_IMPORT if p != "dashboards"])
def test_only_dashboards_print(package: str) -> None:
    assert [call for path in sources(package) for call in calls(path, "print")] == []


def test_the_checks_see_what_they_forbid(tmp_path: Path) -> None:
    """Imports are found inside functions and type-checking blocks too."""
    file = tmp_path / "sample.py"
    file.write_text(
        "import os.path as p\n"
        "if TYPE_CHECKING:\n    from pipeline.engine import Engine\n"
        "def f():\n    from . import x\n"
    )
    assert {name for name, _ in imports(file)} == {"os.path", "pipeline.engine", "."}


# --- What is packaged -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in a wheel built from a copy of the source, with nothing fetched."""
    source = tmp_path_factory.mktemp("build") / "source"
    unwanted = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist")
    shutil.copytree(ROOT, source, ignore=unwanted)
    build = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    command = [sys.executable, "-c", build]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = (source / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_wheel_holds_the_rooms_and_nothing_for_developers(wheel_names: list[str]) -> None:
    top = {name.split("/")[0] for name in wheel_names if ".dist-info/" not in name}
    assert top == {*ROOMS, FACE}


PACKAGED = {".css", ".j2", ".json", ".py", ".toml", ".ttf", ".txt", ".zip"}


def test_wheel_holds_every_module_and_what_it_reads(wheel_names: list[str]) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for package in (*ROOMS, FACE)
        for path in (ROOT / package).rglob("*")
        if path.suffix in PACKAGED or path.name == "py.typed"
    }
    assert {f"{package}/py.typed" for package in (*ROOMS, FACE)} <= files
    assert files - set(wheel_names) == set()
    assert any(name.endswith("/licenses/LICENSE") for name in wheel_names)


# --- What is pinned -------------------------------------------------------------------------


class Pin(NamedTuple):
    name: str
    requirement: str
    """Name, version and the systems it is for."""
    checksums: list[str]


def pins(lock: str) -> list[Pin]:
    found: list[Pin] = []
    for line in (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines():
        text = line.strip(" \\")
        if text.startswith("--hash="):
            found[-1].checksums.append(text)
        elif text and not text.startswith("#"):
            found.append(Pin(text.split("==")[0], text, []))
    return found


@pytest.mark.parametrize("lock", ["user.lock", "dev.lock"])
def test_every_dependency_is_pinned_by_version_and_checksum(lock: str) -> None:
    pinned = pins(lock)
    assert [pin for pin in pinned if "==" not in pin.requirement or not pin.checksums] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["ui"]
    if lock == "dev.lock":
        wanted += [want for want in project["dependency-groups"]["dev"] if isinstance(want, str)]
    names = {re.split(r"[^A-Za-z0-9._-]", want)[0].lower() for want in wanted}
    assert names - {pin.name for pin in pinned} == set()


def test_users_and_developers_run_the_same_versions() -> None:
    def versions(lock: str) -> set[str]:
        return {pin.requirement.split(";")[0].strip() for pin in pins(lock)}

    assert versions("user.lock") <= versions("dev.lock")


def test_lock_files_name_no_place_to_download_from() -> None:
    for lock in ("user.lock", "dev.lock"):
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        assert "://" not in text
        assert "index-url" not in text
