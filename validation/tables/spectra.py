"""What the virtual wearer's sensors feel beside what real ones felt: spectra of walking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import welch

from firmware_bridge.virtual_wearer.spec import Person, Spec, Stand, Walk
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.grid import true_runs
from recordings.placement import Placement
from recordings.samples import ImuSamples
from recordings.session import Session
from validation.cases import Laboratory
from validation.numbers import FloatArray
from validation.page import Drawing, Grid, Section, number
from validation.shared_data import OPENSENSE, QMT
from validation.svg import Series, line_chart

SEGMENTS = {
    "pelvis": (Placement.PELVIS,),
    "thigh": (Placement.THIGH_LEFT, Placement.THIGH_RIGHT),
    "shank": (Placement.SHANK_LEFT, Placement.SHANK_RIGHT),
}
SIGNALS = {"angular rate": "°/s", "acceleration": "m/s²"}
BANDS_HZ = ((0.5, 3.0), (3.0, 8.0), (8.0, 15.0), (15.0, 40.0))
SPEEDS_M_S = (0.9, 1.2, 1.5)
SEED = 8000
HIGHEST_HZ = 40.0
_RATE_HZ, _WINDOW = 100.0, 256
_WALKING_RAD_S = 0.8
"""Root mean square of a thigh's rate over two seconds that only walking has."""


@dataclass(frozen=True, slots=True)
class Case:
    speed_m_s: float


Spectra = dict[str, list[float]]
"""``thigh angular rate`` … → amplitude density at the frequencies of `welch`, unit/√Hz."""


def measure(case: Case) -> dict[str, Any]:
    """The spectra of one virtual walk."""
    spec = Spec(
        seed=SEED,
        person=Person(speed_m_s=case.speed_m_s),
        timeline=(Stand(duration_s=3.0), Walk(duration_s=60.0), Stand(duration_s=2.0)),
    )
    return dict(spectra(wear(spec).session))


def spectra(session: Session) -> Spectra:
    """Amplitude densities of all segments over the longest stretch of walking.

    The squares of the three axes are added, so that it does not matter how a sensor sits.
    """
    start_s, end_s = _walking(session.samples(Placement.THIGH_RIGHT))
    found: Spectra = {}
    for segment, placements in SEGMENTS.items():
        for signal in SIGNALS:
            power = [_power(session.samples(p), signal, start_s, end_s) for p in placements]
            found[f"{segment} {signal}"] = np.sqrt(np.mean(power, axis=0)).tolist()
    return found


def frequencies_hz() -> FloatArray:
    return np.asarray(np.fft.rfftfreq(_WINDOW, 1.0 / _RATE_HZ), dtype=np.float64)


def _walking(thigh: ImuSamples) -> tuple[float, float]:
    squares = (thigh.gyr_rad_s**2).sum(axis=1)
    walking = uniform_filter1d(squares, round(2 * _RATE_HZ)) > _WALKING_RAD_S**2
    first, last = max(true_runs(walking), key=lambda run: run[1] - run[0])
    return float(thigh.time_s[first]), float(thigh.time_s[last - 1])


def _power(samples: ImuSamples, signal: str, start_s: float, end_s: float) -> FloatArray:
    values = np.rad2deg(samples.gyr_rad_s) if signal == "angular rate" else samples.acc_m_s2
    at = np.arange(start_s, end_s, 1.0 / _RATE_HZ)
    even = np.stack([np.interp(at, samples.time_s, column) for column in values.T])
    return welch(even, fs=_RATE_HZ, nperseg=_WINDOW, detrend="constant")[1].sum(axis=0)


def band_rms(density: list[float], band_hz: tuple[float, float]) -> float:
    """Root mean square of what lies in a band, from its amplitude density."""
    hz = frequencies_hz()
    inside = (hz >= band_hz[0]) & (hz < band_hz[1])
    return float(np.sqrt((np.square(density)[inside]).sum() * hz[1]))


def section(laboratory: Laboratory, people: int) -> Section:
    result = Section(
        title="What the sensors feel",
        meaning=(
            "Spectra of walking, the three axes of a sensor taken together, the left and the "
            "right one averaged: two real walks beside virtual ones at three speeds (soft tissue "
            "and noise as usual). Where the virtual lines lie far from the real ones, results on "
            "the twin that rest on those frequencies say little about people. The OpenSense "
            "recording (a slow walk with turns) has no gyroscope: its rates are differences of "
            "its orientations, smoothed by the maker. In the other, a brisk walk, the thigh "
            "sensors swing in their straps, about the long axis of the thigh at up to 1,500 °/s; "
            "the virtual wearer has no strap as loose as that."
        ),
        seeds=f"{SEED} at every speed",
    )
    real = {"real, OpenSense": OPENSENSE, "real, qmt": QMT}
    walks: dict[str, Spectra] = {}
    for name, recording in real.items():
        if recording.is_there:
            walks[name] = spectra(recording.session())
        else:
            result.notes.append(f"{recording.source} is not at hand: nothing to compare with.")
    made = laboratory.measure(measure, [Case(v) for v in SPEEDS_M_S])
    twins = {f"twin, {v:g} m/s": one for v, one in zip(SPEEDS_M_S, made, strict=True)}
    rows = []
    for segment in SEGMENTS:
        for signal, unit in SIGNALS.items():
            key = f"{segment} {signal}"
            for low, high in BANDS_HZ:
                cells = [
                    number(band_rms(walk[key], (low, high)), 2)
                    for walk in (*walks.values(), *twins.values())
                ]
                rows.append((segment, f"{signal}, {unit}", f"{low:g}–{high:g}", *cells))
    heads = ("sensor", "signal, rms", "band, Hz", *walks, *twins)
    result.grids.append(Grid("Root mean square by band", heads, rows))
    hz = frequencies_hz()
    shown = (hz > 0) & (hz <= HIGHEST_HZ)
    for segment in SEGMENTS:
        for signal, unit in SIGNALS.items():
            key = f"{segment} {signal}"
            lines = [
                Series(
                    name,
                    hz[shown].tolist(),
                    np.log10(np.maximum(np.array(walk[key])[shown], 1e-3)).tolist(),
                )
                for name, walk in {**walks, **twins}.items()
            ]
            chart = line_chart(lines, "frequency, Hz", f"log₁₀ of {unit}/√Hz")
            caption = f"{segment.capitalize()}: spectrum of {signal}"
            name = f"spectrum_{segment}_{signal.replace(' ', '_')}"
            result.drawings.append(Drawing(name, caption, chart))
    return result
