"""One soak: ``hipgait record`` in a process of its own, and trouble all around it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from firmware_bridge.assignments import Assignments, KnownSensor, save_assignments
from firmware_bridge.transport.radio import RadioConditions
from recordings.placement import Placement
from recordings.reading import read_session
from tests.fake_bluez.host import FakeBluezHost
from tests.fake_bluez.station import Station
from tests.firmware_bridge.simulation import gait_sensor
from tests.soak.comparison import compare_samples
from tests.soak.faults import Trouble
from tests.soak.outcome import Outcome
from tests.soak.strides import compare_strides
from tests.soak.truth import TruthLog
from tests.soak.wearer import Wearer

REPOSITORY = Path(__file__).parents[2]


def soak(
    minutes: float,
    folder: Path,
    *,
    sensors: int = 5,
    rate_hz: float = 120.0,
    interval_s: float = 0.015,
    family: str = "gait",
    only: Sequence[str] | None = None,
    steady_loss: float = 0.0,
    pause_s: float | None = None,
    strides: bool = True,
) -> Outcome:
    """Record for so long, and judge what was recorded.

    Parameters
    ----------
    family : {"gait", "dot"}
        Kind of the sensors. A DOT has 60 Hz.
    only : sequence of str, optional
        Names of the faults to cause, `pause_s` apart; all of them if it is not given.
    steady_loss : float
        Share of packets that vanish all the time.
    strides : bool
        Analyse what was recorded, too.
    """
    placements = tuple(Placement)[:sensors]
    wearer = Wearer(placements, minutes * 60)
    logs = {
        placement: TruthLog(number, rate_hz, interval_s, wearer.motion(placement), family)
        for number, placement in enumerate(placements, start=1)
    }
    stranger = Station(gait_sensor(0x77), RadioConditions(interval_s))
    known = {
        placement: KnownSensor(address=log.station.sensor.address, family=family)
        for placement, log in logs.items()
    }
    outcome = Outcome(minutes)
    sensors_file = folder / "sensors.json"
    save_assignments(Assignments(sensors=known), sensors_file)
    with FakeBluezHost([*(log.station for log in logs.values()), stranger]) as host:
        caused = Trouble(host, list(logs.values()), interval_s, only)
        environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": host.bus.address}
        command = [sys.executable, "-m", "hipgait", "record"]
        command += ["--sensors", str(sensors_file), "--out", str(folder / "walk")]
        with (folder / "record.log").open("w") as log_file:
            recording = subprocess.Popen(
                command, env=environment, cwd=REPOSITORY, stdout=log_file, stderr=log_file
            )
            try:
                _live(recording, caused, list(logs.values()), outcome, steady_loss, pause_s)
            finally:
                recording.terminate()
                status = recording.wait(30)
    if status:
        outcome.failures.append(f"hipgait record ended with status {status}")
    outcome.faults = caused.count
    outcome.fake_late_ms = 1e3 * float(np.quantile(host.service.late_s, 0.99))
    session = read_session(folder / "walk")
    if set(session.placements) != set(logs):
        outcome.failures.append(f"recorded placements are {session.placements}")
        return outcome
    zero_s = compare_samples(session, logs, caused.kills, outcome)
    if strides:
        compare_strides(session, wearer, zero_s, rate_hz, outcome)
    return outcome


def _live(
    recording: subprocess.Popen[bytes],
    trouble: Trouble,
    logs: list[TruthLog],
    outcome: Outcome,
    steady_loss: float,
    pause_s: float | None,
) -> None:
    time.sleep(8)
    for log in logs:
        log.station.radio.conditions.loss = steady_loss
    begin, cpu = time.monotonic(), _cpu_s(recording.pid)
    end = begin + outcome.minutes * 60 - 8
    # So that each kind of fault comes at least once, and quiet lies between them.
    pause = pause_s or max((end - begin) / max(trouble.kinds, 1) - 4, 2.0)
    number = 0
    next_fault = begin + 4
    while (now := time.monotonic()) < end - 4:
        if recording.poll() is not None:
            outcome.failures.append("hipgait record ended by itself")
            break
        if not outcome.rss_begin_mb and now > begin + (end - begin) / 4:
            outcome.rss_begin_mb = _rss_mb(recording.pid)
        if trouble.kinds and now >= next_fault and now < end - 12:
            trouble.cause(number)
            number += 1
            next_fault = time.monotonic() + pause
        time.sleep(0.05)
    outcome.cpu_percent = 100 * (_cpu_s(recording.pid) - cpu) / (time.monotonic() - begin)
    outcome.rss_end_mb = _rss_mb(recording.pid)
    for log in logs:
        log.station.radio.conditions.loss = 0.0
    time.sleep(1)


def _cpu_s(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss_mb(process_id: int) -> float:
    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
