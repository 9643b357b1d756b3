"""The words for what the pipeline names: measures, verdicts, confidence, advice.

Screen, report and terminal take their words from here, so that they say the same thing.
No word here judges a person: it says what the movement did, and how sure that is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.results import Finding, Verdict
from recordings.placement import Side

NOT_A_MEDICAL_DEVICE = "hipgait is not a medical device and does not diagnose."

ONLY_A_PART = (
    "Not seen in this walk does not mean absent: sensors see only part of how a person "
    "moves. What was seen may have several causes and is worth showing to a physiotherapist."
)

DETECTORS = {
    "gait_asymmetry": "Gait asymmetry",
    "femoral_collapse": "Femoral inward collapse",
    "knee_hyperextension": "Knee hyperextension",
}

VERDICTS = {
    Verdict.PRESENT: "seen in this walk",
    Verdict.NOT_SEEN: "not seen in this walk",
    Verdict.CANNOT_JUDGE: "cannot be judged from this walk",
}

EXCLUSIONS = {
    "start": "start of a bout",
    "stop": "end of a bout",
    "turn": "turn",
    "gap": "lost data",
    "excluded_span": "left out by hand",
    "uncertain_contact": "contact not certain",
    "irregular": "irregular step",
    "running": "running",
    "slipped_sensor": "slipped sensor",
    "not_walking_task": "other task than walking",
}

_CLEARER = {
    "too_few_strides": "Walk straight ahead for longer, until {needed} steady strides of each "
    "leg are recorded.",
    "no_shank_sensor": "Wear two more sensors, one on each shank.",
    "crosstalk": "Stand still for 10 seconds, walk straight, and record again: "
    "the sensors' directions on the thighs are not known well enough.",
    "within_error": "Record the walk again on another day: what shows up each time counts more.",
}
"""Reason code → what the wearer can do so that the answer becomes clearer."""

_HINT_CLEARER = "This is only a hint: wear a sensor on each shank to measure the knee."
_WEAK_CLEARER = "Record the walk again on another day: what shows up each time counts more."
_UNKNOWN_CLEARER = "Put the sensors on again, stand still, then walk straight for two minutes."


@dataclass(frozen=True, slots=True)
class Unit:
    """How a unit is written, and with how many decimals a value in it makes sense."""

    sign: str
    decimals: int


_UNITS = {
    "_m_s2": Unit("m/s²", 2),
    "_deg_s": Unit("°/s", 0),
    "_m_s": Unit("m/s", 2),
    "_deg": Unit("°", 1),
    "_spm": Unit("steps/min", 1),
    "_percent": Unit("%", 1),
    "_pct": Unit("%", 1),
    "_ms": Unit("ms", 0),
    "_cm": Unit("cm", 1),
    "_m": Unit("m", 2),
    "_s": Unit("s", 3),
    "_ratio": Unit("", 2),
    "_index": Unit("", 2),
}
"""Suffix of a measure's name → unit; a longer suffix stands before one that it ends in."""

_NO_UNIT = Unit("", 2)


def split_measure(measure: str) -> tuple[str, Unit]:
    """Words and unit of a measure's name.

    >>> split_measure("hip_adduction_peak_deg")
    ('hip adduction peak', Unit(sign='°', decimals=1))
    """
    for suffix, unit in _UNITS.items():
        if measure.endswith(suffix):
            # A ratio has no unit that would say what the number is: the word stays.
            stem = measure.removesuffix(suffix) if unit.sign else measure
            return stem.replace("_", " "), unit
    return measure.replace("_", " "), _NO_UNIT


def number(value: float, decimals: int) -> str:
    """A number for people; a dash if it is not known."""
    if not math.isfinite(value):
        return "–"
    if abs(value) >= 1e6:
        return f"{value:.2g}"
    # + 0.0 turns the minus zero of a small negative number into zero.
    return f"{round(value, decimals) + 0.0:.{decimals}f}"


def with_error(value: float, error: float, decimals: int) -> str:
    """``12.3 ± 0.4``; without the error if it is not known."""
    text = number(value, decimals)
    if math.isfinite(value) and math.isfinite(error):
        text += f" ± {number(error, decimals)}"
    return text


def span(low: float, high: float, decimals: int) -> str:
    """A closed range, or one with an open end."""
    if math.isfinite(low) and math.isfinite(high):
        return f"{number(low, decimals)} – {number(high, decimals)}"
    if math.isfinite(low):
        return f"≥ {number(low, decimals)}"
    return f"≤ {number(high, decimals)}" if math.isfinite(high) else "–"


def leg(side: Side | None) -> str:
    """``left leg``, or ``both legs`` where a finding has no side."""
    return "both legs" if side is None else f"{side} leg"


def detector_title(detector: str) -> str:
    return DETECTORS.get(detector, detector.replace("_", " ").capitalize())


def exclusion_words(exclusion: str) -> str:
    return EXCLUSIONS.get(exclusion, exclusion.replace("_", " "))


def verdict_words(finding: Finding) -> str:
    """The verdict, said as weakly as the sensors that were worn allow."""
    if finding.hint and finding.verdict is Verdict.PRESENT:
        return "a hint of it in this walk"
    return VERDICTS[finding.verdict]


def confidence_words(confidence: float) -> str:
    """Low, medium or high."""
    if not math.isfinite(confidence):
        return "unknown"
    if confidence < 0.35:
        return "low"
    return "medium" if confidence < 0.6 else "high"


def what_makes_it_clearer(finding: Finding) -> str:
    """What the wearer can do so that this answer becomes clearer; empty if nothing."""
    if finding.reason in _CLEARER:
        return _CLEARER[finding.reason].format(needed=finding.strides_needed)
    if finding.hint:
        return _HINT_CLEARER
    if finding.verdict is Verdict.CANNOT_JUDGE:
        return _UNKNOWN_CLEARER
    return _WEAK_CLEARER if confidence_words(finding.confidence) != "high" else ""
