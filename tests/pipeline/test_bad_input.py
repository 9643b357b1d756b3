"""Bad input through ``hipgait analyze``: one clear line, or a result that says what is missing."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hipgait
from dashboards.cli.main import main
from firmware_bridge.virtual_wearer.spec import Person, Sensors, Sit, Spec, Stand, Walk
from firmware_bridge.virtual_wearer.wear import VirtualSession, wear
from pipeline.engine import Engine
from pipeline.results import Verdict
from recordings.csv_session.writer import write_session
from recordings.metadata import SensorInfo, SessionMetadata, Wearer
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import ImuSamples
from recordings.session import InMemorySource, Session
from tests.pipeline.streams import all_samples, still_sensors

PELVIS, LEFT, RIGHT = REQUIRED_PLACEMENTS
Parts = dict[Placement, ImuSamples]


@pytest.fixture(scope="module")
def walk() -> VirtualSession:
    """Stands, walks straight for half a minute, stands; three sensors."""
    return wear(
        Spec(
            name="walk",
            seed=8,
            timeline=(Stand(duration_s=6.0), Walk(duration_s=36.0), Stand(duration_s=1.0)),
            sensors=Sensors(placements=REQUIRED_PLACEMENTS),
        )
    )


@pytest.fixture
def parts(walk: VirtualSession) -> Parts:
    return all_samples(walk.session)


@dataclass
class Answer:
    """What the command said."""

    status: int
    line: str
    results: dict[str, Any]

    @property
    def verdicts(self) -> set[str]:
        return {finding["verdict"] for finding in self.results["findings"]}

    @property
    def said(self) -> str:
        """All that the results say about why."""
        texts = [finding["sentence"] for finding in self.results["findings"]]
        texts += self.results["remarks"]
        texts += [remark for q in self.results["quality"] for remark in q["remarks"]]
        return "\n".join(texts)


@pytest.fixture
def analyze(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[[Path], Answer]:
    """Run ``hipgait analyze PATH --json`` in process."""

    def run(path: Path) -> Answer:
        status = main(["analyze", str(path), "--json"])
        captured = capfdbinary.readouterr()
        line = captured.err.decode()
        if status == 0:
            assert line == ""
            return Answer(status, line, json.loads(captured.out))
        assert captured.out == b""
        assert line.startswith("hipgait: ") and line.endswith("\n") and line.count("\n") == 1
        assert "this should not have happened" not in line
        return Answer(status, line, {})

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write sensors as a session folder."""

    def write(parts: Mapping[Placement, ImuSamples], **metadata: Any) -> Path:
        sources = {p: InMemorySource(part) for p, part in parts.items()}
        path = tmp_path / "recording"
        write_session(Session("recording", sources, SessionMetadata(**metadata)), path)
        return path

    return write


def _part(old: ImuSamples, **changed: np.ndarray) -> ImuSamples:
    values = {"time_s": old.time_s, "acc_m_s2": old.acc_m_s2, "gyr_rad_s": old.gyr_rad_s}
    return ImuSamples(old.placement, **{**values, **changed})


