"""Valid packets a second and core, one `feed` a packet, as the radio brings them.

``python benchmarks/bench_decoders.py``
"""

from __future__ import annotations

import time

import numpy as np

from firmware_bridge.devices.peripherals.base import Notification, Peripheral
from firmware_bridge.devices.peripherals.registry import PERIPHERALS
from firmware_bridge.devices.registry import FAMILIES

PACKETS = 50_000
ROUNDS = 5
WANTED_PER_S = 50_000


def packets_of(key: str) -> list[Notification]:
    """`PACKETS` packets of one family, as its sensor model sends them."""
    peripheral: Peripheral = PERIPHERALS[key]()
    for write in FAMILIES[key].start():
        peripheral.on_write(write.characteristic, write.data, 0)
    rng = np.random.default_rng(0)
    packets: list[Notification] = []
    period_us = round(1e6 / peripheral.rate_hz)
    n, done = 4000, 0
    while len(packets) < PACKETS:
        times = period_us * np.arange(done, done + n)
        packets += peripheral.encode(
            rng.uniform(-70, 70, (n, 3)), rng.uniform(-30, 30, (n, 3)), times
        )
        done += n
    return packets[:PACKETS]


def main() -> None:
    print(f"{'family':<12}{'packets/s':>12}{'samples/s':>12}{'µs/packet':>12}")
    slowest = np.inf
    for key, family in FAMILIES.items():
        packets = packets_of(key)
        best = np.inf
        samples = 0
        for _ in range(ROUNDS):
            decoder = family.decoder()
            start = time.perf_counter()
            parts = [decoder.feed(p.characteristic, p.data) for p in packets]
            best = min(best, time.perf_counter() - start)
            samples = sum(len(part) for part in parts if part is not None)
            assert decoder.malformed_packets == 0
        rate = PACKETS / best
        slowest = min(slowest, rate)
        print(f"{key:<12}{rate:>12,.0f}{samples / best:>12,.0f}{1e6 / rate:>12.1f}")
    print("reached" if slowest >= WANTED_PER_S else "NOT reached", f"{WANTED_PER_S:,} packets/s")


if __name__ == "__main__":
    main()
