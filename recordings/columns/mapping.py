"""A column mapping: what a person sees, corrects and keeps in a small JSON file."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from recordings.errors import FormatError, InputError
from recordings.placement import Placement
from recordings.samples import FloatArray
from recordings.wrong_entry import describe_wrong_entry

TimeUnit = Literal["s", "ms", "us", "ns"]
AccUnit = Literal["m/s2", "g", "mg"]
GyrUnit = Literal["rad/s", "deg/s", "mdeg/s"]
MagUnit = Literal["uT", "mG", "G", "nT"]
Axes = tuple[str, str, str]

STANDARD_GRAVITY_M_S2 = 9.80665

TO_S: dict[TimeUnit, float] = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
TO_M_S2: dict[AccUnit, float] = {
    "m/s2": 1.0,
    "g": STANDARD_GRAVITY_M_S2,
    "mg": STANDARD_GRAVITY_M_S2 / 1000,
}
DEGREE = 0.017453292519943295
TO_RAD_S: dict[GyrUnit, float] = {"rad/s": 1.0, "deg/s": DEGREE, "mdeg/s": DEGREE / 1000}
TO_UT: dict[MagUnit, float] = {"uT": 1.0, "mG": 0.1, "G": 100.0, "nT": 1e-3}


class SensorColumns(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Where the signals of one sensor are, and in which units.

    What is None is found by itself: the mapping that is shown after reading has it filled.
    """

    file: str | None = None
    """Name of the file, where a recording has several."""
    device: str | None = None
    """Name or serial number of the sensor, where the recording carries one."""
    time: str | None = None
    acc: Axes | None = None
    gyr: Axes | None = None
    mag: Axes | None = None
    time_unit: TimeUnit | None = None
    acc_unit: AccUnit | None = None
    gyr_unit: GyrUnit | None = None
    mag_unit: MagUnit | None = None


class ColumnMapping(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Which sensor is worn where, and which columns are its signals."""

    sensors: dict[Placement, SensorColumns]
    rate_hz: Annotated[float, Meta(gt=0)] | None = None
    """Sampling rate, needed where a table has no time column."""

    def placement_of_device(self, device: str) -> Placement | None:
        """Where the sensor of that name is worn, if the mapping says so."""
        named = (p for p, c in self.sensors.items() if c.device and _same(c.device, device))
        return next(named, None)

    def describe(self) -> str:
        """The mapping as lines for people."""
        lines: list[str] = []
        for placement, columns in self.sensors.items():
            source = " ".join(filter(None, (columns.file, columns.device)))
            lines.append(f"{placement.label}: {source}".rstrip(": "))
            for label, names, unit in (
                ("time", (columns.time,) if columns.time else (), columns.time_unit),
                ("acceleration", columns.acc or (), columns.acc_unit),
                ("angular rate", columns.gyr or (), columns.gyr_unit),
                ("magnetic field", columns.mag or (), columns.mag_unit),
            ):
                if names:
                    shown = f"  [{unit}]" if unit else ""
                    lines.append(f"  {label:<14} {', '.join(names)}{shown}")
        if self.rate_hz:
            lines.append(f"rate: {self.rate_hz:g} Hz")
        return "\n".join(lines)

    def to_json(self) -> str:
        """The mapping as the text of its JSON file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2).decode() + "\n"


def load_mapping(path: str | os.PathLike[str]) -> ColumnMapping:
    """Read a mapping from its JSON file, or TOML where the name ends in ``.toml``.

    Raises
    ------
    InputError
        If the file cannot be read.
    FormatError
        If it is no mapping; the message says what is wrong in it.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f"The mapping {path} cannot be read ({error.strerror}).",
            hint="Check the name.",
            reason="mapping_not_readable",
        ) from None
    content: object = None
    try:
        is_toml = Path(path).suffix.lower() == ".toml"
        content = tomllib.loads(data.decode()) if is_toml else json.loads(data)
        return msgspec.convert(content, ColumnMapping)
    except (ValueError, RecursionError) as error:
        problem = str(error).rstrip(".")
        if isinstance(error, msgspec.ValidationError):
            problem = describe_wrong_entry(error, content, ColumnMapping)
        raise FormatError(
            f"{path} is no column mapping: {problem}.",
            hint="`hipgait import SRC --show-mapping` prints one to start from.",
            reason="mapping_invalid",
        ) from None


def scaled(values: FloatArray, factor: float) -> FloatArray:
    """`values` in SI units; the same array where nothing changes."""
    return values if factor == 1.0 else values * factor


def _same(wanted: str, found: str) -> bool:
    """Device names match if the given one is the end of the found one, case aside."""
    return found.lower().endswith(wanted.lower().lstrip("_"))
