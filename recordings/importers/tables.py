"""Read foreign tables through a column mapping, guessed or given by hand.

Three layouts are known: one wide table with all sensors; a folder with one table a sensor;
one table whose rows name their sensor (a column ``device``, ``address`` …).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import msgspec
import numpy as np

from recordings.columns.choose import TableSource, choose_sources
from recordings.columns.guess import TableGuess, guess_table
from recordings.columns.headings import understand
from recordings.columns.mapping import (
    TO_M_S2,
    TO_RAD_S,
    TO_S,
    TO_UT,
    ColumnMapping,
    SensorColumns,
    TimeUnit,
)
from recordings.columns.units import guess_acc_unit_or_refuse, guess_gyr_unit, guess_time_unit
from recordings.containers import Container
from recordings.csv_session.source import describe_findings
from recordings.errors import InputError
from recordings.importers.assembly import ForeignSensor, Recording, assemble
from recordings.metadata import TimingQuality
from recordings.samples import FloatArray
from recordings.session import Remark
from recordings.text_tables.clock_text import DAY_S
from recordings.text_tables.dialect import Dialect
from recordings.text_tables.rows import TableRows
from recordings.text_tables.whole import WholeTable, load_table, load_text_column

TABLE_SUFFIXES = (".csv", ".txt", ".tsv", ".dat")


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What a known format says beyond its headings."""

    model: str = ""
    timing_quality: TimingQuality = "unknown"
    units: SensorColumns = field(default_factory=SensorColumns)
    """Units, where neither headings nor mapping name any."""
    equal_stamps_are_bursts: bool = False
    """Samples that share a time stamp arrived in one radio packet; see `_spread_bursts`."""


def read_tables(
    container: Container,
    mapping: ColumnMapping | None = None,
    options: TableOptions | None = None,
) -> Recording:
    """Read the tables of a container.

    Parameters
    ----------
    container : Container
    mapping : ColumnMapping, optional
        What it leaves out is guessed.
    options : TableOptions, optional

    Raises
    ------
    InputError
        If there is no table, nothing says which sensor was worn where, gravity is missing,
        or a unit contradicts the data.
    FormatError
        If a file is not what it must be.
    """
    options = options or TableOptions()
    files = _table_files(container, mapping)
    guesses = {file: guess_table(_dialect(container, file).columns) for file in files}
    by_file: dict[str, list[TableSource]] = {}
    for source in choose_sources(container, guesses, mapping):
        by_file.setdefault(source.file, []).append(source)
    rate_hz = mapping.rate_hz if mapping else None
    sensors: list[ForeignSensor] = []
    for file, sources in by_file.items():
        for source, table in _load(container, file, sources, guesses[file]):
            sensors.append(_sensor(source, table, options, rate_hz))
    return assemble(container, sensors, rate_hz=rate_hz)


def _table_files(container: Container, mapping: ColumnMapping | None) -> list[str]:
    names = container.file_names()
    if mapping is not None and (named := {c.file for c in mapping.sensors.values() if c.file}):
        absent = sorted(named - set(names))
        if absent:
            raise InputError(
                f"{container.path} has no file {absent[0]}, which the mapping names.",
                hint="Correct `file` in the mapping.",
                reason="mapped_file_missing",
            )
        return sorted(named)
    tables = [name for name in names if name.lower().endswith(TABLE_SUFFIXES)]
    if not tables:
        raise InputError(
            f"{container.path} holds no recording"
            + (f" that is known (files: {', '.join(names[:5])})." if names else ": it is empty."),
            hint="A recording is a session folder, a CSV table, or a format of `hipgait import`.",
            reason="recording_missing",
        )
    return tables


def _dialect(container: Container, file: str) -> Dialect:
    with container.open(file) as stream:
        return TableRows(stream, container.where(file)).dialect


def _load(
    container: Container, file: str, sources: Sequence[TableSource], guess: TableGuess
) -> Iterator[tuple[TableSource, WholeTable]]:
    """The rows of each sensor of a file."""
    table = load_table(container, file, lambda dialect: _needed(sources, dialect))
    devices: np.ndarray | None = None
    if guess.device is not None and any(s.columns.device for s in sources):
        names = load_text_column(container, file, guess.device.column)
        devices = np.char.lower(np.array(names[: len(table.values)], dtype=np.str_))
    for source in sources:
        device = source.columns.device
        if devices is None or not device:
            yield source, table
            continue
        rows = np.char.endswith(devices, device.lower())
        yield source, replace(table, values=table.values[rows])


def _needed(sources: Sequence[TableSource], dialect: Dialect) -> list[str]:
    """All columns to read, the time first: it may be written as a clock."""
    needed = [s.columns.time for s in sources if s.columns.time]
    for source in sources:
        for names, label in ((source.columns.acc, "acc"), (source.columns.gyr, "gyr")):
            if names is None:
                raise InputError(
                    f"{source.file}: no columns of {label} known for the {source.placement.label}"
                    f" (columns: {', '.join(dialect.columns[:20])}).",
                    hint=f"Name them in a mapping: {label} = [x, y, z].",
                    reason="columns_unknown",
                )
            needed.extend(names)
        needed.extend(source.columns.mag or ())
    return needed


