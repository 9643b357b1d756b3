"""A D-Bus daemon for one test."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self


def why_not_available() -> str:
    """What keeps the fake from running here; empty if nothing does."""
    if shutil.which("dbus-daemon") is None:
        return "needs dbus-daemon (apt-get install dbus), which only Linux has"
    if find_spec("dbus_fast") is None:
        return "needs dbus-fast, which bleak brings along on Linux"
    return ""


class PrivateBus:
    """A ``dbus-daemon`` on a socket of its own, for as long as the ``with`` lasts.

    Attributes
    ----------
    address : str
        For ``DBUS_SYSTEM_BUS_ADDRESS``.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="hipgait-bus-"))
        self.address = f"unix:path={self._folder}/socket"
        self._daemon: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, or start it again at the same address."""
        self._daemon = subprocess.Popen(
            [
                "dbus-daemon",
                "--session",
                "--nofork",
                "--nopidfile",
                f"--address={self.address}",
                "--print-address=1",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._daemon.stdout is not None
        self._daemon.stdout.readline()

    def kill(self) -> None:
        """As if the service had crashed."""
        daemon, self._daemon = self._daemon, None
        if daemon is not None:
            daemon.kill()
            daemon.communicate()
            (self._folder / "socket").unlink(missing_ok=True)

    @property
    def process_id(self) -> int:
        assert self._daemon is not None
        return self._daemon.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
