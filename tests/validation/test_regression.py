"""No figure of the validation worsens beyond its noise.

A change that is meant to move a figure renews them:
``python -m validation.regression --renew``.
"""

from __future__ import annotations

import pytest

from validation import regression
from validation.shared_data import MOBGAP

STORED = regression.load()


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    return {one.name: one.figure.value for one in regression.measure()}


@pytest.mark.slow
@pytest.mark.parametrize("name", STORED)
def test_no_figure_worsens(measured, name):
    if name.startswith(regression.NEEDS_DATA) and not MOBGAP.is_there:
        pytest.skip(f"{MOBGAP.source} is not at hand")
    stored = STORED[name]
    assert stored.worse_by(measured[name]) <= stored.noise, (
        f"{name}: {measured[name]:g}, was {stored.value:g} ({stored.better} is better)"
    )


@pytest.mark.slow
def test_every_figure_is_stored(measured):
    assert set(measured) <= set(STORED)


def test_worse_is_told_from_better_and_from_nothing_measured():
    error = regression.Figure(2.0, 0.1, "lower")
    share = regression.Figure(0.9, 0.01, "higher")
    assert error.worse_by(2.3) > error.noise > error.worse_by(2.05) > 0 > error.worse_by(1.0)
    assert share.worse_by(0.8) > share.noise
    assert share.worse_by(0.95) < 0
    assert error.worse_by(float("nan")) > error.noise
