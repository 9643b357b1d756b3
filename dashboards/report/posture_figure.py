"""A stick figure as SVG: how somebody stood at one moment of a step, beside the usual."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.report.figures import INK, LINE, QUIET, SIDE_COLOUR, open_svg, svg_text
from dashboards.view_models.figure_pose import FigurePose, LegPoints, Point
from recordings.placement import Side

_WIDTH, _HEIGHT, _SCALE, _FLOOR, _MIDDLE = 230.0, 250.0, 134.0, 240.0, 115.0
_HEAD_M, _FOOT_M = 0.10, 0.14


def posture_figure(
    title: str,
    description: str,
    own: FigurePose,
    usual: FigurePose,
    side: Side,
    key: str,
    *,
    behind: bool,
    shift_m: tuple[float, float] = (0.0, 0.0),
) -> str:
    """The wearer in solid lines over the same posture with usual values, dashed.

    Parameters
    ----------
    title, description : str
        The description says the same in words, for who cannot see it.
    own, usual : FigurePose
    side : Side
        The leg that it is about, drawn in its colour.
    key : str
        Makes the ids unique in the page.
    behind : bool
        Seen from behind instead of from the right side.
    shift_m : tuple of float
        How far to the right the own and the usual figure are drawn.
    """
    parts = [open_svg(_WIDTH, _HEIGHT, title, description, key)]
    parts.append(svg_text(0, 14, title, size=12.5, weight=600))
    parts.append(f'<path class="grid" stroke="{LINE}" d="M20 {_FLOOR:g}H{_WIDTH - 20:g}"/>')
    parts.append(
        f'<g class="usual" stroke="{QUIET}" fill="none" stroke-width="2.2" '
        f'stroke-dasharray="5 4" stroke-linejoin="round">'
        f"{_figure(usual, side, behind, shift_m[1])}</g>"
    )
    parts.append(
        f'<g class="body" stroke="{INK}" fill="none" stroke-width="3" stroke-linecap="round" '
        f'stroke-linejoin="round">{_body(own, behind, shift_m[0])}'
        f"{_leg(_legs(own, behind)[side.other], behind, shift_m[0])}</g>"
    )
    dash = ' stroke-dasharray="11 4"' if side is Side.LEFT else ""
    leg, other = _legs(own, behind)[side], _legs(own, behind)[side.other]
    parts.append(
        f'<g class="{side}" stroke="{SIDE_COLOUR[side]}" fill="none" stroke-width="5"{dash} '
        f'stroke-linejoin="round">{_leg(leg, behind, shift_m[0])}</g>'
    )
    knee = _at((leg.knee[0] + shift_m[0], leg.knee[1]))
    outward = 24.0 if leg.knee[0] > other.knee[0] else -24.0
    anchor = "start" if outward > 0 else "end"
    parts.append(svg_text(knee[0] + outward, knee[1] - 8, str(side), anchor, size=11))
    return "".join([*parts, "</svg>"])


def _figure(pose: FigurePose, side: Side, behind: bool, shift_m: float) -> str:
    """Body and the one leg, all in the same stroke."""
    return _body(pose, behind, shift_m) + _leg(_legs(pose, behind)[side], behind, shift_m)


def _legs(pose: FigurePose, behind: bool) -> dict[Side, LegPoints]:
    return pose.behind_view if behind else pose.side_view


def _body(pose: FigurePose, behind: bool, shift_m: float) -> str:
    legs = _legs(pose, behind)
    left, right = legs[Side.LEFT].hip, legs[Side.RIGHT].hip
    middle = (0.5 * (left[0] + right[0]), 0.5 * (left[1] + right[1]))
    neck = pose.behind_neck if behind else pose.side_neck
    head = _at((neck[0] + shift_m, neck[1] + _HEAD_M))
    circle = f'<circle cx="{head[0]:.1f}" cy="{head[1]:.1f}" r="{0.085 * _SCALE:.1f}"/>'
    return _path((left, right), shift_m) + _path((middle, neck), shift_m) + circle


def _leg(leg: LegPoints, behind: bool, shift_m: float) -> str:
    points = [leg.hip, leg.knee, leg.ankle]
    if not behind:
        # The foot only shows which way is forward; it is not measured.
        points.append((leg.ankle[0] + _FOOT_M, leg.ankle[1] + 0.01))
    return _path(points, shift_m)


def _path(points: Sequence[Point], shift_m: float) -> str:
    placed = (_at((x + shift_m, y)) for x, y in points)
    return f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in placed)}"/>'


def _at(point: Point) -> Point:
    return _MIDDLE + _SCALE * point[0], _FLOOR - _SCALE * point[1]
