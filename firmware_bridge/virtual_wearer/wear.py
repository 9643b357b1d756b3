"""Put the sensors on a virtual person and let them live a timeline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from firmware_bridge.virtual_wearer.imu import DERIVATIVE_REACH, feel, sensor_pose
from firmware_bridge.virtual_wearer.motion import Motion, solve_motion
from firmware_bridge.virtual_wearer.movement_features import true_repetitions
from firmware_bridge.virtual_wearer.movements import Movement, task_word
from firmware_bridge.virtual_wearer.person import VirtualPerson, embody
from firmware_bridge.virtual_wearer.replay import RecordedStride
from firmware_bridge.virtual_wearer.rotations import FloatArray
from firmware_bridge.virtual_wearer.sensor_faults import (
    SensorCharacter,
    distort,
    draw_character,
    generator,
    lost_samples,
)
from firmware_bridge.virtual_wearer.soft_tissue import artefact
from firmware_bridge.virtual_wearer.spec import Spec, Stand
from firmware_bridge.virtual_wearer.stride_features import stride_features
from firmware_bridge.virtual_wearer.truth import (
    ANGLE_NAMES,
    BehaviourLabel,
    Contact,
    TrueStride,
    Truth,
    angle_series,
)
from recordings.events import EventKind, SessionEvent
from recordings.metadata import ClockFit, SensorInfo, SessionMetadata, Wearer
from recordings.placement import Placement, Side
from recordings.samples import ImuSamples
from recordings.session import InMemorySource, Session

BLOCK_S = 60.0
_PAD_S = 0.5


@dataclass(frozen=True, slots=True)
class VirtualSession:
    """What was recorded, and what was true."""

    session: Session
    truth: Truth


def wear(spec: Spec, recorded: RecordedStride | None = None) -> VirtualSession:
    """Live through a spec, walking a recorded person's stride if one is given.

    Deterministic: the same spec gives the same samples, bit for bit.

    Raises
    ------
    InputError
        If the spec asks for something that cannot be done.
    """
    person = embody(spec, recorded)
    spec = person.spec
    worn = [
        _WornSensor(person, draw_character(p, spec.sensors, spec.seed))
        for p in spec.sensors.placements
    ]
    truth = _TruthRecorder(person)
    step_s = 1.0 / person.internal_rate_hz
    total = int(np.ceil(person.duration_s / step_s))
    block, pad = round(BLOCK_S / step_s), round(_PAD_S / step_s)
    for first in range(0, total, block):
        last = min(first + block, total)
        time_s = step_s * np.arange(first - pad, last + pad, dtype=np.float64)
        motion = solve_motion(person.body, time_s, person.stance(time_s))
        inner = slice(pad, pad + last - first)
        truth.add(motion, inner)
        for sensor in worn:
            sensor.add(motion, last * step_s)
    characters = {sensor.character.placement: sensor.character for sensor in worn}
    session = Session(
        name=spec.name,
        sources={s.character.placement: InMemorySource(s.samples()) for s in worn},
        metadata=_metadata(spec, worn),
        events=_events(person),
    )
    return VirtualSession(session, truth.finish(characters))


class _WornSensor:
    """Collects the samples of one sensor, block by block."""

    def __init__(self, person: VirtualPerson, character: SensorCharacter) -> None:
        self.character = character
        self._person = person
        self._sensors = person.spec.sensors
        self._noise = generator(person.spec.seed, character.placement, "noise")
        self._parts: list[tuple[FloatArray, FloatArray, FloatArray]] = []
        self._next = 0
        self.lost = 0

    def add(self, motion: Motion, end_s: float) -> None:
        """Take the samples that are due before a true time and were not taken yet."""
        character, sensors, person = self.character, self._sensors, self._person
        stamped = self._stamps(end_s)
        if not stamped.size:
            return
        true = character.true_time(stamped)
        # Before its time 0 the person already stands; how long before is not told.
        earliest = character.first_s if character.first_s > 0 else -0.8 * _PAD_S
        keep = (true >= earliest) & (true < character.last_s)
        stamped, true = stamped[keep], true[keep]
        if not stamped.size:
            return
        contacts = person.contacts_between(motion.time_s[0] - 0.5, motion.time_s[-1])
        turn, shift = artefact(motion, character.placement, contacts, sensors.soft_tissue)
        mounting = character.mounting_at(motion.time_s)
        pose = sensor_pose(motion, character.placement, person.body, mounting, turn, shift)
        step_s = float(motion.time_s[1] - motion.time_s[0])
        acc, gyr = feel(pose, step_s)
        smoothing = 0.1325 / sensors.bandwidth_hz / step_s
        both = gaussian_filter1d(np.concatenate((acc, gyr)), smoothing, axis=1, truncate=5.0)
        values = _at(both, (true - motion.time_s[DERIVATIVE_REACH]) / step_s)
        acc, gyr = distort(values[:3], values[3:], true, character, sensors, self._noise)
        self._parts.append((stamped, acc.T, gyr.T))

    def _stamps(self, end_s: float) -> FloatArray:
        """Stamped times of the samples due before a true time."""
        c = self.character
        end = end_s * (1.0 + c.clock_drift_ppm * 1e-6) + c.clock_offset_s
        # The session begins with the first sample that is not before its zero.
        count = max(self._next, int(np.ceil(end * self._sensors.rate_hz - 1e-6)))
        index = np.arange(self._next, count)
        self._next = count
        return index / self._sensors.rate_hz

    def samples(self) -> ImuSamples:
        stamped, acc, gyr = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        lost = lost_samples(
            stamped.size, self._sensors, self._person.spec.seed, self.character.placement
        )
        self.lost = int(lost.sum())
        kept = ~lost
        return ImuSamples(
            self.character.placement,
            stamped[kept],
            np.ascontiguousarray(acc[kept]),
            np.ascontiguousarray(gyr[kept]),
        )


def _at(values: FloatArray, place: FloatArray) -> FloatArray:
    """Values (k, n) at fractional columns; cubic, or plain columns where they are whole."""
    low = np.floor(place + 1e-9).astype(np.intp)
    part = place - low
    if np.abs(part).max() < 1e-6:
        return values[:, low]
    low = np.clip(low, 1, values.shape[1] - 3)
    part = place - low
    before, here, after, later = (values[:, low + k] for k in (-1, 0, 1, 2))
    return here + 0.5 * part * (
        after
        - before
        + part
        * (2 * before - 5 * here + 4 * after - later + part * (3 * (here - after) + later - before))
    )


class _TruthRecorder:
    """Collects the true series at the session's rate."""

    def __init__(self, person: VirtualPerson) -> None:
        self._person = person
        self._every = round(person.internal_rate_hz / person.spec.sensors.rate_hz)
        self._time: list[FloatArray] = []
        self._angles: dict[str, list[FloatArray]] = {name: [] for name in ANGLE_NAMES}
        self._orientation: dict[Placement, list[FloatArray]] = {p: [] for p in Placement}
        self._pelvis: list[FloatArray] = []
        self._sideways: list[FloatArray] = []
        self._facing: list[FloatArray] = []

    def add(self, motion: Motion, inner: slice) -> None:
        start = (
            inner.start
            + (-round(float(motion.time_s[inner.start]) * self._person.internal_rate_hz))
            % self._every
        )
        rows = slice(start, inner.stop, self._every)
        self._time.append(motion.time_s[rows])
        for name, series in angle_series(motion).items():
            self._angles[name].append(series[rows])
        for placement, q in motion.orientation.items():
            self._orientation[placement].append(q[:, rows].T)
        self._sideways.append(motion.stance.sideways_m[rows])
        self._facing.append(motion.stance.heading[rows])
        self._pelvis.append(motion.origin_m[Placement.PELVIS][:, rows].T)

    def finish(self, characters: dict[Placement, SensorCharacter]) -> Truth:
        person = self._person
        time_s = np.concatenate(self._time)
        sideways = np.concatenate(self._sideways)
        angles = {name: np.concatenate(parts) for name, parts in self._angles.items()}
        standing = {
            name: float(series[: self._standing_rows(time_s)].mean())
            for name, series in angles.items()
        }
        pelvis_m = np.concatenate(self._pelvis)
        return Truth(
            time_s=time_s,
            angles_deg=angles,
            standing_deg=standing,
            orientation={p: np.concatenate(parts) for p, parts in self._orientation.items()},
            pelvis_m=pelvis_m,
            sideways_m=sideways,
            contacts=_contacts(person),
            strides=tuple(_strides(person, time_s, angles, standing, sideways)),
            repetitions=true_repetitions(
                person.plan.labels,
                time_s,
                angles,
                standing,
                pelvis_m,
                np.concatenate(self._facing),
            ),
            labels=tuple(
                BehaviourLabel(x.start_s, x.end_s, x.behaviour) for x in person.plan.labels
            ),
            deviations=person.deviations,
            sensors=characters,
        )

    def _standing_rows(self, time_s: FloatArray) -> int:
        """Rows of the first stand; the very first row where the session begins moving."""
        first = self._person.plan.labels[0]
        end = first.end_s if first.behaviour == "stand" else time_s[0]
        return max(1, int(np.searchsorted(time_s, end)))


