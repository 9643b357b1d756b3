"""``results.json``: everything that is known about a walk, for programs.

`results.schema.json` beside this file is the contract; docs/results.md explains it.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import msgspec
import numpy as np

from dashboards.wording import NOT_A_MEDICAL_DEVICE
from hipgait._version import __version__
from pipeline.gait import Stride
from pipeline.results import Results

FORMAT = "hipgait-results"

FORMAT_VERSION = 2
"""Version of the layout; rises when a field goes, moves or changes its type. A reader must
accept fields that it does not know: new ones may come at any time."""

SCHEMA_FILE = "results.schema.json"

CURVE_DECIMALS = 4


def results_json(results: Results) -> bytes:
    """The document as UTF-8, one line with a line feed at its end.

    A number that is not known (NaN) is null, and so is the open end of a range.
    """
    return msgspec.json.encode(_document(results), enc_hook=_plain_number) + b"\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that every document fulfils."""
    return msgspec.json.decode(files("dashboards.writers").joinpath(SCHEMA_FILE).read_bytes())


def _document(results: Results) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "results_version": results.version,
        "written_by": f"hipgait {__version__}",
        "notice": NOT_A_MEDICAL_DEVICE,
        "session": results.session,
        "simulated": results.simulated,
        "provisional": results.provisional,
        "placements": results.placements,
        "summary": results.summary,
        "quality": results.quality,
        "calibrations": results.calibrations,
        "features": results.features,
        "findings": results.findings,
        "movement_tests": results.movement_tests,
        "remarks": results.remarks,
        "events": results.events,
        "strides": [_stride(stride) for stride in results.strides],
        "mean_curves": {
            side: {
                curve: {
                    "mean": np.round(mean, CURVE_DECIMALS).tolist(),
                    "sd": np.round(sd, CURVE_DECIMALS).tolist(),
                }
                for curve, (mean, sd) in curves.items()
            }
            for side, curves in results.mean_curves.items()
        },
    }


def _stride(stride: Stride) -> dict[str, Any]:
    """A stride with what follows from it, and without its fresh curves."""
    return {
        "side": stride.side,
        "start_s": stride.start_s,
        "opposite_final_contact_s": stride.opposite_final_contact_s,
        "opposite_initial_contact_s": stride.opposite_initial_contact_s,
        "final_contact_s": stride.final_contact_s,
        "end_s": stride.end_s,
        "bout": stride.bout,
        "epoch": stride.epoch,
        "steady": stride.steady,
        "exclusions": stride.exclusions,
        "quality": stride.quality,
        "bridged_fraction": stride.bridged_fraction,
        "heading_change_deg": stride.heading_change_deg,
        "values": stride.values,
    }


def _plain_number(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"results hold no {type(value).__name__}")
