"""Knee and hip flexion of a real walk, beside the sensors' own orientations."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.analysis import analyze
from pipeline.angles import ANGLE_COLUMNS, AngleBlock
from recordings.containers import open_container
from recordings.frames import quaternion_conjugate, quaternion_product
from recordings.importers.matlab import load_matlab
from recordings.placement import Side
from validation.cases import Laboratory
from validation.numbers import FloatArray, rmse_without_offset
from validation.page import Grid, Section, number
from validation.shared_data import QMT

STANDING_S = (41.0, 43.5)
WALKING_S = (95.0, 138.0)
"""As the recording's own description has them; a turn lies between."""
JOINTS = {
    "hip flexion": ("hip", "upper_leg", "hip_flexion"),
    "knee flexion": ("upper_leg", "lower_leg", "knee_flexion"),
}


def section(laboratory: Laboratory, people: int) -> Section:
    result = Section(
        title="Joint angles on a real walk",
        meaning=(
            "One person, five sensors, 43 s of walking with a turn. The recording also holds "
            "orientations that came with it; the angle between two sensors, taken about "
            "the axis that it mostly turns about and from the standing pose, is another way to "
            "the same flexion that shares neither our orientation filter nor our axes (and has "
            "no anatomical axes at all, so frontal and transverse angles cannot be compared). "
            "Constant offsets are removed. It is a second opinion and not an optical reference: "
            "of the recordings at hand none has one."
        ),
    )
    if not QMT.is_there:
        result.notes.append(f"{QMT.source} is not at hand: nothing measured on it.")
        return result
    blocks: list[AngleBlock] = []
    analyze(QMT.session(), angle_sink=blocks.append)
    time_s = np.concatenate([b.time_s for b in blocks])
    values = np.concatenate([b.values for b in blocks])
    container = open_container(QMT.path)
    content = load_matlab(container, container.file_names()[0])
    own_time_s = np.asarray(content["t"], dtype=float)
    walking = (time_s >= WALKING_S[0]) & (time_s < WALKING_S[1])
    rows = []
    for words, (upper, lower, column) in JOINTS.items():
        for side in Side:
            names = [upper if upper == "hip" else f"{upper}_{side.value}", f"{lower}_{side.value}"]
            other = _flexion(content, names, own_time_s)
            found = values[:, ANGLE_COLUMNS.index(f"{column}_{side.value}_deg")][walking]
            beside = np.interp(time_s[walking], own_time_s, other)
            known = np.isfinite(found)
            slope = np.corrcoef(found[known], beside[known])[0, 1]
            beside = beside * np.sign(slope)
            rows.append(
                (
                    words,
                    side.value,
                    number(rmse_without_offset(found - beside)),
                    number(abs(slope), 3),
                    number(float(np.ptp(np.percentile(found[known], (1, 99))))),
                    number(float(np.ptp(np.percentile(beside[known], (1, 99))))),
                )
            )
    heads = ("angle", "leg", "RMSE, °", "correlation", "our range, °", "its range, °")
    caption = f"{QMT.source}: beside the orientations that came with it; ranges from 1 to 99 %"
    result.grids.append(Grid(caption, heads, rows))
    return result


def _flexion(content: dict[str, Any], names: list[str], time_s: FloatArray) -> FloatArray:
    """Angle (deg) between two sensors about the axis they mostly turn about, from standing."""
    upper, lower = (np.asarray(content[name].quat, dtype=float).T for name in names)
    joint = quaternion_product(quaternion_conjugate(upper), lower)
    standing = (time_s >= STANDING_S[0]) & (time_s < STANDING_S[1])
    zero = joint[:, standing][:, :1]
    turn = quaternion_product(joint, np.repeat(quaternion_conjugate(zero), joint.shape[1], axis=1))
    turn = turn * np.where(turn[0] < 0, -1.0, 1.0)
    sine = np.linalg.norm(turn[1:], axis=0)
    angle = 2.0 * np.arctan2(sine, turn[0])
    vector = turn[1:] / np.where(sine > 1e-9, sine, 1.0) * angle
    walking = (time_s >= WALKING_S[0]) & (time_s < WALKING_S[1])
    spread = vector[:, walking] - vector[:, walking].mean(axis=1, keepdims=True)
    axis = np.linalg.svd(spread, full_matrices=False)[0][:, 0]
    return np.rad2deg(axis @ vector)