def _contacts(person: VirtualPerson) -> tuple[Contact, ...]:
    rows = []
    for side, steps in person.walking.steps.items():
        for initial, final in zip(steps.contact_s, steps.off_s, strict=True):
            rows.append(Contact(side, float(initial), float(final)))
    finite = [c for c in rows if np.isfinite(c.initial_s) or np.isfinite(c.final_s)]
    return tuple(sorted(finite, key=lambda c: (c.initial_s, c.final_s)))


def _strides(
    person: VirtualPerson,
    time_s: FloatArray,
    angles: dict[str, FloatArray],
    standing: dict[str, float],
    sideways_m: FloatArray,
) -> list[TrueStride]:
    strides: list[TrueStride] = []
    for side in Side:
        rows, facts = _stride_events(person, side)
        if not rows.size:
            continue
        table = stride_features(time_s, angles, standing, sideways_m, side, rows)
        for i, (bout, steady, speed) in enumerate(facts):
            strides.append(
                TrueStride(
                    side,
                    float(rows[i, 0]),
                    float(rows[i, 4]),
                    bout,
                    steady,
                    speed,
                    {name: float(values[i]) for name, values in table.items()},
                )
            )
    return sorted(strides, key=lambda s: s.start_s)


def _stride_events(
    person: VirtualPerson, side: Side
) -> tuple[NDArray[np.float64], list[tuple[int, bool, float]]]:
    rows: list[tuple[float, ...]] = []
    facts: list[tuple[int, bool, float]] = []
    uneven = [
        (x.start_s - 1.2, x.end_s + 1.2) for x in person.plan.labels if x.behaviour in _UNEVEN
    ]
    for number, bout in enumerate(person.plan.bouts):
        steps = bout.steps
        for k in range(len(steps) - 2):
            a, b, c = steps[k : k + 3]
            if a.side is not side:
                continue
            rows.append((a.contact_s, a.other_off_s, b.contact_s, b.other_off_s, c.contact_s))
            straight = all(c.contact_s < start or a.contact_s > end for start, end in uneven)
            inside = 4 <= k < len(steps) - 6
            even = abs(c.speed_m_s - a.speed_m_s) < 0.15 * max(a.speed_m_s, 0.3)
            facts.append((number, inside and straight and even, 0.5 * (b.speed_m_s + c.speed_m_s)))
    return np.array(rows, dtype=float).reshape(-1, 5), facts


