"""Sensors at the wrong place show in the first steps, sensors at the right one never."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from dashboards.view_models.walk_check import EXCHANGED, SAME_LEG, WalkCheck
from firmware_bridge.virtual_wearer.spec import Spec, Stand, Walk
from firmware_bridge.virtual_wearer.spec_file import find_spec
from firmware_bridge.virtual_wearer.wear import wear
from recordings.placement import Placement
from recordings.samples import ImuSamples

P = Placement


@cache
def samples(name: str) -> Mapping[Placement, ImuSamples]:
    spec = find_spec(name)
    short = Spec(
        person=spec.person,
        deviations=spec.deviations,
        sensors=spec.sensors,
        seed=spec.seed,
        timeline=(Stand(duration_s=3.0), Walk(duration_s=14.0)),
    )
    session = wear(short).session
    return {p: session.samples(p) for p in session.placements}


def problems(worn: Mapping[Placement, ImuSamples]) -> set[str]:
    """All that is said while the walk goes on."""
    check, said = WalkCheck(), set()
    for begin_s in np.arange(0.0, 16.0, 0.1):
        check.feed(
            s[slice(*np.searchsorted(s.time_s, (begin_s, begin_s + 0.1)))] for s in worn.values()
        )
        said.add(check.problem)
    return said - {""}


@pytest.mark.parametrize("name", ["usual_walk", "slow_walk", "stiff_hip_left", "stiff_knee_right"])
def test_sensors_in_their_places_are_never_doubted(name: str) -> None:
    assert problems(samples(name)) == set()


def test_both_thigh_sensors_on_one_leg() -> None:
    worn = samples("usual_walk")
    turned = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    right = worn[P.THIGH_RIGHT]
    same = ImuSamples(
        P.THIGH_LEFT, right.time_s + 0.004, right.acc_m_s2 @ turned, right.gyr_rad_s @ turned
    )
    assert problems({**worn, P.THIGH_LEFT: same}) == {SAME_LEG}


@pytest.mark.parametrize(
    ("upper", "lower"), [(P.PELVIS, P.THIGH_LEFT), (P.THIGH_RIGHT, P.SHANK_RIGHT)]
)
def test_exchanged_sensors_are_named(upper: Placement, lower: Placement) -> None:
    worn = dict(samples("usual_walk"))
    worn[upper], worn[lower] = (
        replace(worn[lower], placement=upper),
        replace(worn[upper], placement=lower),
    )
    assert EXCHANGED.format(upper=upper.label, lower=lower.label) in problems(worn)


def test_nothing_is_said_of_somebody_who_stands() -> None:
    standing = {
        p: s[: int(np.searchsorted(s.time_s, 3.0))] for p, s in samples("usual_walk").items()
    }
    twice = {
        p: ImuSamples(
            p,
            np.concatenate([s.time_s + k * 3.0 for k in range(5)]),
            np.tile(s.acc_m_s2, (5, 1)),
            np.tile(s.gyr_rad_s, (5, 1)),
        )
        for p, s in standing.items()
    }
    assert problems(twice) == set()
