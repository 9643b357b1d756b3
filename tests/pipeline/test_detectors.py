"""The three detectors on walks whose answer is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from pipeline.detectors import WalkEvidence, detect, femoral_collapse, gait_asymmetry
from pipeline.detectors import knee_hyperextension as knee
from pipeline.gait import CalibrationQuality, Curve, Plane
from pipeline.results import Finding, Verdict
from pipeline.statistics import WalkStatistics
from recordings.metadata import SecondZero, Settings, Wearer
from recordings.placement import Placement, Side
from tests.pipeline.gait_curves import (
    FIVE,
    PERCENT,
    STANDING,
    THREE,
    mean_curves,
    stride,
    turn_thigh_axis,
)

LEAN = np.where(PERCENT < 55, np.sin(np.pi * np.minimum(PERCENT, 55) / 55) ** 2, 0.0)
KNEE = np.exp(-0.5 * ((PERCENT - 40) / 10) ** 2)
Change = Callable[[dict], None]


def walk(
    *,
    left: Change | None = None,
    right: Change | None = None,
    n: int = 35,
    stride_time_s: float = 1.1,
    late_s: float = 0.0,
    short_stance_s: float = 0.0,
    contact_bias_s: float = 0.0,
    placements: tuple[Placement, ...] = FIVE,
    calibration: CalibrationQuality | None = STANDING,
    wearer: Wearer | None = None,
    settings: Settings | None = None,
    seed: int = 0,
) -> WalkEvidence:
    """A walk of `n` strides a side; timing changes concern the right leg."""
    rng = np.random.default_rng(seed)
    statistics = WalkStatistics(wearer, settings)
    legs: dict[Side, dict] = {}
    for side, change in ((Side.LEFT, left), (Side.RIGHT, right)):
        legs[side] = mean_curves(stride_time_s, shanks=Placement.SHANK_LEFT in placements)
        if change is not None:
            change(legs[side])
    half, both = 0.5 * stride_time_s, 0.11 * stride_time_s
    for i in range(n):
        start = stride_time_s * i
        noise = rng.normal(0, 0.004, 8)
        left_off, left_next = start + half + both, start + stride_time_s
        right_on, right_off = start + half + late_s, start + both + late_s - short_stance_s
        right_next_off = right_off + stride_time_s
        bias = contact_bias_s
        times = {
            Side.LEFT: (start, right_off, right_on + bias, left_off, left_next),
            Side.RIGHT: (
                right_on + bias,
                left_off,
                left_next,
                right_next_off,
                right_on + bias + stride_time_s,
            ),
        }
        for k, side in enumerate(Side):
            curves = {c: v + rng.normal(0, 0.4) for c, v in legs[side].items()}
            contacts = np.array(times[side]) + np.append(noise[4 * k : 4 * k + 4], 0.0)
            statistics.add([stride(side, curves, contacts.tolist())])
    calibrations = [] if calibration is None else [calibration]
    return WalkEvidence.of(statistics, calibrations, placements)


def add(curve: Curve, amount) -> Change:
    def change(curves: dict) -> None:
        curves[curve] = curves[curve] + amount

    return change


def scale(curve: Curve, factor: float) -> Change:
    def change(curves: dict) -> None:
        curves[curve] = curves[curve] * factor

    return change


def by_side(findings) -> Mapping[Side | None, Finding]:
    return {f.side: f for f in findings}


def present(findings) -> list[Finding]:
    return [f for f in findings if f.verdict is Verdict.PRESENT]


@pytest.mark.parametrize("placements", [THREE, FIVE])
@pytest.mark.parametrize("stride_time_s", [1.5, 1.1, 0.95])
def test_a_usual_walk_has_no_finding(placements, stride_time_s):
    findings = detect(walk(placements=placements, stride_time_s=stride_time_s))
    assert present(findings) == []
    assert {f.detector for f in findings} == {
        "gait_asymmetry",
        "femoral_collapse",
        "knee_hyperextension",
    }
    for finding in findings:
        assert finding.hint == (finding.detector == "knee_hyperextension" and placements is THREE)


# ------------------------------------------------------------------ gait asymmetry


def test_a_late_right_foot_is_found_and_the_quick_step_named():
    timing, movement = gait_asymmetry.detect(walk(late_s=0.055))
    assert timing.verdict is Verdict.PRESENT
    assert timing.side is Side.LEFT
    assert timing.value == pytest.approx(20.0, abs=1.0)
    assert timing.value - timing.error > timing.threshold
    assert "your left step took about 20 % less time than your right one" in timing.sentence
    assert movement.verdict is Verdict.NOT_SEEN


def test_a_short_right_stance_is_found():
    timing, _ = gait_asymmetry.detect(walk(short_stance_s=0.13))
    assert timing.verdict is Verdict.PRESENT
    assert timing.side is Side.RIGHT
    assert timing.measure == "stance_time_asymmetry_percent"
    assert "less time on your right leg" in timing.sentence


def test_a_very_short_stance_is_no_quick_step():
    """Its foot leaves early, so that steps by the feet's leaving differ by half."""
    evidence = walk(late_s=0.015, short_stance_s=0.2)
    by_landing = evidence.get("step_time_asymmetry_percent")
    by_leaving = evidence.get("step_time_asymmetry_final_contact_percent")
    assert by_landing is not None and abs(by_landing.mean) < 8
    assert by_leaving is not None and abs(by_leaving.mean) > 25
    timing, _ = gait_asymmetry.detect(evidence)
    assert (timing.verdict, timing.side) == (Verdict.PRESENT, Side.RIGHT)
    assert timing.measure == "stance_time_asymmetry_percent"


