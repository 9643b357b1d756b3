"""scikit-digital-health (MIT, Pfizer) in an environment of its own, as a yardstick.

Its gait pipeline for one sensor on the lower back is the fastest open one. Its dependencies are
not ours, so it never shares our environment.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recordings.samples import ImuSamples

NAME = "scikit-digital-health"
VERSION = "0.17.18"
SCRIPT = Path(__file__).with_name("peer_script.py")


class NotAvailableError(Exception):
    """The peer cannot be installed or does not run here; the text says why."""


@dataclass(frozen=True, slots=True)
class Measured:
    seconds: float
    """Processor time of one pass over the samples, the best of several."""
    steps: int
    """Steps that it found: a pipeline that finds nothing is quick."""


def measure(pelvis: ImuSamples) -> Measured:
    """Run the peer's gait pipeline over the samples of a pelvis sensor.

    Raises
    ------
    NotAvailableError
    """
    python = _installed()
    with tempfile.TemporaryDirectory() as folder:
        signal = Path(folder) / "pelvis.npz"
        np.savez(signal, time_s=pelvis.time_s, acc=pelvis.acc_m_s2, gyr=pelvis.gyr_rad_s)
        answer = _run([str(python), str(SCRIPT), str(signal)])
    return Measured(**json.loads(answer.splitlines()[-1]))


def _installed() -> Path:
    """Python of the peer's environment, which is made inside ours on first use."""
    home = Path(sys.prefix) / "peers" / f"{NAME}-{VERSION}"
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready = home / "ready"
    if not ready.exists():
        print(f"  installing {NAME} {VERSION} beside ours, once …", flush=True)
        venv.create(home, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        _run([*pip, "--only-binary", ":all:", f"{NAME}=={VERSION}"])
        ready.touch()
    return python


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise NotAvailableError(lines[-1])
    return done.stdout
