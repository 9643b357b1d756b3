"""Run by the peer's own Python: ``peer_script.py SIGNAL.npz`` prints seconds and steps as JSON.

The peer's pipeline as its documentation chains it: find walking, then events and measures from
acceleration (in g) and angular rate, with its defaults.
"""

import json
import sys
import time
import warnings

import numpy as np
from skdh.context import PredictGaitLumbarLgbm  # pyright: ignore[reportMissingImports]
from skdh.gait import GaitLumbar  # pyright: ignore[reportMissingImports]

GRAVITY_M_S2 = 9.80665
REPEATS = 3


def main(path: str) -> None:
    signal = np.load(path)
    # It expects Unix time, and any day will do: 2026-01-01 08:00.
    time_s = signal["time_s"] + 1_767_254_400.0
    acc_g = np.ascontiguousarray(signal["acc"] / GRAVITY_M_S2)
    gyr = np.ascontiguousarray(signal["gyr"])
    taken_s, steps = [], 0
    for _ in range(REPEATS):
        start = time.process_time()
        found = PredictGaitLumbarLgbm().predict(time=time_s, accel=acc_g)
        bouts = np.column_stack([found["Gait Bout Start Index"], found["Gait Bout Stop Index"]])
        gait = GaitLumbar().predict(
            time=time_s, accel=acc_g, gyro=gyr, height=1.75, gait_bouts=bouts
        )
        taken_s.append(time.process_time() - start)
        steps = len(gait["IC Timestamp"])
    print(json.dumps({"seconds": min(taken_s), "steps": steps}))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(sys.argv[1])
