"""WitMotion app recordings: CSV or tab text with headings in English or Chinese.

Headings seen: ``AccX(g)``/``ax(g)``/``加速度X(g)``, ``AsX(°/s)``/``wx(deg/s)``/
``角速度X(°/s)``, ``HX(uT)``/``磁场X(uT)``, beside a time of arrival and sometimes the time on
the chip; a recording of several sensors names each row's in ``设备名称``/``DeviceName``.
Samples are stamped as their radio packets arrive, several at once.
"""

from __future__ import annotations

from recordings.columns.headings import Quantity, understand
from recordings.columns.mapping import ColumnMapping, SensorColumns
from recordings.containers import Container
from recordings.importers.assembly import Recording
from recordings.importers.registry import Importer, register
from recordings.importers.tables import TABLE_SUFFIXES, TableOptions, read_tables
from recordings.text_tables.dialect import decode_line, split_line
from recordings.text_tables.whole import heads

_GYR_STEMS = ("asx", "wx", "角速度x", "angularvelocityx", "angular velocity x")


def _recognises(container: Container) -> bool:
    return any(_is_witmotion(head) for _, head in heads(container, TABLE_SUFFIXES))


def _is_witmotion(head: bytes) -> bool:
    """True if one of the first lines heads acceleration in g and its own word for the rate."""
    for line in head.split(b"\n")[:5]:
        text = decode_line(line.rstrip(b"\r").removeprefix(b"\xef\xbb\xbf"))
        cells = split_line(text, "\t" if "\t" in text else ",")
        rate = any(cell.lower().startswith(_GYR_STEMS) for cell in cells)
        headings = [heading for heading in map(understand, cells) if heading]
        in_g = any(h.quantity is Quantity.ACC and h.unit == "g" for h in headings)
        if rate and in_g:
            return True
    return False


def _read(container: Container, mapping: ColumnMapping | None) -> Recording:
    options = TableOptions(
        model="WitMotion",
        timing_quality="low",
        units=SensorColumns(acc_unit="g", gyr_unit="deg/s"),
        equal_stamps_are_bursts=True,
    )
    return read_tables(container, mapping, options)


register(
    Importer(
        key="witmotion",
        label="WitMotion app recording",
        recognises=_recognises,
        read=_read,
    )
)
