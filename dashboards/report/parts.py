"""The pieces of the report: cells, rows, pictures, and patterns as they are read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table: text, and a word if it lies outside the usual range."""

    text: str
    outside: str = ""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    label: str
    unit: str
    left: Cell
    right: Cell
    usual: str
    difference: str


@dataclass(frozen=True, slots=True)
class MovementPart:
    """One kind of movement test.

    Attributes
    ----------
    title : str
    done : tuple of str
        What was done with each leg, and why it is not scored where it is not.
    said : tuple of (str, str)
        Verdict and sentence.
    rows : tuple of MeasureRow
        `difference` holds what belongs to both legs together.
    remarks : tuple of str
    """

    title: str
    done: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    rows: tuple[MeasureRow, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignRow:
    words: str
    value: str
    usual: str


@dataclass(frozen=True, slots=True)
class PatternPart:
    """One pattern as it stands in the report."""

    title: str
    side: str
    level: str
    strength: str
    """``slight``, ``possible`` or ``clear``, for the style."""
    sure: str
    sentence: str
    meaning: str
    speaks_for: tuple[SignRow, ...]
    speaks_against: tuple[SignRow, ...]
    not_measured: tuple[str, ...]
    looks_alike: tuple[str, ...]
    clearer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    postures: tuple[Figure, ...] = ()
    told_by_another: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with the numbers behind it."""

    title: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FindingPart:
    title: str
    verdict: str
    sentence: str
    clearer: str
