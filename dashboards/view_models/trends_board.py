"""The fifth place as plain Python: whose walks, which measures, what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboards.history import wording
from dashboards.history.adding import Said, add_walk, annotate
from dashboards.history.deletion import Deleted, delete_everything, delete_person, delete_walk
from dashboards.history.exporting import Exported, export_pseudonymous
from dashboards.history.rebuilding import Rebuilt, rebuild
from dashboards.history.saved_walk import SavedWalk
from dashboards.history.store import HistoryStore
from dashboards.history.trend import FIRST_SHOWN, measured, outdated, trends
from dashboards.history.trend_plot import TrendPlot, trend_plots
from dashboards.people import advice_for
from dashboards.wording import Measure, duration
from pipeline.patterns.registry import PATTERNS
from pipeline.patterns.terms import Level
from recordings.errors import HipgaitError

MOST_WALKS = 60
"""Points that a picture of the window can tell apart."""


@dataclass(frozen=True, slots=True)
class WalkRow:
    """One walk of the list: its day and name, what was said of it, and all of it in words."""

    fingerprint: str
    head: str
    said: str
    words: str


class TrendsBoard:
    """The history as the window shows it; `refresh` reads it anew.

    Parameters
    ----------
    store : HistoryStore, optional

    Attributes
    ----------
    people : tuple of str
    person : str or None
        Whose walks are shown; None while there is nobody.
    walks : tuple of SavedWalk
        The oldest first.
    problem : str
        Why the history cannot be read, with what to do; empty if it can.
    chosen : tuple of str
        Measures that are drawn, as far as they were measured.
    """

    def __init__(self, store: HistoryStore | None = None) -> None:
        self._given = store
        self.people: tuple[str, ...] = ()
        self.person: str | None = None
        self.walks: tuple[SavedWalk, ...] = ()
        self.problem = ""
        self.damaged = False
        self.chosen: tuple[str, ...] = FIRST_SHOWN

    @property
    def store(self) -> HistoryStore:
        return self._given or HistoryStore()

    def refresh(self) -> None:
        """Read the history anew; what cannot be read is said, never raised."""
        self.problem, self.damaged = "", False
        try:
            self.people = tuple(self.store.people())
            if self.person not in self.people:
                self.person = self.people[0] if self.people else None
            self.walks = () if self.person is None else self.store.walks(self.person)
        except HipgaitError as error:
            self.people, self.person, self.walks = (), None, ()
            self.problem = str(error)
            self.damaged = error.reason == "history_damaged"

    def choose_person(self, person: str) -> None:
        self.person = person
        self.refresh()

    def choose_measure(self, name: str, shown: bool) -> None:
        """Draw a measure, or no longer."""
        names = {*self.chosen, name} if shown else {*self.chosen} - {name}
        self.chosen = (*(n for n in self.chosen if n in names), *sorted(names - {*self.chosen}))

    @property
    def measures(self) -> tuple[tuple[str, str], ...]:
        """Name and label of all that was measured."""
        return tuple((name, Measure.of(name).heading) for name in measured(self.walks))

    @property
    def rows(self) -> tuple[WalkRow, ...]:
        flagged = bool(self.advice)
        return tuple(_row(walk, flagged) for walk in self.walks)

    @property
    def advice(self) -> str:
        """What the red flags of this person ask for; empty without one."""
        try:
            return advice_for(self.person) if self.person else ""
        except HipgaitError as error:
            return str(error)

    @property
    def plots(self) -> tuple[TrendPlot, ...]:
        """Pictures of the chosen measures, in the order in which they were chosen."""
        found = trends(self.walks, self.chosen)
        ordered = sorted(found, key=lambda trend: self.chosen.index(trend.feature.name))
        return trend_plots(ordered, MOST_WALKS)

    @property
    def summary(self) -> str:
        """What changed, or why that is not said."""
        if self.advice:
            return f"{self.advice}\n\n{wording.FLAGGED}"
        if len({walk.day for walk in self.walks}) < 2:
            return wording.ONE_WALK if self.walks else wording.NO_WALKS
        marked = [t for t in trends(self.walks) if t.marked and t.last.walk is self.walks[-1]]
        texts = [f"● {wording.sentence(trend)}" for trend in marked] or [wording.NOTHING_MARKED]
        if old := outdated(self.walks):
            texts.append(wording.OUTDATED.format(count=len(old)))
        return "\n".join(texts)

    # -- what a person does ----------------------------------------------------------------------

    def find(self, fingerprint: str) -> SavedWalk | None:
        return next((walk for walk in self.walks if walk.fingerprint == fingerprint), None)

    def add(self, path: Path, said: Said) -> SavedWalk:
        """Keep a recording; slow, for a thread of its own."""
        walk = add_walk(self.store, path, said)
        self.person = walk.person
        return walk

    def annotate(self, walk: SavedWalk, note: str, pain: int | None) -> None:
        annotate(self.store, walk, note, pain)
        self.refresh()

    def forget(self, walk: SavedWalk) -> Deleted:
        deleted = delete_walk(self.store, walk)
        self.refresh()
        return deleted

    def forget_person(self) -> Deleted:
        assert self.person is not None, "there is somebody"
        deleted = delete_person(self.store, self.person)
        self.refresh()
        return deleted

    def forget_everything(self) -> Deleted:
        deleted = delete_everything(self.store)
        self.refresh()
        return deleted

    def export(self, folder: Path) -> Exported:
        """A copy of the walks shown, to give away; slow, for a thread of its own."""
        return export_pseudonymous({self.person or "": self.walks}, folder)

    def rebuild(self, folders: Iterable[Path]) -> Rebuilt:
        """Make the history again; slow, for a thread of its own."""
        return rebuild(self.store, folders)


def _row(walk: SavedWalk, flagged: bool) -> WalkRow:
    head = f"{_day(walk.walked)}  {wording.short_name(walk.name, 40)}"
    pain = "" if walk.pain is None else f"pain {walk.pain} of 10"
    said = " · ".join(filter(None, (pain, wording.short_name(walk.note, 80))))
    seen = [
        f"{Level(p.level).words}: {PATTERNS[p.pattern].title} ({p.side})"
        for p in walk.patterns
        if p.level >= Level.POSSIBLE and p.pattern in PATTERNS and not flagged
    ]
    facts = [head, f"{duration(walk.walking_s)} of walking", *seen, pain, walk.note[:1000]]
    return WalkRow(walk.fingerprint, head, said, "\n".join(filter(None, facts)))


def _day(time: datetime) -> str:
    return time.date().isoformat()
