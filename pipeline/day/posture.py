"""Posture: from how thighs and pelvis lean, and from steps, to what the body does.

Rules, in this order:

* *walking*: steps in a row while the thighs swing;
* *lying*: pelvis more than 60° from upright and thighs more than 45° (bent forward, the thighs
  stay upright);
* *sitting*: thighs more than 45° from upright, mean of both (clinical dictionary F37);
* *standing*: whatever else is upright.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.day.epochs import EPOCHS_PER_S
from pipeline.day.presence import BoolArray
from pipeline.day.results import Posture, Unknown
from pipeline.gait import FloatArray
from pipeline.grid import true_runs

CodeArray = NDArray[np.int8]

POSTURES = tuple(Posture)
CODE = {posture: np.int8(i) for i, posture in enumerate(POSTURES)}
REASONS = tuple(Unknown)
REASON = {reason: np.int8(i) for i, reason in enumerate(REASONS)}

THIGH_LEVEL_DEG = 45.0
PELVIS_LEVEL_DEG = 60.0
"""Between reclining in a chair and lying; a design choice."""
HYSTERESIS_DEG = 5.0
"""To either side: a body near a limit does not change posture with each breath."""

SWINGING_RAD_S = 0.35
"""Mean turning of the thighs within half seconds: 0.6 and more even in slow walking, 0.1 in
standing about."""
SWING_WINDOW_S = 1.5
LIVELY_RAD_S = 0.6
LIVELY_WINDOW_S = 5.0
"""Without the pelvis only the swinging of the thighs tells walking, and must do so for longer."""

BENT_DEG, BENT_SHARE, SLOWEST_SPM = 25.0, 0.1, 65.0
"""While one thigh swings forward the other goes back: the mean of both stays small. Where it does
not, and the pushes come slower than anyone steps, somebody squats."""

STRIDING_RAD_S, STRIDING_WINDOW_S = 0.9, 3.0
"""Thighs that swing so walk, though the pelvis may glide (stairs: 1.1; quick squats: 0.7)."""

SHORTEST_WALK_S = 3.0
PAUSE_S = 1.0

SHORTEST_S = {
    Posture.SITTING: 10.0,
    Posture.LYING: 10.0,
    Posture.STANDING: 5.0,
}
"""What is shorter belongs to what is around it: the low point of a squat is no sitting."""

_BODY = {CODE[posture] for posture in SHORTEST_S}
_NEITHER = np.int8(-1)


def walking_epochs(in_a_row: BoolArray, has_pelvis: BoolArray, swing: FloatArray) -> BoolArray:
    """Epochs of walking, short pauses closed and single steps left out.

    Parameters
    ----------
    in_a_row : ndarray of bool, shape (n,)
        Between steps that follow each other.
    has_pelvis : ndarray of bool, shape (n,)
        Steps could have been found.
    swing : ndarray, shape (n,)
        Mean turning of the thighs within half seconds, rad/s; NaN where not known.
    """
    steps = in_a_row & ~(_moving_mean(swing, SWING_WINDOW_S) < SWINGING_RAD_S)
    lively = ~has_pelvis & (_moving_mean(swing, LIVELY_WINDOW_S) > LIVELY_RAD_S)
    lively |= _striding(swing)
    # A mean reaches beyond the ends of a walk; there the thighs are at rest.
    lively &= swing > SWINGING_RAD_S
    return without_short(_closed(steps | lively, PAUSE_S), SHORTEST_WALK_S)


def _striding(swing: FloatArray) -> BoolArray:
    return _moving_mean(swing, STRIDING_WINDOW_S) > STRIDING_RAD_S


def upright_or_not(
    thigh_deg: FloatArray,
    pelvis_deg: FloatArray,
    walking: BoolArray,
    steps: NDArray[np.int64],
    swing: FloatArray,
) -> tuple[CodeArray, CodeArray]:
    """Posture of each epoch, and why where it is unknown.

    Parameters
    ----------
    thigh_deg, pelvis_deg : ndarray, shape (n,)
        Inclination from upright; NaN where not known.
    walking : ndarray of bool, shape (n,)
    steps : ndarray of int, shape (n,)
    swing : ndarray, shape (n,)
        As in `walking_epochs`.
    """
    n = len(walking)
    code = np.full(n, CODE[Posture.UNKNOWN])
    reason = np.full(n, REASON[Unknown.THIGHS_SILENT])
    level = _with_hysteresis(thigh_deg, THIGH_LEVEL_DEG)
    down = _with_hysteresis(pelvis_deg, PELVIS_LEVEL_DEG)
    thigh, pelvis = np.isfinite(thigh_deg), np.isfinite(pelvis_deg)
    code[thigh & ~level] = CODE[Posture.STANDING]
    code[thigh & level & pelvis & ~down] = CODE[Posture.SITTING]
    code[thigh & level & pelvis & down] = CODE[Posture.LYING]
    reason[thigh & level & ~pelvis] = REASON[Unknown.PELVIS_SILENT]
    code[_on_foot(walking & ~(thigh & level), thigh_deg, steps, _striding(swing))] = CODE[
        Posture.WALKING
    ]
    return code, reason


def _on_foot(
    walking: BoolArray, thigh_deg: FloatArray, steps: NDArray[np.int64], striding: BoolArray
) -> BoolArray:
    """Walking without what only feels like it: squats, and a chair on a bumpy road."""
    out = walking.copy()
    bent = (thigh_deg > BENT_DEG) & ~striding
    for first, last in true_runs(walking):
        share = np.count_nonzero(bent[first:last]) / (last - first)
        cadence = steps[first:last].sum() * 60.0 * EPOCHS_PER_S / (last - first)
        if share > BENT_SHARE and cadence < SLOWEST_SPM:
            out[first:last] = False
    return without_short(out, SHORTEST_WALK_S)


def settled(code: CodeArray) -> CodeArray:
    """The same without postures that are too short to be meant, shortest first.

    What is too short goes half to either neighbour; beside a stretch that is not known or not
    worn, to the other one.
    """
    out = code.copy()
    for shortest_s in (1.0, 2.0, 5.0, 10.0):
        # Standing and walking are one: upright.
        family = np.where(out == CODE[Posture.WALKING], CODE[Posture.STANDING], out)
        edges = np.flatnonzero(np.diff(family)) + 1
        bounds = [0, *edges.tolist(), len(out)]
        for k in range(len(bounds) - 1):
            first, last = bounds[k : k + 2]
            limit_s = min(shortest_s, SHORTEST_S.get(POSTURES[family[first]], 0.0))
            walked = (out[first:last] == CODE[Posture.WALKING]).any()
            if last - first >= limit_s * EPOCHS_PER_S or walked:
                continue
            before = family[first - 1] if first else _NEITHER
            after = family[last] if last < len(out) else _NEITHER
            if before in _BODY and after in _BODY:
                half = (first + last) // 2
            else:
                half = last if before in _BODY else first
            if before in _BODY:
                out[first:half] = before
            if after in _BODY:
                out[half:last] = after
    return out


def without_short(flags: BoolArray, shortest_s: float) -> BoolArray:
    """Flags with the runs left out that are shorter."""
    out = flags.copy()
    for first, last in true_runs(flags):
        if last - first < shortest_s * EPOCHS_PER_S:
            out[first:last] = False
    return out


def _closed(flags: BoolArray, pause_s: float) -> BoolArray:
    """Flags with pauses up to this long between two runs filled."""
    out = flags.copy()
    for first, last in true_runs(~flags):
        if first > 0 and last < len(flags) and last - first <= pause_s * EPOCHS_PER_S:
            out[first:last] = True
    return out


def _moving_mean(x: FloatArray, window_s: float) -> FloatArray:
    """Mean over a centred window, over what is known of it; NaN where nothing is."""
    if not len(x):
        return x
    half = round(window_s * EPOCHS_PER_S) // 2
    known = np.isfinite(x)
    padded = np.pad(np.where(known, x, 0.0), half)
    weight = np.pad(known.astype(float), half)
    n = len(x)
    total = sum(padded[k : k + n] for k in range(2 * half + 1))
    count = sum(weight[k : k + n] for k in range(2 * half + 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(total / count)


def _with_hysteresis(angle_deg: FloatArray, limit_deg: float) -> BoolArray:
    """True above the limit; within the band around it, what was before."""
    sure = np.where(angle_deg > limit_deg + HYSTERESIS_DEG, 1, 0)
    sure = np.where(angle_deg < limit_deg - HYSTERESIS_DEG, -1, sure)
    decided = sure != 0
    if not decided.any():
        return angle_deg > limit_deg
    source = np.maximum.accumulate(np.where(decided, np.arange(len(sure)), -1))
    held = np.where(source >= 0, sure[source] > 0, angle_deg > limit_deg)
    return held & np.isfinite(angle_deg)
