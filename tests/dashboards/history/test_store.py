"""The store: whole or not at all, private, people apart, and never a lost recording."""

from __future__ import annotations

import math
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards.history.schema import MIGRATIONS, check_and_migrate
from dashboards.history.store import HistoryStore
from pipeline.patterns.assessment import assess
from recordings.errors import FormatError, OutputError, UsageError
from tests.dashboards.history.made_walks import kept
from tests.dashboards.made_results import any_results
from tests.pipeline.patterns.made_walks import MARKED, walk


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path / "home" / "history.db")


def comparable(value: object) -> object:
    """NaN equals NaN, and a tuple of rows has no order."""
    if isinstance(value, float):
        return "nan" if math.isnan(value) else value
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return sorted((comparable(item) for item in value), key=repr)
    return value


def test_nothing_is_made_by_looking(store: HistoryStore) -> None:
    assert store.people() == {}
    assert store.walks("me") == ()
    assert store.find("0") is None
    assert not store.file.exists()


def test_a_walk_comes_back_as_it_went(store: HistoryStore) -> None:
    one = kept(walk(MARKED["pelvic_drop"]), note="new shoes", pain=3)
    store.save(one)
    (back,) = store.walks("me")
    assert comparable(asdict(back)) == comparable(asdict(one))
    assert any(p.pattern == "pelvic_drop" and p.level > 1 for p in back.patterns)
    assert store.find(one.fingerprint) == back
    assert back.value("pelvic_drop_peak_deg", one.features[0].side) is not None


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(any_results(), st.text(max_size=200), st.text(min_size=1, max_size=200))
def test_any_results_and_words_are_kept(tmp_path: Path, results, note, person) -> None:
    store = HistoryStore(tmp_path / "any.db")
    unique = {(f.feature, f.side): f for f in results.features}
    one = kept(replace(results, features=tuple(unique.values())), note=note, person=person)
    one = replace(one, path=tmp_path / "x")
    store.save(one)
    back = store.find(one.fingerprint)
    assert back is not None
    assert comparable(asdict(back)) == comparable(asdict(one))
    store.delete(one.fingerprint)
    assert store.people() == {}


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "'); DROP TABLE walk; --",
        "שלום \u202e gnp.exe",
        "nul\x00byte",
        "a" * 10_000,
        "half \ud83d",
    ],
)
def test_hostile_words_are_only_words(store: HistoryStore, text: str) -> None:
    store.save(kept(person=text, note=text))
    store.save(kept(day=1, person="me", note=""))
    (name,) = [n for n in store.people() if n != "me"]
    assert name == text.encode(errors="replace").decode()
    (back,) = store.walks(name)
    assert back.note == text.encode(errors="replace").decode()


def test_people_are_kept_apart_and_a_walk_belongs_to_one(store: HistoryStore) -> None:
    store.save(kept(person="Anna"))
    store.save(kept(day=1, person="Bert"))
    assert store.people() == {"Anna": 1, "Bert": 1}
    store.save(kept(day=1, person="Anna"))
    assert store.people() == {"Anna": 2}
    assert [w.day for w in store.walks("Anna")] == ["2026-01-05", "2026-01-06"]
    assert store.walks("Bert") == ()


def test_simulated_walks_do_not_mix_with_those_of_a_person(store: HistoryStore) -> None:
    store.save(kept())
    with pytest.raises(UsageError, match="walks of a real person") as caught:
        store.save(kept(day=1, simulated=True))
    assert caught.value.reason == "simulated_and_real"
    assert len(store.walks("me")) == 1
    store.save(kept(simulated=True))
    assert store.walks("me")[0].simulated


@pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")
def test_only_the_owner_can_read_it(store: HistoryStore) -> None:
    store.save(kept())
    with sqlite3.connect(store.file) as other:
        other.execute("SELECT count(*) FROM walk").fetchone()
        store.save(kept(day=1))
        files = store.files()
        assert len(files) > 1
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    other.close()
    assert stat.S_IMODE(store.file.parent.stat().st_mode) == 0o700


def test_what_is_deleted_is_overwritten(store: HistoryStore) -> None:
    secret = "a note that nobody else should read"
    store.save(kept(note=secret))
    assert secret.encode() in store.file.read_bytes()
    store.delete(kept().fingerprint)
    assert all(secret.encode() not in file.read_bytes() for file in store.files())


def test_each_change_is_on_the_disk_with_its_log(store: HistoryStore) -> None:
    store.save(kept())
    with sqlite3.connect(store.file) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


WRITER = """
import sys
from pathlib import Path
from dashboards.history.store import HistoryStore
from tests.dashboards.history.made_walks import kept
store = HistoryStore(Path(sys.argv[1]))
for day in range(int(sys.argv[2]), int(sys.argv[3])):
    store.save(kept(day=day))
    print(day, flush=True)
"""


