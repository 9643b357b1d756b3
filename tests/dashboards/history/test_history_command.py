"""``hipgait history`` and ``hipgait export`` as a person uses them."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from dashboards.cli.main import main
from dashboards.history.about_file import about_file, read_about
from dashboards.history.store import HistoryStore
from dashboards.people import profile_file, walk_cache
from firmware_bridge.virtual_wearer.spec import Spec, Stand, Walk
from firmware_bridge.virtual_wearer.wear import wear
from recordings.csv_session.writer import write_session
from recordings.profile import Profile, WalkConditions, answered, read_profile, write_profile
from recordings.red_flags import ADVICE, BY_KEY, RED_FLAGS


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short walk that claims to be a person's."""
    folder = tmp_path_factory.mktemp("recorded") / "walk"
    spec = Spec(
        name="walk",
        seed=11,
        timeline=(Stand(duration_s=8.0, calibration=True), Walk(duration_s=45.0)),
    )
    write_session(wear(spec).session, folder)
    file = folder / "session.json"
    metadata = json.loads(file.read_text(encoding="utf-8"))
    del metadata["simulated"]
    metadata["wearer"] |= {"name": "Anna Beispiel", "age_years": 93.7}
    metadata["notes"] = "Anna after her holiday"
    file.write_text(json.dumps(metadata), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HIPGAIT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def walk_of(recorded: Path, tmp_path: Path, name: str, *, seed: int = 0) -> Path:
    """A copy with samples of its own (one differs), so that it is another walk."""
    folder = tmp_path / name
    shutil.copytree(recorded, folder)
    lines = (folder / "pelvis.csv").read_text().splitlines(keepends=True)
    cells = lines[-1].split(",")
    cells[1] = f"{float(cells[1]) + 0.001 * (seed + 1):.5f}"
    (folder / "pelvis.csv").write_text("".join([*lines[:-1], ",".join(cells)]))
    return folder


def add(path: Path, date: str, *words: str) -> int:
    return main(["history", "add", str(path), "--date", date, *words])


def test_two_walks_are_kept_listed_and_compared(recorded: Path, tmp_path: Path, capsys) -> None:
    assert main(["history"]) == 0
    assert "history add SESSION" in capsys.readouterr().out
    one, two = (walk_of(recorded, tmp_path, f"w{i}", seed=i) for i in range(2))
    assert add(two, "2026-02-03", "--pain", "2") == 0
    assert add(one, "2026-01-02T10:15", "--note", "new shoes", "--pain", "4") == 0
    capsys.readouterr()
    assert main(["history"]) == 0
    text = capsys.readouterr().out
    assert text.index("2026-01-02") < text.index("2026-02-03")
    for part in ("Walks of Anna Beispiel", "pain 4 of 10", "new shoes", "Since 2 January 2026"):
        assert part in text
    assert "No measure changed by more than two wearings" in " ".join(text.split())
    assert main(["history", "--measure", "F13"]) == 0
    table = capsys.readouterr().out
    assert "Inward lean of the thigh, left" in table
    assert table.count("first day") >= 2
    assert main(["history", "--measure", "hips"]) == 2
    assert "hip_adduction_peak_deg" in capsys.readouterr().err


def test_a_walk_without_a_day_asks_for_it_and_the_recording_is_untouched(
    recorded: Path, tmp_path: Path, capsys
) -> None:
    path = walk_of(recorded, tmp_path, "w")
    before = {file.name: file.read_bytes() for file in path.iterdir()}
    assert main(["history", "add", str(path)]) == 2
    assert "--date 2026-11-20" in capsys.readouterr().err
    assert not about_file(path).exists()
    assert HistoryStore().people() == {}
    assert add(path, "2026-02-31") == 2
    assert add(path, "2026-02-03") == 0
    assert {file.name: file.read_bytes() for file in path.iterdir()} == before
    if os.name == "posix":
        assert stat.S_IMODE(about_file(path).stat().st_mode) == 0o600


def test_the_same_recording_is_one_walk_wherever_it_lies(recorded: Path, tmp_path: Path) -> None:
    path = walk_of(recorded, tmp_path, "w")
    add(path, "2026-02-03", "--note", "first")
    moved = path.rename(tmp_path / "elsewhere")
    assert main(["history", "add", str(moved)]) == 0
    zipped = Path(shutil.make_archive(str(tmp_path / "zipped"), "zip", tmp_path, "elsewhere"))
    assert main(["history", "add", str(zipped)]) == 0
    (walk,) = HistoryStore().walks("Anna Beispiel")
    assert (walk.path, walk.note, walk.day) == (zipped, "first", "2026-02-03")


def test_notes_are_kept_and_survive_a_rebuild(recorded: Path, tmp_path: Path, capsys) -> None:
    path = walk_of(recorded, tmp_path, "w")
    add(path, "2026-02-03")
    (walk,) = HistoryStore().walks("Anna Beispiel")
    assert walk.note == "Anna after her holiday"
    for note in ("=cmd()|'/c calc'", "<b>שלום</b>\u202e", "n" * 10_000):
        assert main(["history", "note", "1", note, "--pain", "3"]) == 0
        (walk,) = HistoryStore().walks("Anna Beispiel")
        assert (walk.note, walk.pain) == (note, 3)
        capsys.readouterr()
        assert main(["history"]) == 0
        assert "\u202e" not in capsys.readouterr().out
    assert main(["history", "note", "1", "n" * 30_000]) == 2
    assert main(["history", "note", "2", "x"]) == 2
    HistoryStore().file.unlink()
    assert main(["history", "rebuild", str(tmp_path)]) == 0
    assert HistoryStore().walks("Anna Beispiel") == (walk,)


def test_a_damaged_history_is_made_again_and_kept_aside(
    recorded: Path, tmp_path: Path, home: Path, capsys
) -> None:
    for i in range(2):
        add(walk_of(recorded, tmp_path, f"w{i}", seed=i), f"2026-02-0{i + 1}", "--note", f"n{i}")
    before = HistoryStore().walks("Anna Beispiel")
    (home / "history.db").write_bytes(b"\0 not a database" * 999)
    assert main(["history"]) == 1
    assert "history rebuild" in capsys.readouterr().err
    assert main(["history", "rebuild"]) == 1
    assert "rebuild FOLDER" in capsys.readouterr().err
    assert main(["history", "rebuild", str(tmp_path)]) == 0
    assert HistoryStore().walks("Anna Beispiel") == before
    assert list(home.glob("history.db.old*"))


def test_a_recording_that_is_gone_keeps_its_results(recorded: Path, tmp_path: Path, capsys) -> None:
    path = walk_of(recorded, tmp_path, "w")
    add(path, "2026-02-03")
    shutil.rmtree(path)
    assert main(["history", "rebuild"]) == 1
    assert "Kept as they were: 1" in capsys.readouterr().out
    assert len(HistoryStore().walks("Anna Beispiel")) == 1


def test_people_are_asked_for_when_there_are_several(
    recorded: Path, tmp_path: Path, capsys
) -> None:
    add(walk_of(recorded, tmp_path, "a"), "2026-02-03")
    add(walk_of(recorded, tmp_path, "b", seed=1), "2026-02-03", "--person", "  Bert  ")
    capsys.readouterr()
    assert main(["history"]) == 0
    assert "--person NAME" in (text := capsys.readouterr().out)
    assert "Bert" in text
    assert "Anna Beispiel" in text
    assert main(["history", "--person", "Bert"]) == 0
    assert "Walks of Bert" in capsys.readouterr().out
    assert main(["history", "--person", "Carl"]) == 2
    assert "Anna Beispiel" in capsys.readouterr().err
    assert main(["history", "note", "1", "x"]) == 2
    assert main(["history", "--person", "Bert", "note", "1", "x"]) == 0
    assert main(["history", "note", "1", "y", "--person", "Bert"]) == 0
    assert HistoryStore().walks("Bert")[0].note == "y"


def test_answers_are_those_of_whoever_walked(recorded: Path, tmp_path: Path, capsys) -> None:
    calm = {flag.key: False for flag in RED_FLAGS}
    bert = profile_file("Bert")
    conditions = WalkConditions(footwear="flat", pain_after=5)
    write_profile(answered(Profile(pain_now=9, conditions=conditions), calm), bert)
    assert "Bert" not in str(bert)
    first = walk_of(recorded, tmp_path, "a")
    add(first, "2026-02-03", "--person", "Bert")
    (walk,) = HistoryStore().walks("Bert")
    assert walk.pain == 5
    about = read_about(first)
    assert about is not None
    assert about.conditions.footwear == "flat"
    earlier = walk_of(recorded, tmp_path, "b", seed=1)
    add(earlier, "2026-01-03", "--person", "Bert")
    assert HistoryStore().walks("Bert")[0].pain is None
    add(walk_of(recorded, tmp_path, "c", seed=2), "2026-02-03")
    assert HistoryStore().walks("Anna Beispiel")[0].pain is None
    assert main(["profile", "--person", "Bert", "--set", "pain_now=3"]) == 0
    assert read_profile(bert).pain_now == 3


def test_a_red_flag_hides_patterns_here_too(recorded: Path, tmp_path: Path, capsys) -> None:
    write_profile(answered(Profile(), {"calf": True}), profile_file("Bert"))
    add(walk_of(recorded, tmp_path, "a"), "2026-02-03", "--person", "Bert")
    capsys.readouterr()
    assert main(["history"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Patterns and changes are hidden" in text
    assert ADVICE[BY_KEY["calf"].urgency] in text


def test_delete_everything_says_what_is_gone_and_what_stays(
    recorded: Path, tmp_path: Path, home: Path, capsys, monkeypatch
) -> None:
    path = walk_of(recorded, tmp_path, "w")
    add(path, "2026-02-03")
    write_profile(Profile(), profile_file())
    write_profile(Profile(), profile_file("Bert"))
    (walk_cache() / "entry").mkdir(parents=True)
    (walk_cache() / "entry" / "samples").write_bytes(b"of a walk")
    assert main(["history", "delete", "everything"]) == 2
    assert "--yes" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", Terminal("delete\n"))
    assert main(["history", "delete", "everything"]) == 2
    assert "Nothing was deleted" in capsys.readouterr().err
    assert HistoryStore().people() == {"Anna Beispiel": 1}
    monkeypatch.setattr(sys, "stdin", Terminal("Delete  everything\n"))
    assert main(["history", "delete", "everything"]) == 0
    text = capsys.readouterr().out
    for file in ("history.db", "profile.json", "w.about.json"):
        assert file in text
    assert str(path) in text.partition("Recordings stay")[2]
    assert path.exists()
    assert not about_file(path).exists()
    assert [file for file in home.rglob("*") if file.is_file()] == []
    assert main(["history", "delete", "everything", "--yes"]) == 0
    assert "nothing to delete" in capsys.readouterr().out


def test_delete_everything_works_on_a_history_that_cannot_be_read(home: Path, capsys) -> None:
    home.mkdir()
    (home / "history.db").write_bytes(b"garbage" * 2000)
    (home / "history.db.old1").write_bytes(b"older garbage")
    assert main(["history", "delete", "everything", "--yes"]) == 0
    assert ".about.json" in capsys.readouterr().out
    assert list(home.iterdir()) == []


def test_one_walk_and_one_person_can_be_forgotten(recorded: Path, tmp_path: Path, capsys) -> None:
    paths = [walk_of(recorded, tmp_path, f"w{i}", seed=i) for i in range(3)]
    for i, path in enumerate(paths):
        add(path, f"2026-02-0{i + 1}", "--person", "Bert" if i < 2 else "Carl")
    write_profile(Profile(), profile_file("Bert"))
    assert main(["history", "delete", "1", "--person", "Bert", "--yes"]) == 0
    assert [w.day for w in HistoryStore().walks("Bert")] == ["2026-02-02"]
    assert not about_file(paths[0]).exists()
    assert main(["history", "delete", "person", "--yes", "--person", "Bert"]) == 0
    assert HistoryStore().people() == {"Carl": 1}
    assert not profile_file("Bert").exists()
    assert main(["history", "delete", "nonsense", "--yes"]) == 2


class Terminal(io.StringIO):
    """Somebody types at it."""

    def isatty(self) -> bool:
        return True


def test_the_copy_to_give_away_holds_no_name_note_or_date(
    recorded: Path, tmp_path: Path, capsys
) -> None:
    metadata = json.loads((recorded / "session.json").read_text(encoding="utf-8"))
    paths = [walk_of(recorded, tmp_path, f"anna_{i}", seed=i) for i in range(2)]
    for path in paths:
        metadata["sensors"]["pelvis"]["device_id"] = "AA:BB:CC:DD:EE:FF"
        metadata["start_time"] = "2026-03-04T05:06:07+01:00"
        (path / "session.json").write_text(json.dumps(metadata), encoding="utf-8")
        with (path / "events.csv").open("a") as events:
            events.write("30.000000,marker,Anna stumbles\n31.000000,anna,x\n32.000000,pain,3\n")
    add(paths[0], "2026-03-04T05:06:07+01:00", "--note", "=Anna")
    add(paths[1], "2026-03-18T05:36:07+01:00")
    target = tmp_path / "copy"
    assert main(["export", "--pseudonymous", str(target)]) == 0
    assert "Copied 2 walks of 1 person" in (said := capsys.readouterr().out)
    assert "README.txt" in said
    files = [file for file in target.rglob("*") if file.is_file()]
    content = b"\n".join(file.read_bytes() for file in files).decode().lower()
    for word in ("anna", "beispiel", "holiday", "2026-", "aa:bb", str(tmp_path).lower()):
        assert word not in content
    starts = [
        json.loads((target / "person_01" / name / "session.json").read_text(encoding="utf-8"))
        for name in ("walk_01", "walk_02")
    ]
    assert [s["start_time"] for s in starts] == ["2000-01-01T00:00:00Z", "2000-01-15T00:30:00Z"]
    assert starts[0]["wearer"]["age_years"] == 90
    assert "pain,3" in (target / "person_01/walk_01/events.csv").read_text()
    with (target / "walks.csv").open(newline="") as file:
        assert [row["day"] for row in csv.DictReader(file)] == ["0", "14"]
    for name in ("pelvis.csv", "thigh_left.csv"):
        given, own = target / "person_01/walk_01" / name, paths[0] / name
        assert given.read_bytes() == own.read_bytes()
    if os.name == "posix":
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert stat.S_IMODE(target.stat().st_mode) == 0o700
    assert main(["analyze", str(target / "person_01" / "walk_01")]) == 0
    capsys.readouterr()
    assert main(["export", "--pseudonymous", str(target)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert main(["export", "--pseudonymous", "x", "--person", "Bert"]) == 2


def test_a_copy_without_a_recording_holds_its_results(
    recorded: Path, tmp_path: Path, capsys
) -> None:
    path = walk_of(recorded, tmp_path, "w")
    add(path, "2026-02-03")
    shutil.rmtree(path)
    assert main(["export", "--pseudonymous", "copy"]) == 0
    assert "has results only" in capsys.readouterr().out
    assert "hip_adduction_peak_deg" in (tmp_path / "copy/measures.csv").read_text()
    assert main(["history", "delete", "everything", "--yes"]) == 0
    assert main(["export", "--pseudonymous", "empty"]) == 1
    assert not (tmp_path / "empty").exists()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["add", "nowhere"], 1, "nowhere"),
        (["add", "a", "b", "--note", "x"], 2, "about one walk"),
        (["note", "1", "x"], 2, "Nothing is kept yet"),
        (["note", "1"], 2, "nothing to note"),
        (["delete", "person", "--yes"], 2, "Nothing is kept yet"),
        (["--history", "nowhere.db", "note", "1", "x"], 2, "Nothing is kept yet"),
        (["rebuild"], 1, "rebuild FOLDER"),
    ],
)
def test_bad_input_is_one_clear_line(words, status, said, capsys) -> None:
    assert main(["history", *words]) == status
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert "Traceback" not in error


def test_the_place_can_be_given(recorded: Path, tmp_path: Path, home: Path, capsys) -> None:
    path = walk_of(recorded, tmp_path, "w")
    other = tmp_path / "mine" / "walks.db"
    assert add(path, "2026-02-03", "--history", str(other)) == 0
    assert other.exists()
    assert not home.exists()
    capsys.readouterr()
    assert main(["history", "--history", str(other)]) == 0
    assert "Anna Beispiel" in capsys.readouterr().out
