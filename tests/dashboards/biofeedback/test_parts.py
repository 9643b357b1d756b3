"""Fading, rhythm and metronome alone, and how cues sound."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.biofeedback.cues import Cue, CueKind
from dashboards.biofeedback.fading import LEAST_SHARE, Fading, Thinning
from dashboards.biofeedback.metronome import Metronome
from dashboards.biofeedback.rhythm import Rhythm
from dashboards.biofeedback.sound import RATE_HZ, Mixer, SoundSink, tick
from pipeline.gait import GaitEvent, GaitEventKind
from recordings.placement import Side


def steps(count: int, step_s: float = 0.5, begin_s: float = 10.0) -> list[GaitEvent]:
    return [
        GaitEvent(begin_s + step_s * n, GaitEventKind.INITIAL_CONTACT, list(Side)[n % 2])
        for n in range(count)
    ]


def test_without_fading_every_cue_is_given() -> None:
    assert Fading().share(1e6) == 1.0


def test_fading_begins_at_half_time_and_ends_at_a_third() -> None:
    fading = Fading(over_s=600.0)
    assert [fading.share(s) for s in (0.0, 300.0)] == [1.0, 1.0]
    assert fading.share(450.0) == pytest.approx(1.0 - 0.5 * (1.0 - LEAST_SHARE))
    assert fading.share(600.0) == fading.share(6000.0) == pytest.approx(LEAST_SHARE)


@given(share=st.floats(0.05, 1.0), count=st.integers(1, 300))
def test_thinning_passes_its_share_evenly(share: float, count: int) -> None:
    thinning = Thinning()
    passed = 0
    for number in range(1, count + 1):
        passed += thinning.passes(Side.LEFT, share)
        assert abs(passed - share * number) < 1.0 + 1e-6


def test_each_leg_is_thinned_by_itself() -> None:
    thinning = Thinning()
    answers = [thinning.passes(side, 0.5) for _ in range(4) for side in Side]
    assert answers == [False, False, True, True] * 2


def test_stride_time_needs_steady_strides_without_a_pause() -> None:
    rhythm = Rhythm()
    for event in steps(7):
        assert rhythm.take(event)
    assert rhythm.stride_time_s(Side.LEFT) == pytest.approx(1.0)
    assert rhythm.stride_time_s(Side.RIGHT) is None
    for event in steps(2, begin_s=15.0):
        rhythm.take(event)
    assert rhythm.stride_time_s(Side.LEFT) is None


def test_a_contact_placed_by_rhythm_alone_is_not_measured_with() -> None:
    rhythm = Rhythm()
    for event in steps(7):
        rhythm.take(event)
    unsure = GaitEvent(13.5, GaitEventKind.INITIAL_CONTACT, Side.RIGHT, certain=False)
    assert not rhythm.take(unsure)
    assert rhythm.stride_time_s(Side.LEFT) is None


def test_the_metronome_waits_for_a_pace_and_stops_with_the_walker() -> None:
    metronome = Metronome()
    assert metronome.process(12.0, steps(4)) == []
    (beat,) = metronome.process(16.9, steps(14)[4:])
    assert beat.kind is CueKind.BEAT
    assert (beat.time_s, beat.in_s) == pytest.approx((17.0, 0.1))
    assert metronome.interval_s == pytest.approx(0.5)
    assert metronome.process(20.0, []) == []
    assert metronome.interval_s is None


def test_left_and_right_come_from_their_own_side() -> None:
    left, right = (np.abs(tick(Cue(CueKind.STEP, side, 0.0))).max(axis=0) for side in Side)
    assert left[0] > 3 * left[1]
    assert right[1] > 3 * right[0]


def test_a_sound_begins_at_its_sample_whatever_is_read_at_once() -> None:
    sound = tick(Cue(CueKind.TARGET, Side.RIGHT, 0.0))
    whole, pieces = Mixer(), Mixer()
    for mixer in (whole, pieces):
        mixer.read(100)
        mixer.add(sound, in_s=0.01)
        mixer.add(sound, in_s=0.05)
    total = len(sound) + RATE_HZ // 10
    at_once = whole.read(total)
    in_pieces = np.concatenate([pieces.read(n) for n in (1, 399, 5000, total - 5400)])
    assert (at_once == in_pieces).all()
    first = int(np.flatnonzero(np.abs(at_once).max(axis=1))[0])
    assert first == pytest.approx(0.01 * RATE_HZ, abs=3)
    assert not whole.read(10).any()


def test_volume_scales_and_never_wraps_around() -> None:
    loud, off = Mixer(1.0), Mixer(0.0)
    for _ in range(10):
        loud.add(np.ones((50, 2)))
        off.add(np.ones((50, 2)))
    assert loud.read(50).min() == 32767
    assert not off.read(50).any()


def test_a_device_plays_what_it_is_given() -> None:
    pytest.importorskip("miniaudio", reason="sound needs miniaudio (extra 'ui')")
    sink = SoundSink(silent=True)
    sink.give(Cue(CueKind.STEP, Side.LEFT, 0.0))
    end_s = time.monotonic() + 5.0
    while sink.mixer.waiting and time.monotonic() < end_s:
        time.sleep(0.01)
    assert not sink.mixer.waiting
    sink.close()
