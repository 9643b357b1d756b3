"""Signal watch: is what a sensor sends the motion of a body on earth?

Loss, gaps and late samples come from the synchroniser; here the values themselves are
looked at: gravity in the right unit, no range that cuts peaks off, no sensor that is stuck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, GridRun
from pipeline.results import SensorQuality
from pipeline.stages.synchronise import StreamCounts
from recordings.metadata import SensorInfo
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import ImuSamples, concatenate

CLIP_ACC_M_S2 = 15.0
CLIP_GYR_RAD_S = 4.0
"""Two equal values in a row beyond these are a range's end, not a coincidence."""

FLAT_TOPS = 5
"""So often an axis reaches its very highest value only where peaks are cut off there, in a file
that does not tell its ranges. Real peaks differ from each other."""

CLIPPED_SHARE = 0.002
LOST_SHARE = 0.10
GRAVITY_M_S2 = (9.81, 0.6)
"""Expected median force and how far calibration errors of real sensors take it from there."""

QUIET_RAD_S = 0.2
QUIET_CHANGE_M_S2 = 0.3
QUIET_RUN = 30
ENOUGH_QUIET = 100
"""Gravity is looked at where a sensor has hardly turned or shaken for some samples: a swinging
leg feels up to 13 m/s², a pelvis in stance between 8 and 11."""

HIGHEST_RAD_S = 75.0
"""No sensor measures more than 4000 °/s; in °/s a swinging leg shows 150 and more."""

LOOK_AT_ONCE = 100
STUCK_M_S2 = 1e-3
ENOUGH_S = 3.0
HISTOGRAM_STEP_M_S2 = 0.05
_STANDARD_GRAVITY = 9.81


