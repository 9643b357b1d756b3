"""Compiles the firmware for the host."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
HOST = HERE / "host"
SKETCH = HERE.parents[2] / "firmware_bridge" / "firmware" / "hipgait_sensor"

BOARDS = {
    "xiao_sense": (
        "-DARDUINO_SEEED_XIAO_NRF52840_SENSE",
        "-DPIN_LSM6DS3TR_C_POWER=14",
        "-DPIN_LSM6DS3TR_C_INT1=17",
        "-DP0_31=31",
    ),
    "nano33_sense": ("-DARDUINO_ARDUINO_NANO33BLE",),
    "esp32": ("-DARDUINO_ARCH_ESP32", "-DGAIT_BATTERY_PIN=3"),
}
_STRICT = ("-Wall", "-Wextra", "-Wconversion", "-Werror", f"-I{SKETCH}", f"-I{HOST}")


def _run(compiler: str, *arguments: str) -> None:
    found = shutil.which(compiler)
    if found is None:
        pytest.skip(f"no {compiler} on this computer: the firmware is not compiled here")
    done = subprocess.run(
        [found, *_STRICT, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def build_library(out: Path) -> Path:
    """The portable C99 headers as a shared library."""
    source = str(HOST / "firmware_abi.c")
    _run("gcc", "-std=c99", "-Wpedantic", "-O1", "-shared", "-fPIC", source, "-o", str(out))
    return out


def build_sketch(board: str, out: Path) -> Path:
    """The sketch with a board's port, and the simulation around them."""
    sources = (SKETCH / "hipgait_sensor.ino", SKETCH / f"board_{board}.cpp", HOST / "main.cpp")
    _run(
        "g++", "-std=c++14", "-O0", *BOARDS[board], "-include", "Arduino.h", "-x", "c++",
        *map(str, sources), "-o", str(out),
    )  # fmt: skip
    return out
