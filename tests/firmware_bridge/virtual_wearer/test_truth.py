"""The truth is typical for a usual walker, and a knob does what it says."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from firmware_bridge.virtual_wearer.deviations import KNOBS
from firmware_bridge.virtual_wearer.spec import Deviation, Person, Sensors, Spec, Stand, Stop, Walk
from firmware_bridge.virtual_wearer.truth import Truth
from firmware_bridge.virtual_wearer.wear import wear
from recordings.placement import Side

NO_SENSORS = Sensors(placements=())
STRAIGHT = (Stand(duration_s=4.0), Walk(duration_s=20.0), Stop())


def truth_of(*deviations: Deviation, **person: float) -> Truth:
    spec = Spec(
        person=Person(**person),  # type: ignore[arg-type]
        deviations=deviations,
        timeline=STRAIGHT,
        sensors=NO_SENSORS,
    )
    return wear(spec).truth


@pytest.fixture(scope="module")
def usual() -> Truth:
    return truth_of()


TYPICAL = {
    "F02": (4.6, 1.2),
    "F04": (-18, 5),
    "F05": (-17, 5),
    "F06": (25, 5),
    "F07": (42, 5.5),
    "F08": (187, 50),
    "F09": (4.5, 2),
    "F13": (7, 3.5),
    "F19": (12, 4.2),
    "F20_A": (6, 4.3),
    "F21": (19, 6),
    "F23": (60.5, 4.8),
}
"""Feature → mean and SD of the feature dictionary at usual speed."""


@pytest.mark.parametrize("feature", TYPICAL)
def test_usual_walker_is_typical(usual: Truth, feature: str) -> None:
    mean, sd = TYPICAL[feature]
    for side in Side:
        assert abs(usual.mean_features(side)[feature] - mean) < sd


ANGLE_KNOBS = [k for k, knob in KNOBS.items() if knob.unit == "deg"]
LOOSE = {
    "reduced_hip_flexion": 1.8,
    "stiff_hip": 1.2,
    "limited_hip_extension": 0.8,
    "knee_hyperextension": 0.5,
}
"""Knobs of the swing, of the push-off and of the nearly straight knee hold it less sharply."""


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("kind", ANGLE_KNOBS)
def test_a_knob_changes_its_feature_by_its_amount(usual: Truth, kind: str, side: Side) -> None:
    knob = KNOBS[kind]
    changed = truth_of(Deviation(kind=kind, side=side, amount=6.0))
    difference = changed.mean_features(side)[knob.feature] - usual.mean_features(side)[knob.feature]
    assert difference * knob.direction == pytest.approx(6.0, abs=LOOSE.get(kind, 0.3))


@pytest.mark.parametrize("kind", ["step_time_asymmetry", "stance_asymmetry"])
def test_asymmetry_is_the_index_asked_for(kind: str) -> None:
    truth = truth_of(Deviation(kind=kind, side=Side.LEFT, amount=8.0), step_time_cv=0.0)
    assert truth.asymmetry(KNOBS[kind].feature) == pytest.approx(-8.0, abs=0.5)


def test_lateral_sway_is_the_distance_asked_for(usual: Truth) -> None:
    changed = truth_of(Deviation(kind="lateral_sway", side=Side.LEFT, amount=0.03))
    difference = changed.mean_features(Side.LEFT)["F35"] - usual.mean_features(Side.LEFT)["F35"]
    assert difference == pytest.approx(0.03, abs=0.003)


def test_one_sided_knob_leaves_the_other_side(usual: Truth) -> None:
    changed = truth_of(Deviation(kind="hip_internal_rotation", side=Side.RIGHT, amount=10.0))
    other, before = changed.mean_features(Side.LEFT), usual.mean_features(Side.LEFT)
    for feature in ("F04", "F09", "F13", "F16", "F20"):
        assert other[feature] == pytest.approx(before[feature], abs=0.7)


def test_hyperextension_passes_straight() -> None:
    truth = truth_of(Deviation(kind="knee_hyperextension", side=Side.RIGHT, amount=18.0))
    assert truth.mean_features(Side.RIGHT)["F20_A"] < -9.0
    assert truth.mean_features(Side.LEFT)["F20_A"] > 3.0


@pytest.mark.parametrize("speed_m_s", [0.6, 0.9, 1.25])
def test_a_stiff_knee_bends_less_and_never_the_wrong_way(speed_m_s: float) -> None:
    """From the first, slow step on: a knee that folded back would throw the thigh about."""
    truth = truth_of(
        Deviation(kind="stiff_knee", side=Side.RIGHT, amount=22.0), speed_m_s=speed_m_s
    )
    usual = truth_of(speed_m_s=speed_m_s)
    less = usual.mean_features(Side.RIGHT)["F23"] - truth.mean_features(Side.RIGHT)["F23"]
    assert less == pytest.approx(22.0, abs=3.0)
    assert truth.angles_deg["knee_flexion_right"].min() > -4.0
    thigh_deg_s = np.gradient(truth.angles_deg["thigh_inclination_right"], truth.time_s)
    assert np.abs(thigh_deg_s).max() < 400.0


@pytest.mark.parametrize(("share", "thigh_moves_more"), [(0.1, True), (0.9, False)])
def test_share_of_the_shank_decides_who_moves(
    usual: Truth, share: float, thigh_moves_more: bool
) -> None:
    truth = truth_of(
        Deviation(kind="knee_hyperextension", side=Side.RIGHT, amount=12.0, shank_share=share)
    )
    change = {
        name: _at_40_percent(truth, f"{name}_inclination_right")
        - _at_40_percent(usual, f"{name}_inclination_right")
        for name in ("thigh", "shank")
    }
    assert (-change["thigh"] > change["shank"]) is thigh_moves_more


def _at_40_percent(truth: Truth, name: str) -> float:
    strides = [s for s in truth.strides if s.side is Side.RIGHT and s.steady]
    at = [s.start_s + 0.33 * (s.end_s - s.start_s) for s in strides]
    return float(np.mean(np.interp(at, truth.time_s, truth.angles_deg[name])))


def test_onset() -> None:
    late = Deviation(kind="pelvic_drop", side=Side.RIGHT, amount=8.0, from_s=20.0, over_s=4.0)
    spec = Spec(
        deviations=(late,),
        timeline=(Stand(duration_s=4.0), Walk(duration_s=36.0), Stop()),
        sensors=NO_SENSORS,
    )
    strides = [s for s in wear(spec).truth.strides if s.side is Side.RIGHT and s.steady]
    before = np.mean([s.features["F09"] for s in strides if s.end_s < 20.0])
    after = np.mean([s.features["F09"] for s in strides if s.start_s > 24.0])
    assert after - before == pytest.approx(8.0, abs=0.3)


def test_leg_length_difference_slants_the_pelvis() -> None:
    spec = Spec(
        person=Person(shorter_leg=Side.RIGHT, leg_length_difference_m=0.015),
        timeline=STRAIGHT,
        sensors=NO_SENSORS,
    )
    truth = wear(spec).truth
    assert truth.standing_deg["pelvis_obliquity"] < -3.0
    for side in Side:
        assert truth.standing_deg[f"knee_flexion_{side.value}"] == pytest.approx(1.5, abs=0.6)


def test_contacts_alternate_and_frame_the_strides(usual: Truth) -> None:
    initial = [c for c in usual.contacts if np.isfinite(c.initial_s)]
    assert all(a.side is not b.side for a, b in pairwise(initial))
    stride = next(s for s in usual.strides if s.steady)
    times = {c.initial_s for c in initial if c.side is stride.side}
    assert stride.start_s in times
    assert stride.end_s in times


def test_contact_moves_against_the_pelvis_between_people() -> None:
    """Initial contact to the zero crossing of forward acceleration follows the person."""
    walks = (
        truth_of(contact_lag_s=lag, step_time_cv=0.0, step_length_cv=0.0)
        for lag in (-0.01, 0.03, 0.07)
    )
    delays = [_contact_to_crossing_s(truth) for truth in walks]
    assert np.diff(delays) == pytest.approx(0.04, abs=0.006)


def _contact_to_crossing_s(truth: Truth, side: Side | None = None) -> float:
    velocity = np.gradient(truth.pelvis_m[:, 0], truth.time_s)
    strides = [s for s in truth.strides if s.steady and side in (None, s.side)]
    contacts = [s.start_s for s in strides]
    window = np.arange(-0.15, 0.15, 0.001)
    delays = [window[np.interp(t + window, truth.time_s, velocity).argmax()] for t in contacts]
    return float(np.mean(delays))


def test_stiff_hip_keeps_the_rhythm_and_shows_on_its_side() -> None:
    usual, stiff = truth_of(), truth_of(Deviation(kind="stiff_hip", side=Side.LEFT, amount=20.0))
    own, other = (
        stiff.mean_features(side)["F07"] - usual.mean_features(side)["F07"]
        for side in (Side.LEFT, Side.RIGHT)
    )
    assert own == pytest.approx(-20.0, abs=2.5)
    assert other - own > 20.0
    quicker = usual.mean_features(Side.LEFT)["F33"] / stiff.mean_features(Side.LEFT)["F33"]
    assert 1.0 <= quicker < 1.15


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("speed", [0.8, 1.2])
def test_longer_steps_are_braked_earlier_as_in_real_walkers(speed: float, side: Side) -> None:
    """Mean of side against side in real uneven walkers: −0.4 to −0.7 of half the difference."""
    uneven = Deviation(kind="step_time_asymmetry", side=side, amount=20.0)
    truth = truth_of(uneven, speed_m_s=speed, step_time_cv=0.0, step_length_cv=0.0)
    lag = {s: _contact_to_crossing_s(truth, s) for s in Side}
    late = 0.5 * (truth.mean_features(side)["F28"] - truth.mean_features(side.other)["F28"])
    slope = (lag[side] - lag[side.other]) / (2 * late)
    assert -0.7 < slope < -0.35


@pytest.mark.parametrize("speed", [0.6, 0.8, 1.0, 1.25, 1.5])
def test_thighs_set_off_before_their_foot_as_real_ones_do(speed: float) -> None:
    """Half of the swing's rate is reached 58 ± 6 ms before foot-off on real legs."""
    truth = truth_of(speed_m_s=speed)
    for side in Side:
        rate = np.gradient(truth.angles_deg[f"thigh_inclination_{side.value}"], truth.time_s)
        rate = gaussian_filter1d(rate, 1.5)
        leads = []
        for s in (s for s in truth.strides if s.side is side and s.steady):
            off_s = s.start_s + s.features["F29"]
            first, last = np.searchsorted(truth.time_s, (off_s - 0.25, s.end_s))
            swing = rate[first:last]
            i = int(np.flatnonzero(swing >= 0.5 * swing.max())[0])
            leads.append(off_s - truth.time_s[first + i])
        assert np.median(leads) == pytest.approx(0.065, abs=0.03)
