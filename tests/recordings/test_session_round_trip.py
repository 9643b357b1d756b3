"""What is written is what is read, bit for bit; nothing that exists is touched."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recordings.csv_session.writer import Durability, SessionWriter, write_session
from recordings.errors import InputError, OutputError
from recordings.events import SessionEvent
from recordings.metadata import (
    ClockFit,
    SecondZero,
    SensorInfo,
    SessionMetadata,
    Settings,
    Wearer,
)
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.reading import read_session
from recordings.samples import ImuSamples, concatenate
from recordings.session import InMemorySource, Session

PELVIS = Placement.PELVIS


def assert_same_bits(found: ImuSamples, wanted: ImuSamples) -> None:
    assert found.placement is wanted.placement
    for name in ("time_s", "acc_m_s2", "gyr_rad_s", "mag_ut"):
        left, right = getattr(found, name), getattr(wanted, name)
        if right is None:
            assert left is None
        else:
            assert left.tobytes() == right.tobytes(), name


@st.composite
def any_samples(draw: st.DrawFn) -> ImuSamples:
    n = draw(st.integers(1, 40))
    steps_us = draw(st.lists(st.integers(1, 10**9), min_size=n, max_size=n))
    start_s = draw(st.integers(-100, 10**5))
    values = st.floats(-1e4, 1e4)
    table = draw(hnp.arrays(np.float64, (n, 9), elements=values))
    return ImuSamples(
        PELVIS,
        start_s + np.cumsum(steps_us) * 1e-6,
        table[:, :3],
        table[:, 3:6],
        table[:, 6:] if draw(st.booleans()) else None,
    )


@settings(max_examples=40, deadline=None)
@given(samples=any_samples(), cuts=st.lists(st.integers(0, 40), max_size=4))
def test_samples_come_back_bit_for_bit_however_they_were_appended(
    samples: ImuSamples, cuts: list[int]
) -> None:
    bounds = [0, *sorted(min(cut, len(samples)) for cut in cuts), len(samples)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "walk"
        with SessionWriter(path, SessionMetadata(), durability=Durability.BUFFERED) as writer:
            parts = [writer.append(samples[a:b]) for a, b in pairwise(bounds)]
        session = read_session(path, required=())
        assert_same_bits(session.samples(PELVIS), samples.quantised())
        assert_same_bits(concatenate([p for p in parts if len(p)]), samples.quantised())
        assert {remark.reason for remark in session.all_remarks()} <= {"all_zero"}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            SessionEvent,
            st.integers(0, 10**9).map(lambda us: us / 1e6),
            st.from_regex(r"[a-z_]{1,20}", fullmatch=True),
            st.text(max_size=30).map(lambda text: " ".join(text.replace("\x00", "").split())),
        ),
        max_size=8,
    )
)
def test_events_come_back_in_time_order(events: list[SessionEvent]) -> None:
    events = [e for e in events if not any(0xD800 <= ord(c) < 0xE000 for c in e.label)]
    with tempfile.TemporaryDirectory() as folder:
        with SessionWriter(Path(folder) / "walk", SessionMetadata()) as writer:
            writer.add_events(events)
        found = read_session(Path(folder) / "walk", required=()).events
    assert found == tuple(sorted(events, key=lambda e: e.time_s))


def test_metadata_comes_back(make_session) -> None:
    metadata = SessionMetadata(
        start_time=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        written_by="test 1",
        simulated=True,
        wearer=Wearer(name="Zoë", height_m=1.7, sex="female"),
        sensors={
            p: SensorInfo(
                placement=p,
                rate_hz=100.0,
                timing_quality="good",
                clock=ClockFit(offset_s=0.5, drift_ppm=12.0),
            )
            for p in REQUIRED_PLACEMENTS
        },
        settings=Settings(second_zero=SecondZero(pelvis_tilt_deg=8.0), known_walk_distance_m=20),
        notes="rainy",
    )
    assert read_session(make_session(metadata=metadata)).metadata == metadata


def test_files_open_in_pandas_with_the_documented_columns(make_session, samples) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.read_csv(make_session() / "pelvis.csv")
    assert list(frame.columns) == [
        "time_s", "acc_x_m_s2", "acc_y_m_s2", "acc_z_m_s2",
        "gyr_x_rad_s", "gyr_y_rad_s", "gyr_z_rad_s",
    ]  # fmt: skip
    np.testing.assert_allclose(frame["acc_z_m_s2"], samples(PELVIS, 200).acc_m_s2[:, 2])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission bits")
def test_folder_and_files_are_private(make_session) -> None:
    path = make_session(events=(SessionEvent(1.0, "marker"),))
    assert path.stat().st_mode & 0o777 == 0o700
    names = {"session.json", "events.csv", *(f"{p}.csv" for p in REQUIRED_PLACEMENTS)}
    modes = {p.name: p.stat().st_mode & 0o777 for p in path.iterdir()}
    assert modes == dict.fromkeys(names, 0o600)


def test_an_existing_folder_is_refused_and_left_alone(make_session) -> None:
    path = make_session()
    before = {p.name: p.read_bytes() for p in path.iterdir()}
    with pytest.raises(OutputError, match="exists already") as caught:
        SessionWriter(path, SessionMetadata())
    assert caught.value.reason == "output_exists"
    assert {p.name: p.read_bytes() for p in path.iterdir()} == before


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        SessionWriter(tmp_path / "no" / "parent", SessionMetadata())


_FILLING_DISK = """
import resource, signal, sys
from recordings.csv_session.writer import write_session
from recordings.errors import OutputError
from recordings.reading import read_session
session = read_session(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    write_session(session, sys.argv[2])
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX resource limits")
@pytest.mark.parametrize(
    ("room", "full"), [(10, "session.json"), (5_000, "pelvis.csv")], ids=["none", "some"]
)
def test_a_disk_that_fills_up_is_said_and_leaves_no_half_session(
    make_session, tmp_path: Path, room: int, full: str
) -> None:
    copy = tmp_path / "copy"
    done = subprocess.run(
        [sys.executable, "-c", _FILLING_DISK, str(make_session()), str(copy), str(room)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.startswith(f"{copy / full} cannot be written (File too large). ")
    assert done.stdout.count("\n") == 1
    assert not copy.exists()


@pytest.mark.parametrize("durability", [Durability.FLUSHED, Durability.SYNCED])
def test_what_was_appended_is_readable_before_close(tmp_path, samples, durability) -> None:
    writer = SessionWriter(tmp_path / "walk", SessionMetadata(), durability=durability)
    written = writer.append(samples(PELVIS, 50))
    writer.add_events([SessionEvent(0.25, "marker", "step")])
    session = read_session(tmp_path / "walk", required=())
    assert_same_bits(session.samples(PELVIS), written)
    assert session.events == (SessionEvent(0.25, "marker", "step"),)
    writer.close()
    writer.close()


def test_metadata_is_replaced_whole(make_session, tmp_path) -> None:
    with SessionWriter(tmp_path / "w", SessionMetadata(notes="first")) as writer:
        writer.replace_metadata(SessionMetadata(notes="second"))
        assert [p.name for p in (tmp_path / "w").iterdir()] == ["session.json"]
    assert read_session(tmp_path / "w", required=()).metadata.notes == "second"


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda s: s.acc_m_s2.__setitem__((3, 1), np.nan), "finite"),
        (lambda s: s.gyr_rad_s.__setitem__((3, 1), np.inf), "finite"),
        (lambda s: s.time_s.__setitem__(5, s.time_s[4]), "strictly increase"),
        (lambda s: s.time_s.__setitem__(5, s.time_s[4] + 1e-7), "strictly increase"),
        (lambda s: s.time_s.__setitem__(5, -1.0), "strictly increase"),
    ],
)
def test_the_writer_takes_no_sample_that_the_reader_would_refuse(
    tmp_path, samples, spoil, problem
) -> None:
    bad = samples(PELVIS, 20)
    spoil(bad)
    with SessionWriter(tmp_path / "walk", SessionMetadata()) as writer:
        with pytest.raises(ValueError, match=problem):
            writer.append(bad)
        writer.append(samples(PELVIS, 20))
        with pytest.raises(ValueError, match="strictly increase"):
            writer.append(samples(PELVIS, 20))
    assert len(read_session(tmp_path / "walk", required=()).samples(PELVIS)) == 20


