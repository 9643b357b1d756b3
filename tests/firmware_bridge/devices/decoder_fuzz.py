"""Mutated valid packets against the decoders, with an oracle of their own.

By hand: ``python tests/firmware_bridge/devices/decoder_fuzz.py 10000000``
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.devices import dot, gait_packet, witmotion
from firmware_bridge.devices.base import DecodedSamples
from firmware_bridge.devices.dot import DotDecoder, PayloadMode
from firmware_bridge.devices.gait_profile import GaitDecoder
from firmware_bridge.devices.peripherals.dot import DotPeripheral
from firmware_bridge.devices.peripherals.gait import GaitPeripheral
from firmware_bridge.devices.peripherals.witmotion import WitMotionPeripheral
from firmware_bridge.devices.witmotion import WitMotionDecoder
from firmware_bridge.units import DEG

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Tally:
    mutants: int
    samples: int
    malformed: int


def mutated(packets: list[bytes], rng: np.random.Generator, count: int) -> Iterator[bytes]:
    """Yield `count` packets with flipped bits, other bytes, cut, lengthened or spliced."""
    kinds = rng.integers(0, 6, count)
    sources = rng.integers(0, len(packets), (count, 2))
    places = rng.random((count, 4))
    noise = rng.integers(0, 256, (count, 24), np.uint8)
    for kind, (one, other), place, extra in zip(
        kinds.tolist(), sources.tolist(), places.tolist(), noise, strict=True
    ):
        packet = bytearray(packets[one])
        size = len(packet)
        at = int(place[0] * size)
        if kind == 0:
            packet[at] ^= 1 << (int(extra[0]) & 7)
        elif kind == 1:
            for i in range(1 + int(place[1] * 4)):
                packet[int(extra[i]) * size >> 8] = int(extra[i + 4])
        elif kind == 2:
            del packet[at:]
        elif kind == 3:
            packet += extra[: 1 + int(place[1] * 24)].tobytes()
        elif kind == 4:
            packet[at:] = packets[other][int(place[1] * len(packets[other])) :]
        else:
            # The head decides how the rest is read.
            packet[int(place[1] * min(size, 16))] = int(extra[0])
        yield bytes(packet)


def _motion(rng: np.random.Generator, n: int) -> tuple[NDArray, NDArray]:
    return rng.uniform(-70, 70, (n, 3)), rng.uniform(-30, 30, (n, 3))


def fuzz_gait(count: int, seed: int) -> Tally:
    """Whatever is not byte for byte a packet that was sent must yield nothing."""
    rng = np.random.default_rng(seed)
    originals: list[bytes] = []
    for n in (1, 2, 4, 18):
        peripheral = GaitPeripheral()
        peripheral.on_write(gait_packet.CONTROL, bytes((gait_packet.COMMAND_START, n)), 0)
        times = 2**32 - 10**6 + 9615 * np.arange(360)
        originals += [p.data for p in peripheral.encode(*_motion(rng, 360), times)]
    sent = set(originals)
    decoder = GaitDecoder()
    samples = 0
    for mutant in mutated(originals, rng, count):
        part = decoder.feed(gait_packet.DATA, mutant)
        if part is not None:
            assert mutant in sent, f"a sample was invented from {mutant.hex()}"
            samples += len(part)
    _assert_still_decodes(decoder, gait_packet.DATA, originals[-20:])
    return Tally(count, samples, decoder.malformed_packets)


def fuzz_dot(count: int, seed: int) -> Tally:
    """A packet yields its own six numbers, all within the sensor's range, or nothing."""
    rng = np.random.default_rng(seed)
    originals: list[bytes] = []
    for mode in PayloadMode:
        peripheral = DotPeripheral()
        peripheral.on_write(dot.MEASUREMENT_CONTROL, bytes((1, 1, mode)), 0)
        times = 2**32 - 10**6 + 16667 * np.arange(300)
        originals += [p.data for p in peripheral.encode(*_motion(rng, 300), times)]
    places = {dot.MEDIUM_PAYLOAD: "<6f", dot.LONG_PAYLOAD: "<16x6f"}
    decoder = DotDecoder()
    samples = 0
    for i, mutant in enumerate(mutated(originals, rng, count)):
        characteristic = dot.LONG_PAYLOAD if len(mutant) > 40 or i % 8 == 0 else dot.MEDIUM_PAYLOAD
        part = decoder.feed(characteristic, mutant)
        if part is None:
            continue
        assert len(part) == 1 and part.device_time_us is not None
        values = np.array(struct.unpack_from(places[characteristic], mutant, 4))
        assert (part.acc_m_s2[0] == values[:3]).all()
        assert (part.gyr_rad_s[0] == values[3:] * DEG).all()
        assert np.abs(part.acc_m_s2).max() < 200 and np.abs(part.gyr_rad_s).max() < 45
        assert part.device_time_us[0] % 2**32 == int.from_bytes(mutant[:4], "little")
        samples += 1
    # Zeros behind the sample say nothing: the same packet without them is the same sample.
    _assert_still_decodes(decoder, dot.MEDIUM_PAYLOAD, originals[:20])
    return Tally(count, samples, decoder.malformed_packets)


