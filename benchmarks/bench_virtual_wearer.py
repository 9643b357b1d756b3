"""How long it takes to live an hour with five sensors, without writing files.

python -m benchmarks.bench_virtual_wearer [minutes]
"""

from __future__ import annotations

import resource
import sys
import time

from firmware_bridge.virtual_wearer.spec import Spec, Stand, UTurn, Walk
from firmware_bridge.virtual_wearer.wear import wear


def main(minutes: float = 60.0) -> None:
    lap = (Walk(duration_s=57.0), UTurn())
    timeline = (Stand(duration_s=6.0, calibration=True), *lap * round(minutes), Stand())
    start, cpu = time.perf_counter(), time.process_time()
    virtual = wear(Spec(timeline=timeline))
    took, cpu = time.perf_counter() - start, time.process_time() - cpu
    lived = virtual.truth.time_s[-1]
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{lived / 60:.1f} min, {len(virtual.session.sources)} sensors, "
        f"{len(virtual.truth.strides)} strides in {took:.1f} s, {cpu:.1f} s of processor "
        f"({lived / took:.0f} × real time), peak memory {memory_mb:.0f} MB"
    )


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
