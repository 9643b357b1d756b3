"""One slow thing at a time on a thread of its own, while the window stays awake."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from PySide6.QtCore import QObject, Signal

from recordings.errors import HipgaitError


class Background(QObject):
    """Runs a function and hands its result, or its error, back to the window's thread.

    A fault that is no `HipgaitError` is raised in the window's thread, where faults are seen.
    """

    _ended = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: Thread | None = None
        self._done: Callable[[object], None] = lambda result: None
        self._failed: Callable[[HipgaitError], None] = lambda error: None
        self._ended.connect(self._end)

    @property
    def busy(self) -> bool:
        return self._thread is not None

    def run(
        self,
        work: Callable[[], object],
        done: Callable[[object], None],
        failed: Callable[[HipgaitError], None],
    ) -> bool:
        """Begin; False if something runs already."""
        if self.busy:
            return False
        self._done, self._failed = done, failed

        def job() -> None:
            try:
                self._ended.emit(work(), None)
            except Exception as error:  # handed on, see `_end`
                self._ended.emit(None, error)

        self._thread = Thread(target=job, name="hipgait-history")
        self._thread.start()
        return True

    def wait(self) -> None:
        """Until nothing runs any more."""
        if self._thread is not None:
            self._thread.join()

    def _end(self, result: object, error: Exception | None) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if error is None:
            self._done(result)
        elif isinstance(error, HipgaitError):
            self._failed(error)
        else:
            raise error