def fuzz_witmotion(count: int, seed: int) -> Tally:
    """Each sample is a frame of its own in the stream that came, in order, none used twice."""
    rng = np.random.default_rng(seed)
    peripheral = WitMotionPeripheral()
    times = 10000 * np.arange(400)
    originals = [p.data for p in peripheral.encode(*_motion(rng, 400), times)]
    decoder = WitMotionDecoder()
    samples = 0
    for start in range(0, count, _BATCH):
        decoder.reconnected(1.0)
        batch = list(mutated(originals, rng, min(_BATCH, count - start)))
        parts = [p for p in (decoder.feed(witmotion.NOTIFY, m) for m in batch) if p is not None]
        samples += _assert_frames_of(b"".join(batch), parts)
    decoder.reconnected(1.0)
    _assert_still_decodes(decoder, witmotion.NOTIFY, originals[:20])
    return Tally(count, samples, decoder.malformed_packets)


def _assert_frames_of(stream: bytes, parts: list[DecodedSamples]) -> int:
    if not parts:
        return 0
    scale = np.repeat((witmotion.ACC_SCALE_M_S2, witmotion.GYR_SCALE_RAD_S), 3)
    values = np.hstack(
        [np.vstack([p.acc_m_s2 for p in parts]), np.vstack([p.gyr_rad_s for p in parts])]
    )
    at = 0
    for row in np.rint(values / scale).astype("<i2"):
        found = stream.find(witmotion.SAMPLE_HEAD + row.tobytes(), at)
        assert found >= 0, "a sample was invented"
        at = found + witmotion.FRAME_BYTES
    return len(values)


def _assert_still_decodes(
    decoder: GaitDecoder | DotDecoder | WitMotionDecoder, characteristic: str, packets: list[bytes]
) -> None:
    """Nothing that came before may keep a decoder from reading what is right."""
    fresh = type(decoder)()
    for used in (decoder, fresh):
        used.duplicate_packets = 0
    old = [decoder.feed(characteristic, p) for p in packets]
    new = [fresh.feed(characteristic, p) for p in packets]
    assert all(part is not None for part in new)
    seen = sum(part is not None for part in old) + decoder.duplicate_packets
    assert seen == len(packets)


FUZZERS = {"gait": fuzz_gait, "dot": fuzz_dot, "witmotion": fuzz_witmotion}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for i, (key, fuzz) in enumerate(FUZZERS.items()):
        share = count // len(FUZZERS) + (i < count % len(FUZZERS))
        done = [fuzz(min(100_000, share - at), at) for at in range(0, share, 100_000)]
        mutants, samples, malformed = (
            sum(getattr(tally, name) for tally in done)
            for name in ("mutants", "samples", "malformed")
        )
        sys.stdout.write(
            f"{key}: {mutants} mutants, {samples} samples, {malformed} malformed, none invented\n"
        )


if __name__ == "__main__":
    main()
