"""What a live walk costs: three sensors in chunks of 50 ms, as share of one core."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.figure import Figure
from benchmarks.walk import THREE_SENSORS, WEARER, walking_session

DURATION_S = 180.0
CHUNK_S = 0.05


def run() -> Iterator[Figure]:
    from pipeline.engine import Engine

    session = walking_session(DURATION_S, THREE_SENSORS)
    chunks = list(session.chunks(CHUNK_S))
    engine = Engine(placements=session.placements, wearer=WEARER)
    engine.push(chunks[0])
    taken_s = np.zeros(len(chunks) - 1)
    for i, chunk in enumerate(chunks[1:]):
        start = time.process_time()
        engine.push(chunk)
        taken_s[i] = time.process_time() - start
    engine.finish()

    live_s = CHUNK_S * len(taken_s)
    yield Figure("3 sensors, 50 ms chunks", 100 * taken_s.sum() / live_s, "% of a core", at_most=3)
    yield Figure("a chunk, 99 of 100", 1e3 * float(np.quantile(taken_s, 0.99)), "ms")
    yield Figure("the slowest chunk (axes become known)", 1e3 * float(taken_s.max()), "ms")
