"""The screening: a walk and several tests in a row, which can be stopped and resumed.

What is done stands in the session folder, beside the samples, so that a screening is resumed
by pointing at the folder of its last part.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from dashboards.guided.guided_tests import GUIDED_TESTS, SCREENING, GuidedTest
from recordings.errors import InputError

FILE = "screening.json"
SCREENING_WALK_S = 120.0


class ScreeningState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a screening has come.

    Attributes
    ----------
    done : tuple of str
        Names of the tests that were finished, in any session.
    sessions : tuple of str
        The session folders, the oldest first.
    """

    version: int = 1
    done: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()

    @property
    def left(self) -> tuple[GuidedTest, ...]:
        """What is still to be done, in order."""
        return tuple(GUIDED_TESTS[name] for name in SCREENING if name not in self.done)


def load(session: Path) -> ScreeningState:
    """How far the screening of a session folder has come.

    Raises
    ------
    InputError
        If the folder holds no screening, or its file is damaged.
    """
    file = session / FILE
    try:
        return msgspec.json.decode(file.read_bytes(), type=ScreeningState)
    except FileNotFoundError:
        raise InputError(
            f"{session} holds no screening.",
            hint="Begin one: hipgait test screening.",
            reason="no_screening",
        ) from None
    except (OSError, msgspec.DecodeError) as error:
        raise InputError(
            f"{file} cannot be read ({error}).",
            hint="Begin a new screening; the recordings are not touched.",
            reason="screening_damaged",
        ) from error


def save(state: ScreeningState, session: Path) -> None:
    """Keep how far it has come beside the session's samples."""
    file = session / FILE
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(state)))
    fresh.replace(file)
