"""MATLAB full-body files: one struct a segment with ``acc``, ``gyr`` (and ``quat``).

Layout after the example data of the qmt toolbox: a time vector ``t`` in seconds beside
structs named after segments, ``acc`` in m/s² and ``gyr`` in rad/s, shape (n, 3). Where a
file has both, ``hip`` is the pelvis sensor (worn on the sacrum, the root of the body
model), not ``lower_back``, which follows the lumbar spine.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from recordings.columns.body_words import guess_placements
from recordings.columns.mapping import ColumnMapping, SensorColumns
from recordings.containers import Container
from recordings.errors import FormatError
from recordings.importers.assembly import ForeignSensor, Recording, assemble
from recordings.importers.matlab import is_matlab, load_matlab
from recordings.importers.registry import Importer, register
from recordings.placement import Placement
from recordings.samples import FloatArray


def _recognises(container: Container) -> bool:
    (name, *others) = container.file_names() or ("",)
    return not others and is_matlab(container, name) and "t" in _segments(container, name)


def _segments(container: Container, name: str) -> dict[str, Any]:
    return load_matlab(container, name, names_only=True)


def _read(container: Container, mapping: ColumnMapping | None) -> Recording:
    name = container.file_names()[0]
    content = load_matlab(container, name)
    where = container.where(name)
    time_s = np.asarray(content.pop("t"), dtype=np.float64)
    segments = {k: v for k, v in content.items() if hasattr(v, "acc") and hasattr(v, "gyr")}
    if mapping is None:
        placed = guess_placements(segments)
    else:
        named = {segment: mapping.placement_of_device(segment) for segment in segments}
        placed = {p: segment for segment, p in named.items() if p is not None}
    sensors = [
        _sensor(placement, segment, time_s, segments[segment], where)
        for placement, segment in placed.items()
    ]
    return assemble(container, sensors)


def _sensor(
    placement: Placement, segment: str, time_s: FloatArray, struct: Any, where: str
) -> ForeignSensor:
    acc, gyr = (np.asarray(getattr(struct, k), dtype=np.float64) for k in ("acc", "gyr"))
    if acc.shape != (len(time_s), 3) or gyr.shape != (len(time_s), 3):
        raise FormatError(
            f"{where}: {segment} has acc {acc.shape} and gyr {gyr.shape} for {len(time_s)} times.",
            hint="Both must have one row of three values a time.",
            reason="shape_wrong",
        )
    return ForeignSensor(
        placement=placement,
        origin=f"segment {segment}",
        time_s=time_s,
        acc_m_s2=acc,
        gyr_rad_s=gyr,
        columns=SensorColumns(device=segment, time_unit="s", acc_unit="m/s2", gyr_unit="rad/s"),
    )


register(
    Importer(
        key="qmt_mat",
        label="MATLAB full-body file (one struct a segment)",
        recognises=_recognises,
        read=_read,
    )
)
