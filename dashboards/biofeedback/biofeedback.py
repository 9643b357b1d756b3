"""Biofeedback of one walk: hears what becomes known, decides on cues, gives them to a sink.

Off unless switched on. A target cue is given only for a stride that missed its goal by more
than the measurement error; a stride that was not measured gets none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from dashboards.biofeedback.cues import Cue, CueKind, CueSink, NullSink
from dashboards.biofeedback.fading import Fading, Thinning
from dashboards.biofeedback.metronome import Metronome
from dashboards.biofeedback.readings import Reader, Reading
from dashboards.biofeedback.rhythm import LONGEST_STEP_S, Rhythm
from dashboards.biofeedback.targets import TARGETS, Target
from pipeline.angles import AngleBlock
from pipeline.gait import GaitEvent
from recordings.placement import Side

_STALE_S = 0.7
"""A cue that would come later is not given: it would be taken for one of another step."""
_DELAYS = 20
_STEPS = 8


class Mode(StrEnum):
    OFF = "off"
    STEP_ECHO = "step_echo"
    METRONOME = "metronome"
    PELVIC_DROP = "pelvic_drop"
    KNEE_PAST_STRAIGHT = "knee_past_straight"
    STEP_TIME_SYMMETRY = "step_time_symmetry"

    @property
    def target(self) -> Target | None:
        return TARGETS.get(self.value)


@dataclass(frozen=True, slots=True)
class BiofeedbackSettings:
    """What the wearer chose.

    Attributes
    ----------
    mode : Mode
    sides : frozenset of Side
        The legs that get cues; beats are of both.
    goal : float or None
        Of the target; None for the one it begins with.
    pace : float
        Of the metronome, as a share of the measured cadence.
    fading : Fading
        Of echoes and target cues; a metronome that leaves beats out is none.
    """

    mode: Mode = Mode.OFF
    sides: frozenset[Side] = frozenset(Side)
    goal: float | None = None
    pace: float = 1.0
    fading: Fading = field(default_factory=Fading)

    @property
    def goal_or_usual(self) -> float:
        """The goal in force; NaN in a mode without one."""
        target = self.mode.target
        if target is None:
            return float("nan")
        return target.goal if self.goal is None else self.goal


@dataclass(frozen=True, slots=True)
class Board:
    """How things stand, for a screen.

    Attributes
    ----------
    settings : BiofeedbackSettings
    readings : mapping of Side to Reading
        The last one of each leg; empty without a target.
    missed : frozenset of Side
        Legs whose last stride missed the goal by more than its error.
    judged, missed_count, given : int
        Strides read, those that missed the goal, and cues given, since it was switched on.
    cadence_spm : float or None
        Of the last steps; None while nobody walks steadily.
    delay_s : float or None
        Usual time from what a cue tells of to the person, sink included.
    share : float
        Of the cues that are given by now (fading).
    """

    settings: BiofeedbackSettings
    readings: Mapping[Side, Reading] = field(default_factory=dict)
    missed: frozenset[Side] = frozenset()
    judged: int = 0
    missed_count: int = 0
    given: int = 0
    cadence_spm: float | None = None
    delay_s: float | None = None
    share: float = 1.0


class Biofeedback:
    """Decides on cues.

    `hear` belongs to the thread that analyses the walk; `change` and `board` may be used
    from another.

    Parameters
    ----------
    sink : CueSink, optional
    practised_s : float
        Practice of earlier walks, for fading.
    """

    def __init__(self, sink: CueSink | None = None, practised_s: float = 0.0) -> None:
        self.sink: CueSink = sink or NullSink()
        self.practised_s = practised_s
        self._wanted = BiofeedbackSettings()
        self._rhythm = Rhythm()
        self._last_step_s: float | None = None
        self._begin(self._wanted)

    def change(self, settings: BiofeedbackSettings) -> None:
        """Go on with other settings from the next news on."""
        self._wanted = settings
        self.board = Board(settings)

    def hear(
        self, now_s: float, contacts: Iterable[GaitEvent], angles: Iterable[AngleBlock]
    ) -> None:
        """Take what became known, as it becomes known, and give the cues that follow.

        Parameters
        ----------
        now_s : float
            Session time.
        contacts : iterable of GaitEvent
        angles : iterable of AngleBlock
            Early angles.
        """
        if self._wanted is not self._settings:
            self._begin(self._wanted)
        contacts = sorted(contacts)
        steps = [contact for contact in contacts if self._rhythm.take(contact)]
        self._practise(steps)
        mode = self._settings.mode
        if mode is Mode.OFF:
            return
        if mode is Mode.STEP_ECHO:
            for step in steps:
                self._thin(Cue(CueKind.STEP, step.side, step.time_s), now_s)
        elif mode is Mode.METRONOME:
            for beat in self._metronome.process(now_s, contacts):
                self._give(beat)
        elif self._reader is not None:
            for reading in self._reader.process(contacts, angles):
                self._judge(reading, now_s)
        self.board = self._new_board()

    def _begin(self, settings: BiofeedbackSettings) -> None:
        self._settings = settings
        target = settings.mode.target
        self._target = target
        self._reader: Reader | None = None if target is None else target.new_reader()
        self._metronome = Metronome(settings.pace)
        self._thinning = Thinning()
        self._readings: dict[Side, Reading] = {}
        self._missed: set[Side] = set()
        self._judged = self._missed_count = self._given = 0
        self._delays: deque[float] = deque(maxlen=_DELAYS)
        self.board = Board(settings)

    def _practise(self, steps: Iterable[GaitEvent]) -> None:
        for step in steps:
            if self._last_step_s is not None and self._settings.mode is not Mode.OFF:
                walked_s = step.time_s - self._last_step_s
                self.practised_s += walked_s if 0 < walked_s <= LONGEST_STEP_S else 0.0
            self._last_step_s = step.time_s

    def _judge(self, reading: Reading, now_s: float) -> None:
        assert self._target is not None
        self._readings[reading.side] = reading
        if self._settings.mode is Mode.STEP_TIME_SYMMETRY:
            # One leg is the shorter one; what was said of the other is over.
            self._readings.pop(reading.side.other, None)
            self._missed.discard(reading.side.other)
        self._judged += 1
        if not self._target.missed(reading, self._settings.goal_or_usual):
            self._missed.discard(reading.side)
            return
        self._missed.add(reading.side)
        self._missed_count += 1
        self._thin(Cue(CueKind.TARGET, reading.side, reading.time_s), now_s)

    def _thin(self, cue: Cue, now_s: float) -> None:
        if now_s - cue.time_s > _STALE_S or cue.side not in self._settings.sides:
            return
        share = self._settings.fading.share(self.practised_s)
        if self._thinning.passes(cue.side, share):
            self._delays.append(now_s - cue.time_s)
            self._give(cue)

    def _give(self, cue: Cue) -> None:
        self._given += 1
        self.sink.give(cue)

    def _new_board(self) -> Board:
        step_s = self._rhythm.step_time_s(_STEPS)
        delay_s = median(self._delays) + self.sink.latency_s if self._delays else None
        return Board(
            self._settings,
            dict(self._readings),
            frozenset(self._missed),
            self._judged,
            self._missed_count,
            self._given,
            None if step_s is None else 60.0 / step_s,
            delay_s,
            self._settings.fading.share(self.practised_s),
        )
