"""A short virtual walk that several tests look at."""

from __future__ import annotations

import numpy as np
import pytest

from firmware_bridge.virtual_wearer.motion import Motion, solve_motion
from firmware_bridge.virtual_wearer.person import VirtualPerson, embody
from firmware_bridge.virtual_wearer.spec import Deviation, Person, Spec, Stand, Stop, Walk


def straight_walk(
    speed_m_s: float, walk_s: float = 14.0, deviations: tuple[Deviation, ...] = ()
) -> tuple[VirtualPerson, Motion]:
    """A person who stands, walks straight on and stops, solved at 200 Hz."""
    person = embody(
        Spec(
            seed=3,
            person=Person(speed_m_s=speed_m_s),
            timeline=(Stand(duration_s=4.0), Walk(duration_s=walk_s), Stop(duration_s=2.0)),
            deviations=deviations,
        )
    )
    time_s = np.arange(0.0, person.duration_s, 0.005)
    return person, solve_motion(person.body, time_s, person.stance(time_s))


@pytest.fixture(scope="session")
def usual_walk() -> tuple[VirtualPerson, Motion]:
    return straight_walk(1.25)
