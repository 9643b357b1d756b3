"""When to try again."""

from __future__ import annotations

from random import Random

from firmware_bridge.transport.problems import RADIO_REASONS
from recordings.errors import SensorError

_FIRST_WAIT_S = 0.3
_LONGEST_WAIT_S = 15.0
_RADIO_WAIT_S = 1.5
"""Between attempts while the computer's own radio is off: it says so at once."""
_JITTER = 0.3
_STABLE_S = 10.0
"""A link that held so long starts the waits anew."""


class Backoff:
    """Waits that double from attempt to attempt.

    Parameters
    ----------
    rng : Random
        Of the jitter, so that sensors lost together do not return together.

    Attributes
    ----------
    due_s : float
        When the next attempt is due.
    """

    def __init__(self, rng: Random) -> None:
        self.due_s = 0.0
        self._rng = rng
        self._attempts = 0

    def held(self, duration_s: float) -> None:
        """The link held for so long."""
        if duration_s > _STABLE_S:
            self._attempts = 0

    def wait(self, now_s: float, error: SensorError | None) -> None:
        """An attempt ended with `error`, or a link broke."""
        wait_s = min(_FIRST_WAIT_S * 2**self._attempts, _LONGEST_WAIT_S)
        if error is not None and error.reason in RADIO_REASONS:
            wait_s = _RADIO_WAIT_S
        else:
            self._attempts += 1
        self.due_s = now_s + wait_s * (1 + _JITTER * (2 * self._rng.random() - 1))
