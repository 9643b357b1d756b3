"""One sensor's link: found, connected, started, watched, and brought back when it breaks."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future
from random import Random
from typing import Any

from firmware_bridge.devices.base import DeviceFamily, Write
from firmware_bridge.sensor_stream import SensorStream
from firmware_bridge.status import SensorState, SensorStatus
from firmware_bridge.transport.base import Characteristics, Packet, Transport
from firmware_bridge.transport.problems import RADIO_REASONS
from firmware_bridge.transport.raw_stream import LINK, PACKET, SENSOR, VALUE, RawRecord, RawSensor
from recordings.errors import SensorError
from recordings.placement import Placement

_FIRST_WAIT_S = 0.3
_LONGEST_WAIT_S = 15.0
_RADIO_WAIT_S = 1.5
"""Between attempts while the computer's own radio is off: it says so at once."""
_JITTER = 0.3
_STABLE_S = 10.0
"""A link that held so long starts the waits anew."""
_SILENCE_S = 3.0
"""A link without packets for so long is dead, whatever the radio believes."""
_WEAK_LOSS = 0.02
_WEAK_RATE = 0.9
_BATTERY_LOW_PERCENT = 15.0
_PING_EVERY_S = 1.0
_BATTERY_EVERY_S = 60.0

_Procedure = Generator[Future[Any] | None, Any, None]
"""Yields what it waits for: a request's future, or None for the next step."""


