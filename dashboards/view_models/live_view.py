"""A live walk as a screen sees it: the last minute, frozen or not, and how things stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dashboards.view_models.angle_history import AngleHistory
from dashboards.view_models.cycle import LastStrides
from dashboards.view_models.findings_board import FindingRow, findings_board
from dashboards.view_models.raw_history import RawHistory, RawWindow
from dashboards.view_models.sensor_cards import SensorCard, sensor_cards
from dashboards.view_models.stance_track import StanceTrack
from dashboards.view_models.tiles import Tile, tiles
from pipeline.gait import FloatArray
from recordings.placement import Placement, Side

if TYPE_CHECKING:
    from dashboards.live_news import Look
    from pipeline.results import Results

WINDOW_S = 10.0
BACK_S = 60.0
"""How far one can look back while frozen."""


class LiveView:
    """Takes looks and keeps what the screen shows of them.

    Freezing concerns the display alone: looks are taken all the time.
    """

    def __init__(self) -> None:
        self.angles = AngleHistory(BACK_S + WINDOW_S + 5.0)
        self.raw = RawHistory(BACK_S + WINDOW_S + 5.0)
        self.stance = StanceTrack(kept_s=BACK_S + WINDOW_S + 5.0)
        self.last_strides = LastStrides()
        self.look: Look | None = None
        self._frozen_s: float | None = None
        self._back_s = 0.0

    def take(self, look: Look) -> None:
        self.look = look
        for block in look.early_angles:
            self.angles.take_early(block)
        for block in look.angles:
            self.angles.take_late(block)
        self.raw.take(look.samples)
        self.stance.take(look.contacts)
        self.last_strides.take(look.strides)

    # -- time ------------------------------------------------------------------------------

    @property
    def now_s(self) -> float:
        return 0.0 if self.look is None else self.look.time_s

    @property
    def end_s(self) -> float:
        """Session time at the right end of the plots."""
        return (self.now_s if self._frozen_s is None else self._frozen_s) - self._back_s

    @property
    def frozen(self) -> bool:
        return self._frozen_s is not None

    @property
    def behind_s(self) -> float:
        """How old the right end of a frozen view is."""
        return self.now_s - self.end_s

    @property
    def delay_s(self) -> float | None:
        """How old the newest angle is; None before there is one."""
        newest_s = self.angles.end_s
        return None if newest_s is None else self.now_s - newest_s

    def toggle_freeze(self) -> None:
        self._frozen_s = self.now_s if self._frozen_s is None else None
        self._back_s = 0.0

    def look_back(self, by_s: float) -> None:
        """Move a frozen view back (> 0) or on (< 0); freezes if it was not."""
        if self._frozen_s is None:
            self.toggle_freeze()
        self._back_s = min(max(self._back_s + by_s, 0.0), BACK_S)

    # -- what is shown -----------------------------------------------------------------------

    def window(self) -> tuple[FloatArray, FloatArray]:
        """Times (seconds before the right end) and angles of the plots."""
        return self.angles.window(self.end_s, WINDOW_S)

    def raw_window(self) -> Mapping[Placement, RawWindow]:
        """The raw signals in the same stretch of time."""
        return self.raw.window(self.end_s, WINDOW_S)

    def latest(self) -> FloatArray | None:
        """The newest row of angles in the window; None if there is none."""
        _, values = self.window()
        return values[-1] if len(values) else None

    def standing(self) -> dict[Side, bool]:
        """Which feet are on the ground, at the newest angles."""
        newest_s = self.angles.end_s
        at_s = self.end_s if newest_s is None else min(self.end_s, newest_s)
        return {side: self.stance.stands(side, at_s) for side in Side}

    @property
    def results(self) -> Results | None:
        return None if self.look is None else self.look.results

    def cards(self) -> list[SensorCard]:
        return [] if self.look is None else sensor_cards(self.look.sensors.values())

    def here(self) -> tuple[int, int]:
        """How many sensors send, of how many that are worn."""
        sensors = () if self.look is None else self.look.sensors.values()
        return sum(sensor.state.streams for sensor in sensors), len(sensors)

    def tiles(self) -> list[Tile]:
        return tiles(self.results)

    def findings(self) -> list[FindingRow]:
        return findings_board(self.results)

    def rate_hz(self) -> float:
        """Samples a second, all sensors together."""
        if self.look is None:
            return 0.0
        return sum(s.rate_hz for s in self.look.sensors.values() if s.state.streams)

    def lost(self) -> int:
        """Samples lost so far, all sensors together."""
        if self.look is None:
            return 0
        return sum(s.samples_lost + s.samples_away for s in self.look.sensors.values())
