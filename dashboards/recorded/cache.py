"""Walks that were analysed before, so that they open at once the next time.

A folder an entry, readable by its owner alone, in the cache folder of the user: it may be deleted
at any time. An entry belongs to every byte of a recording, to the edits that change a result,
and to the program that analysed it (`recorded.fingerprint`); one that does not fit, or is
damaged, is thrown away. Nothing in it is code, and nothing is unpickled.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from dashboards.recorded.messages import WalkDocument, decode_document
from dashboards.recorded.read_walk import DOCUMENT
from dashboards.recorded.series_file import undamaged

MAX_BYTES = 2 * 2**30
"""About twelve walks of two hours, or two thousand of three minutes."""
_ABANDONED_S = 86_400.0
"""An entry that is not complete after so long is nobody's work any more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A complete entry."""

    folder: Path
    document: WalkDocument


class WalkCache:
    """The analysed walks of one user.

    Parameters
    ----------
    root : Path
        Made when it is needed. Where it cannot be, a temporary folder takes its place.
    max_bytes : int
        Entries that were not used for longest go when there are more.
    """

    def __init__(self, root: Path, max_bytes: int = MAX_BYTES) -> None:
        self._root = root
        self._max_bytes = max_bytes

    def find(self, content: str, analysis: str) -> Entry | None:
        """The entry with these fingerprints; damaged ones are removed on the way."""
        for folder in self._root.glob(f"{content}-{analysis}-*"):
            document = _document(folder)
            if document is not None and _undamaged(folder, document):
                _touch(folder / DOCUMENT)
                return Entry(folder, document)
            if (folder / DOCUMENT).exists():
                self.discard(folder)
        return None

    def begin(self, content: str, analysis: str) -> Path:
        """An empty folder for a new entry.

        Raises
        ------
        OSError
            If there is no place at all to write to.
        """
        prefix = f"{content}-{analysis}-"
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            return Path(tempfile.mkdtemp(prefix=prefix, dir=self._root))
        except OSError:
            self._root = Path(tempfile.mkdtemp(prefix="hipgait-"))
            atexit.register(shutil.rmtree, self._root, ignore_errors=True)
            return Path(tempfile.mkdtemp(prefix=prefix, dir=self._root))

    def keep(self, folder: Path) -> Entry | None:
        """The entry that was just completed; others make room for it.

        Other entries of the same recording are of older edits or of an older program. None
        if somebody has removed it meanwhile.
        """
        document = _document(folder)
        if document is None:
            return None
        content = folder.name.partition("-")[0]
        for other in self._root.glob(f"{content}-*"):
            if other != folder and (other / DOCUMENT).exists():
                self.discard(other)
        self._make_room(folder)
        return Entry(folder, document)

    def discard(self, folder: Path) -> None:
        """Remove an entry; one that another window looks at may stay, on some systems."""
        shutil.rmtree(folder, ignore_errors=True)

    def _make_room(self, kept: Path) -> None:
        complete: list[tuple[float, Path]] = []
        for folder in self._root.iterdir():
            if not folder.is_dir() or folder == kept:
                continue
            used_s = _modified_s(folder / DOCUMENT)
            if used_s is not None:
                complete.append((used_s, folder))
            elif time.time() - (_modified_s(folder) or 0.0) > _ABANDONED_S:
                self.discard(folder)
        room = self._max_bytes - _size(kept)
        for _, folder in sorted(complete, reverse=True):
            room -= _size(folder)
            if room < 0:
                self.discard(folder)


def _document(folder: Path) -> WalkDocument | None:
    try:
        return decode_document((folder / DOCUMENT).read_bytes())
    except (OSError, ValueError):
        return None


def _undamaged(folder: Path, document: WalkDocument) -> bool:
    return all(undamaged(folder, info) for info in (*document.raw.values(), document.angles))


def _touch(file: Path) -> None:
    # A disk that is mounted read-only still lets one look.
    try:
        os.utime(file)
    except OSError:
        return


def _modified_s(file: Path) -> float | None:
    try:
        return file.stat().st_mtime
    except OSError:
        return None


def _size(folder: Path) -> int:
    try:
        return sum(file.stat().st_size for file in folder.iterdir())
    except OSError:
        return 0
