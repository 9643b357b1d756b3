"""What earlier walks add to one that was just analysed, whether it is kept or not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.history.about_file import About
from dashboards.history.adding import Analysed, Said, about_walk, walk_of
from dashboards.history.saved_walk import SavedWalk
from dashboards.history.store import HistoryStore
from dashboards.history.trend import earlier_walks, history_for_patterns
from dashboards.people import person_of
from recordings.errors import HipgaitError, UsageError

if TYPE_CHECKING:
    from pipeline.patterns.history import History
    from recordings.metadata import SessionMetadata
    from recordings.profile import Profile


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a walk before it is analysed.

    Attributes
    ----------
    about : About
    problem : str
        Why the history cannot be used; empty if it can.
    """

    about: About
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LookingBack:
    """Earlier walks of the same person, ready for patterns and trends.

    Attributes
    ----------
    walks : tuple of SavedWalk
        The oldest first and the walk at hand last; empty if its day is not known.
    """

    walks: tuple[SavedWalk, ...] = ()

    @property
    def history(self) -> History | None:
        """As patterns look at it; None without earlier walks."""
        if len(self.walks) < 2:
            return None
        return history_for_patterns(self.walks[:-1], self.walks[-1].day)


def known_of(
    metadata: SessionMetadata,
    path: Path | None = None,
    person: str | None = None,
    store: HistoryStore | None = None,
) -> Known:
    """Who walked and what was said of it; a history that cannot be read is no obstacle."""
    store = store or HistoryStore()
    try:
        store.people()
        return Known(about_walk(store, path, metadata, Said(person=person)))
    except HipgaitError as error:
        return Known(About(person=person_of(metadata, person)), str(error))


def look_back(
    walk: Analysed, known: Known, profile: Profile | None, store: HistoryStore | None = None
) -> LookingBack:
    """The walk at hand behind all that the same person walked before.

    Parameters
    ----------
    walk : Analysed
        If it is kept already, it does not count twice.
    known : Known
    profile : Profile or None
    store : HistoryStore, optional
    """
    if known.problem:
        return LookingBack()
    try:
        last = walk_of(walk, known.about, profile)
    except UsageError:
        return LookingBack()
    return LookingBack((*earlier_walks(store or HistoryStore(), last), last))
