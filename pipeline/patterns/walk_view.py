"""All that patterns may look at: one analysed walk, what its wearer said, earlier walks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.detectors.evidence import half_width
from pipeline.detectors.femoral_collapse import CROSSTALK_REJECT, CROSSTALK_SUSPECT, crosstalk
from pipeline.detectors.judging import axis_quality
from pipeline.features.base import Feature, Segment
from pipeline.features.registry import FEATURES
from pipeline.gait import CalibrationQuality, Plane
from pipeline.movement_tests.registry import TEST_FEATURES
from pipeline.patterns.history import History
from pipeline.results import FeatureStatistics, Finding, Results, Verdict
from recordings.placement import SHANKS, THIGHS, Placement, Side
from recordings.profile import Profile

TIMING_CODES = {"F28", "F28c", "F29", "F30", "F31"}
OUT_OF_SAGITTAL = {Plane.FRONTAL, Plane.TRANSVERSE}
FULL_STRIDES = 20
_TWO_SIDED = 1.96


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far a measure lies from what is usual, seen from one leg.

    Attributes
    ----------
    statistics : FeatureStatistics
    value : float
        Own leg's, or own minus other for a left–right difference.
    beyond : float
        Value minus usual mean, + = larger. In the measure's unit.
    sd : float
        Spread that it is divided by: between people, and what this walk's sensors err beyond
        what the norm holds already.
    error : float
        95 % half-width: strides and measurement together.
    sharpness : float
        Share of `sd` that is between people, 0–1: a measure that this walk's sensors blur
        tells little, also where it looks usual.
    """

    statistics: FeatureStatistics
    value: float
    beyond: float
    sd: float
    error: float
    sharpness: float = 1.0

    @property
    def z(self) -> float:
        """+ = larger than usual."""
        return self.beyond / self.sd


