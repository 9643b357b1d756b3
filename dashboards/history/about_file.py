"""What a person said of a recording, in a file beside it: who, when, notes, pain, conditions.

The file is called like the recording with ``.about.json`` after it, is readable by its owner
alone, and says that the recording belongs to the history: from recordings and these files the
history can be made again on any computer. The recording itself is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct, field

from dashboards.people import ME
from dashboards.report.private_file import write_privately
from recordings.errors import FormatError, OutputError
from recordings.profile import Score, WalkConditions

ABOUT_VERSION = 1
_SUFFIX = ".about.json"


class About(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was said of one recording.

    Attributes
    ----------
    person : str
    walked : datetime or None
        Only if the recording does not say it, or says it wrongly.
    note : str
    pain : int or None
        The strongest of this walk.
    conditions : WalkConditions
        Shoes, ground, aid and load of this walk.
    """

    format_version: int = ABOUT_VERSION
    person: str = ME
    walked: datetime | None = None
    note: str = ""
    pain: Score | None = None
    conditions: WalkConditions = field(default_factory=WalkConditions)


def about_file(path: Path) -> Path:
    """Where it lies."""
    path = path.resolve()
    return path.with_name(f"{path.name}{_SUFFIX}")


def read_about(path: Path) -> About | None:
    """What was said of a recording; None if nothing was.

    Raises
    ------
    FormatError
        If the file is damaged or of a newer hipgait.
    """
    file = about_file(path)
    if not file.is_file():
        return None
    try:
        content = file.read_bytes()
        version = msgspec.json.decode(content, type=_Version).format_version
        if version > ABOUT_VERSION:
            raise FormatError(
                f"{file} was written by a newer hipgait (format {version}).",
                hint="Update hipgait; the file was left as it is.",
                reason="about_newer",
            )
        return msgspec.json.decode(content, type=About)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(
            f"{file} is damaged or cannot be read ({str(error).partition(chr(10))[0]}).",
            hint="Correct it with a text editor, or move it away and add the walk again.",
            reason="about_damaged",
        ) from error


def write_about(path: Path, about: About) -> None:
    """Replace what was said of a recording, all at once.

    Raises
    ------
    OutputError
        If it cannot be written; what was said before stays.
    """
    file = about_file(path)
    content = {"format_version": about.format_version, **msgspec.to_builtins(about)}
    try:
        write_privately(file, msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
    except OSError as error:
        raise OutputError(
            f"{file} cannot be written ({error.strerror or error}).",
            hint="Copy the recording to a place where you may write, and add it from there.",
            reason="output_failed",
        ) from error


def delete_about(path: Path) -> Path | None:
    """Delete what was said of a recording; returns the file that is gone, if there was one."""
    file = about_file(path)
    with suppress(FileNotFoundError):
        try:
            file.unlink()
        except PermissionError as error:
            raise OutputError(
                f"{file} cannot be deleted: {error.strerror}.", reason="output_failed"
            ) from error
        return file
    return None


def recordings_below(folder: Path) -> Iterator[Path]:
    """Every recording in a folder and its sub-folders of which something was said."""
    for file in sorted(folder.rglob(f"*{_SUFFIX}")):
        recording = file.with_name(file.name.removesuffix(_SUFFIX))
        if recording.exists():
            yield recording


class _Version(Struct):
    format_version: int = ABOUT_VERSION
