"""From decoded foreign signals to a session: one clock, lost samples left out, checks made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from recordings.columns.gravity import check_gravity
from recordings.columns.mapping import ColumnMapping, SensorColumns
from recordings.containers import Container
from recordings.errors import FormatError, InputError
from recordings.events import SessionEvent
from recordings.metadata import SensorInfo, SessionMetadata, TimingQuality
from recordings.placement import Placement
from recordings.samples import LARGEST_MEASURABLE, FloatArray, ImuSamples
from recordings.session import InMemorySource, Remark, Session

_LONGEST_CLOCK_S = 100_000.0
"""A clock that shows more at the first sample counts from no moment of the recording."""


@dataclass(frozen=True, slots=True, eq=False)
class ForeignSensor:
    """The signals of one sensor as a foreign file holds them, already in SI units.

    Attributes
    ----------
    placement : Placement
    origin : str
        Where it came from, for people: a file, a column group, a serial number.
    time_s : ndarray, shape (n,)
        On a clock that all sensors of the recording share; any zero.
    acc_m_s2, gyr_rad_s : ndarray, shape (n, 3)
        NaN where the file has no value.
    mag_ut : ndarray, shape (n, 3), or None
    columns : SensorColumns
        What was read as what, to show and to correct.
    """

    placement: Placement
    origin: str
    time_s: FloatArray
    acc_m_s2: FloatArray
    gyr_rad_s: FloatArray
    mag_ut: FloatArray | None = None
    model: str = ""
    device_id: str = ""
    timing_quality: TimingQuality = "unknown"
    columns: SensorColumns = field(default_factory=SensorColumns)
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class SensorSummary:
    """What was understood of one sensor."""

    placement: Placement
    origin: str
    n_samples: int
    duration_s: float
    rate_hz: float
    n_gaps: int
    """Steps of more than one and a half sampling intervals."""
    longest_gap_s: float


@dataclass(frozen=True, slots=True)
class Recording:
    """A foreign recording as a session, with what was understood of it."""

    session: Session
    sensors: tuple[SensorSummary, ...]
    mapping: ColumnMapping


def assemble(
    container: Container,
    sensors: Iterable[ForeignSensor],
    *,
    events: Iterable[SessionEvent] = (),
    start_time: datetime | None = None,
    notes: str = "",
    remarks: Iterable[Remark] = (),
    rate_hz: float | None = None,
) -> Recording:
    """Make a session of foreign signals.

    The file's own seconds are kept where they are those of a recording, so that what people
    noted down still fits; a clock that counts from the year 1970 or the like is set to 0 at
    the first sample of any sensor. Events move with the samples.
    Values are rounded as the session CSV stores them: the session in memory and the one
    that is read back from its folder are the same numbers.

    Raises
    ------
    InputError
        If gravity is missing or has the wrong size, or the sensors share no time.
    FormatError
        If time goes back or stands still within a sensor.
    """
    cleaned = [_without_lost_rows(sensor, str(container.path)) for sensor in sensors]
    cleaned.sort(key=lambda sensor: list(Placement).index(sensor.placement))
    _refuse_strangers(cleaned, str(container.path))
    for sensor in cleaned:
        check_gravity(sensor.acc_m_s2, sensor.time_s, f"{container.path}, {sensor.origin}")
    first_s = min((float(s.time_s[0]) for s in cleaned if len(s.time_s)), default=0.0)
    origin_s = 0.0 if 0.0 <= first_s < _LONGEST_CLOCK_S else first_s
    sources = {s.placement: _source(s, origin_s) for s in cleaned}
    summaries = tuple(_summarise(s, sources[s.placement].samples) for s in cleaned)
    infos = {
        s.placement: SensorInfo(
            placement=s.placement,
            model=s.model,
            device_id=s.device_id,
            rate_hz=summary.rate_hz or None,
            timing_quality=s.timing_quality,
        )
        for s, summary in zip(cleaned, summaries, strict=True)
    }
    session = Session(
        name=container.name,
        sources=sources,
        metadata=SessionMetadata(start_time=start_time, sensors=infos, notes=notes),
        events=tuple(sorted(replace(e, time_s=round(e.time_s - origin_s, 6)) for e in events)),
        remarks=tuple(remarks),
    )
    mapping = ColumnMapping(sensors={s.placement: s.columns for s in cleaned}, rate_hz=rate_hz)
    return Recording(session, summaries, mapping)


def _without_lost_rows(sensor: ForeignSensor, where: str) -> ForeignSensor:
    """The sensor without rows that lack a value and without exact duplicates."""
    remarks = list(sensor.remarks)
    mag = sensor.mag_ut
    if mag is not None and not np.isfinite(mag).all():
        remarks.append(
            Remark(
                "mag_incomplete",
                f"{where}, {sensor.origin}: the magnetic field has empty cells; it was left out"
                " (it is not used for angles).",
                sensor.placement,
            )
        )
        mag = None
    signals = np.column_stack([sensor.time_s, sensor.acc_m_s2, sensor.gyr_rad_s])
    good: NDArray[np.bool_] = np.all(np.isfinite(signals), axis=1)
    if not good.all():
        remarks.append(
            Remark(
                "rows_without_value",
                f"{where}, {sensor.origin}: {np.count_nonzero(~good)} of {len(good)} rows have"
                " an empty or NaN cell; they count as lost samples.",
                sensor.placement,
            )
        )
    kept = np.flatnonzero(good)
    if np.abs(signals[kept, 1:]).max(initial=0.0) > LARGEST_MEASURABLE:
        raise FormatError(
            f"{where}, {sensor.origin}: a value is more than any sensor measures"
            f" ({np.abs(signals[kept, 1:]).max():.3g} m/s² or rad/s).",
            hint="The file is damaged, or the column mapping is wrong.",
            reason="value_impossible",
        )
    if len(kept):
        # Compared as stored: two stamps within one microsecond are one.
        step = np.diff(np.round(signals[kept, 0] - signals[kept[0], 0], 6))
        same = (signals[kept[1:], 1:] == signals[kept[:-1], 1:]).all(axis=1) & (step == 0)
        wrong = np.flatnonzero((step <= 0) & ~same)
        if len(wrong):
            _refuse_time(f"{where}, {sensor.origin}", step[wrong[0]], int(kept[wrong[0] + 1]))
        if same.any():
            remarks.append(
                Remark(
                    "rows_duplicate",
                    f"{where}, {sensor.origin}: {np.count_nonzero(same)} rows that repeat the"
                    " row before them were left out.",
                    sensor.placement,
                )
            )
            kept = kept[np.concatenate([[True], ~same])]
    if len(kept) and not signals[kept, 1:].any():
        remarks.append(
            Remark(
                "all_zero",
                f"{where}, {sensor.origin} holds nothing but zeros: the sensor recorded no motion.",
                sensor.placement,
            )
        )
    return replace(
        sensor,
        time_s=sensor.time_s[kept],
        acc_m_s2=sensor.acc_m_s2[kept],
        gyr_rad_s=sensor.gyr_rad_s[kept],
        mag_ut=None if mag is None else mag[kept],
        remarks=tuple(remarks),
    )


def _refuse_time(where: str, step_s: float, row: int) -> None:
    problem = "stands still with other values" if step_s == 0 else f"goes back by {-step_s:g} s"
    raise FormatError(
        f"{where}: time {problem} at sample {row + 1}.",
        hint="Remove the wrong row, or split the file where a second recording begins.",
        reason="time_duplicate" if step_s == 0 else "time_backward",
    )


def _refuse_strangers(sensors: list[ForeignSensor], where: str) -> None:
    """Sensors of one walk overlap in time; those on clocks of their own do not."""
    worn = [s for s in sensors if len(s.time_s)]
    for sensor in worn[1:]:
        first = worn[0]
        if sensor.time_s[0] > first.time_s[-1] or first.time_s[0] > sensor.time_s[-1]:
            raise InputError(
                f"{where}: {first.origin} and {sensor.origin} have no moment in common"
                f" ({first.time_s[0]:.1f}…{first.time_s[-1]:.1f} s and"
                f" {sensor.time_s[0]:.1f}…{sensor.time_s[-1]:.1f} s).",
                hint="Record with synchronised sensors, or bring the files to one clock first.",
                reason="clocks_apart",
            )


def _source(sensor: ForeignSensor, origin_s: float) -> InMemorySource:
    samples = ImuSamples(
        sensor.placement,
        sensor.time_s - origin_s,
        np.ascontiguousarray(sensor.acc_m_s2, dtype=np.float64),
        np.ascontiguousarray(sensor.gyr_rad_s, dtype=np.float64),
        sensor.mag_ut,
    )
    return InMemorySource(samples.quantised(), sensor.remarks)


def _summarise(sensor: ForeignSensor, samples: ImuSamples) -> SensorSummary:
    steps = np.diff(samples.time_s)
    typical = float(np.median(steps)) if len(steps) else 0.0
    return SensorSummary(
        placement=sensor.placement,
        origin=sensor.origin,
        n_samples=len(samples),
        duration_s=float(samples.time_s[-1] - samples.time_s[0]) if len(steps) else 0.0,
        rate_hz=_rate_hz(steps, typical),
        n_gaps=int(np.count_nonzero(steps > 1.5 * typical)),
        longest_gap_s=float(steps.max(initial=0.0)) if (steps > 1.5 * typical).any() else 0.0,
    )


def _rate_hz(steps: FloatArray, typical: float) -> float:
    """Rate over all steps without loss: time stamps may be coarser than the interval."""
    whole = steps[steps <= 1.5 * typical]
    return round(1.0 / float(whole.mean()), 3) if len(whole) else 0.0
