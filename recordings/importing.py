"""Recordings of other makes: recognised, read, converted, and what was understood of them."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from recordings.columns.mapping import ColumnMapping, load_mapping
from recordings.containers import Container, SingleFile, open_container
from recordings.csv_session.reader import holds_a_session, require_placements
from recordings.csv_session.writer import write_session
from recordings.errors import InputError, OutputError
from recordings.importers.assembly import SensorSummary
from recordings.importers.registry import Importer, recognise
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.session import Session


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a foreign recording.

    Attributes
    ----------
    format_label : str
        The format, for people.
    session : Session
        Its samples, in memory.
    sensors : tuple of SensorSummary
        Origin, size, rate and gaps of each sensor.
    mapping : ColumnMapping
        What was read as what; may be stored, corrected and given by hand.
    """

    format_label: str
    session: Session
    sensors: tuple[SensorSummary, ...]
    mapping: ColumnMapping


def read_foreign(
    container: Container,
    mapping: ColumnMapping | str | os.PathLike[str] | None = None,
    *,
    required: Collection[Placement] = REQUIRED_PLACEMENTS,
) -> Understanding:
    """Read a recording that is no session folder.

    Raises
    ------
    InputError
        If nothing in it can be read, or a required placement is missing.
    """
    if mapping is not None and not isinstance(mapping, ColumnMapping):
        mapping = load_mapping(mapping)
    importer = recognise(container)
    if importer is None and container.path.is_dir():
        container, importer = _only_recording(container)
    if importer is not None:
        label, recording = importer.label, importer.read(container, mapping)
    else:
        # Any table can be read through a mapping: the last resort.
        from recordings.importers.tables import read_tables

        label, recording = "CSV table", read_tables(container, mapping)
    require_placements(recording.session.placements, required, str(container.path))
    return Understanding(label, recording.session, recording.sensors, recording.mapping)


def _only_recording(folder: Container) -> tuple[Container, Importer | None]:
    """The one file of a folder that is a recording by itself; the folder if there is none."""
    found = [
        (single, importer)
        for name in folder.file_names()
        if (importer := recognise(single := SingleFile(folder.path / name))) is not None
    ]
    if len(found) > 1 and len({importer.key for _, importer in found}) == 1:
        names = ", ".join(single.path.name for single, _ in found)
        raise InputError(
            f"{folder.path} holds several recordings ({names}).",
            hint="Give one of them.",
            reason="several_recordings",
        )
    return found[0] if len(found) == 1 else (folder, None)


def import_recording(
    source: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    mapping: ColumnMapping | str | os.PathLike[str] | None = None,
    *,
    required: Collection[Placement] = REQUIRED_PLACEMENTS,
    written_by: str = "",
) -> Understanding:
    """Convert a foreign recording into a session folder.

    Parameters
    ----------
    source : path
        A file, folder or zip.
    folder : path
        The session folder to make; must not exist.
    mapping : ColumnMapping or path to its JSON file, optional
    required : collection of Placement
        Placements without which the recording is refused.
    written_by : str
        Program and version, for ``session.json``.

    Raises
    ------
    InputError
        If the recording cannot be read or is a session already; nothing is written then.
    OutputError
        If the folder exists or cannot be written.
    """
    if Path(folder).exists():
        raise OutputError(
            f"{folder} exists already; it was left as it is.",
            hint="Choose a new name.",
            reason="output_exists",
        )
    container = open_container(Path(source))
    if mapping is None and holds_a_session(container):
        raise InputError(
            f"{source} is a hipgait session already.",
            hint="Use it as it is; there is nothing to convert.",
            reason="session_already",
        )
    understanding = read_foreign(container, mapping, required=required)
    metadata = understanding.session.metadata
    origin = f"Imported from {Path(source).name} ({understanding.format_label})."
    metadata = msgspec.structs.replace(
        metadata, written_by=written_by, notes=" ".join(filter(None, (origin, metadata.notes)))
    )
    write_session(replace(understanding.session, metadata=metadata), folder)
    return understanding
