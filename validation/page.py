"""What a table hands to the document: rows, figures, and targets that are met or missed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Target:
    """Something the project set out to reach.

    Attributes
    ----------
    text : str
        What is asked for.
    value : str
        What was measured.
    met : bool
    """

    text: str
    value: str
    met: bool

    @property
    def verdict(self) -> str:
        return "met" if self.met else "**missed**"


def at_most(text: str, value: float, limit: float, unit: str, digits: int = 1) -> Target:
    """A target of the kind "at most"; NaN misses it."""
    return Target(f"{text} ≤ {limit:g}{unit}", f"{value:.{digits}f}{unit}", bool(value <= limit))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: a caption, column heads and rows of finished cells."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        lines = [f"**{self.caption}**", ""] if self.caption else []
        lines.append("| " + " | ".join(self.heads) + " |")
        lines.append("|" + "|".join(" --- " for _ in self.heads) + "|")
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure: file stem, caption and SVG text."""

    name: str
    caption: str
    svg: str


@dataclass(slots=True)
class Section:
    """One chapter of the document.

    Attributes
    ----------
    meaning : str
        What the numbers mean, and what they do not.
    seeds : str
        Which seeds were used.
    """

    title: str
    meaning: str
    seeds: str = ""
    targets: list[Target] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def markdown(self, folder: str) -> str:
        parts = [f"## {self.title}", self.meaning]
        if self.targets:
            rows = [(t.text, t.value, t.verdict) for t in self.targets]
            parts.append(Grid("", ("target", "measured", ""), rows).markdown())
        parts += [grid.markdown() for grid in self.grids]
        parts += [f"![{d.caption}]({folder}/{d.name}.svg)\n\n*{d.caption}*" for d in self.drawings]
        parts += self.notes
        if self.seeds:
            parts.append(f"Seeds: {self.seeds}.")
        return "\n\n".join(parts)


def number(value: float | None, digits: int = 1) -> str:
    """A cell: a dash where there is no value, no minus before zero, a true minus sign."""
    if value is None or math.isnan(value):
        return "–"
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "−")
