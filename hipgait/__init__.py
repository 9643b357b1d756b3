"""hipgait: wearable gait monitoring from pelvis, thigh and shank IMUs.

The face over the four rooms of the house. Names are looked up on first use, so that
``import hipgait`` costs nothing.

>>> import hipgait
>>> session = hipgait.read_session("my_walk")  # doctest: +SKIP
>>> results = hipgait.analyze(session)  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hipgait._version import __version__

if TYPE_CHECKING:
    from pipeline.analysis import analyze
    from recordings.reading import read_session

_HOMES = {
    "analyze": "pipeline.analysis",
    "read_session": "recordings.reading",
}

__all__ = ["__version__", "analyze", "read_session"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'hipgait' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
