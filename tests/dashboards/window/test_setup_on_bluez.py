"""The wizard over unmodified bleak and a fake Bluetooth service: the way to ready, and bad days."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from dashboards.view_models import setup_view
from dashboards.view_models.wizard import Step
from dashboards.window.main_window import LIVE, SETUP, MainWindow
from dashboards.window.setup_place import SetupPlace
from dashboards.window.theme import LIGHT
from firmware_bridge.devices.peripherals.gait import GaitPeripheral
from firmware_bridge.transport.bleak_transport import BleakTransport
from firmware_bridge.transport.simulated_sensor import DeviceClock, FloatArray, SimulatedSensor
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.reading import read_session
from tests.fake_bluez.host import FakeBluezHost
from tests.fake_bluez.private_bus import why_not_available
from tests.fake_bluez.station import Station

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(why_not_available()), reason=why_not_available() or "available"),
]
PLACED = {f"C0:FF:EE:00:00:{n:02X}": p for n, p in enumerate(REQUIRED_PLACEMENTS, start=1)}
THIGH = next(address for address, place in PLACED.items() if place is Placement.THIGH_LEFT)

Begin = Callable[..., tuple[FakeBluezHost, MainWindow]]


def still(time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Worn by somebody who stands and breathes; no two samples are alike."""
    sway = 0.02 * np.sin(np.outer(time_s, (1.3, 1.7, 2.1)))
    return np.array([0.0, 0.0, 9.81]) + sway, sway


def station(address: str) -> Station:
    number = int(address[-2:], 16)
    peripheral = GaitPeripheral(uid=number, rate_hz=104.0, boot=0x2000 + number)
    return Station(SimulatedSensor(address, peripheral, still, DeviceClock(10.0 * number)))