@pytest.mark.parametrize("bias", [-0.030, -0.020, 0.020, 0.030])
def test_a_constant_contact_bias_is_no_asymmetry(bias):
    evidence = walk(contact_bias_s=bias)
    seen = evidence.get("step_time_asymmetry_percent")
    assert seen is not None
    assert abs(seen.mean) > 7
    timing, _ = gait_asymmetry.detect(evidence)
    assert timing.verdict is not Verdict.PRESENT


def test_a_gross_contact_bias_makes_the_witnesses_disagree():
    timing, _ = gait_asymmetry.detect(walk(contact_bias_s=0.09))
    assert (timing.verdict, timing.reason) == (Verdict.CANNOT_JUDGE, "landmarks_disagree")
    assert timing.evidence


def test_a_contact_bias_does_not_hide_a_late_foot():
    timing, _ = gait_asymmetry.detect(walk(late_s=0.07, contact_bias_s=-0.02))
    assert timing.verdict is Verdict.PRESENT


def test_a_stiff_left_hip_is_a_difference_in_degrees():
    _, movement = gait_asymmetry.detect(walk(left=scale(Curve.HIP_FLEXION, 0.55)))
    assert movement.verdict is Verdict.PRESENT
    assert movement.side is Side.LEFT
    assert movement.measure == "hip_flexion_rom_difference_deg"
    assert movement.value == pytest.approx(0.45 * 43.4, abs=1.0)
    assert "your left hip moved through about 20° less than your right one" in movement.sentence
    assert "%" not in movement.sentence


def test_a_knee_that_bends_less_needs_shanks():
    change = add(Curve.KNEE_FLEXION, -20 * np.exp(-0.5 * ((PERCENT - 72) / 8) ** 2))
    _, movement = gait_asymmetry.detect(walk(right=change))
    assert (movement.verdict, movement.side) == (Verdict.PRESENT, Side.RIGHT)
    assert movement.measure == "knee_flexion_swing_difference_deg"
    _, movement = gait_asymmetry.detect(walk(placements=THREE))
    assert movement.measure == "hip_flexion_rom_difference_deg"


def test_without_shanks_initial_contacts_are_doubted_more():
    """One pelvis brakes for both legs: even initial contacts prove nothing."""
    name = "step_time_asymmetry_percent"
    five, three = walk(late_s=0.055), walk(late_s=0.055, placements=THREE)
    doubt = [found.error for e in (five, three) if (found := e.get(name)) is not None]
    assert doubt[1] == pytest.approx(2.0 * doubt[0], rel=0.01)
    # Seven percent of a witness that is known to ±18 % do not tell which step is the quick one.
    small = walk(late_s=0.055, contact_bias_s=-0.036, placements=THREE)
    witness = small.get(name)
    assert witness is not None
    assert 5.0 < abs(witness.mean) < witness.error
    timing, _ = gait_asymmetry.detect(small)
    assert (timing.verdict, timing.reason) == (Verdict.CANNOT_JUDGE, "landmarks_disagree")
    # The pelvis hides a late foot of 20 %; only the feet's leaving shows it.
    hidden = [
        gait_asymmetry.detect(walk(late_s=0.055, contact_bias_s=-0.053, placements=p))[0]
        for p in (FIVE, THREE)
    ]
    assert all(f.verdict is not Verdict.PRESENT for f in hidden)
    assert (hidden[1].verdict, hidden[1].reason) == (Verdict.CANNOT_JUDGE, "landmarks_disagree")


