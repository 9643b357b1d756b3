"""What can be changed about the simulated walker: one slider a deviation, and a leg."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from recordings.placement import Side


@dataclass(frozen=True, slots=True)
class DeviationSlider:
    """One slider.

    Attributes
    ----------
    kind : str
        Name of the knob in `virtual_wearer.deviations.KNOBS`.
    label, unit : str
    most : float
        At the right end; 0 is usual.
    """

    kind: str
    label: str
    unit: str
    most: float


SLIDERS: tuple[DeviationSlider, ...] = (
    DeviationSlider("step_time_asymmetry", "Longer step", "%", 30.0),
    DeviationSlider("stance_asymmetry", "Longer stance", "%", 20.0),
    DeviationSlider("pelvic_drop", "Pelvis drops", "°", 10.0),
    DeviationSlider("hip_adduction", "Thigh leans inward", "°", 14.0),
    DeviationSlider("hip_internal_rotation", "Thigh turns inward", "°", 15.0),
    DeviationSlider("thigh_turned_in", "Toe-in", "°", 15.0),
    DeviationSlider("limited_hip_extension", "Hip extends less", "°", 15.0),
    DeviationSlider("anterior_tilt", "Pelvis tips forward", "°", 12.0),
    DeviationSlider("reduced_hip_flexion", "Leg lifted less", "°", 15.0),
    DeviationSlider("knee_hyperextension", "Knee past straight", "°", 15.0),
    DeviationSlider("stiff_knee", "Knee bends less", "°", 25.0),
    DeviationSlider("stiff_hip", "Hip moves less", "°", 15.0),
    DeviationSlider("lateral_sway", "Sways over the leg", "cm", 4.0),
)
"""As far as a body that still walks can go, each alone."""


class Walker(Protocol):
    """Who is changed."""

    def deviate(self, kind: str, side: Side, amount: float) -> None: ...


class DemoPanel:
    """The sliders' state: an amount for each deviation and leg.

    Parameters
    ----------
    walker : Walker
    """

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self._amounts: dict[tuple[str, Side], float] = {}
        self.side = Side.RIGHT
        """The leg that the sliders are about."""

    def amount(self, kind: str) -> float:
        """What a slider stands at, in its unit."""
        return self._amounts.get((kind, self.side), 0.0)

    def set_amount(self, kind: str, amount: float) -> None:
        """Turn a deviation of the chosen leg."""
        if amount != self.amount(kind):
            self._amounts[kind, self.side] = amount
            self._walker.deviate(kind, self.side, _inside(kind, amount))

    def reset(self) -> None:
        """Back to the usual walk, on both legs."""
        for (kind, side), amount in list(self._amounts.items()):
            if amount:
                self._walker.deviate(kind, side, 0.0)
        self._amounts.clear()

    def active(self) -> Iterator[tuple[str, Side, float]]:
        """What is not as usual."""
        for (kind, side), amount in self._amounts.items():
            if amount:
                yield kind, side, amount


def _inside(kind: str, amount: float) -> float:
    """The amount in the unit of the knob: metres where people think in centimetres."""
    return amount / 100.0 if kind == "lateral_sway" else amount
