"""Remarks: what could not be judged in a day, said in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.day.epochs import EPOCH_S
from pipeline.day.judge import JudgedDay
from pipeline.day.presence import Presence
from pipeline.day.results import Posture, PostureSpan, SensorDay, Stretch, Unknown
from recordings.placement import REQUIRED_PLACEMENTS, Placement

ENDED_EARLY_S = 60.0
"""A sensor that falls silent so long before the others has gone flat or lost its link."""

WORTH_SAYING_S = 60.0

REASONS = {
    Unknown.NOTHING_RECORDED: "no sensor sent anything",
    Unknown.THIGHS_SILENT: "neither thigh sensor sent anything",
    Unknown.PELVIS_SILENT: "the pelvis sensor sent nothing, and without it sitting and lying look "
    "the same",
    Unknown.UPRIGHT_NOT_SEEN: "nobody walked for six seconds or stood for a calibration with the "
    "thigh sensors on, so it is not known how they sit",
    Unknown.EXCLUDED: "it was left out by hand",
}

STAIRS = "Stairs are counted as walking: these sensors do not tell them from level ground for sure."


def sensor_days(judged: JudgedDay) -> tuple[SensorDay, ...]:
    """How each sensor came through the day."""
    n = len(judged.code)
    out = []
    for placement, sensor in judged.sensors.items():
        ended_s = None
        if sensor.silent and sensor.silent[-1][1] == n and sensor.epochs.count.any():
            first = sensor.silent[-1][0]
            if (n - first) * EPOCH_S >= ENDED_EARLY_S:
                ended_s = (judged.start + first) * EPOCH_S
        day = SensorDay(
            placement=placement,
            sent_s=float(np.count_nonzero(sensor.epochs.count) * EPOCH_S),
            silent=_stretches(judged.start, sensor.silent),
            stuck=_stretches(judged.start, sensor.stuck),
            ended_early_s=ended_s,
            taken_off=_stretches(judged.start, judged.taken_off.get(placement, [])),
            remarks=tuple(_about(placement, sensor, judged, ended_s)),
        )
        out.append(day)
    return tuple(out)


def day_remarks(
    judged: JudgedDay, spans: Sequence[PostureSpan], sensors: Sequence[SensorDay]
) -> tuple[str, ...]:
    """What stands below the figures of a day."""
    out: list[str] = []
    for reason in Unknown:
        total_s = sum(s.duration_s for s in spans if s.reason is reason)
        if total_s >= WORTH_SAYING_S:
            out.append(f"{_minutes(total_s)} could not be judged: {REASONS[reason]}.")
    worn = [sensor.placement for sensor in sensors]
    out += [
        f"There is no recording of the {placement.label}."
        for placement in REQUIRED_PLACEMENTS
        if placement not in worn
    ]
    out += [remark for sensor in sensors for remark in sensor.remarks]
    walks = [s for s in spans if s.posture is Posture.WALKING]
    uncounted_s = sum(s.duration_s for s in walks if s.steps is None)
    if uncounted_s >= WORTH_SAYING_S:
        out.append(
            f"Steps were not counted in {_minutes(uncounted_s)} of walking: that takes the pelvis "
            "sensor."
        )
    if walks:
        out.append(STAIRS)
    return tuple(out)


def _about(
    placement: Placement, sensor: Presence, judged: JudgedDay, ended_s: float | None
) -> list[str]:
    label = placement.label
    if not sensor.epochs.count.any():
        return [f"The {label} sensor sent nothing at all: check its battery and its link."]
    out: list[str] = []
    if ended_s is not None:
        after = _minutes(ended_s - judged.start * EPOCH_S)
        out.append(
            f"The {label} sensor fell silent {after} after the beginning and did not come back: "
            "its battery went flat or its link was lost."
        )
    gaps = [
        (a, b)
        for a, b in sensor.silent
        if b < len(judged.code) and (b - a) * EPOCH_S >= WORTH_SAYING_S
    ]
    if gaps:
        total = _minutes(sum(b - a for a, b in gaps) * EPOCH_S)
        out.append(f"The {label} sensor was away for {total}, in {_times(len(gaps))}.")
    if sensor.stuck:
        total = _minutes(sum(b - a for a, b in sensor.stuck) * EPOCH_S)
        out.append(
            f"The {label} sensor sent the same values over and over for {total}: restart it."
        )
    off = judged.taken_off.get(placement, [])
    if off:
        total = _minutes(sum(b - a for a, b in off) * EPOCH_S)
        out.append(f"The {label} sensor lay still for {total} in which the others walked.")
    return out


def _stretches(start: int, runs: Sequence[tuple[int, int]]) -> tuple[Stretch, ...]:
    return tuple(Stretch((start + a) * EPOCH_S, (start + b) * EPOCH_S) for a, b in runs)


def _minutes(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{round(seconds)} s"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min" if hours else f"{minutes} min"


def _times(count: int) -> str:
    return "one piece" if count == 1 else f"{count} pieces"
