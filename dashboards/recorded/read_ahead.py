"""Reads the files of a session at the same time, each a little ahead of who takes its samples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from queue import Full, Queue
from threading import Event, Thread

from recordings.placement import Placement
from recordings.samples import ImuSamples
from recordings.session import Remark, SampleSource, Session

_STRETCHES = 4
"""Read ahead at most: a second of work, and a few megabytes for all sensors together."""
_LOOK_S = 0.1


def read_ahead(session: Session) -> Session:
    """The same session, whose sensors are read side by side.

    Almost all of reading is numpy on large arrays, which runs on as many cores as there are.
    """
    return replace(session, sources={p: _Ahead(s) for p, s in session.sources.items()})


@dataclass(frozen=True, slots=True)
class _Ahead:
    source: SampleSource

    @property
    def placement(self) -> Placement:
        return self.source.placement

    @property
    def read_remarks(self) -> tuple[Remark, ...]:
        return self.source.read_remarks

    def read(self) -> Iterator[ImuSamples]:
        """The samples of the source; what it raises is raised here, in its place."""
        waiting: Queue[ImuSamples | BaseException | None] = Queue(_STRETCHES)
        given_up = Event()

        def put(item: ImuSamples | BaseException | None) -> None:
            while not given_up.is_set():
                with suppress(Full):
                    waiting.put(item, timeout=_LOOK_S)
                    return

        def work() -> None:
            try:
                for part in self.source.read():
                    put(part)
                    if given_up.is_set():
                        return
            except BaseException as error:
                put(error)
            else:
                put(None)

        Thread(target=work, name=f"hipgait-read-{self.placement}", daemon=True).start()
        try:
            while (item := waiting.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            given_up.set()
