"""Analysing a whole session from Python."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import hipgait
from firmware_bridge.virtual_wearer.wear import VirtualSession
from pipeline.angles import AngleBlock
from recordings.errors import InputError
from recordings.events import EventKind, SessionEvent
from recordings.metadata import Settings
from recordings.placement import REQUIRED_PLACEMENTS, Placement, Side
from recordings.session import Remark, Session


def test_three_lines_give_results(usual_walk: VirtualSession) -> None:
    results = hipgait.analyze(usual_walk.session)
    assert results.simulated
    assert results.summary.cadence_spm == pytest.approx(113, abs=4)
    assert min(results.summary.steady_strides.values()) > 100
    frame = results.to_frame()
    assert len(frame) == len(results.strides)
    assert {"side", "start_s", "final_contact_s", "end_s", "steady"} <= set(frame.columns)


def test_what_the_reader_noticed_is_told_once(usual_walk: VirtualSession) -> None:
    guess = Remark("mapping_guessed", "The columns of walk.csv were guessed.")
    session = replace(usual_walk.session, remarks=(guess, guess))
    assert hipgait.analyze(session).remarks.count(guess.text) == 1


def test_angles_reach_the_sink_in_time_order(usual_walk: VirtualSession) -> None:
    blocks: list[AngleBlock] = []
    hipgait.analyze(usual_walk.session, angle_sink=blocks.append)
    times = np.concatenate([block.time_s for block in blocks])
    np.testing.assert_allclose(np.diff(times), 0.01, atol=1e-9)
    assert times[-1] >= 0.99 * usual_walk.truth.time_s[-1]


def test_a_missing_sensor_is_named(usual_walk: VirtualSession) -> None:
    sources = {p: s for p, s in usual_walk.session.sources.items() if p is not Placement.THIGH_LEFT}
    with pytest.raises(InputError, match="left thigh") as caught:
        hipgait.analyze(replace(usual_walk.session, sources=sources))
    assert caught.value.reason == "missing_placement"


def test_three_sensors_never_give_a_knee_angle(usual_walk: VirtualSession) -> None:
    sources = {p: usual_walk.session.sources[p] for p in REQUIRED_PLACEMENTS}
    results = hipgait.analyze(Session("three", sources))
    knee = [f for f in results.findings if f.detector == "knee_hyperextension"]
    assert knee
    assert all(f.hint or f.verdict == "cannot_judge" for f in knee)
    assert all(f.confidence <= 0.35 for f in knee)
    assert not any("knee_flexion" in f.feature for f in results.features)


def test_a_seated_pose_tells_how_the_knees_stood(usual_walk: VirtualSession) -> None:
    """Told that the first seconds were sitting, a standing person is not believed."""
    events = (
        SessionEvent(1.0, EventKind.CALIBRATION_POSE_START, "seated"),
        SessionEvent(4.0, EventKind.CALIBRATION_POSE_END),
    )
    plain = hipgait.analyze(replace(usual_walk.session, events=()))
    told = hipgait.analyze(replace(usual_walk.session, events=events))
    assert [f.value for f in told.findings] == pytest.approx(
        [f.value for f in plain.findings], nan_ok=True
    )


def test_a_known_distance_gives_the_speed(usual_walk: VirtualSession) -> None:
    metadata = usual_walk.session.metadata
    settings = Settings(known_walk_distance_m=150.0)
    known = hipgait.analyze(
        replace(
            usual_walk.session,
            metadata=type(metadata)(
                sensors=metadata.sensors, wearer=metadata.wearer, settings=settings
            ),
        )
    )
    assert known.summary.speed_m_s == pytest.approx(150.0 / known.summary.walking_s)
    assert known.summary.speed_error_m_s == pytest.approx(0.05 * known.summary.speed_m_s)


def test_strides_are_complete_and_in_order(usual_walk: VirtualSession) -> None:
    for stride in hipgait.analyze(usual_walk.session).strides:
        if not stride.steady:
            continue
        times = (
            stride.start_s,
            stride.opposite_final_contact_s,
            stride.opposite_initial_contact_s,
            stride.final_contact_s,
            stride.end_s,
        )
        assert list(times) == sorted(times)
        assert stride.side in Side
        assert np.isfinite(list(stride.values.values())).all()
