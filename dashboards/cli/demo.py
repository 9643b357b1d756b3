"""``hipgait demo``: a virtual wearer walks, through the same path as real sensors."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.live_table import LiveText
    from dashboards.live_walk import LiveWalk
    from pipeline.results import Results


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--headless", action="store_true", help="no window: tell it here")
    parser.add_argument(
        "--seconds",
        metavar="N",
        type=_seconds,
        default=60.0,
        help="how long to walk without a window (60)",
    )
    parser.add_argument(
        "--recordings",
        metavar="FOLDER",
        type=Path,
        help="where walks are recorded; without a window, record the walk there",
    )


def run(args: argparse.Namespace) -> int:
    if not args.headless:
        from dashboards.window.app import run_window

        return run_window(demo=True, recordings=args.recordings)
    return _headless(args.seconds, args.recordings)


def _headless(seconds: float, recordings: Path | None) -> int:
    from dashboards.live_table import LiveText
    from dashboards.live_walk import LiveWalk
    from firmware_bridge.transport.demo_wearer import DemoWearer

    text = LiveText(sys.stdout)
    text.note("DEMO: a simulated walker, through the same path as real sensors.")
    demo = DemoWearer()
    walk = LiveWalk(demo.transport, demo.sensors, demo.metadata, demo.events)
    results: Results | None = None
    try:
        walk.start()
        if recordings is not None:
            with suppress(OSError):  # the recorder says it
                recordings.mkdir(parents=True, exist_ok=True)
            text.note(f"Recording to {walk.record(recordings)}.")
        _watch(walk, text, seconds)
    except KeyboardInterrupt:
        text.note("Stopping.")
    finally:
        results = walk.close()
        demo.close()
    if results is None:
        text.note(walk.look().problem)
        return 1
    from dashboards.summary import summary
    from dashboards.terminal import Terminal

    print(summary(results, Terminal.of(sys.stdout)), end="")
    return 0


def _watch(walk: LiveWalk, text: LiveText, seconds: float) -> None:
    from dashboards.live_table import table_lines
    from dashboards.view_models.findings_board import findings_board

    begin_s = time.monotonic()
    said_s = begin_s
    while (elapsed_s := time.monotonic() - begin_s) < seconds:
        time.sleep(min(0.5, seconds - elapsed_s))
        look = walk.look()
        rows = findings_board(look.results)
        lines = [f"{row.symbol} {row.title}: {row.state}" for row in rows]
        if text.rewrites:
            text.show([*table_lines(look.sensors.values()), "", *lines, f"{look.time_s:.0f} s"])
        elif time.monotonic() - said_s >= 10.0:
            said_s = time.monotonic()
            steps = look.results.summary.steps if look.results else 0
            text.note(f"{look.time_s:5.0f} s  {steps} steps")


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 24 * 3600:
        raise argparse.ArgumentTypeError("must be more than 0, and a day at most")
    return value
