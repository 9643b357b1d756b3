"""Replay: open, play, step, jump, leave out, save."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from dashboards.cli.main import main
from dashboards.view_models.recorded_walk import RecordedWalk
from dashboards.view_models.side_file import read_edits, side_file
from dashboards.window.main_window import REPLAY, MainWindow
from dashboards.window.theme import DARK
from dashboards.writers.results_json import results_json
from pipeline.angles import ANGLE_COLUMNS
from pipeline.results import Results
from recordings.placement import Placement, Side
from recordings.reading import read_session

SAMPLE = Path(__file__).parents[3] / "recordings" / "sample_sessions" / "usual_walk.zip"


def press(
    window: MainWindow,
    qtbot: QtBot,
    key: Qt.Key | str,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    window.replay.setFocus()
    if isinstance(key, str):
        qtbot.keyClicks(window.replay, key)
    else:
        qtbot.keyClick(window.replay, key, modifier)


def analysed(window: MainWindow) -> tuple[RecordedWalk, Results]:
    """The walk that is shown, and its results."""
    walk = window.replay.walk
    assert walk is not None
    assert walk.results is not None
    return walk, walk.results


def steady(results: Results) -> int:
    return sum(results.summary.steady_strides.values())


def test_a_walk_opens_at_its_first_stride(replay: MainWindow) -> None:
    _, results = analysed(replay)
    assert replay.replay.playback.position_s == min(s.start_s for s in results.strides)
    assert "usual_walk" in replay.windowTitle()
    assert replay._badge.isVisible()
    assert "SIMULATED" in replay._badge.text()


def test_space_plays_and_pauses(replay: MainWindow, qtbot: QtBot) -> None:
    begin_s = replay.replay.playback.position_s
    press(replay, qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: replay.replay.playback.position_s > begin_s + 0.2, timeout=5000)
    assert "Pause" in replay.replay.transport._play.text()
    press(replay, qtbot, Qt.Key.Key_Space)
    stopped_s = replay.replay.playback.position_s
    qtbot.wait(150)
    assert replay.replay.playback.position_s == stopped_s


def test_space_presses_the_button_that_has_the_focus(replay: MainWindow, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QPushButton

    forward = next(b for b in replay.replay.findChildren(QPushButton) if "+5 s" in b.text())
    forward.setFocus()
    begin_s = replay.replay.playback.position_s
    qtbot.keyClick(forward, Qt.Key.Key_Space)
    assert not replay.replay.playback.playing
    assert replay.replay.playback.position_s == pytest.approx(begin_s + 5.0)


def test_stepping_moves_figure_and_values(replay: MainWindow, qtbot: QtBot) -> None:
    walk, place = replay.replay.walk, replay.replay
    assert walk is not None
    press(replay, qtbot, ".")
    starts = walk.stride_starts()
    assert place.playback.position_s == starts[1]
    row = walk.angles.at(starts[1])
    shown = place.view.values._cells["hip_flexion_left_deg"].text()
    assert shown == f"{row[ANGLE_COLUMNS.index('hip_flexion_left_deg')]:.1f}"
    press(replay, qtbot, ",")
    assert place.playback.position_s == starts[0]


def test_a_finding_leads_to_its_clearest_strides(replay: MainWindow, qtbot: QtBot) -> None:
    walk, results = analysed(replay)
    place = replay.replay
    rows = {row.accessibleName().split(".")[0]: row for row in place.view.findings._rows}
    row = rows["Femoral inward collapse, left leg"]
    row.setFocus()
    (finding,) = [
        f for f in results.findings if f.measure == "hip_adduction_peak_deg" and f.side is Side.LEFT
    ]
    strides = walk.strides_of(finding)
    for stride in strides[:3]:
        qtbot.keyClick(row, Qt.Key.Key_Return)
        assert place.playback.position_s == stride.start_s
    assert f"stride 3 of {len(strides)}" in replay._told.text()


def test_clicking_the_overview_goes_there(replay: MainWindow, qtbot: QtBot) -> None:
    strip = replay.replay.view.overview
    x = strip.x_of(100.0)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPointF(x, 20).toPoint())
    assert replay.replay.playback.position_s == pytest.approx(100.0, abs=0.3)


def wait_for_other_results(window: MainWindow, qtbot: QtBot, before: Results) -> Results:
    """The results after those, once they are shown."""
    qtbot.waitUntil(lambda: analysed(window)[1] is not before, timeout=30_000)
    return analysed(window)[1]


def test_a_span_is_left_out_beside_the_recording_and_brought_back(
    replay: MainWindow, qtbot: QtBot
) -> None:
    place = replay.replay
    walk, results = analysed(replay)
    raw = walk.path.read_bytes()
    place.transport.seek(20.0)
    press(replay, qtbot, "x")
    place.transport.seek(40.0)
    press(replay, qtbot, "x")
    # Seen at once; the findings follow.
    assert place.walk is not None
    assert [(b.start_s, b.end_s) for b in place.walk.bands if b.kind == "excluded"] == [(20, 40)]
    shorter = wait_for_other_results(replay, qtbot, results)
    assert steady(shorter) < steady(results) - 20
    assert place.playback.position_s == pytest.approx(40.0)
    assert walk.path.read_bytes() == raw
    press(replay, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    whole = wait_for_other_results(replay, qtbot, shorter)
    assert results_json(whole) == results_json(results)
    assert read_edits(walk.path) == ()


def test_numbers_with_a_span_left_out_are_those_of_the_command_line(
    replay: MainWindow, qtbot: QtBot, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    walk, results = analysed(replay)
    for time_s in (30.0, 55.0):
        replay.replay.transport.seek(time_s)
        press(replay, qtbot, "x")
    shown = wait_for_other_results(replay, qtbot, results)
    capfdbinary.readouterr()
    assert main(["analyze", str(walk.path), "--json"]) == 0
    assert capfdbinary.readouterr().out == results_json(shown)
    assert any("Left out by hand: 1 span" in remark for remark in shown.remarks)


def test_a_begun_span_can_be_forgotten(replay: MainWindow, qtbot: QtBot) -> None:
    walk, _ = analysed(replay)
    press(replay, qtbot, "x")
    press(replay, qtbot, Qt.Key.Key_Escape)
    replay.replay.transport.seek(50.0)
    press(replay, qtbot, "x")
    assert not side_file(walk.path).exists()


def test_a_marker_is_put_named_and_taken_away(
    replay: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, markers = replay.replay, replay.replay.view.markers
    walk, results = analysed(replay)
    raw = walk.path.read_bytes()
    recorded = [markers.item(i).text() for i in range(markers.count())]
    place.transport.seek(33.0)
    press(replay, qtbot, "m")
    assert [markers.item(i).text() for i in range(markers.count())] == [
        *recorded,
        "00:33.0  ⚑ marker",
    ]
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("new shoes", True))
    markers.setCurrentRow(markers.count() - 1)
    qtbot.keyClick(markers, Qt.Key.Key_F2)
    assert [(m.time_s, m.label) for m in read_edits(walk.path)] == [(33.0, "new shoes")]
    markers.setCurrentRow(markers.count() - 1)
    place.transport.seek(0.0)
    qtbot.keyClick(markers, Qt.Key.Key_Return)
    assert place.playback.position_s == 33.0
    qtbot.keyClick(markers, Qt.Key.Key_Delete)
    assert read_edits(walk.path) == ()
    assert "Taken away" in replay._told.text()
    assert walk.path.read_bytes() == raw
    # No result depends on a marker: nothing was analysed again.
    assert analysed(replay)[1] is results
    press(replay, qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [m.label for m in read_edits(walk.path)] == ["new shoes"]


def test_edits_that_cannot_be_written_are_a_sentence(replay: MainWindow, qtbot: QtBot) -> None:
    walk, _ = analysed(replay)
    side_file(walk.path).mkdir()
    press(replay, qtbot, "m")
    assert "cannot be written" in replay._told.text()
    assert replay.replay.walk is walk


def test_raw_signals_can_be_seen_instead_of_angles(replay: MainWindow, qtbot: QtBot) -> None:
    view = replay.replay.view
    walk, _ = analysed(replay)
    assert view.traces is view.plots
    press(replay, qtbot, "r")
    assert view.traces is view.raw_plots
    page = replay.replay.playback.page
    samples = read_session(walk.path).samples(Placement.THIGH_LEFT).between(*page)
    drawn = view.raw_plots._curves[Placement.THIGH_LEFT, "gyr"]._lines[2]
    assert sum(line.points.count() for line in drawn) == len(samples)
    assert drawn[0].points.at(0).y() == pytest.approx(samples.gyr_rad_s[0, 2], abs=1e-6)
    press(replay, qtbot, "r")
    assert view.traces is view.plots


def test_a_walk_that_vanished_stays_in_sight(replay: MainWindow, qtbot: QtBot) -> None:
    walk, results = analysed(replay)
    walk.path.unlink()
    replay.replay.open(walk.path)
    qtbot.waitUntil(lambda: "nothing at" in replay._told.text(), timeout=30_000)
    assert analysed(replay) == (walk, results)
    press(replay, qtbot, ".")
    assert replay.replay.playback.position_s > 0


def test_opening_can_be_stopped(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    path.write_bytes(SAMPLE.read_bytes())
    window.open(path)
    assert window.replay._opening.isVisible()
    loader = window.replay._loader
    assert loader is not None
    window.replay._opening.cancelled.emit()
    assert not window.replay._opening.isVisible()
    assert loader.wait(10.0)
    assert not loader.complete
    assert "Stopped" in window._told.text()


def test_visible_angles_are_saved_as_they_are(replay: MainWindow, tmp_path: Path) -> None:
    place = replay.replay
    place.transport.seek(50.0)
    file = tmp_path / "angles.csv"
    place.save_csv(file)
    with file.open() as stream:
        rows = list(csv.DictReader(stream))
    start_s, end_s = place.playback.page
    assert float(rows[0]["time_s"]) == pytest.approx(start_s, abs=0.011)
    assert float(rows[-1]["time_s"]) == pytest.approx(end_s, abs=0.011)
    assert place.walk is not None
    row = place.walk.angles.at(float(rows[500]["time_s"]))
    saved = [float(rows[500][name]) for name in ANGLE_COLUMNS]
    np.testing.assert_allclose(saved, row, atol=0.0006)


def test_pictures_are_saved(replay: MainWindow, tmp_path: Path) -> None:
    from PySide6.QtGui import QImage

    replay.replay.save_png(tmp_path / "page.png")
    replay.replay.save_png(tmp_path / "plots.svg")
    assert QImage(str(tmp_path / "page.png")).width() == replay.replay.width()
    text = (tmp_path / "plots.svg").read_text()
    assert text.count("<poly") + text.count("<path") > 20


def test_saving_where_one_may_not_says_so(replay: MainWindow, tmp_path: Path) -> None:
    replay.replay.save_csv(tmp_path / "no such folder" / "angles.csv")
    assert "cannot be written" in replay._told.text()


def test_a_broken_walk_is_a_sentence(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 nothing")
    window.open(broken)
    qtbot.waitUntil(lambda: "cannot be shown" in window.replay._message.text(), timeout=30_000)
    assert "broken.zip" in window.replay._message.text()
    assert "Traceback" not in window.replay._message.text()
    assert window.replay.walk is None


def test_a_walk_can_be_dropped(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "walk.zip"
    path.write_bytes(b"not a walk")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(drop)
    assert window.place == REPLAY
    qtbot.waitUntil(lambda: "cannot be shown" in window.replay._message.text(), timeout=30_000)


def test_playing_turns_pages_and_does_not_scroll(replay: MainWindow, qtbot: QtBot) -> None:
    """Moving the time axis costs many times a frame: it must stand still within a page."""
    ranges = []
    stance = replay.replay.view.plots._frames["stance"].plot
    stance.sigXRangeChanged.connect(lambda *_: ranges.append(1))
    place = replay.replay
    page = place.playback.page
    for i in range(90):
        place.transport.seek(page[0] + 1 + i * 0.1)
    turned = place.playback.page != page
    assert len(ranges) <= 1 + turned


def test_one_frame_paints_the_plots_once(replay: MainWindow, qtbot: QtBot) -> None:
    class Counter(QObject):
        paints = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            self.paints += event.type() is QEvent.Type.Paint
            return False

    counter = Counter()
    replay.replay.view.plots.viewport().installEventFilter(counter)
    qtbot.wait(50)
    counter.paints = 0
    for i in range(10):
        replay.replay.transport.seek(replay.replay.playback.page[0] + 0.5 + 0.1 * i)
        qtbot.wait(20)
    assert 1 <= counter.paints <= 12


def test_both_themes_show_the_same(replay: MainWindow) -> None:
    light = replay.replay.grab().toImage()
    replay.set_theme(DARK)
    dark = replay.replay.grab().toImage()
    assert light.pixelColor(3, 200).lightness() > 200
    assert dark.pixelColor(3, 200).lightness() < 60


def test_another_walk_is_compared_and_left_again(
    replay: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place, page = replay.replay, replay.replay.compare_page
    other = tmp_path / "femoral_collapse_right.zip"
    other.write_bytes(SAMPLE.with_name(other.name).read_bytes())
    monkeypatch.setattr(
        "dashboards.window.replay_compare.choose_walk", lambda *_: tmp_path / "nothing.zip"
    )
    press(replay, qtbot, "v")
    qtbot.waitUntil(lambda: "nothing to compare" in replay._told.text(), timeout=30_000)
    assert not page.isVisible()
    monkeypatch.setattr("dashboards.window.replay_compare.choose_walk", lambda *_: other)
    press(replay, qtbot, "v")
    qtbot.waitUntil(page.isVisible, timeout=60_000)
    assert "usual_walk" in page.heading.text()
    assert "femoral_collapse_right" in page.heading.text()
    cells = [
        [item.text() for c in range(5) if (item := page.table.item(r, c)) is not None]
        for r in range(page.table.rowCount())
    ]
    (lean,) = [c for c in cells if c[:2] == ["inward lean of the thigh [°]", "right"]]
    assert lean[4].startswith("● +")
    assert "±" in lean[4]
    assert float(lean[3]) - float(lean[2]) == pytest.approx(17, abs=4.5)
    replay.switch_theme()
    QApplication.processEvents()
    for (quantity, side), frame in page.plots._frames.items():
        if side is Side.LEFT:
            beside = page.plots._frames[quantity, Side.RIGHT].plot
            ends = frame.plot.vb.mapRectToScene(frame.plot.vb.rect()).right()
            assert ends <= beside.vb.mapRectToScene(beside.vb.rect()).left(), quantity
    press(replay, qtbot, "v")
    assert not page.isVisible()
    assert place.walk is not None
    assert place.walk.name == "usual_walk"
