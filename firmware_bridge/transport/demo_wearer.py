"""A virtual wearer who walks for a quarter of an hour and can be changed while walking.

The walk is worked out piece by piece ahead of time. A deviation or a stumble asked for now
begins in a moment: the walk is worked out anew with it, and because the virtual wearer's
past does not depend on its future, nothing that was sent already changes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition, Thread

import msgspec
import numpy as np

from firmware_bridge.transport.felt import FEEL_RATE_HZ, felt_at, worn_sensor
from firmware_bridge.transport.radio import RadioConditions
from firmware_bridge.transport.raw_stream import RawSensor
from firmware_bridge.transport.simulated_sensor import FloatArray, SimulatedSensor
from firmware_bridge.transport.virtual_transport import VirtualTransport
from firmware_bridge.virtual_wearer.spec import (
    Deviation,
    Sensors,
    Spec,
    Stand,
    Stumble,
    TimelineItem,
    UTurn,
    Walk,
)
from firmware_bridge.virtual_wearer.wear import wear
from recordings.events import SessionEvent
from recordings.metadata import SessionMetadata
from recordings.placement import Placement, Side
from recordings.samples import ImuSamples, concatenate

STAND_S = 8.0
"""The standing calibration at the beginning."""
STRAIGHT_S = 45.0
"""Walking between two about-turns."""
LASTS_S = 900.0
"""Then the wearer has arrived and stands: with each change the whole walk is worked out anew,
and the longer it is, the more time and memory that takes."""
_ARRIVED_S = 20.0
_AHEAD_S = 75.0
_RENEW_AT_S = 30.0
_KEPT_S = 10.0
_LEAD_S = 1.0
"""A change begins so long after it was asked for, or after it is worked out."""


class DemoWearer:
    """Walks until closed, for `LASTS_S` at most.

    Parameters
    ----------
    placements : tuple of Placement
    seed : int
    clock : callable
        Returns the time in s.
    conditions : RadioConditions, optional

    Attributes
    ----------
    transport : VirtualTransport
    sensors : tuple of RawSensor
        As `Bridge.add` takes them.
    """

    def __init__(
        self,
        placements: tuple[Placement, ...] = tuple(Placement),
        *,
        seed: int = 0,
        clock: Callable[[], float] = time.perf_counter,
        conditions: RadioConditions | None = None,
    ) -> None:
        self._spec = Spec(
            name="demo",
            seed=seed,
            sensors=Sensors(
                placements=placements,
                rate_hz=FEEL_RATE_HZ,
                clock_offset_ms=0.0,
                mounting_deg=12.0,
            ),
        )
        self._clock = clock
        self._begin_s: float | None = None
        self._amounts: dict[tuple[str, Side], float] = {}
        self._deviations: tuple[Deviation, ...] = ()
        self._stumbles: tuple[float, ...] = ()
        self._asked: list[tuple[str, Side | None, float]] = []
        self._changed = Condition()
        self._closed = False
        self._wear(_AHEAD_S)
        simulated = [self._simulated(number, p) for number, p in enumerate(placements)]
        self.transport = VirtualTransport(simulated, conditions, clock=self._started_clock)
        self.sensors = tuple(
            RawSensor(s.peripheral.announcement().from_address(s.address), "gait", placement)
            for s, placement in zip(simulated, placements, strict=True)
        )
        self._thread = Thread(target=self._run, name="hipgait-demo-wearer", daemon=True)
        self._thread.start()

    @property
    def metadata(self) -> SessionMetadata:
        """Who walks, marked as simulated."""
        return SessionMetadata(wearer=self._wearer, simulated=True, notes="Virtual wearer, demo.")

    @property
    def events(self) -> tuple[SessionEvent, ...]:
        """The announced standing pose."""
        return self._pose

    @property
    def arrived(self) -> bool:
        """Whether the walk is over."""
        return self._now_s() > LASTS_S

    def close(self) -> None:
        """Walk no further."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    # -- what can be done to the wearer --------------------------------------------------------

    def deviate(self, kind: str, side: Side, amount: float) -> None:
        """Turn a knob of `virtual_wearer.deviations.KNOBS` to an amount; 0 is usual."""
        self._ask(kind, side, amount)

    def stumble(self) -> None:
        """Catch a foot in a moment."""
        self._ask("stumble", None, 0.0)

    def set_in_reach(self, placement: Placement, in_reach: bool) -> None:
        """Carry a sensor out of radio reach, or back."""
        for sensor in self.sensors:
            if sensor.placement is placement:
                self.transport.set_in_reach(sensor.advertisement.address, in_reach)

    # -- inside --------------------------------------------------------------------------------

    def _ask(self, kind: str, side: Side | None, amount: float) -> None:
        with self._changed:
            self._asked.append((kind, side, amount))
            self._changed.notify()

    def _now_s(self) -> float:
        return 0.0 if self._begin_s is None else self._clock() - self._begin_s

    def _started_clock(self) -> float:
        now_s = self._clock()
        if self._begin_s is None:
            self._begin_s = now_s
        return now_s

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._has_work, timeout=1.0)
                if self._closed:
                    return
                asked, self._asked = self._asked, []
            begin_s = time.perf_counter()
            if self.arrived:
                continue
            if asked:
                # Worked out while the walk goes on: it must begin after that is done.
                at_s = self._now_s() + _LEAD_S + 1.5 * self._wear_took_s
                self._take(asked, at_s)
            ends = self._horizon_s >= LASTS_S
            if asked or (not ends and self._horizon_s - self._now_s() < _RENEW_AT_S):
                # Twice as far each time: to work out the whole walk every minute costs more
                # and more. After a change the wearer is soon to be changed again.
                ahead_s = _AHEAD_S if asked else max(_AHEAD_S, self._now_s())
                self._wear(self._now_s() + ahead_s)
                self._wear_took_s = time.perf_counter() - begin_s

    def _has_work(self) -> bool:
        return self._closed or bool(self._asked)

    def _take(self, asked: list[tuple[str, Side | None, float]], at_s: float) -> None:
        for kind, side, amount in asked:
            if side is None:
                self._stumbles = (*self._stumbles, at_s)
                continue
            more = amount - self._amounts.get((kind, side), 0.0)
            self._amounts[kind, side] = amount
            if more:
                self._deviations = (
                    *self._deviations,
                    Deviation(kind=kind, side=side, amount=more, from_s=at_s, over_s=2.0),
                )

    def _wear(self, until_s: float) -> None:
        begin_s = time.perf_counter()
        timeline = _timeline(min(until_s, LASTS_S), self._stumbles)
        if until_s >= LASTS_S:
            timeline = (*timeline, Stand(duration_s=_ARRIVED_S))
        spec = msgspec.structs.replace(self._spec, timeline=timeline, deviations=self._deviations)
        lived = wear(spec).session
        self._wearer = lived.metadata.wearer
        self._pose = tuple(event for event in lived.events if event.time_s <= STAND_S)
        # No sensor looks back: what is over is not kept.
        past_s = self._now_s() - _KEPT_S
        self._felt = {p: _since(lived.samples(p), past_s) for p in lived.placements}
        self._horizon_s = until_s
        self._wear_took_s = time.perf_counter() - begin_s

    def _simulated(self, number: int, placement: Placement) -> SimulatedSensor:
        def feel(time_s: FloatArray, /) -> tuple[FloatArray, FloatArray]:
            return felt_at(self._felt[placement], time_s - (self._begin_s or 0.0))

        return worn_sensor(number, placement, feel)


