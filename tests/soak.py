"""Hours of trouble in minutes: ``python -m tests.soak --minutes 30``.

Runs ``hipgait record`` in a process of its own against the fake Bluetooth service, lets
everything go wrong that radios know, one fault after the other, and then holds the session
on disk against what the sensors really sent: every row must be a sample that was delivered,
every delivered sample a row, in order, once, and every loss counted.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from firmware_bridge.assignments import Assignments, KnownSensor, save_assignments
from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.transport.radio import RadioConditions
from firmware_bridge.units import STANDARD_GRAVITY
from recordings.placement import Placement
from recordings.reading import read_session
from tests.fake_bluez.host import FakeBluezHost
from tests.fake_bluez.station import Station
from tests.firmware_bridge.simulation import gait_sensor

REPOSITORY = Path(__file__).parents[1]
_PPM = (-40.0, 25.0, -10.0, 40.0, 5.0)
_ACC_LSB = wire.ACC_SCALES_G[2] * STANDARD_GRAVITY
_BEFORE_A_KILL_S = 0.3
"""What was sent so shortly before the D-Bus daemon died may not have reached anybody."""


@dataclass
class Outcome:
    """What a soak found; `failures` is empty if all is well."""

    minutes: float
    faults: dict[str, int] = field(default_factory=dict)
    samples: int = 0
    lost_on_purpose: int = 0
    lost_counted: int = 0
    cpu_percent: float = 0.0
    rss_begin_mb: float = 0.0
    rss_end_mb: float = 0.0
    time_error_ms: float = 0.0
    """Worst pair of sensors, median over the walk."""
    time_error_p95_ms: float = 0.0
    failures: list[str] = field(default_factory=list)


class TruthLog:
    """What one sensor took, and which of it was put on the bus."""

    def __init__(self, number: int, rate_hz: float, interval_s: float) -> None:
        self.time_s: list[np.ndarray] = []
        self.acc: list[np.ndarray] = []
        self.sent: list[tuple[float, int]] = []
        sensor = gait_sensor(
            number,
            rate_hz=rate_hz,
            ppm=_PPM[number % len(_PPM)],
            start_us=2**32 - 20_000_000 - number * 1_000_000,
            on_samples=self._took,
        )
        self.station = Station(sensor, RadioConditions(interval_s), seed=number)
        self.station.on_delivered = self._delivered

    def _took(self, time_s: np.ndarray, acc: np.ndarray, gyr: np.ndarray) -> None:
        self.time_s.append(time_s)
        self.acc.append(acc)

    def _delivered(self, taken_s: float, characteristic: str, data: bytes) -> None:
        if characteristic == wire.DATA:
            self.sent.append((taken_s, data[1]))

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """True times, acc, and which samples were delivered."""
        time_s = np.concatenate(self.time_s)
        delivered = np.zeros(len(time_s), bool)
        for last_s, n in self.sent:
            last = int(np.searchsorted(time_s, last_s - 1e-4))
            delivered[last - n + 1 : last + 1] = True
        return time_s, np.concatenate(self.acc), delivered


class Trouble:
    """The faults, one after the other."""

    def __init__(self, host: FakeBluezHost, logs: list[TruthLog], interval_s: float) -> None:
        self._host = host
        self._logs = logs
        self._interval_s = interval_s
        self._rng = random.Random(7)
        self.kills: list[float] = []
        self.count: dict[str, int] = {}
        self._faults: list[Callable[[str, Station], None]] = [
            self.loss,
            self.duplicates,
            self.stall_with_reordered_burst,
            self.drop,
            self.garbage,
            self.reboot,
            self.drop_in_discovery,
            self.in_progress,
            self.forgotten,
            self.adapter_off,
            self.unplugged,
            self.daemon_killed,
        ]

    def cause(self, number: int) -> None:
        """The next fault, on a sensor drawn by lot; returns when it is over."""
        fault = self._faults[number % len(self._faults)]
        station = self._rng.choice(self._logs).station
        fault(station.sensor.address, station)
        self.count[fault.__name__] = self.count.get(fault.__name__, 0) + 1

    @property
    def kinds(self) -> int:
        return len(self._faults)

    def _for_a_while(self, station: Station, seconds: float, **conditions: float) -> None:
        station.radio.conditions = RadioConditions(self._interval_s, **conditions)
        time.sleep(seconds)
        station.radio.conditions = RadioConditions(self._interval_s)

    def loss(self, _: str, station: Station) -> None:
        self._for_a_while(station, 3, loss=0.1)

    def duplicates(self, _: str, station: Station) -> None:
        self._for_a_while(station, 3, duplicate=0.2)

    def stall_with_reordered_burst(self, _: str, station: Station) -> None:
        now = time.perf_counter()
        self._host.call(lambda: station.radio.stall(now + 0.1, now + 0.7, reorder=True))
        time.sleep(1)

    def drop(self, where: str, _: Station) -> None:
        self._host.drop_link(where)

    def garbage(self, where: str, _: Station) -> None:
        for _burst in range(20):
            self._host.send_garbage(where)
            time.sleep(0.02)

    def reboot(self, where: str, _: Station) -> None:
        self._host.reboot(where, time.perf_counter())

    def drop_in_discovery(self, where: str, station: Station) -> None:
        station.faults.drop_in_discovery = 2
        self._host.drop_link(where)

    def in_progress(self, where: str, station: Station) -> None:
        error = ("org.bluez.Error.InProgress", "Operation already in progress")
        station.faults.errors = [error, error]
        self._host.service.scan_errors = [error]
        self._host.drop_link(where)

    def forgotten(self, where: str, _: Station) -> None:
        self._host.forget(where)

    def adapter_off(self, where: str, _: Station) -> None:
        self._host.set_powered(False)
        time.sleep(1.5)
        self._host.set_powered(True)

    def unplugged(self, where: str, _: Station) -> None:
        self._host.set_plugged_in(False)
        time.sleep(1.5)
        self._host.set_plugged_in(True)

    def daemon_killed(self, where: str, _: Station) -> None:
        self.kills.append(time.perf_counter())
        self._host.kill_bus()
        time.sleep(1)
        self._host.revive_bus()


def soak(
    minutes: float,
    folder: Path,
    *,
    sensors: int = 5,
    rate_hz: float = 120.0,
    interval_s: float = 0.015,
    trouble: bool = True,
    steady_loss: float = 0.0,
    pause_s: float | None = None,
) -> Outcome:
    """Record for so long, and judge what was recorded."""
    logs = [TruthLog(n, rate_hz, interval_s) for n in range(1, sensors + 1)]
    stranger = Station(gait_sensor(0x77), RadioConditions(interval_s))
    placements = list(Placement)[:sensors]
    known = {
        p: KnownSensor(address=log.station.sensor.address, family="gait")
        for p, log in zip(placements, logs, strict=True)
    }
    outcome = Outcome(minutes)
    sensors_file = folder / "sensors.json"
    save_assignments(Assignments(sensors=known), sensors_file)
    with FakeBluezHost([*(log.station for log in logs), stranger]) as host:
        environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": host.bus.address}
        command = [sys.executable, "-m", "hipgait", "record"]
        command += ["--sensors", str(sensors_file), "--out", str(folder / "walk")]
        with (folder / "record.log").open("w") as log_file:
            recording = subprocess.Popen(
                command, env=environment, cwd=REPOSITORY, stdout=log_file, stderr=log_file
            )
            try:
                caused = _live(recording, host, logs, outcome, trouble, steady_loss, pause_s)
            finally:
                recording.terminate()
                status = recording.wait(30)
    if status:
        outcome.failures.append(f"hipgait record ended with status {status}")
    outcome.faults = caused.count
    _judge(folder / "walk", dict(zip(placements, logs, strict=True)), caused.kills, outcome)
    return outcome


def _live(
    recording: subprocess.Popen[bytes],
    host: FakeBluezHost,
    logs: list[TruthLog],
    outcome: Outcome,
    trouble: bool,
    steady_loss: float,
    pause_s: float | None,
) -> Trouble:
    interval_s = logs[0].station.radio.conditions.interval_s
    caused = Trouble(host, logs, interval_s)
    time.sleep(8)
    for log in logs:
        log.station.radio.conditions.loss = steady_loss
    begin, cpu = time.monotonic(), _cpu_s(recording.pid)
    end = begin + outcome.minutes * 60 - 8
    # So that each kind of fault comes at least once, and quiet lies between them.
    pause = pause_s or max((end - begin) / caused.kinds - 4, 2.0)
    number = 0
    next_fault = begin + 4
    while (now := time.monotonic()) < end - 4:
        if recording.poll() is not None:
            outcome.failures.append("hipgait record ended by itself")
            break
        if not outcome.rss_begin_mb and now > begin + (end - begin) / 4:
            outcome.rss_begin_mb = _rss_mb(recording.pid)
        if trouble and now >= next_fault and now < end - 12:
            caused.cause(number)
            number += 1
            next_fault = time.monotonic() + pause
        time.sleep(0.05)
    outcome.cpu_percent = 100 * (_cpu_s(recording.pid) - cpu) / (time.monotonic() - begin)
    outcome.rss_end_mb = _rss_mb(recording.pid)
    for log in logs:
        log.station.radio.conditions.loss = 0.0
    time.sleep(1)
    return caused


def _judge(
    folder: Path, logs: dict[Placement, TruthLog], kills: list[float], outcome: Outcome
) -> None:
    session = read_session(folder)
    if set(session.placements) != set(logs):
        outcome.failures.append(f"recorded placements are {session.placements}")
        return
    errors: dict[Placement, tuple[np.ndarray, np.ndarray]] = {}
    zero_s: float | None = None
    for placement, log in logs.items():
        recorded = session.samples(placement)
        true_s, acc, delivered = log.arrays()
        zero_s = (
            _zero(recorded.time_s, recorded.acc_m_s2, true_s, acc) if zero_s is None else zero_s
        )
        index, problem = _match(recorded.time_s + zero_s, recorded.acc_m_s2, true_s, acc)
        if problem:
            outcome.failures.append(f"{placement}: {problem}")
            continue
        outcome.samples += len(index)
        here = f"{placement}:"
        if (np.diff(index) <= 0).any():
            outcome.failures.append(f"{here} a sample came twice or out of order")
        if not delivered[index].all():
            outcome.failures.append(f"{here} {int((~delivered[index]).sum())} invented samples")
        missing = delivered.copy()
        missing[index] = False
        missing[: index[0]] = missing[index[-1] + 1 :] = False
        for kill_s in kills:
            missing &= ~((true_s > kill_s - _BEFORE_A_KILL_S) & (true_s < kill_s + 0.1))
        if missing.any():
            at = true_s[missing][0] - zero_s
            outcome.failures.append(
                f"{here} {int(missing.sum())} delivered samples are missing, first at {at:.2f} s"
            )
        counted = session.metadata.sensors[placement].samples_lost or 0
        inside = slice(int(index[0]), int(index[-1]) + 1)
        purpose = int((~delivered[inside]).sum())
        outcome.lost_on_purpose += purpose
        outcome.lost_counted += counted
        if not outcome.faults and counted != purpose:
            outcome.failures.append(f"{here} {counted} losses counted, {purpose} caused")
        errors[placement] = (true_s[index], recorded.time_s + zero_s - true_s[index])
    if len(errors) == len(logs):
        _compare_clocks(list(errors.values()), outcome)


def _zero(time_s: np.ndarray, acc: np.ndarray, true_s: np.ndarray, truth: np.ndarray) -> float:
    """Time 0 of the session on the truth's clock, from the first rows."""
    for first in range(len(truth) - 40):
        if np.abs(truth[first : first + 40] - acc[:40]).max() < 0.6 * _ACC_LSB:
            return float(np.median(true_s[first : first + 40] - time_s[:40]))
    raise AssertionError("the first samples of the session were never taken")


