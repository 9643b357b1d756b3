"""The strides found in the session against those of an undisturbed recording of the same walk."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from firmware_bridge.transport.simulated_sensor import FloatArray
from pipeline.analysis import analyze
from pipeline.gait import Stride
from recordings.placement import Side
from recordings.session import InMemorySource, Session
from tests.soak.outcome import Outcome
from tests.soak.wearer import Wearer

_AWAY_FROM_A_GAP_S = 3.0
"""So long before a gap and after it strides may differ: the analysis finds its way again."""
_STRIDES_A_SECOND = 1.0
"""Of both legs together: those of the virtual wearer are 1.8."""
_NOT_YET_STEADY_S = 10.0
_SAME_S = 0.05
"""Initial contacts this close are the same: in a turn a few ms of clock move them by more."""


def compare_strides(
    session: Session, wearer: Wearer, zero_s: float, rate_hz: float, outcome: Outcome
) -> None:
    """Analyse both; what is wrong goes into `outcome`.

    Parameters
    ----------
    zero_s : float
        Time 0 of the session on the sensors' true clock.
    rate_hz : float
        Of the sensors.
    """
    series = [session.samples(p).time_s for p in session.placements]
    span = max(t[0] for t in series), min(t[-1] for t in series)
    sources = {
        p: InMemorySource(wearer.samples(p, zero_s, span, rate_hz)) for p in session.placements
    }
    perfect = Session("truth", sources, msgspec.structs.replace(session.metadata, sensors={}))
    # What lies beyond the first and the last sample is as unknown as what lies in a gap.
    ends = [(-np.inf, span[0]), (span[1], np.inf)]
    gaps = np.concatenate((_gaps(series, rate_hz), ends))
    recorded, true = analyze(session).strides, analyze(perfect).strides
    outcome.strides = len(true)
    if len(true) < _STRIDES_A_SECOND * (wearer.walked_s(span[1] + zero_s) - _NOT_YET_STEADY_S):
        outcome.failures.append(f"the undisturbed walk has {len(true)} strides only")
    apart: list[float] = []
    for side in Side:
        ours, theirs = _clear_of(recorded, gaps, side), _clear_of(true, gaps, side)
        outcome.strides_compared += len(theirs)
        apart += _unmatched(theirs, [s for s in recorded if s.side is side], "missing", outcome)
        _unmatched(ours, [s for s in true if s.side is side], "invented", outcome)
    if apart:
        outcome.stride_error_ms = 1e3 * float(np.quantile(apart, 0.95))


def _gaps(series: Iterable[FloatArray], rate_hz: float) -> FloatArray:
    """Beginnings and ends of all holes of all sensors, shape (n, 2)."""
    holes: list[FloatArray] = []
    for time_s in series:
        before = np.flatnonzero(np.diff(time_s) > 1.5 / rate_hz)
        holes.append(np.stack((time_s[before], time_s[before + 1]), axis=1))
    return np.concatenate(holes)


def _clear_of(strides: Iterable[Stride], gaps: FloatArray, side: Side) -> list[Stride]:
    margin = _AWAY_FROM_A_GAP_S

    def clear(stride: Stride) -> bool:
        near = (gaps[:, 1] > stride.start_s - margin) & (gaps[:, 0] < stride.end_s + margin)
        return not near.any()

    return [s for s in strides if s.side is side and clear(s)]


def _unmatched(
    wanted: list[Stride], among: list[Stride], what: str, outcome: Outcome
) -> list[float]:
    """How far each wanted stride's ends are from those of its twin; failures if it has none."""
    ends = np.array([(s.start_s, s.end_s) for s in among]).reshape(-1, 2)
    apart: list[float] = []
    for stride in wanted:
        far = np.abs(ends - (stride.start_s, stride.end_s)).max(axis=1, initial=0.0)
        nearest = float(far.min(initial=np.inf))
        if nearest < _SAME_S:
            apart.append(nearest)
        else:
            outcome.failures.append(
                f"{stride.side}: stride at {stride.start_s:.2f} s is {what} "
                f"(nearest {1e3 * nearest:.0f} ms away)"
            )
    return apart
