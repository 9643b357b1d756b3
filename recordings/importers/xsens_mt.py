"""Xsens MT Manager text exports: a tab-separated file a sensor, with or without gyroscope.

Layout after the OpenSense example of OpenSim (``IMUData/*.txt``, ``myIMUMappings.xml``):
lines of ``//``, a header, then ``PacketCounter``, ``Acc_X`` … in m/s² and the rotation
matrix sensor → earth, whose cells are listed column by column (``Mat[1][1] Mat[2][1] …``).
Sensors begin and end at different packets; equal counters mean equal time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from recordings.columns.body_words import guess_placement
from recordings.columns.mapping import ColumnMapping, SensorColumns
from recordings.containers import Container
from recordings.errors import FormatError, InputError
from recordings.importers.assembly import ForeignSensor, Recording, assemble
from recordings.importers.registry import Importer, register
from recordings.importers.rotation_rate import angular_rate
from recordings.placement import Placement
from recordings.samples import FloatArray
from recordings.session import Remark
from recordings.text_tables.dialect import Dialect
from recordings.text_tables.whole import heads, load_table

COUNTER_MODULUS = 65_536
_ACC = ("Acc_X", "Acc_Y", "Acc_Z")
_GYR = ("Gyr_X", "Gyr_Y", "Gyr_Z")
_MAT = tuple(f"Mat[{row}][{column}]" for column in (1, 2, 3) for row in (1, 2, 3))
_MAX_XML_BYTES = 2**20


def _recognises(container: Container) -> bool:
    return next(_sensor_files(container), None) is not None


def _sensor_files(container: Container) -> Iterator[str]:
    for name, head in heads(container, (".txt",)):
        if b"PacketCounter\t" in head and (b"Mat[1][1]" in head or b"Gyr_X" in head):
            yield name


def _read(container: Container, mapping: ColumnMapping | None) -> Recording:
    files = {_device_id(name): name for name in _sensor_files(container)}
    placements = _placements(container, files, mapping)
    tables = {p: _Table(container, files[device]) for device, p in placements.items()}
    rates = {table.rate_hz for table in tables.values()}
    if len(rates) > 1:
        raise FormatError(
            f"{container.path}: the sensors have different rates ({sorted(rates)} Hz).",
            hint="Record all sensors at one rate.",
            reason="rates_differ",
        )
    sensors = [
        table.sensor(placement, device)
        for (device, placement), table in zip(placements.items(), tables.values(), strict=True)
    ]
    derived = any(not table.has_gyr for table in tables.values())
    return assemble(
        container,
        sensors,
        rate_hz=rates.pop() if rates else None,
        notes="Angular rate derived from the orientation matrices." if derived else "",
        remarks=_general_remarks(container, set(files) - set(placements), derived=derived),
    )


def _general_remarks(container: Container, unused: set[str], *, derived: bool) -> list[Remark]:
    remarks = []
    if derived:
        remarks.append(
            Remark(
                "gyr_derived",
                f"{container.path} has no gyroscope; the angular rate was derived from the"
                " orientation matrices.",
            )
        )
    if unused:
        remarks.append(
            Remark(
                "sensors_unused",
                f"{container.path}: sensors on other body parts were not read"
                f" ({', '.join(sorted(unused))}).",
            )
        )
    return remarks


def _device_id(name: str) -> str:
    """``MT_012005D6_009-001_00B421E6.txt`` → ``00B421E6``."""
    return PurePath(name).stem.rpartition("_")[2]


def _placements(
    container: Container, files: dict[str, str], mapping: ColumnMapping | None
) -> dict[str, Placement]:
    """Which sensor is worn where: by hand, by the mapping file beside, or by file name."""
    if mapping is not None:
        named = {device: mapping.placement_of_device(device) for device in files}
    else:
        models = dict(_model_names(container))
        named = {}
        for device, name in files.items():
            guess = guess_placement(models.get(device.lower(), name))
            named[device] = guess[0] if guess else None
    placements = {device: p for device, p in named.items() if p is not None}
    if not placements:
        raise InputError(
            f"{container.path}: nothing says which sensor was worn where"
            f" (sensors: {', '.join(sorted(files))}).",
            hint="Put myIMUMappings.xml beside the files, or give a mapping with `device` names.",
            reason="placements_unknown",
        )
    doubled = [p for p in Placement if list(placements.values()).count(p) > 1]
    if doubled:
        raise InputError(
            f"{container.path}: two sensors are named for the {doubled[0].label}.",
            hint="Give a mapping with `device` names.",
            reason="placement_doubled",
        )
    return placements


def _model_names(container: Container) -> Iterator[tuple[str, str]]:
    """Sensor id (lower case) and body part from OpenSense mapping files beside the data."""
    for name, head in heads(container, (".xml",), _MAX_XML_BYTES):
        # Entities have no business here and are how XML is made to explode.
        if b"ExperimentalSensor" not in head or b"<!ENTITY" in head:
            continue
        try:
            root = ElementTree.fromstring(head)
        except ElementTree.ParseError as error:
            raise FormatError(
                f"{container.where(name)} is damaged ({error}).",
                hint="Repair it, or give a mapping with `device` names.",
                reason="xml_damaged",
            ) from None
        for sensor in root.iter("ExperimentalSensor"):
            device = sensor.get("name", "").rpartition("_")[2].lower()
            yield device, (sensor.findtext("name_in_model") or "").strip()


class _Table:
    """One sensor's file."""

    def __init__(self, container: Container, name: str) -> None:
        self.name = name
        self.rate_hz = 0.0
        self.has_gyr = False
        self.has_mag = False
        self._table = load_table(container, name, self._choose)

    def _choose(self, dialect: Dialect) -> list[str]:
        rate = re.search(r"Update Rate:\s*([\d.]+)\s*Hz", "\n".join(dialect.preamble))
        if rate is None or not float(rate[1]) > 0:
            raise FormatError(
                f"{self.name} does not say its update rate.",
                hint="Export it again with the header lines.",
                reason="rate_missing",
            )
        self.rate_hz = float(rate[1])
        self.has_gyr = all(column in dialect.columns for column in _GYR)
        return ["PacketCounter", *_ACC, *(_GYR if self.has_gyr else _MAT)]

    def sensor(self, placement: Placement, device: str) -> ForeignSensor:
        counter = _unwrap(self._table.get(["PacketCounter"])[:, 0])
        if self.has_gyr:
            gyr = self._table.get(_GYR)
        else:
            matrices = self._table.get(_MAT).reshape(-1, 3, 3).transpose(0, 2, 1)
            gyr = angular_rate(matrices, counter, 1.0 / self.rate_hz)
        return ForeignSensor(
            placement=placement,
            origin=f"{self.name} (sensor {device})",
            time_s=counter / self.rate_hz,
            acc_m_s2=self._table.get(_ACC),
            gyr_rad_s=gyr,
            model="Xsens MT",
            device_id=device,
            timing_quality="good",
            columns=SensorColumns(
                file=self.name,
                device=device,
                time="PacketCounter",
                acc=_ACC,
                acc_unit="m/s2",
                gyr=_GYR if self.has_gyr else None,
                gyr_unit="rad/s" if self.has_gyr else None,
            ),
            remarks=self._remarks(placement),
        )

    def _remarks(self, placement: Placement) -> tuple[Remark, ...]:
        line = self._table.findings.cut_off_line
        if not line:
            return ()
        text = f"{self._table.where}, line {line}: the last line is cut off; it was left out."
        return (Remark("last_line_cut_off", text, placement),)


def _unwrap(counter: FloatArray) -> NDArray[np.int64]:
    """The 16-bit packet counter as a count that only grows."""
    whole = counter.astype(np.int64)
    back = np.diff(whole, prepend=whole[:1]) < -COUNTER_MODULUS // 2
    return whole + COUNTER_MODULUS * np.cumsum(back)


register(
    Importer(
        key="xsens_mt",
        label="Xsens MT text export",
        recognises=_recognises,
        read=_read,
    )
)
