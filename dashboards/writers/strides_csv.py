"""``strides.csv``: one row a stride."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.writers.cells import csv_bytes, flag_cell, number_cell, text_cell, time_cell
from pipeline.gait import Stride

FIXED_COLUMNS = (
    "side",
    "start_s",
    "final_contact_s",
    "end_s",
    "quality",
    "steady",
    "excluded_because",
    "bout",
    "epoch",
)


def strides_csv(strides: Sequence[Stride]) -> bytes:
    """The strides of a walk with all their features.

    The columns after `FIXED_COLUMNS` are the features, in the order in which they first
    appear; a stride without one of them has an empty cell there.
    """
    features = tuple(dict.fromkeys(name for stride in strides for name in stride.values))
    return csv_bytes(
        (*FIXED_COLUMNS, *features),
        (
            (
                str(stride.side),
                time_cell(stride.start_s),
                time_cell(stride.final_contact_s),
                time_cell(stride.end_s),
                number_cell(stride.quality),
                flag_cell(stride.steady),
                text_cell(" ".join(stride.exclusions)),
                str(stride.bout),
                str(stride.epoch),
                *(number_cell(stride.values.get(name, float("nan"))) for name in features),
            )
            for stride in strides
        ),
    )
