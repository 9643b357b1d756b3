"""What the sensors feel is what the segments do; faults are exactly those asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.integrate import cumulative_trapezoid
from scipy.spatial.transform import Rotation

from firmware_bridge.virtual_wearer.imu import feel, sensor_pose
from firmware_bridge.virtual_wearer.motion import Motion
from firmware_bridge.virtual_wearer.person import VirtualPerson
from firmware_bridge.virtual_wearer.spec import SensorFaults, Sensors, Spec, Stand, UTurn, Walk
from firmware_bridge.virtual_wearer.wear import wear
from recordings.placement import Placement

STILL = np.array([[1.0], [0.0], [0.0], [0.0]])


def clean(**more: Any) -> Sensors:
    """Sensors screwed to the bone, without any error, plus what is asked for."""
    none = dict.fromkeys(
        (
            "mounting_deg",
            "soft_tissue",
            "gyr_noise_dps",
            "acc_noise_m_s2",
            "gyr_bias_dps",
            "gyr_bias_drift_dps_per_min",
            "acc_bias_m_s2",
            "scale_error",
            "clock_offset_ms",
        ),
        0.0,
    )
    return Sensors(**{**none, **more})


SHORT = (Stand(duration_s=4.0), Walk(duration_s=8.0), Stand(duration_s=2.0))


@pytest.mark.parametrize("placement", list(Placement))
def test_gyroscope_integrates_to_the_orientation(
    usual_walk: tuple[VirtualPerson, Motion], placement: Placement
) -> None:
    person, motion = usual_walk
    pose = sensor_pose(motion, placement, person.body, STILL)
    _, rate = feel(pose, 0.005)
    true = Rotation.from_quat(pose.orientation.T[2:-2], scalar_first=True)
    steps = Rotation.from_rotvec(0.5 * (rate[:, :-1] + rate[:, 1:]).T * 0.005)
    turned = true[0]
    worst = 0.0
    for k, step in enumerate(steps[:2000]):
        turned = turned * step
        if k % 100 == 0:
            worst = max(worst, (turned.inv() * true[k + 1]).magnitude())
    assert np.rad2deg(worst) < 0.3


@pytest.mark.parametrize("placement", list(Placement))
def test_accelerometer_integrates_twice_to_the_path(
    usual_walk: tuple[VirtualPerson, Motion], placement: Placement
) -> None:
    person, motion = usual_walk
    pose = sensor_pose(motion, placement, person.body, STILL)
    force, _ = feel(pose, 0.005)
    true = Rotation.from_quat(pose.orientation.T[2:-2], scalar_first=True)
    acceleration = true.apply(force.T) - [0.0, 0.0, 9.81]
    path = pose.position_m.T[2:-2]
    one = slice(1200, 1420)  # one stride and a little
    velocity = cumulative_trapezoid(acceleration[one], dx=0.005, axis=0, initial=0)
    moved = cumulative_trapezoid(velocity, dx=0.005, axis=0, initial=0)
    truth = path[one] - path[one][0]
    start = (path[1201] - path[1199]) / 0.01
    difference = moved + start * (np.arange(220) * 0.005)[:, None] - truth
    assert np.abs(difference).max() < 0.01


def test_gravity_at_rest() -> None:
    session = wear(Spec(timeline=(Stand(duration_s=3.0),), sensors=clean())).session
    for placement in Placement:
        samples = session.samples(placement)
        assert np.linalg.norm(samples.acc_m_s2, axis=1) == pytest.approx(9.81, abs=1e-6)
        assert np.abs(samples.gyr_rad_s).max() < 1e-9


def test_same_seed_same_samples_other_seed_other_samples() -> None:
    def pelvis(seed: int) -> np.ndarray:
        spec = Spec(seed=seed, timeline=SHORT, sensors=Sensors(loss_share=0.05))
        return wear(spec).session.samples(Placement.PELVIS).acc_m_s2

    assert np.array_equal(pelvis(5), pelvis(5))
    assert not np.array_equal(pelvis(5)[:100], pelvis(6)[:100])


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = Spec(timeline=SHORT, sensors=clean())
    whole = wear(spec).session.samples(Placement.SHANK_LEFT)
    monkeypatch.setattr("firmware_bridge.virtual_wearer.wear.BLOCK_S", 1.7)
    parts = wear(spec).session.samples(Placement.SHANK_LEFT)
    assert np.array_equal(whole.time_s, parts.time_s)
    assert parts.acc_m_s2 == pytest.approx(whole.acc_m_s2, abs=1e-6)
    assert parts.gyr_rad_s == pytest.approx(whole.gyr_rad_s, abs=1e-7)


def test_clock_fault_is_exact() -> None:
    faults = {Placement.THIGH_LEFT: SensorFaults(clock_offset_ms=30.0, clock_drift_ppm=500.0)}
    sensors = clean(faults=faults)
    shifted = wear(Spec(timeline=SHORT, sensors=sensors)).session.samples(Placement.THIGH_LEFT)
    straight = wear(Spec(timeline=SHORT, sensors=clean())).session.samples(Placement.THIGH_LEFT)
    true_s = (shifted.time_s - 0.030) / (1 + 500e-6)
    inside = (true_s > 5.0) & (true_s < 11.0)
    expected = np.interp(true_s[inside], straight.time_s, straight.gyr_rad_s[:, 1])
    assert np.abs(shifted.gyr_rad_s[inside, 1] - expected).max() < 0.15
    unshifted = np.interp(shifted.time_s[inside], straight.time_s, straight.gyr_rad_s[:, 1])
    assert np.abs(shifted.gyr_rad_s[inside, 1] - unshifted).max() > 0.8
    assert np.diff(shifted.time_s) == pytest.approx(0.01, abs=1e-9)


@pytest.mark.parametrize("share", [0.02, 0.1])
def test_loss_is_the_share_asked_for_in_bursts(share: float) -> None:
    sensors = Sensors(
        placements=(Placement.PELVIS,), loss_share=share, loss_burst_ms=60.0, clock_offset_ms=0.0
    )
    virtual = wear(Spec(timeline=(Stand(duration_s=200.0),), sensors=sensors))
    samples = virtual.session.samples(Placement.PELVIS)
    lost = 1.0 - len(samples) / 20000
    assert lost == pytest.approx(share, rel=0.35)
    info = virtual.session.metadata.sensors[Placement.PELVIS]
    assert info.samples_lost == 20000 - len(samples)
    gaps = np.diff(samples.time_s)
    bursts = np.round(gaps[gaps > 0.015] / 0.01) - 1
    assert bursts.mean() == pytest.approx(6.0, rel=0.35)


def test_late_joiner_and_empty_battery() -> None:
    faults = {
        Placement.THIGH_LEFT: SensorFaults(joins_s=3.0),
        Placement.THIGH_RIGHT: SensorFaults(battery_dies_s=6.0),
    }
    session = wear(Spec(timeline=SHORT, sensors=Sensors(faults=faults))).session
    assert session.samples(Placement.THIGH_LEFT).time_s[0] == pytest.approx(3.0, abs=0.02)
    assert session.samples(Placement.THIGH_RIGHT).time_s[-1] == pytest.approx(6.0, abs=0.02)


def test_slip_turns_the_sensor() -> None:
    faults = {Placement.THIGH_LEFT: SensorFaults(slip_s=5.0, slip_deg=(0.0, 12.0, 0.0))}
    sensors = clean(faults=faults)
    samples = wear(Spec(timeline=(Stand(duration_s=9.0),), sensors=sensors)).session.samples(
        Placement.THIGH_LEFT
    )
    before, after = samples.acc_m_s2[200], samples.acc_m_s2[-1]
    angle = np.rad2deg(np.arccos(before @ after / 9.81**2))
    assert angle == pytest.approx(12.0, abs=0.1)


def test_range_clips() -> None:
    sensors = Sensors(gyr_range_dps=125.0, acc_range_g=2.0)
    session = wear(Spec(timeline=SHORT, sensors=sensors)).session
    for placement in Placement:
        samples = session.samples(placement)
        assert np.abs(samples.gyr_rad_s).max() <= np.deg2rad(125.0) + 1e-12
        assert np.abs(samples.acc_m_s2).max() <= 2 * 9.81 + 1e-12


def test_rates() -> None:
    for rate in (50.0, 104.0, 200.0):
        sensors = Sensors(placements=(Placement.PELVIS,), rate_hz=rate)
        session = wear(Spec(timeline=(Stand(duration_s=3.0),), sensors=sensors)).session
        assert np.diff(session.samples(Placement.PELVIS).time_s) == pytest.approx(1 / rate)


def test_u_turn_turns_every_segment() -> None:
    timeline = (Stand(duration_s=4.0), Walk(duration_s=5.0), UTurn(), Walk(duration_s=5.0))
    truth = wear(Spec(timeline=timeline, sensors=Sensors(placements=()))).truth
    for placement in Placement:
        q = Rotation.from_quat(truth.orientation[placement], scalar_first=True)
        ahead = q.apply([1.0, 0.0, 0.0])
        turned = np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))
        assert np.rad2deg(turned[-1] - turned[0]) == pytest.approx(180.0, abs=15.0)
