"""Standing and walking: pelvis, feet and intended knees at any times of the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from firmware_bridge.virtual_wearer.behaviours.on_the_spot import on_the_spot
from firmware_bridge.virtual_wearer.behaviours.stumble import lurch
from firmware_bridge.virtual_wearer.body import SIDE_SIGN, Body
from firmware_bridge.virtual_wearer.foot_path import SWING_SHAPES, FootPath, FootPose, FootSteps
from firmware_bridge.virtual_wearer.inverse_kinematics import hip_height_for_knee
from firmware_bridge.virtual_wearer.rotations import rotate
from firmware_bridge.virtual_wearer.spec import Deviation, Person
from firmware_bridge.virtual_wearer.stance import Stance
from firmware_bridge.virtual_wearer.step_plan import Bout, Step, StepPlan, footprint_offset_m
from firmware_bridge.virtual_wearer.stride_design import (
    HEEL_RISE_START,
    HEEL_ROCKER_SHARE,
    LIMB_CURVES,
    POSTURE_CURVES,
    TAKEOVER,
    StrideDesign,
)
from recordings.placement import Side

FloatArray = NDArray[np.float64]

FREE_SWING = (0.4, 0.3)
"""Shares of the swing over which the foot changes from planned to free, and back."""

SWING_PACE_S = 0.06
"""About a foot-off the joints keep the pace of even steps for this long."""

BRAKED_EARLIER = 0.5
"""How much earlier than its landing a step is braked that always lasts longer than the other, as a
share of half the difference, before `EVEN_PROGRESS` has its say.

Together the braking of a step comes 0.42 of half the difference earlier against its landing.
Real walkers, side against side: 0.41 (Stanford FOG pt5, ankles), 0.58 (Mobilise-D MS/001, insoles)
and 0.68 (HA/001); their references are ragged, so the cautious end is taken. At 0.5 braking
is even and tells nothing of uneven steps. Steps that are long by chance show none of it (0.07)."""

TERMINAL_SWING = 0.13
"""Share of the stride before landing in which a foot is braked as in even steps.