def _sensor(
    source: TableSource,
    table: WholeTable,
    options: TableOptions,
    rate_hz: float | None,
) -> ForeignSensor:
    columns = _over(options.units, source.columns)
    where = f"{table.where} ({source.placement.label})"
    time_s, columns = _time_s(table, columns, rate_hz, where)
    remarks = [
        Remark(reason, f"{table.where}{text}", source.placement)
        for reason, text in describe_findings(table.findings)
    ]
    if options.equal_stamps_are_bursts:
        time_s, bursts = _spread_bursts(time_s)
        if bursts:
            text = (
                f"{where}: {bursts} samples share the time stamp of the one before; the samples"
                " of a stretch without pause were spread evenly over it."
            )
            remarks.append(Remark("time_spread", text, source.placement))
    assert columns.acc is not None and columns.gyr is not None
    acc, gyr = table.get(columns.acc), table.get(columns.gyr)
    acc_unit = columns.acc_unit or guess_acc_unit_or_refuse(acc, time_s, where)
    acc = acc * TO_M_S2[acc_unit]
    gyr_unit = guess_gyr_unit(gyr, acc, time_s, where, columns.gyr_unit)
    mag_unit = columns.mag_unit
    mag = table.get(columns.mag) * TO_UT[mag_unit] if columns.mag and mag_unit else None
    guessed = [
        f"{label} {unit}"
        for label, unit, stated in (
            ("acceleration", acc_unit, columns.acc_unit),
            ("angular rate", gyr_unit, columns.gyr_unit),
        )
        if stated is None
    ]
    if guessed:
        text = f"{where}: no unit is given; by the data it is {' and '.join(guessed)}."
        remarks.append(Remark("unit_guessed", text, source.placement))
    return ForeignSensor(
        placement=source.placement,
        origin=_origin(source, columns),
        time_s=time_s,
        acc_m_s2=acc,
        gyr_rad_s=gyr * TO_RAD_S[gyr_unit],
        mag_ut=mag,
        model=options.model,
        device_id=columns.device or "",
        timing_quality=options.timing_quality,
        columns=msgspec.structs.replace(columns, acc_unit=acc_unit, gyr_unit=gyr_unit),
        remarks=tuple(remarks),
    )


def _over(below: SensorColumns, above: SensorColumns) -> SensorColumns:
    """`above`, and what it leaves open from `below`."""
    given = {k: v for k, v in msgspec.structs.asdict(above).items() if v is not None}
    return msgspec.structs.replace(below, **given)


def _origin(source: TableSource, columns: SensorColumns) -> str:
    if columns.device:
        return f"{source.file}, sensor {columns.device}"
    heading = understand(columns.acc[0]) if columns.acc else None
    owner = f", columns of {heading.owner}" if heading and heading.owner else ""
    return f"{source.file}{owner}"


def _time_s(
    table: WholeTable, columns: SensorColumns, rate_hz: float | None, where: str
) -> tuple[FloatArray, SensorColumns]:
    if columns.time is None:
        if rate_hz is None:
            raise InputError(
                f"{where}: no column of time could be recognised.",
                hint="Name it in a mapping (time), or give the sampling rate (rate_hz).",
                reason="time_unknown",
            )
        return np.arange(len(table.values)) / rate_hz, columns
    time = table.get([columns.time])[:, 0]
    unit: TimeUnit = guess_time_unit(time, where, columns.time_unit)
    time_s = time * TO_S[unit]
    back = np.diff(time_s, prepend=time_s[:1])
    if unit == "s" and len(time_s) and np.nanmax(time_s) < DAY_S:
        # A clock without a date goes on after midnight.
        time_s = time_s + DAY_S * np.cumsum(back < -DAY_S / 2)
    return time_s, msgspec.structs.replace(columns, time_unit=unit)


_PAUSE_S = 0.25
"""A radio that pauses longer has lost samples; time stamps on both sides are trusted."""


def _spread_bursts(time_s: FloatArray) -> tuple[FloatArray, int]:
    """Even time stamps within each stretch without a pause, if stamps stand still in it.

    Sensors without a clock are stamped as their packets arrive, several samples at once.
    """
    steps = np.diff(time_s)
    n_equal = int(np.count_nonzero(steps == 0))
    if not n_equal:
        return time_s, 0
    spread = time_s.copy()
    bounds = [0, *(np.flatnonzero(steps > _PAUSE_S) + 1), len(time_s)]
    for first, end in pairwise(bounds):
        if end - first > 2 and (steps[first : end - 1] >= 0).all():
            spread[first:end] = np.linspace(time_s[first], time_s[end - 1], end - first)
    return spread, n_equal
