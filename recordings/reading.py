"""Read a recording, whatever it is: the one door for all that is above."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from recordings.containers import open_container
from recordings.csv_session.reader import holds_a_session, open_session
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.session import Session

if TYPE_CHECKING:
    from recordings.columns.mapping import ColumnMapping


def read_session(
    path: str | os.PathLike[str],
    mapping: ColumnMapping | str | os.PathLike[str] | None = None,
    *,
    required: Collection[Placement] = REQUIRED_PLACEMENTS,
) -> Session:
    """Read a session, or a recording of another make.

    Parameters
    ----------
    path : path
        A session folder or a zip of one; a CSV table with all sensors; a folder of one CSV
        a sensor; or a file or folder that one of `recordings.importers` recognises.
    mapping : ColumnMapping or path to its JSON file, optional
        Which column of a foreign table is what; guessed where it is not given.
    required : collection of Placement
        Placements without which the recording is refused.

    Returns
    -------
    Session
        Samples of session folders are read from disk as they are needed. `Session.remarks`
        says what was noticed and what was guessed.

    Raises
    ------
    InputError
        If there is nothing that can be read; the message says what, where and what to do.
    """
    container = open_container(Path(path))
    if mapping is None and holds_a_session(container):
        return open_session(container, required=required)
    # Foreign formats cost imports that a session of our own does not need.
    from recordings.importing import read_foreign

    return read_foreign(container, mapping, required=required).session