def writer(file: Path, first: int, end: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(file), str(first), str(end)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_at_once(store: HistoryStore) -> None:
    both = [writer(store.file, 0, 12), writer(store.file, 12, 24)]
    for process in both:
        process.communicate(timeout=120)
        assert process.returncode == 0
    assert len(store.walks("me")) == 24


def test_a_process_killed_while_writing_loses_nothing_that_it_said_was_kept(
    store: HistoryStore,
) -> None:
    process = writer(store.file, 0, 10_000)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(4)]
    time.sleep(0.01)
    process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    said += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    found = store.walks("me")
    assert len(said) <= len(found) <= len(said) + 1
    assert all(len(w.features) == len(kept().features) for w in found)


def test_a_loss_of_power_leaves_the_last_whole_state(store: HistoryStore, tmp_path: Path) -> None:
    """The log is cut at every length: what was whole before is whole after."""
    store.save(kept())
    with sqlite3.connect(store.file) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM walk").fetchone()
        store.save(kept(day=1))
        whole, log = (f.read_bytes() for f in store.files()[:2])
    reader.close()
    lost = HistoryStore(tmp_path / "lost.db")
    for length in {0, 1, 31, 32, 4000, len(log) // 2, len(log) - 4096, len(log) - 1}:
        for file in lost.files():
            file.unlink()
        lost.file.write_bytes(whole)
        lost.file.with_name("lost.db-wal").write_bytes(log[:length])
        assert len(lost.walks("me")) in {1, 2}
        lost.save(kept(day=2))
        assert len(lost.walks("me")) in {2, 3}


def test_a_writer_that_holds_it_for_too_long_is_named(store: HistoryStore, monkeypatch) -> None:
    store.save(kept())
    monkeypatch.setattr("dashboards.history.store._WAIT_S", 0.05)
    holder = sqlite3.connect(store.file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(OutputError, match="Another program") as caught:
        store.save(kept(day=1))
    assert caught.value.reason == "history_busy"
    assert len(store.walks("me")) == 1
    holder.execute("ROLLBACK")
    holder.close()


@pytest.mark.parametrize("spoil", ["garbage", "cut", "middle", "empty table"])
def test_a_damaged_file_is_named_and_left_alone(store: HistoryStore, spoil: str) -> None:
    for day in range(6):
        store.save(kept(day=day))
    content = bytearray(store.file.read_bytes())
    if spoil == "garbage":
        content[:] = b"no database at all, only words " * 300
    elif spoil == "cut":
        del content[len(content) // 2 :]
    elif spoil == "middle":
        content[4096 : 4096 + 20_000] = bytes(20_000)
    else:
        with sqlite3.connect(store.file) as db:
            db.execute("DROP TABLE measure")
        db.close()
        content[:] = store.file.read_bytes()
    store.file.write_bytes(content)
    with pytest.raises(FormatError, match="history rebuild") as caught:
        store.walks("me")
    assert caught.value.reason == "history_damaged"
    assert store.file.read_bytes() == content


def test_another_programs_and_a_newer_database_are_left_alone(store: HistoryStore) -> None:
    store.file.parent.mkdir()
    with sqlite3.connect(store.file) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = store.file.read_bytes()
    with pytest.raises(FormatError, match="another program"):
        store.save(kept())
    assert store.file.read_bytes() == before
    newer = HistoryStore(store.file.with_name("newer.db"))
    newer.save(kept())
    with sqlite3.connect(newer.file) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = newer.file.read_bytes()
    with pytest.raises(FormatError, match="newer hipgait") as caught:
        newer.save(kept(day=1))
    assert caught.value.reason == "history_newer"
    assert newer.file.read_bytes() == before


def test_older_databases_take_the_steps_that_they_lack(store: HistoryStore) -> None:
    store.save(kept())
    db = sqlite3.connect(store.file, isolation_level=None)
    later = (*MIGRATIONS, ("ALTER TABLE walk ADD COLUMN shoes TEXT NOT NULL DEFAULT ''",))
    check_and_migrate(db, "file", later)
    assert db.execute("PRAGMA user_version").fetchone() == (len(later),)
    assert db.execute("SELECT shoes FROM walk").fetchone() == ("",)
    broken = (*later, ("ALTER TABLE walk ADD COLUMN size TEXT", "no SQL at all"))
    with pytest.raises(sqlite3.OperationalError):
        check_and_migrate(db, "file", broken)
    assert db.execute("PRAGMA user_version").fetchone() == (len(later),)
    assert "size" not in {row[1] for row in db.execute("PRAGMA table_info(walk)")}
    db.close()


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="HIPGAIT_HOME"):
        HistoryStore(tmp_path / "file" / "history.db").save(kept())


def test_set_aside_keeps_every_damaged_file(store: HistoryStore) -> None:
    for _ in range(2):
        store.save(kept())
        store.set_aside()
    names = sorted(path.name for path in store.file.parent.iterdir())
    assert names == ["history.db.old1", "history.db.old2"]


def test_no_pattern_of_a_walk_is_lost_or_invented(store: HistoryStore) -> None:
    results = walk(MARKED["pelvic_drop"])
    store.save(kept(results))
    (back,) = store.walks("me")
    assert {(p.pattern, p.side): p.level for p in back.patterns} == {
        (p.pattern, p.side): int(p.level) for p in assess(results).patterns
    }
