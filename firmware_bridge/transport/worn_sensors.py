"""The virtual wearer's sensors on a virtual radio: a live walk without hardware."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from firmware_bridge.transport.felt import FEEL_RATE_HZ, felt_at, worn_sensor
from firmware_bridge.transport.radio import RadioConditions
from firmware_bridge.transport.raw_stream import RawSensor
from firmware_bridge.transport.simulated_sensor import FloatArray
from firmware_bridge.transport.virtual_transport import VirtualTransport
from firmware_bridge.virtual_wearer.spec import Spec
from firmware_bridge.virtual_wearer.wear import VirtualSession, wear
from recordings.samples import ImuSamples


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
        rate_hz=FEEL_RATE_HZ,
        clock_offset_ms=0.0,
        clock_drift_ppm=0.0,
        loss_share=0.0,
    )
    lived = wear(msgspec.structs.replace(spec, sensors=felt))
    begin = _Begin()
    simulated = [
        worn_sensor(number, placement, _Felt(lived.session.samples(placement), begin))
        for number, placement in enumerate(lived.session.placements)
    ]
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
    """What one sensor feels; its walk begins with the clock."""

    def __init__(self, samples: ImuSamples, begin: _Begin) -> None:
        self._samples = samples
        self._begin = begin

    def __call__(self, time_s: FloatArray, /) -> tuple[FloatArray, FloatArray]:
        return felt_at(self._samples, time_s - (self._begin.time_s or 0.0))
