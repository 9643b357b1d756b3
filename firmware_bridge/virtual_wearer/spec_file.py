"""Read specs from TOML (or JSON) files, and say clearly what is wrong with one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from firmware_bridge.virtual_wearer.deviations import KNOBS
from firmware_bridge.virtual_wearer.spec import Spec
from recordings.errors import FormatError, InputError

CATALOGUE = Path(__file__).with_name("catalogue")


def read_spec(path: str | Path) -> Spec:
    """Read one spec.

    Raises
    ------
    InputError
        If there is no such file.
    FormatError
        If it is no TOML, or a key or value in it is unknown or out of range; the message
        names the place.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The spec {path} cannot be read.",
            hint="Give the path of a TOML file or a name from `hipgait simulate --catalogue`.",
            reason="spec_unreadable",
        ) from error
    return parse_spec(text, str(path), json=path.suffix == ".json")


def parse_spec(text: str, where: str, *, json: bool = False) -> Spec:
    """Parse the text of a spec; see `read_spec` for what is raised."""
    try:
        data = msgspec.json.decode(text) if json else tomllib.loads(text)
        spec = msgspec.convert(data, Spec, strict=False)
    except (tomllib.TOMLDecodeError, msgspec.MsgspecError) as error:
        raise FormatError(
            f"{where}: {_place(str(error))}.",
            hint="Correct that place; keys and their ranges are in docs/simulation.md.",
            reason="spec_invalid",
        ) from error
    check_spec(spec, where)
    return spec


def check_spec(spec: Spec, where: str = "spec") -> None:
    """Refuse what only makes sense as a whole: unknown knobs, an empty timeline.

    Raises
    ------
    FormatError
    """
    for deviation in spec.deviations:
        if deviation.kind not in KNOBS:
            raise FormatError(
                f"{where}: there is no deviation called {deviation.kind!r}.",
                hint=f"Known are: {', '.join(KNOBS)}.",
                reason="spec_unknown_deviation",
            )
    if not spec.timeline:
        raise FormatError(
            f"{where}: the timeline is empty.",
            hint="Add at least one [[timeline]] entry.",
            reason="spec_empty",
        )


def catalogue() -> dict[str, Path]:
    """The specs that ship with hipgait: name → file."""
    return {path.stem: path for path in sorted(CATALOGUE.glob("*.toml"))}


def find_spec(name_or_path: str) -> Spec:
    """A spec by its name in the catalogue or by its path."""
    known = catalogue()
    return read_spec(known.get(name_or_path, Path(name_or_path)))


def _place(message: str) -> str:
    """``... - at `$.timeline[2].speed_m_s` `` → the place first, in the file's own words."""
    what, _, place = message.partition(" - at `$")
    place = place.rstrip("`").lstrip(".")
    return f"at {place}: {what}" if place else what
