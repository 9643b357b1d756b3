"""``python -m tests.soak``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import tests.soak


def main() -> int:
    parser = argparse.ArgumentParser(description=tests.soak.__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--sensors", type=int, default=5)
    parser.add_argument("--rate", type=float, default=120.0, help="Hz")
    parser.add_argument("--interval", type=float, default=15.0, help="connection interval, ms")
    parser.add_argument("--quiet-radio", action="store_true", help="no faults but --loss")
    parser.add_argument("--faults", nargs="+", metavar="NAME", help="only these (default: all)")
    parser.add_argument("--loss", type=float, default=0.0, help="share of packets, all the time")
    parser.add_argument("--out", type=Path, help="keep the session here")
    args = parser.parse_args()
    folder = args.out or Path(tempfile.mkdtemp(prefix="hipgait-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    outcome = tests.soak.soak(
        args.minutes,
        folder,
        sensors=args.sensors,
        rate_hz=args.rate,
        interval_s=args.interval / 1e3,
        only=() if args.quiet_radio else args.faults,
        steady_loss=args.loss,
        pause_s=15.0 if args.minutes > 5 else None,
    )
    outcome.judge_cost()
    sys.stdout.write(json.dumps(asdict(outcome), indent=2) + "\n")
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main())