def test_asymmetry_needs_thirty_strides():
    timing, movement = gait_asymmetry.detect(walk(n=29, late_s=0.055))
    for finding in (timing, movement):
        assert (finding.verdict, finding.reason) == (Verdict.CANNOT_JUDGE, "too_few_strides")
        assert finding.sentence.startswith("29 of 30 steady strides")


# ---------------------------------------------------------------- femoral collapse


def test_a_thigh_that_leans_inward_is_found_on_its_side():
    findings = by_side(femoral_collapse.detect(walk(right=add(Curve.HIP_ADDUCTION, 17 * LEAN))))
    right, left = findings[Side.RIGHT], findings[Side.LEFT]
    assert (right.verdict, right.reason) == (Verdict.PRESENT, "beyond_threshold")
    assert right.measure == "hip_adduction_peak_deg"
    assert right.value == pytest.approx(24, abs=0.5)
    assert right.usual is not None
    assert right.value > right.usual.high
    assert right.sentence.startswith(
        "In this walk your right thigh leaned inward more than usual for your speed: about 24°"
    )
    assert right.evidence[0].measure == right.measure
    assert right.evidence[0].supports
    assert left.verdict is Verdict.NOT_SEEN


def test_a_lean_within_its_error_is_not_present():
    findings = by_side(femoral_collapse.detect(walk(left=add(Curve.HIP_ADDUCTION, 10 * LEAN))))
    assert (findings[Side.LEFT].verdict, findings[Side.LEFT].reason) == (
        Verdict.NOT_SEEN,
        "within_error",
    )
    assert findings[Side.LEFT].value > findings[Side.LEFT].threshold


def test_a_one_sided_lean_is_found_by_its_difference():
    change = add(Curve.HIP_ADDUCTION, -6 * LEAN)
    findings = by_side(
        femoral_collapse.detect(walk(left=change, right=add(Curve.HIP_ADDUCTION, 9.5 * LEAN)))
    )
    assert findings[Side.RIGHT].verdict is Verdict.PRESENT
    assert findings[Side.RIGHT].measure == "hip_adduction_peak_difference_deg"
    assert "further than your left one" in findings[Side.RIGHT].sentence
    assert findings[Side.LEFT].verdict is Verdict.NOT_SEEN


def test_a_difference_alone_is_not_a_lean():
    """The right thigh is usual, the left one leans outward: nothing collapses."""
    findings = femoral_collapse.detect(walk(left=add(Curve.HIP_ADDUCTION, -16 * LEAN)))
    assert present(findings) == []


def test_rotation_alone_never_suffices():
    turning = add(Curve.HIP_ROTATION, 30 * np.sin(np.pi * np.minimum(PERCENT, 40) / 40) ** 2)
    evidence = walk(right=turning)
    excursion = evidence.get("hip_rotation_excursion_deg", Side.RIGHT)
    assert excursion is not None
    assert excursion.z > 4
    findings = by_side(femoral_collapse.detect(evidence))
    assert findings[Side.RIGHT].verdict is Verdict.NOT_SEEN
    shown = {e.measure for e in findings[Side.RIGHT].evidence if e.supports}
    assert "hip_rotation_excursion_deg" in shown


def test_the_threshold_moves_with_speed_and_sex():
    slow = femoral_collapse.detect(walk(stride_time_s=1.5))[0].threshold
    usual = femoral_collapse.detect(walk())[0].threshold
    fast = femoral_collapse.detect(walk(stride_time_s=0.9))[0].threshold
    assert slow < usual < fast
    woman = femoral_collapse.detect(walk(wearer=Wearer(sex="female")))[0].threshold
    man = femoral_collapse.detect(walk(wearer=Wearer(sex="male")))[0].threshold
    assert woman - man == pytest.approx(1.0)


@pytest.mark.parametrize("degrees", [-15, -10, 10, 15])
def test_a_turned_thigh_axis_is_no_lean(degrees):
    evidence = walk(right=lambda curves: turn_thigh_axis(curves, degrees))
    findings = by_side(femoral_collapse.detect(evidence))
    right = findings[Side.RIGHT]
    likeness = femoral_collapse.crosstalk(evidence, Side.RIGHT)
    assert right.verdict is not Verdict.PRESENT
    usual = by_side(femoral_collapse.detect(walk()))[Side.RIGHT]
    if abs(likeness) > 0.7:
        assert (right.verdict, right.reason) == (Verdict.CANNOT_JUDGE, "crosstalk")
    elif abs(likeness) > 0.5:
        assert right.confidence < 0.6 * usual.confidence
        assert right.error > usual.error + 0.2


