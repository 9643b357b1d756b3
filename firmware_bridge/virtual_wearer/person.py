"""A spec brought to life: body, way of walking and plan of one person."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from firmware_bridge.virtual_wearer.body import Body, build_body
from firmware_bridge.virtual_wearer.deviating_gait import DeviatingGait
from firmware_bridge.virtual_wearer.replay import RecordedStride, as_person, recorded_targets
from firmware_bridge.virtual_wearer.rotations import FloatArray
from firmware_bridge.virtual_wearer.spec import Person, Spec
from firmware_bridge.virtual_wearer.stance import Stance
from firmware_bridge.virtual_wearer.step_plan import StepPlan, plan_steps
from firmware_bridge.virtual_wearer.stride_targets import Style
from firmware_bridge.virtual_wearer.truth import InjectedDeviation
from firmware_bridge.virtual_wearer.walking import Walking
from recordings.placement import Side

_BASE_RATE_HZ = 200.0


@dataclass(slots=True)
class VirtualPerson:
    """One person living one timeline."""

    spec: Spec
    body: Body
    plan: StepPlan
    walking: Walking
    internal_rate_hz: float
    deviations: tuple[InjectedDeviation, ...] = ()
    _contacts: list[tuple[float, float, Side]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._contacts = [
            (step.contact_s, step.speed_m_s, step.side)
            for bout in self.plan.bouts
            for step in bout.steps
        ]

    @property
    def duration_s(self) -> float:
        return self.plan.end_s

    def stance(self, time_s: FloatArray) -> Stance:
        """Pelvis, feet and intended angles at equally spaced times."""
        return self.walking.stance(time_s)

    def contacts_between(self, start_s: float, end_s: float) -> list[tuple[float, float, Side]]:
        """Initial contacts (time, speed, side) in a stretch of time."""
        times = [c[0] for c in self._contacts]
        low, high = np.searchsorted(times, (start_s, end_s))
        return self._contacts[low:high]


def style_of(person: Person) -> Style:
    """How a person of a spec differs from the usual walker."""
    return Style(
        tilt_offset_deg=person.tilt_offset_deg,
        hip_offset_deg=person.hip_offset_deg,
        hip_range_ratio=person.hip_range_ratio,
        knee_loading_deg=person.knee_loading_deg,
        knee_stance_deg=person.knee_stance_deg,
        knee_swing_deg=person.knee_swing_deg,
        obliquity_ratio=person.obliquity_ratio,
        rotation_ratio=person.rotation_ratio,
        hip_rotation_ratio=person.hip_rotation_ratio,
        cadence_ratio=1.03 * person.cadence_ratio,
        step_width_m=person.step_width_m,
        toe_out_deg={Side.LEFT: person.toe_out_left_deg, Side.RIGHT: person.toe_out_right_deg},
        ap_lag_s=person.contact_lag_s,
        ap_ratio=person.ap_ratio,
        sway_ratio=person.sway_ratio,
    )


def embody(spec: Spec, recorded: RecordedStride | None = None) -> VirtualPerson:
    """Build body, stride designs and step plan of a spec.

    With a recorded stride the person walks that stride instead of the usual curves.

    Raises
    ------
    InputError
        If a deviation is of no known kind.
    """
    if recorded is not None:
        spec = as_person(recorded, spec)
    person = spec.person
    body = build_body(
        person.height_m,
        person.sex,
        shorter_leg=person.shorter_leg,
        leg_length_difference_m=person.leg_length_difference_m,
        standing_tilt_deg=person.standing_tilt_deg,
        standing_knee_deg={
            Side.LEFT: person.standing_knee_left_deg,
            Side.RIGHT: person.standing_knee_right_deg,
        },
        standing_turn_deg={
            Side.LEFT: person.standing_turn_left_deg,
            Side.RIGHT: person.standing_turn_right_deg,
        },
    )
    style = style_of(person)
    plain = recorded_targets(recorded, body, style) if recorded else None
    gait = DeviatingGait(body, style, spec.deviations, person.speed_m_s, plain)
    designs = gait.designs()
    rng = np.random.default_rng([spec.seed, 1])
    plan = plan_steps(spec.timeline, person, gait.targets_at, rng)
    walking = Walking(body, person, plan, designs, spec.deviations)
    rate = spec.sensors.rate_hz
    internal = rate * max(1, int(np.ceil(_BASE_RATE_HZ / rate)))
    return VirtualPerson(spec, body, plan, walking, internal, gait.injected())
