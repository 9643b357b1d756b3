"""Units that no heading names, found from the data; and units that the data contradict."""

from __future__ import annotations

import numpy as np

from recordings.columns.gravity import gravity_size, guess_acc_unit
from recordings.columns.mapping import DEGREE, TO_S, AccUnit, GyrUnit, TimeUnit
from recordings.errors import InputError
from recordings.samples import FloatArray

RATE_RANGE_HZ = (5.0, 2500.0)
"""Rates at which a walk is recorded; in a wrong time unit they come out far outside."""
_LARGEST_RAW = 1e7
"""4000 deg/s in mdeg/s are 4e6."""
_MOVING_M_S2 = 0.5
"""SD of the acceleration's size: 0.05 in standing, 0.8 at the back of a slow walker."""
_MOST_SUSTAINED_RAD_S = 15.0
"""95 % of a walk: 1.5 rad/s at the pelvis, 8 at the legs; in deg/s 35 and more."""
_LEAST_IN_MOVEMENT_RAD_S = 0.15
_WINDOW_S = 0.5


def refuse_impossible(values: FloatArray, where: str) -> None:
    """Refuse signals with a value that no sensor gives in any unit; NaN is passed over.

    Raises
    ------
    InputError
        The message shows the value.
    """
    peak = float(np.nanmax(np.abs(values), initial=0.0))
    if peak > _LARGEST_RAW:
        raise InputError(
            f"{where}: the value {peak:.3g} is more than any sensor gives.",
            hint="The file is damaged, or the column mapping is wrong.",
            reason="value_impossible",
        )


def guess_time_unit(time: FloatArray, where: str, stated: TimeUnit | None) -> TimeUnit:
    """The unit of a time column, from the rate that it implies.

    Parameters
    ----------
    time : ndarray, shape (n,)
        As the file has it.
    where : str
        Name for messages.
    stated : str or None
        The unit by heading or mapping, if there is one: it is only checked.

    Raises
    ------
    InputError
        If no unit, or not the stated one, gives a plausible sampling rate.
    """
    finite = time[np.isfinite(time)]
    steps = np.diff(finite)
    moving = steps[steps > 0]
    if not len(moving):
        return stated or "s"
    # Where stamps stand still, several samples share one step.
    step = float(np.median(moving)) * len(moving) / len(steps)
    rates: dict[TimeUnit, float] = {unit: 1.0 / (step * TO_S[unit]) for unit in TO_S}
    low, high = RATE_RANGE_HZ
    fitting: list[TimeUnit] = [unit for unit, rate in rates.items() if low <= rate <= high]
    if stated is not None and stated in fitting:
        return stated
    if stated is None and fitting:
        return fitting[0]
    hint = f"It looks like {fitting[0]}; say" if fitting else "Say"
    raise InputError(
        f"{where}: time in {stated or 's'} would mean {rates[stated or 's']:.4g} samples a second.",
        hint=f"{hint} the unit in a mapping: time_unit.",
        reason="time_unit_wrong",
    )


def guess_acc_unit_or_refuse(acc: FloatArray, time_s: FloatArray, where: str) -> AccUnit:
    """The unit of an acceleration, from the size of gravity.

    Raises
    ------
    InputError
        If gravity has no known size in it.
    """
    good = np.isfinite(acc).all(axis=1) & np.isfinite(time_s)
    size = gravity_size(acc[good], time_s[good])
    unit = guess_acc_unit(size)
    if unit is not None:
        return unit
    if not np.any(acc[good]):
        return "m/s2"
    missing = size < 0.35
    raise InputError(
        f"{where}: gravity is missing from the acceleration"
        f" (the constant part is {size:.2g}, neither 9.8 m/s² nor 1 g)."
        if missing
        else f"{where}: gravity shows as {size:.4g}, which is neither 9.8 m/s², 1 g nor 1000 mg.",
        hint="Record the calibrated acceleration, not the “free” or “linear” one."
        if missing
        else "Convert raw counts to m/s² or g first, or correct the column mapping.",
        reason="gravity_missing" if missing else "acc_unit_unknown",
    )


