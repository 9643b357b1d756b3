"""What the results of a walk depend on, as short texts that change with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pipeline
import recordings
from dashboards.view_models.side_file import MARKER_KINDS
from hipgait._version import __version__
from recordings.containers import Container, Zip, open_container
from recordings.csv_session.events_csv import encode_events
from recordings.errors import InputError
from recordings.events import SessionEvent

LAYOUT_VERSION = 1
"""Of the files in the cache; rises when they are written otherwise."""

_NUMERIC = ("numpy", "scipy", "vqf")


def content_fingerprint(path: Path) -> str:
    """Of every byte of a recording: an entry can never be that of other samples.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    digest = hashlib.sha256()
    container = open_container(path)
    digest.update(container.name.encode())
    try:
        for label, file in _files(container):
            digest.update(f"\n{label}\n{file.stat().st_size}\n".encode())
            with file.open("rb") as stream:
                while part := stream.read(2**20):
                    digest.update(part)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror or error}).",
            hint="Check that it is still there and may be read.",
            reason="not_readable",
        ) from error
    return digest.hexdigest()[:24]


def analysis_fingerprint(edits: Iterable[SessionEvent]) -> str:
    """Of the program and of those edits that change a result."""
    effective = sorted(event for event in edits if event.kind not in MARKER_KINDS)
    digest = hashlib.sha256(_program().encode())
    digest.update(encode_events(effective, header=True))
    return digest.hexdigest()[:24]


@cache
def _program() -> str:
    """Version, source and numeric libraries of what reads and analyses."""
    from importlib.metadata import PackageNotFoundError, version

    digest = hashlib.sha256(f"{LAYOUT_VERSION} {__version__}".encode())
    for name in _NUMERIC:
        try:
            digest.update(f" {name} {version(name)}".encode())
        except PackageNotFoundError:
            digest.update(f" {name} unknown".encode())
    for package in (pipeline, recordings):
        for folder in package.__path__:
            for file in sorted(Path(folder).rglob("*.py")):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(container: Container) -> list[tuple[str, Path]]:
    if isinstance(container, Zip) or container.path.is_file():
        return [(container.path.suffix.lower(), container.path)]
    return [(name, container.path / name) for name in container.file_names()]
