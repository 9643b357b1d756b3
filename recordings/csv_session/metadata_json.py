"""``session.json``: decoded with its checks, encoded for people to read."""

from __future__ import annotations

import msgspec

from recordings.errors import FormatError
from recordings.metadata import FORMAT_VERSION, SessionMetadata

MAX_BYTES = 4 * 2**20


class _Version(msgspec.Struct):
    format_version: int = FORMAT_VERSION


def decode_metadata(data: bytes, where: str) -> SessionMetadata:
    """The content of a ``session.json``; fields it does not know are passed over.

    Parameters
    ----------
    data : bytes
    where : str
        The name of the file, for messages.

    Raises
    ------
    FormatError
        If it is damaged, written by a newer hipgait, or holds an impossible value.
    """
    try:
        version = msgspec.json.decode(data, type=_Version).format_version
    except msgspec.ValidationError as error:
        raise _invalid(error, data, _Version, where) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(
            f"{where} is damaged ({_first_line(error)}).",
            hint="Restore it, or move it out of the folder to read the samples without it.",
            reason="metadata_damaged",
        ) from None
    if version > FORMAT_VERSION:
        raise FormatError(
            f"{where} has format version {version}; this hipgait knows up to {FORMAT_VERSION}.",
            hint="Update hipgait.",
            reason="metadata_newer",
        )
    try:
        return msgspec.json.decode(data, type=SessionMetadata)
    except msgspec.ValidationError as error:
        raise _invalid(error, data, SessionMetadata, where) from None
    except UnicodeDecodeError:
        raise FormatError(
            f"{where} holds text that is not UTF-8.",
            hint="Save it as UTF-8 with a text editor.",
            reason="metadata_invalid",
        ) from None


def encode_metadata(metadata: SessionMetadata) -> bytes:
    """The bytes of a ``session.json``; the format version is always written."""
    content = {"format_version": metadata.format_version, **msgspec.to_builtins(metadata)}
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _invalid(error: msgspec.ValidationError, data: bytes, kind: type, where: str) -> FormatError:
    # Costs imports that a good file does not need.
    from recordings.wrong_entry import describe_wrong_json

    return FormatError(
        f"{where}: {describe_wrong_json(error, data, kind)}.",
        hint="Correct it with a text editor.",
        reason="metadata_invalid",
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
