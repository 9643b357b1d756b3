"""Scoring: how far the signs of one pattern go on one leg.

Three axes (clinical rules): the distance to people of this speed, sex and age, and the
distance to the other leg, of which the larger counts (the latter times 0.8); the distance to
the own baseline is carried along for trends and never scores. A sign's severity grows from 0
at half an SD to 1 at two and a half; the score is the severity averaged by weight and quality.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.patterns.base import Pattern, Sign
from pipeline.patterns.board import SignFinding
from pipeline.patterns.terms import Level, Task, Towards
from pipeline.patterns.walk_view import Deviation, WalkView
from recordings.placement import Side

OTHER_LEG_SHARE = 0.8
SEVERITY_FROM_Z, SEVERITY_SPAN_Z = 0.5, 2.0
MUST_Z = 2.0
CLEAR_MUST_Z = 2.5
SIGN_Z = 1.5
SIGNS_NEEDED = 2
UNUSUAL_Z = 1.0
"""A must sign that stands out from the other leg must be somewhat unusual among people too:
else the other leg may be the one that differs."""
COVERAGE_NEEDED = 0.6
STRIDES_NEEDED = 20
SLIGHT_SCORE, POSSIBLE_SCORE, CLEAR_SCORE = 35.0, 63.0, 75.0
"""Set so that in one walk at most 5 % of usual people get a possible pattern and 1 % a clear one
(drawn from the spreads of the norms; with the 55 and 70 of the rules it would be 6 % and 1.4 %)."""


@dataclass(frozen=True, slots=True)
class Score:
    """What the signs amount to.

    Attributes
    ----------
    level : Level
    reason : str
        As in `board.PatternFinding`.
    score, coverage : float
    must_z : float
        Largest distance of a must sign that counts as one; 0 without.
    tested : bool
        Whether a movement test speaks for it.
    signs : tuple of SignFinding
        Strongest first.
    """

    level: Level
    reason: str
    score: float
    coverage: float
    must_z: float
    tested: bool
    signs: tuple[SignFinding, ...]


def score(pattern: Pattern, walk: WalkView, side: Side) -> Score:
    """Score one pattern on one leg, whatever else the walk shows."""
    looked = [(sign, *_look(sign, pattern, walk, side)) for sign in pattern.signs]
    found = [finding for _, finding, _ in looked]
    signs = tuple(sorted(found, key=lambda f: -f.weight * f.quality * f.severity))
    # Without the test nobody could have measured them: they are named, not missed.
    askable = [(s, f) for s, f, _ in looked if s.task is Task.WALK or f.measured]
    weight = sum(s.weight * s.quality for s, _ in askable)
    measured = sum(f.weight * f.quality for _, f in askable)
    coverage = measured / weight if weight else 0.0
    total = 100.0 * sum(f.weight * f.quality * f.severity for f in found) / (measured or math.nan)
    must_z = max((f.z for s, f, sure in looked if s.must and sure), default=0.0)
    tested = any(f.z >= SIGN_Z for s, f, _ in looked if s.task is not Task.WALK and f.measured)

    def result(level: Level, reason: str) -> Score:
        return Score(level, reason, total, coverage, must_z, tested, signs)

    if missing := [seg for seg in pattern.needs if not walk.wears(seg, side)]:
        return result(Level.NOT_JUDGED, f"{min(missing)}_sensor_not_worn")
    if walk.steady_strides() < STRIDES_NEEDED:
        return result(Level.NOT_JUDGED, "too_few_strides")
    if coverage < COVERAGE_NEEDED:
        return result(Level.NOT_JUDGED, "too_little_measured")
    if must_z < MUST_Z:
        return result(Level.NONE, "no_must_sign")
    if sum(f.measured and f.z >= SIGN_Z for f in found) < SIGNS_NEEDED:
        return result(Level.NONE, "one_sign_only")
    level = _level(total)
    return result(min(level, Level.POSSIBLE) if must_z < CLEAR_MUST_Z else level, "score")


def _level(total: float) -> Level:
    if total >= CLEAR_SCORE:
        return Level.CLEAR
    if total >= POSSIBLE_SCORE:
        return Level.POSSIBLE
    return Level.SLIGHT if total >= SLIGHT_SCORE else Level.NONE


def _look(sign: Sign, pattern: Pattern, walk: WalkView, side: Side) -> tuple[SignFinding, bool]:
    """The sign in this walk, and whether it may serve as a must sign."""
    quality = min(1.0, walk.quality(sign.code, side)) * sign.quality
    people = walk.deviation(sign.code, side)
    other = (
        None
        if sign.other_leg_sd is None
        else walk.against_other(sign.code, side, sign.other_leg_sd)
    )
    z_people, z_other = _towards(sign, people), OTHER_LEG_SHARE * _towards(sign, other)
    by_other = z_other > z_people or people is None
    chosen = other if by_other else people
    if chosen is None or quality == 0.0:
        return _not_measured(sign), False
    quality *= chosen.sharpness
    z = z_other if by_other else z_people
    severity = min(1.0, max(0.0, (z - SEVERITY_FROM_Z) / SEVERITY_SPAN_Z))
    if sign.shared and _other_leg_has_more(pattern, walk, side):
        severity = 0.0
    own = people or chosen
    change = walk.own_change(own.statistics)
    finding = SignFinding(
        feature=own.statistics.feature,
        code=sign.code,
        words=sign.words,
        value=people.value if people else own.statistics.mean,
        error=own.error,
        usual=own.statistics.usual,
        z=z,
        from_other_leg=by_other,
        weight=sign.weight,
        quality=quality,
        severity=severity,
        must=sign.must,
        task=str(sign.task),
        own_change=math.nan if change is None else _signed(sign, change),
    )
    sure = _signed(sign, chosen.beyond) > chosen.error and _beyond_limit(sign, finding.value)
    unlike_people = people is None or z_people >= UNUSUAL_Z
    return finding, sure and unlike_people


def _other_leg_has_more(pattern: Pattern, walk: WalkView, side: Side) -> bool:
    """Whether the legs differ beyond error in the first must sign, and the other one leads."""
    sign = next(s for s in pattern.signs if s.must)
    other = walk.against_other(sign.code, side, sign.other_leg_sd or 1.0)
    return other is not None and -_signed(sign, other.beyond) > other.error


def _beyond_limit(sign: Sign, value: float) -> bool:
    if sign.limit is None:
        return True
    return value < sign.limit if sign.towards is Towards.LOWER else value > sign.limit


def _signed(sign: Sign, value: float) -> float:
    return -value if sign.towards is Towards.LOWER else value


def _towards(sign: Sign, deviation: Deviation | None) -> float:
    return -math.inf if deviation is None else _signed(sign, deviation.z)


def _not_measured(sign: Sign) -> SignFinding:
    nan = math.nan
    return SignFinding(
        feature="",
        code=sign.code,
        words=sign.words,
        value=nan,
        error=nan,
        usual=None,
        z=nan,
        from_other_leg=False,
        weight=sign.weight,
        quality=0.0,
        severity=0.0,
        must=sign.must,
        task=str(sign.task),
        own_change=nan,
    )
