"""The live window: how soon it is there, frames a second, what they cost, delay, memory.

Without a screen, with software rendering. The figures on the clock of the wall are those of a
machine that does nothing else; processor time is nearly the same on a busy one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure

EVERY_CORE = True
"""The window, the bridge and the engine share the cores that there are, as on a desk."""

SIZE = (1600, 900)
_STARTS = 3
_TO_FIRST_PAINT = """
import sys
import time
from pathlib import Path
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from dashboards.window.main_window import LIVE, MainWindow
app = QApplication([])
folder = Path(sys.argv[1])
window = MainWindow(
    settings=QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat), recordings=folder
)
window.resize(1600, 900)
window.go(LIVE)
window.show()
app.processEvents()
print(time.time(), time.process_time())
window.live.get_ready()
print(time.time(), time.process_time())
window.close()
"""
"""Prints clock and processor time when the window is painted, and when its plots are made."""


def run() -> Iterator[Figure]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from PySide6.QtCore import QSettings
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        yield Figure("frames a second", None, "fps", note=f"not measured: {error}")
        return
    yield from _first_paint()

    from benchmarks.window_delay import delays
    from benchmarks.window_feed import Feed
    from benchmarks.window_hour import memory
    from dashboards.window.main_window import LIVE, MainWindow

    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(f"{folder}/window.ini", QSettings.Format.IniFormat)
        window = MainWindow(settings=settings, recordings=Path(folder))
        window.resize(*SIZE)
        window.go(LIVE)
        window.show()
        app.processEvents()
        yield from _frames(Feed(window.live), "angles")
        window.live.page.toggle_raw()
        yield from _frames(Feed(window.live), "raw signals")
        window.live.page.toggle_raw()
        yield from delays(window.live)
        yield from memory(window.live, app.processEvents)
        window.close()


def _first_paint() -> Iterator[Figure]:
    """From a fresh interpreter to the painted window, the best of some starts."""
    painted, ready = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(_STARTS + 1):
            begin_s = time.time()
            told = subprocess.run([sys.executable, "-c", _TO_FIRST_PAINT, folder], check=True,
                                  capture_output=True, text=True).stdout  # fmt: skip
            for line, times in zip(told.splitlines(), (painted, ready), strict=True):
                clock_s, processor_s = map(float, line.split())
                times.append((processor_s, clock_s - begin_s))
    # The first start reads the libraries from the disk.
    for name, times, at_most in (
        ("start to first paint", painted[1:], 1.5),
        ("start until the plots are made as well", ready[1:], None),
    ):
        cpu_s, wall_s = (min(column) for column in zip(*times, strict=True))
        yield Figure(f"{name}, processor", cpu_s, "s", at_most=at_most)
        yield Figure(f"{name}, on the clock", wall_s, "s", at_most=at_most)


def _frames(feed, what: str) -> Iterator[Figure]:
    for rate_hz, at_least, late_ms, cpu_at_most in ((60, 55.0, 20.0, None), (30, None, None, 35.0)):
        fps, gap_p95_ms, cpu = feed.measure(rate_hz)
        name = f"{what} at {rate_hz} fps"
        yield Figure(f"{name}: frames", fps, "fps", at_least=at_least)
        yield Figure(f"{name}: frame p95", gap_p95_ms, "ms", at_most=late_ms)
        yield Figure(f"{name}: processor", cpu, "% of a core", at_most=cpu_at_most)
        # The same, where a busy machine lets fewer frames be drawn than are asked for.
        most_ms = None if cpu_at_most is None else 10 * cpu_at_most / rate_hz
        yield Figure(f"{name}: processor a frame", 10 * cpu / fps, "ms", at_most=most_ms)
