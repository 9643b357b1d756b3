"""What the knobs of a walk do to a leg that bends or stands alone.

Thigh turned in, thigh leaning in and the dropping pelvis act in the movements on the spot as
they do in stance: at the deepest point the angle has changed by the amount of the knob. How
far the knee has to give way for it is found on the closed chain, sample by sample.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from firmware_bridge.virtual_wearer.behaviours.moves import hip_m, let_knees_follow
from firmware_bridge.virtual_wearer.body import SIDE_SIGN, Body
from firmware_bridge.virtual_wearer.inverse_kinematics import solve_leg
from firmware_bridge.virtual_wearer.rotations import FloatArray
from firmware_bridge.virtual_wearer.spec import Deviation
from firmware_bridge.virtual_wearer.stance import Stance
from recordings.placement import Side

VALGUS_PER_INWARD = 0.4
"""A thigh that is made to turn in takes the knee along by this share."""
_ROUNDS = 4


class Collapse:
    """The deviations of a person as angles that a leg takes on while it is loaded."""

    def __init__(self, body: Body, deviations: Sequence[Deviation] = ()) -> None:
        self._body, self._deviations = body, tuple(deviations)

    def amount(self, kind: str, side: Side, time_s: FloatArray) -> FloatArray:
        """Amount of one knob over time: its onset and ramp are those of the walk."""
        total = np.zeros_like(time_s)
        for d in self._deviations:
            if d.kind != kind or d.side is not side:
                continue
            if d.from_s == 0.0:
                total += d.amount
                continue
            u = np.clip((time_s - d.from_s) / max(d.over_s, 1e-9), 0.0, 1.0)
            total += d.amount * u**3 * (10 - 15 * u + 6 * u * u)
        return total

    def drop_rad(self, stance_side: Side, time_s: FloatArray) -> FloatArray:
        """How far the other side of the pelvis drops while one leg stands alone."""
        return np.deg2rad(self.amount("pelvic_drop", stance_side, time_s))

    def turn_in(
        self,
        time_s: FloatArray,
        stance: Stance,
        rows: slice,
        side: Side,
        share: FloatArray,
        inward_deg: float = 0.0,
    ) -> None:
        """Turn a thigh inward with the depth of the movement (0–1), in place."""
        asked = share * np.deg2rad(inward_deg)
        knob = share * np.deg2rad(self.amount("hip_internal_rotation", side, time_s[rows]))
        stance.hip_rotation[side][rows] += asked + knob
        stance.valgus[side][rows] += VALGUS_PER_INWARD * asked

    def lean_in(
        self,
        time_s: FloatArray,
        stance: Stance,
        rows: slice,
        side: Side,
        share: FloatArray,
        settle: Callable[[], None] | None = None,
    ) -> None:
        """Let a knee give way until the hip adducts by the knob's amount more, in place.

        `settle`, if given, puts the pelvis back onto the leg after its knee has moved.
        """
        wanted = share * np.deg2rad(self.amount("hip_adduction", side, time_s[rows]))
        if not np.any(wanted):
            return
        own_valgus = stance.valgus[side][rows].copy()

        def felt(valgus: FloatArray) -> FloatArray:
            stance.valgus[side][rows] = own_valgus + valgus
            if settle is not None:
                settle()
            let_knees_follow(stance, rows, self._body, [side])
            return self._adduction(stance, rows, side)

        base = felt(np.zeros_like(wanted))
        before, before_effect = np.zeros_like(wanted), np.zeros_like(wanted)
        valgus = 1.5 * wanted
        for _ in range(_ROUNDS):
            effect = felt(valgus) - base
            step = valgus - before
            slope = (effect - before_effect) / np.where(np.abs(step) < 1e-9, 1.0, step)
            usable = np.abs(slope) > 0.05
            change = np.where(usable, (wanted - effect) / np.where(usable, slope, 1.0), 0.0)
            before, before_effect = valgus, effect
            limit = 0.5 * np.abs(wanted)
            valgus = valgus + np.clip(change, -limit, limit)
        felt(valgus)

    def _adduction(self, stance: Stance, rows: slice, side: Side) -> FloatArray:
        body = self._body
        return solve_leg(
            stance.pelvis_q[:, rows],
            hip_m(stance, rows, body, side),
            stance.foot[side].ankle_m[:, rows],
            side_sign=SIDE_SIGN[side],
            thigh_m=body.thigh_m[side],
            shank_m=body.shank_m[side],
            hip_rotation=stance.hip_rotation[side][rows],
            knee_intended=stance.knee[side][rows],
            knee_valgus=stance.valgus[side][rows],
        ).hip_adduction
