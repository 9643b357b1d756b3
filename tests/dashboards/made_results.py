"""Results made by hand: every verdict, unknown numbers, three and five sensors."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from pipeline.gait import (
    CYCLE_POINTS,
    CalibrationQuality,
    Curve,
    Exclusion,
    GaitEvent,
    GaitEventKind,
    Plane,
    Stride,
)
from pipeline.movement_tests.outcome import MovementTask, MovementTest, Obstacle, Repetition
from pipeline.results import (
    Evidence,
    FeatureStatistics,
    Finding,
    Interval,
    Results,
    SensorQuality,
    Verdict,
    WalkSummary,
)
from recordings.placement import REQUIRED_PLACEMENTS, Placement, Side

NAN = math.nan

FINDINGS = (
    Finding(
        detector="gait_asymmetry",
        measure="step_time_asymmetry_percent",
        side=None,
        verdict=Verdict.NOT_SEEN,
        reason="within_error",
        value=3.2,
        error=2.7,
        usual=Interval(-5.0, 5.0),
        threshold=10.0,
        confidence=0.5,
        strides=44,
        strides_needed=30,
        sentence="Your steps took nearly the same time on both sides in this walk.",
    ),
    Finding(
        detector="femoral_collapse",
        measure="hip_adduction_peak_deg",
        side=Side.RIGHT,
        verdict=Verdict.PRESENT,
        reason="beyond_threshold",
        value=19.5,
        error=4.1,
        usual=Interval(0.0, 14.0),
        threshold=14.0,
        confidence=0.62,
        strides=41,
        strides_needed=20,
        sentence="In this walk your right thigh leaned inward more than usual for your speed.",
        evidence=(
            Evidence("hip_adduction_peak_deg", Side.RIGHT, 19.5, 4.1, Interval(0, 14), 3.6, True),
            Evidence("hip_rotation_excursion_deg", Side.RIGHT, 8.0, 6, None, NAN, False),
        ),
    ),
    Finding(
        detector="knee_hyperextension",
        measure="thigh_extension_velocity_peak_deg_s",
        side=Side.LEFT,
        verdict=Verdict.CANNOT_JUDGE,
        reason="hint_snap_back",
        value=NAN,
        error=NAN,
        usual=None,
        threshold=NAN,
        confidence=0.3,
        strides=40,
        strides_needed=20,
        sentence="Your left thigh swung back fast after contact, as it can when a knee locks.",
        hint=True,
    ),
    Finding(
        detector="knee_hyperextension",
        measure="knee_flexion_min_stance_deg",
        side=Side.RIGHT,
        verdict=Verdict.CANNOT_JUDGE,
        reason="too_few_strides",
        value=NAN,
        error=NAN,
        usual=None,
        threshold=NAN,
        confidence=0.0,
        strides=7,
        strides_needed=20,
        sentence="There were not enough steady strides to judge the right knee.",
    ),
)

FEATURES = (
    FeatureStatistics("cadence_spm", "F33", Side.LEFT, 44, 108.2, 2, 108, 107.8, 108.6, 1.1),
    FeatureStatistics("cadence_spm", "F33", Side.RIGHT, 41, 108.2, 2, 108, 107.6, 108.8, 1.1),
    FeatureStatistics(
        "step_time_asymmetry_percent", "F28", None, 41, 3.2, 1, 3, 2.7, 3.7, 2.6, Interval(-5, 5)
    ),
    FeatureStatistics(
        "hip_adduction_peak_deg",
        "F13",
        Side.LEFT,
        44,
        6.4,
        1.2,
        6.3,
        6.0,
        6.8,
        4.0,
        Interval(0.0, 14.0),
        -0.2,
    ),
    FeatureStatistics(
        "hip_adduction_peak_deg",
        "F13",
        Side.RIGHT,
        41,
        19.5,
        1.4,
        19.4,
        19.1,
        19.9,
        4.0,
        Interval(0.0, 14.0),
        3.6,
    ),
    FeatureStatistics(
        "stance_time_s", "F29", Side.LEFT, 44, 0.681, 0.012, 0.68, 0.677, 0.685, 0.02
    ),
    FeatureStatistics(
        "hip_flexion_rom_deg", "F07", Side.LEFT, 0, NAN, NAN, NAN, NAN, NAN, 1.6, Interval(31, 53)
    ),
)


def _stride(side: Side, start_s: float, **changes: Any) -> Stride:
    return Stride(
        side=side,
        start_s=start_s,
        opposite_final_contact_s=start_s + 0.12,
        opposite_initial_contact_s=start_s + 0.55,
        final_contact_s=start_s + 0.68,
        end_s=start_s + 1.1,
        bout=0,
        epoch=0,
        **{"values": {"stance_time_s": 0.68, "hip_adduction_peak_deg": 6.5}, **changes},
    )


def _sensor(placement: Placement) -> SensorQuality:
    return SensorQuality(placement, 100.02, 6000, 0.004, 0.03, 3, 0, 0, 9.79)


def build_results(*, shanks: bool = False, **changes: Any) -> Results:
    """Results of one walk; any field can be given in another way."""
    placements = tuple(Placement) if shanks else REQUIRED_PLACEMENTS
    sensors = [_sensor(p) for p in placements]
    sensors[0] = replace(
        sensors[0],
        clipped_samples=12,
        late_samples=3,
        gravity_m_s2=NAN,
        remarks=("3 samples of the pelvis sensor came too late to be used.",),
    )
    wave = np.sin(np.linspace(0, 2 * np.pi, CYCLE_POINTS)) * 20
    results = Results(
        session="2026-11-20_0930_walk",
        simulated=False,
        placements=placements,
        summary=WalkSummary(
            duration_s=605.4,
            walking_s=118.0,
            bouts=4,
            turns=3,
            steps=192,
            strides={Side.LEFT: 55, Side.RIGHT: 54},
            steady_strides={Side.LEFT: 44, Side.RIGHT: 41},
            excluded={"turn": 12, "start": 8},
            cadence_spm=108.2,
            stride_time_s=1.109,
            speed_m_s=1.213,
            speed_error_m_s=0.14,
            dimensionless_speed=0.41,
        ),
        quality=tuple(sensors),
        calibrations=(
            CalibrationQuality(
                start_s=0.0,
                end_s=605.4,
                zero="standing",
                axis_error_deg={str(Placement.THIGH_LEFT): 2.1, str(Placement.THIGH_RIGHT): NAN},
                refused={Plane.TRANSVERSE: "Rotation was not used: too little straight walking."},
                remarks=("The standing pose was short.",),
            ),
        ),
        events=(
            GaitEvent(1.0, GaitEventKind.INITIAL_CONTACT, Side.LEFT),
            GaitEvent(1.1234567, GaitEventKind.FINAL_CONTACT, Side.RIGHT, certain=False),
            GaitEvent(1.6, GaitEventKind.INITIAL_CONTACT, None),
        ),
        strides=(
            _stride(Side.LEFT, 1.0),
            _stride(
                Side.RIGHT,
                1.55,
                values={"stance_time_s": NAN, "hip_adduction_peak_deg": -3.25},
                exclusions=(Exclusion.TURN, Exclusion.GAP),
                bridged_fraction=0.1,
            ),
        ),
        features=FEATURES,
        findings=FINDINGS,
        remarks=("The left thigh sensor slipped at 0:42.",),
        mean_curves={Side.LEFT: {Curve.HIP_FLEXION: (wave, np.full(CYCLE_POINTS, NAN))}},
    )
    return replace(results, **changes)


_numbers = st.floats(width=32) | st.sampled_from((NAN, math.inf, -math.inf, -0.001, 1e12))
_times = st.floats(0, 36000)
_shares = st.floats(0, 1)
_counts = st.integers(0, 10**6)
_sides = st.sampled_from(Side) | st.none()
_usual = st.none() | st.builds(Interval, _numbers, _numbers)
_texts = st.text(max_size=200)
_sentences = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=300)
_measures = st.sampled_from(
    (
        "hip_flexion_rom_deg",
        "stance_time_s",
        "thigh_extension_velocity_peak_deg_s",
        "cadence_spm",
        "something_else",
    )
)


def any_results() -> st.SearchStrategy[Results]:
    """Whatever fulfils the types: unknown and endless numbers, any text, nothing at all."""
    evidence = st.builds(Evidence, _measures, _sides, _numbers, _numbers, _usual, _numbers)
    return st.builds(
        build_results,
        session=_texts,
        simulated=st.booleans(),
        provisional=st.booleans(),
        summary=st.builds(
            WalkSummary,
            duration_s=_numbers,
            walking_s=_numbers,
            bouts=_counts,
            turns=_counts,
            steps=_counts,
            strides=st.dictionaries(st.sampled_from(Side), _counts),
            steady_strides=st.dictionaries(st.sampled_from(Side), _counts),
            excluded=st.dictionaries(st.sampled_from([*map(str, Exclusion), "new"]), _counts),
            cadence_spm=_numbers,
            stride_time_s=_numbers,
            speed_m_s=_numbers,
            speed_error_m_s=_numbers,
            dimensionless_speed=_numbers,
        ),
        quality=st.lists(
            st.builds(
                SensorQuality,
                placement=st.sampled_from(Placement),
                rate_hz=_numbers,
                samples=_counts,
                lost_fraction=_shares,
                longest_gap_s=_numbers,
                gaps=_counts,
                clipped_samples=_counts,
                late_samples=_counts,
                gravity_m_s2=_numbers,
                remarks=st.lists(_texts, max_size=2).map(tuple),
            ),
            max_size=5,
        ).map(tuple),
        calibrations=st.lists(
            st.builds(
                CalibrationQuality,
                start_s=_times,
                end_s=_times,
                zero=st.sampled_from(("standing", "walking_mean", "none")),
                unfit=_texts,
                axis_error_deg=st.dictionaries(st.sampled_from(Placement).map(str), _numbers),
                refused=st.dictionaries(st.sampled_from(Plane), _texts),
                remarks=st.lists(_texts, max_size=2).map(tuple),
            ),
            max_size=3,
        ).map(tuple),
        events=st.lists(
            st.builds(GaitEvent, _times, st.sampled_from(GaitEventKind), _sides, st.booleans()),
            max_size=4,
        ).map(tuple),
        strides=st.lists(
            st.builds(
                _stride,
                st.sampled_from(Side),
                _times,
                values=st.dictionaries(_measures, _numbers),
                exclusions=st.lists(st.sampled_from(Exclusion), max_size=3).map(tuple),
                bridged_fraction=_shares,
                heading_change_deg=_numbers,
            ),
            max_size=4,
        ).map(tuple),
        features=st.lists(
            st.builds(
                FeatureStatistics,
                _measures,
                st.just("F04"),
                _sides,
                _counts,
                *[_numbers] * 6,
                usual=_usual,
                z=_numbers,
            ),
            max_size=6,
        ).map(tuple),
        findings=st.lists(
            st.builds(
                Finding,
                detector=st.sampled_from(("gait_asymmetry", "knee_hyperextension", "new_one")),
                measure=_measures,
                side=_sides,
                verdict=st.sampled_from(Verdict),
                reason=st.sampled_from(("within_error", "too_few_strides", "no_norm")),
                value=_numbers,
                error=_numbers,
                usual=_usual,
                threshold=_numbers,
                confidence=_shares | st.just(NAN),
                strides=_counts,
                strides_needed=_counts,
                sentence=_sentences,
                hint=st.booleans(),
                evidence=st.lists(evidence, max_size=3).map(tuple),
            ),
            max_size=5,
        ).map(tuple),
        remarks=st.lists(_texts, max_size=3).map(tuple),
        movement_tests=st.lists(any_movement_tests(), max_size=2).map(tuple),
    )


def any_movement_tests() -> st.SearchStrategy[MovementTest]:
    """Whatever fulfils the types."""
    repetition = st.builds(
        Repetition,
        _times,
        _times,
        _sides,
        st.booleans(),
        reason=st.sampled_from(["", *map(str, Obstacle), "new"]),
        measures=st.dictionaries(_measures, _numbers),
    )
    return st.builds(
        MovementTest,
        task=st.sampled_from(MovementTask),
        side=_sides,
        start_s=_times,
        end_s=_times,
        epoch=_counts,
        announced=st.booleans(),
        complete=st.booleans(),
        reason=st.sampled_from(["", *map(str, Obstacle)]),
        sentence=st.sampled_from(("", "5 squats.", "The left knee was lifted; nothing is scored.")),
        repetitions=st.lists(repetition, max_size=3).map(tuple),
        needed=_counts,
        features=st.lists(st.sampled_from(FEATURES), max_size=2).map(tuple),
        findings=st.lists(st.sampled_from(FINDINGS), max_size=2).map(tuple),
        remarks=st.lists(st.just("Left out: 1 too shallow."), max_size=2).map(tuple),
    )
