"""Slip: a sensor that has moved on its segment is noticed, named and left out; a stumble is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from firmware_bridge.virtual_wearer.spec import (
    SensorFaults,
    Sensors,
    Spec,
    Stand,
    Stumble,
    Walk,
)
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.engine import Engine
from pipeline.gait import Exclusion, Posture, Stride
from pipeline.results import Results
from pipeline.slip import AXIS_LIMIT_DEG, CONFIRM, LEAN_LIMIT_DEG, SlipWatch
from recordings.placement import REQUIRED_PLACEMENTS, Placement, Side
from tests.pipeline.streams import all_samples

SLIP_S = 32.0
FORWARD, LEFTWARD, UPWARD = 0, 1, 2
"""Axes of a slip in the segment."""


def _strides(
    offsets: Sequence[float], name: Posture = Posture.THIGH_LEAN, side: Side = Side.RIGHT
) -> list[Stride]:
    """Steady strides of one leg whose posture is off by so much, with a usual scatter."""
    rng = np.random.default_rng(0)
    return [
        Stride(
            side=side,
            start_s=1.1 * i,
            opposite_final_contact_s=1.1 * i + 0.13,
            opposite_initial_contact_s=1.1 * i + 0.55,
            final_contact_s=1.1 * i + 0.68,
            end_s=1.1 * (i + 1),
            bout=0,
            epoch=0,
            posture={p: float(rng.normal(0, 0.7)) + offset * (p is name) for p in Posture},
        )
        for i, offset in enumerate(offsets)
    ]


def _said_deg(remark: str) -> float:
    return float(remark.split("about ")[1].split("°", maxsplit=1)[0])


def _check(strides: Sequence[Stride]) -> tuple[list[Stride], tuple[str, ...]]:
    watch = SlipWatch()
    checked = [replace(s, exclusions=s.exclusions + watch.check(s)) for s in strides]
    return checked, watch.remarks


@pytest.mark.parametrize("name", list(Posture))
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_lasting_change_is_a_slip_from_its_onset(name: Posture, sign: float) -> None:
    limit = AXIS_LIMIT_DEG if name is Posture.THIGH_AXIS else LEAN_LIMIT_DEG
    size = sign * (limit + 4.0)
    strides, remarks = _check(_strides([0.0] * 12 + [size] * 10, name))
    assert all(s.steady for s in strides[:12])
    assert not any(s.steady for s in strides[12:])
    assert all(Exclusion.SLIPPED_SENSOR in s.exclusions for s in strides[12 + CONFIRM - 1 :])
    (remark,) = remarks
    sensor = "pelvis" if name.value.startswith("pelvis") else "right thigh"
    assert remark.startswith(f"The {sensor} sensor seems to have slipped by about ")
    assert _said_deg(remark) == pytest.approx(abs(size), abs=3.0)


def test_a_change_within_the_scatter_of_walking_is_none() -> None:
    for name in Posture:
        limit = AXIS_LIMIT_DEG if name is Posture.THIGH_AXIS else LEAN_LIMIT_DEG
        strides, remarks = _check(_strides([0.0] * 12 + [limit - 3.0] * 10, name))
        assert remarks == ()
        assert all(s.steady for s in strides)


def test_a_stumble_is_left_out_and_is_no_slip() -> None:
    strides, remarks = _check(_strides([0.0] * 12 + [11.0, -9.0] + [0.0] * 8))
    assert remarks == ()
    off = [i for i, s in enumerate(strides) if not s.steady]
    assert off == [12, 13]
    assert all(strides[i].exclusions == (Exclusion.IRREGULAR,) for i in off)


def test_three_strides_off_in_different_ways_are_no_slip() -> None:
    offsets = [0.0] * 12 + [11.0, -11.0, 11.0, -11.0] + [0.0] * 5
    assert _check(_strides(offsets))[1] == ()


def test_strides_that_do_not_count_are_not_looked_at() -> None:
    turning = [
        Stride(
            **{
                **{name: getattr(s, name) for name in Stride.__dataclass_fields__},
                "exclusions": (Exclusion.TURN,),
            }
        )
        for s in _strides([30.0] * 6)
    ]
    strides, remarks = _check(_strides([0.0] * 12) + turning + _strides([0.0] * 4))
    assert remarks == ()
    assert all(s.exclusions == (Exclusion.TURN,) for s in strides[12:18])
    assert all(s.steady for s in strides[18:])


def test_too_few_strides_know_no_usual_posture() -> None:
    strides, remarks = _check(_strides([0.0, 0.0, 20.0, 20.0]))
    assert remarks == ()
    assert all(s.steady for s in strides)


def _walk(faults: dict[Placement, SensorFaults], *between: Stumble) -> Results:
    half = 26.0
    walk = wear(
        Spec(
            seed=6,
            timeline=(
                Stand(duration_s=6.0),
                Walk(duration_s=half),
                *between,
                Walk(duration_s=half),
                Stand(duration_s=1.0),
            ),
            sensors=Sensors(placements=REQUIRED_PLACEMENTS, faults=faults),
        )
    )
    engine = Engine(walk.session.placements)
    engine.push(all_samples(walk.session))
    engine.finish()
    return engine.snapshot("walk")


def _slip(placement: Placement, axis: int, degrees: float) -> Results:
    turn = [0.0, 0.0, 0.0]
    turn[axis] = degrees
    slip = SensorFaults(slip_s=SLIP_S, slip_deg=(turn[0], turn[1], turn[2]))
    return _walk({placement: slip})


@pytest.mark.parametrize(
    ("placement", "axis", "degrees"),
    [
        (Placement.THIGH_LEFT, LEFTWARD, 10.0),
        (Placement.THIGH_RIGHT, FORWARD, -10.0),
        (Placement.THIGH_LEFT, UPWARD, 20.0),
        (Placement.PELVIS, LEFTWARD, -20.0),
    ],
)
def test_a_slip_in_a_walk_is_named_with_its_time_and_size(
    placement: Placement, axis: int, degrees: float
) -> None:
    results = _slip(placement, axis, degrees)
    remarks = [r for c in results.calibrations for r in c.remarks if "slipped" in r]
    assert len(remarks) == 1
    assert remarks[0].startswith(f"The {placement.label} sensor seems to have slipped by about ")
    assert _said_deg(remarks[0]) == pytest.approx(abs(degrees), abs=0.35 * abs(degrees))
    time_s = float(remarks[0].split("near ")[1].split(" s")[0])
    assert SLIP_S - 1.0 <= time_s <= SLIP_S + 6.0
    assert remarks[0] in results.remarks
    before = [s for s in results.strides if s.start_s > 12.0 and s.end_s < SLIP_S - 0.5]
    after = [s for s in results.strides if s.start_s > SLIP_S + 0.2]
    assert before and all(s.steady for s in before)
    if axis != UPWARD:
        # About the long axis, the first strides after the slip may hide in the scatter.
        own = [s for s in after if placement.side in (None, s.side)]
        assert not any(s.steady for s in own)
    assert not any(s.steady for s in after if s.start_s > SLIP_S + 6.0)


def test_a_slip_within_the_error_of_angles_leaves_the_walk_alone() -> None:
    results = _slip(Placement.THIGH_LEFT, LEFTWARD, 4.0)
    assert not any("slipped" in remark for remark in results.remarks)


def test_a_stumble_in_a_walk_is_no_slip() -> None:
    results = _walk({}, Stumble())
    assert not any("slipped" in remark for remark in results.remarks)
    assert sum(results.summary.steady_strides.values()) > 70
