"""Usual walkers are left in peace: at most 5 % a possible, 1 % a clear pattern in one walk.

People are drawn from the spreads that the norms state, with legs that resemble each other and
measures that go together; the sensors' errors are part of the spreads. A check of the rules
against the figures that they were chosen from, not a validation (see
`validation/pattern_rates.py` for walks of the virtual wearer).
"""

from __future__ import annotations

import numpy as np

from pipeline.features.registry import FEATURES
from pipeline.patterns.assessment import assess
from pipeline.patterns.terms import Level
from recordings.placement import Side
from tests.pipeline.patterns.made_walks import Where, walk

PEOPLE = 500
LEGS_ALIKE = 0.75
"""Correlation of left and right where no norm of their difference tells it."""
PARTS = {"F04a": "F04", "F07b": "F07", "F12": "F09", "F13a": "F13", "F17": "F16", "F23a": "F23"}
TOGETHER = (("F09", "F10", "F13"), ("F04", "F07", "F06"), ("F20", "F24"), ("F25", "F26"))
SHARED = ("F01", "F02", "F03", "F11", "F19")
_SD = {f.code: f.norm.sd for f in FEATURES.values() if f.norm is not None}
_ALIKE = {part: max(0.2, 1 - 0.5 * (_SD[d] / _SD[part]) ** 2) for d, part in PARTS.items()}


def person(rng: np.random.Generator) -> dict[Where, float]:
    z: dict[Where, float] = {}
    for code in _SD:
        alike = _ALIKE.get(code, LEGS_ALIKE)
        mean = rng.standard_normal() * np.sqrt(alike)
        for side in Side:
            own = rng.standard_normal() * np.sqrt(1 - alike)
            z[code, side] = mean + (0.0 if code in SHARED else own)
    for group in TOGETHER:
        for side in Side:
            first = z[group[0], side]
            for code in group[1:]:
                sign = -1 if {group[0], code} == {"F04", "F07"} else 1
                z[code, side] = 0.5 * sign * first + np.sqrt(0.75) * z[code, side]
    for difference, part in PARTS.items():
        apart = z[part, Side.RIGHT] - z[part, Side.LEFT]
        z[difference, None] = apart * _SD[part] / _SD[difference]
    for code in ("F28", "F29", "F30", "F31"):
        z[code, None] = float(rng.normal(0, 1.7))
    return z


def test_usual_walkers_are_left_in_peace() -> None:
    rng = np.random.default_rng(6)
    best = [max(p.level for p in assess(walk(person(rng))).patterns) for _ in range(PEOPLE)]
    assert np.mean([level >= Level.POSSIBLE for level in best]) <= 0.05
    assert np.mean([level >= Level.CLEAR for level in best]) <= 0.01
    assert np.mean([level >= Level.SLIGHT for level in best]) >= 0.01
