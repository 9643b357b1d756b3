"""The words by which recordings call body segments and sides."""

from __future__ import annotations

import re
from collections.abc import Iterable

from recordings.placement import Placement

_PELVIS_WORDS = (
    *("pelvis", "pelvic", "hip", "hips", "sacrum", "sacral"),
    *("lowerback", "lowback", "lumbar", "l5", "waist", "belt"),
)
"""In order of preference, where a recording has several: nearest the pelvic bone first."""
_THIGH_WORDS = ("thigh", "upperleg", "femur", "uleg")
_SHANK_WORDS = ("shank", "shin", "tibia", "lowerleg", "lleg", "calf", "ankle")
_SEGMENT_WORDS = {
    "pelvis": _PELVIS_WORDS,
    "thigh": _THIGH_WORDS,
    "shank": _SHANK_WORDS,
}
_LEFT_WORDS = {"left", "l", "lt", "lft", "links", "li"}
_RIGHT_WORDS = {"right", "r", "rt", "rgt", "rechts", "re"}
_COMPOUNDS = (
    (("lower", "back"), "lowerback"),
    (("low", "back"), "lowerback"),
    (("l", "leg"), "lleg"),
    (("u", "leg"), "uleg"),
)


def guess_placement(name: str) -> tuple[Placement, int] | None:
    """The placement that a file, column or sensor name speaks of.

    Returns
    -------
    (Placement, int) or None
        With the rank of the word that was found: 0 is the best of its segment. None if
        the name speaks of no placement, or of a leg without saying which.
    """
    words = _words(name)
    left, right = bool(_LEFT_WORDS & set(words)), bool(_RIGHT_WORDS & set(words))
    spoken_of = {
        segment: next(i for i, word in enumerate(segment_words) if word in words)
        for segment, segment_words in _SEGMENT_WORDS.items()
        if not set(words).isdisjoint(segment_words)
    }
    if len(spoken_of) != 1:
        return None
    ((segment, rank),) = spoken_of.items()
    if segment == "pelvis":
        # "hip left" is a joint or a trouser pocket, not the pelvis.
        return None if left or right else (Placement.PELVIS, rank)
    if left == right:
        return None
    return Placement(f"{segment}_{'left' if left else 'right'}"), rank


def guess_placements(names: Iterable[str]) -> dict[Placement, str]:
    """The best name for each placement that the names speak of."""
    ranked: dict[Placement, tuple[int, str]] = {}
    for name in names:
        guess = guess_placement(name)
        if guess is not None:
            placement, rank = guess
            if placement not in ranked or rank < ranked[placement][0]:
                ranked[placement] = (rank, name)
    return {p: ranked[p][1] for p in Placement if p in ranked}


def _words(name: str) -> list[str]:
    """Lower-case words: ``LowerLeg_R`` → ``lowerleg r``; ``lShin02`` → ``l shin``."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    # The lumbar vertebra is the one word with a figure: others count trials and sensors.
    words = re.findall(r"l5(?!\d)|[a-z]+", spaced.lower())
    joined: list[str] = []
    for word in words:
        joined.append(word)
        for pair, compound in _COMPOUNDS:
            if tuple(joined[-2:]) == pair:
                joined[-2:] = [compound]
    return _with_half_of_leg([piece for word in joined for piece in _without_side(word)])


def _with_half_of_leg(words: list[str]) -> list[str]:
    """``lower left leg`` → ``left lowerleg``: the side may stand between."""
    halves = [word for word in words if word in ("upper", "lower")]
    if "leg" not in words or len(halves) != 1:
        return words
    return [word for word in words if word not in (*halves, "leg")] + [f"{halves[0]}leg"]


def _without_side(word: str) -> list[str]:
    """``thighleft`` → ``thigh left``, ``rthigh`` → ``r thigh``."""
    for segment_word in (w for ws in _SEGMENT_WORDS.values() for w in ws):
        if len(segment_word) < 4:
            continue
        before, found, after = word.partition(segment_word)
        sides = [side for side in (before, after) if side]
        if found and sides and all(side in _LEFT_WORDS | _RIGHT_WORDS for side in sides):
            return [segment_word, *sides]
    return [word]
