"""Inward lean and turn of a thigh that bends under the body (F42, F43), for every bending test.

The lean is that of the thigh's long axis out of the plane in which it swings while walking,
deepest point minus the standing before it. So neither how a sensor hangs nor how it is turned
about the thigh makes a lean; what is left is how well the swing plane is known, times how far
the thigh leans forward.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.decision import Threshold
from pipeline.features.base import Feature, Segment, Worse
from pipeline.gait import Plane
from pipeline.movement_tests.bends import Bend, find_bends
from pipeline.movement_tests.judging import (
    Rule,
    apply,
    difference,
    first_present,
    left_and_right,
    with_evidence,
)
from pipeline.movement_tests.kind import Measured, MovementKind, View, Wearing, keyed
from pipeline.movement_tests.outcome import MovementTask, Obstacle, Repetition
from pipeline.movement_tests.stretch import Stretch
from pipeline.norms import Norm, ZeroConvention
from pipeline.results import FeatureStatistics, Finding
from recordings.placement import Side

REPETITIONS_NEEDED = 3
MOMENTS_ERROR_DEG, TISSUE_ERROR_DEG = 1.5, 5.0
"""95 %, of two moments compared, and of the muscle that swells under the sensor of a thigh that
leans forward by 90°. That grows with the sine of the lean, as the doubt about the swing plane
does."""
LEAN_ERROR_DEG = 5.0
"""All of it in a squat; each test states its own, by how deep it went."""
TURN_ERROR_DEG = 6.0
DIFFERENCE_FROM_DEG = 8.0
TURN_FROM_DEG = 13.0
MOST_BY_TURN = 0.5
LEG = (Segment.PELVIS, Segment.THIGH)
UNUSUAL_Z = 1.0
_SOURCE = (
    "Clinical table F42: hip adduction changes by 5±4° in single-leg squats; frontal projection "
    "angles 5–12° in women, 3–8° in men (general knowledge); two-dimensional SEM 2–4° (Gwynne & "
    "Curran)"
)


@dataclass(frozen=True, slots=True)
class Inward:
    """The features of one bending test."""

    lean: Feature
    turn: Feature
    depth: Feature
    difference: Feature

    @property
    def all(self) -> tuple[Feature, ...]:
        return self.lean, self.turn, self.depth, self.difference


def inward_features(
    task: MovementTask, where: str, usual: Norm, threshold_deg: float, turn_code: str = "F42t"
) -> Inward:
    """Declare lean, turn, depth and left–right difference for one task.

    Parameters
    ----------
    where : str
        To follow the label: ``in squats``.
    usual : Norm
        Of the inward lean.
    threshold_deg : float
        Inward lean that is noteworthy.
    turn_code : str
        ``F43`` for the tasks that it is defined for.
    """
    frontal = {
        "unit": "°",
        "segments": LEG,
        "zero": ZeroConvention.NONE,
        "worse": Worse.HIGHER,
        "task": task,
    }
    return Inward(
        lean=Feature(
            code="F42",
            name=f"{task}_inward_lean_deg",
            label=f"inward lean of the thigh {where}",
            definition=(
                "Lean of the thigh's long axis out of its own swing plane of walking, towards "
                "the other leg +: mean over 0.2 s around the deepest point minus quiet standing "
                "before."
            ),
            planes=(Plane.FRONTAL,),
            norm=usual,
            amber=threshold_deg,
            error=LEAN_ERROR_DEG,
            mdc=5.0,
            source=_SOURCE,
            note=(
                "The error grows with the sine of the forward lean: muscle that swells under the "
                "sensor (5°), and the doubt about the swing plane (3° where the thighs swing by "
                "40° while walking, more where they swing less or one has not walked for minutes)."
            ),
            **frontal,
        ),
        turn=Feature(
            code=turn_code,
            name=f"{task}_inward_turn_deg",
            label=f"inward turn of the thigh {where}",
            definition=(
                "Hip internal rotation at the deepest point (0.2 s) minus quiet standing before."
            ),
            planes=(Plane.TRANSVERSE,),
            norm=Norm(1.2, 3.8, ZeroConvention.NONE),
            amber=9.0,
            strong=TURN_FROM_DEG,
            error=TURN_ERROR_DEG,
            mdc=6.0,
            source="Souza & Powers 2009 (1.2±3.8°; with knee pain 7.6±7.0°), women, three tasks",
            note="Skin under a sensor follows the bone's turn by half: it reads low.",
            **frontal,
        ),
        depth=Feature(
            code="F42h",
            name=f"{task}_depth_deg",
            label=f"forward lean of the thigh {where}",
            definition="Sagittal lean of the thigh at the deepest point minus standing before.",
            unit="°",
            segments=(Segment.THIGH,),
            planes=(Plane.SAGITTAL,),
            task=task,
            error=3.0,
            source="Design: says how deep it was; the deeper, the more an inward lean shows",
        ),
        difference=Feature(
            code="F42d",
            name=f"{task}_inward_lean_difference_deg",
            label=f"left–right difference of the inward lean {where}",
            definition="F42 right minus left.",
            unit="°",
            segments=LEG,
            planes=(Plane.FRONTAL,),
            worse=Worse.EITHER,
            task=task,
            norm=Norm(0.0, 3.0, ZeroConvention.NONE),
            amber=DIFFERENCE_FROM_DEG,
            error=math.sqrt(2.0) * LEAN_ERROR_DEG,
            source="Clinical table F42 (L–R above 8°); SD of differences 3° (design)",
        ),
    )


def inward_kind(
    features: Inward,
    *,
    least_deg: float,
    words: str,
    why: str,
    question: str,
    two_legged: bool = False,
    steps: bool = False,
    aside: bool = False,
    more: Sequence[Feature] = (),
    more_measures=None,
) -> MovementKind:
    """The movement test of one bending task.

    Parameters
    ----------
    least_deg : float
        Forward lean of the thigh from which on a repetition counts.
    words : str
        The repetitions in plain words: ``these squats``.
    why : str
        Where the threshold of the lean comes from.
    steps, aside : bool
        See `Bend`.
    more : sequence of Feature
        Further features of the task, measured by `more_measures`.
    """
    task = features.lean.task
    amber = features.lean.amber
    assert task is not None and amber is not None
    lean = Threshold(features.lean, amber, ZeroConvention.NONE, why, moves_with_norm=True)
    apart = Threshold(
        features.difference,
        DIFFERENCE_FROM_DEG,
        ZeroConvention.NONE,
        "Clinical table F42; counts only where the lean itself is unusual, too",
    )
    turn = Threshold(
        features.turn,
        TURN_FROM_DEG if features.turn.code == "F42t" else 9.0,
        ZeroConvention.NONE,
        "Clinical table F42 and F43; at most half sure, because skin blurs it",
    )
    detector = f"inward_thigh_{task}"
    rules = _Rules(
        lean=Rule(
            detector=detector,
            threshold=lean,
            about=f"how far your {{side}} thigh leans inward in {words}",
            seen=f"In {words} your {{side}} thigh leaned inward by {{value}} on the way down.",
            not_seen=f"In {words} your {{side}} thigh was not seen to lean inward unusually far.",
        ),
        apart=Rule(
            detector=detector,
            threshold=apart,
            about=f"how your thighs differ in {words}",
            seen=f"In {words} one thigh leaned inward by {{value}} more than the other.",
            not_seen=f"In {words} both thighs leaned alike.",
        ),
        turn=Rule(
            detector=detector,
            threshold=turn,
            about=f"how far your {{side}} thigh turns in {words}",
            seen=f"In {words} your {{side}} thigh turned inward by {{value}} on the way down.",
            not_seen=f"In {words} your {{side}} thigh was not seen to turn inward unusually far.",
            most=MOST_BY_TURN,
        ),
    )
    bend = Bend(
        least_deg=least_deg,
        lean=features.lean,
        turn=features.turn,
        depth=features.depth,
        two_legged=two_legged,
        steps=steps,
        aside=aside,
    )

    def measure(stretch: Stretch, side: Side | None, wearing: Wearing) -> Measured:
        baseline = stretch.standing_before
        if baseline is None:
            return NO_QUIET_STANDING
        found = find_bends(stretch, baseline, bend, side, wearing)
        if more_measures is not None:
            found = [more_measures(stretch, baseline, one) for one in found]
        return Measured(found, _errors(features, found, stretch, wearing))

    def further(view: View) -> tuple[FeatureStatistics, ...]:
        both = left_and_right(view, features.lean)
        return () if both is None else (difference(features.difference, *both, view.context),)

    def judge(view: View) -> list[Finding]:
        sides = tuple(Side) if view.side is None else (view.side,)
        found = (_judge(features, rules, view, side) for side in sides)
        return [one for one in found if one is not None]

    return MovementKind(
        task=task,
        needed=REPETITIONS_NEEDED,
        features=(*features.all, *more),
        thresholds=(lean, apart, turn),
        detector=detector,
        question=question,
        derived=(features.difference,),
        measure=measure,
        more=further,
        judge=judge,
    )


@dataclass(frozen=True, slots=True)
class _Rules:
    lean: Rule
    apart: Rule
    turn: Rule


NO_QUIET_STANDING = Measured(
    obstacle=Obstacle.NO_QUIET_START,
    sentence=(
        "There was no quiet standing before the first repetition to compare with. Stand still "
        "for two seconds, then begin."
    ),
)


def _errors(
    features: Inward, found: Sequence[Repetition], stretch: Stretch, wearing: Wearing
) -> dict[str, float]:
    """How far the lean may be off at the depth that was reached."""
    errors = {}
    for side in Side:
        key = keyed(features.depth, side)
        depths = [r.measures[key] for r in found if r.accepted and key in r.measures]
        if depths:
            doubt = stretch.planes[side].error_deg(stretch.time_s(stretch.task.first))
            sine = math.sin(math.radians(min(90.0, float(np.mean(depths)))))
            errors[keyed(features.lean, side)] = math.hypot(
                MOMENTS_ERROR_DEG, TISSUE_ERROR_DEG * sine, doubt * sine
            )
    return errors


def _judge(features: Inward, rules: _Rules, view: View, side: Side) -> Finding | None:
    """The lean decides; else the difference to a leg that leans less; else the turn."""
    lean, turn = view.get(features.lean, side), view.get(features.turn, side)
    if lean is None:
        return None
    tried = [apply(rules.lean, view, lean, REPETITIONS_NEEDED)]
    apart = view.get(features.difference)
    if apart is not None and lean.z >= UNUSUAL_Z:
        own_more = apart.mean if side is Side.RIGHT else -apart.mean
        if own_more > 0:
            tried.append(apply(rules.apart, view, apart, REPETITIONS_NEEDED, own_more))
    if turn is not None:
        tried.append(apply(rules.turn, view, turn, REPETITIONS_NEEDED))
    finding = first_present(tried)
    depth = view.get(features.depth, side)
    return with_evidence(replace(finding, side=side), (lean, turn, apart, depth))