def test_crosstalk_of_typical_curves_is_as_published():
    """Usual −0.23 … 0; ±10° −0.60 … +0.56; ±15° −0.74 … +0.72."""
    found = {}
    for degrees in (-15, -10, 0, 10, 15):
        evidence = walk(n=3, right=lambda c, d=degrees: turn_thigh_axis(c, d))
        found[degrees] = femoral_collapse.crosstalk(evidence, Side.RIGHT)
    assert -0.25 < found[0] < 0.0
    assert -0.65 < found[-10] < -0.5
    assert 0.2 < found[10] < 0.56
    assert found[-15] < -0.7
    assert found[15] > 0.5


def test_gross_crosstalk_is_refused_with_what_to_do():
    evidence = walk(right=lambda curves: turn_thigh_axis(curves, -16))
    right = by_side(femoral_collapse.detect(evidence))[Side.RIGHT]
    assert (right.verdict, right.reason) == (Verdict.CANNOT_JUDGE, "crosstalk")
    assert "right thigh sensor" in right.sentence
    assert "stand and walk once more" in right.sentence


def test_doubt_about_the_axes_widens_the_error_until_it_cannot_be_judged():
    def with_axis(error):
        calibration = replace(STANDING, axis_error_deg=dict.fromkeys(FIVE, error))
        change = add(Curve.HIP_ADDUCTION, 13 * LEAN)
        return by_side(femoral_collapse.detect(walk(right=change, calibration=calibration)))[
            Side.RIGHT
        ]

    sure, doubtful, lost = with_axis(0.0), with_axis(15.0), with_axis(40.0)
    assert sure.verdict is Verdict.PRESENT
    assert sure.error < doubtful.error < lost.error
    assert doubtful.confidence < sure.confidence
    assert doubtful.verdict is not Verdict.PRESENT


# -------------------------------------------------------------- knee hyperextension


def knee_of(**changes) -> Finding:
    change = changes.pop("bend", 0.0)
    evidence = walk(left=add(Curve.KNEE_FLEXION, -change * KNEE), **changes)
    return knee.detect(evidence)[0]


@pytest.mark.parametrize(
    ("bend", "verdict", "reason"),
    [
        (0.0, Verdict.NOT_SEEN, "within_usual"),
        (8.0, Verdict.NOT_SEEN, "borderline"),  # about −2°
        (12.0, Verdict.NOT_SEEN, "borderline"),  # about −6°, within its error of ±4°
        (18.0, Verdict.PRESENT, "beyond_threshold"),  # about −12°
        (30.0, Verdict.PRESENT, "far_beyond_threshold"),  # about −24°
    ],
)
def test_knees_past_straight(bend, verdict, reason):
    finding = knee_of(bend=bend)
    assert (finding.verdict, finding.reason) == (verdict, reason)
    assert finding.side is Side.LEFT
    assert not finding.hint
    if verdict is Verdict.PRESENT:
        assert finding.value + finding.error < -5
        assert f"by about {round(-finding.value)}°" in finding.sentence
    else:
        assert "locked knees" in finding.sentence


def test_a_second_zero_shifts_the_knee_and_is_judged_itself():
    """A stander of −15°: the walking knee reads +9° and is −6°, borderline."""
    settings = Settings(second_zero=SecondZero(knee_flexion_left_deg=-15.0))
    findings = knee.detect(walk(left=add(Curve.KNEE_FLEXION, 3.0), settings=settings))
    walking, standing = findings[0], findings[2]
    assert walking.value == pytest.approx(-6.0, abs=1.0)
    assert (walking.verdict, walking.reason) == (Verdict.NOT_SEEN, "borderline")
    assert "locked" not in walking.sentence
    assert walking.error == pytest.approx(math.hypot(4.0, 2.8), abs=0.2)
    assert standing.measure == "standing_knee_flexion_deg"
    assert (standing.verdict, standing.side) == (Verdict.PRESENT, Side.LEFT)
    assert len(findings) == 3
    assert "locked knees" in findings[1].sentence


def snapping(curves: dict) -> None:
    """The thigh swings back fast and early and leans back in mid-stance."""
    curves[Curve.THIGH_VELOCITY] = curves[Curve.THIGH_VELOCITY] - 110 * np.exp(
        -0.5 * ((PERCENT - 14) / 4) ** 2
    )
    curves[Curve.THIGH_INCLINATION] = curves[Curve.THIGH_INCLINATION] - 12 * np.exp(
        -0.5 * ((PERCENT - 30) / 10) ** 2
    )


