"""The commands that talk to sensors, as a user types them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from dashboards.cli.main import main
from dashboards.live_table import one_line, table_lines
from firmware_bridge.assignments import Assignments, KnownSensor, load_assignments, save_assignments
from firmware_bridge.devices.dot_sync import DotSync, SyncResult
from firmware_bridge.devices.peripherals.dot import DotPeripheral
from firmware_bridge.devices.peripherals.gait import GaitPeripheral
from firmware_bridge.status import SensorState
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.reading import read_session
from tests.fake_bluez.host import FakeBluezHost
from tests.fake_bluez.private_bus import why_not_available
from tests.fake_bluez.station import Station
from tests.firmware_bridge.simulation import address, gait_sensor
from tests.firmware_bridge.test_bridge import Walk

REPOSITORY = Path(__file__).parents[2]
SPEC = """
[[timeline]]
do = "stand"
duration_s = 2.0
calibration = true
[[timeline]]
do = "walk"
duration_s = 60.0
"""


@pytest.fixture
def three_sensors(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBluezHost]:
    if reason := why_not_available():
        pytest.skip(reason)
    with FakeBluezHost(Station(gait_sensor(n)) for n in (1, 2, 3)) as host:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", host.bus.address)
        yield host


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(SPEC)
    return path


def sensors_file(folder: Path, family: str = "gait") -> Path:
    path = folder / "sensors.json"
    known = {
        p: KnownSensor(address=address(n + 1), family=family)
        for n, p in enumerate(REQUIRED_PLACEMENTS)
    }
    save_assignments(Assignments(sensors=known), path)
    return path


def test_record_a_virtual_walk(
    tmp_path: Path, spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "walk"
    assert main(["record", "--simulate", str(spec), "--duration", "4", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert f"Saved {sum(_rows(out).values())} samples in {out}." in said
    session = read_session(out)
    assert session.metadata.simulated
    assert {e.kind for e in session.events} == {
        "calibration_pose_start",
        "calibration_pose_end",
    }
    for placement in Placement:
        assert _rows(out)[placement] > 300
        # Standing at first, as the spec says.
        still = session.samples(placement).between(0.5, 1.5)
        assert np.linalg.norm(still.acc_m_s2, axis=1).mean() == pytest.approx(9.8, abs=0.3)


def _rows(folder: Path) -> dict[Placement, int]:
    session = read_session(folder)
    return {p: len(session.samples(p)) for p in session.placements}


def test_record_real_sensors(
    three_sensors: FakeBluezHost, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "walk"
    words = ["record", "--sensors", str(sensors_file(tmp_path)), "--duration", "4"]
    assert main([*words, "--out", str(out)]) == 0
    assert "pelvis: streaming" in capsys.readouterr().out
    assert all(rows > 200 for rows in _rows(out).values())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "kill"])
def test_an_interrupted_recording_keeps_everything(
    tmp_path: Path, spec: Path, number: signal.Signals
) -> None:
    out = tmp_path / "walk"
    words = [sys.executable, "-m", "hipgait", "record", "--simulate", str(spec), "--out", str(out)]
    # A shell that runs the tests in its background lets them, and what they start, ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(words, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        signal.signal(signal.SIGINT, before)
        deadline = time.monotonic() + 30
        while not (out / "pelvis.csv").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1.5)
        process.send_signal(number)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    match = re.search(r"Saved (\d+) samples", said)
    assert match is not None
    assert int(match[1]) == sum(_rows(out).values()) > 500
    assert read_session(out).remarks == ()


def test_record_into_a_folder_that_exists(
    tmp_path: Path, spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", "--simulate", str(spec), "--out", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert "exists already" in error
    assert "Traceback" not in error


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX resource limits")
def test_a_disk_that_fills_up_ends_the_recording_with_a_clear_word(
    tmp_path: Path, spec: Path
) -> None:
    out = tmp_path / "walk"
    # The operating system refuses to let a file grow, as on a full disk.
    script = (
        "import resource, signal, sys; from dashboards.cli.main import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (25_000, 25_000))\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    words = ["record", "--simulate", str(spec), "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert f"What was written before that is good, in {out}." in done.stdout
    assert "Check that the disk has room" in done.stderr
    assert "Traceback" not in done.stderr
    assert all(rows > 100 for rows in _rows(out).values())


def test_record_without_bluetooth_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/socket")
    words = ["record", "--sensors", str(sensors_file(tmp_path)), "--duration", "2"]
    assert main([*words, "--out", str(tmp_path / "walk")]) == 1
    assert "The Bluetooth service does not run." in capsys.readouterr().out


@pytest.mark.parametrize("result", [SyncResult.SUCCESS, SyncResult.NO_SAMPLES])
def test_record_synchronised_dots_and_say_how_it_went(
    fake_bluez: Callable[..., FakeBluezHost],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    result: SyncResult,
) -> None:
    monkeypatch.setattr(DotSync, "duration_s", 0.5)
    dots = [DotPeripheral(serial=n, sync_result=result) for n in (1, 2, 3)]
    fake_bluez(*(Station(gait_sensor(n + 1, peripheral=d)) for n, d in enumerate(dots)))
    words = ["record", "--sensors", str(sensors_file(tmp_path, "dot")), "--duration", "7"]
    assert main([*words, "--synchronise", "--out", str(tmp_path / "walk")]) == 0
    said = capsys.readouterr().out
    if result is SyncResult.SUCCESS:
        assert said.count("shares one clock with the others.") == 3
    else:
        assert said.count("shares no clock with the others: it heard nothing") == 3
    assert all(rows > 50 for rows in _rows(tmp_path / "walk").values())


def test_scan_lists_sensors(
    three_sensors: FakeBluezHost, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", "--seconds", "0.5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all("hipgait sensor (open profile)" in line for line in lines)


def test_scan_makes_one_sensor_blink(
    three_sensors: FakeBluezHost,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("dashboards.cli.scan._BLINK_S", 0.3)
    assert main(["scan", "--seconds", "0.5", "--blink", address(2).lower()]) == 0
    assert "It blinks now." in capsys.readouterr().out
    peripherals = [three_sensors.stations[address(n)].sensor.peripheral for n in (1, 2, 3)]
    assert all(isinstance(p, GaitPeripheral) for p in peripherals)
    assert [vars(p)["identify_requests"] for p in peripherals] == [0, 1, 0]
    assert main(["scan", "--seconds", "0.5", "--blink", "AA:BB"]) == 1
    assert "No sensor with the address AA:BB" in capsys.readouterr().err


def test_scan_assigns_by_taps(
    three_sensors: FakeBluezHost, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A finger taps the sensors in the order right thigh, pelvis, left thigh."""
    order = dict(zip(REQUIRED_PLACEMENTS, (3, 1, 2), strict=True))
    finger = threading.Thread(target=_tap_when_asked, args=(three_sensors, order, capfd))
    finger.start()
    path = tmp_path / "sensors.json"
    status = main(["scan", "--seconds", "0.5", "--assign", "--sensors", str(path)])
    finger.join()
    assert status == 0
    worn = load_assignments(path).sensors
    assert {p: k.address for p, k in worn.items()} == {p: address(n) for p, n in order.items()}


