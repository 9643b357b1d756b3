"""What the commands that wear sensors share: which ones, and how to end in good order."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from firmware_bridge.transport.base import Transport
    from firmware_bridge.transport.raw_stream import RawSensor
    from recordings.events import SessionEvent
    from recordings.metadata import SessionMetadata


def add_source_arguments(parser: argparse.ArgumentParser) -> None:
    """``--sensors`` and ``--simulate``."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--sensors",
        metavar="FILE",
        type=Path,
        help="which sensor is worn where (default: as 'hipgait scan --assign' remembered it)",
    )
    source.add_argument(
        "--simulate",
        metavar="SPEC",
        help="no sensors: let a virtual person walk, by a TOML file or a name of the catalogue",
    )


class SensorSource(NamedTuple):
    """Sensors on a transport, and events that will come.

    Attributes
    ----------
    lasts_s : float
        How long there is something to feel; infinite for real sensors.
    """

    transport: Transport
    sensors: Sequence[RawSensor]
    metadata: SessionMetadata
    events: list[SessionEvent]
    lasts_s: float


def chosen_source(args: argparse.Namespace) -> SensorSource:
    """The sensors that the arguments name."""
    from recordings.metadata import SessionMetadata

    if args.simulate is not None:
        from firmware_bridge.transport.worn_sensors import simulate
        from firmware_bridge.virtual_wearer.spec_file import catalogue, read_spec

        walk = simulate(read_spec(catalogue().get(args.simulate) or args.simulate))
        lived = walk.lived.session
        wearer = SessionMetadata(
            wearer=lived.metadata.wearer, notes=lived.metadata.notes, simulated=True
        )
        return SensorSource(
            walk.transport, walk.sensors, wearer, list(lived.events), walk.duration_s
        )
    from firmware_bridge.assignments import default_path, load_assignments
    from firmware_bridge.transport.bleak_transport import BleakTransport

    sensors = load_assignments(args.sensors or default_path()).as_sensors()
    return SensorSource(BleakTransport(), sensors, SessionMetadata(), [], float("inf"))


@contextmanager
def interruptible() -> Iterator[None]:
    """End in good order when asked by ``kill`` or a closed window too."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    names = ("SIGTERM", "SIGHUP")
    signals = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = [(number, signal.signal(number, interrupt)) for number in signals]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


@contextmanager
def deaf() -> Iterator[None]:
    """A second Ctrl-C must not interrupt the saving."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