def _match(
    time_s: np.ndarray, acc: np.ndarray, true_s: np.ndarray, truth: np.ndarray
) -> tuple[np.ndarray, str]:
    """Which true sample each row is: the one of its value among those near in time."""
    near = np.searchsorted(true_s, time_s)[:, None] + np.arange(-8, 9)
    near = np.clip(near, 0, len(true_s) - 1)
    error = np.abs(truth[near] - acc[:, None]).max(axis=2)
    # Equal values are told apart by time.
    distance = np.abs(true_s[near] - time_s[:, None])
    score = np.where(error < 0.51 * _ACC_LSB + 1e-5, distance, np.inf)
    best = score.argmin(axis=1)
    bad = ~np.isfinite(score[np.arange(len(score)), best])
    problem = f"{int(bad.sum())} rows are no sample that was taken" if bad.any() else ""
    return near[np.arange(len(near)), best], problem


def _compare_clocks(errors: list[tuple[np.ndarray, np.ndarray]], outcome: Outcome) -> None:
    begin = max(t[0] for t, _ in errors) + 20
    end = min(t[-1] for t, _ in errors)
    grid = np.arange(begin, end, 0.5)
    if not len(grid):
        return
    each = np.array([np.interp(grid, t, error) for t, error in errors])
    spread = np.ptp(each, axis=0) * 1e3
    outcome.time_error_ms = float(np.median(spread))
    outcome.time_error_p95_ms = float(np.quantile(spread, 0.95))


def _cpu_s(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss_mb(process_id: int) -> float:
    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--sensors", type=int, default=5)
    parser.add_argument("--rate", type=float, default=120.0, help="Hz")
    parser.add_argument("--interval", type=float, default=15.0, help="connection interval, ms")
    parser.add_argument("--quiet-radio", action="store_true", help="no faults but --loss")
    parser.add_argument("--loss", type=float, default=0.0, help="share of packets, all the time")
    parser.add_argument("--out", type=Path, help="keep the session here")
    args = parser.parse_args()
    folder = args.out or Path(tempfile.mkdtemp(prefix="hipgait-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    outcome = soak(
        args.minutes,
        folder,
        sensors=args.sensors,
        rate_hz=args.rate,
        interval_s=args.interval / 1e3,
        trouble=not args.quiet_radio,
        steady_loss=args.loss,
        pause_s=15.0 if args.minutes > 5 else None,
    )
    sys.stdout.write(json.dumps(asdict(outcome), indent=2) + "\n")
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main())
