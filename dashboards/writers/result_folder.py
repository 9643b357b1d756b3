"""A folder of results: four files, all of them or none."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from dashboards.writers.angles_csv import AnglesCsv
from dashboards.writers.gait_events_csv import gait_events_csv
from dashboards.writers.results_json import results_json
from dashboards.writers.staged_folder import StagedFolder
from dashboards.writers.strides_csv import strides_csv
from pipeline.angles import AngleBlock
from pipeline.results import Results

FILE_NAMES = ("angles.csv", "gait_events.csv", "strides.csv", "results.json")
"""In the order in which they appear: where results.json is, the others are too."""


class ResultFolder:
    """Collects the results of one walk out of sight and shows them when they are complete.

    Use as a context manager around the analysis::

        with ResultFolder(folder) as files:
            files.publish(analyze(session, angle_sink=files.write_angles))

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    overwrite : bool
        Whether results that are already in the folder may be replaced.

    Raises
    ------
    OutputError
        As `StagedFolder` does.
    """

    def __init__(self, folder: Path, *, overwrite: bool = False) -> None:
        self._files = StagedFolder(folder, FILE_NAMES, overwrite=overwrite)

    def __enter__(self) -> Self:
        self._files.__enter__()
        with self._files.explained():
            self._angles_file: BinaryIO = self._files.open("angles.csv")
            self._angles = AnglesCsv(self._angles_file)
        return self

    def write_angles(self, block: AngleBlock) -> None:
        """Append a block to ``angles.csv``; blocks come in time order."""
        with self._files.explained():
            self._angles(block)

    def publish(self, results: Results) -> None:
        """Write the other files and let all four appear."""
        with self._files.explained():
            self._angles_file.close()
        self._files.show(
            {
                "gait_events.csv": gait_events_csv(results.events),
                "strides.csv": strides_csv(results.strides),
                "results.json": results_json(results),
            }
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # closing writes what is buffered, and the disk may be full
            self._angles_file.close()
        self._files.__exit__(kind, error, traceback)
