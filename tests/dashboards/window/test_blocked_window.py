"""A window that hangs, over unmodified bleak: what is recorded does not notice."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QTimer

from dashboards.live_walk import LiveWalk, Look
from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.devices.base import Advertisement
from firmware_bridge.transport.bleak_transport import BleakTransport
from firmware_bridge.transport.raw_stream import PACKET, RAW_FILE, RawSensor, read_raw
from recordings.placement import REQUIRED_PLACEMENTS
from recordings.reading import read_session
from recordings.samples import concatenate
from tests.fake_bluez.host import FakeBluezHost
from tests.fake_bluez.private_bus import why_not_available
from tests.firmware_bridge.simulation import swinging
from tests.soak.comparison import compare_samples
from tests.soak.outcome import Outcome
from tests.soak.truth import TruthLog

LASTS_S = 12.0
EVERY_S = 1.0
BLOCKED_S = 0.3
LOOK_EVERY_S = 0.033

pytestmark = pytest.mark.skipif(
    bool(why_not_available()), reason=why_not_available() or "available"
)


class HangingWindow:
    """Looks at a walk thirty times a second, and once a second computes far too long."""

    def __init__(self, walk: LiveWalk) -> None:
        self.looks: list[Look] = []
        self.hung: list[tuple[float, float]] = []
        """Session times from and to which nothing else could run in the event loop."""
        self._walk = walk

    def show(self, lasts_s: float) -> None:
        loop = QEventLoop()
        look, hang = QTimer(), QTimer()
        look.timeout.connect(self._look)
        hang.timeout.connect(self._hang)
        look.start(round(1e3 * LOOK_EVERY_S))
        hang.start(round(1e3 * EVERY_S))
        QTimer.singleShot(round(1e3 * lasts_s), loop.quit)
        loop.exec()
        look.stop()
        hang.stop()

    def _look(self) -> None:
        self.looks.append(self._walk.look())

    def _hang(self) -> None:
        self._look()
        begin_s = self.looks[-1].time_s
        # Computing, and not sleeping: the interpreter is as busy as the event loop.
        end = time.perf_counter() + BLOCKED_S
        while time.perf_counter() < end:
            pass
        self.hung.append((begin_s, begin_s + BLOCKED_S))


@pytest.mark.slow
@pytest.mark.usefixtures("qapp")
def test_a_window_that_hangs_300_ms_each_second_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = {
        placement: TruthLog(number, 104.0, 0.015, swinging(number))
        for number, placement in enumerate(REQUIRED_PLACEMENTS, start=1)
    }
    sensors = [
        RawSensor(Advertisement(log.station.sensor.address), "gait", placement)
        for placement, log in logs.items()
    ]
    with FakeBluezHost(log.station for log in logs.values()) as host:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", host.bus.address)
        walk = LiveWalk(BleakTransport(), sensors)
        walk.start()
        try:
            walk.record_to(tmp_path / "walk")
            window = HangingWindow(walk)
            window.show(LASTS_S)
        finally:
            walk.close()
        window.looks.append(walk.look())
    session = read_session(tmp_path / "walk")

    # All that was put on the bus is there, once, in order, with nothing lost.
    outcome = Outcome(LASTS_S / 60)
    compare_samples(session, logs, [], outcome, settled_s=4.0)
    assert outcome.failures == []
    assert outcome.lost_counted == outcome.lost_on_purpose == 0
    assert outcome.samples > 2_000
    # The hanging window saw the very rows that were written, however late it looked.
    for placement in logs:
        seen = [s for look in window.looks for s in look.samples if s.placement is placement]
        np.testing.assert_array_equal(concatenate(seen).time_s, session.samples(placement).time_s)
    # Packets were stamped while the window hung, and not when it was done.
    assert len(window.hung) >= 6
    stamped = np.array(
        [
            record.time_s
            for record in read_raw(tmp_path / "walk" / RAW_FILE)
            if record.kind == PACKET and record.characteristic == wire.DATA
        ]
    )
    first_s, last_s = window.hung[2][0], window.hung[-1][0]
    within = stamped[(stamped >= first_s) & (stamped < last_s)]
    while_hung = sum(int(((within >= a) & (within < b)).sum()) for a, b in window.hung)
    share = BLOCKED_S * (len(window.hung) - 3) / (last_s - first_s)
    assert while_hung / len(within) == pytest.approx(share, rel=0.25)
    # Times as good as without: arrival alone would be off by 11 ms.
    assert outcome.time_error_ms < 5.0
