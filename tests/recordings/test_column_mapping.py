"""Foreign tables: names, units and placements are guessed, shown, and can be given by hand."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.columns.body_words import guess_placement, guess_placements
from recordings.columns.gravity import gravity_size, guess_acc_unit
from recordings.columns.headings import Quantity, understand
from recordings.columns.mapping import ColumnMapping, GyrUnit, SensorColumns, load_mapping
from recordings.columns.units import guess_gyr_unit, guess_time_unit
from recordings.containers import open_container
from recordings.errors import FormatError, InputError
from recordings.importers.tables import draft_mapping
from recordings.importing import read_foreign
from recordings.placement import Placement
from recordings.reading import read_session

G = 9.80665
NAMES = {
    Placement.PELVIS: "lower_back",
    Placement.THIGH_LEFT: "thigh_l",
    Placement.THIGH_RIGHT: "femur_r",
    Placement.SHANK_LEFT: "tibia_l",
    Placement.SHANK_RIGHT: "ShankRight",
}


@pytest.fixture
def five(samples):
    return {name: samples(placement, 800) for placement, name in NAMES.items()}


def assert_reads_as(session, five, atol: float = 2e-5) -> None:
    for placement, name in NAMES.items():
        found, wanted = session.samples(placement), five[name]
        np.testing.assert_allclose(found.acc_m_s2, wanted.acc_m_s2, atol=atol)
        np.testing.assert_allclose(found.gyr_rad_s, wanted.gyr_rad_s, atol=atol)
        np.testing.assert_allclose(np.diff(found.time_s), np.diff(wanted.time_s), atol=2e-6)


@pytest.mark.parametrize(
    ("name", "placement"),
    [
        ("lower_back", "pelvis"),
        ("LowerBack", "pelvis"),
        ("hip", "pelvis"),
        ("sacrum_imu", "pelvis"),
        ("Lumbar", "pelvis"),
        ("L5", "pelvis"),
        ("hip_left", None),
        ("thigh_l", "thigh_left"),
        ("left thigh", "thigh_left"),
        ("LeftThigh", "thigh_left"),
        ("rthigh", "thigh_right"),
        ("upper_leg_left", "thigh_left"),
        ("UpperLeg_R", "thigh_right"),
        ("femur_r_imu", "thigh_right"),
        ("tibia_l_imu", "shank_left"),
        ("shank_right", "shank_right"),
        ("lower_leg_right", "shank_right"),
        ("imu_ankle_l", "shank_left"),
        ("calf-RIGHT-02", "shank_right"),
        ("trial01_lower leg right", "shank_right"),
        ("trial01_left shin", "shank_left"),
        ("LShin", "shank_left"),
        ("shinR 2", "shank_right"),
        ("walk2left-shin", "shank_left"),
        ("lowerLegLeft", "shank_left"),
        ("lower_left_leg", "shank_left"),
        ("leg.right.lower", "shank_right"),
        ("LLOWERLEG", "shank_left"),
        ("LLeg_R", "shank_right"),
        ("tibiaRight01", "shank_right"),
        ("RUpperLeg", "thigh_right"),
        ("Upper Left Leg", "thigh_left"),
        ("thigh1left", "thigh_left"),
        ("Femur L1", "thigh_left"),
        ("Hips", "pelvis"),
        ("Pelvis01", "pelvis"),
        ("pelvic imu", "pelvis"),
        ("low back", "pelvis"),
        ("trial12_L5/S1", "pelvis"),
        ("waist-sensor", "pelvis"),
        ("thigh", None),
        ("shin", None),
        ("thigh_L5", None),
        ("left shin right foot", None),
        ("lower_arm_left_leg_upper", None),
        ("foot_left", None),
        ("upper_back", None),
        ("lower_arm_left", None),
        ("ship", None),
        ("relax_thigh", None),
    ],
)
def test_body_words(name: str, placement: str | None) -> None:
    guess = guess_placement(name)
    assert (guess[0].value if guess else None) == placement


def test_the_sensor_nearest_the_pelvic_bone_wins() -> None:
    assert guess_placements(["lower_back", "hip", "upper_leg_left"]) == {
        Placement.PELVIS: "hip",
        Placement.THIGH_LEFT: "upper_leg_left",
    }


@pytest.mark.parametrize(
    ("column", "quantity", "axis", "unit", "owner"),
    [
        ("acc_x_m_s2", "ACC", "x", "m/s2", ""),
        ("gyr_z_rad_s", "GYR", "z", "rad/s", ""),
        ("AccX(g)", "ACC", "x", "g", ""),
        ("acc(g) X", "ACC", "x", "g", ""),
        ("AsX(°/s)", "GYR", "x", "deg/s", ""),
        ("wz(deg/s)", "GYR", "z", "deg/s", ""),
        ("加速度X(g)", "ACC", "x", "g", ""),
        ("角速度Z(°/s)", "GYR", "z", "deg/s", ""),
        ("磁场Y(uT)", "MAG", "y", "uT", ""),
        ("角度X(°)", None, "", None, ""),
        ("AngleX(deg)", None, "", None, ""),
        ("Quat_X", None, "", None, ""),
        ("imu_thigh_l_gx", "GYR", "x", None, "imu thigh l"),
        ("Left Thigh Acceleration Y [m/s^2]", "ACC", "y", "m/s2", "left thigh"),
        ("Pelvis_Gyro_Z", "GYR", "z", None, "pelvis"),
        ("gyroscope.y", "GYR", "y", None, ""),
        ("Angular velocity X(°/s)", "GYR", "x", "deg/s", ""),
        ("FreeAcc_X", "FREE_ACC", "x", None, ""),
        ("Linear Acceleration x (m/s^2)", "FREE_ACC", "x", "m/s2", ""),
        ("Mag_X", "MAG", "x", None, ""),
        ("time_s", "TIME", "", "s", ""),
        ("Timestamp (ms)", "TIME", "", "ms", ""),
        ("SampleTimeFine", "TIME", "", None, ""),
        ("时间", "TIME", "", None, ""),
        ("DeviceName", "DEVICE", "", None, ""),
        ("Temperature(°C)", None, "", None, ""),
        ("", None, "", None, ""),
    ],
)
def test_headings(column, quantity, axis, unit, owner) -> None:
    heading = understand(column)
    if quantity is None:
        assert heading is None
        return
    assert heading is not None
    assert heading.quantity is Quantity[quantity]
    assert (heading.axis, heading.unit, heading.owner) == (axis, unit, owner)


@given(st.text(max_size=40))
def test_no_heading_breaks_the_guess(column: str) -> None:
    heading = understand(column)
    assert heading is None or heading.column == column
    guess = guess_placement(column)
    assert guess is None or guess[0] in Placement


# --- Units from the data ----------------------------------------------------------------


@pytest.mark.parametrize(("unit", "factor"), [("m/s2", 1), ("g", 1 / G), ("mg", 1000 / G)])
def test_gravity_tells_the_unit(samples, unit, factor) -> None:
    s = samples(Placement.THIGH_LEFT)
    assert guess_acc_unit(gravity_size(s.acc_m_s2 * factor, s.time_s)) == unit


def test_gravity_is_found_at_rest_and_in_walking(shared_data) -> None:
    session = read_session(shared_data("03_qmt_fullbody/full_body_example_data.mat"))
    for placement in session.placements:
        s = session.samples(placement)
        rest, walk = s.between(40, 44), s.between(97, 113)
        assert gravity_size(rest.acc_m_s2, rest.time_s) == pytest.approx(9.9, abs=0.25)
        assert guess_acc_unit(gravity_size(walk.acc_m_s2, walk.time_s)) == "m/s2"


UNITS: tuple[GyrUnit, ...] = ("rad/s", "deg/s")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    "source",
    [
        "02_opensense_walk",
        "03_qmt_fullbody/full_body_example_data.mat",
        "04_fog_pd_11imu/pt5_visit_27.1_tbc_walklr_1_trial_1.xlsx",
    ],
)
def test_walking_tells_the_unit_of_the_angular_rate(shared_data, source, unit: GyrUnit) -> None:
    session = read_session(shared_data(source))
    factor = {"rad/s": 1.0, "deg/s": 180 / math.pi}[unit]
    other: GyrUnit = "deg/s" if unit == "rad/s" else "rad/s"
    refused = []
    for placement in session.placements:
        s = session.samples(placement)
        signals = (s.gyr_rad_s * factor, s.acc_m_s2, s.time_s, "x")
        assert guess_gyr_unit(*signals, None) == unit
        assert guess_gyr_unit(*signals, unit) == unit
        try:
            guess_gyr_unit(*signals, other)
        except InputError as error:
            assert error.reason == "gyr_unit_wrong"
            refused.append(placement)
    assert refused


@pytest.mark.parametrize(("unit", "factor"), [("rad/s", 1.0), ("deg/s", 180 / math.pi)])
def test_slow_tilting_tells_the_unit_of_the_angular_rate(samples, unit, factor) -> None:
    s = samples(Placement.THIGH_LEFT)
    assert guess_gyr_unit(s.gyr_rad_s * factor, s.acc_m_s2, s.time_s, "x", None) == unit


def test_standing_still_does_not_tell_the_unit_of_the_angular_rate(shared_data) -> None:
    session = read_session(shared_data("03_qmt_fullbody/full_body_example_data.mat"))
    s = session.samples(Placement.PELVIS).between(40, 44)
    assert guess_gyr_unit(s.gyr_rad_s, s.acc_m_s2, s.time_s, "x", None) is None


@pytest.mark.parametrize(
    ("step", "unit"), [(0.01, "s"), (10, "ms"), (16_667, "us"), (1e7, "ns"), (0.1, "s")]
)
def test_the_sampling_rate_tells_the_unit_of_time(step, unit) -> None:
    assert guess_time_unit(np.arange(500) * step, "x", None) == unit


def test_a_stated_time_unit_that_cannot_be_is_an_error() -> None:
    with pytest.raises(InputError, match="It looks like ms") as caught:
        guess_time_unit(np.arange(0.0, 5000.0, 10.0), "x", "s")
    assert caught.value.reason == "time_unit_wrong"


# --- Whole tables -----------------------------------------------------------------------


def test_a_wide_table_without_units(write_wide_csv, five) -> None:
    understanding = read_foreign(open_container(write_wide_csv(five)))
    assert_reads_as(understanding.session, five)
    assert understanding.mapping.sensors[Placement.SHANK_LEFT] == SensorColumns(
        time="time",
        time_unit="s",
        acc=("tibia_l_acc_x", "tibia_l_acc_y", "tibia_l_acc_z"),
        acc_unit="m/s2",
        gyr=("tibia_l_gyr_x", "tibia_l_gyr_y", "tibia_l_gyr_z"),
        gyr_unit="rad/s",
    )
    assert {r.reason for r in understanding.session.all_remarks()} == {"unit_guessed"}


@pytest.mark.parametrize(
    "layout",
    [
        {"acc_factor": 1 / G, "gyr_factor": 180 / math.pi, "time_factor": 1000.0},
        {"heading": "{sensor} {quantity}{axis}", "delimiter": ";", "decimal": ","},
        {"heading": "{sensor}.{quantity}.{axis}", "quantities": ("Accel", "Gyro")},
        {"heading": "{quantity}_{axis}_{sensor}", "delimiter": "\t"},
        {"heading": "{sensor} {quantity}{axis}", "quantities": ("a", "w")},
        {"time_heading": "Timestamp (us)", "time_factor": 1e6},
        {"time_heading": "t [ms]", "time_factor": 1e3, "acc_factor": 1000 / G},
    ],
    ids=str,
)
def test_many_layouts_read_as_the_same_session(write_wide_csv, five, layout) -> None:
    assert_reads_as(read_session(write_wide_csv(five, **layout)), five)


def test_one_table_a_sensor(write_wide_csv, five, tmp_path: Path) -> None:
    (tmp_path / "walk").mkdir()
    for name, s in five.items():
        write_wide_csv({"": s}, name=f"walk/{name}.csv", heading="{quantity}_{axis}")
    (tmp_path / "walk" / "readme.txt").write_text("A walk in the park, sensors tight.\n")
    session = read_session(tmp_path / "walk")
    assert_reads_as(session, five)


@pytest.mark.parametrize(
    "names",
    [
        ("lower back", "left thigh", "right thigh", "left shin", "lower leg right"),
        ("L5", "UpperLegL", "UpperLegR", "LShin", "RShin"),
        ("waist", "femur-left", "femur-right", "calf-left", "calf-right"),
    ],
)
def test_names_as_laboratories_give_them(write_wide_csv, five, names, tmp_path: Path) -> None:
    named = dict(zip((f"trial01_{name}" for name in names), five.values(), strict=True))
    assert_reads_as(read_session(write_wide_csv(named)), five)
    (tmp_path / "walk").mkdir()
    for name, s in named.items():
        write_wide_csv({"": s}, name=f"walk/{name}.csv", heading="{quantity}_{axis}")
    assert_reads_as(read_session(tmp_path / "walk"), five)


def test_one_table_whose_rows_name_their_sensor(five, tmp_path: Path) -> None:
    rows = sorted(
        (t, name, *acc, *gyr)
        for name, s in five.items()
        for t, acc, gyr in zip(s.time_s, s.acc_m_s2, s.gyr_rad_s, strict=True)
    )
    lines = ["Timestamp,Address,Acc_x,Acc_y,Acc_z,Gyr_x,Gyr_y,Gyr_z"]
    lines += [",".join([f"{r[0]:.6f}", r[1], *(f"{v:.9f}" for v in r[2:])]) for r in rows]
    (tmp_path / "long.csv").write_text("\n".join(lines) + "\n")
    assert_reads_as(read_session(tmp_path / "long.csv"), five)


def test_one_empty_cell_costs_one_sample_of_one_sensor(write_wide_csv, five) -> None:
    path = write_wide_csv(five)
    lines = path.read_text().splitlines()
    cells = lines[100].split(",")
    cells[1] = ""
    lines[100] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n")
    session = read_session(path)
    assert [len(session.samples(p)) for p in session.placements] == [799, 800, 800, 800, 800]
    (remark,) = [r for r in session.all_remarks() if r.reason == "rows_without_value"]
    assert remark.placement is Placement.PELVIS
    assert "1 of 800 rows" in remark.text


@pytest.mark.parametrize(
    ("layout", "reason", "words"),
    [
        ({"quantities": ("FreeAcc", "gyr")}, "gravity_missing", "gravity is missing"),
        ({"acc_factor": 0.01}, "gravity_missing", "gravity is missing"),
        ({"acc_factor": 400.0}, "acc_unit_unknown", "neither 9.8"),
        (
            {"acc_factor": 1 / G, "heading": "{sensor}_{quantity}_{axis}_m_s2"},
            "acc_unit_wrong",
            "is in g, not in m/s²",
        ),
        (
            {"gyr_factor": 180 / math.pi, "heading": "{sensor}_{quantity}_{axis} (rad/s)"},
            "gyr_unit_wrong",
            "is in deg/s, not in rad/s",
        ),
        ({"acc_factor": 1e200}, "value_impossible", "more than any sensor gives"),
        ({"gyr_factor": 1e-4}, "gyr_unit_unknown", "does not tell it"),
        ({"time_heading": "note"}, "time_unknown", "rate_hz"),
        ({"quantities": ("acc", "quaternion")}, "columns_unknown", "angular rate"),
        ({"heading": "s{quantity}_{axis}_7{sensor}"}, None, ""),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_said(write_wide_csv, five, layout, reason, words) -> None:
    path = write_wide_csv(five, **layout)
    with pytest.raises(InputError) as caught:
        read_session(path)
    assert reason in (None, caught.value.reason)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_gravity_removed_from_the_data_is_found_without_a_word_in_the_heading(
    write_wide_csv, five
) -> None:
    for s in five.values():
        s.acc_m_s2[:] = 0.3 * np.random.default_rng(1).normal(size=s.acc_m_s2.shape)
    with pytest.raises(InputError) as caught:
        read_session(write_wide_csv(five))
    assert caught.value.reason == "gravity_missing"


def test_a_sensor_of_zeros_is_readable_and_remarked(write_wide_csv, five) -> None:
    five["thigh_l"].acc_m_s2[:] = 0
    five["thigh_l"].gyr_rad_s[:] = 0
    session = read_session(write_wide_csv(five))
    assert not session.samples(Placement.THIGH_LEFT).acc_m_s2.any()
    assert ("all_zero", Placement.THIGH_LEFT) in {
        (r.reason, r.placement) for r in session.all_remarks()
    }


def test_sensors_on_clocks_of_their_own_are_refused(write_wide_csv, five, tmp_path: Path) -> None:
    (tmp_path / "walk").mkdir()
    for i, (name, s) in enumerate(five.items()):
        s.time_s[:] += 500.0 * i
        write_wide_csv({"": s}, name=f"walk/{name}.csv", heading="{quantity}_{axis}")
    with pytest.raises(InputError, match="no moment in common") as caught:
        read_session(tmp_path / "walk")
    assert caught.value.reason == "clocks_apart"


# --- By hand ----------------------------------------------------------------------------


def test_a_mapping_by_hand_overrides_the_guess(write_wide_csv, five, tmp_path: Path) -> None:
    path = write_wide_csv(
        {f"s{i}": s for i, s in enumerate(five.values(), start=1)},
        heading="{sensor}{quantity}{axis}",
    )
    with pytest.raises(InputError) as caught:
        read_session(path)
    assert caught.value.reason == "placements_unknown"
    mapping = ColumnMapping(
        sensors={
            placement: SensorColumns(
                acc=(f"s{i}accx", f"s{i}accy", f"s{i}accz"),
                gyr=(f"s{i}gyrx", f"s{i}gyry", f"s{i}gyrz"),
            )
            for i, placement in enumerate(NAMES, start=1)
        }
    )
    assert_reads_as(read_session(path, mapping), five)
    stored = tmp_path / "mapping.json"
    stored.write_text(mapping.to_json())
    assert load_mapping(stored) == mapping
    assert_reads_as(read_session(path, stored), five)


def test_a_rate_by_hand_stands_in_for_a_time_column(write_wide_csv, five) -> None:
    path = write_wide_csv(five, time_heading="note")
    mapping = msgspec.structs.replace(draft_mapping(open_container(path)), rate_hz=50.0)
    session = read_session(path, mapping)
    np.testing.assert_allclose(session.samples(Placement.PELVIS).time_s, np.arange(800) / 50)


def test_what_is_shown_reads_the_same_when_given_back(write_wide_csv, five) -> None:
    path = write_wide_csv(five, acc_factor=1 / G, gyr_factor=180 / math.pi)
    shown = read_foreign(open_container(path)).mapping
    again = read_foreign(open_container(path), shown)
    assert_reads_as(again.session, five)
    assert again.mapping == shown
    assert again.session.all_remarks() == ()
    text = shown.describe()
    assert "left thigh" in text
    assert "thigh_l_acc_x, thigh_l_acc_y, thigh_l_acc_z  [g]" in text


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"sensors": {"elbow": {}}}', '{"sensors": {"pelvis": {"colour": "red"}}}',
     '{"sensors": {"pelvis": {"acc_unit": "ft/s2"}}}', '{"sensors": {}, "rate_hz": -1}'],
)  # fmt: skip
def test_a_bad_mapping_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "m.json").write_text(content)
    with pytest.raises(FormatError, match="is no column mapping"):
        load_mapping(tmp_path / "m.json")


def test_a_mapping_may_be_toml(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('[sensors.pelvis]\ndevice = "D1"\nacc_unit = "g"\n')
    assert load_mapping(path) == ColumnMapping(
        sensors={Placement.PELVIS: SensorColumns(device="D1", acc_unit="g")}
    )
    path.write_text("[sensors.pelvis\n")
    with pytest.raises(FormatError, match="is no column mapping"):
        load_mapping(path)


def test_a_mapping_that_names_what_is_not_there_is_said(write_wide_csv, five, tmp_path) -> None:
    path = write_wide_csv(five)
    axes = ("ax", "ay", "az")
    with pytest.raises(InputError, match="no columns 'ax'"):
        read_session(
            path, ColumnMapping(sensors={Placement.PELVIS: SensorColumns(acc=axes, gyr=axes)})
        )
    with pytest.raises(InputError, match=r"no file gone\.csv"):
        read_session(
            path, ColumnMapping(sensors={Placement.PELVIS: SensorColumns(file="gone.csv")})
        )
    with pytest.raises(InputError, match="cannot be read"):
        read_session(path, tmp_path / "gone.json")
