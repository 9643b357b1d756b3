"""Red flags: what a person must be asked before any result about patterns is shown.

The questions and the advice are static text. Nothing that a sensor measures raises or
dismisses one. Sources: the articles the project started from (swelling, instability, unable
to bear weight, lasting or worsening pain) and published lists of knee red flags (Ottawa knee
rule, hot joint with fever, calf swelling, slipped growth plate in the young, night pain).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Urgency(StrEnum):
    """How soon somebody has to look."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One question; a yes is a red flag.

    Attributes
    ----------
    key : str
        Stable name, as it stands in a profile.
    question : str
        To be answered with yes or no.
    urgency : Urgency
    """

    key: str
    question: str
    urgency: Urgency


ADVICE = {
    Urgency.NOW: (
        "Call your local emergency number or go to an emergency department now. Do not wait "
        "for another walk, and do not exercise."
    ),
    Urgency.TODAY: (
        "Have this looked at by a doctor today. Do no walking tests and no exercises until then."
    ),
    Urgency.SOON: (
        "Show this to a doctor or a physiotherapist in the coming days, before you go on with "
        "tests or exercises."
    ),
}

RED_FLAGS = (
    RedFlag(
        "cannot_step",
        "After a fall, a twist or a blow: is the leg out of shape, cold, blue or numb, or can you "
        "not take four steps on it?",
        Urgency.NOW,
    ),
    RedFlag(
        "hot_joint",
        "Is the knee or hip hot, red and swollen while you feel feverish or unwell?",
        Urgency.NOW,
    ),
    RedFlag(
        "breath",
        "Do you have sudden chest pain or trouble breathing together with a sore or swollen calf?",
        Urgency.NOW,
    ),
    RedFlag(
        "bladder",
        "Are there new troubles with bladder or bowel, numbness between the legs, or a leg that "
        "newly does not obey?",
        Urgency.NOW,
    ),
    RedFlag(
        "fall_groin",
        "Are you older or known to have brittle bones, and have you had hip or groin pain since "
        "a fall?",
        Urgency.NOW,
    ),
    RedFlag("no_weight", "Can you not put weight on the leg?", Urgency.TODAY),
    RedFlag(
        "swelling",
        "Is the knee much swollen, or did it swell within two hours?",
        Urgency.TODAY,
    ),
    RedFlag(
        "locked",
        "Is the knee locked, or can you not bend it to a right angle or straighten it?",
        Urgency.TODAY,
    ),
    RedFlag("gives_way", "Has the knee given way since a twist or a blow?", Urgency.TODAY),
    RedFlag("calf", "Is one calf swollen or tender?", Urgency.TODAY),
    RedFlag("older_blow", "Are you 55 or older, and did the knee take a blow?", Urgency.TODAY),
    RedFlag(
        "young_limp",
        "Is the wearer a child or a teenager with pain in knee, thigh or groin, or with a limp?",
        Urgency.TODAY,
    ),
    RedFlag("implant_pain", "Is there new pain at an artificial hip or knee?", Urgency.TODAY),
    RedFlag(
        "lasting",
        "Is the pain very strong, or has it lasted or grown although you have taken care of it?",
        Urgency.SOON,
    ),
    RedFlag("daily_life", "Does it limit your daily life much?", Urgency.SOON),
    RedFlag(
        "night",
        "Does it hurt at rest or at night, have you lost weight unintentionally, or have you "
        "had cancer?",
        Urgency.SOON,
    ),
    RedFlag(
        "morning",
        "Do joints take more than half an hour to loosen in the morning, or do several hurt?",
        Urgency.SOON,
    ),
    RedFlag(
        "unstable", "Does the knee or hip feel unsteady, as if it would not hold?", Urgency.SOON
    ),
)
"""All questions, the most urgent first."""

BY_KEY = {flag.key: flag for flag in RED_FLAGS}


def most_urgent(flags: tuple[RedFlag, ...]) -> Urgency | None:
    """The urgency that decides the advice; None without a flag."""
    order = list(Urgency)
    return min((flag.urgency for flag in flags), key=order.index, default=None)
