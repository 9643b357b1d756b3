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


def run() -> Iterator[Figure]:
    five = walking_session(DURATION_S, FIVE_SENSORS)
    speeds = {}
    for sensors, at_least in ((THREE_SENSORS, 2000), (FIVE_SENSORS, 1200)):
        session = Session(five.name, {p: five.sources[p] for p in sensors}, five.metadata)
        speeds[len(sensors)] = speed = DURATION_S / _analysis_s(session)
        yield Figure(f"hipgait, {len(sensors)} sensors", speed, UNIT, at_least=at_least)

    name = f"{peer.NAME} {peer.VERSION}, 1 sensor"
    try:
        measured = peer.measure(five.samples(Placement.PELVIS))
    except peer.NotAvailableError as error:
        yield Figure(name, None, UNIT, note=f"skipped: {error}")
        return
    peer_speed = DURATION_S / measured.seconds
    yield Figure(name, peer_speed, UNIT, note=f"{measured.steps} steps found")
    for sensors, speed in speeds.items():
        yield Figure(f"hipgait, {sensors} sensors ÷ peer", speed / peer_speed, "times")


def _analysis_s(session: Session) -> float:
    """Processor time of one analysis, which must have seen the walk it was given."""
    from pipeline.analysis import analyze

    if not analyze(session).strides:
        raise RuntimeError("the analysis found no stride in the benchmark's walk")
    return cpu_time_s(lambda: analyze(session))
