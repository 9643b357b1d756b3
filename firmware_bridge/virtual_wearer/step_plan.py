"""From a timeline to steps: when and where each foot is set down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.body import SIDE_SIGN
from firmware_bridge.virtual_wearer.movements import Movement, duration_s
from firmware_bridge.virtual_wearer.route import Route
from firmware_bridge.virtual_wearer.spec import (
    Person,
    SlowDown,
    Stand,
    Stop,
    Stumble,
    TimelineItem,
    Turn,
    UTurn,
    Walk,
)
from firmware_bridge.virtual_wearer.stride_targets import StrideTargets
from recordings.placement import Side

FloatArray = NDArray[np.float64]

U_TURN_ARC_M = 1.3
U_TURN_SPEED_M_S = 0.6
_SHIFT_S = 0.55
"""Weight shift before the first foot leaves the ground."""
_SETTLE_S = 0.6
_MAX_SPEED_CHANGE_M_S = 0.38
"""A step is at most this much faster or slower than the one before."""


@dataclass(slots=True)
class Step:
    """One contact of a foot.

    Attributes
    ----------
    distance_m : float
        Where on the route.
    other_off_s : float
        When the other foot leaves the ground after this contact; meaningless after the last step.
    """

    side: Side
    contact_s: float
    distance_m: float
    speed_m_s: float
    stride_s: float
    width_m: float
    foot_off: float
    """Share of the even cycle at which the curves let a foot leave the ground."""
    other_off_s: float
    late_s: float = 0.0
    """Half of what the steps of this foot last longer than those of the other."""


@dataclass(slots=True)
class Bout:
    """Uninterrupted walking from standing to standing."""

    start_s: float
    start_m: float
    stance_side: Side
    first_off_s: float
    steps: list[Step] = field(default_factory=list)
    end_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Label:
    """What the person does over ``[start_s, end_s)``."""

    start_s: float
    end_s: float
    behaviour: str
    item: TimelineItem


@dataclass(slots=True)
class StepPlan:
    """All steps of a session."""

    route: Route
    bouts: list[Bout]
    labels: list[Label]
    pulses: list[tuple[float, float]]
    """Stumbles: time and severity."""
    end_s: float


_WALKING = (Walk, SlowDown, Turn, UTurn, Stumble)


def plan_steps(
    timeline: Sequence[TimelineItem],
    person: Person,
    targets_at: Callable[[float, float], StrideTargets],
    rng: np.random.Generator,
) -> StepPlan:
    """Plan every step of a timeline.

    Parameters
    ----------
    timeline : sequence
    person : Person
    targets_at : callable
        (time_s, speed_m_s) → the targets valid then.
    rng : numpy.random.Generator
        Source of the stride-to-stride variability.
    """
    planner = _Planner(person, targets_at, rng)
    i = 0
    while i < len(timeline):
        if isinstance(timeline[i], _WALKING):
            j = i
            while j < len(timeline) and isinstance(timeline[j], _WALKING):
                j += 1
            planner.bout(timeline[i:j])
            i = j
        else:
            planner.stay(timeline[i])
            i += 1
    return planner.finish()


class _Planner:
    def __init__(
        self,
        person: Person,
        targets_at: Callable[[float, float], StrideTargets],
        rng: np.random.Generator,
    ) -> None:
        self.person, self.targets_at, self.rng = person, targets_at, rng
        self.route = Route()
        self.bouts: list[Bout] = []
        self.labels: list[Label] = []
        self.pulses: list[tuple[float, float]] = []
        self.time_s = 0.0
        self.distance_m = 0.0
        self.next_side = Side.RIGHT

    def stay(self, item: TimelineItem) -> None:
        """Stand, or do something on the spot, on the feet as they were set down last."""
        standing = isinstance(item, Stand | Stop)
        if standing:
            end = self.time_s + item.duration_s
        else:
            assert isinstance(item, Movement)
            end = self.time_s + duration_s(item)
        word = "stand" if standing else _word(item)
        self.labels.append(Label(self.time_s, end, word, item))
        self.time_s = end

    def finish(self) -> StepPlan:
        self.route.finish(self.distance_m)
        return StepPlan(self.route, self.bouts, self.labels, self.pulses, self.time_s)

    def bout(self, items: Sequence[TimelineItem]) -> None:
        side = self.next_side
        bout = Bout(
            start_s=self.time_s,
            start_m=self.distance_m,
            stance_side=side.other,
            first_off_s=self.time_s + _SHIFT_S,
        )
        self.speed = 0.0
        self.contact_s = bout.first_off_s
        self.current, self.side = bout, side
        for k, item in enumerate(items):
            start = self.contact_s if k else self.time_s
            following = items[k + 1] if k + 1 < len(items) else None
            self._do(item, following)
            end = self.contact_s
            self.labels.append(Label(start, end, _word(item), item))
        self._close()
        bout.end_s = self.contact_s + _SETTLE_S
        last = self.labels.pop()
        self.labels.append(Label(last.start_s, bout.end_s, last.behaviour, last.item))
        self.bouts.append(bout)
        self.next_side = self.side
        self.time_s = bout.end_s

    def _do(self, item: TimelineItem, following: TimelineItem | None) -> None:
        if isinstance(item, Walk | SlowDown):
            speed = item.speed_m_s or self.person.speed_m_s
            end = self.contact_s + item.duration_s
            while self.contact_s < end:
                step_s = self.targets_at(self.contact_s, speed).stride_time_s / 2
                braking = (
                    isinstance(following, Turn | UTurn) and end - self.contact_s < 2.6 * step_s
                )
                self._step(_turn_speed(following, speed) if braking else speed)
        elif isinstance(item, Turn | UTurn):
            angle = _turn_angle(item)
            arc = max(0.35, U_TURN_ARC_M * abs(angle) / np.pi)
            start = self.distance_m
            self.route.add_turn(start, arc, angle)
            speed = _turn_speed(item, self.person.speed_m_s)
            while self.distance_m < start + arc:
                self._step(speed)
        elif isinstance(item, Stumble):
            # One who stood still is caught by the first step of the walk that begins.
            speed = self.speed or self.person.speed_m_s
            self.pulses.append((self.contact_s, item.severity))
            self._step(speed, length=1 - 0.5 * item.severity, time=1 - 0.22 * item.severity)
            self._step(speed, length=1 + 0.3 * item.severity, time=1 - 0.12 * item.severity)
            self._step(speed, length=1 - 0.1 * item.severity)

    def _step(self, speed: float, *, length: float = 1.0, time: float = 1.0) -> None:
        first = not self.current.steps
        change = np.clip(speed - self.speed, -_MAX_SPEED_CHANGE_M_S, _MAX_SPEED_CHANGE_M_S)
        self.speed = 0.62 * speed if first else self.speed + float(change)
        person, rng = self.person, self.rng
        # While speeding up, the rhythm is already nearly that of the walk to come.
        targets = self.targets_at(self.contact_s, self.speed)
        rhythm = self.targets_at(self.contact_s, max(self.speed, 0.85 * speed))
        jitter = 1.0 + person.step_time_cv * rng.standard_normal()
        step_s = rhythm.step_time_s[self.side] * jitter * time
        if first:
            step_s *= 1.1
        stretch = (1.0 + person.step_length_cv * rng.standard_normal()) * length
        step_m = targets.step_length_m[self.side] * stretch
        self._set_down(step_s, step_m, self.speed * stretch / (jitter * 1.0), targets)

    def _close(self) -> None:
        """The last two steps: one shorter, then the other foot beside it."""
        self.speed *= 0.72
        targets = self.targets_at(self.contact_s, max(self.speed, 0.3))
        step_s = targets.step_time_s[self.side] * 0.95
        self._set_down(step_s, 0.85 * targets.step_length_m[self.side], self.speed, targets)
        step_s = targets.step_time_s[self.side] * 0.95
        self._set_down(step_s, 0.0, 0.3 * self.speed, targets)
        # They come to rest beside each other, however uneven the others are.
        for step in self.current.steps[-2:]:
            step.late_s = 0.0

    def _set_down(self, step_s: float, step_m: float, speed: float, targets: StrideTargets) -> None:
        width = targets.step_width_m + self.person.step_width_sd_m * self.rng.standard_normal()
        support = targets.double_support_s[self.side]
        first = not self.current.steps
        self.contact_s += step_s - (0.5 * support if first else 0.0)
        self.distance_m += step_m
        steps = self.current.steps
        steps.append(
            Step(
                self.side,
                self.contact_s,
                self.distance_m,
                speed,
                targets.stride_time_s,
                width,
                targets.foot_off,
                self.contact_s + min(support, 0.45 * step_s + 0.05),
                0.5 * (targets.step_time_s[self.side] - targets.step_time_s[self.side.other]),
            )
        )
        self.side = self.side.other


def _word(item: TimelineItem) -> str:
    return type(item).__struct_config__.tag  # type: ignore[return-value]


def _turn_angle(item: TimelineItem) -> float:
    if isinstance(item, UTurn):
        return np.pi if item.towards == "left" else -np.pi
    assert isinstance(item, Turn)
    return float(np.deg2rad(item.angle_deg))


def _turn_speed(item: TimelineItem | None, usual: float) -> float:
    if item is None:
        return usual
    sharp = min(1.0, abs(_turn_angle(item)) / np.pi)
    return min(usual, U_TURN_SPEED_M_S * sharp + usual * 0.85 * (1 - sharp))


def footprint_offset_m(side: Side, width_m: float) -> float:
    """Sideways distance of a footprint from the route, left +."""
    return -SIDE_SIGN[side] * 0.5 * width_m
