"""Per-stride features on curves whose answers are known."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.features.registry import ALL_PLANES, FEATURES, compute_stride_values
from pipeline.features.stride_data import StrideTimes
from pipeline.gait import Curve, Plane
from tests.pipeline.gait_curves import PERCENT, mean_curves, steady_times

TIMES = StrideTimes(10.0, 10.12, 10.55, 10.67, 11.1)


def values(curves, times=TIMES, leg_length_m=0.90, planes=ALL_PLANES):
    (found,) = compute_stride_values([(curves, times)], planes=planes, leg_length_m=leg_length_m)
    return found


def bump(centre: float, height: float, width: float = 5.0):
    return height * np.exp(-0.5 * ((PERCENT - centre) / width) ** 2)


def test_contact_times_give_every_phase():
    found = values({})
    expected = {
        "stride_time_s": 1.1,
        "step_time_s": 0.55,
        "step_time_final_contact_s": 0.55,
        "stance_time_s": 0.67,
        "swing_time_s": 0.43,
        "single_support_time_s": 0.43,
        "double_support_time_s": 0.24,
        "stance_percent": 100 * 0.67 / 1.1,
        "cadence_spm": 120 / 1.1,
    }
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "curve", "at", "height"),
    [
        ("hip_flexion_min_deg", Curve.HIP_FLEXION, 53, -20.0),
        ("thigh_inclination_min_deg", Curve.THIGH_INCLINATION, 50, -17.0),
        ("hip_flexion_max_swing_deg", Curve.HIP_FLEXION, 86, 25.0),
        ("thigh_flexion_velocity_peak_deg_s", Curve.THIGH_VELOCITY, 68, 190.0),
        ("pelvic_drop_peak_deg", Curve.PELVIS_OBLIQUITY, 18, 5.0),
        ("hip_adduction_peak_deg", Curve.HIP_ADDUCTION, 25, 12.0),
        ("hip_rotation_excursion_deg", Curve.HIP_ROTATION, 20, 9.0),
        ("knee_flexion_min_stance_deg", Curve.KNEE_FLEXION, 40, -8.0),
        ("knee_flexion_loading_peak_deg", Curve.KNEE_FLEXION, 14, 18.0),
        ("knee_flexion_swing_peak_deg", Curve.KNEE_FLEXION, 72, 60.0),
        ("thigh_extension_velocity_peak_deg_s", Curve.THIGH_VELOCITY, 18, -150.0),
    ],
)
def test_peaks_are_taken_where_they_are_defined(name, curve, at, height):
    assert values({curve: bump(at, height)})[name] == pytest.approx(height, abs=0.01)
    elsewhere = (at + 50) % 100
    assert abs(values({curve: bump(elsewhere, height, 2.0)})[name]) < 0.05 * abs(height)


def test_means_ranges_and_points():
    ramp = PERCENT.copy()
    found = values(dict.fromkeys(Curve, ramp))
    assert found["pelvis_tilt_mean_deg"] == pytest.approx(49.5)
    assert found["pelvic_drop_sustained_deg"] == pytest.approx(30.0)
    assert found["hip_adduction_mean_deg"] == pytest.approx(30.0)
    assert found["pelvis_tilt_rom_deg"] == 100.0
    assert found["hip_rotation_mean_stance_deg"] == pytest.approx(30.5)  # 61 % of the cycle
    assert found["thigh_inclination_midstance_deg"] == 30.0
    assert found["virtual_knee_midstance_deg"] == 41.0
    assert found["knee_extension_excursion_deg"] == 5.0  # 25 at 25 %, 20 at 20 %


def test_knee_velocity_is_per_second():
    knee = -50.0 * PERCENT / 100.0
    found = values({Curve.KNEE_FLEXION: knee})["knee_extension_velocity_peak_deg_s"]
    assert found == pytest.approx(-50.0 / 1.1)


def test_phase_of_the_snap():
    curves = {Curve.THIGH_VELOCITY: bump(13, -160.0)}
    assert values(curves)["thigh_extension_velocity_peak_percent"] == 13.0


def test_speed_is_that_of_the_reference_walk():
    curves = {Curve.THIGH_INCLINATION: 21.25 * np.cos(2 * np.pi * PERCENT / 100)}
    speed = values(curves, steady_times(stride_time_s=120 / 112))["walking_speed_m_s"]
    assert speed == pytest.approx(1.27, rel=0.05)
    assert values(curves, leg_length_m=0.45)["walking_speed_m_s"] == (
        pytest.approx(0.5 * values(curves)["walking_speed_m_s"])
    )


def test_harmonics_tell_even_steps_from_uneven_ones():
    angle = 2 * np.pi * PERCENT / 100
    up = 2.0 * np.cos(2 * angle) + 0.5 * np.cos(angle)
    side = 1.0 * np.sin(angle) + 0.25 * np.sin(2 * angle)
    curves = {
        Curve.PELVIS_ACC_UP: up,
        Curve.PELVIS_ACC_FORWARD: up,
        Curve.PELVIS_ACC_OWN_SIDE: side,
    }
    found = values(curves)
    assert found["harmonic_ratio_vertical"] == pytest.approx(4.0)
    assert found["harmonic_ratio_forward"] == pytest.approx(4.0)
    assert found["harmonic_ratio_lateral"] == pytest.approx(4.0)
    half = np.corrcoef(up[:100], np.roll(up[:100], 50))[0, 1]
    assert found["step_regularity"] == pytest.approx(half)
    assert found["lateral_acceleration_rms_m_s2"] == pytest.approx(np.std(side[:100]))


def test_sway_is_integrated_twice():
    omega = 2 * np.pi / 1.1
    sway = 0.02 * np.sin(2 * np.pi * PERCENT / 100)
    flat = np.zeros(101)
    curves = {
        Curve.PELVIS_ACC_OWN_SIDE: -(omega**2) * sway,
        Curve.PELVIS_ACC_UP: flat,
        Curve.PELVIS_ACC_FORWARD: flat,
    }
    found = values(curves)
    assert found["lateral_sway_m"] == pytest.approx(0.04, rel=1e-3)
    assert found["lateral_shift_stance_m"] == pytest.approx(sway[10:51].max(), rel=1e-3)
    assert math.isnan(found["harmonic_ratio_vertical"])


@given(st.lists(st.sets(st.sampled_from(list(Curve))), min_size=1, max_size=9))
def test_a_stride_has_the_same_values_alone_and_among_others(worn):
    strides = []
    for i, curves in enumerate(worn):
        scaled = {c: (1.0 + 0.1 * i) * mean_curves()[c] + 0.3 * i for c in curves}
        strides.append((scaled, steady_times(2.0 * i, 1.0 + 0.05 * i)))
    together = compute_stride_values(strides, leg_length_m=0.90)
    assert together == [values(*stride) for stride in strides]


@given(
    st.sets(st.sampled_from(list(Curve))),
    st.sets(st.sampled_from(list(Plane))),
)
def test_only_what_is_worn_and_allowed_is_computed(curves, planes):
    present = {curve: mean_curves()[curve] for curve in curves}
    found = values(present, planes=planes)
    for name, feature in FEATURES.items():
        possible = (
            feature.per_stride is not None
            and set(feature.curves) <= curves
            and set(feature.planes) <= planes
        )
        assert (name in found) == possible


def test_values_do_not_depend_on_the_order_of_curves():
    curves = mean_curves()
    backwards = dict(reversed(curves.items()))
    assert values(curves) == values(backwards)


@pytest.mark.parametrize("curve", [Curve.HIP_FLEXION, Curve.KNEE_FLEXION, Curve.PELVIS_ACC_UP])
def test_nan_stays_in_the_features_of_its_curve(curve):
    clean = values(mean_curves())
    curves = mean_curves()
    curves[curve] = np.full(101, np.nan)
    found = values(curves)
    assert found.keys() == clean.keys()
    for name, feature in FEATURES.items():
        if name in found and curve not in feature.curves:
            assert found[name] == clean[name]
        elif name in found and "percent" not in name and Curve.PELVIS_ACC_UP is not curve:
            assert math.isnan(found[name])


def test_mirrored_legs_have_the_same_values():
    """The curves arrive mirrored, so nothing in a feature may know the side."""
    left, right = values(mean_curves()), values(mean_curves(), TIMES)
    assert left == right
    assert values(mean_curves(), TIMES._make(t + 33.3 for t in TIMES)) == pytest.approx(left)


def test_usual_curves_have_usual_values():
    found = values(mean_curves())
    for name, value in found.items():
        norm = FEATURES[name].norm
        if norm is not None:
            assert abs(value - norm.mean) < 2 * norm.sd, name


def test_a_stride_without_duration_is_refused():
    with pytest.raises(ValueError, match="must end after it starts"):
        values({}, StrideTimes(1.0, 1.0, 1.0, 1.0, 1.0))


def test_declarations_are_complete():
    for name, feature in FEATURES.items():
        assert name == feature.name
        assert feature.definition.endswith(".")
        assert feature.label[0].islower()
        assert feature.source
        assert feature.segments
        if feature.unit == "°":
            assert feature.name.endswith("_deg")
            assert feature.error > 0, name
            assert feature.mdc > 0, name
    codes = [f.code for f in FEATURES.values()]
    assert len(set(codes)) == len(codes)
    assert {f"F{i:02d}" for i in range(1, 37)} <= set(codes)


def test_features_and_detectors_import_nothing_heavy():
    code = (
        "import sys, pipeline.detectors; "
        "print([m for m in ('scipy', 'pandas', 'vqf') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
