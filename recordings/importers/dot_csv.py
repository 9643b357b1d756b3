"""Movella (Xsens) DOT app recordings: one CSV a sensor.

Layout: lines such as ``DeviceTag:`` and ``OutputRate:``, then a header with
``PacketCounter,SampleTimeFine``. ``SampleTimeFine`` is a 32-bit clock in µs that the sensors
share once they were synchronised; ``Acc_*`` is in m/s², ``Gyr_*`` in deg/s (DOT user
manual). ``FreeAcc_*`` lacks gravity and cannot be used; only the payload modes with
calibrated acceleration *and* angular rate can.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from recordings.columns.body_words import guess_placement
from recordings.columns.mapping import TO_RAD_S, ColumnMapping, SensorColumns
from recordings.containers import Container
from recordings.csv_session.source import describe_findings
from recordings.errors import FormatError, InputError
from recordings.importers.assembly import ForeignSensor, Recording, assemble
from recordings.importers.registry import Importer, register
from recordings.placement import Placement
from recordings.samples import FloatArray
from recordings.session import Remark
from recordings.text_tables.dialect import Dialect
from recordings.text_tables.rows import TableRows
from recordings.text_tables.whole import heads, load_table

CLOCK_MODULUS_US = 2**32
_ACC = ("Acc_X", "Acc_Y", "Acc_Z")
_GYR = ("Gyr_X", "Gyr_Y", "Gyr_Z")


def _recognises(container: Container) -> bool:
    return next(_sensor_files(container), None) is not None


def _sensor_files(container: Container) -> Iterator[str]:
    for name, head in heads(container, (".csv",)):
        if b"PacketCounter" in head and b"SampleTimeFine" in head:
            yield name


def _read(container: Container, mapping: ColumnMapping | None) -> Recording:
    files: dict[Placement, str] = {}
    tags: dict[str, str] = {}
    for name in _sensor_files(container):
        with container.open(name) as stream:
            dialect = TableRows(stream, container.where(name)).dialect
        tags[name] = _tag(dialect)
        placement = _placement(name, tags[name], mapping)
        if placement is None:
            continue
        if placement in files:
            raise InputError(
                f"{container.path}: {files[placement]} and {name} are both named for the"
                f" {placement.label}.",
                hint="Keep one of them in the folder.",
                reason="placement_doubled",
            )
        files[placement] = name
    if not files:
        raise InputError(
            f"{container.path}: nothing says which sensor was worn where"
            f" (sensors: {', '.join(tag or name for name, tag in tags.items())}).",
            hint="Name the files or the sensors' tags after the placement, or give a mapping"
            " with `file` or `device`.",
            reason="placements_unknown",
        )
    sensors = [_sensor(container, name, tags[name], p) for p, name in files.items()]
    return assemble(container, sensors)


def _tag(dialect: Dialect) -> str:
    """The name that the user gave the sensor in the app."""
    for line in dialect.preamble:
        key, _, value = line.replace(";", ",").partition(",")
        if key.strip().rstrip(":").lower() == "devicetag":
            return value.strip().strip(",")
    return ""


def _placement(name: str, tag: str, mapping: ColumnMapping | None) -> Placement | None:
    if mapping is None:
        guess = guess_placement(tag) or guess_placement(name.rpartition(".")[0])
        return guess[0] if guess else None
    by_file = (p for p, columns in mapping.sensors.items() if columns.file == name)
    return next(by_file, None) or (mapping.placement_of_device(tag) if tag else None)


def _sensor(container: Container, name: str, tag: str, placement: Placement) -> ForeignSensor:
    where = container.where(name)
    table = load_table(container, name, lambda dialect: _choose(dialect, where))
    remarks = [
        Remark(reason, f"{where}{text}", placement)
        for reason, text in describe_findings(table.findings)
    ]
    return ForeignSensor(
        placement=placement,
        origin=f"{name}{f' (tag {tag})' if tag else ''}",
        time_s=_unwrap(table.get(["SampleTimeFine"])[:, 0]) * 1e-6,
        acc_m_s2=table.get(_ACC),
        gyr_rad_s=table.get(_GYR) * TO_RAD_S["deg/s"],
        model="Movella DOT",
        device_id=tag,
        timing_quality="good",
        columns=SensorColumns(
            file=name,
            device=tag or None,
            time="SampleTimeFine",
            time_unit="us",
            acc=_ACC,
            acc_unit="m/s2",
            gyr=_GYR,
            gyr_unit="deg/s",
        ),
        remarks=tuple(remarks),
    )


def _choose(dialect: Dialect, where: str) -> list[str]:
    lacks = [c for c in (*_ACC, *_GYR) if c not in dialect.columns]
    if not lacks:
        return ["SampleTimeFine", *_ACC, *_GYR]
    free = any(column.startswith("FreeAcc") for column in dialect.columns)
    raise (InputError if free else FormatError)(
        f"{where} has only the free acceleration: gravity and angular rate are missing."
        if free
        else f"{where} lacks {', '.join(lacks)}.",
        hint="Record with a payload mode that has calibrated acceleration and angular rate:"
        " “Rate quantities (with mag)” or a “Custom mode” with Acc and Gyr.",
        reason="gravity_missing" if free else "columns_missing",
    )


def _unwrap(clock_us: FloatArray) -> FloatArray:
    """The 32-bit clock as one that only grows; it wraps every 71.6 minutes."""
    back = np.diff(clock_us, prepend=clock_us[:1]) < -CLOCK_MODULUS_US / 2
    return clock_us + CLOCK_MODULUS_US * np.cumsum(back)


register(
    Importer(
        key="dot_csv",
        label="Movella DOT app recording",
        recognises=_recognises,
        read=_read,
    )
)
