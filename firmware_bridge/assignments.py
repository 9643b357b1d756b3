"""Which sensor is worn where, remembered from one walk to the next."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from firmware_bridge.devices.base import Advertisement
from firmware_bridge.transport.raw_stream import RawSensor
from recordings.errors import FormatError, InputError, OutputError
from recordings.placement import Placement

FORMAT_VERSION = 1


class KnownSensor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One sensor of the wearer's own.

    Attributes
    ----------
    address : str
        The transport's handle; on macOS it holds on this computer only.
    family : str
        Key of the device family.
    name : str
    """

    address: str
    family: str
    name: str = ""


class Assignments(msgspec.Struct, frozen=True, kw_only=True):
    """The content of ``sensors.json``: also the list of sensors that may be recorded."""

    format_version: int = FORMAT_VERSION
    sensors: dict[Placement, KnownSensor] = {}

    def as_sensors(self) -> list[RawSensor]:
        """As `Bridge.add` takes them, in canonical order."""
        return [
            RawSensor(Advertisement(known.address, known.name), known.family, placement)
            for placement in Placement
            if (known := self.sensors.get(placement)) is not None
        ]


def assigned(sensors: Iterable[RawSensor]) -> Assignments:
    """The assignments that `sensors` have; those without a placement are left out."""
    return Assignments(
        sensors={
            s.placement: KnownSensor(
                address=s.advertisement.address, family=s.family, name=s.advertisement.name
            )
            for s in sensors
            if s.placement is not None
        }
    )


def config_folder() -> Path:
    """Where hipgait keeps a user's own settings."""
    home = Path.home()
    if os.name == "nt":
        base = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return base / "hipgait"


def default_path() -> Path:
    """The file of remembered assignments."""
    return config_folder() / "sensors.json"


def load_assignments(path: str | Path) -> Assignments:
    """Read a file of assignments.

    Raises
    ------
    InputError
        If it is not there or cannot be read.
    FormatError
        If it is not a file of assignments, or gives one sensor two placements.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            f"There is no sensor file {path}.",
            hint="Run 'hipgait scan --assign' to make one.",
            reason="sensors_file_missing",
        ) from None
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}).", reason="sensors_file_unreadable"
        ) from error
    try:
        assignments = msgspec.json.decode(content, type=Assignments)
    except msgspec.DecodeError as error:
        raise FormatError(
            f"{path} is not a sensor file ({error}).",
            hint="Run 'hipgait scan --assign' to make a new one.",
            reason="sensors_file_invalid",
        ) from error
    addresses = [known.address for known in assignments.sensors.values()]
    twice = sorted({a for a in addresses if addresses.count(a) > 1})
    if twice:
        raise FormatError(
            f"{path} gives sensor {twice[0]} more than one placement.",
            hint="A sensor is worn in one place: correct the file.",
            reason="sensors_file_invalid",
        )
    if assignments.format_version > FORMAT_VERSION:
        raise FormatError(
            f"{path} was written by a newer hipgait.",
            hint="Update hipgait, or run 'hipgait scan --assign'.",
            reason="format_too_new",
        )
    return assignments


def save_assignments(assignments: Assignments, path: str | Path) -> None:
    """Remember assignments; the old file or the new one is there, whole, at any time.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    path = Path(path)
    new = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(assignments), indent=2) + b"\n")
        new.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written ({error.strerror}).",
            hint="Check that you may write there.",
            reason="output_failed",
        ) from error
