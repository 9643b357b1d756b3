"""Read foreign tables through a column mapping, guessed or given by hand.

Three layouts are known: one wide table with all sensors; a folder with one table a sensor;
one table whose rows name their sensor (a column ``device``, ``address`` …).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import msgspec
import numpy as np

from recordings.columns.body_words import guess_placement
from recordings.columns.choose import TableSource, choose_sources, draft_from_guesses
from recordings.columns.guess import TableGuess, guess_table
from recordings.columns.headings import understand
from recordings.columns.mapping import (
    TO_M_S2,
    TO_RAD_S,
    TO_UT,
    ColumnMapping,
    GyrUnit,
    SensorColumns,
    scaled,
)
from recordings.columns.units import guess_acc_unit_or_refuse, guess_gyr_unit, refuse_impossible
from recordings.containers import Container
from recordings.csv_session.source import describe_findings
from recordings.errors import FormatError, InputError
from recordings.importers.assembly import ForeignSensor, Recording, assemble
from recordings.importers.stamps import seconds, spread_bursts
from recordings.metadata import TimingQuality
from recordings.samples import FloatArray
from recordings.session import Remark
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
    """Samples that share a time stamp arrived in one radio packet; see `stamps.spread_bursts`."""


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
    guesses = _guesses(container, mapping)
    by_file: dict[str, list[TableSource]] = {}
    for source in choose_sources(container, guesses, mapping):
        by_file.setdefault(source.file, []).append(source)
    rate_hz = mapping.rate_hz if mapping else None
    drafts = [
        _draft(source, table, options, rate_hz)
        for file, sources in by_file.items()
        for source, table in _load(container, file, sources, guesses[file])
    ]
    common = _common_gyr_unit(drafts, str(container.path))
    single = len(container.file_names()) == 1
    return assemble(
        container, [_finish(d, common, options, single=single) for d in drafts], rate_hz=rate_hz
    )


def draft_mapping(container: Container) -> ColumnMapping:
    """A mapping to start from, for tables whose sensors are named after no placement.

    Its columns are right as far as they could be recognised; its placements are in the
    order of the tables and stand to be corrected.

    Raises
    ------
    InputError
        If there is no table.
    """
    return draft_from_guesses(_guesses(container, None))


def _guesses(container: Container, mapping: ColumnMapping | None) -> dict[str, TableGuess]:
    """What the headings of each table say; other text files beside them are passed over."""
    files = _table_files(container, mapping)
    guesses: dict[str, TableGuess] = {}
    for file in files:
        try:
            guesses[file] = guess_table(_dialect(container, file).columns)
        except FormatError:
            beside = mapping is None and len(files) > 1 and guess_placement(file) is None
            if not beside:
                raise
    if not guesses:
        raise _nothing_known(container)
    return guesses


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
        raise _nothing_known(container)
    return tables


def _nothing_known(container: Container) -> InputError:
    names = container.file_names()
    return InputError(
        f"{container.path} holds no recording"
        + (f" that is known (files: {', '.join(names[:5])})." if names else ": it is empty."),
        hint="A recording is a session folder, a CSV table, or a format of `hipgait import`.",
        reason="recording_missing",
    )


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


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """A sensor whose angular rate still is in the unit of its file."""

    source: TableSource
    columns: SensorColumns
    where: str
    time_s: FloatArray
    acc_m_s2: FloatArray
    gyr: FloatArray
    gyr_unit: GyrUnit | None
    mag_ut: FloatArray | None
    remarks: tuple[Remark, ...]


def _draft(
    source: TableSource, table: WholeTable, options: TableOptions, rate_hz: float | None
) -> _Draft:
    columns = _over(options.units, source.columns)
    where = f"{table.where} ({source.placement.label})"
    time_s, columns = seconds(table, columns, rate_hz, where)
    remarks = [
        Remark(reason, f"{table.where}{text}", source.placement)
        for reason, text in describe_findings(table.findings)
    ]
    if options.equal_stamps_are_bursts:
        time_s, n_equal = spread_bursts(time_s)
        if n_equal:
            text = (
                f"{where}: {n_equal} samples share the time stamp of the one before; the samples"
                " of a stretch without pause were spread evenly over it."
            )
            remarks.append(Remark("time_spread", text, source.placement))
    assert columns.acc is not None and columns.gyr is not None
    acc, gyr = table.get(columns.acc), table.get(columns.gyr)
    refuse_impossible(np.hstack([acc, gyr]), where)
    acc_unit = columns.acc_unit or guess_acc_unit_or_refuse(acc, time_s, where)
    acc = scaled(acc, TO_M_S2[acc_unit])
    mag_unit = columns.mag_unit
    mag = scaled(table.get(columns.mag), TO_UT[mag_unit]) if columns.mag and mag_unit else None
    return _Draft(
        source=source,
        columns=msgspec.structs.replace(columns, acc_unit=acc_unit),
        where=where,
        time_s=time_s,
        acc_m_s2=acc,
        gyr=gyr,
        gyr_unit=guess_gyr_unit(gyr, acc, time_s, where, columns.gyr_unit),
        mag_ut=mag,
        remarks=tuple(remarks),
    )


def _common_gyr_unit(drafts: Sequence[_Draft], where: str) -> GyrUnit | None:
    """The unit for sensors that moved too little to show theirs: that of the others.

    Raises
    ------
    InputError
        If it is needed and the others do not agree.
    """
    units: set[GyrUnit] = {draft.gyr_unit for draft in drafts if draft.gyr_unit and draft.gyr.any()}
    if len(units) != 1 and any(draft.gyr_unit is None for draft in drafts):
        raise InputError(
            f"{where}: the unit of the angular rate is not given, and the movement does not"
            " tell it.",
            hint="Give it in a mapping: gyr_unit = 'deg/s' or 'rad/s'.",
            reason="gyr_unit_unknown",
        )
    return next(iter(units), None)


def _finish(
    draft: _Draft, common: GyrUnit | None, options: TableOptions, *, single: bool
) -> ForeignSensor:
    unit = draft.gyr_unit or common or "rad/s"
    columns = msgspec.structs.replace(draft.columns, gyr_unit=unit)
    stated = _over(options.units, draft.source.columns)
    guessed = [
        f"{label} {found}"
        for label, found, given in (
            ("acceleration in", columns.acc_unit, stated.acc_unit),
            ("angular rate in", unit, stated.gyr_unit),
        )
        if given is None
    ]
    remarks = list(draft.remarks)
    if guessed:
        text = f"{draft.where}: no unit is given; by the data, {' and '.join(guessed)}."
        remarks.append(Remark("unit_guessed", text, draft.source.placement))
    return ForeignSensor(
        placement=draft.source.placement,
        origin=_origin(draft.source, columns, single=single),
        time_s=draft.time_s,
        acc_m_s2=draft.acc_m_s2,
        gyr_rad_s=scaled(draft.gyr, TO_RAD_S[unit]),
        mag_ut=draft.mag_ut,
        model=options.model,
        device_id=columns.device or "",
        timing_quality=options.timing_quality,
        columns=columns,
        remarks=tuple(remarks),
    )


def _over(below: SensorColumns, above: SensorColumns) -> SensorColumns:
    """`above`, and what it leaves open from `below`."""
    given = {k: v for k, v in msgspec.structs.asdict(above).items() if v is not None}
    return msgspec.structs.replace(below, **given)


def _origin(source: TableSource, columns: SensorColumns, *, single: bool) -> str:
    """Where a sensor came from, for people, within its recording."""
    if columns.device:
        part = f"sensor {columns.device}"
    else:
        heading = understand(columns.acc[0]) if columns.acc else None
        part = f"columns of {heading.owner}" if heading and heading.owner else ""
    file = "" if single and part else source.file
    return ", ".join(filter(None, (file, part)))
