"""1 Setup: find the sensors, place them, check them, calibrate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dashboards.setup_session import SetupLook, SetupSession
from dashboards.view_models.figure_pose import FigurePose, figure_pose
from dashboards.view_models.sensor_cards import SIGNS
from dashboards.view_models.wizard import CHECK_S, PRESETS, StandingPose, Step, Wizard
from dashboards.window import words
from dashboards.window.body_map import BodyMap
from dashboards.window.figure_view import FigureView
from dashboards.window.keys import Keys
from dashboards.window.theme import Theme
from firmware_bridge.assignments import (
    assigned,
    default_path,
    load_assignments,
    save_assignments,
)
from recordings.errors import HipgaitError
from recordings.events import EventKind
from recordings.placement import Placement

if TYPE_CHECKING:
    from dashboards.live_walk import LiveWalk
    from dashboards.view_models.live_view import LiveView
    from firmware_bridge.transport.base import Transport
    from firmware_bridge.transport.raw_stream import RawSensor

_LOOK_MS = 100


class SetupPlace(QWidget):
    """The wizard on the screen.

    Parameters
    ----------
    theme : Theme
    new_transport : callable, optional
        Makes the radio; the computer's own if not given.
    remembered : Path, optional
        File of the last placement; the user's own if not given.
    """

    walk_started = Signal(object)
    """A `LiveWalk` with the placed sensors, for the live place to show."""
    walk_wanted = Signal()
    """The wearer is ready: go to the live place."""
    demo_wanted = Signal()
    told = Signal(str)
    _handed_over = Signal(object, str)

    def __init__(
        self,
        theme: Theme,
        new_transport: Callable[[], Transport] | None = None,
        remembered: Path | None = None,
    ) -> None:
        super().__init__()
        self.wizard = Wizard()
        self.pose = StandingPose()
        self._theme = theme
        self._new_transport = new_transport or _bluetooth
        self._remembered = remembered or default_path()
        self._session = SetupSession(self._new_transport)
        self._walk: LiveWalk | None = None
        self._check_since_s: float | None = None
        self._look: SetupLook | None = None
        self._rows: dict[str, _SensorRow] = {}
        self._handing_over = False
        self._closed = False
        self.free_radio: Callable[[], bool] = lambda: True
        """Lets a running walk go; False if it must go on."""
        self.keys = Keys(self)
        self._build()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._handed_over.connect(self._take_walk)
        self._show()

    # -- what a user does --------------------------------------------------------------------

    def search(self) -> None:
        """Begin anew, with listening; a walk that is on lets its sensors go first."""
        if not self.free_radio():
            return
        self._walk = None
        self.wizard = Wizard()
        self.wizard.preset = self._preset.currentData()
        self._forget_rows()
        self._session.listen()
        self._timer.start(_LOOK_MS)
        self._show()

    def go_on(self) -> None:
        """Take the next step, if nothing blocks it."""
        if self._handing_over:
            return
        if self.wizard.step is Step.WALK:
            self.walk_wanted.emit()
            return
        if not self.wizard.go_on():
            self.told.emit(self.wizard.blocked())
            return
        if self.wizard.step is Step.PLACE:
            self._session.link()
            self._take_up_last_placement()
        elif self.wizard.step is Step.CHECK:
            self._session.assign(self.wizard.placed)
            self._check_since_s = None
        elif self.wizard.step is Step.STAND:
            self._remember()
            self._start_walk()
        self._show()

    def go_back(self) -> None:
        """Back one step; nothing that was placed is forgotten."""
        if self._handing_over:
            return
        if self.wizard.step is Step.WALK:
            self.wizard.go_back()
        elif self.wizard.step is Step.STAND:
            self.wizard.step = Step.FIND
            self.search()
            return
        else:
            self.wizard.go_back()
            if self.wizard.step is Step.FIND:
                self.search()
                return
        self._show()

    def place(self, address: str, placement: Placement | None) -> None:
        """Say by hand where a sensor is worn."""
        self.wizard.place(address, placement)
        self._show()

    def begin_pose(self) -> None:
        """The countdown to standing still."""
        if self.wizard.step is Step.STAND and self._walk is not None:
            self.pose.begin(self._walk.look_time_s)
            self._show()

    def swap(self) -> None:
        """Left and right were mixed up: begin the walk anew, the other way round."""
        if self.wizard.step is Step.WALK:
            self.wizard.swap_left_right()
            self._remember()
            self.wizard.step = Step.STAND
            self._start_walk()
            self._show()

    def redo(self) -> None:
        """Calibrate once more."""
        if self.wizard.step is Step.WALK and self._walk is not None:
            self._walk.mark(kind=EventKind.RECALIBRATION)
            self.wizard.step = Step.STAND
            self.pose = StandingPose()
            self._show()

    def close_session(self) -> None:
        """The window closes: let all sensors go, also those of a walk that just begins."""
        self._closed = True
        self._timer.stop()
        self._session.close()

    # -- what comes ----------------------------------------------------------------------------

    def _tick(self) -> None:
        look = self._look = self._session.look()
        self.wizard.find(look.found)
        if self.wizard.step is Step.PLACE and look.tapped:
            placement = self.wizard.tapped(look.tapped)
            if placement is not None:
                QApplication.beep()
                self.told.emit(words.TAPPED.format(place=placement.label))
        if self.wizard.step is Step.CHECK:
            self._check(look)
        self._show()

    def _check(self, look: SetupLook) -> None:
        now_s = max((float(s.time_s[-1]) for s in look.samples), default=None)
        if now_s is None:
            return
        if self._check_since_s is None:
            self._check_since_s = now_s
        if now_s - self._check_since_s >= CHECK_S:
            self.wizard.check(look.sensors.values(), self._session.rest_m_s2())

    def take_look(self, view: LiveView) -> None:
        """The live place has looked at the walk: stillness and figure come from there."""
        look = view.look
        if look is None or self._walk is None:
            return
        if self.wizard.step is Step.STAND and self.pose.begun_s is not None:
            self.pose.feed(look.time_s, look.samples)
            if self.pose.done:
                begin_s = self.pose.still_since_s
                self._walk.mark("standing", EventKind.CALIBRATION_POSE_START, begin_s)
                self._walk.mark("standing", EventKind.CALIBRATION_POSE_END)
                QApplication.beep()
                self.wizard.step = Step.WALK
            self._show()
        elif self.wizard.step is Step.WALK and self.isVisible():
            latest = view.latest()
            pose = FigurePose() if latest is None else figure_pose(latest, view.standing())
            self._figure.set_pose(pose, words.FIGURE_UNKNOWN)

    # -- the walk ------------------------------------------------------------------------------

    def _start_walk(self) -> None:
        """Let the setup's links go and start the walk with the placed sensors."""
        self._timer.stop()
        self._handing_over = True
        self.pose = StandingPose()
        self._walk = None
        sensors = self._session.worn(self.wizard.placed)
        self._session.hand_over(lambda: self._make_walk(sensors))

    def _make_walk(self, sensors: list[RawSensor]) -> None:
        # On the session's thread: connecting takes moments, the window must not wait.
        from dashboards.live_walk import LiveWalk

        try:
            walk = LiveWalk(self._new_transport(), sensors)
            walk.start()
        except HipgaitError as error:
            self._handed_over.emit(None, str(error))
        else:
            self._handed_over.emit(walk, "")

    def _take_walk(self, walk: LiveWalk | None, problem: str) -> None:
        self._handing_over = False
        if self._closed:
            if walk is not None:
                walk.close()
            return
        if walk is None:
            self.told.emit(problem)
            self.wizard.step = Step.FIND
            self.search()
            return
        self._walk = walk
        self.walk_started.emit(walk)
        self._show()

    def _take_up_last_placement(self) -> None:
        try:
            last = load_assignments(self._remembered)
        except HipgaitError:
            return  # The first time there is none; a damaged one is replaced later.
        self.wizard.remember({p: known.address for p, known in last.sensors.items()})

    def _remember(self) -> None:
        try:
            save_assignments(assigned(self._session.worn(self.wizard.placed)), self._remembered)
        except HipgaitError as error:
            self.told.emit(str(error))

    # -- drawing -------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._map.set_theme(theme)
        self._figure.set_theme(theme)
        self._show()

    def _show(self) -> None:
        wizard, step = self.wizard, self.wizard.step
        for number, label in enumerate(self._steps):
            done, here = number < step, number == step
            color = self._theme.good if done else self._theme.accent if here else self._theme.dim
            sign = "✓" if done else str(number + 1)
            weight = 600 if here else 400
            label.setText(
                f'<span style="color:{color};font-weight:{weight}">{sign} '
                f"{words.SETUP_STEPS[number]}</span>"
            )
        self._heading.setText(f"<b>{words.SETUP_HEADINGS[step]}</b>")
        self._body.setText(self._body_text())
        names = {p: self._name(a) for p, a in wizard.placed.items()}
        asked = wizard.next_free() if step is Step.PLACE else None
        self._map.show_places(wizard.preset, names, asked)
        self._map.setVisible(step in (Step.FIND, Step.PLACE, Step.CHECK))
        self._figure.setVisible(step in (Step.STAND, Step.WALK))
        self._preset.setVisible(step is Step.PLACE)
        self._still.setVisible(step is Step.STAND)
        self._still.setValue(round(100 * self.pose.share))
        self._begin_button.setVisible(step is Step.STAND)
        self._begin.setEnabled(self._walk is not None and not self._handing_over)
        for button in (self._swap_button, self._redo_button):
            button.setVisible(step is Step.WALK)
        self._find_button.setVisible(step is Step.FIND)
        self._next.setText(words.SETUP_READY if step is Step.WALK else words.SETUP_NEXT)
        blocked = wizard.blocked()
        self._next_button.setEnabled(not blocked and step is not Step.STAND)
        self._why.setText("" if step in (Step.STAND, Step.WALK) else blocked)
        self._show_rows()

    def _body_text(self) -> str:
        step, look = self.wizard.step, self._look
        if look is not None and look.problem and step <= Step.CHECK:
            return look.problem
        if self._handing_over:
            return words.SETUP_CONNECTING
        if step is Step.PLACE:
            asked = self.wizard.next_free()
            if asked is not None:
                return words.SETUP_TAP.format(place=asked.label)
            return words.SETUP_PLACED
        if step is Step.STAND:
            return self.pose.text
        return words.SETUP_BODIES[step]

    def _name(self, address: str) -> str:
        sensor = None if self._look is None else self._look.found.get(address)
        return (sensor.advertisement.name if sensor else "") or address

    def _show_rows(self) -> None:
        visible = self.wizard.step in (Step.FIND, Step.PLACE, Step.CHECK)
        for address in self.wizard.found:
            if address not in self._rows:
                row = _SensorRow(lambda place, a=address: self.place(a, place))
                self._rows[address] = row
                self._list.insertWidget(self._list.count() - 1, row)
            row = self._rows[address]
            row.setVisible(visible)
            placement = self.wizard.placement_of(address)
            choosing = self.wizard.step is Step.PLACE
            row.show_sensor(self._name(address), self._state_text(address), placement, choosing)

    def _state_text(self, address: str) -> str:
        look = self._look
        placement = self.wizard.placement_of(address)
        checked = None if placement is None else self.wizard.checks.get(placement)
        if self.wizard.step is Step.CHECK and checked is not None:
            color = self._theme.mood(checked.mood)
            return f'<span style="color:{color}">{SIGNS[checked.mood]}</span> {checked.text}'
        status = None if look is None else look.sensors.get(address)
        if status is not None:
            battery = status.battery_percent
            tail = "" if battery is None else f" · battery {battery:.0f} %"
            return f"{status.state.value}{tail}"
        sensor = None if look is None else look.found.get(address)
        rssi = None if sensor is None else sensor.advertisement.rssi_dbm
        return words.HEARD if rssi is None else f"{words.HEARD} · {rssi} dBm"

    def _forget_rows(self) -> None:
        for row in self._rows.values():
            row.deleteLater()
        self._rows.clear()

    def _build(self) -> None:
        keys = self.keys
        find = keys.add("F", words.SETUP_FIND, self.search)
        self._begin = keys.add("Space", words.SETUP_BEGIN, self.begin_pose)
        swap = keys.add("W", words.SETUP_SWAP, self.swap)
        redo = keys.add("C", words.SETUP_REDO, self.redo)
        back = keys.add("Alt+Left", words.SETUP_BACK, self.go_back)
        self._next = keys.add("Alt+Right", words.SETUP_NEXT, self.go_on)
        self._steps = [QLabel() for _ in Step]
        head = QHBoxLayout()
        for label in self._steps:
            head.addWidget(label)
            head.addSpacing(18)
        head.addStretch()
        self._heading, self._body, self._why = QLabel(), QLabel(), QLabel()
        self._heading.setStyleSheet("font-size: 20px;")
        self._body.setStyleSheet("font-size: 15px;")
        self._why.setObjectName("dim")
        for label in (self._heading, self._body):
            label.setWordWrap(True)
        self._map, self._figure = BodyMap(self._theme), FigureView(self._theme)
        self._map.chosen.connect(self._place_clicked)
        self._preset = QComboBox()
        self._preset.setAccessibleName(words.SETUP_PRESET)
        for name, placements in PRESETS.items():
            self._preset.addItem(name, placements)
        self._preset.setCurrentIndex(1)
        self._preset.currentIndexChanged.connect(self._choose_preset)
        self._still = QProgressBar()
        self._still.setAccessibleName(words.SETUP_STILL)
        self._still.setFormat(f"{words.SETUP_STILL} %p %")
        self._find_button, self._begin_button = keys.button(find), keys.button(self._begin)
        self._swap_button, self._redo_button = keys.button(swap), keys.button(redo)
        side = QFrame()
        side.setObjectName("card")
        self._list = QVBoxLayout(side)
        self._list.setContentsMargins(20, 18, 20, 18)
        self._list.setSpacing(10)
        for part in (self._heading, self._body, self._find_button, self._preset, self._still,
                     self._begin_button, self._swap_button, self._redo_button):  # fmt: skip
            self._list.addWidget(part)
        self._list.addStretch()
        middle = QHBoxLayout()
        middle.addWidget(self._map, 5)
        middle.addWidget(self._figure, 5)
        middle.addWidget(side, 5)
        foot = QHBoxLayout()
        foot.addWidget(keys.button(back))
        foot.addWidget(self._why, 1)
        demo = QPushButton(words.SETUP_DEMO)
        demo.clicked.connect(self.demo_wanted)
        self._next_button = keys.button(self._next)
        foot.addWidget(demo)
        foot.addWidget(self._next_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 0)
        whole.addLayout(head)
        whole.addLayout(middle, 1)
        whole.addLayout(foot)

    def _choose_preset(self, index: int) -> None:
        self.wizard.preset = self._preset.itemData(index)
        for placement in [p for p in self.wizard.placed if p not in self.wizard.preset]:
            self.wizard.place(self.wizard.placed[placement], None)
        self._show()

    def _place_clicked(self, placement: Placement) -> None:
        """A place on the body: who is there is free again."""
        address = self.wizard.placed.get(placement)
        if address is not None and self.wizard.step is Step.PLACE:
            self.place(address, None)


