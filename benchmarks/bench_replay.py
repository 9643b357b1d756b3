"""Opening two hours of five sensors in Replay, and moving in it (without a screen)."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.walk import FIVE_SENSORS, walking_session

DURATION_S = 7200.0
SEEKS = 40
_LONGEST_S = 600.0


def run() -> Iterator[Figure]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        yield Figure("raw traces in sight", None, "s", note=f"not measured: {error}")
        return
    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "two_hours"
        _write(path)
        yield from _measure(app.processEvents, path, Path(folder))


def _write(path: Path) -> None:
    from recordings.csv_session.writer import Durability, SessionWriter

    session = walking_session(DURATION_S, FIVE_SENSORS)
    with SessionWriter(path, session.metadata, durability=Durability.BUFFERED) as writer:
        for placement in session.placements:
            writer.append(session.samples(placement))


def _measure(turn: Callable[[], object], path: Path, folder: Path) -> Iterator[Figure]:
    from PySide6.QtCore import QSettings

    from dashboards.window.main_window import MainWindow

    settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(settings=settings, recordings=folder, cache=folder / "cache")
    window.resize(1600, 900)
    window.show()
    place = window.replay

    def seconds_until(reached: Callable[[], bool]) -> float:
        while not reached() and time.perf_counter() - begin_s < _LONGEST_S:
            turn()
            time.sleep(0.002)
        return time.perf_counter() - begin_s

    def read() -> bool:
        loader = place._loader
        return loader is not None and loader.raw_complete and place.walk is not None

    def analysed() -> bool:
        return place.walk is not None and place.walk.results is not None

    begin_s = time.perf_counter()
    window.open(path)
    first_s = seconds_until(lambda: place.walk is not None)
    yield Figure("2 h, five sensors: first raw traces", first_s, "s", at_most=3.0)
    yield Figure("all raw traces", seconds_until(read), "s", at_most=3.0)
    yield Figure("angles and findings", seconds_until(analysed), "s")
    for name, page_s in (("a page of 10 s", 10.0), ("all of it in one page", DURATION_S)):
        place.playback.zoom(page_s / place.playback.page_s)
        yield Figure(f"seek, {name}", 1000 * _slowest_seek_s(place, turn), "ms", at_most=200)
    place.close_walk()
    place.walk = None
    begin_s = time.perf_counter()
    window.open(path)
    yield Figure("opened again, with findings", seconds_until(analysed), "s", at_most=3.0)
    window.close()


def _slowest_seek_s(place, turn: Callable[[], object]) -> float:
    """From the key to the painted page, the worst of some jumps all over the walk."""
    slowest_s = 0.0
    for number in range(SEEKS):
        begin_s = time.perf_counter()
        place.transport.seek(DURATION_S * ((number * 0.618) % 1.0))
        place.repaint()
        turn()
        slowest_s = max(slowest_s, time.perf_counter() - begin_s)
    return slowest_s
