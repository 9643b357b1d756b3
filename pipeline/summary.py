"""Summary: the walk as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from pipeline.gait import Exclusion, GaitEvent, GaitEventKind, Stride
from pipeline.results import FeatureStatistics, WalkSummary
from pipeline.statistics import WalkStatistics
from recordings.placement import Side

STEP_MAX_S = 1.6
"""Two contacts further apart than this do not belong to the same walking."""

SPEED_FEATURE = "walking_speed_m_s"
KNOWN_DISTANCE_ERROR = 0.05
"""Of a speed from a measured distance: when walking begins and ends is known to a step."""


def summarise_walk(
    duration_s: float,
    events: Sequence[GaitEvent],
    strides: Sequence[Stride],
    features: Sequence[FeatureStatistics],
    statistics: WalkStatistics,
) -> WalkSummary:
    """Count what was walked.

    Walking time and steps include turns, starts and stops; cadence, stride time and speed
    are those of steady strides. Where the distance of all walking was measured, speed is that
    distance over the walking time.
    """
    contacts = sorted(e.time_s for e in events if e.kind is GaitEventKind.INITIAL_CONTACT)
    between = np.diff(contacts)
    walking_s = float(between[between <= STEP_MAX_S].sum())
    excluded = Counter(str(reason) for stride in strides for reason in stride.exclusions)
    times = [s.stride_time_s for s in strides if s.steady]
    speed = [f for f in features if f.feature == SPEED_FEATURE]
    speed_m_s = float(np.mean([f.mean for f in speed])) if speed else float("nan")
    speed_error_m_s = float(np.mean([f.error for f in speed])) if speed else float("nan")
    distance_m = statistics.settings.known_walk_distance_m
    if distance_m is not None and walking_s > 0:
        speed_m_s = distance_m / walking_s
        speed_error_m_s = KNOWN_DISTANCE_ERROR * speed_m_s
    return WalkSummary(
        duration_s=duration_s,
        walking_s=walking_s,
        bouts=len({(s.epoch, s.bout) for s in strides}),
        turns=_turns(strides),
        steps=len(contacts),
        strides={side: sum(s.side is side for s in strides) for side in Side},
        steady_strides=statistics.steady_strides,
        excluded=dict(excluded),
        cadence_spm=statistics.cadence_spm,
        stride_time_s=float(np.mean(times)) if times else float("nan"),
        speed_m_s=speed_m_s,
        speed_error_m_s=speed_error_m_s,
        dimensionless_speed=statistics.context.v_star,
    )


def _turns(strides: Sequence[Stride]) -> int:
    """Stretches of turning strides; strides of both legs that overlap are one turn."""
    turning = sorted((s.start_s, s.end_s) for s in strides if Exclusion.TURN in s.exclusions)
    turns, until = 0, -np.inf
    for start_s, end_s in turning:
        turns += start_s > until
        until = max(until, end_s)
    return turns
