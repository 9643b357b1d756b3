"""How long it takes from a packet's arrival to its pixels, through bridge, engine and window."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

from benchmarks.figure import Figure
from dashboards.live_walk import LiveWalk
from dashboards.window.live_place import LivePlace
from firmware_bridge.transport.demo_wearer import DemoWearer

_UNTIL_ANGLES_S = 60.0
_MEASURED_S = 15.0


def delays(place: LivePlace) -> Iterator[Figure]:
    """The demo walks with five sensors; what is painted when is noted.

    Parameters
    ----------
    place : LivePlace
        In sight.
    """
    demo = DemoWearer()
    walk = LiveWalk(demo.transport, demo.sensors, demo.metadata, demo.events)
    arrivals = _Arrivals(walk)
    walk.start()
    place.attach(walk, demo)
    begin_s = time.perf_counter()
    while place.view.angles.end_s is None and time.perf_counter() - begin_s < _UNTIL_ANGLES_S:
        _let_run(1.0)
    for name, at_most, raw in (("angles", 120.0, False), ("raw signals", 60.0, True)):
        if raw:
            place.toggle_raw()
        paints = _Paints(place, place.page.traces.viewport(), raw=raw)
        cpu_s, window_s = time.process_time(), time.thread_time()
        begin_s = time.perf_counter()
        _let_run(_MEASURED_S)
        taken_s = time.perf_counter() - begin_s
        cpu = 100 * (time.process_time() - cpu_s) / taken_s
        window = 100 * (time.thread_time() - window_s) / taken_s
        paints.stop()
        waited_ms = arrivals.until(paints.seen, begin_s)
        middle, p95 = np.quantile(waited_ms, (0.5, 0.95)) if len(waited_ms) else (None, None)
        yield Figure(f"{name}: arrival to pixel, median", middle, "ms")
        yield Figure(f"{name}: arrival to pixel, p95", p95, "ms", at_most=at_most)
        note = "walker, bridge and engine included"
        yield Figure(f"{name}: the whole demo at 30 fps", cpu, "% of a core", note=note)
        note = "looking at the walk and drawing it, numbers and findings included"
        yield Figure(f"{name}: of it the window's thread", window, "% of a core", note=note)
    place.toggle_raw()
    place.detach()


def _let_run(for_s: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * for_s), loop.quit)
    loop.exec()


class _Arrivals:
    """When all sensors' samples up to a time had come, on the clock of the host."""

    def __init__(self, walk: LiveWalk) -> None:
        self._newest: dict[object, float] = {}
        self._log: list[tuple[float, float]] = []
        self._count = len(walk.placements)
        drain = walk._bridge._transport.drain
        self._packets_s = 0.0

        def noted_drain():
            packets = drain()
            times = [p.host_time_s for p in packets if hasattr(p, "host_time_s")]
            now_s = walk._bridge._transport.now_s()
            # Waiting in the transport counts: a packet came before it was fetched.
            self._packets_s = max((now_s - t for t in times), default=0.0)
            return packets

        walk._bridge._transport.drain = noted_drain
        walk._bridge.attach(self._take)

    def _take(self, update) -> None:
        for samples in update.samples:
            self._newest[samples.placement] = float(samples.time_s[-1])
        if update.samples and len(self._newest) == self._count:
            came_s = time.perf_counter() - self._packets_s
            self._log.append((min(self._newest.values()), came_s))

    def until(self, seen: list[tuple[float, float]], begin_s: float) -> np.ndarray:
        """Waiting time (ms) of each moment of session time that was newly painted."""
        known, came = zip(*self._log, strict=True)
        highest = np.maximum.accumulate(known)
        waited, before_s = [], seen[0][0] if seen else 0.0
        for shown_s, painted_s in seen[1:]:
            if shown_s <= before_s:
                continue
            # Everything between the two frames, a hundredth of a second at a time.
            for moment_s in np.arange(before_s, shown_s, 0.01) + 0.01:
                i = bisect_left(highest, min(moment_s, shown_s))
                if i < len(came) and came[i] >= begin_s:
                    waited.append(1000 * (painted_s - came[i]))
            before_s = shown_s
        return np.array(waited)


class _Paints(QObject):
    """The newest moment that each paint of the plots shows, and when it was painted."""

    def __init__(self, place: LivePlace, viewport, *, raw: bool) -> None:
        super().__init__(viewport)
        self.seen: list[tuple[float, float]] = []
        self._place, self._viewport, self._raw = place, viewport, raw
        self._painting = False
        viewport.installEventFilter(self)

    def stop(self) -> None:
        self._viewport.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is not QEvent.Type.Paint or self._painting:
            return False
        # Painted now, within this call: what comes after it is on the screen.
        self._painting = True
        self._viewport.parent().viewportEvent(event)
        self._painting = False
        shown_s = self._shown_s()
        if shown_s is not None:
            self.seen.append((shown_s, time.perf_counter()))
        return True

    def _shown_s(self) -> float | None:
        view = self._place.view
        if not self._raw:
            return view.angles.end_s
        windows = view.raw_window().values()
        ends = [view.end_s + float(w.time_s[-1]) for w in windows if len(w.time_s)]
        return min(ends, default=None)