def _rows(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    lines = path.read_text().splitlines()
    path.write_text("\n".join(change(lines)) + "\n")


# --- what cannot be read: exit status 1 and one line --------------------------------------


def test_an_empty_folder(analyze: Callable[[Path], Answer], tmp_path: Path) -> None:
    answer = analyze(tmp_path)
    assert answer.status == 1
    assert str(tmp_path) in answer.line and "empty" in answer.line


@pytest.mark.parametrize("missing", REQUIRED_PLACEMENTS)
def test_a_missing_placement_is_named(
    analyze: Callable[[Path], Answer],
    folder: Callable[..., Path],
    parts: Parts,
    missing: Placement,
) -> None:
    del parts[missing]
    answer = analyze(folder(parts))
    assert answer.status == 1
    assert missing.label in answer.line


def _text_in_a_cell(lines: list[str]) -> list[str]:
    lines[700] = lines[700].replace(lines[700].split(",")[2], "error", 1)
    return lines


def _backward(lines: list[str]) -> list[str]:
    lines[700] = "0.5" + lines[700][lines[700].index(",") :]
    return lines


def _other_sample_at_the_same_time(lines: list[str]) -> list[str]:
    time_s = lines[699].split(",")[0]
    lines[700] = time_s + lines[700][lines[700].index(",") :]
    return lines


@pytest.mark.parametrize(
    "change", [_text_in_a_cell, _backward, _other_sample_at_the_same_time], ids=lambda c: c.__name__
)
def test_a_row_that_no_guess_can_mend_is_named_by_file_and_line(
    analyze: Callable[[Path], Answer],
    folder: Callable[..., Path],
    parts: Parts,
    change: Callable[[list[str]], list[str]],
) -> None:
    path = folder(parts)
    _rows(path / "thigh_left.csv", change)
    answer = analyze(path)
    assert answer.status == 1
    assert "thigh_left.csv" in answer.line and "line 701" in answer.line


def test_a_million_columns(analyze: Callable[[Path], Answer], tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{i}" for i in range(1_000_000)) + "\n" + "1," * 999_999 + "1\n")
    tracemalloc.start()
    answer = analyze(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status == 1
    assert len(answer.line) < 500
    assert peak < 300e6


def test_a_zip_whose_names_climb_out(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts, tmp_path: Path
) -> None:
    path = folder(parts)
    archive = tmp_path / "climbs.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("pelvis.csv", "thigh_left.csv", "thigh_right.csv"):
            file.write(path / name, f"../{name}")
    answer = analyze(archive)
    assert answer.status == 1
    assert "leads out of the folder" in answer.line
    assert sorted(p.name for p in tmp_path.iterdir()) == ["climbs.zip", "recording"]


# --- what reads, with a loss that is said ---------------------------------------------------


def test_rows_of_nan_are_losses_and_are_counted(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts
) -> None:
    path = folder(parts)

    def blank(lines: list[str]) -> list[str]:
        for i in range(1000, 1003):
            cells = lines[i].split(",")
            lines[i] = ",".join([cells[0], "nan", *cells[2:]])
        return lines

    _rows(path / "thigh_right.csv", blank)
    answer = analyze(path)
    assert answer.status == 0
    quality = {q["placement"]: q for q in answer.results["quality"]}
    assert quality["thigh_right"]["samples"] == len(parts[RIGHT]) - 3
    assert quality["thigh_right"]["lost_fraction"] == pytest.approx(3 / len(parts[RIGHT]))
    assert "3 rows with an empty or NaN cell" in answer.said
    assert answer.results["summary"]["steady_strides"]["right"] >= 28


def test_repeated_rows_are_left_out_and_change_nothing(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts
) -> None:
    path = folder(parts)
    plain = analyze(path)
    _rows(path / "pelvis.csv", lambda lines: [*lines[:900], lines[899], *lines[900:]])
    answer = analyze(path)
    assert answer.status == 0
    assert "repeat the row before them" in answer.said
    assert answer.results["summary"] == plain.results["summary"]
    assert answer.results["findings"] == plain.results["findings"]


def test_a_file_cut_in_the_middle_of_a_line_gives_what_it_holds(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts
) -> None:
    path = folder(parts)
    file = path / "thigh_left.csv"
    file.write_bytes(file.read_bytes()[:200_000])
    answer = analyze(path)
    assert answer.status == 0
    assert "the last line is cut off" in answer.said
    end_s = float(file.read_text().splitlines()[-2].split(",")[0])
    assert answer.results["summary"]["steps"] > 20
    assert max(s["end_s"] for s in _strides(path)) <= end_s


def _strides(path: Path) -> list[dict[str, float]]:
    results = hipgait.analyze(hipgait.read_session(path))
    return [{"start_s": s.start_s, "end_s": s.end_s} for s in results.strides]


def test_a_fifth_lost_is_bridged_and_said(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts
) -> None:
    rng = np.random.default_rng(0)
    lossy = {}
    for p, s in parts.items():
        keep = rng.random(len(s)) > 0.2
        lossy[p] = _part(
            s, time_s=s.time_s[keep], acc_m_s2=s.acc_m_s2[keep], gyr_rad_s=s.gyr_rad_s[keep]
        )
    answer = analyze(folder(lossy))
    assert answer.status == 0
    for quality in answer.results["quality"]:
        assert quality["lost_fraction"] == pytest.approx(0.2, abs=0.02)
        assert any("samples were lost" in remark for remark in quality["remarks"])
    whole = {p: len(s) for p, s in parts.items()}
    for quality in answer.results["quality"]:
        assert quality["samples"] == len(lossy[Placement(quality["placement"])])
        assert quality["samples"] < whole[Placement(quality["placement"])]
    assert "present" not in answer.verdicts


def test_sensors_that_overlap_only_partly_are_used_where_they_do(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts
) -> None:
    spans = {PELVIS: (0.0, 30.0), LEFT: (0.0, 42.0), RIGHT: (0.0, 38.0)}
    path = folder({p: parts[p].between(*span) for p, span in spans.items()})
    answer = analyze(path)
    assert answer.status == 0
    assert all(stride["end_s"] <= 30.0 for stride in _strides(path))
    assert answer.results["summary"]["steps"] >= 35
    apart = {PELVIS: (0.0, 12.0), LEFT: (13.0, 25.0), RIGHT: (26.0, 40.0)}
    results = hipgait.analyze(
        Session("apart", {p: InMemorySource(parts[p].between(*span)) for p, span in apart.items()})
    )
    assert results.strides == () and results.events == ()
    assert {f.verdict for f in results.findings} == {Verdict.CANNOT_JUDGE}


# --- what reads and must not be judged ------------------------------------------------------


def _in_g(s: ImuSamples) -> ImuSamples:
    return _part(s, acc_m_s2=s.acc_m_s2 / 9.80665)


def _in_degrees(s: ImuSamples) -> ImuSamples:
    return _part(s, gyr_rad_s=np.rad2deg(s.gyr_rad_s))


def _free(s: ImuSamples) -> ImuSamples:
    return _part(s, acc_m_s2=s.acc_m_s2 - s.acc_m_s2[:500].mean(axis=0))


def _zeros(s: ImuSamples) -> ImuSamples:
    return _part(s, acc_m_s2=0 * s.acc_m_s2, gyr_rad_s=0 * s.gyr_rad_s)


@pytest.mark.parametrize("placement", REQUIRED_PLACEMENTS)
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_in_g, "in g instead of m/s²"),
        (_free, "gravity has been removed"),
        (_zeros, "sends the same values all the time"),
    ],
)
def test_one_unfit_sensor_is_named_and_nothing_is_judged(
    analyze: Callable[[Path], Answer],
    folder: Callable[..., Path],
    parts: Parts,
    placement: Placement,
    spoil: Callable[[ImuSamples], ImuSamples],
    words: str,
) -> None:
    parts[placement] = spoil(parts[placement])
    answer = analyze(folder(parts))
    assert answer.status == 0
    assert answer.verdicts == {"cannot_judge"}
    assert f"The {placement.label} sensor" in answer.said and words in answer.said


