"""What is on disk after a walk, however the walk ended."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from firmware_bridge.devices.registry import FAMILIES
from firmware_bridge.preroll import Preroll
from firmware_bridge.recorder import Recorder, free_session_folder
from firmware_bridge.status import BridgeUpdate
from firmware_bridge.transport.raw_stream import PACKET, read_raw
from recordings.errors import OutputError, UsageError
from recordings.events import EventKind, SessionEvent
from recordings.metadata import SessionMetadata
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.reading import read_session
from recordings.samples import ImuSamples
from tests.firmware_bridge.test_bridge import Walk

PELVIS = Placement.PELVIS
REPOSITORY = Path(__file__).parents[2]


class RecordedWalk(Walk):
    """A simulated walk with a recorder attached."""

    def __init__(self) -> None:
        super().__init__()
        self.recorder = Recorder(self.bridge.statuses)
        self.bridge.attach(self.recorder.take)

    def record(self, folder: Path) -> None:
        self.recorder.start(folder, SessionMetadata(start_time=self.bridge.start_time))


def update_at(time_s: float, *events: SessionEvent) -> BridgeUpdate:
    samples = ImuSamples(PELVIS, np.array([time_s]), np.ones((1, 3)), np.zeros((1, 3)))
    return BridgeUpdate(time_s, (samples,), events)


def event_at(time_s: float, kind: EventKind) -> SessionEvent:
    return SessionEvent(time_s, kind, "standing")


def test_the_session_holds_exactly_what_the_bridge_gave(tmp_path: Path) -> None:
    walk = RecordedWalk()
    walk.wear()
    walk.run(4)
    walk.record(tmp_path / "walk")
    walk.run(4)
    status = walk.recorder.stop()
    walk.recorder.close()
    assert status.problem is None
    session = read_session(tmp_path / "walk")
    assert session.remarks == ()
    for placement in REQUIRED_PLACEMENTS:
        live, stored = walk.samples(placement), session.samples(placement)
        # Also what came before Record was pressed.
        np.testing.assert_array_equal(stored.time_s, live.time_s)
        np.testing.assert_array_equal(stored.acc_m_s2, live.acc_m_s2)
        np.testing.assert_array_equal(stored.gyr_rad_s, live.gyr_rad_s)
    info = session.metadata.sensors[PELVIS]
    assert info.rate_hz == 104.0
    assert info.device_id == f"{1:016x}"
    assert info.clock is not None
    assert session.metadata.start_time == walk.bridge.start_time


def test_raw_packets_decode_again_to_the_same_samples(tmp_path: Path) -> None:
    walk = RecordedWalk()
    walk.wear()
    walk.run(2)
    walk.record(tmp_path / "walk")
    walk.run(4)
    walk.recorder.stop()
    walk.recorder.close()
    decoder = FAMILIES["gait"].decoder()
    acc = [
        decoded.acc_m_s2
        for record in read_raw(tmp_path / "walk" / "raw.bin")
        if record.kind == PACKET and record.sensor.placement is PELVIS
        if (decoded := decoder.feed(record.characteristic, record.data)) is not None
    ]
    stored = read_session(tmp_path / "walk").samples(PELVIS)
    np.testing.assert_allclose(np.concatenate(acc), stored.acc_m_s2, atol=1e-5)


def test_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    walk = RecordedWalk()
    walk.wear()
    walk.run(2)
    walk.record(tmp_path / "walk")
    walk.recorder.add_event(SessionEvent(1.0, EventKind.MARKER, "here"))
    walk.run(1)
    walk.recorder.stop()
    walk.recorder.close()
    files = sorted((tmp_path / "walk").iterdir())
    assert {f.name for f in files} >= {"session.json", "pelvis.csv", "raw.bin", "events.csv"}
    assert all(stat.S_IMODE(f.stat().st_mode) == 0o600 for f in files)
    assert stat.S_IMODE((tmp_path / "walk").stat().st_mode) == 0o700


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    walk = RecordedWalk()
    (tmp_path / "walk").mkdir()
    (tmp_path / "walk" / "precious.txt").write_text("mine")
    with pytest.raises(OutputError) as caught:
        walk.record(tmp_path / "walk")
    walk.recorder.close()
    assert caught.value.reason == "output_exists"
    assert [f.name for f in (tmp_path / "walk").iterdir()] == ["precious.txt"]


def test_a_free_name_is_found(tmp_path: Path) -> None:
    start = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    first = free_session_folder(tmp_path, start)
    assert first.name == "2026-11-20_0930_walk"
    first.mkdir()
    assert free_session_folder(tmp_path, start).name == "2026-11-20_0930_walk_2"


def test_a_missing_parent_is_said(tmp_path: Path) -> None:
    walk = RecordedWalk()
    with pytest.raises(OutputError) as caught:
        walk.record(tmp_path / "nowhere" / "walk")
    walk.recorder.close()
    assert caught.value.reason == "output_folder_missing"


def test_one_recording_at_a_time(tmp_path: Path) -> None:
    walk = RecordedWalk()
    walk.record(tmp_path / "one")
    with pytest.raises(UsageError):
        walk.record(tmp_path / "two")
    walk.recorder.close()
    assert not (tmp_path / "two").exists()


def test_the_preroll_keeps_the_calibration_however_late_record_is_pressed() -> None:
    preroll = Preroll(recent_s=60, calibration_s=30)
    for second in range(1000):
        events = (event_at(100.0, EventKind.CALIBRATION_POSE_START),) * (second == 100)
        preroll.keep(update_at(float(second), *events))
    updates = preroll.snapshot()
    times = [float(s.time_s[0]) for u in updates for s in u.samples]
    assert times == [*range(95, 130), *range(939, 1000)]
    markers = [e for u in updates for e in u.events if e.kind == EventKind.MARKER]
    assert markers[0].label == "not recorded from 129.0 s to 939.0 s"


def test_the_preroll_keeps_the_latest_calibration_and_no_other() -> None:
    preroll = Preroll(recent_s=10, calibration_s=20)
    for second in range(300):
        events = (event_at(float(second), EventKind.CALIBRATION_POSE_START),)
        preroll.keep(update_at(float(second), *(events * (second in (50, 150)))))
    times = [float(s.time_s[0]) for u in preroll.snapshot() for s in u.samples]
    assert times == [*range(145, 170), *range(289, 300)]


def test_a_second_recording_holds_the_calibration_and_not_the_first_walk(tmp_path: Path) -> None:
    recorder = Recorder(dict, Preroll(calibration_s=3))
    metadata = SessionMetadata()
    recorder.take(update_at(1.0, event_at(1.0, EventKind.CALIBRATION_POSE_START)))
    recorder.stop()
    recorder.start(tmp_path / "first", metadata)
    for second in range(2, 10):
        recorder.take(update_at(float(second)))
        recorder.stop() if second == 8 else time.sleep(0.3)
    recorder.start(tmp_path / "second", metadata)
    recorder.take(update_at(10.0))
    recorder.close()

    def stored(name: str) -> list[float]:
        session = read_session(tmp_path / name, required=(PELVIS,))
        return session.samples(PELVIS).time_s.tolist()

    assert stored("first") == [1, 2, 3, 4, 5, 6, 7, 8]
    assert stored("second") == [1, 2, 3, 9, 10]


_CHILD = """
    import sys, time
    from pathlib import Path
    from firmware_bridge.bridge import Bridge
    from firmware_bridge.recorder import Recorder
    from firmware_bridge.transport.virtual_transport import VirtualTransport
    from recordings.metadata import SessionMetadata
    from recordings.placement import REQUIRED_PLACEMENTS
    from tests.firmware_bridge.simulation import gait_sensor
    from tests.firmware_bridge.test_bridge import raw_sensor

    bridge = Bridge(VirtualTransport([gait_sensor(n) for n in (1, 2, 3)]))
    recorder = Recorder(bridge.statuses)
    bridge.attach(recorder.take)
    bridge.start()
    for n, placement in enumerate(REQUIRED_PLACEMENTS):
        bridge.add(raw_sensor(n + 1, placement))
    recorder.start(Path(sys.argv[1]), SessionMetadata(start_time=bridge.start_time))
    while True:
        time.sleep(0.05)
        status = recorder.status()
        print(bridge.poll().time_s, status.recording, status.problem, flush=True)
