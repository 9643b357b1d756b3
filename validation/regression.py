"""A few figures of the tables, measured again on every change.

    python -m validation.regression            # compare with what is stored
    python -m validation.regression --renew    # store what is measured now

The stored figures lie in ``tests/validation/regression.json`` with the noise that each is
allowed: how far another processor or a harmless change of arithmetic may move it. Renew them
with a change that is meant to move them, and say in its message why they moved.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from pipeline.stages.push_rhythm import StepRule
from validation.cases import ROOT
from validation.numbers import root_mean_square, together
from validation.people import DETECTORS, Individual, judge, present, truly_beyond
from validation.shared_data import MOBGAP
from validation.tables import contacts_on_twin, joint_angles, pelvis_contacts, sync_and_loss

STORED = ROOT / "tests" / "validation" / "regression.json"
NEEDS_DATA = "pelvis_only"
"""Figures whose name begins so rest on recordings that are not part of the repository."""

ANGLE_NOISE_DEG, TIME_NOISE_MS, F1_NOISE = 0.10, 3.0, 0.01


class Figure(msgspec.Struct, frozen=True):
    """One stored figure.

    Attributes
    ----------
    value : float
    noise : float
        Worse by more than this is a failure.
    better : {"lower", "higher"}
    """

    value: float
    noise: float
    better: Literal["lower", "higher"]

    def worse_by(self, measured: float) -> float:
        """How much worse a new measurement is; negative if it is better, inf if it is NaN."""
        if np.isnan(measured):
            return np.inf
        return measured - self.value if self.better == "lower" else self.value - measured


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure as it is now."""

    name: str
    figure: Figure


def measure() -> list[Measured]:
    """All figures; those of recordings that are not at hand are left out."""
    found = [*_angles(), *_contacts(), *_loss(), *_people()]
    return [*found, *_pelvis_only()] if MOBGAP.is_there else found


def _angles() -> Iterator[Measured]:
    walks = [
        joint_angles.measure(joint_angles.Case(seed, speed, artefact=True))["rmse"]
        for seed, speed in ((2000, 0.8), (2001, 1.2), (2002, 1.5))
    ]
    for name in joint_angles.ANGLES:
        value = root_mean_square([w[name] for w in walks])
        yield _lower(f"angle {name}, RMSE deg", value, ANGLE_NOISE_DEG)


def _contacts() -> Iterator[Measured]:
    case = contacts_on_twin.Case
    walks = [
        contacts_on_twin.measure(c)
        for c in (case(3000, speed_m_s=0.8), case(3001, -20, 1.2), case(3002, 20, 1.5))
    ]
    for sensors in ("five", "three"):
        for kind in ("initial", "final"):
            both, _ = contacts_on_twin.pooled(walks, sensors, kind)
            name = f"{kind} contact, {sensors} sensors"
            yield _higher(f"{name}, F1", both.f1, F1_NOISE)
            spread = 1000 * float(np.sqrt(np.mean(both.error_s**2)))
            yield _lower(f"{name}, RMS ms", spread, TIME_NOISE_MS)


def _loss() -> Iterator[Measured]:
    walk = sync_and_loss.measure(sync_and_loss.Case(6000, loss_share=0.01))
    yield _higher("1 % loss, steady strides kept", walk["steady"], 0.03)
    yield _lower("1 % loss, hip flexion RMSE deg", walk["hip"], ANGLE_NOISE_DEG)


def _people() -> Iterator[Measured]:
    usual = [judge(Individual(seed)) for seed in range(1, 6)]
    yield _lower("usual walkers with a false alarm, of 5", _false(usual), 0.0)
    yield _higher("usual walkers judged, strides", float(min(w["strides"] for w in usual)), 10.0)
    deviations = (("stiff_knee", 20.0), ("hip_adduction", 17.0), ("knee_hyperextension", 22.0))
    for kind, amount in deviations:
        walks = [judge(Individual(seed, kind, amount)) for seed in (11, 12)]
        right = sum(
            any(truly_beyond(f, w["truth"]) for d in DETECTORS for f in present(w["five"], d))
            for w in walks
        )
        yield _higher(f"{kind} of {amount:g} rightly found, of 2", float(right), 0.0)


def _false(walks: list[dict[str, Any]]) -> float:
    return float(
        sum(
            any(not truly_beyond(f, w["truth"]) for d in DETECTORS for f in present(w["five"], d))
            for w in walks
        )
    )


def _pelvis_only() -> Iterator[Measured]:
    found = [t.matched(StepRule(), inside=True) for t in pelvis_contacts.load_trials()]
    yield _higher(f"{NEEDS_DATA}, F1 in bouts", together(found).f1, F1_NOISE)


def _lower(name: str, value: float, noise: float) -> Measured:
    return Measured(name, Figure(round(value, 4), noise, "lower"))


def _higher(name: str, value: float, noise: float) -> Measured:
    return Measured(name, Figure(round(value, 4), noise, "higher"))


def load(path: Path = STORED) -> dict[str, Figure]:
    """The stored figures by name."""
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Figure])


def main() -> int:
    found = measure()
    stored = load() if STORED.exists() else {}
    failed = 0
    for one in found:
        old = stored.get(one.name)
        worse = old is not None and old.worse_by(one.figure.value) > old.noise
        failed |= worse
        before = "new" if old is None else f"{old.value:g}"
        print(f"{one.name:48} {before:>9} → {one.figure.value:<9g} {'WORSE' if worse else ''}")
    if sys.argv[1:] == ["--renew"]:
        kept = {n: f for n, f in stored.items() if n.startswith(NEEDS_DATA)}
        text = msgspec.json.format(msgspec.json.encode(kept | {m.name: m.figure for m in found}))
        STORED.parent.mkdir(parents=True, exist_ok=True)
        STORED.write_bytes(text + b"\n")
        print(f"Stored in {STORED}.")
        return 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
