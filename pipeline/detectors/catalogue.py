"""The detectors written out for people, as the page docs/findings.md."""

from __future__ import annotations

import inspect
import math

from pipeline.decision import Threshold
from pipeline.detectors import DETECTORS
from pipeline.features.base import Worse
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


def catalogue() -> str:
    """The whole page as Markdown."""
    return _HEAD + "\n".join(_section(detector) for detector in DETECTORS)


def _section(detector) -> str:
    title = detector.__name__.rpartition(".")[2].replace("_", " ").capitalize()
    rows = "\n".join(_row(threshold) for threshold in detector.THRESHOLDS)
    return (
        f"## {title}\n\n{inspect.getdoc(detector)}\n\n"
        "| measure | present beyond | error | zero | why there |\n|---|---|---|---|---|\n"
        f"{rows}\n"
    )


def _row(threshold: Threshold) -> str:
    feature = threshold.feature
    gap = "" if feature.unit == "°" else " "
    sign = "±" if threshold.worse is Worse.EITHER else ""
    below = "below " if threshold.worse is Worse.LOWER else ""
    at = f"{below}{sign}{threshold.at_free_speed:g}{gap}{feature.unit}".replace("-", "−")
    if threshold.moves_with_norm:
        at += ", moving with speed, sex and age"
    error = "follows step time" if math.isnan(feature.error) else f"±{feature.error:g}°"
    zero = "none needed" if threshold.zero is ZeroConvention.NONE else threshold.zero.value
    return (
        f"| [{feature.code} {feature.label}](features.md#{feature.name}) | {at} | {error} | {zero} "
        f"| {threshold.why} |"
    )
