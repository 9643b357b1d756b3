"""Curve rows: a mapping like any other, whose arrays lie side by side."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.curve_rows import CurveRows
from pipeline.gait import Curve

PLAIN = {
    curve: np.full(101, float(i))
    for i, curve in enumerate((Curve.PELVIS_TILT, Curve.HIP_FLEXION, Curve.KNEE_FLEXION))
}


def test_it_holds_what_the_plain_mapping_does_in_its_order() -> None:
    rows = CurveRows.of(PLAIN)
    assert list(rows) == list(PLAIN)
    assert all(np.array_equal(rows[curve], values) for curve, values in PLAIN.items())
    assert Curve.HIP_FLEXION in rows and Curve.HIP_ROTATION not in rows
    with pytest.raises(KeyError):
        rows[Curve.HIP_ROTATION]
    assert CurveRows.of(rows) is rows


def test_hidden_curves_are_gone_and_the_others_keep_their_values() -> None:
    rows = CurveRows.of(PLAIN).without({Curve.HIP_FLEXION, Curve.HIP_ROTATION})
    assert list(rows) == [Curve.PELVIS_TILT, Curve.KNEE_FLEXION]
    assert rows[Curve.KNEE_FLEXION][0] == 2.0


def test_no_curves_are_an_empty_mapping() -> None:
    assert not CurveRows.of({})
    assert len(CurveRows.of({})) == 0
