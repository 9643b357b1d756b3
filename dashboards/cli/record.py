"""``hipgait record``: record a walk while it happens."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.cli.wearing import (
    SensorSource,
    add_source_arguments,
    chosen_source,
    deaf,
    interruptible,
)

if TYPE_CHECKING:
    from dashboards.live_table import LiveText
    from dashboards.view_models.sitting_reminder import SittingReminder
    from dashboards.worn import Worn
    from firmware_bridge.status import BridgeUpdate, SensorStatus

_SHOW_EVERY_S = 0.5
_LOG_EVERY_S = 10.0
_POLL_S = 0.1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_source_arguments(parser)
    parser.add_argument(
        "--synchronise",
        action="store_true",
        help="Movella DOT: let the sensors agree on one clock first, which takes 15 seconds; "
        "hold them together meanwhile",
    )
    parser.add_argument(
        "--duration", metavar="SECONDS", type=_positive, help="stop after so long (default: Ctrl-C)"
    )
    parser.add_argument(
        "--remind-after",
        metavar="MIN",
        type=_sitting_minutes,
        help="say when to get up after so many minutes of sitting; 30 to 60 make sense",
    )
    parser.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        help="the session folder to make (default: date_time_walk, here)",
    )


def run(args: argparse.Namespace) -> int:
    from dashboards.live_table import LiveText
    from dashboards.worn import Worn

    text = LiveText(sys.stdout)
    source = chosen_source(args)
    duration_s = min(args.duration or source.lasts_s, source.lasts_s)
    worn = Worn(
        source.transport,
        source.sensors,
        source.metadata,
        source.events,
        hardware_sync=args.synchronise,
    )
    with interruptible():
        try:
            worn.start()
            folder = worn.record_to(args.out or worn.free_folder(Path.cwd()))
            text.note(f"Recording to {folder}. Ctrl-C ends it and keeps everything.")
            _watch(worn, text, duration_s, _reminder(args, source))
        except KeyboardInterrupt:
            text.note("Stopping.")
        finally:
            with deaf():
                worn.close()
    return _summary(text, worn)


def _reminder(args: argparse.Namespace, source: SensorSource) -> SittingReminder | None:
    if args.remind_after is None:
        return None
    from dashboards.view_models.sitting_reminder import SittingReminder

    placements = (sensor.placement for sensor in source.sensors)
    return SittingReminder([p for p in placements if p is not None], args.remind_after)


def _watch(worn: Worn, text: LiveText, duration_s: float, reminder: SittingReminder | None) -> None:
    from dashboards.live_table import one_line

    begin = time.monotonic()
    shown = logged = begin - _LOG_EVERY_S
    said = ""
    states: dict[str, str] = {}
    sync_said: set[str] = set()
    while (elapsed := time.monotonic() - begin) < duration_s:
        time.sleep(min(_POLL_S, duration_s - elapsed))
        update = worn.bridge.poll()
        happened = [*update.events, *worn.events_due()]
        if reminder is not None:
            arrived = {samples.placement: samples for samples in update.samples}
            for words in reminder.push(arrived, happened):
                text.ring()
                text.note(words)
        written = worn.recorder.status()
        if written.problem is not None:
            return
        problem = str(update.radio_problem or "")
        if problem != said and problem:
            text.note(problem)
        said = problem
        for where, status in update.sensors.items():
            if where not in sync_said and (outcome := _sync_outcome(status)):
                sync_said.add(where)
                text.note(outcome)
        now = time.monotonic()
        if text.rewrites and now - shown >= _SHOW_EVERY_S:
            shown = now
            text.show(_screen(update, written.samples, elapsed))
        elif not text.rewrites:
            due = now - logged >= _LOG_EVERY_S
            logged = now if due else logged
            for where, status in update.sensors.items():
                if due or states.get(where) != status.state:
                    text.note(f"{update.time_s:7.1f} s  {one_line(status)}")
                states[where] = status.state


def _sync_outcome(status: SensorStatus) -> str:
    if status.sync_problem is not None:
        return str(status.sync_problem)
    name = status.placement.label if status.placement else status.address
    return f"{name}: shares one clock with the others." if status.synchronised else ""


def _screen(update: BridgeUpdate, samples: int, elapsed_s: float) -> list[str]:
    from dashboards.live_table import table_lines

    minutes, seconds = divmod(int(elapsed_s), 60)
    lines = table_lines(update.sensors.values())
    waiting = [s for s in update.sensors.values() if s.problem is not None and not s.state.streams]
    lines += [f"{s.placement.label if s.placement else s.name}: {s.problem}" for s in waiting]
    return [*lines, f"{minutes}:{seconds:02d}   {samples} samples on disk"]


def _summary(text: LiveText, worn: Worn) -> int:
    status = worn.recorder.status()
    for sensor in worn.bridge.statuses().values():
        name = sensor.placement.label if sensor.placement else sensor.address
        text.note(
            f"{name}: {sensor.samples_received} samples, {sensor.samples_lost} lost on the way, "
            f"{sensor.samples_away} while not connected, in {sensor.gaps} gaps."
        )
    if status.problem is not None:
        text.note(f"What was written before that is good, in {status.folder}.")
        raise status.problem
    if not status.samples:
        text.note(f"Nothing was received. {status.folder} holds no samples.")
        return 1
    text.note(f"Saved {status.samples} samples in {status.folder}.")
    return 0


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def _sitting_minutes(text: str) -> float:
    value = float(text)
    # The limits of `SittingReminder`, which would take long to import for a line of help.
    if not 1 <= value <= 240:
        raise argparse.ArgumentTypeError("must be between 1 and 240 minutes")
    return value