class SensorLink:
    """Keeps one sensor going.

    Parameters
    ----------
    transport : Transport
    sensor : RawSensor
        Who it is, and where it is worn.
    family : DeviceFamily
    session_zero_s : float
        Time 0 of the session on the transport's clock.
    rng : Random
        Of the waits' jitter, so that sensors lost together do not return together.
    """

    def __init__(
        self,
        transport: Transport,
        sensor: RawSensor,
        family: DeviceFamily,
        session_zero_s: float,
        rng: Random,
        *,
        rate_hz: float | None = None,
    ) -> None:
        self.sensor = sensor
        self.family = family
        self.stream = SensorStream(family)
        self.rssi_dbm = sensor.advertisement.rssi_dbm
        self.may_start = False
        """Set by the bridge: all sensors start together."""
        self.ready = False
        """Connected and subscribed; waits for `may_start`, or streams already."""
        self.problem: SensorError | None = None
        self.raw: list[RawRecord] = []
        self._transport = transport
        self._zero_s = session_zero_s
        self._rate_hz = rate_hz
        self._rng = rng
        self._procedure: _Procedure | None = None
        self._awaited: Future[Any] | None = None
        self._errands: list[Future[None]] = []
        self._linked = False
        self._started_s: float | None = None
        self._was_streaming = False
        self._lost_s: float | None = None
        self._attempts = 0
        self._next_attempt_s = 0.0
        self._ping_s = 0.0
        self._battery_s = 0.0
        self._pings = 0

    @property
    def address(self) -> str:
        return self.sensor.advertisement.address

    @property
    def placement(self) -> Placement | None:
        return self.sensor.placement

    @property
    def state(self) -> SensorState:
        if self._started_s is None:
            if self._linked:
                return SensorState.CONNECTING
            if not self._was_streaming:
                return SensorState.SEARCHING
            return SensorState.RECONNECTING if self._procedure else SensorState.LOST
        if self._is_weak():
            return SensorState.WEAK
        battery = self.stream.facts.battery_percent
        if battery is not None and battery <= _BATTERY_LOW_PERCENT:
            return SensorState.BATTERY_LOW
        return SensorState.STREAMING

    def assign(self, placement: Placement | None, now_s: float) -> None:
        """Say where the sensor is worn."""
        s = self.sensor
        self.sensor = RawSensor(s.advertisement, s.family, placement, s.characteristics)
        self._record(SENSOR, now_s)

    # -- what the bridge calls at every step -----------------------------------------------

    def on_packet(self, packet: Packet) -> None:
        """Take a notification."""
        time_s = packet.host_time_s - self._zero_s
        self._record(PACKET, time_s, packet.characteristic, packet.data)
        self.stream.feed(time_s, packet.characteristic, packet.data)

    def on_link_lost(self, host_time_s: float) -> None:
        """The radio says that the link is gone."""
        if self._linked:
            self._link_is_gone(host_time_s - self._zero_s)

    def step(self, now_s: float) -> None:
        """Go on with what is under way. `now_s` is on the session clock."""
        self._errands = [errand for errand in self._errands if not _done(errand)]
        if self._procedure is None and self._started_s is None and now_s >= self._next_attempt_s:
            self._procedure = self._bring_up()
            self._awaited = None
        if self._procedure is not None:
            self._continue(now_s)
        if self._started_s is not None:
            self._watch(now_s)

    def note_recent(self, now_s: float) -> None:
        """Keep the figures of the last seconds going; called several times a second."""
        if self._started_s is not None:
            self.stream.note_recent(now_s)

    def identify(self) -> Future[None] | None:
        """Make it blink; None if its kind cannot or it is not linked."""
        writes = self.family.identify()
        if not self._linked or not writes:
            return None
        return self._errand(writes)

    def shut_down(self) -> Future[None]:
        """Stop the sensor and end the link."""
        if self._linked:
            self._errand(self.family.stop())
        self._procedure = None
        return self._transport.disconnect(self.address)

    def status(self) -> SensorStatus:
        stream, facts, count = self.stream, self.stream.facts, self.stream.count
        report = stream.clock_report
        return SensorStatus(
            address=self.address,
            name=self.sensor.advertisement.name,
            family=self.family.key,
            placement=self.placement,
            state=self.state,
            problem=self.problem,
            rate_hz=stream.recent_rate_hz if self._started_s is not None else 0.0,
            nominal_rate_hz=stream.rate_hz,
            recent_loss=stream.recent_loss,
            samples_received=count.received,
            samples_lost=count.lost,
            samples_away=count.away,
            samples_late=count.late,
            gaps=count.gaps,
            restarts=stream.restarts,
            malformed_packets=stream.decoder.malformed_packets,
            duplicate_packets=stream.decoder.duplicate_packets,
            clipped_values=stream.clipped,
            battery_percent=facts.battery_percent,
            rssi_dbm=self.rssi_dbm,
            clock=report.fit,
            timing_quality=report.quality if self.family.has_clock else "low",
            device_id=facts.device_id,
            model=facts.model or self.family.label,
            firmware=facts.firmware,
            acc_range_g=facts.acc_range_g,
            gyr_range_dps=facts.gyr_range_dps,
        )

    # -- procedures ------------------------------------------------------------------------

    def _bring_up(self) -> _Procedure:
        transport, address, family = self._transport, self.address, self.family
        has: Characteristics = yield transport.connect(address)
        self._link_is_up(has)
        values: dict[str, bytes] = {}
        for uuid in family.status_characteristics():
            properties = has.get(uuid, frozenset())
            if "read" in properties:
                values[uuid] = yield transport.read(address, uuid)
                self._take_value(uuid, values[uuid])
            if "notify" in properties:
                yield transport.subscribe(address, uuid)
        # All that a sensor may send is listened to before it is told to send: the first
        # packets are not missed.
        for uuid in family.data_characteristics():
            yield transport.subscribe(address, uuid)
        self.ready = True
        while not self.may_start:
            yield None
        for write in family.start(self._rate_hz, values):
            yield transport.write(address, write)

    def _continue(self, now_s: float) -> None:
        procedure = self._procedure
        assert procedure is not None
        try:
            while True:
                if self._awaited is None:
                    self._awaited = procedure.send(None)
                elif not self._awaited.done():
                    return
                elif error := self._awaited.exception():
                    self._awaited = procedure.throw(error)
                else:
                    self._awaited = procedure.send(self._awaited.result())
                if self._awaited is None:
                    return
        except StopIteration:
            self._procedure = None
            self._has_started(now_s)
        except SensorError as error:
            self._procedure = None
            self._has_failed(now_s, error)

    def _link_is_up(self, has: Characteristics) -> None:
        now_s = self._now_s()
        self._linked = True
        s = self.sensor
        self.sensor = RawSensor(s.advertisement, s.family, s.placement, has)
        self._record(SENSOR, now_s)
        self._record(LINK, now_s, data=b"\x01")
        if self._lost_s is not None:
            self.stream.link_back(now_s - self._lost_s)

    def _has_started(self, now_s: float) -> None:
        self._started_s = now_s
        self._was_streaming = True
        self.problem = None
        self._battery_s = now_s + _BATTERY_EVERY_S

    def _has_failed(self, now_s: float, error: SensorError) -> None:
        self.problem = error
        if self._linked:
            # Half a link is none: the next attempt begins from the start.
            self._errands.append(self._transport.disconnect(self.address))
            self._link_is_gone(now_s)
        self._wait(now_s, error)

    def _link_is_gone(self, now_s: float) -> None:
        self._record(LINK, now_s, data=b"\x00")
        self._linked = self.ready = False
        self._procedure = None
        if self._started_s is not None and now_s - self._started_s > _STABLE_S:
            self._attempts = 0
        self._started_s = None
        self._lost_s = now_s
        self.stream.link_lost()
        self._wait(now_s, None)

    def _wait(self, now_s: float, error: SensorError | None) -> None:
        wait_s = min(_FIRST_WAIT_S * 2**self._attempts, _LONGEST_WAIT_S)
        if error is not None and error.reason in RADIO_REASONS:
            wait_s = _RADIO_WAIT_S
        else:
            self._attempts += 1
        self._next_attempt_s = now_s + wait_s * (1 + _JITTER * (2 * self._rng.random() - 1))

    def _watch(self, now_s: float) -> None:
        assert self._started_s is not None
        heard_s = max(self._started_s, self.stream.last_packet_s or 0.0)
        if now_s - heard_s > _SILENCE_S:
            self._errands.append(self._transport.disconnect(self.address))
            self._link_is_gone(now_s)
            return
        if now_s >= self._ping_s:
            # Not at a fixed beat: pings must not stand still against the radio's own.
            self._ping_s = now_s + _PING_EVERY_S * (0.7 + 0.6 * self._rng.random())
            self._ping()
        if now_s >= self._battery_s:
            self._battery_s = now_s + _BATTERY_EVERY_S
            self._errand(self.family.battery_request())

    def _ping(self) -> None:
        self._pings += 1
        token = self._pings.to_bytes(8, "little")
        writes = self.family.ping(token)
        if writes:
            self.stream.ping_sent(token, self._now_s())
            self._errand(writes)

    def _errand(self, writes: tuple[Write, ...] | Any) -> Future[None]:
        """Write without waiting; a failure shows soon enough as a lost link."""
        last: Future[None] = Future()
        last.set_result(None)
        for write in writes:
            last = self._transport.write(self.address, write)
            self._errands.append(last)
        return last

    def _take_value(self, uuid: str, value: bytes) -> None:
        now_s = self._now_s()
        self._record(VALUE, now_s, uuid, value)
        self.stream.feed(now_s, uuid, value)

    def _record(self, kind: int, time_s: float, uuid: str = "", data: bytes = b"") -> None:
        self.raw.append(RawRecord(kind, time_s, self.address, uuid, data, self.sensor))

    def _now_s(self) -> float:
        return self._transport.now_s() - self._zero_s

    def _is_weak(self) -> bool:
        stream = self.stream
        slow = 0 < stream.recent_rate_hz < _WEAK_RATE * stream.rate_hz
        return stream.recent_loss > _WEAK_LOSS or slow


def _done(errand: Future[None]) -> bool:
    if not errand.done():
        return False
    errand.exception()  # looked at, so that nothing complains; the link tells what matters
    return True