@dataclass(slots=True)
class _Seen:
    samples: int = 0
    run: int = 0
    clipped: int = 0
    last: FloatArray = field(default_factory=lambda: np.full(6, np.nan))
    force: np.ndarray = field(default_factory=lambda: np.zeros(1000, dtype=np.int64))
    """Histogram of the specific force while quiet, in steps of `HISTOGRAM_STEP_M_S2`."""
    lowest: FloatArray = field(default_factory=lambda: np.full(6, np.inf))
    highest: FloatArray = field(default_factory=lambda: np.full(6, -np.inf))
    furthest: FloatArray = field(default_factory=lambda: np.zeros(6))
    tops: NDArray[np.int64] = field(default_factory=lambda: np.zeros(6, dtype=np.int64))
    """Samples of each axis that went exactly as far as any, to either side."""

    def clipped_samples(self, ends: FloatArray) -> int:
        """Samples at the end of a range: staying there, or cut off again and again."""
        flat = (self.furthest >= ends) & (self.tops >= FLAT_TOPS)
        return max(self.clipped, int(self.tops[flat].sum()))

    def note_tops(self, values: FloatArray, furthest: FloatArray) -> None:
        """Count the samples that go as far as any; `furthest` is how far these ones do."""
        for axis in np.flatnonzero(furthest >= self.furthest):
            count = int(np.count_nonzero(np.abs(values[axis]) == furthest[axis]))
            same = furthest[axis] == self.furthest[axis]
            self.tops[axis] = count + (self.tops[axis] if same else 0)
            self.furthest[axis] = furthest[axis]

    @property
    def median_force_m_s2(self) -> float:
        total = int(self.force.sum())
        if total < ENOUGH_QUIET:
            return float("nan")
        middle = int(np.searchsorted(np.cumsum(self.force), (total + 1) // 2))
        return (middle + 0.5) * HISTOGRAM_STEP_M_S2

    def calm_for(self, calm: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many samples in a row have been calm, up to each one."""
        index = np.arange(1, len(calm) + 1)
        restless = np.where(calm, -self.run, index)
        lengths = index - np.maximum.accumulate(restless)
        self.run = int(lengths[-1])
        return lengths

    @property
    def stuck(self) -> bool:
        spread = self.highest - self.lowest
        return bool((spread <= STUCK_M_S2).all())


class SignalWatch:
    """Watches the values of all sensors of a session."""

    def __init__(
        self, placements: tuple[Placement, ...], sensors: Mapping[Placement, SensorInfo]
    ) -> None:
        self._seen = {placement: _Seen() for placement in placements}
        self._waiting: dict[Placement, list[ImuSamples]] = {p: [] for p in placements}
        self._ranges = {p: _range_of(sensors.get(p)) for p in placements}
        self._points = 0

    def know(self, sensors: Mapping[Placement, SensorInfo]) -> None:
        """Learn the ranges of sensors, before their first samples."""
        for placement, sensor in sensors.items():
            self._ranges[placement] = _range_of(sensor)

    @property
    def duration_s(self) -> float:
        return self._points / GRID_RATE_HZ

    @property
    def unfit(self) -> str:
        """Why no result may be drawn from these signals; empty if they are sound."""
        if self.duration_s < ENOUGH_S:
            return ""
        self._look()
        for placement in REQUIRED_PLACEMENTS:
            if problem := self._problem(placement):
                return problem
        return ""

    def raw(self, samples: Mapping[Placement, ImuSamples]) -> None:
        """Take samples as they came; they are looked at a second at a time."""
        for placement, part in samples.items():
            waiting = self._waiting[placement]
            waiting.append(part)
            if sum(map(len, waiting)) >= LOOK_AT_ONCE:
                self._look(placement)

    def _look(self, placement: Placement | None = None) -> None:
        """Look at what waits, of one sensor or of all."""
        for each in (placement,) if placement else tuple(self._waiting):
            if parts := self._waiting[each]:
                self._look_at(self._seen[each], concatenate(parts), self._ranges[each])
                parts.clear()

    @staticmethod
    def _look_at(seen: _Seen, part: ImuSamples, ends: FloatArray) -> None:
        values = part.components()
        finite = np.isfinite(values)
        if not finite.all():
            values = values[:, finite.all(axis=0)]
        count = values.shape[1]
        if not count:
            return
        # Row by row: numpy reduces one long row faster than one of several.
        lowest = np.array([np.minimum.reduce(row) for row in values])
        highest = np.array([np.maximum.reduce(row) for row in values])
        furthest = np.maximum(-lowest, highest)
        seen.note_tops(values, furthest)
        if (furthest >= ends).any():
            seen.clipped += _clipped(values, seen.last, ends)
        seen.lowest = np.minimum(seen.lowest, lowest)
        seen.highest = np.maximum(seen.highest, highest)
        seen.samples += count
        calm = _calm(values, seen.last)
        if calm.any():
            x, y, z = values[:3, seen.calm_for(calm) >= QUIET_RUN]
            force = np.sqrt(x * x + y * y + z * z)
            place = np.minimum((force / HISTOGRAM_STEP_M_S2).astype(np.int64), 999)
            seen.force += np.bincount(place, minlength=1000)
        else:
            seen.run = 0
        seen.last = values[:, -1].copy()

    def synchronised(self, run: GridRun) -> None:
        """Count the common time."""
        self._points += run.length

    def quality(self, counts: Mapping[Placement, StreamCounts]) -> tuple[SensorQuality, ...]:
        """What is known of each sensor's stream so far."""
        self._look()
        return tuple(self._sensor_quality(p, counts[p]) for p in self._seen)

    def _sensor_quality(self, placement: Placement, counts: StreamCounts) -> SensorQuality:
        seen = self._seen[placement]
        remarks = [self._problem(placement)] if self.duration_s >= ENOUGH_S else []
        label = placement.label
        clipped = seen.clipped_samples(self._ranges[placement])
        if counts.samples and clipped > CLIPPED_SHARE * counts.samples:
            remarks.append(
                f"The {label} sensor reached the end of its range {clipped} times: peaks "
                "are cut off. Choose a wider range (±8 g or more, ±2000 °/s)."
            )
        if counts.lost_fraction > LOST_SHARE:
            remarks.append(
                f"{100 * counts.lost_fraction:.0f} % of the {label} sensor's samples were lost."
            )
        if counts.late:
            remarks.append(f"{counts.late} samples of the {label} sensor came too late to be used.")
        if counts.out_of_order:
            remarks.append(
                f"{counts.out_of_order} samples of the {label} sensor had a time that was not "
                "later than the one before; they were not used."
            )
        if counts.not_finite:
            remarks.append(f"{counts.not_finite} samples of the {label} sensor held no number.")
        return SensorQuality(
            placement=placement,
            rate_hz=counts.rate_hz,
            samples=counts.samples,
            lost_fraction=counts.lost_fraction,
            longest_gap_s=counts.longest_gap_s,
            gaps=counts.gaps,
            clipped_samples=clipped,
            late_samples=counts.late,
            gravity_m_s2=seen.median_force_m_s2,
            remarks=tuple(remark for remark in remarks if remark),
        )

    def _problem(self, placement: Placement) -> str:
        seen, label = self._seen[placement], placement.label
        if not seen.samples:
            return f"The {label} sensor sent nothing. Check its battery and its link."
        if seen.stuck:
            return (
                f"The {label} sensor sends the same values all the time. Restart it and record "
                "again."
            )
        if max(seen.highest[3:].max(), -seen.lowest[3:].min()) > HIGHEST_RAD_S:
            return (
                f"The {label} sensor turns faster than any sensor can measure: its angular rate "
                "seems to be in °/s instead of rad/s; convert the file."
            )
        force = seen.median_force_m_s2
        expected, tolerance = GRAVITY_M_S2
        if np.isnan(force) or abs(force - expected) <= tolerance:
            return ""
        if abs(force * _STANDARD_GRAVITY - expected) <= tolerance:
            cause = "its acceleration seems to be in g instead of m/s²; convert the file"
        elif force < 3.0:
            cause = (
                "gravity has been removed from its acceleration; record the raw acceleration, "
                "not the free one"
            )
        else:
            cause = "its unit or its scale is wrong; convert the file"
        return (
            f"The {label} sensor shows a gravity of {force:.2f} m/s² instead of {expected}: "
            f"{cause}."
        )


def _clipped(values: FloatArray, before: FloatArray, ends: FloatArray) -> int:
    """Samples that stay at the end of a range: beyond it, and equal to the one before."""
    columns, samples = np.nonzero(np.abs(values) >= ends[:, np.newaxis])
    earlier = np.where(samples > 0, values[columns, samples - 1], before[columns])
    return len(np.unique(samples[earlier == values[columns, samples]]))


def _calm(values: FloatArray, before: FloatArray) -> NDArray[np.bool_]:
    """Where a sensor hardly turns and its force hardly changes from sample to sample."""
    x, y, z = values[3:]
    calm = x * x + y * y + z * z < QUIET_RAD_S**2
    for row, earlier in zip(values[:3], before, strict=False):
        changes = np.abs(row - np.concatenate(([earlier], row[:-1])))
        calm &= changes < QUIET_CHANGE_M_S2
    return calm


def _range_of(sensor: SensorInfo | None) -> FloatArray:
    """Beyond which values of acceleration and angular rate repeated ones are clipped."""
    acc, gyr = CLIP_ACC_M_S2, CLIP_GYR_RAD_S
    if sensor is not None and sensor.acc_range_g:
        acc = 0.98 * sensor.acc_range_g * _STANDARD_GRAVITY
    if sensor is not None and sensor.gyr_range_dps:
        gyr = 0.98 * float(np.deg2rad(sensor.gyr_range_dps))
    return np.array([acc] * 3 + [gyr] * 3)
