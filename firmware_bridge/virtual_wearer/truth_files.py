"""Write a virtual session with its ground truth beside it.

The session is an ordinary session folder (or a zip of one). In its sub-folder ``truth``:

``truth.json``
    ``spec`` (all that made the session), ``standing_deg`` (angles of the standing pose),
    ``contacts`` (initial and final contact of each foot), ``strides`` (features as a perfect
    laboratory would measure them), ``repetitions`` (the same for each repetition of a movement
    that is no walk, see `movement_features.TrueRepetition`), ``labels`` (what the person did
    when), ``deviations`` (what was injected), ``sensors`` (mounting, errors and clock of each
    sensor).
``truth_angles.csv``
    ``time_s`` and every angle in degrees, anatomical zero; less the values under
    ``standing_deg`` they are relative to standing.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from firmware_bridge.virtual_wearer.sensor_faults import SensorCharacter
from firmware_bridge.virtual_wearer.spec import Spec
from firmware_bridge.virtual_wearer.truth import ANGLE_NAMES, Truth
from firmware_bridge.virtual_wearer.wear import VirtualSession
from recordings.csv_session.writer import write_session
from recordings.errors import OutputError

_ZIP_DATE = (2026, 1, 1, 0, 0, 0)
"""Fixed, so that the same spec gives the same zip, byte for byte."""


def write_virtual_session(virtual: VirtualSession, spec: Spec, path: str | Path) -> None:
    """Write session and truth to a new folder, or to a new zip if `path` ends in ``.zip``.

    Raises
    ------
    OutputError
        If `path` exists or cannot be written.
    """
    path = Path(path)
    if path.exists():
        raise OutputError(
            f"{path} exists already; it was left as it is.",
            hint="Choose a new name.",
            reason="output_exists",
        )
    if path.suffix != ".zip":
        _write_folder(virtual, spec, path)
        return
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".hipgait-") as temporary:
            folder = Path(temporary) / path.stem
            _write_folder(virtual, spec, folder)
            made = Path(temporary) / path.name
            _zip(folder, made)
            shutil.move(made, path)
    except (OSError, OutputError) as error:
        # A writer names the hidden folder, which nobody has seen: say the cause alone.
        cause = error.__cause__ or error
        raise OutputError(
            f"{path} cannot be written ({getattr(cause, 'strerror', '') or cause}).",
            hint="Check that the folder exists, has room and may be written.",
        ) from error


def truth_table(truth: Truth, spec: Spec) -> dict[str, Any]:
    """The content of ``truth.json``."""
    return {
        "spec": msgspec.to_builtins(spec),
        "standing_deg": {k: round(v, 4) for k, v in truth.standing_deg.items()},
        "contacts": [
            {"side": c.side, "initial_s": _finite(c.initial_s), "final_s": _finite(c.final_s)}
            for c in truth.contacts
        ],
        "strides": [
            {
                "side": s.side,
                "start_s": round(s.start_s, 4),
                "end_s": round(s.end_s, 4),
                "bout": s.bout,
                "steady": s.steady,
                "speed_m_s": round(s.speed_m_s, 3),
                "features": {k: _finite(v) for k, v in s.features.items()},
            }
            for s in truth.strides
        ],
        "repetitions": [
            {
                "behaviour": r.behaviour,
                "side": r.side,
                "start_s": round(r.start_s, 3),
                "deepest_s": round(r.deepest_s, 3),
                "end_s": round(r.end_s, 3),
                "features": {k: _finite(v) for k, v in r.features.items()},
            }
            for r in truth.repetitions
        ],
        "labels": [
            {"start_s": round(x.start_s, 3), "end_s": round(x.end_s, 3), "behaviour": x.behaviour}
            for x in truth.labels
        ],
        "deviations": [msgspec.to_builtins(d) for d in truth.deviations],
        "sensors": {p.value: _character(c) for p, c in truth.sensors.items()},
    }


def _write_folder(virtual: VirtualSession, spec: Spec, folder: Path) -> None:
    write_session(virtual.session, folder)
    truth = virtual.truth
    try:
        beside = folder / "truth"
        beside.mkdir()
        text = msgspec.json.format(msgspec.json.encode(truth_table(truth, spec)), indent=1)
        (beside / "truth.json").write_bytes(text + b"\n")
        columns = np.column_stack([truth.time_s, *(truth.angles_deg[n] for n in ANGLE_NAMES)])
        header = ",".join(("time_s", *(f"{name}_deg" for name in ANGLE_NAMES)))
        line = ",".join(["%.4f"] + ["%.3f"] * len(ANGLE_NAMES))
        np.savetxt(beside / "truth_angles.csv", columns, fmt=line, header=header, comments="")
    except OSError as error:
        raise OutputError(
            f"The truth beside {folder} cannot be written ({error.strerror or error}).",
            hint="Check that the disk has room.",
        ) from error


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(f for f in folder.rglob("*") if f.is_file()):
            name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes(), compresslevel=9)


def _character(c: SensorCharacter) -> dict[str, Any]:
    return {
        "mounting_quaternion_wxyz": np.round(c.mounting, 6).tolist(),
        "slip_quaternion_wxyz": np.round(c.slip, 6).tolist(),
        "slip_s": _finite(c.slip_s),
        "gyr_bias_rad_s": np.round(c.gyr_bias_rad_s, 7).tolist(),
        "gyr_drift_rad_s2": np.round(c.gyr_drift_rad_s2, 10).tolist(),
        "acc_bias_m_s2": np.round(c.acc_bias_m_s2, 6).tolist(),
        "gyr_scale": np.round(c.gyr_scale, 6).tolist(),
        "acc_scale": np.round(c.acc_scale, 6).tolist(),
        "clock_offset_s": round(c.clock_offset_s, 7),
        "clock_drift_ppm": round(c.clock_drift_ppm, 4),
        "first_s": c.first_s,
        "last_s": _finite(c.last_s),
    }


def _finite(value: float) -> float | None:
    return round(value, 5) if np.isfinite(value) else None
