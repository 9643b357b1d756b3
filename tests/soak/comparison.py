"""The session on disk against what the sensors took: sample by sample, and their times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from firmware_bridge.transport.simulated_sensor import FloatArray
from recordings.placement import Placement
from recordings.session import Session
from tests.soak.outcome import Outcome
from tests.soak.truth import TruthLog, in_counts

_SAME_COUNTS = 0.52
"""Rounded by the sensor, and once more in the file."""
_BEFORE_A_KILL_S = 0.3
"""What was put on the bus so shortly before its daemon died may not have reached anybody."""


def compare_samples(
    session: Session,
    logs: Mapping[Placement, TruthLog],
    kills: Sequence[float],
    outcome: Outcome,
    *,
    settled_s: float = 20.0,
) -> float:
    """Hold every row against the truth; what is wrong goes into `outcome`.

    Parameters
    ----------
    kills : sequence of float
        When the D-Bus daemon died, on the sensors' true clock.
    settled_s : float
        From so long after the first samples on the clocks are compared.

    Returns
    -------
    float
        Time 0 of the session on the sensors' true clock.
    """
    errors: dict[Placement, tuple[FloatArray, FloatArray]] = {}
    zero_s: float | None = None
    for placement, log in logs.items():
        recorded = session.samples(placement)
        counts = in_counts(recorded.acc_m_s2, recorded.gyr_rad_s)
        true_s, true_counts, put_s = log.arrays()
        delivered = np.isfinite(put_s)
        if zero_s is None:
            zero_s = _zero(recorded.time_s, counts, true_s, true_counts)
        index, problem = _match(recorded.time_s + zero_s, counts, true_s, true_counts)
        if problem:
            outcome.failures.append(f"{placement}: {problem}")
            continue
        outcome.samples += len(index)
        if (np.diff(index) <= 0).any():
            outcome.failures.append(f"{placement}: a sample came twice or out of order")
        if invented := int((~delivered[index]).sum()):
            outcome.failures.append(f"{placement}: {invented} invented samples")
        missing = delivered.copy()
        missing[index] = False
        missing[: index[0]] = missing[index[-1] + 1 :] = False
        for kill_s in kills:
            missing &= ~((put_s > kill_s - _BEFORE_A_KILL_S) & (put_s < kill_s + 0.1))
        if missing.any():
            at = true_s[missing][0] - zero_s
            outcome.failures.append(
                f"{placement}: {int(missing.sum())} delivered samples are missing, "
                f"first at {at:.2f} s"
            )
        counted = session.metadata.sensors[placement].samples_lost or 0
        inside = slice(int(index[0]), int(index[-1]) + 1)
        purpose = int((~delivered[inside]).sum())
        outcome.lost_on_purpose += purpose
        outcome.lost_counted += counted
        if not outcome.faults and counted != purpose:
            outcome.failures.append(f"{placement}: {counted} losses counted, {purpose} caused")
        errors[placement] = (true_s[index], recorded.time_s + zero_s - true_s[index])
    if len(errors) == len(logs):
        _compare_clocks(list(errors.values()), settled_s, outcome)
    assert zero_s is not None, "there is a sensor"
    # The first rows were stamped before the clock was known well.
    late = [float(np.median(error)) for _, error in errors.values()]
    return zero_s - float(np.median(late or 0.0))


def _zero(time_s: FloatArray, counts: FloatArray, true_s: FloatArray, truth: FloatArray) -> float:
    """Time 0 of the session on the truth's clock, from the first rows."""
    for first in range(len(truth) - 40):
        if np.abs(truth[first : first + 40] - counts[:40]).max() < _SAME_COUNTS:
            return float(np.median(true_s[first : first + 40] - time_s[:40]))
    raise AssertionError("the first samples of the session were never taken")


def _match(
    time_s: FloatArray, counts: FloatArray, true_s: FloatArray, truth: FloatArray
) -> tuple[np.ndarray, str]:
    """Which true sample each row is: the one of its values among those near in time."""
    near = np.searchsorted(true_s, time_s)[:, None] + np.arange(-8, 9)
    near = np.clip(near, 0, len(true_s) - 1)
    error = np.abs(truth[near] - counts[:, None]).max(axis=2)
    # Equal values are told apart by time.
    distance = np.abs(true_s[near] - time_s[:, None])
    score = np.where(error < _SAME_COUNTS, distance, np.inf)
    best = score.argmin(axis=1)
    bad = ~np.isfinite(score[np.arange(len(score)), best])
    problem = f"{int(bad.sum())} rows are no sample that was taken" if bad.any() else ""
    return near[np.arange(len(near)), best], problem


def _compare_clocks(
    errors: list[tuple[FloatArray, FloatArray]], settled_s: float, outcome: Outcome
) -> None:
    begin = max(t[0] for t, _ in errors) + settled_s
    end = min(t[-1] for t, _ in errors)
    grid = np.arange(begin, end, 0.5)
    if not len(grid):
        return
    each = np.array([np.interp(grid, t, error) for t, error in errors])
    spread = np.ptp(each, axis=0) * 1e3
    outcome.time_error_ms = float(np.median(spread))
    outcome.time_error_p95_ms = float(np.quantile(spread, 0.95))
