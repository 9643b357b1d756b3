"""Walks as rows of the history's tables, and back."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboards.history.saved_walk import SavedFinding, SavedPattern, SavedWalk
from pipeline.results import FeatureStatistics, Interval, Verdict
from recordings.placement import Placement, Side

Row = Mapping[str, Any]


def people(db: sqlite3.Connection) -> dict[str, int]:
    """Names with the number of walks."""
    found = db.execute(
        "SELECT person.name, count(walk.id) FROM person JOIN walk ON walk.person_id = person.id"
        " GROUP BY person.id ORDER BY lower(person.name), person.name"
    )
    return dict(found)


def kind_of(db: sqlite3.Connection, person: str) -> bool | None:
    """Whether a person's walks are simulated; None without walks."""
    found = db.execute(
        "SELECT walk.simulated FROM walk JOIN person ON person.id = walk.person_id"
        " WHERE person.name = ?",
        (person,),
    ).fetchone()
    return None if found is None else bool(found[0])


def walks(db: sqlite3.Connection, where: str, value: str) -> tuple[SavedWalk, ...]:
    """Walks for which a condition holds, the oldest first."""
    found = [
        _walk(db, row)
        for row in _dicts(
            db,
            "SELECT walk.*, person.name AS person FROM walk"
            f" JOIN person ON person.id = walk.person_id WHERE {where}",
            value,
        )
    ]
    return tuple(sorted(found, key=lambda walk: (walk.walked, walk.fingerprint)))


def newest(db: sqlite3.Connection, person: str) -> datetime | None:
    """Time of the last walk. Compared as times: as words, other zones would be out of order."""
    found = db.execute(
        "SELECT walk.walked FROM walk JOIN person ON person.id = walk.person_id"
        " WHERE person.name = ?",
        (person,),
    )
    return max((datetime.fromisoformat(walked) for (walked,) in found), default=None)


def insert_walk(db: sqlite3.Connection, walk: SavedWalk) -> None:
    db.execute("INSERT OR IGNORE INTO person (name) VALUES (?)", (walk.person,))
    (person_id,) = db.execute("SELECT id FROM person WHERE name = ?", (walk.person,)).fetchone()
    walk_id = _insert(
        db,
        "walk",
        person_id=person_id,
        fingerprint=walk.fingerprint,
        path=str(walk.path),
        name=walk.name,
        walked=walk.walked.isoformat(),
        simulated=walk.simulated,
        placements=" ".join(walk.placements),
        results_version=walk.results_version,
        walking_s=walk.walking_s,
        steps=walk.steps,
        steady_left=walk.steady_strides.get(Side.LEFT, 0),
        steady_right=walk.steady_strides.get(Side.RIGHT, 0),
        cadence_spm=walk.cadence_spm,
        speed_m_s=walk.speed_m_s,
        v_star=walk.v_star,
        note=walk.note,
        pain=walk.pain,
    )
    for row in walk.features:
        _insert(
            db,
            "measure",
            walk_id=walk_id,
            feature=row.feature,
            code=row.code,
            side=row.side or "",
            n=row.n,
            mean=row.mean,
            sd=row.sd,
            median=row.median,
            ci_low=row.ci_low,
            ci_high=row.ci_high,
            error=row.error,
            has_usual=row.usual is not None,
            usual_low=None if row.usual is None else row.usual.low,
            usual_high=None if row.usual is None else row.usual.high,
            z=row.z,
        )
    for finding in walk.findings:
        _insert(
            db,
            "finding",
            walk_id=walk_id,
            detector=finding.detector,
            measure=finding.measure,
            side=finding.side or "",
            verdict=finding.verdict,
            reason=finding.reason,
            value=finding.value,
            error=finding.error,
            confidence=finding.confidence,
        )
    for pattern in walk.patterns:
        _insert(
            db,
            "pattern",
            walk_id=walk_id,
            pattern=pattern.pattern,
            side=pattern.side,
            level=pattern.level,
            score=pattern.score,
            coverage=pattern.coverage,
            confidence=pattern.confidence,
        )


def annotate(db: sqlite3.Connection, fingerprint: str, note: str, pain: int | None) -> None:
    db.execute(
        "UPDATE walk SET note = ?, pain = ? WHERE fingerprint = ?", (note, pain, fingerprint)
    )


def delete_walk(db: sqlite3.Connection, fingerprint: str) -> None:
    db.execute("DELETE FROM walk WHERE fingerprint = ?", (fingerprint,))


def delete_people_without_walks(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM person WHERE id NOT IN (SELECT person_id FROM walk)")


def _insert(db: sqlite3.Connection, table: str, **values: object) -> int:
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    plain = [str(v) if isinstance(v, str) else v for v in values.values()]
    return db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", plain).lastrowid or 0


def _walk(db: sqlite3.Connection, row: Row) -> SavedWalk:
    return SavedWalk(
        person=row["person"],
        fingerprint=row["fingerprint"],
        path=Path(row["path"]),
        name=row["name"],
        walked=datetime.fromisoformat(row["walked"]),
        simulated=bool(row["simulated"]),
        placements=tuple(Placement(p) for p in row["placements"].split()),
        results_version=row["results_version"],
        walking_s=_number(row["walking_s"]),
        steps=row["steps"],
        steady_strides={Side.LEFT: row["steady_left"], Side.RIGHT: row["steady_right"]},
        cadence_spm=_number(row["cadence_spm"]),
        speed_m_s=_number(row["speed_m_s"]),
        v_star=_number(row["v_star"]),
        note=row["note"],
        pain=row["pain"],
        features=tuple(map(_measure, _of_walk(db, "measure", row["id"]))),
        findings=tuple(map(_finding, _of_walk(db, "finding", row["id"]))),
        patterns=tuple(map(_pattern, _of_walk(db, "pattern", row["id"]))),
    )


def _measure(row: Row) -> FeatureStatistics:
    usual = Interval(_number(row["usual_low"]), _number(row["usual_high"]))
    return FeatureStatistics(
        feature=row["feature"],
        code=row["code"],
        side=_side(row["side"]),
        n=row["n"],
        mean=_number(row["mean"]),
        sd=_number(row["sd"]),
        median=_number(row["median"]),
        ci_low=_number(row["ci_low"]),
        ci_high=_number(row["ci_high"]),
        error=_number(row["error"]),
        usual=usual if row["has_usual"] else None,
        z=_number(row["z"]),
    )


def _finding(row: Row) -> SavedFinding:
    return SavedFinding(
        row["detector"],
        row["measure"],
        _side(row["side"]),
        Verdict(row["verdict"]),
        row["reason"],
        _number(row["value"]),
        _number(row["error"]),
        _number(row["confidence"]),
    )


def _pattern(row: Row) -> SavedPattern:
    return SavedPattern(
        row["pattern"],
        Side(row["side"]),
        row["level"],
        _number(row["score"]),
        _number(row["coverage"]),
        _number(row["confidence"]),
    )


def _of_walk(db: sqlite3.Connection, table: str, walk_id: int) -> Iterator[Row]:
    return _dicts(db, f"SELECT * FROM {table} WHERE walk_id = ?", walk_id)


def _dicts(db: sqlite3.Connection, query: str, *values: object) -> Iterator[Row]:
    found = db.execute(query, values)
    names = [column[0] for column in found.description]
    rows: Iterable[tuple[Any, ...]] = found.fetchall()
    return (dict(zip(names, row, strict=True)) for row in rows)


def _number(value: float | None) -> float:
    """SQLite keeps what is not a number as NULL."""
    return math.nan if value is None else value


def _side(word: str) -> Side | None:
    return Side(word) if word else None
