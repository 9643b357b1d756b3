"""Feet stand still, the pelvis moves as real ones do, joints stay within the usual."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from conftest import straight_walk  # type: ignore[import-not-found]

from firmware_bridge.virtual_wearer.foot_path import rocker
from firmware_bridge.virtual_wearer.motion import Motion
from firmware_bridge.virtual_wearer.person import VirtualPerson
from firmware_bridge.virtual_wearer.spec import Deviation
from recordings.placement import Placement, Side

STEP_S = 0.005


def steady(person: VirtualPerson, motion: Motion) -> np.ndarray:
    steps = person.plan.bouts[0].steps
    return (motion.time_s > steps[4].contact_s) & (motion.time_s < steps[-5].contact_s)


def contact_speed(motion: Motion, person: VirtualPerson, side: Side) -> np.ndarray:
    """Speed of the point about which the planted foot turns, carried by the solved leg."""
    foot = motion.stance.foot[side]
    dx, dz = rocker(foot.pitch_rad, person.body)
    flat = motion.ankle_m[side].copy()
    flat[0] -= dx * np.cos(foot.heading_rad)
    flat[1] -= dx * np.sin(foot.heading_rad)
    flat[2] -= dz
    return np.linalg.norm(np.gradient(flat, STEP_S, axis=1), axis=0)


@pytest.mark.parametrize("speed", [0.6, 0.9, 1.25, 1.5, 1.8])
def test_stance_feet_stand_still(speed: float) -> None:
    person, motion = straight_walk(speed)
    for side in Side:
        planted = motion.stance.foot[side].swing == 0
        # The speed at a sample is told by its neighbours: both have to be planted, too.
        planted[1:-1] &= planted[:-2].copy() & planted[2:].copy()
        standing = planted & steady(person, motion)
        slip = contact_speed(motion, person, side)[standing]
        assert np.sqrt(np.mean(slip**2)) < 0.02


@pytest.mark.parametrize("speed", [0.8, 1.2, 1.5])
def test_a_late_foot_is_braked_as_any_other(speed: float) -> None:
    """In real swings that last 0.1 s longer the leg stops 4–8 ms earlier before landing."""
    late = Deviation(kind="step_time_asymmetry", side=Side.RIGHT, amount=20.0)
    person, motion = straight_walk(speed, deviations=(late,))
    stops_s, swings_s = {}, {}
    steps = person.plan.bouts[0].steps
    for side in Side:
        hip = motion.origin_m[Placement(f"thigh_{side.value}")][0]
        ahead = motion.ankle_m[side][0] - hip
        leads, swings = [], []
        for before, step in pairwise(steps[4:-4]):
            if step.side is not side:
                continue
            first, end = np.searchsorted(motion.time_s, (before.other_off_s, step.contact_s + 0.05))
            furthest = motion.time_s[first + int(np.argmax(ahead[first:end]))]
            leads.append(step.contact_s - furthest)
            swings.append(step.contact_s - before.other_off_s)
        stops_s[side], swings_s[side] = np.mean(leads), np.mean(swings)
    longer_s = swings_s[Side.RIGHT] - swings_s[Side.LEFT]
    assert longer_s > 0.05
    assert 0.0 < stops_s[Side.LEFT] < 0.06
    assert abs(stops_s[Side.RIGHT] - stops_s[Side.LEFT]) < 0.1 * longer_s


def test_pelvis_acceleration_is_that_of_usual_walking(
    usual_walk: tuple[VirtualPerson, Motion],
) -> None:
    person, motion = usual_walk
    velocity = np.gradient(motion.origin_m[Placement.PELVIS], STEP_S, axis=1)
    acceleration = np.gradient(velocity, STEP_S, axis=1)[:, steady(person, motion)]
    ahead, sideways, up = acceleration.std(axis=1)
    assert 1.4 <= ahead <= 1.9
    assert 1.0 <= sideways <= 1.3
    assert 1.7 <= up <= 3.2


def test_walking_speed_is_the_one_asked_for(usual_walk: tuple[VirtualPerson, Motion]) -> None:
    person, motion = usual_walk
    inside = steady(person, motion)
    travelled = np.ptp(motion.origin_m[Placement.PELVIS][0, inside])
    assert travelled / np.ptp(motion.time_s[inside]) == pytest.approx(1.25, abs=0.05)


def test_legs_keep_their_length(usual_walk: tuple[VirtualPerson, Motion]) -> None:
    person, motion = usual_walk
    for side in Side:
        hip = motion.origin_m[Placement(f"thigh_{side.value}")]
        knee = motion.origin_m[Placement(f"shank_{side.value}")]
        assert np.linalg.norm(knee - hip, axis=0) == pytest.approx(person.body.thigh_m[side])
        shank = np.linalg.norm(motion.ankle_m[side] - knee, axis=0)
        assert shank == pytest.approx(person.body.shank_m[side])


def test_no_foot_goes_through_the_floor(usual_walk: tuple[VirtualPerson, Motion]) -> None:
    _, motion = usual_walk
    for side in Side:
        assert motion.ankle_m[side][2].min() > 0.055
