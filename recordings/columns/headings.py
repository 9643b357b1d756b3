"""What one column heading says: quantity, axis, unit, and whose sensor it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from recordings.columns.mapping import AccUnit, GyrUnit, MagUnit, TimeUnit


class Quantity(StrEnum):
    """What a column measures."""

    TIME = "time"
    ACC = "acceleration"
    FREE_ACC = "acceleration without gravity"
    GYR = "angular rate"
    MAG = "magnetic field"
    DEVICE = "device name"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, understood.

    Attributes
    ----------
    column : str
        The heading as it stands in the file.
    quantity : Quantity
    axis : str
        ``x``, ``y``, ``z``, or empty.
    unit : str or None
        The unit that the heading names.
    owner : str
        The words that are left: the sensor or body segment; often empty.
    """

    column: str
    quantity: Quantity
    axis: str
    unit: TimeUnit | AccUnit | GyrUnit | MagUnit | None
    owner: str


_TRANSLATIONS = {
    "加速度": " acc ",
    "角速度": " gyr ",
    "角度": " angle ",
    "磁场": " mag ",
    "片上时间": " chiptime ",
    "设备名称": " devicename ",
    "时间": " time ",
    "beschleunigung": " acc ",
    "drehrate": " gyr ",
    "winkelgeschwindigkeit": " gyr ",
    "zeit": " time ",
    "angular velocity": " gyr ",
    "angular rate": " gyr ",
    "ang vel": " gyr ",
    "rotation rate": " gyr ",
    "magnetic field": " mag ",
    "device name": " devicename ",
    "sensor id": " devicename ",
    "chip time": " chiptime ",
    "user acceleration": " freeacc ",
    "linear acceleration": " freeacc ",
    "free acceleration": " freeacc ",
}

_WORDS: dict[str, Quantity] = {
    **dict.fromkeys(("acc", "accel", "accelerometer", "acceleration", "a"), Quantity.ACC),
    **dict.fromkeys(("freeacc", "linacc", "linearacc", "useracc"), Quantity.FREE_ACC),
    **dict.fromkeys(
        ("gyr", "gyro", "gyroscope", "angvel", "omega", "w", "g", "as", "rate"), Quantity.GYR
    ),
    **dict.fromkeys(("mag", "magn", "magnetometer", "m", "h"), Quantity.MAG),
}
_TIME_WORDS = (
    "chiptime",
    "sampletimefine",
    "time",
    "timestamp",
    "timestamps",
    "elapsed",
    "seconds",
    "t",
)
"""In order of preference, where a table has several."""
_DEVICE_WORDS = ("devicename", "device", "address", "sensor", "sensorid")

_UNITS: dict[Quantity, dict[str, str]] = {
    Quantity.TIME: {
        **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
        **dict.fromkeys(("ms", "msec", "millis", "milliseconds"), "ms"),
        **dict.fromkeys(("us", "µs", "μs", "usec", "micros", "microseconds"), "us"),
        **dict.fromkeys(("ns", "nsec", "nanoseconds"), "ns"),
    },
    Quantity.ACC: {
        **dict.fromkeys(
            ("m/s2", "m/s^2", "m/s²", "m/s/s", "ms2", "ms-2", "ms^-2", "mps2", "m_s2", "m.s-2"),
            "m/s2",
        ),
        "g": "g",
        "mg": "mg",
    },
    Quantity.GYR: {
        **dict.fromkeys(("rad/s", "rad_s", "rads", "radps", "rad.s-1", "r/s"), "rad/s"),
        **dict.fromkeys(
            ("deg/s", "deg_s", "degs", "degps", "dps", "°/s", "º/s", "d/s", "grad/s"), "deg/s"
        ),
        "mdps": "mdeg/s",
    },
    Quantity.MAG: {
        **dict.fromkeys(("ut", "µt", "μt", "microtesla"), "uT"),
        **dict.fromkeys(("mgauss", "mg"), "mG"),
        **dict.fromkeys(("gauss", "g"), "G"),
        "nt": "nT",
    },
}
_UNITS[Quantity.FREE_ACC] = _UNITS[Quantity.ACC]
_UNITS[Quantity.DEVICE] = {}
_ALL_UNITS = sorted({u for units in _UNITS.values() for u in units}, key=len, reverse=True)
_UNIT_AT_END = re.compile(
    r"(?<=[\s_\-.])(" + "|".join(re.escape(unit) for unit in _ALL_UNITS) + r")\s*$"
)
_IN_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")


