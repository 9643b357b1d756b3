"""From measured tests to what stands in the results: statistics, differences, findings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.detectors.judging import ADULT_FROM_YEARS
from pipeline.movement_tests.judging import statistics_of
from pipeline.movement_tests.kind import MovementKind, View, keyed
from pipeline.movement_tests.outcome import MovementTask, MovementTest, Obstacle, Repetition
from pipeline.movement_tests.record import Record
from pipeline.movement_tests.registry import KINDS
from pipeline.movement_tests.words import (
    ADULTS_ONLY,
    done_sentence,
    left_out_sentence,
    obstacle_sentence,
)
from pipeline.norms import NormContext, leg_length
from pipeline.results import FeatureStatistics
from pipeline.statistics import describe
from recordings.metadata import SecondZero, Settings, Wearer
from recordings.placement import Side


@dataclass(frozen=True, slots=True)
class Person:
    """What of a wearer changes what is usual."""

    context: NormContext
    second_zero: SecondZero

    @classmethod
    def of(cls, wearer: Wearer, settings: Settings) -> Person:
        """Norms of movement tests know age, sex and leg length, but no speed."""
        context = NormContext(
            leg_length_m=leg_length(wearer).metres, sex=wearer.sex, age_years=wearer.age_years
        )
        return cls(context, settings.second_zero)


def assess(
    records: Sequence[Record], person: Person, slipped_at_s: dict[int, float] | None = None
) -> tuple[MovementTest, ...]:
    """All tests of a session, in order of time.

    Parameters
    ----------
    records : sequence of Record
    person : Person
    slipped_at_s : dict of int to float, optional
        Calibration epoch to when a sensor was seen to have slipped while walking.
    """
    tests: list[MovementTest] = []
    for record in sorted(_joined(records), key=lambda r: r.start_s):
        slip_s = (slipped_at_s or {}).get(record.epoch, math.inf)
        slipped = not record.reason and record.start_s > slip_s
        tests.append(_assessed(_slipped(record) if slipped else record, person, tests))
    return tuple(tests)


def _slipped(record: Record) -> Record:
    sentence = obstacle_sentence(Obstacle.SLIPPED_SENSOR, record.task, record.side)
    return replace(record, reason=Obstacle.SLIPPED_SENSOR.value, sentence=sentence)


def _joined(records: Sequence[Record]) -> list[Record]:
    """Movements that nobody announced, of one kind and epoch, are one test together."""
    joined: dict[tuple[MovementTask, int], Record] = {}
    announced = []
    for record in records:
        key = (record.task, record.epoch)
        if record.announced:
            announced.append(record)
        elif key not in joined:
            joined[key] = record
        else:
            first = joined[key]
            joined[key] = replace(
                first,
                end_s=record.end_s,
                repetitions=first.repetitions + record.repetitions,
                errors={
                    k: max(first.errors.get(k, 0.0), record.errors.get(k, 0.0))
                    for k in {*first.errors, *record.errors}
                },
            )
    return [*announced, *joined.values()]


def _assessed(record: Record, person: Person, earlier: Sequence[MovementTest]) -> MovementTest:
    kind = KINDS[record.task]
    accepted = tuple(r for r in record.repetitions if r.accepted)
    test = MovementTest(
        task=record.task,
        side=record.side,
        start_s=record.start_s,
        end_s=record.end_s,
        epoch=record.epoch,
        announced=record.announced,
        complete=record.complete,
        reason=record.reason,
        sentence=record.sentence,
        repetitions=record.repetitions,
        needed=kind.needed,
        remarks=record.remarks,
    )
    if record.reason:
        return test
    if len(accepted) < kind.needed:
        return replace(test, sentence=done_sentence(record.task, len(accepted)))
    view = _view(kind, record, person, accepted, earlier)
    findings = tuple(kind.judge(view))
    remarks = [*record.remarks, *left_out_sentence(record.repetitions), *kind.notes(view)]
    age = person.context.age_years
    if age is not None and age < ADULT_FROM_YEARS:
        findings = ()
        remarks.append(ADULTS_ONLY)
    return replace(
        test,
        sentence=done_sentence(record.task, len(accepted)),
        features=tuple(_in_order(kind, view)),
        findings=findings,
        remarks=tuple(remarks),
    )


def _view(
    kind: MovementKind,
    record: Record,
    person: Person,
    accepted: tuple[Repetition, ...],
    earlier: Sequence[MovementTest],
) -> View:
    """The test with the means of its repetitions, then with what follows from them."""
    statistics: dict[tuple[str, Side | None], FeatureStatistics] = {}
    for feature in kind.features:
        if feature in kind.derived:
            continue
        for side in (None, *Side):
            key = keyed(feature, side)
            values = [r.measures[key] for r in accepted if key in r.measures]
            sample = describe(values, side) if values else None
            if sample is not None:
                error = record.errors.get(key, feature.error)
                statistics[feature.name, side] = statistics_of(
                    feature, sample, error, person.context
                )
    view = View(
        side=record.side,
        statistics=statistics,
        context=person.context,
        second_zero=person.second_zero,
        other=_other_leg(record, earlier),
        repetitions=accepted,
        start_s=record.start_s,
        end_s=record.end_s,
    )
    more = {(row.feature, row.side): row for row in kind.more(view)}
    return replace(view, statistics=statistics | more)


def _other_leg(record: Record, earlier: Sequence[MovementTest]) -> MovementTest | None:
    if record.side is None:
        return None
    wanted = (record.task, record.side.other, record.epoch)
    matching = (t for t in reversed(earlier) if (t.task, t.side, t.epoch) == wanted and t.features)
    return next(matching, None)


def _in_order(kind: MovementKind, view: View) -> list[FeatureStatistics]:
    order = {feature.name: i for i, feature in enumerate(kind.features)}
    return sorted(view.statistics.values(), key=lambda r: (order[r.feature], str(r.side or "")))
