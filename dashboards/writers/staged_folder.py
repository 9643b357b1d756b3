"""A folder of files that belong together: all of them appear, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from recordings.errors import OutputError


class StagedFolder:
    """Collects files out of sight and shows them when they are complete.

    The files tell of a body: they are readable by their owner alone.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    names : sequence of str
        The files, in the order in which they appear.
    overwrite : bool
        Whether files of these names that are already there may be replaced.

    Raises
    ------
    OutputError
        On entering, if one of the files is there already (and may not be replaced) or the
        folder cannot be written to; later, if writing fails. What was in the folder before is
        then still there.
    """

    def __init__(self, folder: Path, names: Sequence[str], *, overwrite: bool = False) -> None:
        self._folder = folder
        self._names = tuple(names)
        self._overwrite = overwrite
        self._made: list[Path] = []

    def __enter__(self) -> Self:
        self._refuse_to_overwrite()
        with self.explained():
            self._made = [p for p in (self._folder, *self._folder.parents) if not p.exists()]
            self._folder.mkdir(parents=True, exist_ok=True)
            # In the same folder, so that showing a file is a rename, never a copy.
            self._hidden = Path(tempfile.mkdtemp(prefix=".hipgait-", dir=self._folder))
        return self

    def open(self, name: str) -> BinaryIO:
        """Begin one of the files; whoever opens it closes it."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(self._hidden / name, flags, 0o600), "wb")

    def show(self, contents: dict[str, bytes]) -> None:
        """Write the files that were not opened, and let all appear."""
        with self.explained():
            for name, content in contents.items():
                with self.open(name) as file:
                    file.write(content)
            self._refuse_to_overwrite()
            self._rename()
        self._made = []

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._hidden, ignore_errors=True)
        for folder in self._made:  # made for files that never came
            with suppress(OSError):
                folder.rmdir()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the operating system's errors into ours."""
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"The results cannot be written to {self._folder}: {error.strerror or error}.",
                hint="Check that it is a folder, that you may write there, that the disk has "
                "room, and that no other program holds the files.",
                reason="output_not_writable",
            ) from error

    def _refuse_to_overwrite(self) -> None:
        if self._overwrite:
            return
        there = [name for name in self._names if (self._folder / name).exists()]
        if there:
            raise OutputError(
                f"{self._folder} already holds {', '.join(there)}.",
                hint="Give another folder, or --force to replace them.",
                reason="would_overwrite",
            )

    def _rename(self) -> None:
        """Rename the files into view; if one fails, put back what was there."""
        aside = self._hidden / "before"
        aside.mkdir()
        touched: list[str] = []
        try:
            for name in self._names:
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
