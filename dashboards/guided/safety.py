"""When no test is begun, and when one is ended: red flags and pain.

The limits are choices of this project, on the careful side: no test above 3 of 10, an end when
pain rises by 2 or passes 5.
"""

from __future__ import annotations

from recordings.profile import Profile
from recordings.red_flags import ADVICE, most_urgent

MOST_PAIN_TO_BEGIN = 3
MOST_PAIN_TO_GO_ON = 5
MOST_RISE = 2


def why_not_begin(profile: Profile | None, pain: int | None) -> str:
    """Why no test may be done now, as what to do instead; empty if nothing speaks against it.

    Parameters
    ----------
    profile : Profile or None
        With the safety questions answered; without them nothing is begun.
    pain : int or None
        Pain now, 0–10; None if it was not asked.
    """
    if profile is None or not profile.asked_red_flags:
        return "Answer the safety questions first: hipgait profile."
    urgency = most_urgent(profile.raised)
    if urgency is not None:
        return ADVICE[urgency]
    if pain is None:
        return "Say first how much it hurts now, from 0 (not at all) to 10."
    if pain > MOST_PAIN_TO_BEGIN:
        return (
            f"With pain of {pain} of 10 no test is done today. Rest, and show it to a doctor or a "
            "physiotherapist if it stays."
        )
    return ""


def why_stop(pain_before: int, pain_now: int) -> str:
    """Why the tests end here; empty if they may go on."""
    if pain_now > MOST_PAIN_TO_GO_ON or pain_now - pain_before >= MOST_RISE:
        return (
            f"It hurts more than before ({pain_before} then, {pain_now} now): the tests end here. "
            "Sit down and rest; what was done until now is kept."
        )
    return ""
