"""Sensors and recorder joined: nothing stays open when the wearing cannot begin."""

from __future__ import annotations

import threading

import pytest

from dashboards.worn import Worn
from firmware_bridge.devices.base import Advertisement
from firmware_bridge.transport.problems import Reason
from firmware_bridge.transport.raw_stream import RawSensor
from firmware_bridge.transport.virtual_transport import VirtualTransport
from recordings.errors import SensorError, UsageError
from recordings.placement import Placement
from tests.firmware_bridge.simulation import address, gait_sensor


def test_a_sensor_of_no_known_kind_leaves_nothing_running() -> None:
    before = threading.active_count()
    transport = VirtualTransport([gait_sensor(1)])
    known = RawSensor(Advertisement(address(1)), "gait", Placement.PELVIS)
    other = RawSensor(Advertisement(address(2)), "other", Placement.THIGH_LEFT)
    worn = Worn(transport, [known, other])
    with pytest.raises(UsageError, match="no kind of sensor called 'other'"):
        worn.start()
    assert threading.active_count() == before
    problem = transport.connect(address(1)).exception()
    assert isinstance(problem, SensorError)
    assert problem.reason == Reason.CLOSED