def guess_gyr_unit(
    gyr: FloatArray,
    acc_m_s2: FloatArray,
    time_s: FloatArray,
    where: str,
    stated: GyrUnit | None,
) -> GyrUnit | None:
    """The unit of an angular rate, from how it goes with the acceleration.

    Two signs are used. Whoever moves so that the acceleration varies turns with at least a
    few deg/s, and never keeps up 15 rad/s. And seen from the sensor gravity turns with
    ``da/dt = −ω × a``: in slow movement this gives the factor between the column and rad/s.

    Parameters
    ----------
    gyr : ndarray, shape (n, 3)
        As the file has it; may hold NaN.
    acc_m_s2 : ndarray, shape (n, 3)
    time_s : ndarray, shape (n,)
    where : str
        Name for messages.
    stated : str or None
        The unit by heading or mapping, if there is one: it is only checked.

    Returns
    -------
    str or None
        None if no unit is stated and the movement does not tell it.

    Raises
    ------
    InputError
        If the stated unit contradicts the data.
    """
    good = np.isfinite(gyr).all(axis=1) & np.isfinite(acc_m_s2).all(axis=1) & np.isfinite(time_s)
    gyr, acc, time_s = gyr[good], acc_m_s2[good], time_s[good]
    if not gyr.any():
        return stated or "rad/s"
    sustained = float(np.quantile(np.linalg.norm(gyr, axis=1), 0.95))
    moves = float(np.std(np.linalg.norm(acc, axis=1))) > _MOVING_M_S2
    found = _unit_from_tilt(gyr, acc, time_s)
    if stated is None:
        if moves and sustained > _LEAST_IN_MOVEMENT_RAD_S:
            return "deg/s" if sustained > _MOST_SUSTAINED_RAD_S else "rad/s"
        return found
    if moves and found is None:
        # Far beyond what decides above: nobody's unit is refused for being fast or slow.
        found = "deg/s" if sustained > 3 * _MOST_SUSTAINED_RAD_S else None
        if stated == "deg/s" and _LEAST_IN_MOVEMENT_RAD_S < sustained < 6.0:
            found = "rad/s"
    if found is not None and stated not in (found, "mdeg/s"):
        raise InputError(
            f"{where}: the angular rate is in {found}, not in {stated}"
            f" (mostly up to {sustained:.3g}, compared with the acceleration).",
            hint=f"Say so in a mapping: gyr_unit = {found!r}.",
            reason="gyr_unit_wrong",
        )
    return stated


def _unit_from_tilt(gyr: FloatArray, acc: FloatArray, time_s: FloatArray) -> GyrUnit | None:
    """rad/s or deg/s if the tilting is clear enough to tell them apart, else None."""
    if len(time_s) < 8 or not gyr.any():
        return None
    window = np.floor((time_s - time_s[0]) / _WINDOW_S).astype(np.int64)
    starts = np.flatnonzero(np.diff(window, prepend=-1))
    if len(starts) < 8:
        return None
    counts = np.diff(np.append(starts, len(time_s)))
    mean_acc = np.add.reduceat(acc, starts) / counts[:, None]
    # From the middle of one window to the middle of the next; the integral of ω × a over
    # that way is half of each window's.
    step = np.diff(time_s, append=time_s[-1])
    turn = -np.cross(gyr, acc) * np.minimum(step, 0.1)[:, None]
    turned = np.add.reduceat(turn, starts)
    predicted = 0.5 * (turned[:-1] + turned[1:])
    seen = np.diff(mean_acc, axis=0)
    joined = np.diff(window[starts]) == 1
    predicted, seen = predicted[joined].ravel(), seen[joined].ravel()
    power = float(predicted @ predicted) * float(seen @ seen)
    if power <= 0 or abs(float(predicted @ seen)) / np.sqrt(power) < 0.5:
        return None
    factor = abs(float(predicted @ seen)) / float(predicted @ predicted)
    units: tuple[tuple[GyrUnit, float], ...] = (("rad/s", 1.0), ("deg/s", DEGREE))
    return next((unit for unit, size in units if 1 / 4 < factor / size < 4), None)
