"""The knobs: what can deviate in a walk, and the feature that a perfect lab would see change.

A knob changes the targets of a stride. How far it has to be turned for the feature to change
by exactly the amount asked for is found on the closed chain itself (`turn`), so that the
ground truth of a knob is what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.body import SIDE_SIGN, Body
from firmware_bridge.virtual_wearer.gait_curves import PHASES, bump
from firmware_bridge.virtual_wearer.stride_design import StrideCycle
from firmware_bridge.virtual_wearer.stride_targets import StrideTargets, on_limb
from recordings.placement import Side

FloatArray = NDArray[np.float64]

Change = Callable[[StrideTargets, Body, Side, float], None]
Measure = Callable[[StrideCycle, Side], float]

_COLLAPSE = bump(0.22, 0.11)
"""When a stance leg gives way inward: after loading, before the other foot lands."""

_STIFFEST = 0.9
"""Largest share of its bend in swing that a stiff knee loses."""


@dataclass(frozen=True, slots=True)
class Knob:
    """One kind of deviation.

    Attributes
    ----------
    unit : str
        Of the amount asked for.
    feature : str
        The feature that changes by the amount (asymmetries: the index reaches it).
    direction : int
        +1 if the feature grows with the amount.
    change : callable
        Changes targets in place by a turn of the knob (rad, m or a share).
    measure : callable or None
        The feature (degrees) on the closed chain; None where the turn is exact as it is.
    scale : float
        Turn of the knob per unit of amount, as a first guess or exactly.
    chain : bool
        The measure is of the closed chain, not of a curve that the stride keeps as it is.
    """

    unit: str
    feature: str
    direction: int
    change: Change
    measure: Measure | None
    scale: float
    meaning: str
    chain: bool = True


def turn(knob: Knob, targets: StrideTargets, body: Body, side: Side, amount: float) -> float:
    """How far to turn a knob so that its feature changes by `amount`: a few secant steps."""
    if knob.measure is None or amount == 0.0:
        return knob.scale * amount

    def felt(gain: float) -> float:
        changed = deepcopy(targets)
        knob.change(changed, body, side, gain)
        cycle = StrideCycle(body, changed)
        if knob.chain:
            cycle.fit()
        assert knob.measure is not None
        return knob.measure(cycle, side)

    base = felt(0.0)
    wanted = knob.direction * amount
    low, low_effect = 0.0, 0.0
    gain = knob.scale * amount
    best, best_miss = gain, np.inf
    for _ in range(_ROUNDS):
        effect = felt(gain) - base
        miss = abs(effect - wanted)
        if miss < best_miss:
            best, best_miss = gain, miss
        if miss < 0.02 or effect == low_effect:
            break
        slope = (effect - low_effect) / (gain - low)
        low, low_effect = gain, effect
        gain = gain + np.clip((wanted - effect) / slope, -0.6 * abs(gain), abs(gain))
    return float(best)


_ROUNDS = 6


# --- what each knob changes -------------------------------------------------------------


def _step_time(targets: StrideTargets, body: Body, side: Side, share: float) -> None:
    targets.step_time_s[side] *= 1 + 0.5 * share
    targets.step_time_s[side.other] *= 1 - 0.5 * share


def _stance_time(targets: StrideTargets, body: Body, side: Side, share: float) -> None:
    stance = [targets.step_time_s[s.other] + targets.double_support_s[s.other] for s in Side]
    more = 0.25 * share * float(np.sum(stance))
    support = targets.double_support_s
    more = min(more, 0.85 * support[side])
    support[side.other] += more
    support[side] -= more


def _pelvic_drop(targets: StrideTargets, body: Body, side: Side, turn_rad: float) -> None:
    drop = on_limb(_COLLAPSE, side) * turn_rad
    targets.pelvis_obliquity = targets.pelvis_obliquity + SIDE_SIGN[side] * drop


def _adduction(targets: StrideTargets, body: Body, side: Side, turn_rad: float) -> None:
    # Half of a leg leaning in is a knee that gives way, a third the hip moving out over the
    # foot, the rest a foot set nearer to the line.
    limb = targets.limb[side]
    limb.knee_valgus = limb.knee_valgus + 0.9 * turn_rad * _COLLAPSE
    shift = -SIDE_SIGN[side] * 0.30 * turn_rad * body.leg_length_m * on_limb(_COLLAPSE, side)
    targets.extra_sideways_m = targets.extra_sideways_m + shift
    narrower = 0.15 * turn_rad * body.leg_length_m
    targets.step_width_m = max(0.02, targets.step_width_m - narrower)


def _internal_rotation(targets: StrideTargets, body: Body, side: Side, turn_rad: float) -> None:
    limb = targets.limb[side]
    limb.hip_rotation = limb.hip_rotation + turn_rad * _COLLAPSE


def _constant_rotation(targets: StrideTargets, body: Body, side: Side, turn_rad: float) -> None:
    limb = targets.limb[side]
    limb.hip_rotation = limb.hip_rotation + turn_rad


def _less_extension(targets: StrideTargets, body: Body, side: Side, turn_rad: float) -> None:
    # The pelvis tips forward, most when the leg trails, and the step over it gets shorter.
    tip = 0.25 * turn_rad * (1 + on_limb(bump(0.50, 0.12), side))
    targets.pelvis_tilt = targets.pelvis_tilt + tip
    for s in Side:
        targets.limb[s].hip_flexion = targets.limb[s].hip_flexion + _to_limb(tip, s)
    _shorten(targets, side.other, 0.55 * turn_rad * body.leg_length_m)


def _shorten(targets: StrideTargets, side: Side, by_m: float) -> None:
    """Shorten the step that ends with one foot; the speed is kept by quicker steps."""
    before = sum(targets.step_length_m.values())
    targets.step_length_m[side] = max(0.1, targets.step_length_m[side] - by_m)
    quicker = sum(targets.step_length_m.values()) / before
    for s in Side:
        targets.step_time_s[s] *= quicker
        targets.double_support_s[s] *= quicker


def _anterior_tilt(targets: StrideTargets, body: Body, side: Side, turn_rad: float) -> None:
    targets.pelvis_tilt = targets.pelvis_tilt + turn_rad
    for limb in targets.limb.values():
        limb.hip_flexion = limb.hip_flexion + turn_rad


def _less_lift(targets: StrideTargets, body: Body, side: Side, turn_rad: float) -> None:
    limb = targets.limb[side]
    limb.hip_flexion = limb.hip_flexion - turn_rad * bump(0.84, 0.12)
    limb.knee_flexion = limb.knee_flexion - 0.4 * turn_rad * bump(0.73, 0.08)
    _shorten(targets, side, 0.25 * turn_rad * body.leg_length_m)
    limb.swing_out_m += 0.12 * turn_rad


def _hyperextension(
    targets: StrideTargets, body: Body, side: Side, turn_rad: float, shank_share: float = 0.5
) -> None:
    limb = targets.limb[side]
    shape = bump(0.33, 0.075)
    limb.knee_flexion = limb.knee_flexion - turn_rad * shape
    # The share of the shank decides whether the hip is carried forward or left behind.
    length = 0.5 * (body.thigh_m[side] + body.shank_m[side])
    shift = length * turn_rad * (1 - 2 * shank_share) * shape
    targets.extra_forward_m = targets.extra_forward_m + on_limb(shift, side)


def _stiff_knee(targets: StrideTargets, body: Body, side: Side, turn_rad: float) -> None:
    # A share of what the knee bends is lost, so that at no pace it bends the wrong way.
    limb = targets.limb[side]
    bend = np.maximum(limb.knee_flexion, 0.0)
    share = min(turn_rad / float(bend[_percent(55, 90)].max()), _STIFFEST)
    onset = np.clip((PHASES - 0.50) / 0.20, 0.0, 1.0)
    limb.knee_flexion = limb.knee_flexion - share * onset**2 * (3 - 2 * onset) * bend
    limb.push_off *= 1.0 - share
    limb.swing_out_m += 0.10 * turn_rad
    hike = SIDE_SIGN[side] * 0.10 * turn_rad * on_limb(bump(0.72, 0.10), side)
    targets.pelvis_obliquity = targets.pelvis_obliquity + hike


def _stiff_hip(targets: StrideTargets, body: Body, side: Side, turn_rad: float) -> None:
    # What the hip does not give the pelvis does: it tips back as the leg swings. The rest is lost
    # from the lift of the leg and from both steps.
    tip = on_limb(-0.40 * turn_rad * bump(0.90, 0.14), side)
    targets.pelvis_tilt = targets.pelvis_tilt + tip
    for s in Side:
        targets.limb[s].hip_flexion = targets.limb[s].hip_flexion + _to_limb(tip, s)
    limb = targets.limb[side]
    limb.hip_flexion = limb.hip_flexion - 0.29 * turn_rad * bump(0.90, 0.14)
    for s in Side:
        _shorten(targets, s, 0.12 * turn_rad * body.leg_length_m)


def _lateral_sway(targets: StrideTargets, body: Body, side: Side, shift_m: float) -> None:
    over = -SIDE_SIGN[side] * shift_m * on_limb(bump(0.30, 0.12), side)
    targets.extra_sideways_m = targets.extra_sideways_m + over


def _to_limb(curve: FloatArray, side: Side) -> FloatArray:
    return curve if side is Side.RIGHT else np.roll(curve, -(curve.size // 2))


# --- how a lab sees them ----------------------------------------------------------------


def _percent(low: int, high: int) -> slice:
    return slice(2 * low, 2 * high + 1)


def _drop_peak(cycle: StrideCycle, side: Side) -> float:
    up = SIDE_SIGN[side] * _to_limb(cycle.targets.pelvis_obliquity, side)
    return float(np.rad2deg(up[_percent(5, 40)].max()))


def _adduction_peak(cycle: StrideCycle, side: Side) -> float:
    return float(np.rad2deg(cycle.stance_angles(side).hip_adduction[_percent(5, 45)].max()))


def _rotation_excursion(cycle: StrideCycle, side: Side) -> float:
    rotation = cycle.targets.limb[side].hip_rotation
    return float(np.rad2deg(rotation[_percent(0, 35)].max() - rotation[0]))


def _extension_peak(cycle: StrideCycle, side: Side) -> float:
    hip = cycle.stance_angles(side).hip_flexion
    last = int(100 * min(cycle.off[side], 0.60))
    return float(np.rad2deg(hip[_percent(40, last)].min()))


def _flexion_peak(cycle: StrideCycle, side: Side) -> float:
    return float(np.rad2deg(cycle.hip_flexion[side][_percent(70, 99)].max()))


def _hip_range(cycle: StrideCycle, side: Side) -> float:
    return _flexion_peak(cycle, side) - _extension_peak(cycle, side)


def _knee_minimum(cycle: StrideCycle, side: Side) -> float:
    return float(np.rad2deg(cycle.stance_angles(side).knee_flexion[_percent(20, 55)].min()))


def _knee_swing(cycle: StrideCycle, side: Side) -> float:
    return float(np.rad2deg(cycle.targets.limb[side].knee_flexion[_percent(55, 90)].max()))


_RAD = float(np.deg2rad(1.0))

KNOBS: dict[str, Knob] = {
    "step_time_asymmetry": Knob(
        "%", "F28", +1, _step_time, None, 0.01, "steps that end with this foot last longer"
    ),
    "stance_asymmetry": Knob(
        "%", "F29", +1, _stance_time, None, 0.01, "this foot stays on the ground longer"
    ),
    "pelvic_drop": Knob(
        "deg",
        "F09",
        +1,
        _pelvic_drop,
        _drop_peak,
        _RAD,
        "the other side of the pelvis drops while this leg stands",
        chain=False,
    ),
    "hip_adduction": Knob(
        "deg", "F13", +1, _adduction, _adduction_peak, _RAD, "this thigh leans inward in stance"
    ),
    "hip_internal_rotation": Knob(
        "deg",
        "F16",
        +1,
        _internal_rotation,
        _rotation_excursion,
        _RAD,
        "this thigh turns inward after contact",
        chain=False,
    ),
    "thigh_turned_in": Knob(
        "deg",
        "F15",
        +1,
        _constant_rotation,
        None,
        _RAD,
        "this thigh is turned inward all the time (toe-in); negative is toe-out",
    ),
    "limited_hip_extension": Knob(
        "deg",
        "F04",
        +1,
        _less_extension,
        _extension_peak,
        _RAD,
        "this hip extends less, with the pelvis tipped forward",
    ),
    "anterior_tilt": Knob(
        "deg", "F03", +1, _anterior_tilt, None, _RAD, "the pelvis tips forward while walking"
    ),
    "reduced_hip_flexion": Knob(
        "deg", "F06", -1, _less_lift, _flexion_peak, _RAD, "this leg is lifted less in swing"
    ),
    "knee_hyperextension": Knob(
        "deg",
        "F20",
        -1,
        _hyperextension,
        _knee_minimum,
        _RAD,
        "this knee straightens further in stance",
    ),
    "stiff_knee": Knob(
        "deg", "F23", -1, _stiff_knee, _knee_swing, _RAD, "this knee bends less in swing"
    ),
    "stiff_hip": Knob(
        "deg", "F07", -1, _stiff_hip, _hip_range, _RAD, "this hip moves less, both ways"
    ),
    "lateral_sway": Knob(
        "m", "F35", +1, _lateral_sway, None, 1.0, "the pelvis moves over this leg in stance"
    ),
}
"""Kind → knob. A leg-length difference is a fact of the body, not a knob of the stride."""
