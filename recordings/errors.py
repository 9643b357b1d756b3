"""The one error tree of hipgait.

Every error that a wearer can meet says what happened and what to do about it,
in words that need no programming; programs read `reason`.
"""

from __future__ import annotations


class HipgaitError(Exception):
    """Base of all errors that hipgait raises on purpose.

    Parameters
    ----------
    what : str
        What happened, and where (file, line, sensor), as one sentence.
    hint : str
        What the reader can do about it, as one sentence. May be empty.
    reason : str
        Machine-readable code, ``snake_case``, stable across versions.
    """

    default_reason = "error"

    def __init__(self, what: str, *, hint: str = "", reason: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.reason = reason or self.default_reason

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".strip()


class InputError(HipgaitError):
    """The input cannot be used: a file, a session or a value from outside."""

    default_reason = "input_unusable"


class FormatError(InputError):
    """A file is there but does not hold what its format promises."""

    default_reason = "format_invalid"


class OutputError(HipgaitError):
    """Something could not be written; nothing that was there before is changed."""

    default_reason = "output_failed"


class SensorError(HipgaitError):
    """A sensor or its radio link does not do what was asked."""

    default_reason = "sensor_failed"


class UsageError(HipgaitError):
    """hipgait was called in a way that makes no sense."""

    default_reason = "usage"
