"""Assessment: from one analysed walk to a board of patterns.

Scores every pattern on every leg, then lets what the walk as a whole tells have its say:
confounders hold back, what another pattern tells better gives way, patterns that exclude each
other mean a fault, and a red flag hides everything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.detectors.judging import axis_quality
from pipeline.features.base import Segment
from pipeline.features.registry import FEATURES
from pipeline.patterns.base import Pattern
from pipeline.patterns.board import PatternBoard, PatternFinding
from pipeline.patterns.hip_hint import hip_hints
from pipeline.patterns.history import History
from pipeline.patterns.red_flag_gate import asks_again, gate
from pipeline.patterns.registry import CONFOUNDERS, PATTERNS
from pipeline.patterns.scoring import SLIGHT_SCORE, Score, score
from pipeline.patterns.terms import Confounder, Effect, Level, Task
from pipeline.patterns.walk_view import OUT_OF_SAGITTAL, WalkView
from pipeline.results import Results
from recordings.placement import SHANK_PLACEMENTS, THIGHS, Placement, Side
from recordings.profile import Profile

FULL_CONFIDENCE_STRIDES = 40
REPEAT = {1: 0.5, 2: 0.75}
DAYS_TO_SETTLE = 2
TOLD_BY_ANOTHER = "told_by_another"
MOST_PAIN_FOR_FACTS = 3

NO_PATTERN = (
    "No pattern stood out in this walk. Sensors see only part of how a person moves, so that is "
    "no proof that there is none."
)
HIDDEN = "Before anything else: your answers ask for a professional to have a look first."
Key = tuple[str, Side]


@dataclass(frozen=True, slots=True)
class _Judged:
    pattern: Pattern
    side: Side
    score: Score
    level: Level
    reason: str
    held_by: tuple[str, ...] = ()
    why: str = ""
    factor: float = 1.0

    def held(self, reason: str, title: str, why: str = "", level: Level = Level.SLIGHT) -> _Judged:
        """The same at a lower level, with the word why."""
        if self.level <= level:
            return self
        return replace(
            self, level=level, reason=reason, held_by=(*self.held_by, title), why=why or self.why
        )


def assess(
    results: Results, profile: Profile | None = None, history: History | None = None
) -> PatternBoard:
    """Say which patterns a walk shows, how sure that is, and what speaks against them.

    Parameters
    ----------
    results : Results
        Of one analysed walk; movement tests in it are used where they were done.
    profile : Profile, optional
        What the wearer said. Red flags in it hide all patterns.
    history : History, optional
        Earlier walks of the same person.

    Returns
    -------
    PatternBoard
    """
    safety = gate(profile)
    if safety.hides_patterns:
        return PatternBoard(headline=HIDDEN, gate=safety, next_steps=(safety.advice,))
    walk = WalkView(results, profile, history)
    confounders = tuple(found for rule in CONFOUNDERS for found in rule.notice(walk))
    judged = _judge(walk, confounders)
    facts_allowed = _facts_allowed(profile)
    findings = tuple(
        sorted(
            (_finding(walk, judged, key, confounders, facts_allowed) for key in judged),
            key=lambda f: (-f.level, -_known(f.score), f.letter, f.side),
        )
    )
    return PatternBoard(
        headline=_headline(findings, confounders),
        patterns=findings,
        confounders=confounders,
        gate=safety,
        hip_hints=hip_hints(profile, findings),
        next_steps=_next_steps(walk, findings, confounders),
        limits=_limits(walk),
    )


def _judge(walk: WalkView, confounders: Sequence[Confounder]) -> dict[Key, _Judged]:
    judged: dict[Key, _Judged] = {}
    for pattern in PATTERNS.values():
        for side in Side:
            if pattern.instead_of and _is_worn(walk, PATTERNS[pattern.instead_of], side):
                continue
            found = score(pattern, walk, side)
            judged[pattern.key, side] = _Judged(pattern, side, found, found.level, found.reason)
    judged = {key: _without_repeat(walk, j) for key, j in judged.items()}
    judged = {key: _giving_way(walk, j) for key, j in judged.items()}
    judged = {key: _confounded(j, confounders) for key, j in judged.items()}
    judged = {key: _not_contradicting(j, judged) for key, j in judged.items()}
    return {key: _only_if_quiet(j, judged) for key, j in judged.items()}


def _is_worn(walk: WalkView, pattern: Pattern, side: Side) -> bool:
    return all(walk.wears(segment, side) for segment in pattern.needs)


def _without_repeat(walk: WalkView, judged: _Judged) -> _Judged:
    most = judged.pattern.most_in_one_walk
    if judged.score.tested or _days_seen(walk, judged) >= DAYS_TO_SETTLE:
        return judged
    return judged.held("score", "seen in one walk only", level=most)


def _giving_way(walk: WalkView, judged: _Judged) -> _Judged:
    gives_way = judged.pattern.gives_way
    if judged.level < Level.SLIGHT or gives_way is None:
        return judged
    why = gives_way(walk, judged.side)
    if why is None:
        return judged
    held = (*judged.held_by, "told by another sign")
    return replace(judged, level=Level.SLIGHT, reason=TOLD_BY_ANOTHER, held_by=held, why=why)


def _confounded(judged: _Judged, confounders: Sequence[Confounder]) -> _Judged:
    for confounder in confounders:
        if not confounder.concerns(judged.pattern.key, judged.side):
            continue
        if confounder.effect is Effect.BLOCKS:
            return replace(
                judged,
                level=Level.NOT_JUDGED,
                reason="blocked",
                held_by=(confounder.title,),
                why=confounder.sentence,
            )
        judged = replace(judged, factor=judged.factor * confounder.confidence_factor)
        if confounder.effect is Effect.HOLDS and judged.score.must_z < confounder.unless_z:
            judged = judged.held("held_back", confounder.title, confounder.sentence)
    return judged


def _not_contradicting(judged: _Judged, all_judged: Mapping[Key, _Judged]) -> _Judged:
    """Two patterns that cannot be on one leg together point to a fault of the calibration."""
    for other in all_judged.values():
        if other.side is not judged.side or other.level < Level.POSSIBLE:
            continue
        apart = {*other.pattern.contradicts} & {judged.pattern.key}
        if apart or other.pattern.key in judged.pattern.contradicts:
            judged = judged.held(
                "contradicts",
                "contradicts another pattern",
                f"Two patterns that exclude each other were seen on your {judged.side} leg, which "
                f"points to a fault while calibrating. Stand still and walk once more.",
            )
    return judged


def _only_if_quiet(judged: _Judged, all_judged: Mapping[Key, _Judged]) -> _Judged:
    for key in judged.pattern.only_if_quiet:
        other = all_judged[key, judged.side]
        if other.level is Level.NOT_JUDGED:
            return judged.held(
                "hip_not_judged", "the hip could not be judged", level=Level.NOT_JUDGED
            )
        if other.score.score >= SLIGHT_SCORE:
            return judged.held("hip_not_quiet", "the hip is not quiet", level=Level.NONE)
    return judged


def _days_seen(walk: WalkView, judged: _Judged) -> int:
    """Days on which it was seen, this one included if it is."""
    today = judged.level >= Level.SLIGHT
    before = walk.history.days_seen(judged.pattern.key, judged.side) if walk.history else 0
    return before + today


def _known(value: float) -> float:
    return value if math.isfinite(value) else -1.0


def _facts_allowed(profile: Profile | None) -> bool:
    """Facts need answered red flags and pain that is known and small."""
    if profile is None or not profile.asked_red_flags:
        return False
    pain = profile.walk_pain
    return pain is not None and pain <= MOST_PAIN_FOR_FACTS


def _finding(
    walk: WalkView,
    all_judged: Mapping[Key, _Judged],
    key: Key,
    confounders: Sequence[Confounder],
    facts_allowed: bool,
) -> PatternFinding:
    judged = all_judged[key]
    pattern, side, level = judged.pattern, judged.side, judged.level
    days = _days_seen(walk, judged)
    shown = level >= Level.SLIGHT
    return PatternFinding(
        pattern=pattern.key,
        letter=pattern.letter,
        title=pattern.title,
        side=side,
        level=level,
        reason=judged.reason,
        score=math.nan if level is Level.NOT_JUDGED else judged.score.score,
        coverage=judged.score.coverage,
        confidence=_confidence(walk, judged, all_judged, days) if shown else 0.0,
        preliminary=days < DAYS_TO_SETTLE,
        days_seen=days,
        signs=judged.score.signs,
        sentence=_sentence(judged, days),
        meaning=pattern.meaning,
        held_by=judged.held_by,
        looks_alike=pattern.looks_alike if shown else (),
        clearer=_clearer(pattern, judged) if shown else (),
        facts=pattern.facts if facts_allowed and level >= Level.POSSIBLE else (),
        at_the_hip=pattern.at_the_hip,
    )


def _clearer(pattern: Pattern, judged: _Judged) -> tuple[str, ...]:
    """What would make it clearer, without the movements that were done."""
    done = {sign.task for sign in judged.score.signs if sign.measured}
    movements = [words for task, words in pattern.asks_for.items() if task.value not in done]
    return (*movements, *pattern.clearer)


def _confidence(
    walk: WalkView, judged: _Judged, all_judged: Mapping[Key, _Judged], days: int
) -> float:
    """Coverage, strides, calibration, repeats and how alone the pattern stands (rule 3.4)."""
    strides = min(1.0, walk.steady_strides() / FULL_CONFIDENCE_STRIDES)
    others = [
        _known(j.score.score)
        for key, j in all_judged.items()
        if key[1] is judged.side
        and key[0] != judged.pattern.key
        and j.level > Level.NONE
        and j.reason != TOLD_BY_ANOTHER
    ]
    ambiguity = min(1.0, max(others, default=0.0) / max(judged.score.score, 1.0))
    confidence = (
        judged.score.coverage
        * strides
        * _calibration_quality(walk, judged)
        * REPEAT.get(max(1, days), 1.0)
        * (1.0 - 0.5 * max(0.0, ambiguity))
        * judged.factor
    )
    return min(confidence, judged.pattern.most)


def _calibration_quality(walk: WalkView, judged: _Judged) -> float:
    """That of the axes, where a must sign lies out of the sagittal plane."""
    features = [FEATURES[s.feature] for s in judged.score.signs if s.must and s.feature in FEATURES]
    if not any(OUT_OF_SAGITTAL & set(f.planes) for f in features):
        return 1.0
    placements = [Placement.PELVIS]
    if any(Segment.THIGH in f.segments for f in features):
        placements.append(THIGHS[judged.side])
    return axis_quality(walk.axis_error_deg(*placements))


def _sentence(judged: _Judged, days: int) -> str:
    pattern, side, level = judged.pattern, judged.side, judged.level
    title = f"{pattern.title[0].lower()}{pattern.title[1:]}"
    if level >= Level.POSSIBLE:
        seen = pattern.seen.format(side=side, other=side.other)
        if days < DAYS_TO_SETTLE:
            return f"{seen} Seen once so far: it counts more when it shows on another day as well."
        return f"{seen} It showed on {days} days."
    if level is Level.SLIGHT:
        return (
            f"Slight signs on the {side} side ({title}), not enough to call it a pattern. "
            f"{judged.why or 'Walk again on another day to see whether they return.'}"
        )
    if level is Level.NONE:
        return f"Not seen on the {side} side in this walk: {title}."
    return f"Not judged on the {side} side ({title}): {_why_not_judged(judged)}"


def _why_not_judged(judged: _Judged) -> str:
    if judged.why:
        return judged.why
    if judged.reason.endswith("sensor_not_worn"):
        where = judged.reason.partition("_")[0]
        return f"it needs a sensor on the {where} of this leg."
    if judged.reason == "too_few_strides":
        return "there were too few steady strides. Walk on a little in a straight line."
    if judged.reason == "hip_not_judged":
        return "it needs the hip to be judged, and that was not possible."
    return "too little of what it needs could be measured well enough."


def _headline(findings: Sequence[PatternFinding], confounders: Sequence[Confounder]) -> str:
    blocked = next((c for c in confounders if c.effect is Effect.BLOCKS), None)
    if blocked is not None:
        return blocked.sentence
    seen = [f for f in findings if f.level >= Level.POSSIBLE]
    if seen:
        return seen[0].sentence
    if all(f.level is Level.NOT_JUDGED for f in findings):
        return findings[0].sentence if findings else NO_PATTERN
    holding = {title for f in findings for title in f.held_by}
    held = [c for c in confounders if c.title in holding]
    return f"{NO_PATTERN} {held[0].sentence}" if held else NO_PATTERN


def _next_steps(
    walk: WalkView, findings: Sequence[PatternFinding], confounders: Sequence[Confounder]
) -> tuple[str, ...]:
    steps: list[str] = []
    if asks_again(walk.results, walk.history):
        steps.append(
            "You walked quite differently from your earlier walks. Answer the safety questions "
            "again (hipgait profile, or Your answers in the window)."
        )
    elif walk.profile is None or not walk.profile.asked_red_flags:
        steps.append(
            "Answer the safety questions first (hipgait profile, or Your answers in the window)."
        )
    shown = [f for f in findings if f.level >= Level.SLIGHT]
    tasks = dict.fromkeys(s.task for f in shown for s in f.not_measured if s.task != str(Task.WALK))
    if tasks:
        steps.append(f"Record these movements too, as they show more: {', '.join(tasks)}.")
    steps += [step for f in shown for step in f.clearer]
    if not shown and not any(c.effect is Effect.BLOCKS for c in confounders):
        steps.append("Walk again on another day: what counts is what returns.")
    return tuple(dict.fromkeys(steps))


def _limits(walk: WalkView) -> tuple[str, ...]:
    limits: list[str] = []
    if not set(SHANK_PLACEMENTS) <= set(walk.results.placements):
        limits.append(
            "Without sensors on the shanks the knee is not measured: patterns at the knee cannot "
            "be judged, and a knee past straight can only be guessed."
        )
    calibration = walk.calibration
    if calibration is not None and not calibration.unfit:
        limits += dict.fromkeys(why for why in calibration.refused.values() if why)
    if walk.timing is not None and not walk.timing_agrees:
        limits.append("The timing of left and right could not be used.")
    limits.append("No sensor sits on trunk or foot: how they move is not known.")
    return tuple(dict.fromkeys(limits))
