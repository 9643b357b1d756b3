"""``hipgait scan``: which sensors are near, and which is worn where."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from recordings.errors import SensorError

if TYPE_CHECKING:
    from firmware_bridge.bridge import Bridge
    from firmware_bridge.devices.base import Advertisement
    from firmware_bridge.transport.base import Transport
    from firmware_bridge.transport.raw_stream import RawSensor
    from recordings.placement import Placement

_TAP_TIMEOUT_S = 60.0
_CONNECT_TIMEOUT_S = 30.0
_BLINK_S = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seconds", type=float, default=6.0, help="how long to listen (default: %(default)g)"
    )
    parser.add_argument(
        "--all", action="store_true", help="also list Bluetooth devices that are no known sensor"
    )
    parser.add_argument(
        "--blink", metavar="ADDRESS", help="make that sensor blink, to see which one it is"
    )
    parser.add_argument(
        "--assign",
        action="store_true",
        help="say where each sensor is worn by tapping it twice, and remember it",
    )
    parser.add_argument(
        "--sensors",
        metavar="FILE",
        type=Path,
        help="where --assign writes (default: your settings folder)",
    )


def run(args: argparse.Namespace) -> int:
    from firmware_bridge.devices.registry import recognise
    from firmware_bridge.transport.bleak_transport import BleakTransport
    from firmware_bridge.transport.raw_stream import RawSensor

    heard = _listen(args.seconds)
    found: list[RawSensor] = []
    for advertisement in sorted(heard, key=lambda a: -(a.rssi_dbm or -999)):
        family = recognise(advertisement)
        if family is not None:
            found.append(RawSensor(advertisement, family.key))
        if family is not None or args.all:
            label = family.label if family else "no known sensor"
            name = advertisement.name or "(no name)"
            print(f"{advertisement.address}  {advertisement.rssi_dbm} dBm  {name}  {label}")
    if not found:
        print(f"No sensor was heard ({len(heard)} other Bluetooth devices were).")
        print("Switch the sensors on, bring them near, and close other programs that use them.")
        return 1
    if args.blink:
        return _blink(BleakTransport(), found, args.blink)
    if args.assign:
        return _assign(BleakTransport(), found, args.sensors)
    return 0


def _listen(seconds: float) -> list[Advertisement]:
    from firmware_bridge.transport.base import Sighting
    from firmware_bridge.transport.bleak_transport import BleakTransport

    transport = BleakTransport()
    transport.open()
    try:
        transport.start_scan().result()
        time.sleep(seconds)
        transport.stop_scan().result()
        events = transport.drain()
    finally:
        transport.close()
    latest = {e.advertisement.address: e.advertisement for e in events if isinstance(e, Sighting)}
    return list(latest.values())


def _blink(transport: Transport, found: list[RawSensor], address: str) -> int:
    from firmware_bridge.bridge import Bridge

    wanted = [s for s in found if s.advertisement.address.lower() == address.lower()]
    if not wanted:
        raise SensorError(
            f"No sensor with the address {address} was heard.",
            hint="Type one of the addresses listed above.",
            reason="sensor_not_found",
        )
    bridge = Bridge(transport)
    bridge.start()
    try:
        bridge.add(wanted[0])
        _wait_until_streaming(bridge)
        if not bridge.identify(wanted[0].advertisement.address):
            print("Sensors of this kind cannot blink. Tell them apart by tapping: --assign.")
            return 1
        print("It blinks now.")
        sys.stdout.flush()
        time.sleep(_BLINK_S)
    finally:
        bridge.close()
    return 0


def _assign(transport: Transport, found: list[RawSensor], path: Path | None) -> int:
    from firmware_bridge.assignments import assigned, default_path, save_assignments
    from firmware_bridge.bridge import Bridge
    from recordings.placement import REQUIRED_PLACEMENTS, SHANK_PLACEMENTS

    if len(found) < len(REQUIRED_PLACEMENTS):
        raise SensorError(
            f"{'One sensor was' if len(found) == 1 else 'Two sensors were'} heard; "
            "a walk needs three, on the pelvis and on both thighs.",
            hint="Switch the others on and bring them near. What was assigned before stays.",
            reason="too_few_sensors",
        )
    bridge = Bridge(transport)
    bridge.start()
    try:
        for sensor in found:
            bridge.add(sensor)
        _wait_until_streaming(bridge)
        free = {sensor.advertisement.address: sensor for sensor in found}
        worn: list[RawSensor] = []
        optional = SHANK_PLACEMENTS if len(found) >= 5 else ()
        for placement in (*REQUIRED_PLACEMENTS, *optional):
            address = _tapped(bridge, placement, free)
            worn.append(_placed(free.pop(address), placement))
            print(f"  {address} is the {placement.label}.")
    finally:
        bridge.close()
    target = path or default_path()
    save_assignments(assigned(worn), target)
    print(f"Remembered in {target}.")
    return 0


def _wait_until_streaming(bridge: Bridge) -> None:
    deadline = time.monotonic() + _CONNECT_TIMEOUT_S
    while time.monotonic() < deadline:
        time.sleep(0.1)
        update = bridge.poll()
        if update.radio_problem is not None:
            raise update.radio_problem
        if all(s.state.streams for s in update.sensors.values()):
            return
    silent = [s for s in bridge.statuses().values() if not s.state.streams]
    if len(silent) == len(bridge.statuses()):
        raise silent[0].problem or SensorError(
            "No sensor could be connected.", hint="Bring them nearer.", reason="connection_failed"
        )
    for status in silent:
        print(f"{status.address} does not stream: {status.problem or status.state.value}")


def _tapped(bridge: Bridge, placement: Placement, free: dict[str, RawSensor]) -> str:
    print(f"Tap twice on the sensor of the {placement.label}, and hold the others still.")
    sys.stdout.flush()
    bridge.listen_for_taps()
    deadline = time.monotonic() + _TAP_TIMEOUT_S
    while time.monotonic() < deadline:
        time.sleep(0.05)
        address = bridge.poll().tapped
        if address in free:
            bridge.listen_for_taps(False)
            return address
        if address:
            print("  That one has its place already.")
    raise SensorError(
        f"No sensor was tapped for the {placement.label}.",
        hint="Tap firmly with a finger tip, twice within half a second, and try again.",
        reason="no_tap",
    )


def _placed(sensor: RawSensor, placement: Placement) -> RawSensor:
    from dataclasses import replace

    return replace(sensor, placement=placement)
