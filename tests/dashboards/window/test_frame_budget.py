"""What a frame of the live page may cost, counted in paints: milliseconds are the machine's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dashboards.view_models.bands import Band
from dashboards.view_models.live_view import LiveView
from dashboards.window.layered_plots import LayeredPlots
from dashboards.window.live_page import LivePage
from dashboards.window.theme import DARK, LIGHT
from pipeline.angles import ANGLE_COLUMNS, AngleBlock

FRAMES = 30


class Paints(QObject):
    """Counts the paints of a widget, and where they were."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        self.region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QPaintEvent):
            self.count += 1
            self.region = self.region.united(event.region())
        return False


class Page:
    """A live page that is fed with angles by hand."""

    def __init__(self) -> None:
        self.page = LivePage(LIGHT, QHBoxLayout())
        self.page.resize(1400, 800)
        self.page.show()
        self.view = LiveView()
        self._time_s = 0.0
        self.advance(12.0)

    def advance(self, by_s: float) -> None:
        times = np.arange(round(self._time_s * 100), round((self._time_s + by_s) * 100)) / 100
        values = 15 * np.sin(6.0 * times[:, None] + np.arange(len(ANGLE_COLUMNS)))
        self.view.angles.take_early(AngleBlock(times, values))
        self._time_s += by_s
        # Without a walk there is no clock: hold the view where the angles end.
        self.view._frozen_s = self._time_s

    def settle(self) -> None:
        for _ in range(5):
            QApplication.processEvents()


@pytest.fixture
def fed(qtbot: QtBot) -> Iterator[Page]:
    page = Page()
    qtbot.addWidget(page.page)
    qtbot.waitExposed(page.page)
    page.page.draw_slow(page.view)
    for _ in range(3):
        page.advance(0.03)
        page.page.draw_fast(page.view)
        page.settle()
    yield page
    page.page.close()


def test_a_frame_paints_plots_and_figure_once_each(fed: Page) -> None:
    plots, figure = Paints(fed.page.plots.viewport()), Paints(fed.page._figure)
    for _ in range(FRAMES):
        fed.advance(0.03)
        fed.page.draw_fast(fed.view)
        fed.settle()
    assert plots.count == figure.count == FRAMES


def test_a_frame_leaves_axes_and_titles_alone(fed: Page) -> None:
    """Painting them costs more than all curves."""
    paints = Paints(fed.page.plots.viewport())
    for _ in range(3):
        fed.advance(0.03)
        fed.page.draw_fast(fed.view)
        fed.settle()
    for frame in fed.page.plots._frames.values():
        for part in (frame.plot.getAxis("left"), frame.plot.titleLabel):
            rect = fed.page.plots.mapFromScene(part.sceneBoundingRect()).boundingRect()
            inner = rect.adjusted(2, 2, -6, -6)
            assert not paints.region.intersects(inner)


def test_a_frame_paints_nothing_of_what_stands_still(
    fed: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the plots nor, when a theme was set, of the widgets behind them."""
    painted = []
    render = LayeredPlots.render
    monkeypatch.setattr(
        LayeredPlots, "render", lambda self, *args: (painted.append(self), render(self, *args))
    )
    behind = Paints(fed.page)
    for theme in (DARK, LIGHT):
        fed.page.set_theme(theme)
        fed.page.setStyleSheet(theme.stylesheet())
        fed.page.update()
        fed.settle()
    assert painted and behind.count
    painted.clear()
    behind.count = 0
    for _ in range(3):
        fed.advance(0.03)
        fed.page.draw_fast(fed.view)
        fed.settle()
    assert not painted and not behind.count
    for widget in (fed.page.plots.viewport(), fed.page._figure):
        assert widget.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)


def test_the_two_layers_look_like_the_whole_scene(fed: Page) -> None:
    plots = fed.page.plots
    for change in (
        lambda: plots.set_time_range(-5.0, 0.0),
        plots.next_cycle_quantity,
        lambda: plots.fit(np.tile((-55.0, 55.0), (len(ANGLE_COLUMNS), 1)).T),
        lambda: plots.show_bands([Band(-3.0, -2.0, "turn")]),
        lambda: plots.set_cursor(-1.0),
        lambda: plots.set_theme(DARK),
        lambda: fed.page.resize(1200, 700),
        lambda: plots.show_bands([]),
    ):
        before = _pixels(plots.grab().toImage())
        change()
        fed.settle()
        layered = _pixels(plots.grab().toImage())
        whole = QImage(plots.viewport().size(), QImage.Format.Format_RGB32)
        painter = QPainter(whole)
        plots.render(painter)
        painter.end()
        assert before.shape != layered.shape or (before != layered).any()
        assert (np.abs(layered - _pixels(whole)) > 24).mean() < 1e-4


def _pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[..., :3].astype(int)


def test_many_draws_between_two_frames_are_one_paint(fed: Page) -> None:
    paints = Paints(fed.page.plots.viewport())
    for _ in range(10):
        fed.advance(0.01)
        fed.page.draw_fast(fed.view)
    fed.settle()
    assert paints.count == 1


def test_numbers_that_did_not_change_paint_nothing(fed: Page) -> None:
    plots, tile = Paints(fed.page.plots.viewport()), Paints(fed.page._tiles[0])
    for _ in range(10):
        fed.page.draw_slow(fed.view)
        fed.settle()
    assert plots.count == tile.count == 0


def test_curves_hold_no_more_points_than_can_be_seen(fed: Page) -> None:
    fed.page.draw_fast(fed.view)
    curve = fed.page.plots._curves["pelvis_tilt"]
    points = sum(line.points.size() for line in curve._lines[0])
    width = fed.page.plots._frames["pelvis_tilt"].plot.size().width()
    assert width < points < 3.5 * width
