"""Real kinematics made into virtual walks: joint-angle files become IMU signals.

A recorded stride (pelvis, hips, knees) takes the place of the usual curves, and the virtual
person walks it through any timeline, feet planted as ever. Pelvis angles, hip rotation and
the stance knee are then the recorded ones; hip flexion comes as near as the closed chain
allows, and hip adduction follows from pelvis and feet. The truth says what was walked.

Files: OpenSim motion (``.mot``, Rajagopal coordinates) and C3D with Plug-in Gait angles and
foot-strike events; reading C3D needs the package ``ezc3d``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from firmware_bridge.virtual_wearer.body import Body
from firmware_bridge.virtual_wearer.gait_curves import PHASES
from firmware_bridge.virtual_wearer.spec import Spec
from firmware_bridge.virtual_wearer.stride_targets import StrideTargets, Style, usual_targets
from recordings.errors import FormatError, InputError
from recordings.placement import Side

FloatArray = NDArray[np.float64]

_HARMONICS = 8
_PELVIS = ("pelvis_tilt", "pelvis_obliquity", "pelvis_rotation")
_LEG = ("hip_flexion", "hip_rotation", "knee_flexion")


@dataclass(frozen=True, slots=True)
class RecordedStride:
    """One cycle of a real person.

    Attributes
    ----------
    curves_deg : dict of str to ndarray, shape (200,)
        Pelvis curves over the right cycle; leg curves (``knee_flexion_left`` …) over the
        cycle of their own leg; clinical signs.
    stride_time_s, speed_m_s : float
    standing_knee_deg : dict of Side to float
        Knees of a static trial, where there is one.
    """

    curves_deg: dict[str, FloatArray]
    stride_time_s: float
    speed_m_s: float
    standing_knee_deg: dict[Side, float] = field(default_factory=dict)


def read_recorded_stride(path: str | Path, static: str | Path | None = None) -> RecordedStride:
    """The mean stride of a joint-angle file.

    Parameters
    ----------
    path : path
        ``.mot`` or ``.c3d`` of straight walking with at least one whole stride a side.
    static : path, optional
        C3D of quiet standing, for the standing knees.

    Raises
    ------
    InputError
        If the file or the package to read it is missing.
    FormatError
        If it holds no whole stride or lacks an angle.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"There is no file {path}.", reason="replay_missing")
    time_s, angles, contacts, speed = _read_mot(path) if path.suffix == ".mot" else _read_c3d(path)
    strides = {side: list(pairwise(t)) for side, t in contacts.items()}
    if not all(strides.values()):
        raise FormatError(
            f"{path.name} holds no whole stride of each leg.",
            hint="Use a longer recording of straight walking.",
            reason="replay_no_stride",
        )
    curves = {}
    for name in _PELVIS:
        curves[name] = _mean_cycle(time_s, angles[name], strides[Side.RIGHT])
    for side in Side:
        for name in (f"{n}_{side.value}" for n in _LEG):
            curves[name] = _mean_cycle(time_s, angles[name], strides[side])
    period = float(np.mean([b - a for s in strides.values() for a, b in s]))
    standing = {}
    if static is not None:
        knees = _c3d_angles(Path(static))[1]
        standing = {s: float(np.nanmean(knees[f"knee_flexion_{s.value}"])) for s in Side}
    return RecordedStride(curves, period, speed, standing)


def as_person(recorded: RecordedStride, spec: Spec) -> Spec:
    """The spec with the person's speed and standing pose taken from the recording."""
    person = msgspec.structs.replace(
        spec.person,
        speed_m_s=float(np.clip(round(recorded.speed_m_s, 2), 0.3, 2.0)),
        standing_tilt_deg=float(np.clip(recorded.curves_deg["pelvis_tilt"].mean() - 1.0, -10, 30)),
        standing_knee_left_deg=recorded.standing_knee_deg.get(Side.LEFT, 1.5),
        standing_knee_right_deg=recorded.standing_knee_deg.get(Side.RIGHT, 1.5),
    )
    return msgspec.structs.replace(spec, person=person)


