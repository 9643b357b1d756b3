"""The tables of the history, and the numbered steps that lead from older ones to them.

A step is never changed once it was released: what a newer hipgait needs is a step more.
``PRAGMA user_version`` tells how many were taken.
"""

from __future__ import annotations

import sqlite3

from recordings.errors import FormatError

APPLICATION_ID = 0x68674831
"""Stands in the head of the file (``hgH1``): another program's database is left alone."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
        """CREATE TABLE walk (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
            fingerprint TEXT NOT NULL UNIQUE,
            path TEXT NOT NULL,
            name TEXT NOT NULL,
            walked TEXT NOT NULL,
            simulated INTEGER NOT NULL,
            placements TEXT NOT NULL,
            results_version INTEGER NOT NULL,
            walking_s REAL,
            steps INTEGER NOT NULL,
            steady_left INTEGER NOT NULL,
            steady_right INTEGER NOT NULL,
            cadence_spm REAL,
            speed_m_s REAL,
            v_star REAL,
            note TEXT NOT NULL,
            pain INTEGER)""",
        "CREATE INDEX walk_of_person ON walk (person_id)",
        """CREATE TABLE measure (
            walk_id INTEGER NOT NULL REFERENCES walk ON DELETE CASCADE,
            feature TEXT NOT NULL,
            code TEXT NOT NULL,
            side TEXT NOT NULL,
            n INTEGER NOT NULL,
            mean REAL, sd REAL, median REAL, ci_low REAL, ci_high REAL, error REAL,
            has_usual INTEGER NOT NULL, usual_low REAL, usual_high REAL,
            z REAL,
            PRIMARY KEY (walk_id, feature, side)) WITHOUT ROWID""",
        """CREATE TABLE finding (
            walk_id INTEGER NOT NULL REFERENCES walk ON DELETE CASCADE,
            detector TEXT NOT NULL, measure TEXT NOT NULL, side TEXT NOT NULL,
            verdict TEXT NOT NULL, reason TEXT NOT NULL,
            value REAL, error REAL, confidence REAL)""",
        "CREATE INDEX finding_of_walk ON finding (walk_id)",
        """CREATE TABLE pattern (
            walk_id INTEGER NOT NULL REFERENCES walk ON DELETE CASCADE,
            pattern TEXT NOT NULL, side TEXT NOT NULL, level INTEGER NOT NULL,
            score REAL, coverage REAL, confidence REAL,
            PRIMARY KEY (walk_id, pattern, side)) WITHOUT ROWID""",
    ),
)
"""Statements of each step; a side that is none is an empty word."""


def check_and_migrate(
    db: sqlite3.Connection, where: str, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS
) -> None:
    """Make sure that the database is a history, sound and of today's schema.

    Parameters
    ----------
    db : sqlite3.Connection
        In autocommit mode.
    where : str
        The file, for messages.
    migrations : tuple, optional

    Raises
    ------
    FormatError
        If it is another program's, damaged, or of a newer hipgait; it was left as it is.
    """
    version = _version(db, where, len(migrations))
    if version and (found := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise damaged(where, str(found))
    if version == len(migrations):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been quicker.
        for step in range(_version(db, where, len(migrations)), len(migrations)):
            for statement in migrations[step]:
                db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {len(migrations)}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection, where: str, newest: int) -> int:
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        raise FormatError(
            f"{where} is a database of another program.",
            hint="Name another place for the history (HIPGAIT_HOME).",
            reason="history_foreign",
        )
    if version > newest:
        raise FormatError(
            f"{where} was written by a newer hipgait (schema {version}, this one knows {newest}).",
            hint="Update hipgait; the file was left as it is.",
            reason="history_newer",
        )
    return version


def damaged(where: str, why: str) -> FormatError:
    """The error of a database that cannot be read."""
    return FormatError(
        f"The history {where} is damaged ({why.partition(chr(10))[0]}).",
        hint="Your recordings are untouched: `hipgait history rebuild` makes it again from them.",
        reason="history_damaged",
    )
