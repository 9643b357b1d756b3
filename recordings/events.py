"""What happened during a session, beside the samples: the rows of ``events.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """The kinds that hipgait itself understands; files may hold others.

    A kind that ends in ``_start`` opens a span that the matching ``_end`` (or the end
    of the recording) closes.
    """

    CALIBRATION_POSE_START = "calibration_pose_start"
    """Label names the pose: ``standing`` or ``seated``."""
    CALIBRATION_POSE_END = "calibration_pose_end"
    RECALIBRATION = "recalibration"
    """The wearer or therapist asks for new axes from here on."""
    TASK_START = "task_start"
    """Label names the task: ``walk``, ``squat``, ``single_leg_stance_left`` …"""
    TASK_END = "task_end"
    EXCLUSION_START = "exclusion_start"
    EXCLUSION_END = "exclusion_end"
    MARKER = "marker"
    PAIN = "pain"
    """Label is a score from 0 to 10."""
    DROPOUT_START = "dropout_start"
    """Label is the placement whose link was lost."""
    DROPOUT_END = "dropout_end"


@dataclass(frozen=True, slots=True, order=True)
class SessionEvent:
    """One row of ``events.csv``.

    Attributes
    ----------
    time_s : float
        Seconds on the session clock.
    kind : str
        One of `EventKind`, or a word of the file's own that is kept as it is.
    label : str
        Free text; its meaning depends on `kind`.
    """

    time_s: float
    kind: str
    label: str = ""
