"""Virtual walks as the tables use them: worn, analysed, and laid beside the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.virtual_wearer.spec import (
    Spec,
    Stand,
    TimelineItem,
    Turn,
    UTurn,
    Walk,
)
from firmware_bridge.virtual_wearer.truth import Truth
from firmware_bridge.virtual_wearer.wear import VirtualSession, wear
from pipeline.analysis import analyze
from pipeline.angles import ANGLE_COLUMNS, AngleBlock
from pipeline.gait import GaitEventKind
from pipeline.results import Results
from recordings.placement import Side
from recordings.session import Session

FloatArray = NDArray[np.float64]

WITH_TURNS: tuple[TimelineItem, ...] = (
    Stand(duration_s=8.0, calibration=True),
    Walk(duration_s=35.0),
    UTurn(towards="left"),
    Walk(duration_s=25.0),
    Turn(angle_deg=90.0),
    Walk(duration_s=20.0),
    Turn(angle_deg=-90.0),
    Walk(duration_s=20.0),
    UTurn(towards="right"),
    Walk(duration_s=25.0),
    Stand(duration_s=4.0),
)
"""Two minutes and a half, with two U-turns and two corners."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """One walk: what was found, and what was true.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
    angles_deg : dict of str to ndarray, shape (n,)
        Keys of `ANGLE_COLUMNS` without their unit.
    """

    results: Results
    truth: Truth
    time_s: FloatArray
    angles_deg: dict[str, FloatArray]

    def angle_error_deg(self, name: str) -> FloatArray:
        """Measured minus true angle at `time_s`, both from standing, while walking; NaN else."""
        truth = self.truth
        true = np.interp(self.time_s, truth.time_s, truth.angle_deg(name, standing_zeroed=True))
        error = self.angles_deg[name] - true
        contacts = [c.initial_s for c in truth.contacts if np.isfinite(c.initial_s)]
        first_s = min(t for t in contacts if t > truth.time_s[0])
        outside = (self.time_s < first_s) | (self.time_s > max(contacts))
        return np.where(outside, np.nan, error)

    def stride_rows(self, side: Side) -> list[tuple[int, int]]:
        """Rows of `time_s` of the true strides of a side, turns included."""
        strides = [(s.start_s, s.end_s) for s in self.truth.strides if s.side is side]
        return [tuple(np.searchsorted(self.time_s, pair)) for pair in strides]  # type: ignore[misc]


def walk(spec: Spec, change: Callable[[Session], Session] | None = None) -> Analysed:
    """Live a spec and analyse what the sensors felt.

    Parameters
    ----------
    spec : Spec
    change : callable, optional
        What happens to the session between wearing and analysis.
    """
    return analysed(wear(spec), change)


def analysed(worn: VirtualSession, change: Callable[[Session], Session] | None = None) -> Analysed:
    """Analyse a session that was worn already."""
    session = worn.session if change is None else change(worn.session)
    blocks: list[AngleBlock] = []
    results = analyze(session, angle_sink=blocks.append)
    time_s = np.concatenate([b.time_s for b in blocks]) if blocks else np.empty(0)
    values = (
        np.concatenate([b.values for b in blocks]) if blocks else np.empty((0, len(ANGLE_COLUMNS)))
    )
    names = [column.removesuffix("_deg") for column in ANGLE_COLUMNS]
    return Analysed(results, worn.truth, time_s, dict(zip(names, values.T, strict=True)))


def found_events_s(results: Results, kind: GaitEventKind, side: Side | None = None) -> FloatArray:
    """Times of the events of one kind."""
    return np.array(
        [e.time_s for e in results.events if e.kind is kind and (side is None or e.side is side)]
    )


def true_events_s(truth: Truth, kind: GaitEventKind, side: Side) -> FloatArray:
    """True times of one kind of contact; what lies before the first step is standing."""
    initial = kind is GaitEventKind.INITIAL_CONTACT
    times = [c.initial_s if initial else c.final_s for c in truth.contacts if c.side is side]
    return np.array([t for t in times if np.isfinite(t) and t > truth.time_s[0]])
