"""A folder of results: four files, all of them or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from dashboards.writers.angles_csv import AnglesCsv
from dashboards.writers.gait_events_csv import gait_events_csv
from dashboards.writers.results_json import results_json
from dashboards.writers.strides_csv import strides_csv
from pipeline.angles import AngleBlock
from pipeline.results import Results
from recordings.errors import OutputError

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
        On entering, if results are there already (and may not be replaced) or the folder
        cannot be written to; later, if writing fails. What was in the folder before is
        then still there.
    """

    def __init__(self, folder: Path, *, overwrite: bool = False) -> None:
        self._folder = folder
        self._overwrite = overwrite
        self._made: list[Path] = []

    def __enter__(self) -> ResultFolder:
        self._refuse_to_overwrite()
        with self._explained():
            self._made = [p for p in (self._folder, *self._folder.parents) if not p.exists()]
            self._folder.mkdir(parents=True, exist_ok=True)
            # In the same folder, so that showing a file is a rename, never a copy.
            self._hidden = Path(tempfile.mkdtemp(prefix=".hipgait-", dir=self._folder))
            self._angles_file: BinaryIO = (self._hidden / "angles.csv").open("wb")
            self._angles = AnglesCsv(self._angles_file)
        return self

    def write_angles(self, block: AngleBlock) -> None:
        """Append a block to ``angles.csv``; blocks come in time order."""
        with self._explained():
            self._angles(block)

    def publish(self, results: Results) -> None:
        """Write the other files and let all four appear."""
        contents = {
            "gait_events.csv": gait_events_csv(results.events),
            "strides.csv": strides_csv(results.strides),
            "results.json": results_json(results),
        }
        with self._explained():
            self._angles_file.close()
            for name, content in contents.items():
                (self._hidden / name).write_bytes(content)
            self._refuse_to_overwrite()
            self._show()
        self._made = []

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # closing writes what is buffered, and the disk may be full
            self._angles_file.close()
        shutil.rmtree(self._hidden, ignore_errors=True)
        for folder in self._made:  # made for results that never came
            with suppress(OSError):
                folder.rmdir()

    def _refuse_to_overwrite(self) -> None:
        if self._overwrite:
            return
        there = [name for name in FILE_NAMES if (self._folder / name).exists()]
        if there:
            raise OutputError(
                f"{self._folder} already holds {', '.join(there)}.",
                hint="Give another folder, or --force to replace them.",
                reason="would_overwrite",
            )

    def _show(self) -> None:
        """Rename the files into view; if one fails, put back what was there."""
        aside = self._hidden / "before"
        aside.mkdir()
        touched: list[str] = []
        try:
            for name in FILE_NAMES:
                shown = self._folder / name
                if shown.exists():
                    shown.replace(aside / name)
                touched.append(name)
                (self._hidden / name).replace(shown)
        except OSError:
            for name in touched:
                shown = self._folder / name
                shown.unlink(missing_ok=True)
                if (aside / name).exists():
                    (aside / name).replace(shown)
            raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"The results cannot be written to {self._folder}: {error.strerror or error}.",
                hint="Check that it is a folder, that you may write there, that the disk has "
                "room, and that no other program holds the files.",
                reason="output_not_writable",
            ) from error
