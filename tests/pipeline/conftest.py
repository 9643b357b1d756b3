"""Walks of the virtual wearer that several pipeline tests share."""

from __future__ import annotations

import pytest

from firmware_bridge.virtual_wearer.spec import (
    SensorFaults,
    Sensors,
    Spec,
    Stand,
    UTurn,
    Walk,
)
from firmware_bridge.virtual_wearer.wear import VirtualSession, wear
from pipeline.calibration.calibrator import Calibrator
from pipeline.gait import FloatArray
from pipeline.stages.kinematics import Kinematics
from recordings.placement import Placement
from tests.pipeline.streams import all_samples, grid_run


@pytest.fixture(scope="session")
def usual_walk() -> VirtualSession:
    """Two minutes with a turn, five sensors, soft tissue."""
    return wear(Spec(seed=1))


@pytest.fixture(scope="session")
def eventful_walk() -> VirtualSession:
    """A short walk with a turn, lost bursts and a shank that joins late."""
    return wear(
        Spec(
            seed=11,
            timeline=(
                Stand(duration_s=5.0),
                Walk(duration_s=18.0),
                UTurn(),
                Walk(duration_s=12.0),
                Stand(duration_s=2.0),
            ),
            sensors=Sensors(
                loss_share=0.02,
                loss_burst_ms=80.0,
                faults={Placement.SHANK_LEFT: SensorFaults(joins_s=7.0)},
            ),
        )
    )


@pytest.fixture(scope="session")
def usual_channels(usual_walk: VirtualSession) -> tuple[int, FloatArray]:
    """First grid index and kinematic channels of the usual walk's first minute."""
    parts = {p: part.between(0.0, 66.0) for p, part in all_samples(usual_walk.session).items()}
    run = grid_run(parts)
    calibrator = Calibrator()
    ready = calibrator.push(run) or calibrator.finish()
    assert ready is not None
    return run.start, Kinematics(ready.axes).process(run.sensors)
