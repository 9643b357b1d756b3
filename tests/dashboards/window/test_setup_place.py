"""The wizard from nothing to ready, with a virtual wearer on a virtual radio."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from dashboards.view_models.wizard import Step
from dashboards.window.main_window import LIVE, SETUP, MainWindow
from dashboards.window.setup_place import SetupPlace
from dashboards.window.theme import LIGHT
from firmware_bridge.assignments import load_assignments
from firmware_bridge.transport.base import Transport
from firmware_bridge.transport.worn_sensors import SimulatedWalk, simulate
from firmware_bridge.virtual_wearer.spec import Sensors, Spec, Stand, Walk
from recordings.errors import SensorError
from recordings.placement import REQUIRED_PLACEMENTS, Placement

SPEED = 8.0


@pytest.fixture
def person() -> SimulatedWalk:
    """Stands for long, eight times as fast as we."""
    spec = Spec(
        timeline=(Stand(duration_s=150.0), Walk(duration_s=40.0)),
        sensors=Sensors(placements=REQUIRED_PLACEMENTS),
    )
    return simulate(spec, clock=lambda: SPEED * time.perf_counter())


@pytest.fixture
def setup(person: SimulatedWalk, qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    place = SetupPlace(LIGHT, lambda: person.transport, tmp_path / "sensors.json")
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(LIGHT, settings, tmp_path, place)
    qtbot.addWidget(window)
    window.show()
    window.go(SETUP)
    yield window
    window.setup.close_session()
    window.live.detach()


def place_all(setup: MainWindow, person: SimulatedWalk, qtbot: QtBot) -> None:
    place = setup.setup
    place.page.preset.setCurrentIndex(0)
    place.search()
    qtbot.waitUntil(lambda: len(place.wizard.found) == 3, timeout=10_000)
    place.go_on()
    for sensor in person.sensors:
        place.place(sensor.advertisement.address, sensor.placement)


def test_from_nothing_to_ready(
    setup: MainWindow, person: SimulatedWalk, qtbot: QtBot, tmp_path: Path
) -> None:
    place = setup.setup
    place_all(setup, person, qtbot)
    assert place.wizard.blocked() == ""
    place.go_on()
    assert place.wizard.step is Step.CHECK
    qtbot.waitUntil(lambda: place.wizard.blocked() == "", timeout=20_000)
    assert len(place.wizard.checks) == 3
    lanes = {
        name: sum(line.count() for line in lines) for name, _, lines in place.page.lanes._lanes
    }
    assert list(lanes) == ["pelvis", "left thigh", "right thigh"]
    assert all(count > 300 for count in lanes.values()), "five seconds of each sensor are drawn"
    place.go_on()
    qtbot.waitUntil(lambda: setup.live.view.rate_hz() > 250, timeout=20_000)
    remembered = load_assignments(tmp_path / "sensors.json")
    assert set(remembered.sensors) == set(REQUIRED_PLACEMENTS)
    assert place.page.map.isVisible()
    assert not place.page.figure.isVisible(), "nothing is known of it before the first steps"
    assert place.page._buttons["begin"].isEnabled()
    place.begin_pose()
    assert not place.page._buttons["begin"].isEnabled(), "it has begun"
    qtbot.waitUntil(lambda: place.wizard.step is Step.WALK, timeout=20_000)
    qtbot.waitUntil(place.page.figure.isVisible, timeout=5_000)
    place.go_on()
    assert setup.place == LIVE


def test_left_and_right_are_swapped_for_good(
    setup: MainWindow, person: SimulatedWalk, qtbot: QtBot, tmp_path: Path
) -> None:
    place = setup.setup
    place_all(setup, person, qtbot)
    left = place.wizard.placed[Placement.THIGH_LEFT]
    place.go_on()
    qtbot.waitUntil(lambda: place.wizard.blocked() == "", timeout=20_000)
    place.go_on()
    qtbot.waitUntil(lambda: setup.live.walk is not None, timeout=20_000)
    place.wizard.step = Step.WALK
    first = setup.live.walk
    place.swap()
    qtbot.waitUntil(lambda: setup.live.walk is not first, timeout=20_000)
    remembered = load_assignments(tmp_path / "sensors.json")
    assert remembered.sensors[Placement.THIGH_RIGHT].address == left


def test_last_placement_is_remembered(
    setup: MainWindow, person: SimulatedWalk, qtbot: QtBot
) -> None:
    place = setup.setup
    place_all(setup, person, qtbot)
    placed = dict(place.wizard.placed)
    place._remember()
    place.search()
    qtbot.waitUntil(lambda: len(place.wizard.found) == 3, timeout=10_000)
    place.go_on()
    assert place.wizard.placed == placed


def test_next_stays_shut_and_says_why(
    setup: MainWindow, person: SimulatedWalk, qtbot: QtBot
) -> None:
    place = setup.setup
    place_all(setup, person, qtbot)
    qtbot.mouseClick(
        place.page.map,
        Qt.MouseButton.LeftButton,
        pos=place.page.map.spot(Placement.PELVIS).toPoint(),
    )
    assert "pelvis" in place.page.why.text()
    assert not place.page.next_button.isEnabled()


def test_bluetooth_that_does_not_work_is_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    def no_radio() -> Transport:
        raise SensorError("Bluetooth is switched off.", hint="Switch it on.")

    place = SetupPlace(LIGHT, no_radio, tmp_path / "sensors.json")
    qtbot.addWidget(place)
    place.search()
    qtbot.waitUntil(lambda: "switched off" in place.page.body.text(), timeout=5000)
    assert place.page.body.text() == "Bluetooth is switched off. Switch it on."
    place.close_session()


def test_the_demo_is_offered_on_every_step(setup: MainWindow, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QPushButton

    for step in Step:
        setup.setup.wizard.step = step
        setup.setup._show()
        texts = [b.text() for b in setup.setup.findChildren(QPushButton) if b.isVisible()]
        assert "No sensors? Try the demo" in texts


@pytest.mark.parametrize("steps", range(4))
def test_the_window_can_be_closed_at_every_step(
    setup: MainWindow, person: SimulatedWalk, qtbot: QtBot, steps: int
) -> None:
    place = setup.setup
    place_all(setup, person, qtbot)
    for _ in range(steps):
        qtbot.waitUntil(lambda: place.wizard.blocked() == "", timeout=20_000)
        place.go_on()
    assert setup.close()
    qtbot.waitUntil(lambda: not place.handover.busy, timeout=20_000)
    assert setup.live.walk is None
    assert not place._session.linked