_UNEVEN = ("turn", "u_turn", "stumble")


def _metadata(spec: Spec, worn: list[_WornSensor]) -> SessionMetadata:
    person = spec.person
    return SessionMetadata(
        written_by="hipgait virtual wearer",
        simulated=True,
        wearer=Wearer(
            name=person.name or None,
            height_m=person.height_m,
            mass_kg=person.mass_kg,
            age_years=person.age_years,
            sex=person.sex,
        ),
        sensors={
            sensor.character.placement: SensorInfo(
                placement=sensor.character.placement,
                model="virtual IMU",
                rate_hz=spec.sensors.rate_hz,
                acc_range_g=spec.sensors.acc_range_g,
                gyr_range_dps=spec.sensors.gyr_range_dps,
                timing_quality="good",
                clock=ClockFit(offset_s=0.0, drift_ppm=0.0),
                samples_lost=sensor.lost,
            )
            for sensor in worn
        },
        notes=spec.notes,
    )


def _events(person: VirtualPerson) -> tuple[SessionEvent, ...]:
    events: list[SessionEvent] = []
    for label in person.plan.labels:
        if isinstance(label.item, Stand) and label.item.calibration:
            events.append(SessionEvent(label.start_s, EventKind.CALIBRATION_POSE_START, "standing"))
            events.append(SessionEvent(label.end_s, EventKind.CALIBRATION_POSE_END, "standing"))
        if isinstance(label.item, Movement):
            task = task_word(label.item)
            events.append(SessionEvent(label.start_s, EventKind.TASK_START, task))
            events.append(SessionEvent(label.end_s, EventKind.TASK_END, task))
    return tuple(sorted(events))
