"""Body axes: how each worn sensor sits on its segment, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.gait import FloatArray, Plane
from recordings.placement import Placement, Side


@dataclass(frozen=True, slots=True, eq=False)
class SegmentAxes:
    """One sensor on its segment.

    Attributes
    ----------
    bias_rad_s : ndarray, shape (3,)
        Gyroscope bias in the sensor frame.
    alignment : ndarray, shape (4,)
        Quaternion segment → sensor.
    error_deg : float
        Standard error of the segment's forward direction about its long axis.
    """

    bias_rad_s: FloatArray
    alignment: FloatArray
    error_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class BodyAxes:
    """All sensors of one calibration.

    Attributes
    ----------
    segments : mapping of Placement to SegmentAxes
        Sensors whose axes were found; a shank may be missing.
    relative_heading_rad : mapping of Placement to float
        Turns the earth frame of a leg sensor's filter into that of the pelvis sensor's, at
        the start of the stretch the calibration was made from. Absent where a gap broke it.
    rotation_zero_rad : mapping of Placement to float
        Axial rotation of thigh against pelvis (shank against thigh) while standing.
    zero : {'standing', 'walking_mean'}
    refused : mapping of Plane to str
        Planes that must not be used, with the reason.
    unfit : str
        If not empty: why no result at all may be drawn from this calibration.
    """

    segments: Mapping[Placement, SegmentAxes]
    relative_heading_rad: Mapping[Placement, float]
    rotation_zero_rad: Mapping[Placement, float]
    zero: str
    step_rate_hz: float
    straight_walking_s: float
    rest_s: float
    refused: Mapping[Plane, str]
    unfit: str = ""
    remarks: tuple[str, ...] = ()

    def has_shank(self, side: Side) -> bool:
        placement = Placement.SHANK_LEFT if side is Side.LEFT else Placement.SHANK_RIGHT
        return placement in self.segments


@dataclass(frozen=True, slots=True)
class CalibrationRefusal:
    """Why no axes could be found at all."""

    reason: str
    """Machine-readable code."""
    text: str
    """One sentence: what is missing and what to do."""
