"""Mobilise-D ``data.mat``: lower-back recordings, nested by time measure, test and trial.

Layout after the example data of mobgap: ``data.<TimeMeasure>.<Test>.<Trial>.SU.LowerBack``
with ``Acc`` in g, ``Gyr`` in deg/s, ``Mag`` in µT and ``Timestamp`` in s since 1970. One
file holds several trials; `trials` lists them, and a mapping names one as ``device``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np

from recordings.columns.mapping import TO_M_S2, TO_RAD_S, ColumnMapping, SensorColumns
from recordings.containers import Container
from recordings.errors import FormatError, InputError
from recordings.importers.assembly import ForeignSensor, Recording, assemble
from recordings.importers.matlab import is_matlab, load_matlab
from recordings.importers.registry import Importer, register
from recordings.placement import Placement


def trials(container: Container) -> dict[str, Any]:
    """The trials of a file that have a lower-back sensor.

    Returns
    -------
    dict of str to struct
        Keyed ``TimeMeasure1/Test5/Trial1``, in the order of the file.

    Raises
    ------
    FormatError
        If the file is damaged or has no trial.
    """
    name = container.file_names()[0]
    data = load_matlab(container, name).get("data")
    found = dict(_walk(data, ()))
    if not found:
        raise FormatError(
            f"{container.where(name)} has no trial with a lower-back sensor.",
            hint="Check that this is the right file.",
            reason="trial_missing",
        )
    return found


def _walk(struct: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Depth first over the structs, down to those that hold sensors (``SU``)."""
    fields = getattr(struct, "_fieldnames", ())
    if "SU" in fields:
        if hasattr(struct.SU, "LowerBack"):
            yield "/".join(path), struct
        return
    for field in fields:
        yield from _walk(getattr(struct, field), (*path, field))


def _recognises(container: Container) -> bool:
    names = container.file_names()
    if len(names) != 1 or not is_matlab(container, names[0]):
        return False
    return "data" in load_matlab(container, names[0], names_only=True)


def _read(container: Container, mapping: ColumnMapping | None) -> Recording:
    found = trials(container)
    pelvis = mapping.sensors.get(Placement.PELVIS) if mapping else None
    wanted = pelvis.device if pelvis else None
    if wanted is None and len(found) == 1:
        wanted = next(iter(found))
    if wanted not in found:
        raise InputError(
            f"{container.path} holds {len(found)} trials of a lower-back sensor alone:"
            f" {', '.join(found)}.",
            hint="Without thigh sensors hips, knees and left against right cannot be judged;"
            " for `hipgait day` name one as `device` of the pelvis in a mapping.",
            reason="trial_unknown",
        )
    trial = found[wanted]
    sensor = trial.SU.LowerBack
    acc, gyr, time_s = (np.asarray(getattr(sensor, k), float) for k in ("Acc", "Gyr", "Timestamp"))
    mag = np.asarray(sensor.Mag, float) if hasattr(sensor, "Mag") else None
    pelvis_sensor = ForeignSensor(
        placement=Placement.PELVIS,
        origin=f"{wanted} LowerBack",
        time_s=time_s,
        acc_m_s2=acc * TO_M_S2["g"],
        gyr_rad_s=gyr * TO_RAD_S["deg/s"],
        mag_ut=mag if mag is not None and mag.shape == acc.shape else None,
        columns=SensorColumns(device=wanted, time_unit="s", acc_unit="g", gyr_unit="deg/s"),
    )
    return assemble(container, [pelvis_sensor], start_time=_start_time(trial))


def _start_time(trial: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(trial.StartDateTime))
    except (AttributeError, ValueError):
        return None


register(
    Importer(
        key="mobilised_mat",
        label="Mobilise-D data.mat (lower back)",
        recognises=_recognises,
        read=_read,
    )
)
