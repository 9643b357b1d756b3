"""The gate: a red flag hides patterns and movements; sensors neither raise nor dismiss one."""

from __future__ import annotations

import math

from pipeline.patterns.board import RedFlagGate
from pipeline.patterns.history import History
from pipeline.results import Results
from recordings.profile import Profile
from recordings.red_flags import ADVICE, most_urgent

ASYMMETRY_JUMP = 10.0
CADENCE_DROP = 0.85
ASYMMETRY, CADENCE = "step_time_asymmetry_percent", "cadence_spm"


def gate(profile: Profile | None) -> RedFlagGate:
    """What the answers to the red flags mean for what may be shown."""
    if profile is None:
        return RedFlagGate()
    flags = profile.raised
    urgency = most_urgent(flags)
    return RedFlagGate(
        hides_patterns=bool(flags),
        asked=profile.asked_red_flags,
        flags=flags,
        urgency=urgency,
        advice="" if urgency is None else ADVICE[urgency],
    )


def asks_again(results: Results, history: History | None) -> bool:
    """Whether the walk changed so suddenly that the questions should be asked again.

    A new asymmetry beyond 10 points together with a cadence 15 % below the own baseline only
    opens the questions; it says nothing by itself.
    """
    if history is None:
        return False
    now = {(f.feature, f.side): f.mean for f in results.features}
    before = history.baseline(ASYMMETRY, None)
    cadences = [
        (mean, usual)
        for (name, side), mean in now.items()
        if name == CADENCE and (usual := history.baseline(CADENCE, side)) is not None
    ]
    asymmetry = now.get((ASYMMETRY, None), math.nan)
    if before is None or not cadences:
        return False
    slower = all(mean < CADENCE_DROP * usual for mean, usual in cadences)
    return slower and abs(asymmetry) - abs(before) > ASYMMETRY_JUMP
