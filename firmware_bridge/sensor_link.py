"""One sensor's link: found, connected, started, watched, and brought back when it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from random import Random

from firmware_bridge.backoff import Backoff
from firmware_bridge.devices.base import DeviceFamily, HardwareSync, Write
from firmware_bridge.procedure import Procedure, UnderWay
from firmware_bridge.sensor_stream import SensorStream
from firmware_bridge.status import SensorState, SensorStatus
from firmware_bridge.sync_group import SyncMember
from firmware_bridge.transport.base import Characteristics, Packet, Transport
from firmware_bridge.transport.raw_stream import LINK, PACKET, SENSOR, VALUE, RawRecord, RawSensor
from firmware_bridge.upkeep import Upkeep
from recordings.errors import SensorError
from recordings.placement import Placement

_SILENCE_S = 3.0
"""A link without packets for so long is dead, whatever the radio believes."""
_WEAK_LOSS = 0.02
_WEAK_RATE = 0.9
_BATTERY_LOW_PERCENT = 15.0
_RETURNS = 3
"""Attempts to come back from a synchronisation."""


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
        self.sync = SyncMember(sensor.advertisement.address)
        self.raw: list[RawRecord] = []
        self._transport = transport
        self._zero_s = session_zero_s
        self._rate_hz = rate_hz
        self._backoff = Backoff(rng)
        self._upkeep = Upkeep(transport, self.address, family, self.stream, session_zero_s, rng)
        self._procedure: UnderWay | None = None
        self._linked = False
        self._started_s: float | None = None
        self._was_streaming = False
        self._lost_s: float | None = None

    @property
    def address(self) -> str:
        return self.sensor.advertisement.address

    @property
    def placement(self) -> Placement | None:
        return self.sensor.placement

    @property
    def state(self) -> SensorState:
        if self._started_s is None:
            if self._linked or self.sync.under_way:
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
        if self.sync.under_way:
            # Whose clock it will carry is not known yet, and nobody has started.
            return
        self.stream.feed(time_s, packet.characteristic, packet.data)

    def on_link_lost(self, host_time_s: float) -> None:
        """The radio says that the link is gone."""
        if self._linked:
            self._link_is_gone(host_time_s - self._zero_s)

    def step(self, now_s: float) -> None:
        """Go on with what is under way. `now_s` is on the session clock."""
        self._upkeep.forget_what_is_done()
        if self._procedure is None and self._started_s is None and now_s >= self._backoff.due_s:
            self._procedure = UnderWay(self._bring_up())
        if self._procedure is not None:
            self._continue(now_s)
        if self._started_s is not None:
            self._watch(now_s)

    def note_recent(self, now_s: float) -> None:
        """Keep the figures of the last seconds going; called several times a second."""
        if self._started_s is not None:
            self.stream.note_recent(now_s)

    def identify(self) -> bool:
        """Make it blink; False if its kind cannot or it is not linked."""
        writes = self.family.identify()
        if not self._linked or not writes:
            return False
        self._upkeep.write(writes)
        return True

    def shut_down(self) -> Future[None]:
        """Stop the sensor and end the link."""
        if self._linked:
            undo = self.family.sync.undo() if self.stream.shares_clock and self.family.sync else ()
            self._upkeep.write((*self.family.stop(), *undo))
            self.stream.link_lost()
        self._procedure = None
        return self._upkeep.disconnect()

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
            synchronised=self.stream.shares_clock,
            sync_problem=self.sync.problem,
        )

    # -- procedures ------------------------------------------------------------------------

    def _bring_up(self) -> Procedure:
        values: dict[str, bytes] = {}
        yield from self._connect(values)
        self.ready = True
        while not self.may_start:
            if self.sync.under_way and self.family.sync is not None:
                yield from self._synchronise(self.family.sync, values)
            yield None
        for write in self._starting_writes(values):
            yield self._transport.write(self.address, write)

    def _connect(self, values: dict[str, bytes]) -> Procedure:
        """Connect, learn what the sensor says of itself, listen to all that it may send."""
        transport, address, family = self._transport, self.address, self.family
        has: Characteristics = yield transport.connect(address)
        self._link_is_up(has)
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

    def _synchronise(self, sync: HardwareSync, values: dict[str, bytes]) -> Procedure:
        """Settings first, which cannot be changed after; then leave the sensors to themselves."""
        group, transport, address = self.sync.group, self._transport, self.address
        assert group is not None
        start = sync.start()
        settings = [w for w in self.family.start(self._rate_hz, values) if w not in start]
        for write in (*settings, *sync.begin(group.root_address)):
            yield transport.write(address, write)
        group.begun(address)
        while not group.all_begun:
            yield None
        yield transport.disconnect(address)
        self._linked = self.ready = False
        begin_s = self._now_s()
        self._record(LINK, begin_s, data=b"\x00")
        while self._now_s() - begin_s < sync.duration_s:
            yield None
        for attempt in range(1, _RETURNS + 1):
            try:
                yield from self._connect(values)
                break
            except SensorError:
                if attempt == _RETURNS:
                    raise
        result: bytes = yield transport.read(address, sync.result_characteristic)
        self._record(VALUE, self._now_s(), sync.result_characteristic, result)
        self.ready = True
        self.sync.ended(sync.failure(result))

    def _starting_writes(self, values: Mapping[str, bytes]) -> Iterable[Write]:
        sync = self.family.sync
        if sync is not None and self.stream.shares_clock:
            return sync.start()
        undo = sync.undo() if sync is not None and self.sync.problem is not None else ()
        return (*undo, *self.family.start(self._rate_hz, values))

    def _continue(self, now_s: float) -> None:
        assert self._procedure is not None
        try:
            if self._procedure.step():
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
        self._upkeep.started(now_s)

    def _has_failed(self, now_s: float, error: SensorError) -> None:
        self.problem = error
        self.sync.ended(str(error))
        if self._linked:
            # Half a link is none: the next attempt begins from the start.
            self._upkeep.disconnect()
            self._link_is_gone(now_s)
        self._backoff.wait(now_s, error)

    def _link_is_gone(self, now_s: float) -> None:
        self._record(LINK, now_s, data=b"\x00")
        self._linked = self.ready = False
        self._procedure = None
        self.sync.ended("its link broke")
        if self._started_s is not None:
            self._backoff.held(now_s - self._started_s)
        self._started_s = None
        self._lost_s = now_s
        self.stream.link_lost()
        self._backoff.wait(now_s, None)

    def _watch(self, now_s: float) -> None:
        assert self._started_s is not None
        heard_s = max(self._started_s, self.stream.last_packet_s or 0.0)
        if now_s - heard_s > _SILENCE_S:
            self._upkeep.disconnect()
            self._link_is_gone(now_s)
            return
        self._upkeep.step(now_s)

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
