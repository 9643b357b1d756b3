"""Pattern H, confounders in the way of walking: slow, sparing a leg, legs of unlike length."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from pipeline.gait import Curve, FloatArray
from pipeline.norms import SPEED_RANGE
from pipeline.patterns.base import ConfounderRule
from pipeline.patterns.terms import Confounder, Effect
from pipeline.patterns.walk_view import WalkView
from pipeline.results import Finding, Verdict
from recordings.placement import Placement, Side

SLOW_V_STAR = 0.27
"""0.80 m/s for a leg of 0.90 m, the usual cut-off of slow walking (EWGSOP2 2019)."""
OWN_SPEED_SHARE = 0.70
PAIN_THAT_CHANGES_WALKING = 3
PROTECTING_FACTOR = 0.6
MARKED_Z = 3.0
OFFSET_DEG = 1.5
"""Four SD of virtual people with legs of one length (0.38°); 18 mm give 1.7°."""
OFFSET_ERROR_DEG = 0.8
"""Of the mean over a walk, 95 % of virtual people; twice the legs' means share most of what a
single angle errs. The leak of the tilt by a pelvis sensor turned about its axis comes on top."""
LEFT_OVER_SHARE = 0.22
"""Of the left–right difference, RMS: a constant offset leaves less (95 % of virtual people with
18 mm), a drop on one side more (0.25 to 0.44)."""
HIP_PATTERNS = frozenset(
    {
        "limited_hip_extension",
        "pelvic_drop",
        "side_lean",
        "inward_thigh",
        "knee_past_straight",
        "possible_knee_snap_back",
        "less_leg_lift",
        "little_knee_bend",
        "reduced_hip_range",
    }
)
TIMING_OF_STANDING = ("stance_time_asymmetry_percent", "swing_time_asymmetry_percent")


def _speed(walk: WalkView) -> Iterator[Confounder]:
    v_star = walk.results.summary.dimensionless_speed
    if not math.isfinite(v_star):
        return
    usual = walk.history.usual_speed_m_s if walk.history else None
    speed = walk.results.summary.speed_m_s
    if not SPEED_RANGE.low <= v_star <= SPEED_RANGE.high:
        pace = "slow" if v_star < SPEED_RANGE.low else "fast"
        yield Confounder(
            key=f"{pace}_walk",
            title=f"Too {pace} to compare",
            sentence=(
                f"This walk was too {pace} to compare with usual walking, so no pattern is "
                f"scored. Walk at a comfortable pace."
            ),
            effect=Effect.BLOCKS,
        )
    elif usual is not None and speed < OWN_SPEED_SHARE * usual:
        yield Confounder(
            key="slow_walk",
            title="Slower than your own usual",
            sentence=(
                "You walked far slower than you usually do, which changes every angle, so no "
                "pattern is scored."
            ),
            effect=Effect.BLOCKS,
        )
    elif v_star < SLOW_V_STAR:
        yield Confounder(
            key="slow_walk",
            title="Slow walk",
            sentence=(
                "You walked slowly. Slow walking changes angles and timing by itself, so nothing "
                "beyond slight signs is said. Walk once more at a comfortable pace."
            ),
            effect=Effect.HOLDS,
        )


def _sparing(walk: WalkView) -> Iterator[Confounder]:
    """Timing that differs between the legs, or pain while walking."""
    timing = walk.timing
    if timing is not None and timing.verdict is Verdict.PRESENT and timing.side is not None:
        standing = timing.measure in TIMING_OF_STANDING
        leg = timing.side
        if timing.measure == "swing_time_asymmetry_percent":
            leg = leg.other  # the leg that swings less long is the one that others spare
        did = (
            f"stood on your {leg} leg for a shorter time"
            if standing
            else "took steps of unlike duration"
        )
        yield Confounder(
            key="sparing_a_leg",
            title="A leg may be spared",
            sentence=(
                f"You {did}, as people do when they protect a leg; there are other reasons. "
                f"Angles change with that, so only marked signs count."
            ),
            effect=Effect.HOLDS,
            holds=HIP_PATTERNS,
            confidence_factor=PROTECTING_FACTOR,
            unless_z=MARKED_Z,
        )
    elif timing is not None and _beyond_usual(timing):
        yield Confounder(
            key="uneven_timing",
            title="Steps of uneven duration",
            sentence=(
                "Your left and your right leg kept different time, more than is usual. People who "
                "protect a leg do that; there are other reasons. What is seen is less sure."
            ),
            effect=Effect.NAMES,
            holds=HIP_PATTERNS,
            confidence_factor=PROTECTING_FACTOR,
        )
    pain = walk.profile.walk_pain if walk.profile else None
    if pain is not None and pain >= PAIN_THAT_CHANGES_WALKING:
        yield Confounder(
            key="pain_while_walking",
            title="Pain while walking",
            sentence=(
                f"You told of pain of {pain} out of 10. You may be protecting a leg, which "
                f"changes how it moves: what is seen is less sure."
            ),
            effect=Effect.NAMES,
            holds=HIP_PATTERNS,
            confidence_factor=PROTECTING_FACTOR,
        )


def _beyond_usual(timing: Finding) -> bool:
    """Too little for a finding, but outside the usual range by more than the error."""
    usual = timing.usual
    if usual is None or timing.verdict is Verdict.CANNOT_JUDGE:
        return False
    return abs(timing.value) - timing.error > usual.high


def pelvis_offset_deg(walk: WalkView) -> float | None:
    """How much higher the right side is carried than while standing, if that is all.

    None if the two legs also differ in how the pelvis moves: then it is no constant offset.
    """
    left, right = (_mean_curve(walk, side, Curve.PELVIS_OBLIQUITY) for side in Side)
    if left is None or right is None:
        return None
    offset = 0.5 * float(right.mean() - left.mean())
    left_over = float(np.sqrt(np.mean((right - left - 2.0 * offset) ** 2)))
    return offset if left_over <= LEFT_OVER_SHARE * abs(2.0 * offset) else None


def _offset_error_deg(walk: WalkView) -> float:
    """95 % half-width of the offset: its own, and what leaks from the tilt of the pelvis."""
    leak = math.sin(math.radians(min(90.0, walk.axis_error_deg(Placement.PELVIS))))
    tilts = (_mean_curve(walk, side, Curve.PELVIS_TILT) for side in Side)
    tilt = max((abs(float(curve.mean())) for curve in tilts if curve is not None), default=0.0)
    return math.hypot(OFFSET_ERROR_DEG, leak * tilt)


def _mean_curve(walk: WalkView, side: Side, curve: Curve) -> FloatArray | None:
    """A leg's mean curve at 0 … 99 %; None if a point is not known."""
    found = walk.results.mean_curves.get(side, {}).get(curve)
    return None if found is None or not np.isfinite(found[0]).all() else found[0][:-1]


