"""A measured test: what a stretch showed, and whether it may be scored at all.

Measured once, when the stretch is complete; judged anew with each snapshot, because the other
leg's test, a second zero or a slipped sensor may become known later.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.grid import GRID_RATE_HZ
from pipeline.movement_tests.kind import MovementKind, Wearing
from pipeline.movement_tests.outcome import MovementTask, Obstacle, Repetition
from pipeline.movement_tests.stretch import Stretch
from pipeline.movement_tests.words import obstacle_sentence
from pipeline.slip import LEAN_LIMIT_DEG
from pipeline.spans import Spans
from pipeline.stages.kinematics import Channel
from recordings.placement import Placement, Side

TURN_LIMIT_DEG = 15.0
"""Feet are set down anew between repetitions, and the thighs turn with them."""


@dataclass(frozen=True, slots=True)
class Record:
    """One measured test; the fields are those of `MovementTest`.

    Attributes
    ----------
    errors : mapping of str to float
        See `Measured`.
    remarks : tuple of str
        What the wearing left out.
    """

    task: MovementTask
    side: Side | None
    start_s: float
    end_s: float
    epoch: int
    announced: bool
    complete: bool = True
    reason: str = ""
    sentence: str = ""
    repetitions: tuple[Repetition, ...] = ()
    errors: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, and how it ended.

    Attributes
    ----------
    ended : bool
        Whether an event said that it is over.
    broken_off : bool
        Whether that event said so.
    """

    task: MovementTask
    side: Side | None
    start_s: float
    end_s: float
    epoch: int
    announced: bool = True
    complete: bool = True
    ended: bool = True
    broken_off: bool = False


def measure(
    kind: MovementKind, stretch: Stretch, asked: Asked, wearing: Wearing, spans: Spans
) -> Record:
    """What a stretch shows of the test that was asked for."""
    measured = kind.measure(stretch, asked.side, wearing)
    found = tuple(
        replace(r, accepted=False, reason=Obstacle.LEFT_OUT_BY_HAND.value)
        if spans.excluded(r.start_s, r.end_s)
        else r
        for r in measured.repetitions
    )
    obstacle, sentence = measured.obstacle, measured.sentence
    if obstacle is None and asked.complete:
        slipped = slipped_sensor(stretch, found)
        if slipped is not None:
            obstacle = Obstacle.SLIPPED_SENSOR
            sentence = obstacle_sentence(obstacle, kind.task, asked.side, sensor=slipped)
    if obstacle is None:
        obstacle = _obstacle(kind, asked, found)
        if obstacle is not None:
            count = sum(r.accepted for r in found)
            sentence = obstacle_sentence(
                obstacle, kind.task, asked.side, count=count, needed=kind.needed
            )
    planes = {plane for f in kind.features for plane in f.planes}
    remarks = tuple(dict.fromkeys(why for p, why in wearing.refused.items() if p in planes))
    return Record(
        task=kind.task,
        side=asked.side if asked.side is not None else _one_side(kind, found),
        start_s=asked.start_s,
        end_s=asked.end_s,
        epoch=asked.epoch,
        announced=asked.announced,
        complete=asked.complete,
        reason="" if obstacle is None else obstacle.value,
        sentence=sentence,
        repetitions=found,
        errors=measured.errors,
        remarks=remarks,
    )


def _one_side(kind: MovementKind, found: Sequence[Repetition]) -> Side | None:
    """The leg that did a one-legged test for which none was named."""
    if not kind.task.one_legged:
        return None
    sides = Counter(r.side for r in found if r.accepted and r.side is not None)
    return sides.most_common(1)[0][0] if sides else None


def _obstacle(kind: MovementKind, asked: Asked, found: Sequence[Repetition]) -> Obstacle | None:
    """Why too little was done to score it; None if it was enough."""
    accepted = sum(r.accepted for r in found)
    reasons = Counter(r.reason for r in found if not r.accepted)
    for other in (Obstacle.OTHER_LEG, Obstacle.WRONG_TEST):
        if accepted < kind.needed and reasons[other.value] > 0.5 * len(found):
            return other
    if not asked.complete:
        return None
    if asked.broken_off:
        return Obstacle.BROKEN_OFF
    if accepted >= kind.needed:
        return None
    if not found:
        return Obstacle.NOTHING_DONE
    return Obstacle.TOO_FEW if asked.ended else Obstacle.BROKEN_OFF


def slipped_sensor(stretch: Stretch, found: Sequence[Repetition]) -> Placement | None:
    """The sensor that hangs differently after the test than before it; None if none does.

    Compared are two moments of quiet standing; without one of them nothing can be said.
    """
    before = stretch.standing_before
    if before is None or not found:
        return None
    last = max(r.end_s for r in found)
    after = stretch.quiet_standing(round((last - stretch.time_s(0)) * GRID_RATE_HZ), stretch.length)
    if after is None:
        return None

    def moved(channel: Channel, side: Side | None, limit: float) -> float:
        series = stretch.deg(channel, side)
        return abs(stretch.mean(series, after) - stretch.mean(series, before)) / limit

    ratios = {
        Placement.PELVIS: max(
            moved(Channel.PELVIS_TILT, None, LEAN_LIMIT_DEG),
            moved(Channel.PELVIS_OBLIQUITY, None, LEAN_LIMIT_DEG),
        )
    }
    for side, placement in ((Side.LEFT, Placement.THIGH_LEFT), (Side.RIGHT, Placement.THIGH_RIGHT)):
        ratios[placement] = max(
            moved(Channel.THIGH_LEAN_LEFT, side, LEAN_LIMIT_DEG),
            moved(Channel.THIGH_TILT_LEFT, side, LEAN_LIMIT_DEG),
            moved(Channel.HIP_ROTATION_LEFT, side, TURN_LIMIT_DEG),
        )
    worst = max(ratios, key=lambda p: ratios[p] if math.isfinite(ratios[p]) else 0.0)
    return worst if ratios[worst] > 1.0 else None
