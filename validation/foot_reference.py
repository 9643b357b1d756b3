"""Landings felt by the foot itself, where a recording has a sensor on each foot.

The analysis never sees these sensors. In the foot's acceleration a landing is a shock; its
beginning, the first change of at least `SHARE` of the largest one, is the contact. Where to
look is told by the middle of the shank's swing. Foot-flat and heel strike differ between
steps (a foot set down flat in a turn has a blunt shock), so that single steps are known to
about ±10 ms in brisk and ±30 ms in slow walking.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from scipy.io import loadmat
from scipy.signal import butter, find_peaks, sosfiltfilt

from recordings.placement import SHANKS, Side
from recordings.samples import ImuSamples
from recordings.session import Session
from validation.numbers import FloatArray
from validation.shared_data import OPENSENSE, QMT, Recording

SEARCH_S = (0.03, 0.65)
"""After the middle of the shank's swing."""
SHARE = 0.4
_PACKETS_PER_S = 100.0


def foot_landings(recording: Recording, session: Session, side: Side) -> FloatArray:
    """Initial contacts (s, session time) of one foot.

    Raises
    ------
    ValueError
        If the recording is not known to have sensors on the feet.
    """
    if recording == OPENSENSE:
        time_s, acc = _opensense_foot(recording.path, side)
    elif recording == QMT:
        content = loadmat(recording.path, squeeze_me=True, struct_as_record=False)
        time_s, acc = content["t"], content[f"foot_{side}"].acc
    else:
        raise ValueError(f"{recording.source}: no sensors on the feet")
    shock = np.linalg.norm(np.diff(acc, axis=0), axis=1)
    found = []
    for swing_s in _swings(session.samples(SHANKS[side])):
        first, end = np.searchsorted(time_s, (swing_s + SEARCH_S[0], swing_s + SEARCH_S[1]))
        after = shock[first:end]
        if after.size:
            found.append(float(time_s[first + int(np.argmax(after > SHARE * after.max()))]))
    return np.array(found)


def _swings(shank: ImuSamples) -> FloatArray:
    """When the shank swings forward fastest."""
    rate_hz = 1.0 / float(np.median(np.diff(shank.time_s)))
    gyr = sosfiltfilt(butter(2, 8.0, output="sos", fs=rate_hz), shank.gyr_rad_s, axis=0)
    moving = np.linalg.norm(gyr, axis=1) > 1.0
    rate = gyr @ np.linalg.svd(gyr[moving], full_matrices=False)[2][0]
    rate = -rate if np.mean(rate**3) < 0 else rate
    height = 0.4 * float(np.percentile(rate, 98))
    return shank.time_s[find_peaks(rate, height=height, distance=int(0.5 * rate_hz))[0]]


def _opensense_foot(folder: Path, side: Side) -> tuple[FloatArray, FloatArray]:
    mapping = (folder / "myIMUMappings.xml").read_text()
    pattern = r'name="(\w+)">.*?<name_in_model>(\w+)_imu<'
    sensors = {segment: sensor for sensor, segment in re.findall(pattern, mapping, re.DOTALL)}
    path = next(folder.glob(f"*{sensors[f'calcn_{side.value[0]}']}.txt"))
    table = np.genfromtxt(path, delimiter="\t", skip_header=6, usecols=(0, 14, 15, 16))
    table = table[np.isfinite(table).all(axis=1)]
    return table[:, 0] / _PACKETS_PER_S, table[:, 1:]
