"""``hipgait doctor``: what this computer lacks for recording and for the window."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from hipgait._version import __version__
from recordings.errors import HipgaitError


class Finding(NamedTuple):
    """One line: what was looked at, whether it will do, and what to do if not."""

    ok: bool | None
    """None: will do, but could be better."""
    topic: str
    what: str
    advice: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-radio", action="store_true", help="leave Bluetooth alone (do not scan)"
    )


def run(args: argparse.Namespace) -> int:
    from dashboards.terminal import Terminal

    terminal = Terminal.of(sys.stdout)
    checks: list[Callable[[], Iterator[Finding]]] = [_versions, _qt, _fonts, _disk, _awake, _known]
    if not args.no_radio:
        checks[1:1] = [_bluetooth]
    worst = True
    for check in checks:
        for finding in check():
            mark = {True: "ok  ", None: "note", False: "FAIL"}[finding.ok]
            text = f"{mark}  {finding.topic}: {finding.what}"
            text += f" {finding.advice}" if finding.advice else ""
            print("\n".join(terminal.wrap(text, hanging=6)))
            worst = worst and finding.ok is not False
    return 0 if worst else 1


def _versions() -> Iterator[Finding]:
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "scipy", "bleak"))
    yield Finding(
        True,
        "versions",
        f"hipgait {__version__}, Python {platform.python_version()}, {packages}, "
        f"{platform.system()} {platform.release()}.",
    )


def _bluetooth() -> Iterator[Finding]:
    from firmware_bridge.transport.bleak_transport import BleakTransport

    transport = BleakTransport()
    transport.open()
    try:
        transport.start_scan().result(20)
        transport.stop_scan().result(20)
    except HipgaitError as problem:
        yield Finding(False, "Bluetooth", problem.what, problem.hint)
    except TimeoutError:
        yield Finding(
            False, "Bluetooth", "The adapter does not answer.", "Switch it off and on again."
        )
    else:
        yield Finding(True, "Bluetooth", "an adapter is there, is on, and may be used.")
    finally:
        transport.close()
    if sys.platform == "linux" and shutil.which("bluetoothctl") is None:
        yield Finding(
            None,
            "BlueZ",
            "bluetoothctl is missing, so that its version is not known.",
            "Install the package bluez (5.55 or later).",
        )


def _qt() -> Iterator[Finding]:
    try:
        version = metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        yield Finding(
            None, "window", "Qt is not installed; recording and reports work without it.",
            "For the window: pip install 'hipgait[ui]'.",
        )  # fmt: skip
        return
    if sys.version_info < (3, 12) and version.startswith("6.12"):
        yield Finding(
            False, "window", f"Qt {version} crashes on Python {platform.python_version()}.",
            "Run: pip install 'PySide6-Essentials<6.12'.",
        )  # fmt: skip
        return
    # In a process of its own: a Qt that cannot start ends the process it is in.
    script = "from PySide6.QtGui import QGuiApplication as A; print(A([]).platformName())"
    probe = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    if probe.returncode:
        reason = (probe.stderr.strip().splitlines() or ["it ended without a word"])[0]
        yield Finding(
            False, "window", f"Qt {version} cannot start ({reason}).",
            "Without a screen use the command line; on Linux, install libegl1 and libxkbcommon0.",
        )  # fmt: skip
        return
    yield Finding(True, "window", f"Qt {version} starts ({probe.stdout.strip()}).")


def _fonts() -> Iterator[Finding]:
    if sys.platform != "linux":
        return
    lister = shutil.which("fc-list")
    if lister is None:
        yield Finding(
            None,
            "fonts",
            "fontconfig is missing.",
            "Install the packages fontconfig, fonts-dejavu.",
        )
        return
    listed = subprocess.run([lister], capture_output=True, text=True, check=False).stdout
    count = len(listed.splitlines())
    if count:
        yield Finding(True, "fonts", f"{count} fonts.")
    else:
        yield Finding(
            False, "fonts", "No font is installed: the window would show boxes.",
            "Install the package fonts-dejavu.",
        )  # fmt: skip


def _disk() -> Iterator[Finding]:
    here = Path.cwd()
    if not os.access(here, os.W_OK):
        yield Finding(
            False, "disk", f"You may not write in {here}.", "Record somewhere else with --out."
        )
        return
    free_gb = shutil.disk_usage(here).free / 1e9
    enough = True if free_gb > 1 else None if free_gb > 0.2 else False
    advice = "" if enough else "An hour needs about 0.2 GB: make room."
    yield Finding(enough, "disk", f"{free_gb:.1f} GB free in {here}.", advice)


def _awake() -> Iterator[Finding]:
    from firmware_bridge.keep_awake import can_keep_awake

    if can_keep_awake():
        yield Finding(True, "sleep", "the computer can be kept awake while recording.")
    else:
        yield Finding(
            None, "sleep", "the computer cannot be kept awake from here.",
            "Switch off automatic sleep before long walks.",
        )  # fmt: skip


def _known() -> Iterator[Finding]:
    from firmware_bridge.assignments import default_path, load_assignments

    path = default_path()
    if not path.exists():
        yield Finding(
            None, "sensors", "none are assigned to the body yet.", "Run: hipgait scan --assign."
        )
        return
    try:
        sensors = load_assignments(path).sensors
    except HipgaitError as problem:
        yield Finding(False, "sensors", problem.what, problem.hint)
        return
    worn = ", ".join(p.label for p in sensors)
    yield Finding(True, "sensors", f"{worn} (in {path}).")
