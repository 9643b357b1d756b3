"""Put the sections together: docs/validation.md and its figures."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hipgait._version import __version__
from validation.cases import ROOT, Laboratory, UnfinishedError, fingerprint
from validation.how_to_read import HOW_TO_READ, WHERE_THE_PROOF_ENDS
from validation.page import Grid, Section
from validation.shared_data import MCGILL, MOBGAP, OPENCAP, OPENSENSE, QMT
from validation.tables import (
    angles_on_a_real_walk,
    contacts_on_real_walks,
    contacts_on_twin,
    day,
    detection,
    heading,
    joint_angles,
    movement_tests,
    orientation,
    patterns,
    pelvis_contacts,
    recorded_people,
    robustness,
    spectra,
    stride_features,
    sync_and_loss,
)

PAGE = ROOT / "docs" / "validation.md"
FIGURES = "validation"
FULL_PEOPLE, QUICK_PEOPLE = 1000, 40
SIZES = (QUICK_PEOPLE, 250)
"""Everything is asked of so few first: a run that is stopped has all its sections."""

SECTIONS: dict[str, Callable[[Laboratory, int], Section]] = {
    "orientation": orientation.section,
    "joint_angles": joint_angles.section,
    "angles_on_a_real_walk": angles_on_a_real_walk.section,
    "contacts_on_twin": contacts_on_twin.section,
    "spectra": spectra.section,
    "contacts_on_real_walks": contacts_on_real_walks.section,
    "pelvis_contacts": pelvis_contacts.section,
    "stride_features": stride_features.section,
    "heading": heading.section,
    "sync_and_loss": sync_and_loss.section,
    "detection": detection.section,
    "robustness": robustness.section,
    "patterns": patterns.section,
    "day": day.section,
    "movement_tests": movement_tests.section,
    "recorded_people": recorded_people.section,
}
"""In the order of the page."""
WANTED = ("detection", "robustness", "movement_tests", "patterns", "contacts_on_twin")
"""Measured before the others, in this order: what targets rest on that need many people."""


@dataclass(frozen=True, slots=True)
class Sized:
    """A section, and the size of the run that it was measured in."""

    section: Section
    people: int


def write(laboratory: Laboratory, people: int) -> Path:
    """Measure what there is time for, write the page and its figures; returns the page.

    Raises
    ------
    UnfinishedError
        If there is nothing that could be written.
    """
    measured = measure(laboratory, people)
    if not measured:
        raise UnfinishedError
    folder = PAGE.parent / FIGURES
    folder.mkdir(parents=True, exist_ok=True)
    drawings = {f"{d.name}.svg": d.svg for s in measured.values() for d in s.section.drawings}
    for old in folder.glob("*.svg"):
        if old.name not in drawings:
            old.unlink()
    for file, svg in drawings.items():
        (folder / file).write_text(svg, encoding="utf-8")
    PAGE.write_text(page(measured, people), encoding="utf-8")
    return PAGE


def measure(laboratory: Laboratory, people: int) -> dict[str, Sized]:
    """Every section at the largest size for which there was time, in the order of the page."""
    order = sorted(SECTIONS, key=lambda name: name not in WANTED)
    order = [*WANTED, *order[len(WANTED) :]]
    found: dict[str, Sized] = {}
    for size in (*(s for s in SIZES if s < people), people):
        for name in order:
            laboratory.tell(f"{name}, {size} people")
            # What another section still lacks, this one may have in the cache.
            with suppress(UnfinishedError):
                found[name] = Sized(SECTIONS[name](laboratory, size), size)
    return {name: found[name] for name in SECTIONS if name in found}


def page(measured: dict[str, Sized], people: int) -> str:
    """The whole document."""
    sections = [one.section for one in measured.values()]
    parts = [_head(measured, people), _reached(sections), HOW_TO_READ, WHERE_THE_PROOF_ENDS]
    parts += [section.markdown(FIGURES) for section in sections]
    parts.append(_sources())
    return "\n\n".join(parts) + "\n"


def _head(measured: dict[str, Sized], people: int) -> str:
    size = (
        f"This is a full run, of the size that asks {people:,} people and more about detection."
        if people >= FULL_PEOPLE
        else f"**This is a small run** ({people:,} where a full one has {FULL_PEOPLE:,}). "
        "Intervals are wide, and rare false alarms may not have been met."
    )
    parts = [
        "# Validation",
        f"hipgait {__version__}, source {fingerprint(Path(__file__))}. {size} How many people "
        "were asked what stands in each chapter.",
    ]
    short = [f"{one.section.title} ({one.people})" for one in measured.values()]
    short = [t for t, one in zip(short, measured.values(), strict=True) if one.people < people]
    if short:
        parts.append(
            "**Not everything was measured in full**, for lack of time or because a case failed. "
            f"Of a smaller run (its size in brackets): {'; '.join(short)}."
        )
    if missing := [name.replace("_", " ") for name in SECTIONS if name not in measured]:
        parts.append(f"**Not measured at all**: {', '.join(missing)}.")
    parts.append(
        "Made by `make validate` (`.venv/bin/python -m validation`); `--quick` makes a run of "
        f"size {QUICK_PEOPLE} and says so. What was measured is kept: a run that is stopped, by "
        "`--hours` or by hand, goes on where it was. The same source and seeds give the same page."
    )
    return "\n\n".join(parts)


def _reached(sections: list[Section]) -> str:
    rows = [
        (section.title, target.text, target.value, target.verdict)
        for section in sections
        for target in section.targets
    ]
    met = sum(target.met for section in sections for target in section.targets)
    grid = Grid("", ("about", "target", "measured", ""), rows)
    return (
        f"## What was to be reached\n\n{met} of {len(rows)} targets are met.\n\n{grid.markdown()}"
    )


def _sources() -> str:
    rows = [(r.source, r.licence) for r in (OPENSENSE, QMT, MOBGAP, OPENCAP, MCGILL)]
    return "## Recordings\n\n" + Grid("", ("recording", "licence"), rows).markdown()
