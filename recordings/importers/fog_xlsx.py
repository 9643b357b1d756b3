"""Spreadsheets with one column a signal: ``imu_lumbar_ax`` … ``imu_thigh_r_gz``.

Layout after the 11-IMU files of the Stanford freezing-of-gait data: ``time`` in seconds,
six columns a sensor (acceleration in m/s², angular rate in rad/s), and ``freeze_label``,
1 while the walker's gait is frozen.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np

from recordings.columns.body_words import guess_placements
from recordings.columns.mapping import ColumnMapping, SensorColumns
from recordings.containers import MAX_ZIP_RATIO, Container
from recordings.errors import FormatError
from recordings.events import SessionEvent
from recordings.importers.assembly import ForeignSensor, Recording, assemble
from recordings.importers.registry import Importer, register
from recordings.placement import Placement
from recordings.samples import FloatArray
from recordings.session import Remark
from recordings.text_tables.dialect import MAX_COLUMNS

FREEZE_START, FREEZE_END = "freezing_start", "freezing_end"
_SIGNALS = ("ax", "ay", "az", "gx", "gy", "gz")
_MAX_SHEET_BYTES = 2**30


def _recognises(container: Container) -> bool:
    names = container.file_names()
    if len(names) != 1 or not names[0].lower().endswith(".xlsx"):
        return False
    with container.open(names[0]) as stream:
        return stream.read(4) == b"PK\x03\x04"


def _read(container: Container, mapping: ColumnMapping | None) -> Recording:
    name = container.file_names()[0]
    where = container.where(name)
    with container.open(name) as stream:
        _refuse_bombs(stream, where)
        rows = _sheet_rows(stream, where)
        header = [str(cell or "").strip() for cell in next(rows, ())]
        groups = _sensor_groups(header)
        if "time" not in header or not groups:
            raise FormatError(
                f"{where} has no column 'time' or no columns like imu_lumbar_ax … imu_lumbar_gz.",
                hint="Save the sheet as CSV and give a column mapping.",
                reason="columns_missing",
            )
        placed = guess_placements(groups)
        if mapping is not None:
            named = {group: mapping.placement_of_device(group) for group in groups}
            placed = {p: group for group, p in named.items() if p is not None}
        wanted = [header.index("time")]
        wanted += [header.index(c) for group in placed.values() for c in groups[group]]
        label = header.index("freeze_label") if "freeze_label" in header else None
        values = _numbers(rows, wanted if label is None else [*wanted, label], header, where)
    time_s = values[:, 0]
    sensors: list[ForeignSensor] = []
    remarks: list[Remark] = []
    for i, (placement, group) in enumerate(placed.items()):
        signals = values[:, 1 + 6 * i : 7 + 6 * i]
        if np.isnan(signals).all():
            text = f"{where}: the columns {group}_… are empty; that sensor was not worn."
            remarks.append(Remark("sensor_empty", text, placement))
            continue
        sensors.append(_sensor(placement, group, groups[group], time_s, signals))
    events = () if label is None else _freezing(time_s, values[:, -1])
    return assemble(container, sensors, events=events, remarks=remarks)


def _sensor(
    placement: Placement,
    group: str,
    columns: Sequence[str],
    time_s: FloatArray,
    signals: FloatArray,
) -> ForeignSensor:
    acc, gyr = tuple(columns[:3]), tuple(columns[3:])
    return ForeignSensor(
        placement=placement,
        origin=f"columns {group}_…",
        time_s=time_s,
        acc_m_s2=signals[:, :3],
        gyr_rad_s=signals[:, 3:],
        columns=SensorColumns(
            device=group,
            time="time",
            time_unit="s",
            acc=(acc[0], acc[1], acc[2]),
            acc_unit="m/s2",
            gyr=(gyr[0], gyr[1], gyr[2]),
            gyr_unit="rad/s",
        ),
    )


def _sensor_groups(header: Sequence[str]) -> dict[str, list[str]]:
    """Sensor name → its six columns, for the sensors that have all six."""
    names = {m[1] for c in header if (m := re.fullmatch(r"(.+)_a[xyz]", c))}
    groups = {name: [f"{name}_{signal}" for signal in _SIGNALS] for name in sorted(names)}
    return {name: columns for name, columns in groups.items() if set(columns) <= set(header)}


def _freezing(time_s: FloatArray, label: FloatArray) -> Iterator[SessionEvent]:
    """Start and end of each stretch in which the label is 1."""
    frozen = np.nan_to_num(label) > 0.5
    edges = np.flatnonzero(np.diff(frozen.astype(np.int8), prepend=0))
    for edge in edges:
        kind = FREEZE_START if frozen[edge] else FREEZE_END
        yield SessionEvent(float(time_s[edge]), kind)


def _numbers(
    rows: Iterator[Sequence[Any]], wanted: Sequence[int], header: Sequence[str], where: str
) -> FloatArray:
    """The wanted columns; NaN where a cell is empty."""
    values: list[list[float]] = []
    for line, row in enumerate(rows, start=2):
        cells = [row[i] if i < len(row) else None for i in wanted]
        if all(cell is None for cell in row):
            continue
        try:
            values.append([np.nan if c is None else float(c) for c in cells])
        except (TypeError, ValueError):
            bad = next(i for i, c in zip(wanted, cells, strict=True) if not _is_number(c))
            raise FormatError(
                f"{where}, row {line}, column {header[bad]}: {row[bad]!r} is not a number.",
                hint="Repair or remove that row.",
                reason="not_a_number",
            ) from None
    return np.array(values, dtype=np.float64).reshape(len(values), len(wanted))


def _is_number(cell: Any) -> bool:
    try:
        float(np.nan if cell is None else cell)
    except (TypeError, ValueError):
        return False
    return True


def _sheet_rows(stream: BinaryIO, where: str) -> Iterator[Sequence[Any]]:
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(stream, read_only=True, data_only=True).worksheets[0]
        if (sheet.max_column or 0) > MAX_COLUMNS:
            raise FormatError(
                f"{where} has {sheet.max_column} columns, which no recording has.",
                hint="Check that this is the right file.",
                reason="too_many_columns",
            )
        yield from sheet.iter_rows(values_only=True)
    except FormatError:
        raise
    except Exception as error:  # openpyxl raises whatever its parser trips over
        raise FormatError(
            f"{where} is no spreadsheet, or it is damaged ({error}).",
            hint="Open it in a spreadsheet program and save it again.",
            reason="spreadsheet_damaged",
        ) from error


def _refuse_bombs(stream: BinaryIO, where: str) -> None:
    """A spreadsheet is a zip; refuse one that unpacks to more than any recording."""
    try:
        members = zipfile.ZipFile(stream).infolist()
    except zipfile.BadZipFile as error:
        raise FormatError(
            f"{where} is no spreadsheet, or it is damaged ({error}).",
            hint="Open it in a spreadsheet program and save it again.",
            reason="spreadsheet_damaged",
        ) from None
    for member in members:
        swollen = member.file_size > MAX_ZIP_RATIO * max(member.compress_size, 2**14)
        if swollen or member.file_size > _MAX_SHEET_BYTES:
            raise FormatError(
                f"{where} would unpack to {member.file_size / 2**20:.0f} MB.",
                hint="Such a file is damaged or made to do harm; nothing of it was read.",
                reason="zip_too_large",
            )
    stream.seek(0)


register(
    Importer(
        key="fog_xlsx",
        label="spreadsheet with one column a signal",
        recognises=_recognises,
        read=_read,
    )
)
