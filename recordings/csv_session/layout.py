"""Names, columns and number formats of the session files, for writer and reader alike."""

from __future__ import annotations

from recordings.placement import Placement
from recordings.samples import STORED_DECIMALS

METADATA_FILE = "session.json"
EVENTS_FILE = "events.csv"
EVENT_COLUMNS = ("time_s", "kind", "label")

TIME_COLUMN = "time_s"
ACC_COLUMNS = ("acc_x_m_s2", "acc_y_m_s2", "acc_z_m_s2")
GYR_COLUMNS = ("gyr_x_rad_s", "gyr_y_rad_s", "gyr_z_rad_s")
MAG_COLUMNS = ("mag_x_ut", "mag_y_ut", "mag_z_ut")
REQUIRED_COLUMNS = (TIME_COLUMN, *ACC_COLUMNS, *GYR_COLUMNS)


def sensor_file(placement: Placement) -> str:
    """The name of the file that holds one sensor's samples."""
    return f"{placement.value}.csv"


def sensor_columns(*, has_mag: bool) -> tuple[str, ...]:
    """The columns of a sensor file, in order."""
    return REQUIRED_COLUMNS + MAG_COLUMNS if has_mag else REQUIRED_COLUMNS


def row_format(*, has_mag: bool) -> str:
    """The printf format of one row, with its line end."""
    quantities = ["time_s"] + ["acc_m_s2"] * 3 + ["gyr_rad_s"] * 3 + ["mag_ut"] * 3 * has_mag
    return ",".join(f"%.{STORED_DECIMALS[quantity]}f" for quantity in quantities) + "\n"
