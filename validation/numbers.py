"""The arithmetic that tables share: intervals of shares, matching of events, errors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of people, with its exact 95 % interval (Clopper and Pearson 1934)."""

    count: int
    of: int

    @property
    def value(self) -> float:
        return self.count / self.of if self.of else np.nan

    @property
    def low(self) -> float:
        if not self.of:
            return np.nan
        return float(beta.ppf(0.025, self.count, self.of - self.count + 1)) if self.count else 0.0

    @property
    def high(self) -> float:
        if not self.of:
            return np.nan
        if self.count == self.of:
            return 1.0
        return float(beta.ppf(0.975, self.count + 1, self.of - self.count))

    def __str__(self) -> str:
        if not self.of:
            return "–"
        return f"{_percent(self.value)} ({_percent(self.low)}–{_percent(self.high)}) %"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Matched:
    """Found events beside true ones.

    Attributes
    ----------
    error_s : ndarray
        Found minus true time of the matched ones.
    found, true : int
    """

    error_s: FloatArray
    found: int
    true: int

    @property
    def precision(self) -> float:
        return self.error_s.size / self.found if self.found else np.nan

    @property
    def recall(self) -> float:
        return self.error_s.size / self.true if self.true else np.nan

    @property
    def f1(self) -> float:
        both = self.found + self.true
        return 2.0 * self.error_s.size / both if both else np.nan


def match(found_s: FloatArray, true_s: FloatArray, tolerance_s: float) -> Matched:
    """Pair events one to one, nearest first, within a tolerance."""
    found_s, true_s = np.sort(found_s), np.sort(true_s)
    distance = found_s[:, None] - true_s[None, :]
    i, j = np.nonzero(np.abs(distance) <= tolerance_s)
    errors, taken_i, taken_j = [], set(), set()
    for k in np.argsort(np.abs(distance[i, j]), kind="stable"):
        if i[k] not in taken_i and j[k] not in taken_j:
            taken_i.add(i[k])
            taken_j.add(j[k])
            errors.append(distance[i[k], j[k]])
    return Matched(np.array(errors), found_s.size, true_s.size)


def together(parts: list[Matched]) -> Matched:
    """Several recordings as one."""
    return Matched(
        np.concatenate([p.error_s for p in parts]) if parts else np.empty(0),
        sum(p.found for p in parts),
        sum(p.true for p in parts),
    )


def rmse(error: FloatArray) -> float:
    """Root mean square; NaN entries do not count."""
    return float(np.sqrt(np.nanmean(np.square(error)))) if np.isfinite(error).any() else np.nan


def rmse_without_offset(error: FloatArray) -> float:
    """Root mean square about the mean: a constant offset does not count."""
    return float(np.nanstd(error)) if np.isfinite(error).any() else np.nan


def rmse_without_stride_means(error: FloatArray, rows: list[tuple[int, int]]) -> float:
    """Root mean square with the mean of each stride taken away.

    Parameters
    ----------
    error : ndarray, shape (n,)
    rows : list of (first, last)
        Half-open rows of the strides.
    """
    parts = [error[a:b] - np.nanmean(error[a:b]) for a, b in rows if np.isfinite(error[a:b]).any()]
    return rmse(np.concatenate(parts)) if parts else np.nan


def root_mean_square(values: list[float]) -> float:
    """Of several walks' root mean squares."""
    return rmse(np.asarray(values, dtype=float))


def mean(values: Iterable[float]) -> float:
    """Of the finite ones; NaN if there is none."""
    finite = np.asarray([v for v in values if np.isfinite(v)])
    return float(finite.mean()) if finite.size else np.nan
