"""Damaged sessions: one clear line, nothing lost, shifted or made up."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recordings.errors import FormatError, InputError
from recordings.importing import import_recording
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.reading import read_session
from recordings.session import Session

PELVIS = Placement.PELVIS


def read_all(path: Path) -> Session:
    session = read_session(path)
    for placement in session.placements:
        session.samples(placement)
    return session


def edit(path: Path, change: Callable[[list[str]], object]) -> None:
    """Change the lines of a file in place; line 1 is lines[0]."""
    lines = path.read_text().splitlines()
    change(lines)
    path.write_text("\n".join(lines) + "\n")


def cell(lines: list[str], line: int, column: int, text: str) -> None:
    cells = lines[line - 1].split(",")
    cells[column] = text
    lines[line - 1] = ",".join(cells)


@pytest.mark.parametrize(
    ("change", "reason", "words"),
    [
        (lambda ls: cell(ls, 40, 2, "oops"), "not_a_number", ["line 40", "acc_y_m_s2", "'oops'"]),
        (lambda ls: cell(ls, 40, 2, "1e300"), "value_impossible", ["line 40", "acc_y_m_s2"]),
        (lambda ls: cell(ls, 40, 2, "1_000"), "not_a_number", ["line 40", "acc_y_m_s2"]),
        (lambda ls: cell(ls, 40, 2, "10:11:12"), "not_a_number", ["line 40", "acc_y_m_s2"]),
        (lambda ls: cell(ls, 7, 6, "1.0,2.0"), "row_ragged", ["line 7", "8 cells", "7 columns"]),
        (lambda ls: cell(ls, 7, 6, "1\x000"), "file_damaged", ["line 7", "zero bytes"]),
        (lambda ls: ls.__setitem__(8, "0.1,1.0"), "row_ragged", ["line 9", "2 cells"]),
        (lambda ls: cell(ls, 50, 0, "0.100000"), "time_backward", ["line 50", "goes back"]),
        (lambda ls: cell(ls, 50, 0, ls[48].split(",")[0]), "time_duplicate", ["line 50"]),
        (lambda ls: cell(ls, 1, 1, "acc_1"), "columns_missing", ["acc_x_m_s2", "begins with"]),
        (lambda ls: ls.pop(0), "header_missing", ["no header line"]),
        (
            lambda ls: ls.__setitem__(0, ls[0].replace("acc_y", "acc_x")),
            "columns_missing",
            ["lacks the column acc_y_m_s2"],
        ),
    ],
)
def test_a_damaged_row_is_named(make_session, change, reason, words) -> None:
    path = make_session()
    edit(path / "pelvis.csv", change)
    with pytest.raises(FormatError) as caught:
        read_all(path)
    assert caught.value.reason == reason
    assert "pelvis.csv" in caught.value.what
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("empty", ["", "nan", "NaN", " ", "null"])
def test_rows_without_a_value_are_lost_samples_and_counted(make_session, samples, empty) -> None:
    path = make_session()
    edit(
        path / "pelvis.csv",
        lambda ls: (cell(ls, 12, 3, empty), cell(ls, 13, 6, empty), cell(ls, 99, 1, empty)),
    )
    session = read_session(path)
    found = session.samples(PELVIS)
    kept = np.delete(np.arange(200), [10, 11, 97])
    np.testing.assert_array_equal(found.acc_m_s2, samples(PELVIS, 200).acc_m_s2[kept])
    (remark,) = session.all_remarks()
    assert remark.reason == "rows_without_value"
    assert remark.placement is PELVIS
    assert "3 rows" in remark.text
    assert "line 12" in remark.text


def test_a_missing_row_is_a_gap_and_no_more(make_session, samples) -> None:
    path = make_session()
    edit(path / "pelvis.csv", lambda ls: ls.pop(20))
    session = read_session(path)
    np.testing.assert_array_equal(
        session.samples(PELVIS).time_s, np.delete(samples(PELVIS, 200).time_s, 19)
    )
    assert session.all_remarks() == ()


def test_exact_duplicates_are_left_out_and_remarked(make_session, samples) -> None:
    path = make_session()
    edit(path / "pelvis.csv", lambda ls: (ls.insert(30, ls[29]), ls.insert(60, ls[59])))
    session = read_session(path)
    np.testing.assert_array_equal(session.samples(PELVIS).time_s, samples(PELVIS, 200).time_s)
    (remark,) = session.all_remarks()
    assert (remark.reason, "2 rows" in remark.text, "line 31" in remark.text) == (
        "rows_duplicate", True, True,
    )  # fmt: skip


def test_a_sensor_of_zeros_is_readable_and_remarked(make_session) -> None:
    path = make_session()
    edit(
        path / "pelvis.csv",
        lambda ls: ls.__setitem__(slice(1, None), [f"{i / 100},0,0,0,0,0,0" for i in range(50)]),
    )
    session = read_session(path)
    assert len(session.samples(PELVIS)) == 50
    assert [r.reason for r in session.all_remarks()] == ["all_zero"]


@pytest.mark.parametrize("rewrite", ["bom", "crlf", "semicolon", "decimal comma", "tab", "quoted"])
def test_what_a_spreadsheet_makes_of_a_session_still_reads(make_session, samples, rewrite) -> None:
    path = make_session()
    file = path / "pelvis.csv"
    text = file.read_text()
    header, body = text.split("\n", 1)
    text = {
        "bom": "\ufeff" + text,
        "crlf": text.replace("\n", "\r\n"),
        "semicolon": text.replace(",", ";"),
        "decimal comma": header.replace(",", ";")
        + "\n"
        + body.replace(",", ";").replace(".", ","),
        "tab": text.replace(",", "\t"),
        "quoted": header + "\n" + "\n".join(
            ",".join(f'"{c}"' for c in line.split(",")) for line in body.splitlines()
        ) + "\n",
    }[rewrite]  # fmt: skip
    file.write_bytes(text.encode())
    found = read_session(path).samples(PELVIS)
    np.testing.assert_array_equal(found.acc_m_s2, samples(PELVIS, 200).acc_m_s2)
    np.testing.assert_array_equal(found.time_s, samples(PELVIS, 200).time_s)


def test_columns_in_another_order_and_extra_columns_are_read_by_name(make_session, samples) -> None:
    path = make_session()

    def shuffle(lines: list[str]) -> None:
        for i, line in enumerate(lines):
            lines[i] = ",".join(["note" if i == 0 else "a b", *reversed(line.split(","))])

    edit(path / "pelvis.csv", shuffle)
    found = read_session(path).samples(PELVIS)
    np.testing.assert_array_equal(found.gyr_rad_s, samples(PELVIS, 200).gyr_rad_s)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file_empty"),
        (b"\n\n", "file_empty"),
        (b"\x00" * 5000, "file_empty"),
        (bytes(range(256)) * 20, "not_text"),
        ("time_s,acc_x_m_s2\n0,1\n".encode("utf-16"), "encoding_unknown"),
        (b"time_s,acc_x_m_s2,acc_y_m", "header_cut_off"),
        (b"hello\nworld\n", "header_missing"),
        (b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n1,2\n", "too_many_columns"),
        (b",".join(b"c%d" % i for i in range(5_000)) + b"\n" + b"1," * 4999 + b"1\n",
         "too_many_columns"),
        (b"9" * 300_000, "too_many_columns"),
    ],
    ids=["empty", "blank", "zeros", "binary", "utf16", "cut header", "words", "1e6 columns",
         "5000 columns", "one line"],
)  # fmt: skip
def test_what_is_no_table_is_said_in_one_line(make_session, content, reason) -> None:
    path = make_session()
    (path / "pelvis.csv").write_bytes(content)
    with pytest.raises(FormatError) as caught:
        read_all(path)
    assert caught.value.reason == reason
    assert "pelvis.csv" in str(caught.value)
    assert len(str(caught.value)) < 400


def test_an_endless_line_does_not_fill_the_memory(make_session) -> None:
    path = make_session()
    with (path / "pelvis.csv").open("ab") as file:
        file.write(b"7" * 3_000_000)
    with pytest.raises(FormatError, match="line 202: the line is longer than 1 MB"):
        read_all(path)


def test_zero_bytes_at_the_end_are_a_cut_off(make_session, samples) -> None:
    path = make_session()
    with (path / "pelvis.csv").open("ab") as file:
        file.write(b"\x00" * 700_000)
    session = read_session(path)
    assert len(session.samples(PELVIS)) == 200
    assert [r.reason for r in session.all_remarks()] == ["zero_bytes_at_end"]


# --- The folder ------------------------------------------------------------------------


def test_three_files_alone_are_a_session(make_session) -> None:
    path = make_session()
    (path / "session.json").unlink()
    session = read_session(path)
    assert [p.value for p in session.placements] == ["pelvis", "thigh_left", "thigh_right"]
    assert [r.reason for r in session.remarks] == ["metadata_missing"]
    assert session.metadata.sensors.keys() == set(session.placements)


def test_missing_placements_are_listed(make_session) -> None:
    path = make_session(placements=(Placement.PELVIS, Placement.SHANK_LEFT))
    with pytest.raises(InputError) as caught:
        read_session(path)
    assert caught.value.reason == "placement_missing"
    assert "left thigh and the right thigh" in caught.value.what
    assert "found: pelvis, left shank" in caught.value.what


@pytest.mark.parametrize(
    ("worn", "lost"),
    [
        ((Placement.PELVIS,), "So hips, knees and left against right cannot be judged"),
        (REQUIRED_PLACEMENTS[:2], "So hips, knees and left against right cannot be judged"),
        (REQUIRED_PLACEMENTS[1:], "So pelvis and hips cannot be judged"),
        (REQUIRED_PLACEMENTS[1:2], "So pelvis, hips, knees and left against right cannot be"),
    ],
)
def test_what_cannot_be_judged_without_a_sensor_is_said(make_session, worn, lost) -> None:
    with pytest.raises(InputError) as caught:
        read_session(make_session(placements=worn))
    assert caught.value.hint.startswith(lost)


def test_fewer_sensors_can_be_asked_for(make_session) -> None:
    path = make_session(placements=(Placement.PELVIS,))
    assert read_session(path, required=(Placement.PELVIS,)).placements == (Placement.PELVIS,)


def test_a_sensor_that_session_json_names_but_has_no_file_is_remarked(make_session) -> None:
    path = make_session()
    json = (path / "session.json").read_text()
    json = json.replace(
        '"wearer": {}', '"wearer": {}, "sensors": {"shank_left": {"placement": "shank_left"}}', 1
    ).replace('"sensors": {},', "", 1)
    (path / "session.json").write_text(json)
    assert "sensor_file_missing" in [r.reason for r in read_session(path).remarks]


@pytest.mark.parametrize(
    ("content", "reason", "words"),
    [
        (b"", "metadata_damaged", "damaged"),
        (b'{"format_version": 1, "wearer": {', "metadata_damaged", "damaged"),
        (b"\xff\xfe\x00", "metadata_damaged", "damaged"),
        (b"[" * 100_000, "metadata_invalid", "damaged"),
        (b'{"format_version": 99}', "metadata_newer", "Update hipgait"),
        (b'{"wearer": {"height_m": 17.0}}', "metadata_invalid", "height_m"),
        (b'{"sensors": {"elbow": {"placement": "elbow"}}}', "metadata_invalid", "elbow"),
        (b'{"notes": "\xff"}', "metadata_invalid", "UTF-8"),
    ],
)
def test_a_bad_session_json_is_said(make_session, content, reason, words) -> None:
    path = make_session()
    (path / "session.json").write_bytes(content)
    with pytest.raises(FormatError, match=r"session\.json") as caught:
        read_session(path)
    assert caught.value.reason == reason
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            '{"wearer": {"height_m": "1.70"}}',
            '`wearer.height_m` is "1.70"; it should be a number from 0.8 to 2.5, without quotes',
        ),
        ('{"wearer": {"mass_kg": 5}}', "`wearer.mass_kg` is 5; it should be a number from 15"),
        ('{"wearer": {"mass_kg": 1e999}}', "`wearer.mass_kg` is Infinity; it should be a number"),
        ('{"wearer": {"sex": "man"}}', '`wearer.sex` is "man"; it should be “female” or “male”'),
        ('{"wearer": []}', "`wearer` is []; it should be a group of entries in {braces}"),
        ('{"simulated": "yes"}', '`simulated` is "yes"; it should be true or false'),
        ('{"notes": 5}', "`notes` is 5; it should be text in quotes"),
        ('{"format_version": "1"}', '`format_version` is "1"; it should be a whole number'),
        ('{"start_time": "today"}', '`start_time` is "today"; it should be a date and time such'),
        ("[]", "the file is []; it should be a group of entries"),
        (
            '{"sensors": {"thigh_left": {"placement": "thigh_left"},'
            ' "pelvis": {"placement": "pelvis", "samples_lost": 1.5}}}',
            "`sensors.pelvis.samples_lost` is 1.5; it should be a whole number of at least 0",
        ),
        ('{"sensors": {"pelvis": {}}}', "`sensors.pelvis.placement` is missing"),
        ('{"sensors": {"hip": {"placement": "pelvis"}}}', "`sensors` speaks of “hip”; it should"),
    ],
)
def test_a_wrong_entry_of_session_json_is_named_with_what_it_should_hold(
    make_session, content, words
) -> None:
    path = make_session()
    (path / "session.json").write_text(content)
    with pytest.raises(FormatError) as caught:
        read_session(path)
    assert words in str(caught.value)
    assert not set("$|") & set(str(caught.value))  # nothing of a programmer's notation
    assert "`str`" not in str(caught.value)


def test_fields_of_a_later_minor_change_are_passed_over(make_session) -> None:
    path = make_session()
    (path / "session.json").write_text('{"format_version": 1, "mood": "sunny", "notes": "n"}')
    assert read_session(path).metadata.notes == "n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("when,what\n1,marker\n", "lacks the columns"),
        ("time_s,kind,label\nsoon,marker,\n", "line 2"),
        ("time_s,kind,label\n1.0,marker,\nnan,marker,\n", "line 3"),
        ("time_s,kind,label\n1.0,,x\n", "line 2"),
        (f"time_s,kind,label\n1.0,marker,{'x' * 200_000}\n", "line 2: field larger"),
        ("time_s,kind,label\n1.0,ma\x00rker,x\n", "zero bytes"),
    ],
)
def test_bad_events_are_said(make_session, content, words) -> None:
    path = make_session()
    (path / "events.csv").write_text(content)
    with pytest.raises(FormatError, match=r"events\.csv") as caught:
        read_session(path)
    assert words in str(caught.value)


def test_a_last_event_that_may_be_cut_off_is_left_out_and_shown(make_session) -> None:
    path = make_session()
    (path / "events.csv").write_text("time_s,kind,label\n1.0,marker,a\n2.0,pain,1")
    session = read_session(path)
    assert [e.time_s for e in session.events] == [1.0]
    (remark,) = session.remarks
    assert remark.reason == "last_event_cut_off"
    assert "2.0,pain,1" in remark.text


def test_events_by_hand_in_a_spreadsheet_read(make_session) -> None:
    path = make_session()
    (path / "events.csv").write_bytes(
        "\ufefftime_s;kind;label\r\n2,5;pain;3\r\n1;task_start;walk\r\n".encode()
    )
    assert [(e.time_s, e.kind, e.label) for e in read_session(path).events] == [
        (1.0, "task_start", "walk"),
        (2.5, "pain", "3"),
    ]


@pytest.mark.parametrize("name", ["nothing_here", "bad\x00name"])
def test_a_path_without_anything_is_said(tmp_path, name) -> None:
    with pytest.raises(InputError):
        read_session(str(tmp_path / name))


def test_an_empty_folder_is_said(tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="it is empty") as caught:
        read_session(tmp_path / "empty")
    assert caught.value.reason == "recording_missing"


def test_a_folder_of_something_else_is_said(tmp_path) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "beach.jpg").write_bytes(b"\xff\xd8")
    with pytest.raises(InputError, match=r"beach\.jpg"):
        read_session(tmp_path / "holiday")


def test_a_session_is_not_converted_again(make_session, tmp_path) -> None:
    with pytest.raises(InputError, match="is a hipgait session already"):
        import_recording(make_session(), tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_zip_with_the_recording_in_a_deeper_folder_reads(make_session, tmp_path) -> None:
    path = make_session()
    archive = tmp_path / "deep.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for part in path.iterdir():
            file.write(part, f"a/b/c/{part.name}")
    assert len(read_all(archive).samples(PELVIS)) == 200