def recorded_targets(
    recorded: RecordedStride, body: Body, style: Style
) -> Callable[[float], StrideTargets]:
    """Targets of any speed: the recorded curves at theirs, smaller ones when slower."""

    def targets(speed_m_s: float) -> StrideTargets:
        made = usual_targets(body, style, speed_m_s)
        share = float(np.clip((speed_m_s / recorded.speed_m_s) ** 0.5, 0.3, 1.2))

        def curve(name: str) -> FloatArray:
            y = np.deg2rad(recorded.curves_deg[name])
            return y.mean() + share * (y - y.mean())

        made.pelvis_tilt = curve("pelvis_tilt")
        made.pelvis_obliquity, made.pelvis_rotation = (
            curve("pelvis_obliquity"),
            curve("pelvis_rotation"),
        )
        for side, limb in made.limb.items():
            limb.hip_flexion = curve(f"hip_flexion_{side.value}")
            limb.hip_rotation = curve(f"hip_rotation_{side.value}")
            limb.knee_flexion = curve(f"knee_flexion_{side.value}")
        own_step_s = 0.5 * recorded.stride_time_s
        ratio = own_step_s / float(np.mean(list(made.step_time_s.values())))
        if abs(speed_m_s - recorded.speed_m_s) < 0.2:
            made.step_time_s = {s: v * ratio for s, v in made.step_time_s.items()}
            made.double_support_s = {s: v * ratio for s, v in made.double_support_s.items()}
            made.step_length_m = {s: v * ratio for s, v in made.step_length_m.items()}
        return made

    return targets


def _mean_cycle(
    time_s: FloatArray, series: FloatArray, strides: list[tuple[float, float]]
) -> FloatArray:
    """Mean of the strides, made periodic and smoothed to a few harmonics."""
    cycles = []
    for start, end in strides:
        phase = np.r_[PHASES, 1.0]
        at = start + phase * (end - start)
        # A trial of little more than a stride is read round the corner.
        at = np.where(at > time_s[-1], at - (end - start), at)
        at = np.where(at < time_s[0], at + (end - start), at)
        y = np.interp(at, time_s, series)
        cycles.append(y[:-1] - (y[-1] - y[0]) * (PHASES - 0.5))
    spectrum = np.fft.rfft(np.mean(cycles, axis=0))
    spectrum[_HARMONICS + 1 :] = 0.0
    return np.fft.irfft(spectrum, PHASES.size)


_Recording = tuple[FloatArray, dict[str, FloatArray], dict[Side, list[float]], float]


def _read_mot(path: Path) -> _Recording:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    try:
        end = next(i for i, line in enumerate(lines) if line.strip() == "endheader")
        names = lines[end + 1].split()
        table = np.array(
            [[float(x) for x in line.split()] for line in lines[end + 2 :] if line.strip()]
        )
        column = {name: table[:, k] for k, name in enumerate(names)}
    except (StopIteration, ValueError, IndexError) as error:
        raise FormatError(
            f"{path.name} is no OpenSim motion file.", reason="replay_format"
        ) from error
    in_degrees = any(line.replace(" ", "").lower() == "indegrees=yes" for line in lines[:end])
    scale = 1.0 if in_degrees else float(np.rad2deg(1.0))
    try:
        angles = {
            "pelvis_tilt": -scale * column["pelvis_tilt"],
            "pelvis_obliquity": -scale * column["pelvis_list"],
            "pelvis_rotation": scale * column["pelvis_rotation"],
        }
        for side in Side:
            s = side.value[0]
            angles[f"hip_flexion_{side.value}"] = scale * column[f"hip_flexion_{s}"]
            angles[f"hip_rotation_{side.value}"] = scale * column[f"hip_rotation_{s}"]
            angles[f"knee_flexion_{side.value}"] = scale * column[f"knee_angle_{s}"]
        time_s = column["time"]
        way = np.hypot(np.ptp(column["pelvis_tx"]), np.ptp(column["pelvis_tz"]))
    except KeyError as error:
        raise FormatError(f"{path.name} has no column {error}.", reason="replay_column") from error
    angles["pelvis_rotation"] = angles["pelvis_rotation"] - angles["pelvis_rotation"].mean()
    period = _period(time_s, angles)
    if not np.isfinite(period):
        return time_s, angles, {side: [] for side in Side}, 0.0
    contacts = {side: _contacts_from_legs(time_s, angles, side, period) for side in Side}
    return time_s, angles, contacts, float(way / np.ptp(time_s))


