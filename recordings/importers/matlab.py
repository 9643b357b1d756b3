"""MATLAB files, read with scipy, which is imported only when one is met."""

from __future__ import annotations

from typing import Any

from recordings.containers import Container
from recordings.errors import FormatError

_MAGIC = b"MATLAB 5.0 MAT-file"


def is_matlab(container: Container, name: str) -> bool:
    """True for a MATLAB file of the versions 5 to 7."""
    if not name.lower().endswith(".mat"):
        return False
    with container.open(name) as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


def load_matlab(container: Container, name: str, *, names_only: bool = False) -> dict[str, Any]:
    """The variables of a file; structs as objects with their fields as attributes.

    Parameters
    ----------
    container, name
        The file.
    names_only : bool
        Only the names of the variables, each with None.

    Raises
    ------
    FormatError
        If the file is damaged.
    """
    from scipy.io import loadmat, whosmat

    with container.open(name) as stream:
        try:
            if names_only:
                return dict.fromkeys(variable for variable, _, _ in whosmat(stream))
            content = loadmat(stream, squeeze_me=True, struct_as_record=False)
        except Exception as error:  # scipy raises whatever its parser trips over
            raise FormatError(
                f"{container.where(name)} is no MATLAB file, or it is damaged ({error}).",
                hint="Save it again from MATLAB, version 7 or older.",
                reason="matlab_damaged",
            ) from error
    return {key: value for key, value in content.items() if not key.startswith("__")}
