"""The virtual wearer's sensors on a virtual radio: a live walk without hardware."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import numpy as np

from firmware_bridge.devices.peripherals.gait import GaitPeripheral
from firmware_bridge.transport.radio import RadioConditions
from firmware_bridge.transport.raw_stream import RawSensor
from firmware_bridge.transport.simulated_sensor import DeviceClock, FloatArray, SimulatedSensor
from firmware_bridge.transport.virtual_transport import VirtualTransport
from firmware_bridge.virtual_wearer.spec import Spec
from firmware_bridge.virtual_wearer.wear import VirtualSession, wear
from recordings.samples import ImuSamples

_FEEL_RATE_HZ = 200.0
_DRIFT_PPM = (12.0, -31.0, 24.0, -8.0, 38.0)
"""Crystals of a usual make are within ±40 ppm; no two are alike."""


@dataclass(frozen=True, slots=True)
class SimulatedWalk:
    """A virtual person with sensors on, ready to be connected to.

    Attributes
    ----------
    transport : VirtualTransport
    sensors : tuple of RawSensor
        As `Bridge.add` takes them.
    lived : VirtualSession
        What happens, and what is true; its time 0 is the moment the transport opens.
    duration_s : float
    """

    transport: VirtualTransport
    sensors: tuple[RawSensor, ...]
    lived: VirtualSession
    duration_s: float


def simulate(
    spec: Spec,
    *,
    conditions: RadioConditions | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> SimulatedWalk:
    """Let the virtual wearer live a spec, with sensors of our own profile at 104 Hz.

    What the sensors feel is the wearer's; sampling, clocks, bytes and radio are those of
    the sensors' own models, so that the spec's faults of those are left out.

    Raises
    ------
    InputError
        If the spec asks for something that cannot be done.
    """
    felt = msgspec.structs.replace(
        spec.sensors,
        rate_hz=_FEEL_RATE_HZ,
        clock_offset_ms=0.0,
        clock_drift_ppm=0.0,
        loss_share=0.0,
    )
    lived = wear(msgspec.structs.replace(spec, sensors=felt))
    begin = _Begin()
    simulated: list[SimulatedSensor] = []
    for number, placement in enumerate(lived.session.placements):
        simulated.append(
            SimulatedSensor(
                f"51:3A:70:00:00:{number + 1:02X}",
                GaitPeripheral(uid=0x51_3A_70 + number, name=f"virtual {placement.label}"),
                _Felt(lived.session.samples(placement), begin),
                DeviceClock(_DRIFT_PPM[number % len(_DRIFT_PPM)]),
            )
        )
    transport = VirtualTransport(simulated, conditions, clock=begin.started_by(clock))
    sensors = tuple(
        RawSensor(s.peripheral.announcement().from_address(s.address), "gait", placement)
        for s, placement in zip(simulated, lived.session.placements, strict=True)
    )
    return SimulatedWalk(transport, sensors, lived, float(lived.truth.time_s[-1]))


class _Begin:
    """The moment at which the walk begins: the first look at the clock."""

    def __init__(self) -> None:
        self.time_s: float | None = None

    def started_by(self, clock: Callable[[], float]) -> Callable[[], float]:
        def now() -> float:
            now_s = clock()
            if self.time_s is None:
                self.time_s = now_s
            return now_s

        return now


class _Felt:
    """What one sensor feels at any instant; before and after the walk, what it last felt."""

    def __init__(self, samples: ImuSamples, begin: _Begin) -> None:
        self._samples = samples
        self._begin = begin

    def __call__(self, time_s: FloatArray, /) -> tuple[FloatArray, FloatArray]:
        t = time_s - (self._begin.time_s or 0.0)
        s = self._samples
        acc = [np.interp(t, s.time_s, s.acc_m_s2[:, axis]) for axis in range(3)]
        gyr = [np.interp(t, s.time_s, s.gyr_rad_s[:, axis]) for axis in range(3)]
        return np.stack(acc, axis=1), np.stack(gyr, axis=1)