@pytest.fixture
def begin(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Call it with addresses: a window on a bus with those sensors."""
    with ExitStack() as stack:

        def start(*addresses: str) -> tuple[FakeBluezHost, MainWindow]:
            host = stack.enter_context(FakeBluezHost(map(station, addresses)))
            monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", host.bus.address)
            return host, new_window()

        def new_window() -> MainWindow:
            place = SetupPlace(LIGHT, BleakTransport, tmp_path / "sensors.json")
            settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
            window = MainWindow(LIGHT, settings, tmp_path / "recordings", place)
            qtbot.addWidget(window)
            stack.callback(window.live.detach)
            stack.callback(window.setup.close_session)
            window.show()
            window.go(SETUP)
            window.setup.page.preset.setCurrentIndex(0)
            return window

        yield start


def said(window: MainWindow) -> str:
    return window.setup.page.body.text()


def to_step(window: MainWindow, qtbot: QtBot, step: Step) -> None:
    """Go on by what a person can press, until a step is reached."""
    place = window.setup
    place.page._buttons["find"].click()
    qtbot.waitUntil(lambda: len(place.wizard.found) == len(PLACED), timeout=20_000)
    while place.wizard.step < step:
        qtbot.waitUntil(lambda: place.handover.busy or _can_go_on(window), timeout=30_000)
        if place.wizard.step is Step.STAND:
            place.page._buttons["begin"].click()
            qtbot.waitUntil(lambda: place.wizard.step is Step.WALK, timeout=30_000)
            return
        place.page.next_button.click()
        if place.wizard.step is Step.PLACE:
            choose_places(window)
        if place.wizard.step is Step.STAND:
            qtbot.waitUntil(lambda: window.live.view.rate_hz() > 250, timeout=30_000)


def _can_go_on(window: MainWindow) -> bool:
    place = window.setup
    begin = place.page._buttons["begin"]
    ready = begin if place.wizard.step is Step.STAND else place.page.next_button
    return ready.isEnabled()


def choose_places(window: MainWindow) -> None:
    """From the list of each sensor, as by hand."""
    for address, placement in PLACED.items():
        box = window.setup.page._rows[address]._place
        index = box.findData(placement)
        box.setCurrentIndex(index)
        box.activated.emit(index)


def test_from_nothing_to_ready(begin: Begin, qtbot: QtBot) -> None:
    _, window = begin(*PLACED)
    to_step(window, qtbot, Step.WALK)
    assert window.setup.wizard.placed == {p: a for a, p in PLACED.items()}
    window.setup.page.next_button.click()
    assert window.place == LIVE
    assert window.live.walk is not None
    assert set(window.live.walk.placements) == set(REQUIRED_PLACEMENTS)


def test_no_bluetooth_service(begin: Begin, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    _, window = begin()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/socket")
    window.setup.search()
    qtbot.waitUntil(lambda: "service does not run" in said(window), timeout=20_000)
    assert "systemctl start bluetooth" in said(window)
    assert not window.setup.page.next_button.isEnabled()


def test_bluetooth_switched_off(begin: Begin, qtbot: QtBot) -> None:
    host, window = begin(*PLACED)
    host.set_powered(False)
    window.setup.search()
    qtbot.waitUntil(lambda: "switched off" in said(window), timeout=20_000)
    assert "Switch it on" in said(window)


def test_no_permission(begin: Begin, qtbot: QtBot) -> None:
    host, window = begin(*PLACED)
    denied = ("org.freedesktop.DBus.Error.AccessDenied", "Rejected send message")
    host.service.scan_errors = [denied] * 20
    window.setup.search()
    qtbot.waitUntil(lambda: "may not use Bluetooth" in said(window), timeout=20_000)
    assert "group 'bluetooth'" in said(window)


def test_no_sensor_is_heard(begin: Begin, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_view, "PATIENCE_S", 1.0)
    _, window = begin()
    window.setup.search()
    qtbot.waitUntil(lambda: "No sensor is heard" in said(window), timeout=10_000)
    assert "disconnect it there" in said(window)


def test_too_few_sensors(begin: Begin, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_view, "PATIENCE_S", 1.0)
    _, window = begin(*list(PLACED)[:2])
    window.setup.search()
    qtbot.waitUntil(lambda: "Too few sensors" in said(window), timeout=10_000)
    assert window.setup.page.why.text() == "At least 3 sensors are needed: 1 more."


def test_a_sensor_dies_during_calibration_and_comes_back(begin: Begin, qtbot: QtBot) -> None:
    host, window = begin(*PLACED)
    to_step(window, qtbot, Step.STAND)
    place = window.setup
    place.page._buttons["begin"].click()
    qtbot.waitUntil(lambda: place.pose.share > 0.1, timeout=20_000)
    host.stations[THIGH].in_reach = False
    host.drop_link(THIGH)
    qtbot.waitUntil(lambda: "Nothing comes from: left thigh" in said(window), timeout=20_000)
    assert place.wizard.step is Step.STAND
    host.stations[THIGH].in_reach = True
    qtbot.waitUntil(lambda: "Nothing comes" not in said(window), timeout=30_000)
    assert place.pose.share < 0.9
    qtbot.waitUntil(lambda: place.wizard.step is Step.WALK, timeout=30_000)


def test_the_disk_fills_up_while_recording(
    begin: Begin, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, window = begin(*PLACED)
    to_step(window, qtbot, Step.STAND)
    window.live.toggle_record()
    qtbot.waitUntil(lambda: _recorded(window) > 500, timeout=20_000)
    folder = window.live.view.look and window.live.view.look.recorder.folder
    assert folder is not None

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.write", full)
        patched.setattr("os.fsync", full)
        qtbot.waitUntil(lambda: not window.live.recording, timeout=20_000)
    assert "disk" in window._told.text()
    assert "No space left" in window._told.text()
    assert len(read_session(folder).samples(Placement.PELVIS)) > 100
    assert window.live.view.rate_hz() > 250


def _recorded(window: MainWindow) -> int:
    look = window.live.view.look
    return 0 if look is None else look.recorder.samples


@pytest.mark.parametrize("step", list(Step))
def test_the_window_is_closed_at_every_step(begin: Begin, qtbot: QtBot, step: Step) -> None:
    host, window = begin(*PLACED)
    to_step(window, qtbot, step)
    assert window.close()
    assert window.live.walk is None
    qtbot.waitUntil(lambda: not any(s.connected for s in host.stations.values()), timeout=20_000)


def test_closing_while_a_calibrated_walk_is_recorded_keeps_it(
    begin: Begin, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, window = begin(*PLACED)
    to_step(window, qtbot, Step.WALK)
    window.live.toggle_record()
    qtbot.waitUntil(lambda: _recorded(window) > 300, timeout=20_000)
    folder = window.live.view.look and window.live.view.look.recorder.folder
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    assert window.close()
    assert folder is not None
    session = read_session(folder)
    assert [event.label for event in session.events if "pose" in event.kind][:1] == ["standing"]
    assert set(session.placements) == set(REQUIRED_PLACEMENTS)
