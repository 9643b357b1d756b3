"""A guided test in a terminal: shows what the coach says, passes on what the wearer types."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread

from dashboards.guided.coach import Coach, Order, Phase
from dashboards.guided.pictures import as_text, pose_of
from dashboards.guided.safety import why_stop
from dashboards.live_table import LiveText
from dashboards.live_walk import LiveWalk
from recordings.events import EventKind

_POLL_S = 0.1
READ_S = 10.0
"""Time to read how a test is done, before it begins by itself."""

KEYS = "Enter begins and ends a test, s leaves it out, p 4 tells a pain of 4, q stops."


def typed_lines() -> SimpleQueue[str]:
    """What is typed from now on, line by line, without waiting for it."""
    lines: SimpleQueue[str] = SimpleQueue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line.strip().lower())

    Thread(target=read, name="hipgait-typed", daemon=True).start()
    return lines


class TerminalGuide:
    """One guided session.

    Parameters
    ----------
    walk : LiveWalk
        Started, and recording.
    coach : Coach
    text : LiveText
    pain_before : int
    hands_free : bool
        Begin each test by itself.
    typed : SimpleQueue of str, optional
        Lines that the wearer types; stdin if not given.
    """

    def __init__(
        self,
        walk: LiveWalk,
        coach: Coach,
        text: LiveText,
        pain_before: int,
        *,
        hands_free: bool = False,
        typed: SimpleQueue[str] | None = None,
    ) -> None:
        self._walk = walk
        self._coach = coach
        self._text = text
        self._pain = pain_before
        self._hands_free = hands_free
        self._typed = typed_lines() if typed is None else typed
        self._ready_since: float | None = None
        self._problem = ""

    def lead(self, at_most_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Until everything is done or stopped, or there is nothing more to feel."""
        begin = clock()
        self._text.note(KEYS)
        while not self._coach.over and clock() - begin < at_most_s:
            time.sleep(_POLL_S)
            self._once(clock())

    def _once(self, now: float) -> None:
        look = self._walk.look()
        if look.recorder.problem is not None:
            raise look.recorder.problem
        for problem in (str(look.radio_problem or ""), look.problem):
            if problem and problem != self._problem:
                self._problem = problem
                self._text.note(problem)
        phase = self._coach.phase
        streaming = bool(look.sensors) and all(s.state.streams for s in look.sensors.values())
        self._follow(
            self._coach.look(
                look.time_s, streaming=streaming, events=look.events, results=look.results
            )
        )
        while True:
            try:
                line = self._typed.get_nowait()
            except Empty:
                break
            self._follow(self._take(line, look.time_s))
        if self._coach.phase is Phase.READY and (phase is not Phase.READY or not self._ready_since):
            self._ready_since = now
            self._show_picture()
        if self._coach.phase is not Phase.READY:
            self._ready_since = None
        elif self._hands_free and self._ready_since and now - self._ready_since > READ_S:
            self._follow(self._coach.go(look.time_s))

    def _take(self, line: str, now_s: float) -> list[Order]:
        """What a typed line means."""
        coach = self._coach
        if line == "":
            return coach.go(now_s) or coach.end_part(now_s)
        if line == "s":
            return coach.leave_out(now_s)
        if line == "q":
            return coach.stop(now_s, "Stopped. What was done until now is kept.")
        if line.startswith("p"):
            return self._pained(line[1:].strip(), now_s)
        return [Order(KEYS)]

    def _pained(self, score: str, now_s: float) -> list[Order]:
        if not score.isdigit() or int(score) > 10:
            return self._coach.stop(
                now_s, "Stopped because it hurts. Sit down and rest; what was done is kept."
            )
        pain = int(score)
        told = Order(f"Pain of {pain} noted.", mark=(EventKind.PAIN, str(pain)))
        why = why_stop(self._pain, pain)
        return [told, *(self._coach.stop(now_s, why) if why else ())]

    def _show_picture(self) -> None:
        part = self._coach.part
        if part is not None and self._text.rewrites:
            for line in as_text(pose_of(part.test, part.side)):
                self._text.note(f"    {line}")

    def _follow(self, orders: list[Order]) -> None:
        for order in orders:
            if order.mark is not None:
                self._walk.mark(order.mark[1], order.mark[0])
            if order.words:
                bell = "\a" if order.beep is not None and self._text.rewrites else ""
                self._text.note(f"{bell}{order.words}")
