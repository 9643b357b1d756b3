"""Make the history again from the recordings, which are the truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from dashboards.history.about_file import recordings_below
from dashboards.history.adding import add_walk
from dashboards.history.saved_walk import SavedWalk
from dashboards.history.store import HistoryStore
from recordings.errors import FormatError, HipgaitError, InputError


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it.

    Attributes
    ----------
    walks : tuple of SavedWalk
        Analysed again.
    kept : tuple of (Path, str)
        Recordings that could not be read, with the reason; what was known of them stays.
    aside : tuple of Path
        Where the damaged files are now.
    """

    walks: tuple[SavedWalk, ...]
    kept: tuple[tuple[Path, str], ...]
    aside: tuple[Path, ...]


def rebuild(
    store: HistoryStore,
    folders: Iterable[Path] = (),
    progress: Callable[[str], None] | None = None,
) -> Rebuilt:
    """Analyse again all recordings that the history knows, and those below `folders`.

    A damaged history is moved aside, never deleted. Below `folders`, recordings count of which
    something was said (`about_file`).

    Raises
    ------
    FormatError
        If the history is of another program or of a newer hipgait.
    InputError
        If there is no recording to make it from.
    """
    aside: tuple[Path, ...] = ()
    try:
        known = [w.path for person in store.people() for w in store.walks(person)]
    except FormatError as error:
        if error.reason != "history_damaged":
            raise
        known = _salvaged(store.file)
        aside = store.set_aside()
    below = (path.resolve() for folder in folders for path in recordings_below(folder))
    paths = tuple(dict.fromkeys((*known, *below)))
    if not paths:
        raise InputError(
            "There is no recording to make the history from.",
            hint="Name the folders where recordings lie: hipgait history rebuild FOLDER.",
            reason="nothing_to_rebuild",
        )
    walks, kept = [], []
    for path in paths:
        if progress is not None:
            progress(path.name)
        try:
            walks.append(add_walk(store, path))
        except HipgaitError as error:
            kept.append((path, str(error)))
    return Rebuilt(tuple(walks), tuple(kept), aside)


def _salvaged(file: Path) -> list[Path]:
    """Paths of recordings that can still be read out of a damaged file."""
    paths: list[Path] = []
    with suppress(sqlite3.Error), closing(sqlite3.connect(file)) as db:
        paths.extend(Path(path) for (path,) in db.execute("SELECT path FROM walk"))
    return paths
