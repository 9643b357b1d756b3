"""The detectors written out for people, as the page docs/findings.md."""

from __future__ import annotations

import inspect
import math

from pipeline.decision import Threshold
from pipeline.detectors import DETECTORS
from pipeline.features.base import Feature, Worse
from pipeline.movement_tests.kind import MovementKind
from pipeline.movement_tests.registry import KINDS
from pipeline.movement_tests.words import TITLES
from pipeline.norms import ZeroConvention

_HEAD = """\
# Findings

How a walk becomes an answer: *present*, *not seen*, or *cannot be judged*, and why. This page is
written from `pipeline/detectors/`; `python -m validation.feature_catalogue` renews it and a test
holds it current.

## The rule

A deviation is *present* when the whole interval of its value lies beyond the threshold. The
interval is the 95 % confidence of the mean over steady strides and the 95 % measurement error of
one wearing, added as squares. Nothing inside its own error is present. Where the error is wider
than the whole way from usual to threshold, the answer is *cannot be judged*.

Reasons: `beyond_threshold`, `far_beyond_threshold` (present); `within_error` (the value is
beyond, its interval is not), `beyond_usual` (unusual, short of the threshold), `borderline`
(knee at or a little past straight), `within_usual` (not seen). Cannot be judged:
`sensor_not_worn`, `unfit`, `no_standing_zero`, `age_below_18`, `plane_refused`,
`too_few_strides`, `strides_implausible`, `speed_out_of_range`, `not_measured`,
`error_too_large`, `crosstalk`, `landmarks_disagree`, `no_shank_sensor`, `hint_snap_back`.

A recording without a standing pose never yields a finding. Angles need 20 steady strides a side,
asymmetry 30. Confidence is the chance that the value lies on this side of its threshold, times
how many strides there were (whole at twice those needed) and how well the axes are known.

"""


_TESTS_HEAD = """\
## Movement tests

The same rule over repetitions instead of strides. All angles are changes from the quiet posture
right before, so that how the sensors hang cancels. A repetition that is too shallow, has a
stumble or a gap, or is unlike the others is left out and named; nothing is scored where another
test or the other leg was seen, where the test was broken off, where too few repetitions remain or
where a sensor hangs differently afterwards. A test is announced by a `task_start` event whose
label names it (`squat`, `single_leg_stance_left`; `task_end` with the label `broken_off` stops
it); rising from a chair is recognised without. The thigh's plane of walking must be known: walk
ten steps first.

"""


def catalogue() -> str:
    """The whole page as Markdown."""
    walking = "\n".join(_section(detector) for detector in DETECTORS)
    tests = "\n".join(_test_section(kind) for kind in KINDS.values())
    return f"{_HEAD}{walking}\n{_TESTS_HEAD}{tests}"


def _section(detector) -> str:
    title = detector.__name__.rpartition(".")[2].replace("_", " ").capitalize()
    rows = "\n".join(_row(threshold) for threshold in detector.THRESHOLDS)
    return (
        f"## {title}\n\n{inspect.getdoc(detector)}\n\n"
        "| measure | present beyond | error | zero | why there |\n|---|---|---|---|---|\n"
        f"{rows}\n"
    )


def _test_section(kind: MovementKind) -> str:
    rows = "\n".join(_row(threshold) for threshold in kind.thresholds)
    return (
        f"### {TITLES[kind.task]} (`{kind.task}`)\n\n{kind.question} "
        f"Repetitions needed: {kind.needed}.\n\n"
        "| measure | present beyond | error | zero | why there |\n|---|---|---|---|---|\n"
        f"{rows}\n"
    )


def _row(threshold: Threshold) -> str:
    feature = threshold.feature
    unit = feature.unit
    gap = "" if unit == "°" else " "
    sign = "±" if threshold.worse is Worse.EITHER else ""
    below = "below " if threshold.worse is Worse.LOWER else ""
    at = f"{below}{sign}{threshold.at_free_speed:g}{gap}{unit}".replace("-", "−")
    if threshold.moves_with_norm:
        at += f", moving with {_moves_with(feature)}"
    error = "follows step time" if math.isnan(feature.error) else f"±{feature.error:.3g}{gap}{unit}"
    zero = "none needed" if threshold.zero is ZeroConvention.NONE else threshold.zero.value
    return (
        f"| [{feature.code} {feature.label}](features.md#{feature.name}) | {at} | {error} | {zero} "
        f"| {threshold.why} |"
    )


def _moves_with(feature: Feature) -> str:
    return "speed, sex and age" if feature.task is None else "sex and age"