The last phase of swing begins at 87 % of the cycle. Measured: in swings that last 100 ms longer
than others of the same leg, the leg stops coming forward of the hip 4 to 8 ms earlier before the
foot lands (200 swings of four people with a sensor on each foot). Modelled: that this also
holds where one leg always is late: here it is 4 to 6 ms. A swing drawn out as a whole, whose leg
meets the pelvis only at its end, has 19 to 24."""

MOST_WAITING = 0.4
"""Largest share of the rest of a swing by which it is drawn out or shortened."""

EVEN_PROGRESS = 0.44
"""How far the pelvis keeps its speed over uneven steps (1) or the middle of the feet (0)."""

LANDING = 0.3
"""Share of the swing at either end in which the foot keeps strictly to its planned path."""

RIDE_SMOOTHING_S = 0.016
"""Standard deviation of the smoothing of pelvis height: muscles are no stilts."""


@dataclass(frozen=True, slots=True)
class DesignAt:
    """A stride design and the time from which it holds (blended in over `ramp_s`)."""

    start_s: float
    ramp_s: float
    design: StrideDesign


class Walking:
    """Evaluates a step plan."""

    def __init__(
        self,
        body: Body,
        person: Person,
        plan: StepPlan,
        designs: Sequence[DesignAt],
        deviations: Sequence[Deviation] = (),
    ) -> None:
        self._body, self._person, self._plan = body, person, plan
        self._designs = designs
        self._bouts = [_BoutSplines(bout) for bout in plan.bouts]
        self.steps = {side: self._foot_steps(side) for side in Side}
        self._foot = {side: FootPath(self.steps[side], body, -SIDE_SIGN[side]) for side in Side}
        self._shifts = _WeightShifts(plan)
        self._on_the_spot = on_the_spot(plan.labels, body, deviations, self._facing)

    def stance(self, time_s: FloatArray) -> Stance:
        """Pelvis, feet and intended joint angles at equally spaced times."""
        n = time_s.size
        distance = np.empty(n)
        speed, pelvis_phase, braking_phase = np.zeros(n), np.zeros(n), np.zeros(n)
        ahead = np.zeros(n)
        limb_phase = {side: np.zeros(n) for side in Side}
        edges = np.searchsorted(time_s, [b.start_s for b in self._plan.bouts])
        distance[:] = self._standing_distance(time_s)
        for bout, first in zip(self._bouts, edges, strict=True):
            last = np.searchsorted(time_s, bout.end_s)
            if first >= last:
                continue
            t = time_s[first:last]
            ahead[first:last] = bout.ahead(t)
            distance[first:last] = bout.middle(t) + ahead[first:last]
            speed[first:last] = bout.speed(t)
            pelvis_phase[first:last] = bout.pelvis_phase(t)
            braking_phase[first:last] = bout.braking_phase(t)
            for side in Side:
                limb_phase[side][first:last] = bout.limb_phase[side](t)
        pelvis, limb = self._curves(time_s, speed, pelvis_phase, braking_phase, limb_phase)
        heading = self._plan.route.heading(distance)
        x, y = self._plan.route.position(distance)
        cos, sin = np.cos(heading), np.sin(heading)
        x = x + pelvis["forward"] * cos - pelvis["sideways"] * sin
        y = y + pelvis["forward"] * sin + pelvis["sideways"] * cos
        foot = {side: self._foot[side].pose(time_s) for side in Side}
        stance = Stance(
            pelvis_m=np.stack((x, y, np.zeros(n))),
            pelvis_angles={k: pelvis[k] for k in ("tilt", "obliquity", "rotation")},
            sideways_m=pelvis["sideways"],
            heading=heading,
            foot=foot,
            knee={side: limb[side]["knee"] for side in Side},
            hip_rotation={
                side: limb[side]["hip_rotation"] + self._turning(side, foot[side], heading)
                for side in Side
            },
            valgus={side: limb[side]["valgus"] for side in Side},
            step_s=float(time_s[1] - time_s[0]),
        )
        stance.pelvis_m[2] = self._ride(time_s, stance)
        for side in Side:
            self._swing_freely(stance, side, limb[side]["hip_flexion"], ahead)
        for behaviour in self._on_the_spot:
            behaviour.apply(time_s, stance)
        for time, severity in self._plan.pulses:
            lurch(time_s - time, severity, stance)
        return stance

    def _swing_freely(
        self, stance: Stance, side: Side, hip_flexion: FloatArray, pelvis_ahead_m: FloatArray
    ) -> None:
        """In mid-swing the joints lead and the foot follows; near the ground it is planned.

        By what the pelvis is ahead of the middle of the feet, as it keeps its pace over uneven
        steps, the foot lands less far ahead of it. The leg swings to there from the beginning,
        so that it need not be caught up with in the last tenth of a second.
        """
        foot, body = stance.foot[side], self._body
        rows = np.flatnonzero(foot.swing)
        if not rows.size:
            return
        u = foot.swing[rows]
        rise, fall = np.clip(u / FREE_SWING[0], 0, 1), np.clip((1 - u) / FREE_SWING[1], 0, 1)
        share = _smooth(rise) * _smooth(fall)
        thigh = hip_flexion[rows] - stance.pelvis_angles["tilt"][rows]
        shank = thigh - stance.knee[side][rows]
        offset = rotate(stance.pelvis_q[:, rows], body.hip_offset_m(side))
        hip = stance.pelvis_m[:, rows] + offset
        forward = body.thigh_m[side] * np.sin(thigh) + body.shank_m[side] * np.sin(shank)
        down = body.thigh_m[side] * np.cos(thigh) + body.shank_m[side] * np.cos(shank)
        cos, sin = np.cos(stance.heading[rows]), np.sin(stance.heading[rows])
        planned = foot.ankle_m[:, rows]
        ahead = (planned[0] - hip[0]) * cos + (planned[1] - hip[1]) * sin
        forward -= pelvis_ahead_m[rows]
        shift = share * (forward - ahead)
        foot.ankle_m[0, rows] += shift * cos
        foot.ankle_m[1, rows] += shift * sin
        foot.ankle_m[2, rows] += share * (hip[2] - down - planned[2])
        # A straight leg is not longer than it is: draw the foot in to where the intended
        # knee reaches, until just before it lands.
        reach = np.hypot(forward, down)
        to_hip = hip - foot.ankle_m[:, rows]
        distance = np.sqrt((to_hip**2).sum(axis=0))
        held = _smooth(np.clip(u / LANDING, 0, 1)) * _smooth(np.clip((1 - u) / LANDING, 0, 1))
        foot.ankle_m[:, rows] += held * (1 - reach / distance) * to_hip

    # --- pieces -----------------------------------------------------------------------

    def _standing_distance(self, time_s: FloatArray) -> FloatArray:
        ends = np.array([b.end_s for b in self._plan.bouts])
        at = np.array([0.0] + [b.steps[-1].distance_m for b in self._plan.bouts])
        return at[np.searchsorted(ends, time_s, side="right")]

    def _facing(self, time_s: float) -> float:
        """Direction of the route where the person stands at a time."""
        at = self._standing_distance(np.array([time_s]))
        return float(self._plan.route.heading(at)[0])

    def _curves(
        self,
        time_s: FloatArray,
        speed: FloatArray,
        pelvis_phase: FloatArray,
        braking_phase: FloatArray,
        limb_phase: dict[Side, FloatArray],
    ) -> tuple[dict[str, FloatArray], dict[Side, dict[str, FloatArray]]]:
        pelvis: dict[str, FloatArray] = {}
        limb: dict[Side, dict[str, FloatArray]] = {side: {} for side in Side}
        for i, at in enumerate(self._designs):
            u = np.clip((time_s - at.start_s) / max(at.ramp_s, 1e-9), 0.0, 1.0) if i else None
            share = None if u is None else u**3 * (10 - 15 * u + 6 * u * u)
            if share is not None and not share.any():
                break
            curves = at.design.pelvis.evaluate(POSTURE_CURVES, pelvis_phase, speed)
            curves |= at.design.pelvis.evaluate(("forward",), braking_phase, speed)
            _blend(pelvis, curves, share)
            for side in Side:
                curves = at.design.limb[side].evaluate(LIMB_CURVES, limb_phase[side], speed)
                _blend(limb[side], curves, share)
        return pelvis, limb

    def _turning(self, side: Side, foot: FootPose, heading: FloatArray) -> FloatArray:
        """Half of what a turn twists between pelvis and planted foot is taken by the hip."""
        sign = SIDE_SIGN[side]
        out = np.deg2rad(
            self._person.toe_out_right_deg if side is Side.RIGHT else self._person.toe_out_left_deg
        )
        twist = foot.heading_rad - heading + sign * out
        return 0.5 * sign * ((twist + np.pi) % (2 * np.pi) - np.pi)

    def _ride(self, time_s: FloatArray, stance: Stance) -> FloatArray:
        """Height of the pelvis at which the supporting knees have their intended angles."""
        q, body = stance.pelvis_q, self._body
        height = {}
        for side in Side:
            offset = rotate(q, body.hip_offset_m(side))
            ankle = stance.foot[side].ankle_m
            flat = np.hypot(*(ankle[:2] - stance.pelvis_m[:2] - offset[:2]))
            over = hip_height_for_knee(
                flat, stance.knee[side], stance.valgus[side], body.thigh_m[side], body.shank_m[side]
            )
            height[side] = ankle[2] + over - offset[2]
        share = self._shifts.right_share(time_s)
        ride = share * height[Side.RIGHT] + (1.0 - share) * height[Side.LEFT]
        rate = 1.0 / (time_s[1] - time_s[0])
        return gaussian_filter1d(ride, RIDE_SMOOTHING_S * rate, mode="nearest", truncate=5.0)

    def _foot_steps(self, side: Side) -> FootSteps:
        contacts: list[tuple[float, float, float]] = [(-np.inf, 0.0, self._person.step_width_m)]
        offs: list[float] = []
        strides: list[tuple[float, float, Step]] = []
        for bout in self._plan.bouts:
            if bout.stance_side is not side:
                offs.append(bout.first_off_s)
            previous = None
            for step in bout.steps:
                if step.side is side:
                    contacts.append((step.contact_s, step.distance_m, step.width_m))
                    before = previous.speed_m_s if previous else 0.7 * step.speed_m_s
                    strides.append((step.speed_m_s, before, step))
                elif np.isfinite(step.other_off_s) and step is not bout.steps[-1]:
                    offs.append(step.other_off_s)
                previous = step
        offs.append(np.inf)
        at = np.array(contacts)
        heading = self._plan.route.heading(at[:, 1])
        x, y = self._plan.route.position(at[:, 1])
        lateral = np.array([footprint_offset_m(side, w) for w in at[:, 2]])
        out = np.deg2rad(
            self._person.toe_out_right_deg if side is Side.RIGHT else self._person.toe_out_left_deg
        )
        m = len(contacts)
        heel_pitch, toe_pitch, out_m = np.zeros(m), np.zeros(m), np.zeros(m)
        heel_s, toe_s = np.full(m, 0.15), np.full(m, 0.3)
        toe_shape, swing = np.zeros((m, 2)), np.zeros((m, 3, SWING_SHAPES))
        late_s, braked_s = np.zeros(m), np.zeros(m)
        for j, (speed, before, step) in enumerate(strides):
            stride_s = step.stride_s
            movement = self._design_at(step.contact_s).foot[side]
            heel_pitch[j], _, _, swing[j], out_m[j] = movement.at(speed)
            # The push-off belongs to the step before: to how far the foot is left behind.
            _, toe_pitch[j], toe_shape[j], _, _ = movement.at(before)
            heel_s[j] = HEEL_ROCKER_SHARE * stride_s
            stance_s = min(offs[j] - contacts[j][0], 0.65 * stride_s)
            toe_s[j] = max(0.3 * stance_s, stance_s - HEEL_RISE_START * stride_s)
            braked_s[j] = _braked_s(step, offs[j])
            most = MOST_WAITING * (step.contact_s - offs[j] - braked_s[j])
            late_s[j] = np.clip(step.late_s, -most, most)
        return FootSteps(
            contact_s=at[:, 0],
            off_s=np.array(offs),
            x_m=x - lateral * np.sin(heading),
            y_m=y + lateral * np.cos(heading),
            z_m=np.zeros(m),
            heading_rad=heading - SIDE_SIGN[side] * out,
            heel_s=heel_s,
            heel_pitch_rad=heel_pitch,
            toe_s=toe_s,
            toe_pitch_rad=toe_pitch,
            toe_shape=toe_shape,
            swing=swing,
            swing_out_m=out_m,
            late_s=late_s,
            braked_s=braked_s,
        )

    def _design_at(self, time_s: float) -> StrideDesign:
        current = self._designs[0].design
        for at in self._designs[1:]:
            if time_s >= at.start_s + 0.5 * at.ramp_s:
                current = at.design
        return current


def _blend(
    total: dict[str, FloatArray], part: dict[str, FloatArray], share: FloatArray | None
) -> None:
    for name, values in part.items():
        total[name] = values if share is None else total[name] + share * (values - total[name])


class _BoutSplines:
    """Smooth functions of time through the steps of one bout."""

    def __init__(self, bout: Bout) -> None:
        steps = bout.steps
        self.start_s, self.end_s = bout.start_s, bout.end_s
        contact = np.array([s.contact_s for s in steps])
        at = np.array([s.distance_m for s in steps])
        before = np.r_[bout.start_m, at[:-1]]
        times = np.r_[bout.start_s, contact, bout.end_s]
        late = np.array([s.late_s for s in steps])
        speeds = np.array([s.speed_m_s for s in steps])
        middle = 0.5 * (at + before)
        self.middle = CubicSpline(times, np.r_[bout.start_m, middle, at[-1]], bc_type="clamped")
        ahead = EVEN_PROGRESS * late * speeds
        self.ahead = CubicSpline(times, np.r_[0.0, ahead, 0.0], bc_type="clamped")
        braked = np.r_[bout.start_s, contact - BRAKED_EARLIER * late, bout.end_s]
        self.speed = PchipInterpolator(times, np.r_[0.0, [s.speed_m_s for s in steps], 0.0])
        step_s = float(np.median(np.diff(contact)))
        half = np.arange(len(steps)) * 0.5 + (0.0 if steps[0].side is Side.RIGHT else 0.5)
        lead_in = (contact[0] - bout.start_s) / step_s * 0.5
        lead_out = (bout.end_s - contact[-1]) / step_s * 0.5
        phases = np.r_[half[0] - lead_in, half, half[-1] + lead_out]
        self.pelvis_phase = CubicSpline(times, phases, bc_type="natural")
        self.braking_phase = CubicSpline(braked, phases, bc_type="natural")
        self.limb_phase = {side: _limb_phase(bout, side, step_s) for side in Side}


def _limb_phase(bout: Bout, side: Side, step_s: float) -> PchipInterpolator:
    """Phase of one leg: whole at its contacts, ½ at the other's, and at the designed share
    of the cycle when the foot leaves: uneven steps and stances re-time the same curves."""
    knots: list[tuple[float, float]] = []
    first = next(k for k, step in enumerate(bout.steps) if step.side is side)
    for k, step in enumerate(bout.steps):
        phase = 0.5 * (k - first)
        if step.side is side and step.late_s and knots:
            braked_s = _braked_s(step, bout.steps[k - 1].other_off_s)
            knots.append((step.contact_s - braked_s, phase - braked_s / step.stride_s))
        knots.append((step.contact_s, phase))
        if step.side is not side and step is not bout.steps[-1]:
            knots += _own_pace(step, phase - 0.5 + step.foot_off)
    if bout.stance_side is not side:
        start = knots[0][1] - 1.0 + bout.steps[0].foot_off
        knots = [(bout.first_off_s, start), *knots]
    lead_in, lead_out = knots[0], knots[-1]
    rate = 0.5 / step_s
    knots = [
        (bout.start_s - 0.01, lead_in[1] - rate * (lead_in[0] - bout.start_s + 0.01)),
        *knots,
        (bout.end_s + 0.01, lead_out[1] + rate * (bout.end_s + 0.01 - lead_out[0])),
    ]
    return PchipInterpolator(*np.array(knots).T)


def _braked_s(step: Step, off_s: float) -> float:
    """How long before it lands a foot is braked as in even steps."""
    return min(TERMINAL_SWING * step.stride_s, 0.5 * (step.contact_s - off_s))


def _own_pace(step: Step, phase: float) -> list[tuple[float, float]]:
    """Knots about a foot-off (of the foot that did not step): here a leg keeps the pace of even
    steps, so that its thigh sets off at the same time before its foot, on both sides."""
    before = min(SWING_PACE_S, 0.6 * (step.other_off_s - step.contact_s))
    return [
        (step.other_off_s + dt, phase + dt / step.stride_s) for dt in (-before, 0.0, SWING_PACE_S)
    ]


class _WeightShifts:
    """Which leg decides the height of the pelvis: 1 right, 0 left, ½ both."""

    def __init__(self, plan: StepPlan) -> None:
        rows: list[tuple[float, float, float]] = [(-np.inf, -np.inf, 0.5)]
        for bout in plan.bouts:
            rows.append((bout.start_s, bout.first_off_s, _right(bout.stance_side)))
            rows += [
                (
                    s.contact_s,
                    s.contact_s + TAKEOVER * (s.other_off_s - s.contact_s),
                    _right(s.side),
                )
                for s in bout.steps[:-1]
            ]
            rows.append((bout.steps[-1].contact_s, bout.end_s, 0.5))
        table = np.array(rows)
        self._start, self._end, self._target = table.T
        self._before = np.r_[0.5, self._target[:-1]]

    def right_share(self, time_s: FloatArray) -> FloatArray:
        k = np.searchsorted(self._start, time_s, side="right") - 1
        with np.errstate(invalid="ignore"):
            u = (time_s - self._start[k]) / (self._end[k] - self._start[k])
        u = np.where(np.isfinite(u), np.clip(u, 0.0, 1.0), 1.0)
        u = u**3 * (10 - 15 * u + 6 * u * u)
        return self._before[k] + u * (self._target[k] - self._before[k])


def _smooth(u: FloatArray) -> FloatArray:
    return u**3 * (10 - 15 * u + 6 * u * u)


def _right(side: Side) -> float:
    return 1.0 if side is Side.RIGHT else 0.0
