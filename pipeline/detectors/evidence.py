"""All that a detector may look at: one walk, its strides already turned into numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.gait import CalibrationQuality, Plane
from pipeline.norms import NormContext
from pipeline.results import Evidence, FeatureStatistics
from pipeline.statistics import MeanCurves, WalkStatistics
from recordings.metadata import Settings, Wearer
from recordings.placement import Placement, Side

NOTEWORTHY_Z = 2.0


@dataclass(frozen=True)
class WalkEvidence:
    """One walk as the detectors see it.

    Attributes
    ----------
    statistics : tuple of FeatureStatistics
    mean_curves : mapping of Side to mapping of Curve to (mean, SD), shape (101,) each
    steady_strides : mapping of Side to int
    context : NormContext
        Speed, leg length, sex and age that norms and thresholds are taken at.
    calibration : CalibrationQuality or None
        Of the epoch that the angles come from; None if there was none.
    placements : tuple of Placement
        Sensors worn.
    wearer : Wearer
    settings : Settings
    """

    statistics: tuple[FeatureStatistics, ...]
    mean_curves: MeanCurves
    steady_strides: Mapping[Side, int]
    context: NormContext
    calibration: CalibrationQuality | None
    placements: tuple[Placement, ...]
    wearer: Wearer
    settings: Settings

    @classmethod
    def of(
        cls,
        walk: WalkStatistics,
        calibrations: Sequence[CalibrationQuality],
        placements: Sequence[Placement],
    ) -> WalkEvidence:
        """What the statistics of a walk amount to; `calibrations` are those of its epochs."""
        epoch = walk.epoch
        return cls(
            statistics=walk.snapshot(calibrations),
            mean_curves=walk.mean_curves(),
            steady_strides=walk.steady_strides,
            context=walk.context,
            calibration=calibrations[epoch] if epoch < len(calibrations) else None,
            placements=tuple(placements),
            wearer=walk.wearer,
            settings=walk.settings,
        )

    @cached_property
    def _by_name(self) -> dict[tuple[str, Side | None], FeatureStatistics]:
        return {(s.feature, s.side): s for s in self.statistics}

    def get(self, feature: str, side: Side | None = None) -> FeatureStatistics | None:
        """The statistics of a feature; None where it was not measured."""
        return self._by_name.get((feature, side))

    @property
    def has_standing_zero(self) -> bool:
        return self.calibration is not None and self.calibration.zero == "standing"

    def refusal(self, plane: Plane) -> str | None:
        """Why the calibration refused a plane; None if it allows it."""
        return None if self.calibration is None else self.calibration.refused.get(plane)

    def axis_error_deg(self, *placements: Placement) -> float:
        """Doubt about the forward axes of several sensors together."""
        if self.calibration is None:
            return 0.0
        return math.hypot(*(self.calibration.axis_error_deg.get(p, 0.0) for p in placements))


def half_width(statistics: FeatureStatistics) -> float:
    """95 % half-width of the mean over strides."""
    return 0.5 * (statistics.ci_high - statistics.ci_low)


def as_evidence(statistics: FeatureStatistics) -> Evidence:
    """A looked-at measure; it supports a finding from two SD on the worse side."""
    return Evidence(
        measure=statistics.feature,
        side=statistics.side,
        value=statistics.mean,
        error=math.hypot(half_width(statistics), statistics.error),
        usual=statistics.usual,
        z=statistics.z,
        supports=bool(statistics.z >= NOTEWORTHY_Z),
    )
