"""What an importer is, and the list of them."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from recordings import importers
from recordings.columns.mapping import ColumnMapping
from recordings.containers import Container
from recordings.importers.assembly import Recording

_REGISTERED: dict[str, Importer] = {}


@dataclass(frozen=True, slots=True)
class Importer:
    """How one foreign format is read.

    Attributes
    ----------
    key : str
        Short stable name.
    label : str
        Name for people.
    recognises : callable
        ``(container) -> bool``: True if the content is of this format. Cheap: looks at the
        head of files only, and imports nothing heavy.
    read : callable
        ``(container, mapping or None) -> Recording``; raises `InputError`.
    """

    key: str
    label: str
    recognises: Callable[[Container], bool]
    read: Callable[[Container, ColumnMapping | None], Recording]


def register(importer: Importer) -> None:
    """Add a format to the list."""
    _REGISTERED[importer.key] = importer


def all_importers() -> tuple[Importer, ...]:
    """All formats, in alphabetical order of their keys."""
    for module in sorted(m.name for m in pkgutil.iter_modules(importers.__path__)):
        import_module(f"{importers.__name__}.{module}")
    return tuple(_REGISTERED[key] for key in sorted(_REGISTERED))


def recognise(container: Container) -> Importer | None:
    """The importer that knows the content of the container."""
    return next((i for i in all_importers() if i.recognises(container)), None)
