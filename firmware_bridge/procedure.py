"""Things that take several requests to a sensor, one after the other, without a thread."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future
from typing import Any

Procedure = Generator[Future[Any] | None, Any, None]
"""Yields what it waits for: a request's future, or None for the next step. A request that
fails raises its `SensorError` where it was yielded."""


class UnderWay:
    """A procedure that was begun."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._awaited: Future[Any] | None = None

    def step(self) -> bool:
        """Go on as far as possible now; True once it is done.

        Raises
        ------
        SensorError
            If a request failed and the procedure did not mind it.
        """
        try:
            while True:
                if self._awaited is None:
                    self._awaited = self._procedure.send(None)
                elif not self._awaited.done():
                    return False
                elif error := self._awaited.exception():
                    self._awaited = self._procedure.throw(error)
                else:
                    self._awaited = self._procedure.send(self._awaited.result())
                if self._awaited is None:
                    return False
        except StopIteration:
            return True