def _leg_length(walk: WalkView) -> Iterator[Confounder]:
    offset = pelvis_offset_deg(walk)
    if offset is None or abs(offset) < OFFSET_DEG:
        return
    error = _offset_error_deg(walk)
    if abs(offset) <= error:
        return
    side = Side.RIGHT if offset > 0 else Side.LEFT
    yield Confounder(
        key="leg_length",
        title="Legs of unlike length, or a pelvis sensor askew",
        sentence=(
            f"Throughout the walk your pelvis was carried higher on the {side} side than while "
            f"standing, with the same movement on both sides. A shorter {side} leg does that, and "
            f"so does a sensor that moved or a knee bent while standing. Stand and walk again, "
            f"once with a thin insole under the {side} foot."
        ),
        detail=f"By {abs(offset):.1f} ± {error:.1f}°; noticed from {OFFSET_DEG}°.",
        effect=Effect.HOLDS,
        holds=frozenset({"pelvic_drop", "side_lean", "inward_thigh"}),
        unless_z=MARKED_Z,
    )


CONFOUNDERS = (
    ConfounderRule(
        key="slow_walk",
        title="Slow (or fast) walk",
        how=(
            f"v* outside {SPEED_RANGE.low}–{SPEED_RANGE.high} or below {OWN_SPEED_SHARE:.0%} of "
            f"the own usual speed: not scored; v* below {SLOW_V_STAR}: held at slight signs"
        ),
        notice=_speed,
        source="Schwartz 2008; EWGSOP2 2019 (0.8 m/s)",
    ),
    ConfounderRule(
        key="sparing_a_leg",
        title="A leg is spared",
        how=(
            "A present left–right difference in timing holds patterns at slight signs unless a "
            f"must sign reaches {MARKED_Z:.0f} SD; one that is only beyond the usual and its "
            f"error, and pain of {PAIN_THAT_CHANGES_WALKING}/10 or more "
            f"multiplies confidence by {PROTECTING_FACTOR}"
        ),
        notice=_sparing,
        source="Hodt-Billington 2012; design",
    ),
    ConfounderRule(
        key="leg_length",
        title="Legs of unlike length",
        how=(
            f"Mean obliquity of the walk off the standing pose by {OFFSET_DEG}° or more and by "
            f"more than its error (from ±{OFFSET_ERROR_DEG}°), if that alone leaves at most "
            f"{LEFT_OVER_SHARE:.0%} of the left–right difference (RMS)"
        ),
        notice=_leg_length,
        source="Khamis & Carmeli 2017; BMC Musculoskelet Disord 2022 (≥ 2 cm clear); design",
    ),
)
