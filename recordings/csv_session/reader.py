"""Open a session folder or zip: headers, metadata and events now, samples when read."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from recordings.containers import Container
from recordings.csv_session import events_csv, metadata_json
from recordings.csv_session.layout import EVENTS_FILE, METADATA_FILE, sensor_file
from recordings.csv_session.source import CsvSource
from recordings.errors import FormatError, InputError
from recordings.metadata import SensorInfo, SessionMetadata
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.session import Remark, Session


def holds_a_session(container: Container) -> bool:
    """True if the container is meant as a session.

    It has a session.json, or at least one file that is named and headed like a sensor file.
    """
    names = set(container.file_names())
    if METADATA_FILE in names:
        return True
    return any(
        _has_session_header(CsvSource(container, p)) for p in Placement if sensor_file(p) in names
    )


def _has_session_header(source: CsvSource) -> bool:
    try:
        source.check_header()
    except FormatError:
        return False
    return True


def open_session(
    container: Container, *, required: Collection[Placement] = REQUIRED_PLACEMENTS
) -> Session:
    """Open a session; the samples stay on disk until they are read.

    Parameters
    ----------
    container : Container
    required : collection of Placement
        Placements without which the session is refused.

    Raises
    ------
    InputError
        If a required placement has no file.
    FormatError
        If a file is not what the format promises.
    """
    names = set(container.file_names())
    sources = {p: CsvSource(container, p) for p in Placement if sensor_file(p) in names}
    require_placements(sources, required, str(container.path))
    remarks: list[Remark] = []
    metadata = SessionMetadata()
    if METADATA_FILE in names:
        data = _read_small(container, METADATA_FILE, metadata_json.MAX_BYTES)
        metadata = metadata_json.decode_metadata(data, container.where(METADATA_FILE))
    else:
        remarks.append(
            Remark(
                "metadata_missing",
                f"{container.path} has no {METADATA_FILE}: nothing is known"
                " of the wearer or the sensors.",
            )
        )
    for source in sources.values():
        source.check_header()
    events = ()
    if EVENTS_FILE in names:
        data = _read_small(container, EVENTS_FILE, events_csv.MAX_BYTES)
        events, found = events_csv.decode_events(data, container.where(EVENTS_FILE))
        remarks.extend(found)
    silent = [p for p in metadata.sensors if p not in sources]
    remarks.extend(
        Remark(
            "sensor_file_missing",
            f"{METADATA_FILE} names a sensor on the {p.label}, but there is no {sensor_file(p)}.",
            p,
        )
        for p in silent
    )
    known = {p: metadata.sensors.get(p, SensorInfo(placement=p)) for p in sources}
    return Session(
        name=container.name,
        sources=sources,
        metadata=msgspec.structs.replace(metadata, sensors=known),
        events=events,
        remarks=tuple(remarks),
    )


def require_placements(
    worn: Collection[Placement], required: Collection[Placement], where: str
) -> None:
    """Refuse a recording that lacks a required placement.

    Raises
    ------
    InputError
        The message lists what is missing, what is there and what cannot be judged so.
    """
    missing = [p for p in Placement if p in required and p not in worn]
    if not missing:
        return
    found = ", ".join(p.label for p in Placement if p in worn) or "no sensor"
    if Placement.PELVIS not in missing:
        lost = "hips, knees and left against right"
    elif len(missing) == 1:
        lost = "pelvis and hips"
    else:
        lost = "pelvis, hips, knees and left against right"
    raise InputError(
        f"{where} has no samples of the {' and the '.join(p.label for p in missing)}"
        f" (found: {found}).",
        hint=f"So {lost} cannot be judged: a walk needs sensors on pelvis, left thigh and right"
        " thigh. `hipgait day` reads what there is.",
        reason="placement_missing",
    )


def _read_small(container: Container, name: str, max_bytes: int) -> bytes:
    with container.open(name) as stream:
        data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise FormatError(
            f"{container.where(name)} is larger than {max_bytes // 2**20} MB.",
            hint="Check that this is the right file.",
            reason="file_too_large",
        )
    return data