@dataclass(frozen=True)
class WalkView:
    """One walk as the patterns see it."""

    results: Results
    profile: Profile | None = None
    history: History | None = None

    @cached_property
    def _by_code(self) -> Mapping[tuple[str, Side | None], FeatureStatistics]:
        rows = {(row.code, row.side): row for row in self.results.features}
        for test in self.results.movement_tests:
            # The last test counts; a number of the walk is never replaced by one of a test.
            own = (row for row in test.features if row.code not in self._walking_codes)
            rows |= {(row.code, row.side): row for row in own}
        return rows

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of all measures of this walk."""
        return frozenset(code for code, _ in self._by_code)

    @cached_property
    def calibration(self) -> CalibrationQuality | None:
        """Of the epoch that angles come from: the one with most steady strides."""
        counts = Counter(stride.epoch for stride in self.results.strides if stride.steady)
        epoch = max(sorted(counts), key=lambda e: counts[e], default=0)
        calibrations = self.results.calibrations
        return calibrations[epoch] if epoch < len(calibrations) else None

    def steady_strides(self, side: Side | None = None) -> int:
        counts = self.results.summary.steady_strides
        return min((counts.get(s, 0) for s in ([side] if side else Side)), default=0)

    def wears(self, segment: Segment, side: Side) -> bool:
        where = {Segment.PELVIS: Placement.PELVIS, Segment.THIGH: THIGHS[side]}
        return where.get(segment, SHANKS[side]) in self.results.placements

    def statistics(self, code: str, side: Side) -> FeatureStatistics | None:
        """The own leg's measure, or the left–right difference of that code."""
        found = self._by_code.get((code, side)) or self._by_code.get((code, None))
        return found if found is not None and math.isfinite(found.mean) else None

    def deviation(self, code: str, side: Side) -> Deviation | None:
        """Distance from the usual; None if it was not measured or has no norm."""
        found = self.statistics(code, side)
        if found is None or found.usual is None:
            return None
        low, high = found.usual.low, found.usual.high
        if not (math.isfinite(low) and math.isfinite(high) and high > low):
            return None
        value = _from(side, found)
        people_sd = 0.25 * (high - low)
        sd = math.hypot(people_sd, _beyond_norm(found))
        beyond = value - 0.5 * (low + high)
        return Deviation(found, value, beyond, sd, _error(found), people_sd / sd)

    def against_other(self, code: str, side: Side, usual_sd: float) -> Deviation | None:
        """Own leg minus other leg; None if one was not measured or the measure has no sides."""
        own, other = self._by_code.get((code, side)), self._by_code.get((code, side.other))
        if own is None or other is None:
            return None
        value = own.mean - other.mean
        if not math.isfinite(value):
            return None
        sd = math.hypot(usual_sd, _beyond_norm(own), _beyond_norm(other))
        error = math.hypot(_error(own), _error(other))
        return Deviation(own, value, value, sd, error, usual_sd / sd)

    def quality(self, code: str, side: Side) -> float:
        """How far a measure can be relied on in this walk, 0–1."""
        found = self.statistics(code, side)
        if found is None:
            return 0.0
        quality = min(1.0, found.n / FULL_STRIDES) if code in self._walking_codes else 1.0
        if code in TIMING_CODES and not self.timing_agrees:
            return 0.0
        feature = _feature(found)
        if feature is None or not OUT_OF_SAGITTAL & set(feature.planes):
            return quality
        placements = [Placement.PELVIS]
        if Segment.THIGH in feature.segments:
            placements.append(THIGHS[side])
            legs = [side] if found.side else list(Side)
            likeness = max(abs(self.crosstalk(leg)) for leg in legs)
            if likeness > CROSSTALK_REJECT:
                return 0.0
            quality *= 0.5 if likeness > CROSSTALK_SUSPECT else 1.0
        return quality * axis_quality(self.axis_error_deg(*placements))

    @cached_property
    def _walking_codes(self) -> frozenset[str]:
        return frozenset(f.code for f in FEATURES.values())

    def axis_error_deg(self, *placements: Placement) -> float:
        if self.calibration is None:
            return 0.0
        errors = (self.calibration.axis_error_deg.get(p, 0.0) for p in placements)
        return math.hypot(*(error for error in errors if math.isfinite(error)))

    def crosstalk(self, side: Side) -> float:
        """Correlation of lean with swing of a thigh; 0 where it cannot be known."""
        likeness = crosstalk(self.results, side)
        return likeness if math.isfinite(likeness) else 0.0

    @cached_property
    def timing(self) -> Finding | None:
        """What was found about the timing of left and right."""
        names = {f.name for f in FEATURES.values() if f.code in TIMING_CODES}
        return next(
            (
                f
                for f in self.results.findings
                if f.detector == "gait_asymmetry" and f.measure in names
            ),
            None,
        )

    @property
    def timing_agrees(self) -> bool:
        """Whether the two ways to time the steps tell the same."""
        return self.timing is not None and self.timing.verdict is not Verdict.CANNOT_JUDGE

    def own_change(self, found: FeatureStatistics) -> float | None:
        """Distance from the own baseline in SD of two wearings (z_self); None without one."""
        feature = _feature(found)
        if self.history is None or feature is None or not feature.mdc > 0:
            return None
        usual = self.history.baseline(found.feature, found.side)
        return None if usual is None else (found.mean - usual) * _TWO_SIDED / feature.mdc


def _feature(found: FeatureStatistics) -> Feature | None:
    """The declaration of a measure, of a walk or of a movement test."""
    return FEATURES.get(found.feature) or TEST_FEATURES.get(found.feature)


def _from(side: Side, found: FeatureStatistics) -> float:
    """A left–right difference, which is right minus left, seen from one leg."""
    return -found.mean if found.side is None and side is Side.LEFT else found.mean


def _error(found: FeatureStatistics) -> float:
    width = half_width(found)
    parts = (width if math.isfinite(width) else 0.0, found.error)
    return math.hypot(*(p for p in parts if math.isfinite(p)))


def _beyond_norm(found: FeatureStatistics) -> float:
    """SD of the measurement error as far as the norm's spread does not hold it already.

    A norm's spread is that of people measured with sensors that sit as they should. Doubt
    about this walk's axes comes on top, and so does all of an error that no norm can hold,
    such as the bias of contacts.
    """
    feature = _feature(found)
    usual = feature.error if feature is not None and math.isfinite(feature.error) else 0.0
    error = found.error if math.isfinite(found.error) else usual
    if feature is None:
        return 0.0
    return math.sqrt(max(0.0, error**2 - usual**2)) / _TWO_SIDED
