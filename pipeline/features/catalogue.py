"""The feature declarations written out for people, as the page docs/features.md."""

from __future__ import annotations

import math
from collections.abc import Iterable

from pipeline.features.base import Feature, Worse
from pipeline.features.registry import FEATURES
from pipeline.movement_tests.registry import TEST_FEATURES
from pipeline.norms import Norm, NormContext, ZeroConvention

_ZERO_WORDS = {
    ZeroConvention.ANATOMICAL: "anatomical (A)",
    ZeroConvention.STANDING: "standing pose (B)",
    ZeroConvention.NONE: "none needed",
}
_WORSE_WORDS = {
    Worse.HIGHER: "higher",
    Worse.LOWER: "lower",
    Worse.EITHER: "either way",
    Worse.NONE: "–",
}
_HEAD = """\
# Features

What hipgait measures on each stride, over a walk and in movement tests. This page is written from
the declarations in `pipeline/features/` and `pipeline/movement_tests/`;
`python -m validation.feature_catalogue` renews it and a test holds it current.

Signs are the same for both legs: flexion, inward lean (adduction) and inward turn are +,
forward tilt of the pelvis is +, a drop of the swinging side is +; differences are right minus
left. Per cent is of the gait cycle, 0 = own initial contact. The error is the 95 % half-width
for one wearing of the sensors; the smallest change is what two wearings must differ by to be
more than noise. Usual values are mean ± SD at free walking speed (v* = 0.43); those marked ↝
move with speed, ♀/♂ with sex, ⧖ with age.

"""


def catalogue() -> str:
    """The whole page as Markdown."""
    walking, tests = FEATURES.values(), TEST_FEATURES.values()
    return (
        f"{_HEAD}## At a glance\n\n{_table(walking)}\n\n"
        f"## At a glance: movement tests\n\n{_table(tests)}\n\n## One by one\n\n"
        + "\n".join(_section(f) for f in (*walking, *tests))
    )


def _table(features: Iterable[Feature]) -> str:
    head = (
        "| code | feature | usual | noteworthy / strong | error | smallest change |\n"
        "|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(_row(f) for f in features)


def _row(feature: Feature) -> str:
    flags = " / ".join(_number(v) for v in (feature.amber, feature.strong) if v is not None)
    return (
        f"| {feature.code} | [{feature.label}](#{feature.name}) | {_usual(feature)} "
        f"| {_with_unit(flags, feature)} | {_with_unit(_number(feature.error), feature)} "
        f"| {_with_unit(_number(feature.mdc), feature)} |"
    )


def _section(feature: Feature) -> str:
    planes = ", ".join(feature.planes) or "no axes needed"
    lines = [
        f'### <a id="{feature.name}"></a>{feature.code} {feature.label}',
        "",
        f"`{feature.name}` · {feature.unit or 'no unit'} · {_how(feature)}",
        "",
        feature.definition,
        "",
        f"* sensors: {', '.join(feature.segments)}; planes: {planes}",
        f"* zero: {_ZERO_WORDS[feature.zero]}; worse: {_WORSE_WORDS[feature.worse]}",
        f"* source: {feature.source}",
    ]
    if feature.note:
        lines.append(f"* {feature.note}")
    return "\n".join([*lines, "", ""])


def _how(feature: Feature) -> str:
    if feature.task is not None:
        return f"movement test `{feature.task}`"
    return "per stride" if feature.per_stride is not None else "per walk"


def _usual(feature: Feature) -> str:
    norm = feature.norm
    if norm is None:
        return "–"
    spread = f"{_number(norm.centre(NormContext()))} ± {_number(norm.sd)}"
    return f"{_with_unit(spread, feature)}{_marks(norm)}"


def _marks(norm: Norm) -> str:
    marks = [
        "↝" if norm.speed is not None else "",
        "♀/♂" if norm.sex_shift else "",
        "⧖" if norm.older_mean is not None else "",
    ]
    return "".join(f" {mark}" for mark in marks if mark)


def _with_unit(number: str, feature: Feature) -> str:
    gap = "" if feature.unit == "°" else " "
    return "–" if number in ("", "–") else f"{number}{gap}{feature.unit}".strip()


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3g}".replace("-", "−")
