"""Confounders that sit in the sensors: swapped, slipped, askew, no standing pose."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.detectors.femoral_collapse import CROSSTALK_REJECT, CROSSTALK_SUSPECT
from pipeline.gait import Exclusion
from pipeline.patterns.base import ConfounderRule
from pipeline.patterns.terms import Confounder, Effect
from pipeline.patterns.walk_view import WalkView
from recordings.placement import Side

OUT_OF_SAGITTAL = frozenset({"inward_thigh", "pelvic_drop", "side_lean"})


def _unfit(walk: WalkView) -> Iterator[Confounder]:
    calibration = walk.calibration
    if calibration is not None and calibration.unfit:
        swapped = "swapped" in calibration.unfit
        yield Confounder(
            key="swapped_sensors" if swapped else "unfit_recording",
            title="Left and right sensors swapped" if swapped else "Nothing can be judged",
            sentence=calibration.unfit,
            effect=Effect.BLOCKS,
        )
    elif calibration is None or calibration.zero != "standing":
        yield Confounder(
            key="no_standing_pose",
            title="No standing pose",
            sentence=(
                "The recording has no standing pose before the walk, so angles have no zero and "
                "no pattern is scored. Stand still for five seconds first next time."
            ),
            effect=Effect.BLOCKS,
        )


def _slipped(walk: WalkView) -> Iterator[Confounder]:
    slipped = walk.results.summary.excluded.get(str(Exclusion.SLIPPED_SENSOR), 0)
    if slipped:
        yield Confounder(
            key="slipped_sensor",
            title="A sensor slipped",
            sentence=(
                f"A sensor moved on the body during the walk: {slipped} strides after that do not "
                "count. Fasten it and record again."
            ),
            effect=Effect.NAMES,
        )


def _crosstalk(walk: WalkView) -> Iterator[Confounder]:
    for side in Side:
        likeness = abs(walk.crosstalk(side))
        if likeness > CROSSTALK_SUSPECT:
            reject = likeness > CROSSTALK_REJECT
            yield Confounder(
                key="crosstalk",
                title=f"The {side} thigh sensor sits askew",
                sentence=(
                    f"The inward lean of your {side} thigh "
                    f"{'copied' if reject else 'partly copied'} its swing, as it does when the "
                    f"sensor sits askew. Fasten it, stand still and walk once more."
                ),
                effect=Effect.HOLDS,
                holds=OUT_OF_SAGITTAL,
                side=side,
            )


CONFOUNDERS = (
    ConfounderRule(
        key="unfit_recording",
        title="Left and right swapped, or nothing to judge",
        how="Calibration: pelvis sway against the standing leg, signal checks, standing pose",
        notice=_unfit,
    ),
    ConfounderRule(
        key="slipped_sensor",
        title="A sensor slipped",
        how="Mean posture of strides against their predecessors",
        notice=_slipped,
    ),
    ConfounderRule(
        key="crosstalk",
        title="A thigh sensor sits askew",
        how=(
            f"Correlation of the thigh's lean with its swing: beyond ±{CROSSTALK_SUSPECT} "
            f"suspect, beyond ±{CROSSTALK_REJECT} not used; usual −0.23 … 0"
        ),
        notice=_crosstalk,
        source="Schwartz 2008 and CGM2.3 curves turned by ±10° and ±15°",
    ),
)
