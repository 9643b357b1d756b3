"""Could the hip be involved? What speaks for it and against it, in words.

The points behind the words are a design choice after clues that the articles name (dossier
§3.6). They are unvalidated and never shown: no number, no probability.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.patterns.board import HipHint, PatternFinding
from pipeline.patterns.terms import Level
from recordings.placement import Side
from recordings.profile import Profile

SOME, SEVERAL = 3, 6
_WORDS = {
    0: "There is no particular hint that the hip is involved.",
    SOME: "There are some hints that the hip could be involved: worth mentioning to a "
    "professional.",
    SEVERAL: "There are several hints that the hip could be involved: ask that the hip is "
    "examined too.",
}
_HIP_KNEE_PATTERNS = {"knee_past_straight", "possible_knee_snap_back"}


def hip_hints(profile: Profile | None, patterns: Sequence[PatternFinding]) -> tuple[HipHint, ...]:
    """One hint for each painful knee; none without pain or without consent."""
    if profile is None or not profile.wants_hip_hint:
        return ()
    return tuple(_hint(profile, side, patterns) for side in Side if profile.hurts(side, "knee"))


def _hint(profile: Profile, side: Side, patterns: Sequence[PatternFinding]) -> HipHint:
    spoken = list(_for(profile, side, patterns))
    against = list(_against(profile))
    points = sum(p for p, _ in spoken) - sum(p for p, _ in against)
    level = max((least for least in _WORDS if points >= least), default=0)
    return HipHint(
        side=side,
        words=_WORDS[level],
        because=tuple(text for _, text in spoken),
        against=tuple(text for _, text in against),
    )


def _for(
    profile: Profile, side: Side, patterns: Sequence[PatternFinding]
) -> Iterator[tuple[int, str]]:
    own = [p for p in patterns if p.side is side and p.at_the_hip and p.level >= Level.POSSIBLE]
    points = [
        1 if p.pattern in _HIP_KNEE_PATTERNS else (3 if p.level is Level.CLEAR else 2) for p in own
    ]
    if points:
        yield max(points), f"a movement pattern was seen on the {side} side"
    if profile.knee_pictures == "clear":
        yield 2, "pictures of the knee showed nothing that would tell the pain"
    if profile.knee_care_helped is False:
        yield 1, "care for the knee alone has not helped"
    if profile.character == "vague":
        yield 1, "the pain is vague rather than at one point"
    if {"front", "outer"} & set(profile.hurts(side, "knee")):
        yield 1, "it hurts at the front or the outside of the knee"
    if {"groin", "front", "outer"} & set(profile.hurts(side, "hip")):
        yield 2, "the hip or the groin hurts as well"
    if {"sitting", "stairs_up", "stairs_down", "rising"} & set(profile.worse_with):
        yield 1, "it is worse with sitting, stairs or rising"
    tests = (s for p in patterns if p.side is side for s in p.signs if s.task != "walk")
    if any(s.measured and s.z >= 2.0 for s in tests):
        yield 1, "standing on one leg or squatting showed it, too"
    if side in profile.lifting_hard:
        yield 1, "lifting the leg is hard"


def _against(profile: Profile) -> Iterator[tuple[int, str]]:
    if "twist_or_blow" in profile.background:
        yield 3, "there was a twist or a blow to the knee"
    if {"locking", "giving_way"} & set(profile.feels):
        yield 3, "the knee locks or gives way"
