"""The measures of a walk as a table: one row a measure and leg."""

from __future__ import annotations

from dashboards.summary import error_of
from dashboards.wording import Measure
from dashboards.writers.cells import csv_bytes, number_cell, text_cell
from pipeline.results import Results

HEADER = (
    "measure",
    "label",
    "unit",
    "side",
    "strides",
    "mean",
    "error",
    "sd",
    "usual_low",
    "usual_high",
    "z",
)


def measures_csv(results: Results) -> bytes:
    """Every measure with its error (95 % half-width) and usual range; UTF-8."""
    rows = (
        (
            text_cell(row.feature),
            text_cell(Measure.of(row.feature).label),
            text_cell(Measure.of(row.feature).unit),
            str(row.side or ""),
            str(row.n),
            number_cell(row.mean),
            number_cell(error_of(row)),
            number_cell(row.sd),
            "" if row.usual is None else number_cell(row.usual.low),
            "" if row.usual is None else number_cell(row.usual.high),
            number_cell(row.z),
        )
        for row in results.features
    )
    return csv_bytes(HEADER, rows)