def test_a_magnetic_field_comes_always_or_never(tmp_path, samples) -> None:
    plain = samples(PELVIS, 20)
    with_mag = ImuSamples(PELVIS, plain.time_s + 1, plain.acc_m_s2, plain.gyr_rad_s, plain.acc_m_s2)
    with SessionWriter(tmp_path / "walk", SessionMetadata()) as writer:
        writer.append(plain)
        with pytest.raises(ValueError, match="always or never"):
            writer.append(with_mag)


def test_write_session_copies_a_session_exactly(make_session, tmp_path) -> None:
    original = read_session(make_session(events=(SessionEvent(0.5, "marker", 'a, "b"'),)))
    write_session(original, tmp_path / "copy")
    copy = read_session(tmp_path / "copy")
    assert copy.events == original.events
    assert copy.metadata == original.metadata
    for placement in original.placements:
        assert_same_bits(copy.samples(placement), original.samples(placement))


def test_write_session_leaves_nothing_behind_when_a_source_breaks(make_session, tmp_path) -> None:
    path = make_session()
    lines = (path / "thigh_right.csv").read_text().splitlines()
    lines[150] = lines[150].replace(".", "x", 1)
    (path / "thigh_right.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match="line 151"):
        write_session(read_session(path), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_chunks_of_a_session_are_its_samples_in_time_order(make_session) -> None:
    session = read_session(make_session(n=1000))
    chunks = list(session.chunks(duration_s=0.7))
    for placement in session.placements:
        joined = concatenate([chunk[placement] for chunk in chunks])
        assert_same_bits(joined, session.samples(placement))
    starts = [min(s.time_s[0] for s in chunk.values()) for chunk in chunks]
    assert starts == sorted(starts)
    assert all(len(s) <= 71 for chunk in chunks for s in chunk.values())


def test_a_sensor_without_samples_is_an_empty_stretch() -> None:
    class Silent:
        placement = PELVIS
        read_remarks = ()

        def read(self):
            return iter(())

    session = Session("x", {PELVIS: Silent()})
    assert len(session.samples(PELVIS)) == 0
    assert list(session.chunks()) == []


def test_an_in_memory_session_reads_like_one_on_disk(samples) -> None:
    source = InMemorySource(samples(PELVIS, 100))
    assert_same_bits(Session("x", {PELVIS: source}).samples(PELVIS), samples(PELVIS, 100))
