"""Valid packets a second and core, one `feed` a packet, as the radio brings them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.figure import Figure, cpu_time_s
from firmware_bridge.devices.base import DeviceFamily
from firmware_bridge.devices.peripherals.base import Notification, Peripheral
from firmware_bridge.devices.peripherals.registry import PERIPHERALS
from firmware_bridge.devices.registry import FAMILIES

PACKETS = 50_000
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


def run() -> Iterator[Figure]:
    for key, family in FAMILIES.items():
        packets = packets_of(key)

        def decode_all(family: DeviceFamily = family, packets: list = packets) -> None:
            decoder = family.decoder()
            for packet in packets:
                decoder.feed(packet.characteristic, packet.data)
            assert decoder.malformed_packets == 0

        rate = PACKETS / cpu_time_s(decode_all, times=5)
        yield Figure(family.label, rate, "packets/s", at_least=WANTED_PER_S)
