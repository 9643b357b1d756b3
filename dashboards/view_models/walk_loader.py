"""Opens a walk in the background: from the cache, or by a process that reads and analyses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

from dashboards.recorded.cache import Entry, WalkCache
from dashboards.recorded.fingerprint import analysis_fingerprint, content_fingerprint
from dashboards.recorded.messages import (
    Analysed,
    Failed,
    Finished,
    Message,
    Opened,
    RawRead,
    SeriesInfo,
)
from dashboards.recorded.process import WalkProcess
from dashboards.recorded.read_walk import GAP_S
from dashboards.recorded.series_file import mapped
from dashboards.view_models.recorded_walk import RecordedWalk, no_angles, no_samples
from dashboards.view_models.side_file import read_edits
from dashboards.view_models.timed_series import TimedSeries
from recordings.errors import HipgaitError
from recordings.placement import Placement

_WAIT_S = 0.1


class WalkLoader:
    """Opens one walk; whoever shows it looks at `walk` as it grows.

    Parameters
    ----------
    path : Path
    cache : WalkCache
    """

    def __init__(self, path: Path, cache: WalkCache) -> None:
        self.path = path
        self.walk: RecordedWalk | None = None
        """What can be looked at by now; another object whenever there is more."""
        self.problem = ""
        self.done = Event()
        self.raw_complete = False
        self.analysed_s = 0.0
        self.pid: int | None = None
        """Of the process that reads and analyses, if there is one."""
        self._cache = cache
        self._cancelled = Event()
        self._thread = Thread(target=self._run, name="hipgait-replay", daemon=True)

    def start(self) -> WalkLoader:
        self._thread.start()
        return self

    @property
    def share(self) -> float:
        """How much of the walk is analysed, 0 to 1."""
        duration_s = self.walk.duration_s if self.walk else 0.0
        return min(1.0, self.analysed_s / duration_s) if duration_s else 0.0

    def cancel(self, wait_s: float = 0.0) -> None:
        """Nobody wants it any more: the process ends, and what it wrote is removed."""
        self._cancelled.set()
        self._thread.join(wait_s)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the walk is complete, or cannot be."""
        return self.done.wait(timeout_s)

    # -- on the thread ---------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._open()
        except HipgaitError as error:
            self.problem = str(error)
        except Exception as error:
            self.problem = (
                f"{self.path.name} could not be shown ({type(error).__name__}). "
                "Nothing in it was changed."
            )
        finally:
            self.done.set()

    def _open(self) -> None:
        edits = read_edits(self.path)
        # It gets ready while the recording is looked up.
        process = WalkProcess(self.path)
        try:
            keys = content_fingerprint(self.path), analysis_fingerprint(edits)
            entry = self._cache.find(*keys)
            if entry is not None:
                self._show(entry)
            else:
                self._read(process, self._cache.begin(*keys))
        finally:
            if not process.ended:
                process.cancel()

    def _read(self, process: WalkProcess, folder: Path) -> None:
        self.pid = process.pid
        process.begin(folder)
        try:
            while not process.ended and not self._cancelled.is_set():
                process.wait(_WAIT_S)
                for message in process.messages():
                    self._take(message, folder)
        finally:
            if not process.ended:
                process.cancel()
            if not self.complete:
                self._cache.discard(folder)

    @property
    def complete(self) -> bool:
        """The walk is there, with its results."""
        return self.walk is not None and self.walk.results is not None

    def _take(self, message: Message, folder: Path) -> None:
        walk = self.walk
        match message:
            case Opened(name, metadata, events):
                edits = read_edits(self.path)
                self.walk = RecordedWalk(self.path, name, metadata, {}, no_angles(), events, edits)
            case RawRead(series, gaps, complete) if walk is not None:
                raw = _raw(walk.raw, folder, series)
                self.walk = replace(walk, raw=raw, gaps=(*walk.gaps, *gaps)).with_bands()
                self.raw_complete = complete
            case Analysed(angles, until_s) if walk is not None:
                self.walk = replace(walk, angles=walk.angles.grown(*mapped(folder, angles)))
                self.analysed_s = until_s
            case Finished():
                entry = self._cache.keep(folder)
                if entry is None:
                    self.problem = f"{self.path.name} could not be shown. Open it again."
                else:
                    self._show(entry)
            case Failed(problem):
                self.problem = problem
            case _:
                raise ValueError(f"{message} before the recording was opened")

    def _show(self, entry: Entry) -> None:
        document = entry.document
        # What was shown while it was read stays as it is; from the cache all is new.
        before = self.walk
        raw = before.raw if before is not None else {}
        angles = before.angles if before is not None else no_angles()
        self.walk = RecordedWalk(
            self.path,
            document.name,
            document.metadata,
            _raw(raw, entry.folder, document.raw),
            angles.grown(*mapped(entry.folder, document.angles)),
            document.events,
            read_edits(self.path),
            document.gaps,
        ).analysed(document.results)
        self.raw_complete = True
        self.analysed_s = self.walk.duration_s


def _raw(
    before: Mapping[Placement, TimedSeries], folder: Path, series: Mapping[Placement, SeriesInfo]
) -> dict[Placement, TimedSeries]:
    return {
        p: before.get(p, no_samples(GAP_S)).grown(*mapped(folder, info))
        for p, info in series.items()
    }