def test_scan_assigns_nothing_before_all_are_there(
    three_sensors: FakeBluezHost, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    three_sensors.stations[address(2)].in_reach = False
    path = tmp_path / "sensors.json"
    assert main(["scan", "--seconds", "0.5", "--assign", "--sensors", str(path)]) == 1
    assert "Two sensors were heard; a walk needs three" in capsys.readouterr().err
    assert not path.exists()


def _tap_when_asked(
    host: FakeBluezHost, order: dict[Placement, int], capfd: pytest.CaptureFixture[str]
) -> None:
    said = ""
    for placement, number in order.items():
        deadline = time.monotonic() + 30
        while f"sensor of the {placement.label}" not in said:
            assert time.monotonic() < deadline
            said += capfd.readouterr().out
            time.sleep(0.05)
        sensor = host.stations[address(number)].sensor
        swing, now = sensor._motion, time.perf_counter()

        def tapped(time_s: np.ndarray, /, swing=swing, now=now) -> tuple[np.ndarray, np.ndarray]:
            acc, gyr = swing(time_s)
            for tap_s in (now + 0.3, now + 0.6):
                acc[(time_s >= tap_s) & (time_s < tap_s + 0.02), 1] += 20
            return acc, gyr

        sensor._motion = tapped


def test_scan_without_sensors(
    three_sensors: FakeBluezHost, capsys: pytest.CaptureFixture[str]
) -> None:
    for station in three_sensors.stations.values():
        station.in_reach = False
    assert main(["scan", "--seconds", "0.3"]) == 1
    assert "Switch the sensors on" in capsys.readouterr().out


def test_doctor_names_what_is_missing_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/socket")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert re.search(r"FAIL +Bluetooth: The Bluetooth service does not run. .*systemctl", said)
    assert "Run: hipgait scan --assign." in said
    assert re.search(r"ok +versions: hipgait .* bleak 3", said)


def test_doctor_finds_a_good_adapter(
    three_sensors: FakeBluezHost, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["doctor"])
    assert "ok    Bluetooth: an adapter is there" in capsys.readouterr().out


def test_doctor_says_that_bluetooth_is_off(
    three_sensors: FakeBluezHost, capsys: pytest.CaptureFixture[str]
) -> None:
    three_sensors.set_powered(False)
    assert main(["doctor"]) == 1
    assert "FAIL  Bluetooth: Bluetooth is switched off. Switch it on." in capsys.readouterr().out


def test_the_table_shows_each_sensor_in_body_order() -> None:
    walk = Walk()
    walk.wear()
    walk.run(12)
    lines = table_lines(reversed(list(walk.updates[-1].sensors.values())))
    assert [line.split("  ")[0].strip() for line in lines] == [
        "sensor",
        "pelvis",
        "left thigh",
        "right thigh",
    ]
    assert re.search(r"streaming +10[345] Hz +0.00 % +87 % .* ±\d\.\d ms", lines[1])
    status = next(iter(walk.updates[-1].sensors.values()))
    assert status.state is SensorState.STREAMING
    assert one_line(status).startswith("pelvis: streaming, rate 104 Hz, lost 0.00 %, battery 87 %")


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from dashboards.cli.main import main\n"
        "for c in ('scan', 'record', 'doctor'):\n"
        "    try: main([c, '--help'])\n"
        "    except SystemExit: pass\n"
        "heavy = {'numpy', 'scipy', 'pandas', 'bleak', 'PySide6', 'msgspec'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert os.linesep in done.stdout
