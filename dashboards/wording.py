"""The words for what the pipeline names: measures, verdicts, confidence, advice.

Screen, report and terminal take their words from here, so that they say the same thing.
No word here judges a person: it says what the movement did, and how sure that is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipeline.movement_tests.words import TITLES
from pipeline.results import Finding, Verdict

NOT_A_MEDICAL_DEVICE = "hipgait is not a medical device and does not diagnose."

ONLY_A_PART = (
    "Not seen in this walk does not mean absent: sensors see only part of how a person "
    "moves. What was seen may have several causes and is worth showing to a physiotherapist."
)

UNKNOWN = "–"
"""Stands where a number would stand that is not known."""

_DETECTORS = {
    "gait_asymmetry": "Gait asymmetry",
    "femoral_collapse": "Femoral inward collapse",
    "knee_hyperextension": "Knee hyperextension",
    "single_leg_hold": "Time on one leg",
    "knee_lift_compensation": "Pelvis during the knee lift",
}
"""Those that do not judge a movement test as a whole: `detector_titles` has all."""

VERDICTS = {
    Verdict.PRESENT: "seen in this walk",
    Verdict.NOT_SEEN: "not seen in this walk",
    Verdict.CANNOT_JUDGE: "cannot be judged from this walk",
}

EXCLUSIONS = {
    "start": "at the start of a bout",
    "stop": "at the end of a bout",
    "turn": "in a turn",
    "gap": "with lost data",
    "excluded_span": "left out by hand",
    "uncertain_contact": "with an uncertain contact",
    "irregular": "irregular",
    "running": "running",
    "slipped_sensor": "after a sensor slipped",
    "not_walking_task": "outside a walking task",
}

_REPEAT = "Record the walk again on another day: what shows up each time counts more."

_CLEARER = {
    "sensor_not_worn": "Wear the missing sensor too.",
    "plane_refused": "Stand still for ten seconds, then walk straight ahead, and record again.",
    "speed_out_of_range": "Walk at your usual pace.",
    "not_measured": "Put the sensors on again, stand still for ten seconds, then walk.",
}
"""Reason code → what the wearer can do so that the answer becomes clearer.

The other reasons for which nothing was judged, and a hint, say it in their own sentence.
"""

DECIMALS = {"°": 1, "°/s": 0, "%": 1, "s": 3, "m": 3, "m/s": 2, "m/s²": 2, "steps/min": 1}
"""Unit → decimals with which a value in it makes sense."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How a measure is written for people."""

    label: str
    unit: str = ""

    @classmethod
    def of(cls, name: str) -> Measure:
        """The words of a feature's declaration; of an unknown name, the name itself."""
        # Only now, as they stand for most of the pipeline: a window must not wait for it.
        from pipeline.features.registry import FEATURES
        from pipeline.movement_tests.registry import TEST_FEATURES

        feature = FEATURES.get(name) or TEST_FEATURES.get(name)
        if feature is None:
            return cls(name.replace("_", " "))
        return cls(feature.label, feature.unit)

    @property
    def decimals(self) -> int:
        return DECIMALS.get(self.unit, 2)

    @property
    def heading(self) -> str:
        """Label with unit, as it stands before numbers in a table."""
        return f"{self.label} [{self.unit}]" if self.unit else self.label

    def quantity(self, value: float, error: float) -> str:
        """``19.5 ± 4.1°``."""
        gap = "" if self.unit.startswith("°") else " "
        return f"{with_error(value, error, self.decimals)}{gap}{self.unit}".rstrip()


def number(value: float, decimals: int, sign: Literal["-", "+"] = "-") -> str:
    """A number for people, with a sign if it is negative or (`+`) always; a dash if unknown."""
    if not math.isfinite(value):
        return UNKNOWN
    if abs(value) >= 1e6:
        return f"{value:.2g}"
    # + 0.0 turns the minus zero of a small negative number into zero.
    return f"{round(value, decimals) + 0.0:{sign}.{decimals}f}"


def with_error(value: float, error: float, decimals: int) -> str:
    """``12.3 ± 0.4``; without the error if it is not known."""
    text = number(value, decimals)
    if math.isfinite(value) and math.isfinite(error):
        text += f" ± {number(error, decimals)}"
    return text


def span(low: float, high: float, decimals: int) -> str:
    """A closed range, or one with an open end."""
    if math.isfinite(low) and math.isfinite(high):
        return f"{number(low, decimals)} to {number(high, decimals)}"
    if math.isfinite(low):
        return f"≥ {number(low, decimals)}"
    return f"≤ {number(high, decimals)}" if math.isfinite(high) else UNKNOWN


def duration(seconds: float) -> str:
    """``10 min 05 s``."""
    if not math.isfinite(seconds):
        return UNKNOWN
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def counted(count: int, thing: str) -> str:
    """``1 turn``, ``2 turns``."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def whose(findings: Sequence[Finding]) -> str:
    """The leg or legs of findings; the measure where they are about both at once."""
    sides = [finding.side for finding in findings]
    if None in sides:
        return Measure.of(findings[0].measure).label
    return "both legs" if len(set(sides)) > 1 else f"{sides[0]} leg"


@cache
def detector_titles() -> Mapping[str, str]:
    """Detector → what it is called."""
    from pipeline.movement_tests.registry import KINDS

    return _DETECTORS | {kind.detector: TITLES[kind.task] for kind in KINDS.values()}


def detector_title(detector: str) -> str:
    return detector_titles().get(detector, detector.replace("_", " ").capitalize())


def exclusion_words(exclusion: str) -> str:
    return EXCLUSIONS.get(exclusion, exclusion.replace("_", " "))


def is_a_hint(finding: Finding) -> bool:
    """Whether something was seen that the worn sensors can suggest but not measure."""
    return finding.hint and finding.confidence > 0


def verdict_words(finding: Finding) -> str:
    """The verdict, said as weakly as the sensors that were worn allow."""
    return "only a hint in this walk" if is_a_hint(finding) else VERDICTS[finding.verdict]


def confidence_words(confidence: float) -> str:
    """Low, medium or high."""
    if not math.isfinite(confidence):
        return "unknown"
    if confidence < 0.35:
        return "low"
    return "medium" if confidence < 0.6 else "high"


def what_makes_it_clearer(finding: Finding) -> str:
    """What the wearer can do so that this answer becomes clearer.

    Empty if it is clear already, or if the finding's own sentence says it.
    """
    if finding.reason in _CLEARER:
        return _CLEARER[finding.reason]
    said = finding.verdict is Verdict.CANNOT_JUDGE or finding.reason == "within_error"
    return "" if said or confidence_words(finding.confidence) == "high" else _REPEAT
