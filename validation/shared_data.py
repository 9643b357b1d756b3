"""The real recordings that tables are measured on, and how each is opened.

They lie beside the repository and are not part of it; see `Recording.licence` for their terms.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from recordings.containers import open_container
from recordings.importing import read_foreign
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.session import Session

FOLDER = Path(os.environ.get("HIPGAIT_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


@dataclass(frozen=True, slots=True)
class Recording:
    """One public recording."""

    place: str
    source: str
    licence: str

    @property
    def path(self) -> Path:
        return FOLDER / self.place

    @property
    def is_there(self) -> bool:
        return self.path.exists()

    def session(self, required: tuple[Placement, ...] = REQUIRED_PLACEMENTS) -> Session:
        """Read it as any foreign recording is read."""
        return read_foreign(open_container(self.path), required=required).session


OPENSENSE = Recording("02_opensense_walk", "OpenSense example walk (OpenSim)", "Apache-2.0")
QMT = Recording(
    "03_qmt_fullbody/full_body_example_data.mat", "qmt full-body example (Laidig)", "MIT"
)
MOBGAP = Recording(
    "05_mobgap_lowerback/lab", "Mobilise-D lab examples (mobgap), INDIP reference", "Apache-2.0"
)
OPENCAP = Recording(
    "09_opencap_subject4_toein_ik", "OpenCap study, subject 4 (nimblephysics)", "BSD-2-Clause"
)
MCGILL = Recording("10_mcgill_pig_c3d", "biomechZoo sample study (McGill)", "MIT")
