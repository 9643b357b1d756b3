"""Opening two hours of five sensors in Replay, and moving in it (without a screen).

The figures on the clock are those of a machine that does nothing else; beside them stands the
processor time of window and reading process together, spread over the cores, which is nearly
the same on a busy one.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.walk import FIVE_SENSORS, walking_session

EVERY_CORE = True
DURATION_S = 7200.0
SEEKS = 40
_LONGEST_S = 600.0
_CORES = min(2, os.cpu_count() or 1)
_SPREAD = f"of window and reader, spread over {_CORES} cores"


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

    begin_s, begin_cpu_s = time.perf_counter(), time.process_time()
    window.open(path)
    first_s = seconds_until(lambda: place.walk is not None)
    yield Figure("2 h, five sensors: first raw traces", first_s, "s", at_most=3.0)
    all_s = seconds_until(read)
    loader = place._loader
    reader_s = _processor_s(loader.pid) if loader is not None and loader.pid is not None else 0.0
    cpu_s = time.process_time() - begin_cpu_s + reader_s
    yield Figure("all raw traces", all_s, "s", at_most=3.0)
    yield Figure("all raw traces, processor", cpu_s / _CORES, "s", at_most=3.0, note=_SPREAD)
    yield Figure("angles and findings", seconds_until(analysed), "s")
    for name, page_s in (("a page of 10 s", 10.0), ("all of it in one page", DURATION_S)):
        place.playback.zoom(page_s / place.playback.page_s)
        wall_s, cpu_s = _slowest_seek_s(place, turn)
        yield Figure(f"seek, {name}", 1000 * wall_s, "ms", at_most=200)
        yield Figure(f"seek, {name}, processor", 1000 * cpu_s, "ms", at_most=200)
    place.close_walk()
    place.walk = None
    begin_s, begin_cpu_s = time.perf_counter(), time.process_time()
    window.open(path)
    again_s = seconds_until(analysed)
    yield Figure("opened again, with findings", again_s, "s", at_most=3.0)
    cpu_s = time.process_time() - begin_cpu_s
    yield Figure("opened again, processor", cpu_s, "s", at_most=1.5)
    window.close()


def _processor_s(pid: int) -> float:
    """Processor time of another process; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _slowest_seek_s(place, turn: Callable[[], object]) -> tuple[float, float]:
    """From the key to the painted page, the worst of some jumps all over the walk.

    Returns
    -------
    wall_s, processor_s : float
    """
    taken = []
    for number in range(SEEKS):
        begin = time.perf_counter(), time.process_time()
        place.transport.seek(DURATION_S * ((number * 0.618) % 1.0))
        place.repaint()
        turn()
        taken.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
    walls_s, processors_s = zip(*taken, strict=True)
    return max(walls_s), max(processors_s)
