"""What can happen to a session between wearing and analysis."""

from __future__ import annotations

from dataclasses import replace

from recordings.placement import SHANK_PLACEMENTS, Placement
from recordings.session import InMemorySource, Session


def without_shanks(session: Session) -> Session:
    """Pelvis and thighs only."""
    return replace(
        session, sources={p: s for p, s in session.sources.items() if p not in SHANK_PLACEMENTS}
    )


def swapped_thighs(session: Session) -> Session:
    """The thigh sensors put on the wrong legs, shanks as they should be."""
    left, right = Placement.THIGH_LEFT, Placement.THIGH_RIGHT
    sources = dict(session.sources)
    for place, other in ((left, right), (right, left)):
        sources[place] = InMemorySource(replace(session.samples(other), placement=place))
    return replace(session, sources=sources)