"""


def child(folder: Path, before: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", before + textwrap.dedent(_CHILD), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )


def lines_until(process: subprocess.Popen[str], done: Callable[[list[str]], bool]) -> list[str]:
    assert process.stdout is not None
    for line in process.stdout:
        words = line.split(" ", 2)
        if done(words):
            return words
    raise AssertionError("the recording process ended by itself")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_after_kill_9_at_most_the_last_second_is_missing(tmp_path: Path) -> None:
    with child(tmp_path / "walk") as process:
        words = lines_until(process, lambda words: float(words[0]) > 4.0)
        process.send_signal(signal.SIGKILL)
    killed_s = float(words[0])
    session = read_session(tmp_path / "walk")
    for placement in REQUIRED_PLACEMENTS:
        times = session.samples(placement).time_s
        assert times[-1] > killed_s - 1.0
        np.testing.assert_allclose(np.diff(times), 1 / 104, atol=1e-3)
    raw = [r.time_s for r in read_raw(tmp_path / "walk" / "raw.bin")]
    assert raw[-1] > killed_s - 1.0
    assert session.metadata.sensors.keys() == set(REQUIRED_PLACEMENTS)


_FULL_DISK = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (25_000, 25_000))
"""
"""The operating system refuses to let a file grow, as on a full disk."""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX resource limits")
def test_a_full_disk_ends_the_recording_and_keeps_what_was_written(tmp_path: Path) -> None:
    with child(tmp_path / "walk", _FULL_DISK) as process:
        words = lines_until(process, lambda words: words[1] == "False")
        process.kill()
    assert "cannot be written" in words[2]
    assert "Check that the disk has room" in words[2]
    session = read_session(tmp_path / "walk")
    samples = session.samples(PELVIS)
    assert len(samples) > 100
    np.testing.assert_allclose(np.diff(samples.time_s), 1 / 104, atol=1e-3)


def test_a_step_of_the_wall_clock_moves_no_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = RecordedWalk()
    walk.wear()
    walk.run(2)
    start_time = walk.bridge.start_time
    monkeypatch.setattr(time, "time", lambda: 0.0)
    walk.record(tmp_path / "walk")
    walk.run(3)
    walk.recorder.stop()
    walk.recorder.close()
    session = read_session(tmp_path / "walk")
    assert session.metadata.start_time == start_time
    np.testing.assert_allclose(np.diff(session.samples(PELVIS).time_s), 1 / 104, atol=1e-3)
