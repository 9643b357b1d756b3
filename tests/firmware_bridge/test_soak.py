"""Two minutes of the soak, every fault once; ``python -m tests.soak`` runs as long as wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_bluez.private_bus import why_not_available
from tests.soak import soak


@pytest.mark.slow
@pytest.mark.skipif(bool(why_not_available()), reason=why_not_available() or "available")
def test_the_session_equals_the_truth_outside_the_injected_gaps(tmp_path: Path) -> None:
    outcome = soak(2.0, tmp_path)
    assert outcome.failures == []
    assert len(outcome.faults) == 12
    assert outcome.samples > 50_000
    # Between the faults: where no gap is near, the strides are those of an undisturbed walk.
    assert outcome.strides_compared > 20
    # The promise of 1 ms is held by the simulation, where nothing else runs. Here a busy
    # machine delays every arrival; arrival times alone would be off by 11 ms.
    assert outcome.time_error_ms < 5.0


@pytest.mark.slow
@pytest.mark.skipif(bool(why_not_available()), reason=why_not_available() or "available")
def test_every_deliberate_loss_is_counted_exactly(tmp_path: Path) -> None:
    outcome = soak(0.6, tmp_path, only=(), steady_loss=0.02)
    assert outcome.failures == []
    assert outcome.lost_counted == outcome.lost_on_purpose > 50
