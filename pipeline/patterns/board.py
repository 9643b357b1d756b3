"""What an assessment of patterns says: frozen, ready for screen, report and files."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.patterns.terms import Confounder, Fact, Level
from pipeline.results import Interval
from recordings.placement import Side
from recordings.red_flags import RedFlag, Urgency


@dataclass(frozen=True, slots=True)
class SignFinding:
    """One measure as it speaks for or against a pattern.

    Attributes
    ----------
    feature, code : str
        Empty feature name if it was not measured.
    words : str
        What is looked for, in plain words.
    value, error : float
        Own leg's value, or own minus other; NaN if not measured.
    usual : Interval or None
    z : float
        Distance in SD, + = towards the pattern; NaN if not measured.
    from_other_leg : bool
        True if the distance to the other leg says more than that to other people.
    weight, quality, severity : float
        Weight in the pattern, how far the measure can be relied on (0–1), and how marked it
        is (0–1).
    must : bool
    task : str
        What has to be done for it to exist.
    own_change : float
        Change against the own baseline in SD of two wearings, + = towards the pattern; NaN
        without one. It never enters the score.
    """

    feature: str
    code: str
    words: str
    value: float
    error: float
    usual: Interval | None
    z: float
    from_other_leg: bool
    weight: float
    quality: float
    severity: float
    must: bool
    task: str
    own_change: float

    @property
    def measured(self) -> bool:
        return self.quality > 0

    @property
    def speaks_for(self) -> bool:
        return self.measured and self.severity > 0


@dataclass(frozen=True, slots=True)
class PatternFinding:
    """One pattern on one leg.

    Attributes
    ----------
    pattern, letter, title : str
    side : Side
    level : Level
    reason : str
        Machine-readable code of why the level is what it is: ``score``, ``no_must_sign``,
        ``one_sign_only``, ``too_few_strides``, ``too_little_measured``, ``shank_sensor_not_worn``,
        ``held_back``, ``told_by_another``, ``contradicts``, ``hip_not_quiet``,
        ``hip_not_judged``, ``blocked``.
    score : float
        0–100; NaN if not judged.
    coverage : float
        Share of the weight that was measured, by quality, 0–1.
    confidence : float
        0–1.
    preliminary : bool
        True until it was seen on the same side on two days.
    days_seen : int
        Days, this one included, on which it was seen.
    signs : tuple of SignFinding
        Strongest first.
    sentence : str
    held_by : tuple of str
        Titles of what holds it back.
    looks_alike, clearer : tuple of str
    facts : tuple of Fact
        Empty unless it is right to show them.
    at_the_hip : bool
    """

    pattern: str
    letter: str
    title: str
    side: Side
    level: Level
    reason: str
    score: float
    coverage: float
    confidence: float
    preliminary: bool
    days_seen: int
    signs: tuple[SignFinding, ...]
    sentence: str
    meaning: str
    held_by: tuple[str, ...] = ()
    looks_alike: tuple[str, ...] = ()
    clearer: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    at_the_hip: bool = True

    @property
    def speaking_for(self) -> tuple[SignFinding, ...]:
        return tuple(sign for sign in self.signs if sign.speaks_for)

    @property
    def speaking_against(self) -> tuple[SignFinding, ...]:
        """Measured, and as usual."""
        return tuple(sign for sign in self.signs if sign.measured and not sign.speaks_for)

    @property
    def not_measured(self) -> tuple[SignFinding, ...]:
        return tuple(sign for sign in self.signs if not sign.measured)


@dataclass(frozen=True, slots=True)
class RedFlagGate:
    """Whether results about patterns may be shown at all.

    Attributes
    ----------
    hides_patterns : bool
    asked : bool
        Whether the questions were answered.
    flags : tuple of RedFlag
        Those answered with yes.
    urgency : Urgency or None
    advice : str
        Static text; empty without a flag.
    """

    hides_patterns: bool = False
    asked: bool = False
    flags: tuple[RedFlag, ...] = ()
    urgency: Urgency | None = None
    advice: str = ""


@dataclass(frozen=True, slots=True)
class HipHint:
    """Could the hip be involved? In words alone; the points behind them stay inside.

    Attributes
    ----------
    side : Side
        The painful knee.
    words : str
    because : tuple of str
        What spoke for it.
    against : tuple of str
    """

    side: Side
    words: str
    because: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PatternBoard:
    """All that is said about patterns in one walk.

    Attributes
    ----------
    headline : str
        The most important sentence.
    patterns : tuple of PatternFinding
        Every pattern and leg, what was seen most clearly first; empty behind a red flag.
    confounders : tuple of Confounder
        What makes signs look like a pattern, as noticed in this walk.
    gate : RedFlagGate
    hip_hints : tuple of HipHint
        Only with the wearer's consent.
    next_steps : tuple of str
        What to do so that more can be said, most useful first.
    limits : tuple of str
        What could not be looked at, and why.
    """

    headline: str
    patterns: tuple[PatternFinding, ...] = ()
    confounders: tuple[Confounder, ...] = ()
    gate: RedFlagGate = RedFlagGate()
    hip_hints: tuple[HipHint, ...] = ()
    next_steps: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()

    @property
    def seen(self) -> tuple[PatternFinding, ...]:
        """Possible and clear patterns."""
        return tuple(p for p in self.patterns if p.level >= Level.POSSIBLE)

    @property
    def slight(self) -> tuple[PatternFinding, ...]:
        return tuple(p for p in self.patterns if p.level is Level.SLIGHT)
