"""Movement watch: finds the tests in one calibration epoch and has each measured.

Contract
--------
Input    Smoothed kinematic channels of consecutive grid points, and the tasks that the
         session's events announce.
Output   A `Record` for each announced movement test, two seconds after its end; one for each
         rise from a chair that nobody announced.
Latency  Two seconds after the movement.
State    The last `KEEP_S` of channels, or an open test of at most `LONGEST_S`.
Gap      Kept as it is; whoever measures looks for it.
Finish   An open test is measured as far as it went.

All looks at the stream happen in blocks of a fixed grid: the outcome does not depend on how
it is cut. Blocks that arrive together are looked at together up to where something is due,
because the numpy calls of one cost as much as those of a hundred.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from pipeline.gait import FloatArray
from pipeline.grid import GRID_RATE_HZ, grid_time_s
from pipeline.movement_tests.kind import Wearing
from pipeline.movement_tests.outcome import MovementTask, Obstacle, task_of
from pipeline.movement_tests.record import Asked, Record, measure
from pipeline.movement_tests.registry import KINDS
from pipeline.movement_tests.rise_watch import RiseWatch
from pipeline.movement_tests.stretch import AFTER_S, BEFORE_S, Stretch, Window
from pipeline.movement_tests.swing_plane import SwingPlane, SwingWatch
from pipeline.movement_tests.words import obstacle_sentence
from pipeline.spans import Spans, TaskSpan
from pipeline.stages.kinematics import CHANNELS
from recordings.placement import Side

BLOCK = 50
LONGEST_S = 240.0
KEEP_S = 14.0


class MovementWatch:
    """Watches one calibration epoch.

    Parameters
    ----------
    epoch : int
    spans : Spans
        Shared with the engine, which fills it from the session's events.
    wearing : Wearing
    epoch_start_s : float
        Tasks that began before belong to an earlier epoch.
    """

    def __init__(self, epoch: int, spans: Spans, wearing: Wearing, epoch_start_s: float) -> None:
        self._epoch = epoch
        self._spans = spans
        self._wearing = wearing
        self._swing = SwingWatch()
        self._rises = RiseWatch()
        self._pending = np.empty((CHANNELS, 0))
        self._kept: list[FloatArray] = []
        self._length = 0
        self._start: int | None = None
        self._next_task = sum(t.start_s < epoch_start_s for t in spans.tasks)
        self._planes: dict[Side, SwingPlane] | None = None

    def process(self, start: int, channels: FloatArray) -> list[Record]:
        """Take the next grid points; returns the tests that are complete with them."""
        if not channels.shape[1]:
            return []
        if self._start is None:
            self._start = start
        self._pending = np.concatenate((self._pending, channels), axis=1)
        n = self._pending.shape[1]
        first = -(start + channels.shape[1] - n) % BLOCK
        if n < (first or BLOCK):
            return []
        count = (n - first) // BLOCK
        taken, self._pending = np.split(self._pending, [first + count * BLOCK], axis=1)
        return self._look_at(taken[:, :first], 1) + self._look_at(taken[:, first:], count)

    def finish(self) -> list[Record]:
        """Close what is open."""
        records = self._look_at(self._pending, 1)
        self._pending = np.empty((CHANNELS, 0))
        while self._next_task < len(self._spans.tasks):
            task = self._spans.tasks[self._next_task]
            if task.start_s >= self._end_s:
                break
            records += self._complete(task)
        return records

    def open_record(self) -> Record | None:
        """The test that goes on, as far as it went; None if there is none."""
        if self._next_task >= len(self._spans.tasks):
            return None
        task = self._spans.tasks[self._next_task]
        named = task_of(task.label)
        if named is None or task.start_s >= self._end_s:
            return None
        return self._measured(task, *named, complete=False)

    @property
    def _end_s(self) -> float:
        if self._start is None:
            return -math.inf
        return float(grid_time_s(self._start + self._length))

    def _look_at(self, points: FloatArray, count: int) -> list[Record]:
        """Look at the next points, which are `count` blocks."""
        if not points.shape[1]:
            return []
        blocks = points.reshape(CHANNELS, count, -1)
        length = blocks.shape[2]
        assert self._start is not None
        ends = self._start + self._length + length * np.arange(1, count + 1)
        ends_s = np.asarray(grid_time_s(ends))
        time_s = ends_s[:, np.newaxis] - np.arange(length, 0, -1) / GRID_RATE_HZ
        on_the_spot = self._spans.on_the_spot(time_s.ravel()).reshape(count, length)
        busy = np.logical_or.reduce(on_the_spot, axis=1)
        rises = self._rises.process(blocks, ends_s)
        records: list[Record] = []
        done = 0
        while done < count:
            until = done + self._due(ends_s[done:])
            until = min([until, count, *(number + 1 for number in rises if number >= done)])
            now = slice(done, until)
            self._kept.append(points[:, done * length : until * length])
            self._length += (until - done) * length
            self._swing.process(ends_s[now], blocks[:, now], busy[now])
            records += self._over()
            self._forget()
            if until - 1 in rises:
                records += self._risen(*rises[until - 1])
            done = until
        return records

    def _due(self, ends_s: FloatArray) -> int:
        """After how many of the blocks to come the next task begins or is over."""
        if self._next_task >= len(self._spans.tasks):
            return len(ends_s)
        task = self._spans.tasks[self._next_task]
        if self._planes is None:
            return int(np.searchsorted(ends_s, task.start_s, side="right")) + 1
        return int(np.searchsorted(ends_s, _over_s(task))) + 1

    def _over(self) -> list[Record]:
        """The tests that are over by now."""
        records: list[Record] = []
        while self._next_task < len(self._spans.tasks):
            task = self._spans.tasks[self._next_task]
            if task.start_s >= self._end_s:
                break
            if self._planes is None:
                self._planes = {side: self._swing.plane(side) for side in Side}
            if self._end_s < _over_s(task) and task_of(task.label) is not None:
                break
            records += self._complete(task)
        return records

    def _complete(self, task: TaskSpan) -> list[Record]:
        named = task_of(task.label)
        record = None if named is None else self._measured(task, *named, complete=True)
        self._next_task += 1
        self._planes = None
        return [] if record is None else [record]

    def _measured(
        self, task: TaskSpan, what: MovementTask, side: Side | None, *, complete: bool
    ) -> Record:
        assert self._start is not None
        end_s = min(task.end_s, self._end_s)
        asked = Asked(
            task=what,
            side=side,
            start_s=task.start_s,
            end_s=end_s,
            epoch=self._epoch,
            complete=complete,
            ended=task.end_s <= self._end_s,
            broken_off=task.broken_off,
        )
        if task.start_s < grid_time_s(self._start):
            return _unscored(asked, Obstacle.NOT_CALIBRATED)
        if end_s - task.start_s >= LONGEST_S:
            return _unscored(asked, Obstacle.TOO_LONG)
        if not what.one_legged:
            asked = replace(asked, side=None)
        stretch = self._stretch(asked.start_s, asked.end_s)
        return measure(KINDS[what], stretch, asked, self._wearing, self._spans)

    def _stretch(self, start_s: float, end_s: float) -> Stretch:
        """The kept channels around a span."""
        assert self._start is not None
        kept = np.concatenate(self._kept, axis=1)
        first = max(0, math.ceil((start_s - BEFORE_S) * GRID_RATE_HZ) - self._start)
        last = min(kept.shape[1], math.ceil((end_s + AFTER_S) * GRID_RATE_HZ) - self._start)
        begin = self._start + first
        task = Window(
            max(0, math.ceil(start_s * GRID_RATE_HZ) - begin),
            min(last - first, math.ceil(end_s * GRID_RATE_HZ) - begin),
        )
        planes = self._planes or {side: self._swing.plane(side) for side in Side}
        return Stretch(begin, kept[:, first:last], task, planes)

    def _forget(self) -> None:
        """Let go what neither an open test nor the next one needs."""
        assert self._start is not None
        needed_s = self._end_s - KEEP_S
        if self._next_task < len(self._spans.tasks):
            needed_s = min(needed_s, self._spans.tasks[self._next_task].start_s - BEFORE_S)
        gone = math.floor(needed_s * GRID_RATE_HZ) - self._start
        while self._kept and gone >= BLOCK:
            oldest = self._kept.pop(0)
            if oldest.shape[1] > gone:
                # A copy lets go of the rest.
                self._kept.insert(0, oldest[:, gone:].copy())
            dropped = min(gone, oldest.shape[1])
            self._start += dropped
            self._length -= dropped
            gone -= dropped

    def _risen(self, start_s: float, end_s: float) -> list[Record]:
        """A rise from a chair outside of every announced test."""
        if self._in_a_test(start_s, end_s):
            return []
        what = MovementTask.SIT_TO_STAND
        asked = Asked(what, None, start_s, end_s, self._epoch, announced=False)
        record = measure(
            KINDS[what], self._stretch(start_s, end_s), asked, self._wearing, self._spans
        )
        if not record.repetitions:
            return []
        # One rise is too few; all of them together may be enough.
        start_s, end_s = record.repetitions[0].start_s, record.repetitions[-1].end_s
        return [replace(record, start_s=start_s, end_s=end_s, reason="", sentence="")]

    def _in_a_test(self, start_s: float, end_s: float) -> bool:
        return any(
            t.start_s < end_s and start_s < t.end_s and task_of(t.label) is not None
            for t in self._spans.tasks
        )


def _over_s(task: TaskSpan) -> float:
    """When a test is measured that is done in a task."""
    return min(task.end_s + AFTER_S, task.start_s + LONGEST_S)


def not_calibrated(epoch: int, spans: Spans, start_s: float, end_s: float) -> list[Record]:
    """The tests that were announced in a stretch whose sensors never knew how they sit."""
    records = []
    for task in spans.tasks:
        named = task_of(task.label)
        if named is not None and start_s <= task.start_s < end_s:
            asked = Asked(*named, task.start_s, min(task.end_s, end_s), epoch)
            records.append(_unscored(asked, Obstacle.NOT_CALIBRATED))
    return records


def _unscored(asked: Asked, obstacle: Obstacle) -> Record:
    return Record(
        task=asked.task,
        side=asked.side,
        start_s=asked.start_s,
        end_s=asked.end_s,
        epoch=asked.epoch,
        announced=asked.announced,
        complete=asked.complete,
        reason=obstacle.value,
        sentence=obstacle_sentence(obstacle, asked.task, asked.side),
    )
