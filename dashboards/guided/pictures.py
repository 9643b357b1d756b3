"""One picture a test: how the wearer stands at its deepest point, from the side and behind."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import ceil

import numpy as np

from dashboards.guided.guided_tests import GuidedTest
from dashboards.view_models.figure_pose import FigurePose, LegPoints, Point, figure_pose
from pipeline.angles import ANGLE_COLUMNS
from recordings.placement import Side

_JOINTS = {"thigh": "thigh_inclination", "knee": "knee_flexion", "adduction": "hip_adduction"}
"""What the picture of a test names, and the series that it stands for."""

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille sign, by row and column."""
_DOTS_A_METRE = 28
_HEAD_M = 0.11
_GAP_M = 0.5


def pose_of(test: GuidedTest, side: Side | None) -> FigurePose:
    """The figure at the test's deepest point, done with one leg (both: as with the right)."""
    own = side or Side.RIGHT
    leg = {"own": own.value, "other": own.other.value}
    angles = dict.fromkeys(ANGLE_COLUMNS, 0.0)
    for name, value in test.pose_deg.items():
        which, _, part = name.partition("_")
        if which not in leg:
            angles[f"{name}_deg"] = value
            continue
        joint = {"thigh": "thigh_inclination", "knee": "knee_flexion", "adduction": "hip_adduction"}
        angles[f"{joint[part]}_{leg[which]}_deg"] = value
    return figure_pose(
        np.array([angles[name] for name in ANGLE_COLUMNS]), dict.fromkeys(Side, True)
    )


def as_text(pose: FigurePose) -> list[str]:
    """The figure in braille dots: from the side on the left, from behind on the right."""
    side = list(_strokes(pose.side_view.values(), pose.side_neck))
    behind = list(_strokes(pose.behind_view.values(), pose.behind_neck))
    shift = max(x for line in side for x, _ in line) - min(x for line in behind for x, _ in line)
    moved = [tuple((x + shift + _GAP_M, y) for x, y in line) for line in behind]
    return _dotted([*side, *moved])


def _strokes(legs: Iterable[LegPoints], neck: Point) -> Iterable[tuple[Point, ...]]:
    legs = list(legs)
    for leg in legs:
        yield (leg.hip, leg.knee, leg.ankle)
    hips = [leg.hip for leg in legs]
    yield tuple(hips)
    middle = (sum(x for x, _ in hips) / len(hips), sum(y for _, y in hips) / len(hips))
    yield (middle, neck)
    x, y = neck
    turn = np.linspace(0.0, 2.0 * np.pi, 17)
    yield tuple(
        (x + _HEAD_M * float(np.cos(a)), y + _HEAD_M * (1.0 + float(np.sin(a)))) for a in turn
    )


def _dotted(lines: list[tuple[Point, ...]]) -> list[str]:
    points = [point for line in lines for point in line]
    left, low = min(x for x, _ in points), min(y for _, y in points)
    right, high = max(x for x, _ in points), max(y for _, y in points)
    columns = ceil((right - left) * _DOTS_A_METRE / 2) + 1
    rows = ceil((high - low) * _DOTS_A_METRE / 4) + 1
    signs = np.zeros((rows, columns), np.int64)
    for line in lines:
        for (x0, y0), (x1, y1) in pairwise(line):
            steps = max(2, ceil(max(abs(x1 - x0), abs(y1 - y0)) * _DOTS_A_METRE * 2))
            for share in np.linspace(0.0, 1.0, steps):
                column = round((x0 + share * (x1 - x0) - left) * _DOTS_A_METRE)
                row = round((high - y0 - share * (y1 - y0)) * _DOTS_A_METRE)
                signs[row // 4, column // 2] |= _DOTS[row % 4][column % 2]
    return ["".join(chr(0x2800 + int(sign)) for sign in row).rstrip("\u2800") for row in signs]
