"""How long it takes to live an hour with five sensors, without writing files."""

from __future__ import annotations

import resource
from collections.abc import Iterator

from benchmarks.figure import Figure, cpu_time_s
from firmware_bridge.virtual_wearer.spec import Spec, Stand, UTurn, Walk
from firmware_bridge.virtual_wearer.wear import wear

MINUTES = 60


def run() -> Iterator[Figure]:
    lap = (Walk(duration_s=57.0), UTurn())
    timeline = (Stand(duration_s=6.0, calibration=True), *lap * MINUTES, Stand())
    spec = Spec(timeline=timeline)
    yield Figure("an hour, 5 sensors", cpu_time_s(lambda: wear(spec), times=1), "s", at_most=10)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure("peak memory of the process", memory_mb, "MB")
