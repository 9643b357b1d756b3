"""Pelvis contacts: steps and walking bouts from the pelvis sensor alone.

For a session with no thigh sensor that can be trusted, and for recordings of the lower back.
The push after a landing (`push_rhythm`) is seen however the sensor is turned and in turns as
well, where the forward braking that `landing` prefers comes late or not at all; it tells less
exactly *when* the foot landed (± 60 ms against ± 45 ms), and not which foot.

Contract
--------
Input    Grid points of the pelvis sensor: acceleration and angular rate.
Output   `GaitEvent`s: initial contacts without a side, in time order; `bouts` beside them.
Latency  That of `push_rhythm`.
State    The orientation filter, a low-pass and that of `push_rhythm`.
Gap      A gap that is too long to bridge ends the bout.
Finish   Closes the open bout.
"""

from __future__ import annotations

import numpy as np

from pipeline.filters import StreamFilter, butter_low_pass, phase_delay_s
from pipeline.gait import FloatArray, GaitEvent, GaitEventKind
from pipeline.grid import SensorGrid
from pipeline.stages.orient import Orienter
from pipeline.stages.push_rhythm import STEP_HZ, PushRhythm, StepRule, WalkingBout
from recordings.frames import GRAVITY_M_S2, rotate

SMOOTHED_HZ = 3.0
"""Running has three steps a second, walking two."""


class PelvisContacts:
    """Find steps and bouts.

    Parameters
    ----------
    rule : StepRule, optional
    bias_rad_s : ndarray, shape (3,), optional
        Gyroscope bias, where it is known from rest.
    """

    def __init__(self, rule: StepRule | None = None, bias_rad_s: FloatArray | None = None) -> None:
        self._orienter = Orienter(np.zeros(3) if bias_rad_s is None else bias_rad_s)
        smooth = butter_low_pass(SMOOTHED_HZ)
        self._smooth = StreamFilter(smooth)
        self._rhythm = PushRhythm(rule, delayed_s=phase_delay_s(smooth, STEP_HZ))

    @property
    def bouts(self) -> list[WalkingBout]:
        return self._rhythm.bouts

    def process(self, start: int, sensor: SensorGrid) -> list[GaitEvent]:
        """Contacts that became known with the grid points ``start, start + 1, …``."""
        quaternion, trusted, _ = self._orienter.process(sensor)
        up = rotate(quaternion, sensor.acc)[2] - GRAVITY_M_S2
        up = self._smooth(np.where(trusted, up, 0.0))
        return [
            GaitEvent(time_s, GaitEventKind.INITIAL_CONTACT, None)
            for time_s in self._rhythm.process(start, up, trusted)
        ]

    def finish(self) -> list[GaitEvent]:
        """Close the open bout; its contacts have been told already."""
        self._rhythm.finish()
        return []
