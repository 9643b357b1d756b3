"""Knows a recording again wherever it lies and whatever it is called."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from recordings.containers import open_container
from recordings.csv_session.layout import sensor_file
from recordings.csv_session.reader import holds_a_session
from recordings.placement import Placement

_PIECE = 2**20


def fingerprint(path: str | os.PathLike[str]) -> str:
    """SHA-256 over the names and bytes of a recording's sample files, as hex.

    A session has the same one as a folder and as a zip of it, and keeps it when facts or
    events are corrected; in a foreign format all files count.

    Raises
    ------
    InputError
        If there is nothing that can be read.
    """
    container = open_container(Path(path))
    names = container.file_names()
    if holds_a_session(container):
        samples = {sensor_file(placement) for placement in Placement}
        names = tuple(name for name in names if name in samples)
    digest = hashlib.sha256()
    for name in names:
        with container.open(name) as stream:
            content = hashlib.sha256()
            while piece := stream.read(_PIECE):
                content.update(piece)
        digest.update(name.encode(errors="surrogatepass") + b"\0" + content.digest())
    return digest.hexdigest()
