"""Recorded people walk on as virtual ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_bridge.virtual_wearer.replay import read_recorded_stride
from firmware_bridge.virtual_wearer.spec import Sensors, Spec, Stand, Stop, Walk
from firmware_bridge.virtual_wearer.truth import Truth
from firmware_bridge.virtual_wearer.wear import wear
from recordings.errors import FormatError, InputError
from recordings.placement import Side

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
TOE_IN = DATA / "09_opencap_subject4_toein_ik"
PLUG_IN_GAIT = DATA / "10_mcgill_pig_c3d"
SPEC = Spec(
    timeline=(Stand(duration_s=4.0), Walk(duration_s=12.0), Stop()),
    sensors=Sensors(placements=()),
)


def walked(path: Path, static: Path | None = None) -> Truth:
    if not path.exists():
        pytest.skip(f"{path.name} is not here (the shared data folder is absent)")
    return wear(SPEC, read_recorded_stride(path, static)).truth


def mean_rotation(truth: Truth, side: Side) -> float:
    inside = (truth.time_s > 8.0) & (truth.time_s < 13.0)
    return float(truth.angles_deg[f"hip_rotation_{side.value}"][inside].mean())


@pytest.mark.parametrize("side", list(Side))
def test_toe_in_and_toe_out_keep_their_rotation(side: Side) -> None:
    normal, toe_in, toe_out = (
        mean_rotation(walked(TOE_IN / f"walking{kind}_ik.mot"), side)
        for kind in ("1", "TI1", "TO1")
    )
    assert 4.0 < toe_in - normal < 16.0
    assert 6.0 < normal - toe_out < 16.0


def test_hyperextended_stander_stands_and_walks_past_straight() -> None:
    truth = walked(PLUG_IN_GAIT / "HC055A09.c3d", PLUG_IN_GAIT / "HC055A01.c3d")
    assert truth.standing_deg["knee_flexion_right"] == pytest.approx(-14.0, abs=1.5)
    assert truth.standing_deg["knee_flexion_left"] == pytest.approx(-16.0, abs=1.5)
    assert truth.mean_features(Side.LEFT)["F20_A"] == pytest.approx(-5.0, abs=1.5)


def test_what_cannot_be_replayed_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.mot"):
        read_recorded_stride(tmp_path / "absent.mot")
    broken = tmp_path / "broken.mot"
    broken.write_text("no header\n1 2 3\n")
    with pytest.raises(FormatError, match="OpenSim"):
        read_recorded_stride(broken)
    short = tmp_path / "short.mot"
    names = ["time", "pelvis_tilt", "pelvis_list", "pelvis_rotation", "pelvis_tx", "pelvis_tz"]
    names += [f"{n}_{s}" for s in "rl" for n in ("hip_flexion", "hip_rotation", "knee_angle")]
    rows = "\n".join(" ".join(f"{0.01 * k + i:.3f}" for i in range(len(names))) for k in range(20))
    short.write_text(f"inDegrees=yes\nendheader\n{' '.join(names)}\n{rows}\n")
    with pytest.raises(FormatError, match="no whole stride"):
        read_recorded_stride(short)
