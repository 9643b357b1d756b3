"""Delete what hipgait keeps of people, and say what is gone and what stays."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from dashboards.history.about_file import about_file, delete_about
from dashboards.history.saved_walk import SavedWalk
from dashboards.history.store import HistoryStore
from dashboards.people import home, profile_file, walk_cache
from recordings.errors import FormatError, OutputError


@dataclass(frozen=True, slots=True)
class Deleted:
    """What came of it.

    Attributes
    ----------
    gone : tuple of Path
    stays : tuple of Path
        Recordings: they are never deleted.
    unknown : bool
        True if the history was damaged, so that files beside recordings were not found.
    """

    gone: tuple[Path, ...]
    stays: tuple[Path, ...]
    unknown: bool = False


def everything(store: HistoryStore) -> tuple[Path, ...]:
    """The files that `delete_everything` would delete, and the cache of walks."""
    walks, _ = _known(store)
    beside = [file for walk in walks if (file := about_file(walk.path)).exists()]
    aside = sorted(store.file.parent.glob(f"{store.file.name}*.old*"))
    profiles = [profile_file(), *sorted((home() / "people").glob("*.json"))]
    caches = [walk_cache()] if walk_cache().exists() else []
    return (*beside, *store.files(), *aside, *(p for p in profiles if p.exists()), *caches)


def delete_everything(store: HistoryStore) -> Deleted:
    """Delete the history, the answers of everybody, what was said of recordings, and the cache.

    Works also on a history that is damaged or of a newer hipgait.

    Raises
    ------
    OutputError
        If a file cannot be deleted; the message names it.
    """
    walks, unknown = _known(store)
    gone = everything(store)
    for file in gone:
        _unlink(file)
    return Deleted(gone, tuple(walk.path for walk in walks if walk.path.exists()), unknown)


def delete_person(store: HistoryStore, person: str) -> Deleted:
    """Delete the walks and answers of one person."""
    walks = store.walks(person)
    gone: list[Path] = []
    for walk in walks:
        gone += _forgotten(store, walk)
    answers = profile_file(person)
    if answers.exists():
        _unlink(answers)
        gone.append(answers)
    return Deleted(tuple(gone), tuple(walk.path for walk in walks if walk.path.exists()))


def delete_walk(store: HistoryStore, walk: SavedWalk) -> Deleted:
    """Forget one walk."""
    gone = _forgotten(store, walk)
    return Deleted(tuple(gone), (walk.path,) if walk.path.exists() else ())


def _forgotten(store: HistoryStore, walk: SavedWalk) -> list[Path]:
    file = delete_about(walk.path)
    store.delete(walk.fingerprint)
    return [] if file is None else [file]


def _known(store: HistoryStore) -> tuple[list[SavedWalk], bool]:
    """All walks, and whether the history could not be read."""
    try:
        return [walk for person in store.people() for walk in store.walks(person)], False
    except FormatError:
        return [], True


def _unlink(file: Path) -> None:
    try:
        shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"{file} cannot be deleted: {error.strerror or error}.",
            hint="Close other programs that use it, and try again.",
            reason="output_failed",
        ) from error
