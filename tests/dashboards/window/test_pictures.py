"""Each widget looks as it did, light and dark.

The references were drawn with the font that ships. After a change that is meant, run this file
with ``RENEW_PICTURES=1`` in the environment, and look at what changed.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from math import nan
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dashboards.biofeedback.biofeedback import BiofeedbackSettings, Board, Mode
from dashboards.biofeedback.readings import Reading
from dashboards.view_models.figure_pose import figure_pose
from dashboards.view_models.sensor_cards import Mood, SensorCard
from dashboards.view_models.stance_track import StanceTrack
from dashboards.view_models.tiles import Tile
from dashboards.view_models.wearer_screen import wearer_screen
from dashboards.window.angle_plots import AnglePlots
from dashboards.window.biofeedback_panel import BiofeedbackPanel
from dashboards.window.body_map import BodyMap
from dashboards.window.figure_view import FigureView
from dashboards.window.fonts import FAMILY, use_shipped_font
from dashboards.window.sensor_card_view import SensorCardView
from dashboards.window.theme import DARK, LIGHT, Theme
from dashboards.window.tile_view import TileView
from dashboards.window.wearer_window import WearerWindow
from pipeline.angles import ANGLE_COLUMNS
from pipeline.gait import GaitEvent, GaitEventKind
from recordings.placement import Placement, Side

REFERENCES = Path(__file__).parent / "pictures"
SEEN_LEVELS = 32
"""A pixel differs if a colour differs by more, of 255: antialiasing may round otherwise."""
SEEN_SHARE = 0.002


@pytest.fixture(autouse=True)
def shipped_font(qapp: QApplication) -> Iterator[None]:
    before, style = qapp.font(), qapp.style().objectName()
    use_shipped_font(qapp)
    qapp.setStyle("Fusion")
    yield
    qapp.setFont(before)
    qapp.setStyle(style)


def angles(n: int = 1) -> np.ndarray:
    """Something that looks like a walk, and has a gap."""
    t = np.arange(n)[:, None] / 100
    values = 15.0 * np.sin(2 * np.pi * t / 1.1 + 0.7 * np.arange(len(ANGLE_COLUMNS)))
    values[n // 2 : n // 2 + n // 8] = nan
    return values


def body_map(theme: Theme) -> QWidget:
    widget = BodyMap(theme)
    widget.resize(360, 380)
    placed = {Placement.PELVIS: "AB:12", Placement.THIGH_LEFT: "CD:34"}
    widget.show_places(tuple(Placement), placed, Placement.THIGH_RIGHT)
    return widget


def figure(theme: Theme) -> QWidget:
    widget = FigureView(theme)
    widget.resize(360, 260)
    widget.set_pose(figure_pose(angles()[0], {Side.LEFT: True, Side.RIGHT: False}))
    return widget


def sensor_card(theme: Theme) -> QWidget:
    widget = SensorCardView(theme)
    widget.resize(220, 110)
    widget.show_card(
        SensorCard(
            "AB", "Left thigh", Side.LEFT, Mood.BAD, "lost", 64.0, "−81 dBm", "Bring it near."
        )
    )
    return widget


def tile(theme: Theme) -> QWidget:
    widget = TileView()
    widget.resize(150, 76)
    widget.show_tile(Tile("Cadence", "112", "steps/min · 84 steps"))
    return widget


def plots(theme: Theme) -> QWidget:
    widget = AnglePlots(theme, "s before now")
    widget.resize(760, 560)
    widget.set_time_range(-10.0, 0.0)
    widget.show_angles(np.arange(1000) / 100 - 10.0, angles(1000))
    stance = StanceTrack()
    for n in range(20):
        side, on_s = list(Side)[n % 2], 0.55 * n
        stance.take([GaitEvent(on_s, GaitEventKind.INITIAL_CONTACT, side)])
        stance.take([GaitEvent(on_s + 0.68, GaitEventKind.FINAL_CONTACT, side)])
    widget.show_stance(stance, 10.0)
    return widget


def panel(theme: Theme) -> QWidget:
    widget = BiofeedbackPanel()
    widget.resize(230, 300)
    widget.set_mode(Mode.PELVIC_DROP)
    widget.show_status("12 of 30 strides missed the goal · 12 cues · 142 ms after it happened")
    return widget


def wearer(theme: Theme) -> QWidget:
    widget = WearerWindow(theme)
    widget.resize(700, 420)
    readings = {Side.RIGHT: Reading(Side.RIGHT, 11.4, 2.5, 10.0)}
    board = Board(BiofeedbackSettings(Mode.PELVIC_DROP), readings)
    widget.show_screen(wearer_screen(board, nan))
    widget.show_pose(figure_pose(angles()[0], {Side.LEFT: True, Side.RIGHT: True}), "")
    return widget


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("make", [body_map, figure, sensor_card, tile, plots, panel, wearer])
def test_it_looks_as_it_did(
    make: Callable[[Theme], QWidget], theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    widget = make(theme)
    qtbot.addWidget(widget)
    widget.setStyleSheet(theme.stylesheet())
    assert widget.fontInfo().family() == FAMILY
    widget.show()
    qtbot.waitExposed(widget)
    name = f"{make.__name__}_{'dark' if theme.dark else 'light'}.png"
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    if os.environ.get("RENEW_PICTURES"):
        REFERENCES.mkdir(exist_ok=True)
        assert picture.save(str(REFERENCES / name))
    now, then = pixels(picture), pixels(QImage(str(REFERENCES / name)))
    assert now.shape == then.shape
    differ = (np.abs(now - then) > SEEN_LEVELS).any(axis=2).mean()
    if differ > SEEN_SHARE:
        picture.save(str(tmp_path / name))
    assert differ <= SEEN_SHARE, f"{100 * differ:.2f} % of the pixels differ: {tmp_path / name}"


def test_a_change_that_can_be_seen_is_seen() -> None:
    """Left and right exchanged, or one angle a little off, is not let through."""
    light = pixels(QImage(str(REFERENCES / "figure_light.png")))
    dark = pixels(QImage(str(REFERENCES / "figure_dark.png")))
    assert (np.abs(light - dark) > SEEN_LEVELS).any(axis=2).mean() > 0.5
    widget = figure(LIGHT)
    assert isinstance(widget, FigureView)
    moved = angles()[0]
    moved[ANGLE_COLUMNS.index("thigh_inclination_left_deg")] += 4.0
    widget.set_pose(figure_pose(moved, {Side.LEFT: True, Side.RIGHT: False}))
    widget.setStyleSheet(LIGHT.stylesheet())
    picture = pixels(widget.grab().toImage())
    assert (np.abs(picture - light) > SEEN_LEVELS).any(axis=2).mean() > SEEN_SHARE


def test_every_picture_has_a_test() -> None:
    makers = (body_map, figure, sensor_card, tile, plots, panel, wearer)
    made = {f"{make.__name__}_{theme}.png" for make in makers for theme in ("light", "dark")}
    kept = {path.name for path in REFERENCES.glob("*.png")}
    assert kept == made
    contents = {zlib.crc32(path.read_bytes()) for path in REFERENCES.glob("*.png")}
    assert len(contents) == len(kept)


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    rows = lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    return rows.astype(np.int16)
