"""Confounders that the wearer tells: with them, usual values are those of somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.detectors.judging import ADULT_FROM_YEARS
from pipeline.patterns.base import ConfounderRule
from pipeline.patterns.terms import Confounder, Effect
from pipeline.patterns.walk_view import WalkView
from recordings.profile import Profile

_BACKGROUND = {
    "recent_surgery": "You had surgery not long ago",
    "neurological": "You told of something that concerns nerves or brain",
    "pregnancy": "You are pregnant",
}
_CONDITIONS = {
    "aid": "You walked with an aid",
    "load": "You carried something",
    "heels": "You wore heels",
    "orthosis": "You wore an orthosis",
    "soft": "You walked on soft ground",
    "slope": "You walked on a slope",
}


def _conditions(profile: Profile) -> set[str]:
    walk = profile.conditions
    told = {walk.footwear or "", walk.surface or ""}
    told |= {"aid"} if walk.aid else set()
    return told | ({"load"} if walk.load else set())


def _told(walk: WalkView) -> Iterator[Confounder]:
    if walk.profile is None:
        return
    conditions = _conditions(walk.profile)
    reasons = [text for key, text in _BACKGROUND.items() if key in walk.profile.background]
    reasons += [text for key, text in _CONDITIONS.items() if key in conditions]
    for text in reasons:
        yield Confounder(
            key="told_by_wearer",
            title="Not to be compared",
            sentence=(
                f"{text}: what is usual here was measured without that, so no pattern is scored."
            ),
            effect=Effect.BLOCKS,
        )


def _young(walk: WalkView) -> Iterator[Confounder]:
    age = walk.profile.wearer.age_years if walk.profile else None
    young = any(f.reason == "age_below_18" for f in walk.results.findings)
    if young or (age is not None and age < ADULT_FROM_YEARS):
        yield Confounder(
            key="below_18",
            title="Below 18 years",
            sentence="What is usual here was measured on adults, so no pattern is scored.",
            effect=Effect.BLOCKS,
        )


def _knows_leg_length(walk: WalkView) -> Iterator[Confounder]:
    if walk.profile is not None and "leg_length_difference" in walk.profile.background:
        yield Confounder(
            key="known_leg_length",
            title="Legs of different length",
            sentence=(
                "You told that your legs differ in length: that alone tilts the pelvis. Walk "
                "once with an insole that makes up for it."
            ),
            effect=Effect.HOLDS,
            holds=frozenset({"pelvic_drop", "side_lean"}),
        )


CONFOUNDERS = (
    ConfounderRule(
        key="told_by_wearer",
        title="Not to be compared",
        how="Nervous system, surgery, pregnancy, aid, load, footwear or ground, as told (Q11, Q14)",
        notice=_told,
    ),
    ConfounderRule(
        key="below_18",
        title="Below 18 years",
        how="Age of the wearer",
        notice=_young,
    ),
    ConfounderRule(
        key="known_leg_length",
        title="Legs of different length, as told",
        how="Leg-length difference, as told (Q11)",
        notice=_knows_leg_length,
    ),
)
