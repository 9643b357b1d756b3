"""Importers on files made after their formats: what real recordings at hand do not show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.columns.mapping import ColumnMapping, SensorColumns
from recordings.containers import open_container
from recordings.errors import FormatError, InputError
from recordings.importers.registry import all_importers
from recordings.importers.rotation_rate import angular_rate, rotation_vector
from recordings.importing import read_foreign
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.reading import read_session
from recordings.samples import ImuSamples

G = 9.80665
PELVIS = Placement.PELVIS


def test_every_format_is_registered_once() -> None:
    assert [i.key for i in all_importers()] == [
        "dot_csv", "fog_xlsx", "mobilised_mat", "qmt_mat", "witmotion", "xsens_mt",
    ]  # fmt: skip


# --- Movella DOT ------------------------------------------------------------------------

DOT_PREAMBLE = "sep=,\nDeviceTag:,{tag}\nFirmwareVersion:,2.2.0\nOutputRate:,60Hz\n\n"


def dot_text(s: ImuSamples, tag: str, start_us: int = 0, columns: str = "Acc Gyr") -> str:
    header = ["PacketCounter", "SampleTimeFine"]
    header += [f"{name}_{axis}" for name in columns.split() for axis in "XYZ"] + ["Status"]
    signals = {"Acc": s.acc_m_s2, "Gyr": np.degrees(s.gyr_rad_s), "FreeAcc": s.acc_m_s2 * 0}
    rows = []
    for i in range(len(s)):
        clock_us = (start_us + round(i * 1e6 / 60)) % 2**32
        values = [v for name in columns.split() for v in signals[name][i]]
        rows.append(",".join([str(i), str(clock_us), *(f"{v:.7f}" for v in values), "0"]))
    return DOT_PREAMBLE.format(tag=tag) + "\n".join([",".join(header), *rows, ""])


@pytest.fixture
def dot_folder(samples, tmp_path: Path):
    def make(start_us: int = 0, columns: str = "Acc Gyr", tags: bool = True) -> Path:
        folder = tmp_path / "dots"
        folder.mkdir()
        for i, placement in enumerate(REQUIRED_PLACEMENTS):
            tag = placement.label.title() if tags else f"D{i}"
            text = dot_text(samples(placement, 300, 60.0), tag, start_us, columns)
            (folder / f"{i}_20260508_101112.csv").write_text(text)
        return folder

    return make


@pytest.mark.parametrize("start_us", [0, 2**32 - 2_000_000])
def test_dot_files_also_when_the_clock_wraps(dot_folder, samples, start_us) -> None:
    understanding = read_foreign(open_container(dot_folder(start_us)))
    assert understanding.format_label == "Movella DOT app recording"
    session = understanding.session
    for placement in REQUIRED_PLACEMENTS:
        found, wanted = session.samples(placement), samples(placement, 300, 60.0)
        np.testing.assert_allclose(found.gyr_rad_s, wanted.gyr_rad_s, atol=1e-6)
        np.testing.assert_allclose(np.diff(found.time_s), 1 / 60, atol=2e-6)
    assert {round(s.rate_hz, 2) for s in understanding.sensors} == {60.0}


def test_dot_sensors_without_telling_tags_need_a_mapping(dot_folder) -> None:
    folder = dot_folder(tags=False)
    with pytest.raises(InputError, match="D0, D1, D2") as caught:
        read_session(folder)
    assert caught.value.reason == "placements_unknown"
    sensors = {p: SensorColumns(device=f"D{i}") for i, p in enumerate(REQUIRED_PLACEMENTS)}
    assert read_session(folder, ColumnMapping(sensors=sensors)).placements == REQUIRED_PLACEMENTS


def test_dot_free_acceleration_says_which_mode_to_record(dot_folder) -> None:
    with pytest.raises(InputError, match="payload mode") as caught:
        read_session(dot_folder(columns="FreeAcc"))
    assert caught.value.reason == "gravity_missing"


def test_dot_acceleration_alone_is_not_enough(dot_folder) -> None:
    with pytest.raises(FormatError, match="lacks Gyr_X, Gyr_Y, Gyr_Z"):
        read_session(dot_folder(columns="Acc"))


# --- WitMotion --------------------------------------------------------------------------

WIT_HEADINGS = {
    "english csv": ("time,DeviceName,AccX(g),AccY(g),AccZ(g),AsX(°/s),AsY(°/s),AsZ(°/s)", ","),
    "lower case tabs": ("Time\tDevice name\tax(g)\tay(g)\taz(g)\twx(deg/s)\twy(deg/s)\twz(deg/s)",
                        "\t"),
    "chinese": ("时间\t设备名称\t加速度X(g)\t加速度Y(g)\t加速度Z(g)"
                "\t角速度X(°/s)\t角速度Y(°/s)\t角速度Z(°/s)", "\t"),
}  # fmt: skip


def wit_clock(second: float) -> str:
    whole = int(second) % 86_400
    return (
        f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
        f".{round(second % 1 * 1000) % 1000:03d}"
    )


def wit_rows(s: ImuSamples, device: str, delimiter: str, burst: int, start_s: float) -> list[str]:
    rows = []
    for i in range(len(s)):
        # The radio delivers `burst` samples at once, stamped when they arrive.
        arrival = start_s + round(s.time_s[i // burst * burst], 3)
        values = [*(s.acc_m_s2[i] / G), *np.degrees(s.gyr_rad_s[i])]
        rows.append(delimiter.join([wit_clock(arrival), device, *(f"{v:.7f}" for v in values)]))
    return rows


@pytest.mark.parametrize("heading", WIT_HEADINGS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_witmotion_of_three_sensors_in_one_file(samples, tmp_path, heading, encoding) -> None:
    header, delimiter = WIT_HEADINGS[heading]
    rows = [
        row
        for placement in REQUIRED_PLACEMENTS
        for row in wit_rows(
            samples(placement, 500), f"WT_{placement.value}(a1:b2)", delimiter, 1, 36_672.0
        )
    ]
    text = "\r\n".join([header, *rows, ""])
    (tmp_path / "data.txt").write_bytes(text.encode(encoding))
    mapping = ColumnMapping(
        sensors={p: SensorColumns(device=f"WT_{p.value}(a1:b2)") for p in REQUIRED_PLACEMENTS}
    )
    for given_mapping in (None, mapping):
        understanding = read_foreign(open_container(tmp_path / "data.txt"), given_mapping)
        assert understanding.format_label == "WitMotion app recording"
        for placement in REQUIRED_PLACEMENTS:
            found = understanding.session.samples(placement)
            wanted = samples(placement, 500)
            np.testing.assert_allclose(found.acc_m_s2, wanted.acc_m_s2, atol=2e-5)
            np.testing.assert_allclose(found.gyr_rad_s, wanted.gyr_rad_s, atol=2e-6)
            np.testing.assert_allclose(np.diff(found.time_s), 0.01, atol=1e-6)
            info = understanding.session.metadata.sensors[placement]
            assert (info.model, info.timing_quality) == ("WitMotion", "low")


def test_witmotion_bursts_are_spread_and_midnight_is_passed(samples, tmp_path) -> None:
    folder = tmp_path / "wit"
    folder.mkdir()
    for placement in REQUIRED_PLACEMENTS:
        s = samples(placement, 600)
        rows = wit_rows(s, "WT", ",", 4, 86_397.0)
        del rows[300:400]  # the link was lost for a second
        text = "\n".join([WIT_HEADINGS["english csv"][0], *rows, ""])
        (folder / f"{placement.value}.csv").write_text(text)
    session = read_session(folder)
    for placement in REQUIRED_PLACEMENTS:
        found = session.samples(placement)
        assert len(found) == 500
        steps = np.diff(found.time_s)
        assert steps[299] == pytest.approx(1.01, abs=0.05)
        np.testing.assert_allclose(np.delete(steps, 299), 0.01, atol=5e-4)
        np.testing.assert_allclose(found.acc_m_s2[:300], samples(placement, 600).acc_m_s2[:300],
                                   atol=2e-5)  # fmt: skip
    assert {r.reason for r in session.all_remarks()} == {"time_spread"}


# --- Xsens MT text ----------------------------------------------------------------------


def xsens_text(s: ImuSamples, counters: list[int], angle: np.ndarray) -> str:
    """A sensor that turns by `angle` about its y axis: orientation matrices, no gyroscope."""
    names = [f"Mat[{r}][{c}]" for c in (1, 2, 3) for r in (1, 2, 3)]
    lines = ["// Start Time: Unknown", "// Update Rate: 100.0Hz"]
    lines.append("\t".join(["PacketCounter", "SampleTimeFine", "Acc_X", "Acc_Y", "Acc_Z", *names]))
    for i, counter in enumerate(counters):
        c, n = np.cos(angle[i]), np.sin(angle[i])
        matrix = np.array([[c, 0, n], [0, 1, 0], [-n, 0, c]])
        cells = [*s.acc_m_s2[i], *matrix.T.ravel()]
        lines.append("\t".join([f"{counter % 65536:05d}", "", *(f"{v:.6f}" for v in cells)]))
    return "\n".join([*lines, ""])


def test_xsens_gaps_stay_gaps_and_the_counter_wraps(samples, tmp_path) -> None:
    """Packets 65530 … 65829, of which 65600–65609 and all around 65700 are lost."""
    counters = [c for c in range(65_530, 65_830) if not (65_600 <= c < 65_610)]
    counters = [c for c in counters if c not in (65_699, 65_701)]
    angle = np.radians(40) * np.sin(2 * np.pi * 0.4 * np.array(counters) / 100)
    for placement in REQUIRED_PLACEMENTS:
        s = samples(placement, len(counters))
        tilted = 9.81 * np.column_stack([-np.sin(angle), 0 * angle, np.cos(angle)])
        text = xsens_text(ImuSamples(placement, s.time_s, tilted, s.gyr_rad_s), counters, angle)
        (tmp_path / f"MT_{placement.value}.txt").write_text(text)
    session = read_session(tmp_path)
    found = session.samples(PELVIS)
    # Packet 65700 has no neighbour: its rate is not known, it counts as lost.
    kept = np.array([c for c in counters if c != 65_700])
    np.testing.assert_allclose(found.time_s, kept / 100.0, atol=1e-6)
    true_rate = np.radians(40) * 2 * np.pi * 0.4 * np.cos(2 * np.pi * 0.4 * kept / 100)
    np.testing.assert_allclose(found.gyr_rad_s[:, 1], true_rate, atol=0.035)
    beside_no_gap = np.convolve(np.diff(kept, prepend=0, append=0) == 1, [1, 1], "valid") == 2
    np.testing.assert_allclose(
        found.gyr_rad_s[beside_no_gap, 1], true_rate[beside_no_gap], atol=2e-3
    )
    assert "rows_without_value" in {r.reason for r in session.all_remarks()}


@given(st.tuples(*[st.floats(-3.0, 3.0)] * 3), st.floats(0.001, 0.02), st.integers(2, 20))
def test_a_constant_rate_is_found_exactly(rate, interval_s: float, n: int) -> None:
    rate = np.array(rate)
    angle = np.linalg.norm(rate)
    axis = rate / angle if angle else rate
    skew = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    turns = np.arange(n) * angle * interval_s
    rotation = np.array(
        [np.eye(3) + np.sin(a) * skew + (1 - np.cos(a)) * skew @ skew for a in turns]
    )
    found = angular_rate(rotation, np.arange(n), interval_s)
    np.testing.assert_allclose(found, np.tile(rate, (n, 1)), atol=1e-9)


def test_rotation_vectors_up_to_half_a_turn() -> None:
    for angle in (0.0, 1e-9, 0.1, 1.5, 3.1):
        c, s = np.cos(angle), np.sin(angle)
        about_z = np.array([[[c, -s, 0], [s, c, 0], [0, 0, 1.0]]])
        np.testing.assert_allclose(rotation_vector(about_z), [[0, 0, angle]], atol=1e-12)


# --- Damaged foreign files --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.mat", b"MATLAB 5.0 MAT-file" + b"\x00" * 200, "no MATLAB file"),
        ("a.xlsx", b"PK\x03\x04" + b"\x00" * 200, "no spreadsheet"),
        ("a.bin", b"\x00\x01\x02", "holds no recording"),
        ("a.csv", b"", "is empty"),
        ("pelvis.csv", b"PacketCounter,SampleTimeFine,Mag_X,Status\n", "lacks Acc_X"),
        ("a.txt", b"// x\nPacketCounter\tAcc_X\tAcc_Y\tAcc_Z\tMat[1][1]\n1\t2\t3\t4\t5\n",
         "nothing says which sensor"),
    ],
)  # fmt: skip
def test_damaged_files_are_said_in_one_line(tmp_path, name, content, words) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_session(tmp_path / name)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_spreadsheet_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 20_000_000)
    with pytest.raises(FormatError) as caught:
        read_session(tmp_path / "a.xlsx")
    assert caught.value.reason == "zip_too_large"


def test_xml_that_explodes_is_not_parsed(tmp_path: Path, samples) -> None:
    (tmp_path / "MT_1.txt").write_text(
        "// Update Rate: 100.0Hz\nPacketCounter\tAcc_X\tAcc_Y\tAcc_Z\tMat[1][1]\n1\t2\t3\t4\t5\n"
    )
    (tmp_path / "m.xml").write_text(
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><ExperimentalSensor name="_1"/>'
    )
    with pytest.raises(InputError) as caught:
        read_session(tmp_path)
    assert caught.value.reason == "placements_unknown"