def understand(column: str) -> Heading | None:
    """The meaning of a heading, or None if it is none of the quantities of an IMU.

    >>> understand("thigh_l_acc_x (m/s^2)")
    Heading(column='thigh_l_acc_x (m/s^2)', quantity=<Quantity.ACC: 'acceleration'>, axis='x', \
unit='m/s2', owner='thigh l')
    """
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", column)
    text, units = _take_units(text.lower())
    for phrase, word in _TRANSLATIONS.items():
        text = re.sub(rf"{phrase.replace(' ', '[ _]?')}", word, text)
    words = re.findall(r"[^\W\d_]+\d*", text)
    quantity, axis, owner = _classify(words)
    if quantity is None or (not axis and quantity not in (Quantity.TIME, Quantity.DEVICE)):
        return None
    unit = next((_UNITS[quantity][u] for u in units if u in _UNITS[quantity]), None)
    return Heading(column, quantity, axis, unit, " ".join(owner))  # type: ignore[arg-type]


def time_rank(column: str) -> int:
    """How good a time column is by its name: 0 is best."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"片上时间", "chiptime", column.lower()))
    if "chip" in words:
        return 0
    return next((i for i, word in enumerate(_TIME_WORDS) if word in words), len(_TIME_WORDS))


def _take_units(text: str) -> tuple[str, list[str]]:
    """The text without its units, and the units."""
    units: list[str] = []

    def keep_axes(match: re.Match[str]) -> str:
        inside = match[1].strip().replace(" ", "")
        if inside in ("x", "y", "z"):
            return f" {inside} "
        units.append(inside)
        return " "

    text = _IN_BRACKETS.sub(keep_axes, text)
    ending = _UNIT_AT_END.search(text)
    if ending is not None:
        units.append(ending[1])
        text = text[: ending.start()]
    return text, units


def _classify(words: list[str]) -> tuple[Quantity | None, str, list[str]]:
    """Quantity, axis and the words that are neither."""
    quantity: Quantity | None = None
    axis = ""
    rest: list[str] = []
    for word in words:
        stem, ending = word[:-1], word[-1:]
        if word in ("x", "y", "z") and not axis:
            axis = word
        elif ending in ("x", "y", "z") and stem in _WORDS and not axis:
            quantity, axis = _stronger(quantity, _WORDS[stem]), ending
        elif len(word) > 1 and word in _WORDS:
            quantity = _stronger(quantity, _WORDS[word])
        elif word in ("free", "linear", "lin", "user"):
            quantity = Quantity.FREE_ACC
        else:
            rest.append(word)
    if quantity is None and not axis:
        if any(word in _DEVICE_WORDS for word in words):
            return Quantity.DEVICE, "", []
        if any(word in _TIME_WORDS for word in words):
            return Quantity.TIME, "", []
    if quantity is None and axis:
        # "a x", "w x": single letters count only beside an axis.
        letters = [word for word in rest if len(word) == 1 and word in _WORDS]
        if letters:
            rest.remove(letters[-1])
            quantity = _WORDS[letters[-1]]
    return quantity, axis, rest


def _stronger(known: Quantity | None, found: Quantity) -> Quantity:
    """“Free” beside “acc” stays free."""
    return Quantity.FREE_ACC if known is Quantity.FREE_ACC else found
