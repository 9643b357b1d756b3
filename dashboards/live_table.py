"""How the sensors are doing, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from dashboards.terminal import Terminal
from firmware_bridge.status import SensorStatus
from recordings.placement import Placement

_COLUMNS = (
    ("sensor", 12),
    ("state", 13),
    ("rate", 9),
    ("lost", 8),
    ("battery", 8),
    ("signal", 8),
    ("clock", 10),
)


def table_lines(statuses: Iterable[SensorStatus]) -> list[str]:
    """A header and one line a sensor, in the order of the body."""
    order = list(Placement)
    rows = sorted(
        statuses,
        key=lambda s: (order.index(s.placement) if s.placement else len(order), s.address),
    )
    header = _line(name for name, _ in _COLUMNS)
    return [header, *(_line(_cells(status)) for status in rows)]


def one_line(status: SensorStatus) -> str:
    """The same of one sensor, to stand alone in a log."""
    names = (name for name, _ in _COLUMNS[2:])
    name, state, *cells = _cells(status)
    facts = ", ".join(f"{n} {c}" for n, c in zip(names, cells, strict=True) if c != "–")
    return f"{name}: {state}, {facts}" if facts else f"{name}: {state}"


class LiveText:
    """Lines that are rewritten in place; without a window, only `note` writes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = Terminal.of(stream)
        self._lines_shown = 0

    @property
    def rewrites(self) -> bool:
        """Whether the stream is a window that understands control codes."""
        return self._stream.isatty()

    def show(self, lines: list[str]) -> None:
        """Replace what is shown."""
        self._up()
        self._put(lines)
        self._lines_shown = len(lines)

    def note(self, text: str) -> None:
        """Write a line that stays, above what is rewritten."""
        self._up()
        # A log is for programs too: there a note is one line.
        self._put(self._terminal.wrap(text, hanging=2) if self.rewrites else [text])
        self._lines_shown = 0

    def ring(self) -> None:
        """Sound the bell of a window; silent elsewhere."""
        if self.rewrites:
            self._stream.write("\a")

    def _up(self) -> None:
        if self._lines_shown and self.rewrites:
            self._stream.write(f"\x1b[{self._lines_shown}F\x1b[J")

    def _put(self, lines: list[str]) -> None:
        for line in lines:
            shown = line[: self._terminal.width] if self.rewrites else line
            self._stream.write(self._terminal.spell(shown) + "\n")
        self._stream.flush()


def _line(cells: Iterable[str]) -> str:
    return " ".join(c.ljust(w) for c, (_, w) in zip(cells, _COLUMNS, strict=True)).rstrip()


def _cells(status: SensorStatus) -> tuple[str, ...]:
    streams = status.state.streams
    taken = status.samples_received + status.samples_lost
    residual = status.clock.residual_ms
    return (
        status.placement.label if status.placement else status.name or status.address,
        status.state.value,
        f"{status.rate_hz:.0f} Hz" if streams else "–",
        f"{100 * status.samples_lost / taken:.2f} %" if taken else "–",
        f"{status.battery_percent:.0f} %" if status.battery_percent is not None else "–",
        f"{status.rssi_dbm} dBm" if status.rssi_dbm is not None else "–",
        f"±{residual:.1f} ms" if residual is not None and streams else "–",
    )
