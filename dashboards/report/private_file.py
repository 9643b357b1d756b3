"""A file that tells of a body: whole or not at all, and readable by its owner alone."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_privately(file: Path, content: bytes) -> None:
    """Write a file of mode 0600 by way of a hidden one beside it; replaces what is there.

    Raises
    ------
    OSError
        If it cannot be written; what was there is unchanged.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".hipgait-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