class _SensorRow(QWidget):
    """A sensor that was found: name, state, and where it is worn."""

    def __init__(self, placed: Callable[[Placement | None], None]) -> None:
        super().__init__()
        self._placed = placed
        self._name, self._state = QLabel(), QLabel()
        self._state.setWordWrap(True)
        self._state.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._place = QComboBox()
        self._place.addItem(words.NOT_PLACED, None)
        for placement in Placement:
            self._place.addItem(placement.label, placement)
        self._place.activated.connect(self._choose)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._name, 0, 0)
        layout.addWidget(self._place, 0, 1, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self._state, 1, 0, 1, 2)

    def _choose(self, index: int) -> None:
        # Qt hands back a plain string.
        place = self._place.itemData(index)
        self._placed(None if place is None else Placement(place))

    def show_sensor(
        self, name: str, state: str, placement: Placement | None, choosing: bool
    ) -> None:
        where = "" if placement is None or choosing else f" – {placement.label}"
        self._name.setText(f"<b>{name}</b>{where}")
        self._state.setText(state)
        self._place.setVisible(choosing)
        self._place.setAccessibleName(f"{words.WORN_AT} {name}")
        if not self._place.view().isVisible():
            self._place.setCurrentIndex(self._place.findData(placement))


def _bluetooth() -> Transport:
    from firmware_bridge.transport.bleak_transport import BleakTransport

    return BleakTransport()
