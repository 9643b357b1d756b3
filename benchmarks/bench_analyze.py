"""Seconds of recording analysed per second, on one core, beside the fastest open pipeline.

The peer, scikit-digital-health, looks at the pelvis sensor alone; hipgait looks at three or five
sensors. Both get the same walk. The peer is installed into an environment of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import peer
from benchmarks.figure import Figure, cpu_time_s
from benchmarks.walk import FIVE_SENSORS, THREE_SENSORS, walking_session
from recordings.placement import Placement
from recordings.session import Session

DURATION_S = 600.0
UNIT = "data-s/s"
AT_LEAST = {3: 2000.0, 5: 1200.0}
"""By number of sensors."""
PEER_THERE = 680.0
"""What the peer does on the machine that the targets were set on: another machine has the same
targets in units of the peer."""


def run() -> Iterator[Figure]:
    five = walking_session(DURATION_S, FIVE_SENSORS)
    speeds = {}
    for placements in (THREE_SENSORS, FIVE_SENSORS):
        session = Session(five.name, {p: five.sources[p] for p in placements}, five.metadata)
        sensors = len(placements)
        speeds[sensors] = speed = DURATION_S / _analysis_s(session)
        yield Figure(f"hipgait, {sensors} sensors", speed, UNIT, at_least=AT_LEAST[sensors])

    name = f"{peer.NAME} {peer.VERSION}, 1 sensor"
    try:
        measured = peer.measure(five.samples(Placement.PELVIS))
    except peer.NotAvailableError as error:
        yield Figure(name, None, UNIT, note=f"skipped: {error}")
        return
    peer_speed = DURATION_S / measured.seconds
    yield Figure(name, peer_speed, UNIT, note=f"{measured.steps} steps found")
    for sensors, speed in speeds.items():
        name, at_least = f"hipgait, {sensors} sensors ÷ peer", AT_LEAST[sensors] / PEER_THERE
        yield Figure(name, speed / peer_speed, "times", at_least=at_least)


def _analysis_s(session: Session) -> float:
    """Processor time of one analysis, which must have seen the walk it was given."""
    from pipeline.analysis import analyze

    if not analyze(session).strides:
        raise RuntimeError("the analysis found no stride in the benchmark's walk")
    return cpu_time_s(lambda: analyze(session), times=9)
