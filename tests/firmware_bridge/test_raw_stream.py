"""``raw.bin``: what is written is read again, up to the byte where it was cut off."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.bridge import Bridge
from firmware_bridge.devices.base import Advertisement
from firmware_bridge.recorder import Recorder
from firmware_bridge.transport.raw_stream import (
    LINK,
    MAGIC,
    PACKET,
    SENSOR,
    VALUE,
    RawEncoder,
    RawRecord,
    RawSensor,
    read_raw,
)
from firmware_bridge.transport.replay_transport import ReplayTransport
from recordings.errors import FormatError
from recordings.metadata import SessionMetadata
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import ImuSamples, concatenate
from tests.firmware_bridge.simulation import address
from tests.firmware_bridge.test_bridge import Walk

SENSORS = [
    RawSensor(
        Advertisement(address(n), f"Sénsor {n}", ("aa", "bb"), {0x886: b"\x01\x02"}),
        "gait",
        Placement.PELVIS if n == 1 else None,
        {"uuid-a": frozenset({"read", "notify"})},
    )
    for n in (1, 2)
]
records = st.builds(
    lambda kind, time_s, sensor, uuid, data: RawRecord(
        kind, time_s, sensor.advertisement.address, uuid, data, sensor
    ),
    st.sampled_from([PACKET, VALUE]),
    st.floats(0, 1e5),
    st.sampled_from(SENSORS),
    st.sampled_from(["uuid-a", "uuid-b", "uuid-c"]),
    st.binary(max_size=244),
) | st.builds(
    lambda time_s, sensor, up: RawRecord(
        LINK, time_s, sensor.advertisement.address, "", bytes((up,)), sensor
    ),
    st.floats(0, 1e5),
    st.sampled_from(SENSORS),
    st.booleans(),
)


def written(content: list[RawRecord]) -> bytes:
    encoder = RawEncoder()
    introductions = b"".join(encoder.sensor(0.0, sensor) for sensor in SENSORS)
    return MAGIC + introductions + b"".join(encoder.encode(record) for record in content)


@given(st.lists(records, max_size=30))
def test_round_trip(content: list[RawRecord]) -> None:
    read = list(read_raw(BytesIO(written(content))))
    assert [r.sensor for r in read[:2]] == SENSORS
    assert [r for r in read if r.kind != SENSOR] == content


@given(st.lists(records, min_size=1, max_size=10), st.data())
def test_a_file_that_is_cut_off_reads_to_the_last_whole_record(
    content: list[RawRecord], data: st.DataObject
) -> None:
    whole = written(content)
    cut = data.draw(st.integers(len(MAGIC), len(whole)))
    zeros = data.draw(st.sampled_from([b"", bytes(100)]))
    read = [r for r in read_raw(BytesIO(whole[:cut] + zeros)) if r.kind != SENSOR]
    assert read == content[: len(read)]
    if cut == len(whole):
        assert len(read) == len(content)


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "raw.bin"
    path.write_bytes(b"time_s,acc_x\n")
    with pytest.raises(FormatError) as caught:
        next(read_raw(path))
    assert caught.value.reason == "raw_not_recognised"


def test_a_recorded_walk_plays_again_through_the_bridge(tmp_path: Path) -> None:
    walk = Walk()
    recorder = Recorder(walk.bridge.statuses)
    walk.bridge.attach(recorder.take)
    recorder.start(tmp_path / "walk", SessionMetadata())
    walk.wear()
    walk.transport.radio(address(1)).conditions.loss = 0.03
    walk.run(12)
    recorder.close()

    now = [0.0]
    replay = ReplayTransport(tmp_path / "walk" / "raw.bin", speed=4.0, clock=lambda: now[0])
    bridge = Bridge(replay, seed=0)
    bridge.open()
    for sensor in sensors_of(tmp_path / "walk" / "raw.bin"):
        bridge.add(sensor)
    parts: list[ImuSamples] = []
    while not replay.finished:
        now[0] += 0.01
        parts += bridge.poll().samples
    for placement in REQUIRED_PLACEMENTS:
        again = concatenate([p for p in parts if p.placement is placement])
        live = walk.samples(placement)
        # All that followed the moment in which the replay was connected.
        assert len(again) > 0.95 * len(live)
        np.testing.assert_array_equal(again.acc_m_s2, live.acc_m_s2[-len(again) :])
        np.testing.assert_allclose(
            np.diff(again.time_s), np.diff(live.time_s[-len(again) :]), atol=5e-3
        )


def sensors_of(path: Path) -> list[RawSensor]:
    return list({r.address: r.sensor for r in read_raw(path) if r.kind == SENSOR}.values())
