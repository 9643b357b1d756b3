"""Where the sensors were worn last time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from firmware_bridge.assignments import (
    assigned,
    default_path,
    load_assignments,
    save_assignments,
)
from firmware_bridge.transport.raw_stream import RawSensor
from recordings.errors import HipgaitError
from recordings.placement import Placement


class LastPlacement:
    """A file that remembers it.

    Parameters
    ----------
    path : Path, optional
        The user's own, shared with the command line, if not given.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or default_path()

    def load(self) -> dict[Placement, str]:
        """Address of the sensor at each place; nothing the first time."""
        try:
            last = load_assignments(self._path)
        except HipgaitError:
            return {}  # There is none yet; a damaged one is replaced later.
        return {placement: known.address for placement, known in last.sensors.items()}

    def save(self, worn: Sequence[RawSensor]) -> None:
        """Remember what is worn now.

        Raises
        ------
        HipgaitError
            If the file cannot be written.
        """
        save_assignments(assigned(worn), self._path)
