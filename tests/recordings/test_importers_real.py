"""Importers on recordings of real people: the figures that their READMEs and papers give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recordings.columns.mapping import ColumnMapping, SensorColumns
from recordings.containers import open_container
from recordings.errors import InputError
from recordings.importers.mobilised_mat import trials
from recordings.importers.rotation_rate import rotation_vector
from recordings.importers.xsens_mt import _MAT
from recordings.importing import import_recording, read_foreign
from recordings.placement import Placement
from recordings.reading import read_session
from recordings.text_tables.whole import load_table

PELVIS, THIGH_LEFT, THIGH_RIGHT = Placement.PELVIS, Placement.THIGH_LEFT, Placement.THIGH_RIGHT
ALL_FIVE = tuple(Placement)

OPENSENSE = "02_opensense_walk"
FULL_BODY = "03_qmt_fullbody/full_body_example_data.mat"
FREEZER = "04_fog_pd_11imu/pt5_visit_27.1_tbc_walklr_1_trial_1.xlsx"
NO_FREEZE = "04_fog_pd_11imu/pt6_visit_50_tbc_walklr_0_trial_1.xlsx"
LOWER_BACK = "05_mobgap_lowerback/lab/HA/001/data.mat"


def size_at(session, placement: Placement, start_s: float, end_s: float) -> float:
    part = session.samples(placement).between(start_s, end_s)
    return float(np.linalg.norm(part.acc_m_s2.mean(axis=0)))


def test_xsens_text(shared_data) -> None:
    understanding = read_foreign(open_container(shared_data(OPENSENSE)))
    session = understanding.session
    assert session.placements == ALL_FIVE
    # Sensor ids as the mapping file beside the data names them.
    assert {p: i.device_id for p, i in session.metadata.sensors.items()} == {
        Placement.PELVIS: "00B42279",
        Placement.THIGH_LEFT: "00B421EE",
        Placement.THIGH_RIGHT: "00B4227C",
        Placement.SHANK_LEFT: "00B421ED",
        Placement.SHANK_RIGHT: "00B4227D",
    }
    assert all(s.rate_hz == 100.0 and s.n_gaps == 0 for s in understanding.sensors)
    # All sensors begin at packet 472 and end at different ones.
    samples = {p: session.samples(p) for p in ALL_FIVE}
    assert {float(s.time_s[0]) for s in samples.values()} == {4.72}
    assert min(len(s) for s in samples.values()) == 2452
    for placement in ALL_FIVE:
        assert 9.75 < size_at(session, placement, 4.72, 8.0) < 9.90
    assert {"gyr_derived", "sensors_unused"} == {r.reason for r in session.all_remarks()}


def test_xsens_derived_rate_turns_the_sensor_as_its_matrices_do(shared_data) -> None:
    folder = shared_data(OPENSENSE)
    session = read_session(folder)
    container = open_container(folder)
    for placement, device in ((PELVIS, "00B42279"), (Placement.SHANK_LEFT, "00B421ED")):
        name = f"MT_012005D6_009-001_{device}.txt"
        table = load_table(container, name, lambda _: _MAT)
        matrices = table.values.reshape(-1, 3, 3).transpose(0, 2, 1)
        np.testing.assert_allclose(np.linalg.det(matrices), 1.0, atol=1e-4)
        rate = session.samples(placement).gyr_rad_s
        # Step by step with the mean rate of both ends, over stretches of one second.
        worst = 0.0
        for start in range(0, len(rate) - 100, 100):
            turned = matrices[start]
            for i in range(start, start + 100):
                turned = turned @ _rotation(0.5 * (rate[i] + rate[i + 1]) * 0.01)
            missed = rotation_vector((turned.T @ matrices[start + 100])[None])[0]
            worst = max(worst, float(np.degrees(np.linalg.norm(missed))))
        assert worst < 0.6


def _rotation(vector: np.ndarray) -> np.ndarray:
    angle = float(np.linalg.norm(vector))
    x, y, z = vector / angle if angle else vector
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew


@pytest.mark.parametrize("placement", [THIGH_LEFT, THIGH_RIGHT])
def test_xsens_rate_makes_gravity_turn_the_right_way(shared_data, placement) -> None:
    """da/dt = −ω × a holds for gravity seen from the sensor; a transposed matrix breaks it."""
    s = read_session(shared_data(OPENSENSE)).samples(placement)
    n = len(s) // 50 * 50
    turn = -np.cross(s.gyr_rad_s, s.acc_m_s2)[:n] * 0.01
    turned = turn.reshape(-1, 50, 3).sum(axis=1)
    mean_acc = s.acc_m_s2[:n].reshape(-1, 50, 3).mean(axis=1)
    predicted = 0.5 * (turned[:-1] + turned[1:])
    seen = np.diff(mean_acc, axis=0)
    assert np.corrcoef(seen.ravel(), predicted.ravel())[0, 1] > 0.5


def test_xsens_without_its_mapping_file_asks_for_one(shared_data, tmp_path: Path) -> None:
    for file in shared_data(OPENSENSE).glob("MT_*.txt"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(InputError, match="00B42279") as caught:
        read_session(tmp_path)
    assert caught.value.reason == "placements_unknown"
    mapping = ColumnMapping(
        sensors={
            PELVIS: SensorColumns(device="00B42279"),
            THIGH_LEFT: SensorColumns(device="00b421ee"),
            THIGH_RIGHT: SensorColumns(device="_00B4227C"),
        }
    )
    assert read_session(tmp_path, mapping).placements == (PELVIS, THIGH_LEFT, THIGH_RIGHT)


def test_matlab_full_body(shared_data) -> None:
    understanding = read_foreign(open_container(shared_data(FULL_BODY)))
    session = understanding.session
    assert {s.placement: s.origin for s in understanding.sensors} == {
        Placement.PELVIS: "segment hip",
        Placement.THIGH_LEFT: "segment upper_leg_left",
        Placement.THIGH_RIGHT: "segment upper_leg_right",
        Placement.SHANK_LEFT: "segment lower_leg_left",
        Placement.SHANK_RIGHT: "segment lower_leg_right",
    }
    for placement in ALL_FIVE:
        samples = session.samples(placement)
        assert len(samples) == 10_000
        assert (samples.time_s[0], samples.time_s[-1]) == (40.0, 139.99)
        assert 9.68 < size_at(session, placement, 40, 43) < 10.15
    assert 25 < np.abs(session.samples(THIGH_LEFT).gyr_rad_s).max() < 29
    assert session.all_remarks() == ()


def test_spreadsheet_with_freezing(shared_data) -> None:
    understanding = read_foreign(open_container(shared_data(FREEZER)))
    session = understanding.session
    assert session.placements == ALL_FIVE
    samples = session.samples(PELVIS)
    assert len(samples) == 6436
    assert samples.time_s[0] == 263.304688
    assert samples.time_s[-1] - samples.time_s[0] == pytest.approx(50.3, abs=0.05)
    assert all(s.rate_hz == pytest.approx(128.0) for s in understanding.sensors)
    starts = [e.time_s for e in session.events if e.kind == "freezing_start"]
    ends = [e.time_s for e in session.events if e.kind == "freezing_end"]
    assert len(starts) == len(ends) == 4
    frozen_s = sum(end - start for start, end in zip(starts, ends, strict=True))
    assert frozen_s / 50.27 == pytest.approx(0.28, abs=0.01)
    assert samples.acc_m_s2[:, 0].mean() == pytest.approx(-9.7, abs=0.3)


def test_spreadsheet_without_freezing(shared_data) -> None:
    session = read_session(shared_data(NO_FREEZE))
    assert session.events == ()
    samples = session.samples(PELVIS)
    assert samples.time_s[-1] - samples.time_s[0] == pytest.approx(29.3, abs=0.01)
    assert 9.8 < np.linalg.norm(samples.acc_m_s2, axis=1).mean() < 10.1


def test_lower_back_trials(shared_data) -> None:
    container = open_container(shared_data(LOWER_BACK))
    names = list(trials(container))
    assert names == [f"TimeMeasure1/{t}" for t in ("Test5/Trial1", "Test5/Trial2", "Test11/Trial1")]
    with pytest.raises(InputError, match=r"3 trials .*Without thigh sensors") as caught:
        read_foreign(container, required=(PELVIS,))
    assert caught.value.reason == "trial_unknown"
    mapping = ColumnMapping(sensors={PELVIS: SensorColumns(device=names[2])})
    understanding = read_foreign(container, mapping, required=(PELVIS,))
    (sensor,) = understanding.sensors
    assert (sensor.n_samples, sensor.rate_hz) == (13_759, pytest.approx(100, abs=0.1))
    assert 0.97 < size_at(understanding.session, PELVIS, 0, 3) / 9.80665 < 1.0
    start = understanding.session.metadata.start_time
    assert start is not None
    assert start.isoformat() == "2020-12-10T14:09:03.815000+01:00"
    samples = understanding.session.samples(PELVIS)
    assert samples.time_s[0] == 0.0
    assert samples.mag_ut is not None


@pytest.mark.parametrize("name", [OPENSENSE, FULL_BODY, NO_FREEZE])
def test_an_imported_session_is_the_recording_bit_for_bit(shared_data, tmp_path, name) -> None:
    understanding = import_recording(shared_data(name), tmp_path / "walk", written_by="test 1")
    session = read_session(tmp_path / "walk")
    assert session.metadata.written_by == "test 1"
    assert session.metadata.notes.startswith("Imported from ")
    assert session.events == understanding.session.events
    for placement in ALL_FIVE:
        found, wanted = session.samples(placement), understanding.session.samples(placement)
        assert found.time_s.tobytes() == wanted.time_s.tobytes()
        assert found.acc_m_s2.tobytes() == wanted.acc_m_s2.tobytes()
        assert found.gyr_rad_s.tobytes() == wanted.gyr_rad_s.tobytes()


def test_a_folder_with_papers_and_one_recording_is_that_recording(shared_data) -> None:
    assert read_session(shared_data("03_qmt_fullbody")).placements == ALL_FIVE


def test_a_folder_with_several_recordings_names_them(shared_data) -> None:
    with pytest.raises(InputError, match=r"pt5.*pt6") as caught:
        read_session(shared_data("04_fog_pd_11imu"))
    assert caught.value.reason == "several_recordings"