def test_without_shanks_there_is_a_hint_at_most():
    left, right = knee.detect(walk(left=snapping, placements=THREE))
    assert (left.verdict, left.reason) == (Verdict.CANNOT_JUDGE, "hint_snap_back")
    assert left.hint
    assert 0.0 < left.confidence <= 0.35
    assert math.isnan(left.value)
    assert "shank sensor" in left.sentence
    assert not any(c.isdigit() for c in left.sentence)
    assert (right.verdict, right.reason) == (Verdict.CANNOT_JUDGE, "no_shank_sensor")
    assert right.confidence == 0.0


def test_a_snap_on_both_sides_is_a_weaker_hint():
    one = knee.detect(walk(left=snapping, placements=THREE))[0]
    both = knee.detect(walk(left=snapping, right=snapping, placements=THREE))[0]
    assert both.reason == "hint_snap_back"
    assert both.confidence < one.confidence


# ------------------------------------------------------------------- when it cannot


DEVIANT = {"right": add(Curve.HIP_ADDUCTION, 25 * LEAN), "left": snapping, "late_s": 0.08}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"calibration": replace(STANDING, zero="walking_mean")}, "no_standing_zero"),
        ({"calibration": None}, "no_standing_zero"),
        ({"n": 12}, "too_few_strides"),
        ({"n": 0}, "too_few_strides"),
        ({"stride_time_s": 2.6}, "speed_out_of_range"),
        ({"wearer": Wearer(age_years=12)}, "age_below_18"),
        ({"placements": (Placement.PELVIS, Placement.THIGH_LEFT)}, "sensor_not_worn"),
    ],
)
def test_nothing_is_judged_on_too_little(changes, reason):
    settings = Settings(second_zero=SecondZero(knee_flexion_left_deg=-20.0))
    findings = detect(walk(**(DEVIANT | changes), settings=settings))
    walking = [f for f in findings if f.measure != "standing_knee_flexion_deg"]
    assert {f.verdict for f in walking} == {Verdict.CANNOT_JUDGE}
    assert {f.reason for f in walking} == {reason}
    assert {f.confidence for f in walking} == {0.0}
    assert all(math.isnan(f.value) for f in walking)
    if reason == "no_standing_zero":
        assert walking == list(findings)


def test_a_refused_plane_silences_its_detector_only():
    why = "The walk had too few straight steps to find the thigh's forward axis."
    calibration = replace(STANDING, refused={Plane.FRONTAL: why})
    findings = detect(walk(calibration=calibration))
    collapse = [f for f in findings if f.detector == "femoral_collapse"]
    assert {f.reason for f in collapse} == {"plane_refused"}
    assert all(why in f.sentence for f in collapse)
    others = [f for f in findings if f.detector != "femoral_collapse"]
    assert all(f.verdict is Verdict.NOT_SEEN for f in others)


def test_strides_cut_at_the_wrong_moment_are_not_judged():
    """All contacts a third of a cycle late: the swing knee would look past straight."""

    def late(curves: dict) -> None:
        for curve in curves:
            curves[curve] = np.append(np.roll(curves[curve][:-1], 32), curves[curve][68])

    findings = detect(walk(left=late, right=late))
    assert {(f.verdict, f.reason) for f in findings} == {
        (Verdict.CANNOT_JUDGE, "strides_implausible")
    }


def test_an_unfit_recording_says_why():
    why = "The left and the right thigh sensor were swapped."
    findings = detect(walk(**DEVIANT, calibration=replace(STANDING, unfit=why)))
    assert {(f.verdict, f.reason) for f in findings} == {(Verdict.CANNOT_JUDGE, "unfit")}
    assert all(why in f.sentence for f in findings)


def test_missing_numbers_are_said_not_guessed():
    evidence = replace(walk(), statistics=())
    findings = detect(evidence)
    assert {f.reason for f in findings} == {"not_measured"}


def test_findings_are_the_same_however_often_they_are_asked():
    evidence = walk(**DEVIANT)
    assert repr(detect(evidence)) == repr(detect(evidence))


def test_mirrored_walkers_have_mirrored_findings():
    def key(finding: Finding, mirror: bool):
        side = finding.side.other if finding.side is not None and mirror else finding.side
        return (finding.detector, finding.measure, side, finding.verdict, round(finding.value, 0))

    lean, straight = add(Curve.HIP_ADDUCTION, 17 * LEAN), add(Curve.KNEE_FLEXION, -18 * KNEE)
    one = detect(walk(left=lean, right=straight))
    other = detect(walk(left=straight, right=lean))
    assert {key(f, mirror=False) for f in one} == {key(f, mirror=True) for f in other}