def _contacts_from_legs(
    time_s: FloatArray, angles: dict[str, FloatArray], side: Side, period_s: float
) -> list[float]:
    """First contact where the ankle is furthest ahead of the hip (Zeni's rule), and the
    next one a period later; a trial that does not show it shows the foot furthest behind."""
    thigh = np.deg2rad(angles[f"hip_flexion_{side.value}"] - angles["pelvis_tilt"])
    shank = thigh - np.deg2rad(angles[f"knee_flexion_{side.value}"])
    ahead = np.sin(thigh) + np.sin(shank)
    spacing = max(1, int(0.7 * period_s / float(np.median(np.diff(time_s)))))
    front = time_s[find_peaks(ahead, distance=spacing, prominence=0.1)[0]]
    back = time_s[find_peaks(-ahead, distance=spacing, prominence=0.1)[0]]
    if front.size:
        start = float(front[0])
    elif back.size:
        start = float(back[0]) - _FURTHEST_BEHIND * period_s
    else:
        return []
    return [start, start + period_s]


_FURTHEST_BEHIND = 0.54
"""Share of the cycle at which the foot is furthest behind the hip."""


def _period(time_s: FloatArray, angles: dict[str, FloatArray]) -> float:
    """The stride time at which all angles together come back to themselves best."""
    step_s = float(np.median(np.diff(time_s)))
    series = np.stack([y - y.mean() for y in angles.values()])
    lags = np.arange(int(0.75 / step_s), min(int(1.5 / step_s), time_s.size - int(0.06 / step_s)))
    if lags.size == 0:
        return np.nan
    miss = [np.mean((series[:, lag:] - series[:, :-lag]) ** 2) for lag in lags]
    return float(lags[int(np.argmin(miss))] * step_s)


def _c3d_angles(path: Path) -> tuple[FloatArray, dict[str, FloatArray], object]:
    try:
        import ezc3d  # type: ignore[import-untyped]
    except ImportError as error:
        raise InputError(
            "Reading C3D files needs the package ezc3d.", hint="pip install ezc3d"
        ) from error
    try:
        file = ezc3d.c3d(str(path))
        points = file["parameters"]["POINT"]
        labels, rate = points["LABELS"]["value"], float(points["RATE"]["value"][0])
        data = file["data"]["points"]

        def output(name: str, component: int) -> FloatArray:
            return np.asarray(data[component, labels.index(name)], dtype=float)

        angles = {
            "pelvis_tilt": output("RPelvisAngles", 0),
            "pelvis_obliquity": output("RPelvisAngles", 1),
            "pelvis_rotation": output("RPelvisAngles", 2),
        }
        for side in Side:
            s = side.value[0].upper()
            angles[f"hip_flexion_{side.value}"] = output(f"{s}HipAngles", 0)
            angles[f"hip_rotation_{side.value}"] = output(f"{s}HipAngles", 2)
            angles[f"knee_flexion_{side.value}"] = output(f"{s}KneeAngles", 0)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise FormatError(
            f"{path.name} has no Plug-in Gait angles.", reason="replay_format"
        ) from error
    first = int(file["header"]["points"]["first_frame"])
    time_s = (first + np.arange(angles["pelvis_tilt"].size)) / rate
    for name, y in angles.items():
        angles[name] = np.where(np.isfinite(y), y, 0.0)
    return time_s, angles, file


def _read_c3d(path: Path) -> _Recording:
    time_s, angles, file = _c3d_angles(path)
    events = file["parameters"].get("EVENT", {})  # type: ignore[index]
    try:
        rows = list(
            zip(
                events["CONTEXTS"]["value"],
                events["LABELS"]["value"],
                np.asarray(events["TIMES"]["value"])[1],
                strict=True,
            )
        )
        points = file["parameters"]["POINT"]["LABELS"]["value"]  # type: ignore[index]
        front = file["data"]["points"][:2, points.index("RASI")] / 1000.0  # type: ignore[index]
    except (KeyError, ValueError, IndexError) as error:
        raise FormatError(
            f"{path.name} has no foot strikes or no pelvis marker.", reason="replay_events"
        ) from error
    contacts = {
        side: sorted(
            float(t)
            for context, label, t in rows
            if label == "Foot Strike" and context.lower() == side.value
        )
        for side in Side
    }
    inside = np.isfinite(front).all(axis=0) & (np.abs(front).sum(axis=0) > 0)
    seen = np.flatnonzero(inside)
    way = np.hypot(*(front[:, seen[-1]] - front[:, seen[0]]))
    for name in ("pelvis_rotation",):
        angles[name] = angles[name] - np.median(angles[name])
    return time_s, angles, contacts, float(way / (time_s[seen[-1]] - time_s[seen[0]]))
