"""Norms: speed, sex, age, leg length, and the two zeros that must not be mixed."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from pipeline.features.hip_frontal import ADDUCTION_PEAK
from pipeline.features.hip_sagittal import HIP_EXTENSION, HIP_FLEXION_SWING, THIGH_SWING_VELOCITY
from pipeline.features.registry import FEATURES
from pipeline.features.stride_data import lowest
from pipeline.gait import Curve
from pipeline.norms import (
    HIP_FLEXION_MIN,
    HIP_FLEXION_RANGE,
    PELVIC_ROTATION_RANGE,
    REFERENCE_SPEED,
    Norm,
    NormContext,
    ZeroConvention,
    dimensionless_speed,
    leg_length,
    step_length_m,
)
from recordings.metadata import Wearer


@pytest.mark.parametrize(
    ("cadence", "v_star"), [(67, 0.172), (90, 0.290), (112, 0.429), (131, 0.560), (150, 0.694)]
)
def test_speed_follows_the_cadences_of_the_reference_walkers(cadence, v_star):
    assert dimensionless_speed(cadence, 0.90) == pytest.approx(v_star, abs=0.008)


def test_a_longer_leg_walks_faster_at_the_same_cadence():
    assert dimensionless_speed(110, 1.0) > dimensionless_speed(110, 0.8)


@pytest.mark.parametrize("cadence", [0.0, -1.0, math.nan, math.inf])
def test_no_speed_without_a_cadence(cadence):
    assert math.isnan(dimensionless_speed(cadence, 0.9))


def test_leg_length_says_how_it_is_known():
    assert leg_length(Wearer(leg_length_m=0.87, height_m=1.9)).metres == 0.87
    assert leg_length(Wearer(height_m=1.80)).metres == pytest.approx(0.954)
    errors = [
        leg_length(w).relative_error
        for w in (Wearer(leg_length_m=0.9), Wearer(height_m=1.7), Wearer())
    ]
    assert errors == sorted(errors)
    assert errors[0] < errors[-1]


def test_step_length_of_the_reference_walk():
    # 42.5° of thigh range, 0.90 m of leg, 112 steps a minute: 1.27 m/s in the laboratory.
    assert step_length_m(42.5, 0.90) * 112 / 60 == pytest.approx(1.27, rel=0.05)


@pytest.mark.parametrize(
    ("curve", "value", "slope"),
    [
        (HIP_FLEXION_MIN, -5.7, -1.8),
        (HIP_FLEXION_RANGE, 42.7, 4.2),
        (PELVIC_ROTATION_RANGE, 12.3, 1.2),
    ],
)
def test_speed_curves_give_the_published_value_and_slope(curve, value, slope):
    assert curve.at(REFERENCE_SPEED) == pytest.approx(value, abs=0.1)
    assert curve.at(0.479) - curve.at(0.379) == pytest.approx(slope, abs=0.1)
    assert curve.change(REFERENCE_SPEED) == 0.0


def test_hip_extension_at_three_speeds_and_two_ages():
    norm = HIP_EXTENSION.norm
    assert norm is not None
    centre = {v: norm.centre(NormContext(v_star=v)) for v in (0.2, REFERENCE_SPEED, 0.6)}
    assert centre[REFERENCE_SPEED] == -18.0
    assert centre[0.2] == pytest.approx(-18 + HIP_FLEXION_MIN.at(0.2) - HIP_FLEXION_MIN.at(0.429))
    assert centre[0.2] > centre[REFERENCE_SPEED] > centre[0.6]
    assert norm.centre(NormContext(age_years=72)) == -14.0
    assert norm.centre(NormContext(age_years=59.9)) == -18.0


def test_the_sexes_differ_and_the_unknown_sex_lies_between():
    norm = ADDUCTION_PEAK.norm
    assert norm is not None
    female, unknown, male = (norm.centre(NormContext(sex=s)) for s in ("female", None, "male"))
    assert female > unknown > male
    assert female + male == pytest.approx(2 * unknown)


def test_angular_velocity_shrinks_with_the_leg():
    norm = THIGH_SWING_VELOCITY.norm
    assert norm is not None
    assert norm.centre(NormContext(leg_length_m=0.90)) == pytest.approx(187.0)
    assert norm.centre(NormContext(leg_length_m=1.0)) == pytest.approx(187.0 * math.sqrt(0.9))
    assert norm.spread(NormContext(leg_length_m=1.0)) < norm.spread(NormContext())


@pytest.mark.parametrize("v_star", [0.14, 0.71, math.nan])
def test_no_norm_outside_the_speeds_it_was_measured_at(v_star):
    context = NormContext(v_star=v_star)
    for feature in FEATURES.values():
        if feature.norm is not None:
            assert feature.norm.usual(context) is None
            assert math.isnan(feature.z(0.0, context))


def test_conversion_from_laboratory_to_standing_zero():
    laboratory = Norm(37.0, 5.0, ZeroConvention.ANATOMICAL, older_mean=35.0)
    standing = laboratory.to_standing(12.0, standing_sd_deg=3.0)
    assert standing.mean == 25.0
    assert standing.older_mean == 23.0
    assert standing.sd == pytest.approx(math.hypot(5, 3))
    assert standing.zero is ZeroConvention.STANDING
    assert HIP_FLEXION_SWING.norm is not None
    assert HIP_FLEXION_SWING.norm.mean == 25.0


def test_converting_twice_is_refused():
    with pytest.raises(ValueError, match="Only an anatomical norm"):
        Norm(1.0, 1.0, ZeroConvention.STANDING).to_standing(10.0)


def test_a_value_is_never_compared_with_a_norm_of_the_other_zero():
    norm = Norm(-6.0, 6.5, ZeroConvention.ANATOMICAL)
    with pytest.raises(ValueError, match="has no distance to a norm"):
        norm.deviation(-18.0, ZeroConvention.STANDING, NormContext())
    with pytest.raises(ValueError, match="its norm from anatomical"):
        replace(HIP_EXTENSION, norm=norm)


def test_every_declaration_keeps_its_zero():
    """Angles that hang on a posture have a zero; ranges, times and differences have none."""
    for feature in FEATURES.values():
        if feature.norm is not None:
            assert feature.norm.zero is feature.zero, feature.name
        posture = any(word in feature.name for word in ("_min_", "_max_", "_peak_", "_mean_"))
        one_angle = feature.unit == "°" and posture and "difference" not in feature.name
        assert (feature.zero is not ZeroConvention.NONE) or not one_angle, feature.name


def test_a_feature_is_computed_in_one_way():
    with pytest.raises(ValueError, match="either per stride, per walk or in a movement test"):
        replace(HIP_EXTENSION, per_walk=lambda walk: [])
    assert HIP_EXTENSION.per_stride == lowest(Curve.HIP_FLEXION, 40, 65)
