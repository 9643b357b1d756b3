"""A folder of files or a zip of one: the same to whoever reads from it."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, cast

from recordings.errors import FormatError, InputError

MAX_ZIP_MEMBERS = 10_000
MAX_ZIP_MEMBER_BYTES = 8 * 2**30
"""Ten hours of five sensors are 1.3 GB: a larger member is no recording."""
MAX_ZIP_RATIO = 200
"""Sample rows shrink 3- to 10-fold; a thousandfold is an attack."""


class Container(Protocol):
    """Named files, beside each other, that can be opened for reading."""

    @property
    def path(self) -> Path:
        """The folder or zip on disk."""
        ...

    @property
    def name(self) -> str:
        """Short name for people."""
        ...

    def file_names(self) -> tuple[str, ...]:
        """The names of the files at the top level, sorted; hidden files and papers left out."""
        ...

    def open(self, name: str) -> BinaryIO:
        """Open one file from its first byte; several may be open at once."""
        ...

    def where(self, name: str) -> str:
        """How messages call this file."""
        ...


class Folder:
    """A folder on disk.

    Parameters
    ----------
    path : Path
        An existing folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.resolve().name

    def file_names(self) -> tuple[str, ...]:
        with _readable(self.path):
            return tuple(
                sorted(
                    p.name
                    for p in self.path.iterdir()
                    if p.is_file() and p.name[:1] not in (".", "~") and not _is_paper(p.name)
                )
            )

    def open(self, name: str) -> BinaryIO:
        with _readable(self.path / name):
            return (self.path / name).open("rb")

    def where(self, name: str) -> str:
        return str(self.path / name)


class SingleFile:
    """One file, seen as the only file of its folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.stem

    def file_names(self) -> tuple[str, ...]:
        return (self.path.name,)

    def open(self, name: str) -> BinaryIO:
        with _readable(self.path):
            return self.path.with_name(name).open("rb")

    def where(self, name: str) -> str:
        return str(self.path.with_name(name))


class Zip:
    """A zip of a folder; files are read out of it as a stream, nothing is unpacked.

    The files may lie at the top of the zip, in the one folder that it holds, or all in one
    folder further down.

    Parameters
    ----------
    path : Path
        An existing file.

    Raises
    ------
    FormatError
        If it is no zip, is damaged or encrypted, holds a name that climbs out of the
        folder, or unpacks to more than any recording.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.stem
        with _zip_errors(path), _readable(path), zipfile.ZipFile(path) as archive:
            members = archive.infolist()
        if len(members) > MAX_ZIP_MEMBERS:
            raise FormatError(
                f"{path} holds {len(members)} files, too many for a recording.",
                hint="Zip the session folder alone.",
                reason="zip_too_large",
            )
        for member in members:
            _check_member(path, member)
        files = [m.filename for m in members if not m.is_dir() and not _is_clutter(m.filename)]
        parents = [PurePosixPath(f).parent.as_posix() for f in files]
        # A zip of a folder of folders holds a recording as well, if only one holds files.
        self._prefix = f"{parents[0]}/" if len(set(parents)) == 1 and parents[0] != "." else ""
        if not self._prefix:
            tops = {PurePosixPath(f).parts[0] for f in files}
            if len(tops) == 1 and all("/" in f for f in files):
                self._prefix = f"{tops.pop()}/"
        names = (f.removeprefix(self._prefix) for f in files)
        self._names = tuple(sorted(n for n in names if "/" not in n))

    def file_names(self) -> tuple[str, ...]:
        return self._names

    def open(self, name: str) -> BinaryIO:
        with _zip_errors(self.path), _readable(self.path):
            return cast(BinaryIO, io.BufferedReader(_ZipMember(self.path, self._prefix + name)))

    def where(self, name: str) -> str:
        return f"{self.path}/{name}"


class _ZipMember(io.RawIOBase):
    """One file of a zip as a stream that owns its archive and speaks our errors."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._archive = zipfile.ZipFile(path)
        try:
            self._member = self._archive.open(name)
        except BaseException:
            self._archive.close()
            raise

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with _zip_errors(self._path):
            data = self._member.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._member.close()
            self._archive.close()
        super().close()


def open_container(path: Path) -> Container:
    """The folder, zip or single file at `path`.

    Raises
    ------
    InputError
        If there is nothing at `path` or it may not be read.
    """
    with _readable(path):
        mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        return Folder(path)
    if not stat.S_ISREG(mode):
        raise InputError(f"{path} is neither a file nor a folder.", reason="not_a_file")
    if path.suffix.lower() == ".zip":
        return Zip(path)
    return SingleFile(path)


def _check_member(path: Path, member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        raise FormatError(
            f"{path} holds a file whose name leads out of the folder ({name!r}).",
            hint="Such a zip is damaged or made to do harm; nothing of it was read.",
            reason="zip_unsafe_name",
        )
    if member.flag_bits & 0x1:
        raise FormatError(
            f"{path} is encrypted.",
            hint="Unpack it with its password first.",
            reason="zip_encrypted",
        )
    swollen = member.file_size > 2**20 and member.file_size > MAX_ZIP_RATIO * member.compress_size
    if swollen or member.file_size > MAX_ZIP_MEMBER_BYTES:
        raise FormatError(
            f"{name} in {path} would unpack to {member.file_size / 2**20:.0f} MB, "
            "which no recording does.",
            hint="Such a zip is damaged or made to do harm; nothing of it was read.",
            reason="zip_too_large",
        )


def _is_paper(name: str) -> bool:
    """True for what accompanies data and is none: licences and read-me files."""
    lower = name.lower()
    return lower.startswith(("license", "licence", "readme", "copying", "notice")) or (
        lower.endswith((".license", ".md"))
    )


def _is_clutter(name: str) -> bool:
    """True for what file managers add by themselves."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith((".", "~"))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise InputError(
            f"There is nothing at {path}.", hint="Check the name.", reason="not_found"
        ) from None
    except PermissionError:
        raise InputError(
            f"{path} may not be read.", hint="Check its permissions.", reason="not_readable"
        ) from None
    except (OSError, ValueError) as error:
        # ValueError: a NUL in the name.
        raise InputError(f"{path} cannot be read ({error}).", reason="not_readable") from None


@contextmanager
def _zip_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FormatError(
            f"{path} is no zip, or it is damaged ({error}).",
            hint="Make the zip again or copy it again.",
            reason="zip_damaged",
        ) from None
