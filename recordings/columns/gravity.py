"""What the acceleration says of itself: gravity has one size on earth."""

from __future__ import annotations

import numpy as np

from recordings.columns.mapping import STANDARD_GRAVITY_M_S2, AccUnit
from recordings.errors import InputError
from recordings.samples import FloatArray

_WINDOW_S = 1.0
_CALMEST_SHARE = 0.2
_PLAUSIBLE = (0.6, 2.0)
"""Range of measured over true gravity. Swinging legs and running raise it (a shank in brisk
walking shows 11.8 m/s²), scale errors change it by a few percent; wrong units are far off."""


def gravity_size(acc: FloatArray, time_s: FloatArray) -> float:
    """Size of the constant part of the acceleration, in the unit of `acc`.

    The length of the mean vector over one-second windows, median over the calmest fifth of
    them. At rest and in walking alike this is gravity; for an acceleration from which
    gravity was removed it is close to zero.

    Parameters
    ----------
    acc : ndarray, shape (n, 3)
        Finite.
    time_s : ndarray, shape (n,)
        Increasing.

    Returns
    -------
    float
        NaN if there are no samples.
    """
    if not len(acc):
        return float("nan")
    window = np.floor((time_s - time_s[0]) / _WINDOW_S).astype(np.int64)
    starts = np.flatnonzero(np.diff(window, prepend=-1))
    counts = np.diff(np.append(starts, len(acc)))[:, None]
    mean = np.add.reduceat(acc, starts) / counts
    spread = (np.add.reduceat(acc**2, starts) / counts - mean**2).sum(axis=1)
    calm = spread <= np.quantile(spread, _CALMEST_SHARE)
    return float(np.median(np.linalg.norm(mean[calm], axis=1)))


def guess_acc_unit(size: float) -> AccUnit | None:
    """The unit in which gravity would have the given size, if there is one."""
    candidates: tuple[tuple[AccUnit, float], ...] = (
        ("m/s2", STANDARD_GRAVITY_M_S2),
        ("g", 1.0),
        ("mg", 1000.0),
    )
    low, high = _PLAUSIBLE
    return next((unit for unit, g in candidates if low <= size / g <= high), None)


def check_gravity(acc_m_s2: FloatArray, time_s: FloatArray, where: str) -> None:
    """Refuse an acceleration without gravity, or in a unit that is not m/s².

    A sensor that holds nothing but zeros is let through: its reader remarks on it.

    Raises
    ------
    InputError
        The message says which size was found and what it points to.
    """
    if not acc_m_s2.any():
        return
    size = gravity_size(acc_m_s2, time_s)
    unit = guess_acc_unit(size)
    if unit == "m/s2":
        return
    if unit is not None:
        raise InputError(
            f"{where}: the acceleration is in {unit}, not in m/s² (gravity shows as {size:.4g}).",
            hint=f"Say so in a mapping: acc_unit = {unit!r}.",
            reason="acc_unit_wrong",
        )
    if size < 0.35 * STANDARD_GRAVITY_M_S2:
        raise InputError(
            f"{where}: gravity is missing from the acceleration ({size:.2g} m/s² instead of 9.8).",
            hint="Record the calibrated acceleration, not the “free” or “linear” one.",
            reason="gravity_missing",
        )
    raise InputError(
        f"{where}: gravity shows as {size:.4g} m/s² instead of 9.8.",
        hint="The unit is not known, or the sensor is out of order; give the unit in a mapping.",
        reason="acc_unit_unknown",
    )
