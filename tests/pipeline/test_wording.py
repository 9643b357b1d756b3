"""Nothing that a wearer reads names a disease, a muscle, a cause or a state of health."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest

from pipeline.detectors import WalkEvidence, detect
from pipeline.features.registry import FEATURES
from pipeline.gait import Curve, Plane
from pipeline.norms import NormContext
from pipeline.results import FeatureStatistics, Finding, Verdict
from pipeline.wording import forbidden_words
from recordings.metadata import SecondZero, Settings, Wearer
from recordings.placement import Side
from tests.pipeline.gait_curves import FIVE, STANDING, THREE, mean_curves, turn_thigh_axis

DECIDING = {
    "step_time_asymmetry_percent": (0.0, 7.0, -14.0, 30.0),
    "step_time_asymmetry_final_contact_percent": (0.0, 14.0, -30.0),
    "stance_time_asymmetry_percent": (1.0, 11.0, -25.0),
    "swing_time_asymmetry_percent": (2.0, -40.0),
    "hip_flexion_rom_difference_deg": (1.0, -11.0, 24.0),
    "knee_flexion_swing_difference_deg": (0.0, 19.0),
    "hip_adduction_peak_deg": (4.0, 14.5, 17.0, 25.0),
    "hip_adduction_peak_difference_deg": (0.0, -19.0),
    "knee_flexion_min_stance_deg": (7.0, -0.3, -6.0, -12.0, -25.0),
    "thigh_extension_velocity_peak_deg_s": (-110.0, -260.0),
    "thigh_inclination_midstance_deg": (0.0, -14.0),
}
DETECTORS_OF = {
    "gait_asymmetry": tuple(DECIDING)[:6],
    "femoral_collapse": ("hip_adduction_peak_deg", "hip_adduction_peak_difference_deg"),
    "knee_hyperextension": tuple(DECIDING)[8:],
}


def statistics(values: dict[str, float], *, error: float | None, n: int):
    context = NormContext()
    for name, value in values.items():
        feature = FEATURES[name]
        own = feature.error if feature.error == feature.error else 6.0
        for side in (None,) if "difference" in name or "asymmetry" in name else tuple(Side):
            yield FeatureStatistics(
                feature=name,
                code=feature.code,
                side=side,
                n=n,
                mean=value,
                sd=1.0,
                median=value,
                ci_low=value - 0.4,
                ci_high=value + 0.4,
                error=own if error is None else error,
                usual=None if feature.norm is None else feature.norm.usual(context),
                z=feature.z(value, context),
            )


def evidence(values, *, error=None, n=40, turn=0.0, shift=0, **changes) -> WalkEvidence:
    curves = mean_curves()
    turn_thigh_axis(curves, turn)
    curves = {curve: np.roll(values, shift) for curve, values in curves.items()}
    arguments = {
        "statistics": tuple(statistics(values, error=error, n=n)),
        "mean_curves": {s: {c: (v, v) for c, v in curves.items()} for s in Side},
        "steady_strides": dict.fromkeys(Side, n),
        "context": NormContext(),
        "calibration": STANDING,
        "placements": FIVE,
        "wearer": Wearer(),
        "settings": Settings(),
    }
    return WalkEvidence(**(arguments | changes))


def every_finding() -> list[Finding]:
    """Findings in all combinations of values, errors, sensors and obstacles."""
    walks = []
    for names in DETECTORS_OF.values():
        for values in itertools.product(*(DECIDING[name] for name in names)):
            chosen = dict(zip(names, values, strict=True))
            walks += [
                evidence(chosen),
                evidence(chosen, error=60.0),
                evidence(chosen, placements=THREE),
            ]
    middle = {name: values[0] for name, values in DECIDING.items()}
    refused = replace(STANDING, refused=dict.fromkeys(Plane, "The pose was too short."))
    walks += [
        evidence(middle, n=7),
        evidence(middle, n=7, placements=THREE),
        evidence({}),
        evidence({}, placements=THREE),
        evidence(middle, turn=-16.0),
        evidence(middle, turn=-10.0),
        evidence(middle, shift=-30),
        evidence(middle, placements=FIVE[:2]),
        evidence(middle, calibration=None),
        evidence(middle, calibration=refused),
        evidence(middle, calibration=replace(STANDING, unfit="Nobody walked.")),
        evidence(middle, wearer=Wearer(age_years=11)),
        evidence(middle, context=NormContext(v_star=0.1)),
        evidence(middle, context=NormContext(v_star=0.9)),
    ]
    for angle in (3.0, -3.0, -10.0, -22.0):
        zero = SecondZero(knee_flexion_left_deg=angle, knee_flexion_right_deg=angle)
        walks.append(evidence(middle, settings=Settings(second_zero=zero)))
    return [finding for walk in walks for finding in detect(walk)]


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return every_finding()


def test_every_reason_is_reached(findings):
    assert {f.reason for f in findings} == {
        "age_below_18",
        "beyond_threshold",
        "beyond_usual",
        "borderline",
        "crosstalk",
        "error_too_large",
        "far_beyond_threshold",
        "hint_snap_back",
        "landmarks_disagree",
        "no_shank_sensor",
        "no_standing_zero",
        "not_measured",
        "plane_refused",
        "sensor_not_worn",
        "speed_out_of_range",
        "strides_implausible",
        "too_few_strides",
        "unfit",
        "within_error",
        "within_usual",
    }


def test_no_sentence_says_what_sensors_cannot_know(findings):
    sentences = {f.sentence for f in findings}
    assert len(sentences) > 60
    assert {s: forbidden_words(s) for s in sentences if forbidden_words(s)} == {}


def test_sentences_read_well(findings):
    for sentence in {f.sentence for f in findings}:
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert not re.search(r"nan|inf\b|None|\{|\}|  |-0\b|−0\b|\.\.", sentence), sentence
        assert len(sentence) < 330


def test_findings_keep_their_promises(findings):
    for f in findings:
        assert 0.0 <= f.confidence <= 1.0
        if f.verdict is Verdict.PRESENT:
            low = abs(f.value) - f.error if f.threshold > 0 else -f.value - f.error
            assert low > abs(f.threshold), f
        if f.verdict is Verdict.CANNOT_JUDGE and not f.hint:
            assert f.confidence == 0.0
        if f.hint:
            assert f.verdict is Verdict.CANNOT_JUDGE
            assert f.confidence <= 0.35
            assert "°" not in f.sentence
        walked = f.measure != "standing_knee_flexion_deg"
        if f.verdict is Verdict.NOT_SEEN and f.reason == "within_usual" and walked:
            assert "ensors see only part" in f.sentence or "locked knees" in f.sentence


def test_labels_and_definitions_obey_too():
    for feature in FEATURES.values():
        assert forbidden_words(feature.label) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Your gait is normal.",
        "You are healthy!",
        "You have osteoarthritis of the hip.",
        "Your gluteus medius is weak.",
        "Tight hip flexors.",
        "This causes your knee pain.",
        "Low risk of injury.",
        "A treatment is needed.",
        "Genu recurvatum.",
        "Nothing wrong.",
        "A diagnosis of impingement.",
    ],
)
def test_the_guard_catches(sentence):
    assert forbidden_words(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "In this walk your right thigh leaned inward more than usual for your speed.",
        "Worth showing to a physiotherapist; it may have several reasons.",
        "Stand still for five seconds first next time.",
        "12 of 20 steady strides a side: walk on a little in a straight line.",
    ],
)
def test_the_guard_lets_plain_words_pass(sentence):
    assert forbidden_words(sentence) == ()


def test_curves_of_the_test_are_those_of_a_stride():
    assert set(mean_curves()) == set(Curve)