def test_degrees_a_second_are_told(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts
) -> None:
    answer = analyze(folder({p: _in_degrees(s) for p, s in parts.items()}))
    assert answer.status == 0
    assert answer.verdicts == {"cannot_judge"}
    assert "°/s instead of rad/s" in answer.said


def test_two_seconds(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts
) -> None:
    answer = analyze(folder({p: s.between(10.0, 12.0) for p, s in parts.items()}))
    assert answer.status == 0
    assert answer.verdicts == {"cannot_judge"}
    assert answer.results["summary"]["duration_s"] == pytest.approx(2.0)
    assert sum(answer.results["summary"]["steady_strides"].values()) == 0


@pytest.mark.parametrize("samples", [1, 2, 30, 99, 150])
def test_a_moment(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts, samples: int
) -> None:
    answer = analyze(folder({p: s[1000 : 1000 + samples] for p, s in parts.items()}))
    assert answer.status == 0
    assert answer.verdicts == {"cannot_judge"}
    assert {q["samples"] for q in answer.results["quality"]} == {samples}


def test_standing_only(analyze: Callable[[Path], Answer], folder: Callable[..., Path]) -> None:
    answer = analyze(folder(still_sensors(30.0)))
    assert answer.status == 0
    assert answer.verdicts == {"cannot_judge"}
    assert answer.results["summary"]["steps"] == 0
    assert "No walking was found" in answer.said


def test_sitting_only(analyze: Callable[[Path], Answer], folder: Callable[..., Path]) -> None:
    sitting = wear(
        Spec(
            seed=3,
            timeline=(Sit(duration_s=25.0),),
            sensors=Sensors(placements=REQUIRED_PLACEMENTS),
        )
    )
    answer = analyze(folder(all_samples(sitting.session)))
    assert answer.status == 0
    assert answer.verdicts == {"cannot_judge"}
    assert answer.results["summary"]["steps"] == 0


def test_a_pace_beyond_usual_walking_is_not_compared(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path]
) -> None:
    """A small person at 2 m/s: v* = 0.8."""
    fast = wear(
        Spec(
            seed=3,
            person=Person(height_m=1.2, speed_m_s=2.0),
            timeline=(Stand(duration_s=6.0), Walk(duration_s=40.0)),
            sensors=Sensors(placements=REQUIRED_PLACEMENTS),
        )
    )
    answer = analyze(folder(all_samples(fast.session), wearer=Wearer(height_m=1.2)))
    assert answer.status == 0
    assert answer.results["summary"]["dimensionless_speed"] > 0.70
    assert answer.verdicts == {"cannot_judge"}
    assert "too fast" in answer.said


def test_a_clipped_range_is_said(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts
) -> None:
    """Hard landings of 6 g in a sensor of ±4 g."""
    limit = 4 * 9.80665
    hard = {}
    for p, s in parts.items():
        acc = s.acc_m_s2.copy()
        direction = acc[:500].mean(axis=0) / np.linalg.norm(acc[:500].mean(axis=0))
        hits = (s.time_s > 7.0) & (s.time_s % 0.53 < 0.03)
        acc[hits] += 50.0 * direction
        hard[p] = _part(s, acc_m_s2=np.clip(acc, -limit, limit))
    info = {p: SensorInfo(placement=p, acc_range_g=4.0) for p in parts}
    answer = analyze(folder(hard, sensors=info))
    assert answer.status == 0
    for quality in answer.results["quality"]:
        assert quality["clipped_samples"] > 50
        assert any("peaks are cut off" in remark for remark in quality["remarks"])
    assert "present" not in answer.verdicts


