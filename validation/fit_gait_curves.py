"""Fit the virtual wearer's usual joint curves from optical gait data.

    python -m validation.fit_gait_curves DATA_FOLDER

writes ``firmware_bridge/virtual_wearer/gait_curves.json``. `DATA_FOLDER` holds the C3D files
of the biomechZoo sample study (McGill Motion Lab, MIT licence): straight walking, Plug-in Gait
angles, foot strikes marked. Each person counts once (mean of strides and legs); only Fourier
coefficients of the mean curve are kept. Amplitudes and their change with speed do not come
from these three people but from the table in ``gait_curves.py``.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np

from firmware_bridge.virtual_wearer.gait_curves import CURVES_FILE

HARMONICS = 8
PHASE = np.arange(100) / 100
CURVES = {
    "pelvis_tilt": ("PelvisAngles", 0, 1.0),
    "pelvis_obliquity": ("PelvisAngles", 1, 1.0),
    "pelvis_rotation": ("PelvisAngles", 2, 1.0),
    "hip_flexion": ("HipAngles", 0, 1.0),
    "hip_adduction": ("HipAngles", 1, 1.0),
    "hip_rotation": ("HipAngles", 2, 1.0),
    "knee_flexion": ("KneeAngles", 0, 1.0),
    "foot_pitch": ("FootProgressAngles", 0, -1.0),
}
"""Own name → Plug-in Gait model output, component, sign. Foot pitch is measured from -90°."""


def strides_of(path: Path) -> list[dict[str, np.ndarray]]:
    """Time-normalised curves of every complete stride of one file, degrees."""
    import ezc3d  # type: ignore[import-untyped]

    file = ezc3d.c3d(str(path))
    points, events = file["parameters"]["POINT"], file["parameters"]["EVENT"]
    labels, rate = points["LABELS"]["value"], points["RATE"]["value"][0]
    first_frame = file["header"]["points"]["first_frame"]
    times = np.asarray(events["TIMES"]["value"])[1]
    marks = list(zip(events["CONTEXTS"]["value"], events["LABELS"]["value"], times, strict=True))
    strides = []
    for context in ("Left", "Right"):
        strikes = sorted(t for side, kind, t in marks if (side, kind) == (context, "Foot Strike"))
        for start, end in pairwise(strikes):
            frames = (start + PHASE * (end - start)) * rate - first_frame
            stride = {}
            for name, (output, component, sign) in CURVES.items():
                y = file["data"]["points"][component, labels.index(context[0] + output)]
                stride[name] = sign * np.interp(frames, np.arange(y.size), y)
            stride["foot_pitch"] -= 90.0
            if all(np.isfinite(y).all() for y in stride.values()):
                strides.append(stride)
    return strides


def fourier_coefficients(curve: np.ndarray) -> list[list[float]]:
    """Cosine and sine coefficients of one cycle; the first row is the mean."""
    spectrum = np.fft.rfft(curve) / curve.size
    cosines, sines = 2 * spectrum.real, -2 * spectrum.imag
    cosines[0] /= 2
    return np.round(np.c_[cosines, sines][: HARMONICS + 1], 4).tolist()


def main(folder: Path) -> None:
    people: dict[str, list[dict[str, np.ndarray]]] = defaultdict(list)
    for path in sorted(folder.glob("*.c3d")):
        try:
            people[path.stem[:6]] += strides_of(path)
        except (KeyError, ValueError):
            continue  # a static trial: no foot strikes or no angles
    people = {name: strides for name, strides in people.items() if strides}
    table = {
        "source": "biomechZoo sample study, McGill Motion Lab (MIT licence); "
        f"mean of {len(people)} people, {sum(map(len, people.values()))} strides",
        "unit": "deg; row k holds the cosine and sine coefficient of harmonic k of the cycle",
        "curves": {
            name: fourier_coefficients(
                np.mean([np.mean([s[name] for s in x], axis=0) for x in people.values()], axis=0)
            )
            for name in CURVES
        },
    }
    CURVES_FILE.write_text(json.dumps(table, indent=1) + "\n")
    print(f"{CURVES_FILE.name}: {table['source']}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
