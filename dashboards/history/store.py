"""The history: results of walks in one SQLite file, readable by its owner alone.

The recordings stay the truth; this file saves analysing all of them each time. Every change is
one transaction, on the disk before it returns (WAL, ``synchronous = FULL``): after a loss of
power it is there as a whole or not at all. Two processes may use it at once.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from dashboards.history import rows
from dashboards.history.saved_walk import SavedWalk
from dashboards.history.schema import check_and_migrate, damaged
from dashboards.people import home
from recordings.errors import HipgaitError, OutputError, UsageError

_WAIT_S = 10.0
"""How long to wait for another process that is writing."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DISK = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}


def default_history() -> Path:
    """Where the history lies if nobody says otherwise."""
    return home() / "history.db"


class HistoryStore:
    """The history in one file, which is made with the first walk.

    Parameters
    ----------
    file : Path, optional
        That of `default_history` if not given.

    Raises
    ------
    FormatError
        From any method, if the file is damaged, of another program or of a newer hipgait.
    OutputError
        If it cannot be opened or written, or another process holds it for too long.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = default_history() if file is None else file

    # -- reading ---------------------------------------------------------------------------------

    def people(self) -> dict[str, int]:
        """Names with the number of walks each, in alphabetical order."""
        with self._reading() as db:
            return {} if db is None else rows.people(db)

    def walks(self, person: str) -> tuple[SavedWalk, ...]:
        """All walks of a person, the oldest first."""
        with self._reading() as db:
            return () if db is None else rows.walks(db, "person.name = ?", person)

    def newest(self, person: str) -> datetime | None:
        """When a person walked last."""
        with self._reading() as db:
            return None if db is None else rows.newest(db, person)

    def find(self, fingerprint: str) -> SavedWalk | None:
        """The walk of a recording, whoever walked it."""
        with self._reading() as db:
            found = () if db is None else rows.walks(db, "walk.fingerprint = ?", fingerprint)
        return found[0] if found else None

    # -- writing ---------------------------------------------------------------------------------

    def save(self, walk: SavedWalk) -> None:
        """Keep a walk; one of the same recording is replaced.

        Raises
        ------
        UsageError
            If a simulated walk would come among those of a person, or the other way round.
        """
        with self._writing() as db:
            rows.delete_walk(db, walk.fingerprint)
            if (other := rows.kind_of(db, walk.person)) not in (None, walk.simulated):
                kind = "simulated walks" if other else "walks of a real person"
                raise UsageError(
                    f"{walk.person[:60]} has {kind}, and {walk.name[:60]} is "
                    f"{'simulated' if walk.simulated else 'not'}.",
                    hint="Give another name with --person: they do not belong together.",
                    reason="simulated_and_real",
                )
            rows.insert_walk(db, walk)
            rows.delete_people_without_walks(db)

    def annotate(self, fingerprint: str, *, note: str, pain: int | None) -> None:
        """Replace note and pain of a walk."""
        with self._writing() as db:
            rows.annotate(db, fingerprint, note, pain)

    def delete(self, fingerprint: str) -> None:
        """Forget one walk; what was stored of it is overwritten."""
        with self._writing() as db:
            rows.delete_walk(db, fingerprint)
            rows.delete_people_without_walks(db)

    def files(self) -> tuple[Path, ...]:
        """The database and what SQLite keeps beside it, as far as they exist."""
        names = (f"{self.file.name}{suffix}" for suffix in ("", "-wal", "-shm", "-journal"))
        return tuple(p for name in names if (p := self.file.with_name(name)).exists())

    def set_aside(self) -> tuple[Path, ...]:
        """Move the files out of the way, under names that are free; returns the new names."""
        number = 1
        while any(self.file.parent.glob(f"{self.file.name}*.old{number}")):
            number += 1
        moved = []
        with _explained(self.file):
            for file in self.files():
                aside = file.with_name(f"{file.name}.old{number}")
                file.rename(aside)
                moved.append(aside)
        return tuple(moved)

    # -- the connection --------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection in one consistent state; None while there is no history."""
        if not self.file.exists():
            yield None
            return
        with self._connected() as db:
            db.execute("BEGIN")
            try:
                yield db
            except ValueError as error:
                # A word stands where only others can.
                raise damaged(str(self.file), str(error)) from error
            db.execute("COMMIT")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._connected() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with _explained(self.file):
            _make_private(self.file)
            db = sqlite3.connect(self.file, timeout=_WAIT_S, isolation_level=None)
            try:
                db.execute("PRAGMA foreign_keys = ON")
                db.execute("PRAGMA secure_delete = ON")
                db.execute("PRAGMA synchronous = FULL")
                check_and_migrate(db, str(self.file))
                # Kept in the file; if another process is busy, the next one sets it.
                with suppress(sqlite3.OperationalError):
                    db.execute("PRAGMA journal_mode = WAL")
                yield db
            finally:
                if db.in_transaction:
                    with suppress(sqlite3.Error):
                        db.execute("ROLLBACK")
                db.close()


def _make_private(file: Path) -> None:
    """An empty file of mode 0600 where there is none; SQLite's other files take its mode."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    """Errors of SQLite and of the system in words."""
    try:
        yield
    except HipgaitError:
        raise
    except sqlite3.Error as error:
        raise _in_words(error, file) from error
    except OSError as error:
        raise OutputError(
            f"The history {file} cannot be used: {error.strerror or error}.",
            hint="Check that you may write there, or name another place (HIPGAIT_HOME).",
            reason="history_not_writable",
        ) from error


def _in_words(error: sqlite3.Error, file: Path) -> Exception:
    """The error in words; a mistake of ours stays what it is."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _DAMAGED or str(error).startswith("no such"):
        return damaged(str(file), str(error))
    if code in _BUSY:
        return OutputError(
            f"Another program is using the history {file}.",
            hint="Wait until it is done and try again; nothing was changed.",
            reason="history_busy",
        )
    if code not in _DISK:
        return error
    return OutputError(
        f"The history {file} cannot be used ({error}); nothing was changed.",
        hint="Check that you may write there and that the disk has room.",
        reason="history_not_writable",
    )