# --- what looks odd and is none of hipgait's business --------------------------------------


def test_permuted_axes_simply_work(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts, tmp_path: Path
) -> None:
    permuted = {
        p: _part(s, acc_m_s2=s.acc_m_s2[:, [2, 0, 1]], gyr_rad_s=s.gyr_rad_s[:, [2, 0, 1]])
        for p, s in parts.items()
    }
    plain = analyze(folder(parts))
    (tmp_path / "recording").rename(tmp_path / "plain")
    answer = analyze(folder(permuted))
    assert "not_seen" in answer.verdicts
    assert answer.verdicts == plain.verdicts
    for before, after in zip(plain.results["features"], answer.results["features"], strict=True):
        assert (before["feature"], before["side"]) == (after["feature"], after["side"])
        if before["mean"] is not None:
            scale = 1.0 + 0.02 * abs(before["mean"])
            assert after["mean"] == pytest.approx(before["mean"], abs=scale)


@dataclass
class Looped:
    """A sensor that lives the same minutes over and over, block by block."""

    samples: ImuSamples
    repeats: int
    period_s: float
    read_remarks: tuple[()] = ()

    @property
    def placement(self) -> Placement:
        return self.samples.placement

    def read(self) -> Iterator[ImuSamples]:
        for i in range(self.repeats):
            yield _part(self.samples, time_s=np.round(self.samples.time_s + i * self.period_s, 6))


def _long(parts: Parts, repeats: int) -> Session:
    sources = {p: Looped(s.between(0.0, 40.0), repeats, 40.0) for p, s in parts.items()}
    return Session("long", sources)


def _peak_bytes(session: Session) -> tuple[int, int]:
    """Peak memory of the analysis, and the strides that it found."""
    engine = Engine(session.placements)
    tracemalloc.start()
    strides = 0
    for chunk in session.chunks(60.0):
        strides += len(engine.push(chunk).strides)
    engine.finish()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert engine.snapshot("long").summary.duration_s == pytest.approx(
        40.0 * len(list(session.sources[PELVIS].read())), abs=0.1
    )
    return peak, strides


def test_memory_grows_with_strides_and_not_with_samples(parts: Parts) -> None:
    short, few = _peak_bytes(_long(parts, 6))
    long, many = _peak_bytes(_long(parts, 18))
    assert many > 2.5 * few
    # Eight extra minutes are 7 MB of samples of three sensors, and 600 strides.
    assert long - short < 5000 * (many - few)


def _with_rest(part: ImuSamples, rest_s: float) -> ImuSamples:
    """The walk, and after it the standing from its beginning over and over."""
    stand = part.between(0.5, 5.5)
    repeats = round(rest_s / 5.0)
    time_s = [stand.time_s - 0.5 + 40.0 + 5.0 * i for i in range(repeats)]
    walk = part.between(0.0, 40.0)
    return ImuSamples(
        part.placement,
        np.concatenate((walk.time_s, *time_s)),
        np.concatenate((walk.acc_m_s2, np.tile(stand.acc_m_s2, (repeats, 1)))),
        np.concatenate((walk.gyr_rad_s, np.tile(stand.gyr_rad_s, (repeats, 1)))),
    )


@pytest.mark.slow
def test_ten_hours_of_which_one_was_walked(parts: Parts) -> None:
    sources = {p: Looped(_with_rest(s, 360.0), 90, 400.0) for p, s in parts.items()}
    results = hipgait.analyze(Session("day", sources))
    summary = results.summary
    assert summary.duration_s == pytest.approx(36000.0, abs=0.1)
    assert summary.walking_s == pytest.approx(90 * 33.5, rel=0.05)
    assert summary.bouts == 90
    assert min(summary.steady_strides.values()) > 90 * 25
    assert all(q.lost_fraction == 0.0 for q in results.quality)
    assert all(f.verdict is not Verdict.PRESENT for f in results.findings)


def test_a_sensor_on_another_clock_is_named_and_fills_no_memory(
    analyze: Callable[[Path], Answer], folder: Callable[..., Path], parts: Parts
) -> None:
    parts[RIGHT] = _part(parts[RIGHT], time_s=parts[RIGHT].time_s + 1.7e9)
    answer = analyze(folder(parts))
    assert answer.status == 1
    assert RIGHT.label in answer.line and "one clock" in answer.line
