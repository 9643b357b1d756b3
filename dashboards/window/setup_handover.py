"""From the setup's links to a walk: it takes moments, and the window does not wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from recordings.errors import HipgaitError

if TYPE_CHECKING:
    from dashboards.live_walk import LiveWalk
    from dashboards.setup_session import SetupSession
    from firmware_bridge.transport.base import Transport
    from firmware_bridge.transport.raw_stream import RawSensor


class SetupHandover(QObject):
    """Lets the setup's links go and starts a walk with the same sensors.

    Parameters
    ----------
    new_transport : callable
        Makes the walk's radio.
    """

    started = Signal(object)
    """The `LiveWalk`."""
    failed = Signal(str)
    """Why there is none, and what to do."""
    _done = Signal(object, str)

    def __init__(self, new_transport: Callable[[], Transport]) -> None:
        super().__init__()
        self._new_transport = new_transport
        self._closed = False
        self.busy = False
        self._done.connect(self._finish)

    def begin(self, session: SetupSession, sensors: Sequence[RawSensor]) -> None:
        """Return at once; `started` or `failed` comes later."""
        self.busy = True
        session.hand_over(lambda: self._make_walk(sensors))

    def close(self) -> None:
        """A walk that is just being made is ended as soon as it is there."""
        self._closed = True

    def _make_walk(self, sensors: Sequence[RawSensor]) -> None:
        # On the session's thread.
        from dashboards.live_walk import LiveWalk

        try:
            walk = LiveWalk(self._new_transport(), sensors)
            walk.start()
        except HipgaitError as error:
            self._done.emit(None, str(error))
        else:
            self._done.emit(walk, "")

    def _finish(self, walk: LiveWalk | None, problem: str) -> None:
        self.busy = False
        if walk is None:
            if not self._closed:
                self.failed.emit(problem)
        elif self._closed:
            walk.close()
        else:
            self.started.emit(walk)
