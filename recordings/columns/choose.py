"""Choose which columns of which file belong to which sensor: by mapping, else by guess."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from recordings.columns.body_words import guess_placement, guess_placements
from recordings.columns.guess import SensorGuess, TableGuess
from recordings.columns.headings import Quantity
from recordings.columns.mapping import ColumnMapping, SensorColumns
from recordings.containers import Container
from recordings.errors import InputError
from recordings.placement import Placement
from recordings.text_tables.whole import load_text_column


@dataclass(frozen=True, slots=True)
class TableSource:
    """What is to be read from one table for one sensor, before the units are known."""

    placement: Placement
    columns: SensorColumns
    file: str


def choose_sources(
    container: Container, guesses: dict[str, TableGuess], mapping: ColumnMapping | None
) -> Iterable[TableSource]:
    """Say for each sensor which file and columns hold it.

    Parameters
    ----------
    container : Container
    guesses : dict of str to TableGuess
        What the headings of each table say.
    mapping : ColumnMapping, optional
        Decides where given; what it leaves out is filled from the guesses.

    Raises
    ------
    InputError
        If nothing says which sensor was worn where, or a signal is not there.
    """
    if mapping is not None:
        for placement, columns in mapping.sensors.items():
            file = columns.file or _only_file(container, guesses)
            guess = _owner_of(columns, placement, guesses[file])
            yield TableSource(placement, _filled(columns, guess, guesses[file]), file)
        return
    found: dict[Placement, TableSource] = {}
    if len(guesses) == 1:
        (file, guess) = next(iter(guesses.items()))
        owners = guess_placements(s.owner for s in guess.sensors)
        for placement, owner in owners.items():
            sensor = next(s for s in guess.sensors if s.owner == owner)
            found[placement] = _guessed(container, file, placement, sensor, guess)
        if not found and guess.device is not None:
            for device in dict.fromkeys(load_text_column(container, file, guess.device.column)):
                placed = guess_placement(device)
                if placed is not None:
                    columns = SensorColumns(device=device)
                    filled = _filled(columns, _best_sensor(guess), guess)
                    found[placed[0]] = TableSource(placed[0], filled, file)
    if not found:
        for placement, file in guess_placements(guesses).items():
            sensor = _best_sensor(guesses[file])
            if sensor is not None:
                found[placement] = _guessed(container, file, placement, sensor, guesses[file])
    if not found:
        _refuse_unplaced(container, guesses)
    yield from found.values()


def draft_from_guesses(guesses: dict[str, TableGuess]) -> ColumnMapping:
    """A mapping whose columns are guessed and whose placements are only a proposal."""
    sensors = [
        (file, guess, sensor)
        for file, guess in guesses.items()
        for sensor in (guess.sensors if len(guesses) == 1 else [_best_sensor(guess)])
    ]
    drafted = {
        placement: _filled(SensorColumns(file=file if len(guesses) > 1 else None), sensor, guess)
        for placement, (file, guess, sensor) in zip(Placement, sensors, strict=False)
    }
    return ColumnMapping(sensors=drafted)


def _only_file(container: Container, guesses: dict[str, TableGuess]) -> str:
    if len(guesses) > 1:
        raise InputError(
            f"{container.path} holds {len(guesses)} tables; the mapping does not say which is"
            " which.",
            hint="Give each sensor of the mapping a `file`.",
            reason="mapping_without_file",
        )
    return next(iter(guesses))


def _owner_of(
    columns: SensorColumns, placement: Placement, guess: TableGuess
) -> SensorGuess | None:
    """The guessed sensor that a mapping's entry leaves to be filled in."""
    if columns.acc is not None:
        return next(
            (s for s in guess.sensors if columns.acc in (c.names for c in s.signals.values())),
            None,
        )
    placed = [s for s in guess.sensors if (g := guess_placement(s.owner)) and g[0] is placement]
    return placed[0] if placed else _best_sensor(guess)


def _best_sensor(guess: TableGuess) -> SensorGuess | None:
    """The sensor of a table that is about one sensor."""
    return max(guess.sensors, key=lambda s: (s.complete, len(s.signals)), default=None)


def _guessed(
    container: Container, file: str, placement: Placement, sensor: SensorGuess, guess: TableGuess
) -> TableSource:
    where = f"{container.where(file)}{f' ({sensor.owner})' if sensor.owner else ''}"
    if Quantity.ACC not in sensor.signals and Quantity.FREE_ACC in sensor.signals:
        raise InputError(
            f"{where} has only the free acceleration: gravity is missing.",
            hint="Record the calibrated acceleration and angular rate.",
            reason="gravity_missing",
        )
    if not sensor.complete:
        absent = Quantity.GYR if Quantity.ACC in sensor.signals else Quantity.ACC
        raise InputError(
            f"{where} has no three columns of {absent.value} that could be recognised.",
            hint="Name them in a mapping (`--show-mapping` prints one to start from).",
            reason="columns_unknown",
        )
    columns = SensorColumns(file=file if len(container.file_names()) > 1 else None)
    return TableSource(placement, _filled(columns, sensor, guess), file)


def _filled(columns: SensorColumns, sensor: SensorGuess | None, guess: TableGuess) -> SensorColumns:
    """The entry with what it leaves open taken from the guess."""
    signals = sensor.signals if sensor else {}
    guessed: dict[str, object] = {}
    if guess.time is not None:
        guessed |= {"time": guess.time.column}
        if columns.time in (None, guess.time.column):
            guessed |= {"time_unit": guess.time.unit}
    for field, quantity in (("acc", Quantity.ACC), ("gyr", Quantity.GYR), ("mag", Quantity.MAG)):
        if quantity in signals:
            guessed[field] = signals[quantity].names
            if getattr(columns, field) in (None, signals[quantity].names):
                guessed[f"{field}_unit"] = signals[quantity].unit
    given = {k: v for k, v in msgspec.structs.asdict(columns).items() if v is not None}
    return SensorColumns(**{**guessed, **given})


def _refuse_unplaced(container: Container, guesses: dict[str, TableGuess]) -> None:
    owners = [s.owner for g in guesses.values() for s in g.sensors if s.owner]
    names = owners if len(guesses) == 1 and owners else list(guesses)
    raise InputError(
        f"{container.path}: nothing says which sensor was worn where"
        f" (found: {', '.join(names[:8])}).",
        hint="Name files or columns after the placement (pelvis, thigh_left …), or give a mapping"
        " (`hipgait import SRC --show-mapping` prints one to start from).",
        reason="placements_unknown",
    )