def _timeline(until_s: float, stumbles: tuple[float, ...]) -> tuple[TimelineItem, ...]:
    """Standing, then walking to and fro; a stumble where one was asked for."""
    items: list[TimelineItem] = [Stand(duration_s=STAND_S, calibration=True)]
    now_s, leg_end_s = STAND_S, STAND_S + STRAIGHT_S
    waiting = list(stumbles)
    while now_s < until_s:
        if waiting and waiting[0] < leg_end_s - 2.0:
            at_s = max(waiting.pop(0), now_s + 1.0)
            items += [Walk(duration_s=at_s - now_s), Stumble()]
            now_s = at_s
        else:
            if waiting:
                waiting[0] = max(waiting[0], leg_end_s + 3.0)
            items += [Walk(duration_s=leg_end_s - now_s), UTurn()]
            now_s, leg_end_s = leg_end_s, leg_end_s + STRAIGHT_S
    return tuple(items)


def _since(samples: ImuSamples, time_s: float) -> ImuSamples:
    """A copy of the samples from a time on, so that those before can be forgotten.

    The last one stays in any case: a computer that slept wakes up behind the end of what was
    worked out, and the wearer holds still until more is.
    """
    first = int(np.searchsorted(samples.time_s, time_s))
    return concatenate([samples[min(first, len(samples) - 1) :]])
