"""Ask the computer not to fall asleep while a walk is recorded. Best effort."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys

_ES_CONTINUOUS = 0x80000000
_ES_SYSTEM_REQUIRED = 0x00000001


class KeepAwake:
    """Holds the computer awake between `begin` and `end`.

    Both are to be called on one thread, which lives in between: on Windows the request
    belongs to the thread. The helper programs of Linux and macOS end with this process,
    however it ends.
    """

    def __init__(self) -> None:
        self._helper: subprocess.Popen[bytes] | None = None

    def begin(self) -> bool:
        """Returns whether the system agreed."""
        if sys.platform == "win32":
            return bool(
                ctypes.windll.kernel32.SetThreadExecutionState(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED)
            )
        command = _command()
        if command is None:
            return False
        try:
            self._helper = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            return False
        return True

    def end(self) -> None:
        """The computer may sleep again. May be called twice."""
        if sys.platform == "win32":
            ctypes.windll.kernel32.SetThreadExecutionState(_ES_CONTINUOUS)
            return
        helper, self._helper = self._helper, None
        if helper is not None:
            assert helper.stdin is not None
            helper.stdin.close()
            helper.terminate()
            helper.wait()


def can_keep_awake() -> bool:
    """Whether this system has a way to be kept awake."""
    return sys.platform == "win32" or _command() is not None


def _command() -> list[str] | None:
    if sys.platform == "darwin" and shutil.which("caffeinate"):
        return ["caffeinate", "-i", "-w", str(os.getpid())]
    if shutil.which("systemd-inhibit"):
        # ``cat`` ends when the pipe from us does.
        return [
            "systemd-inhibit",
            "--what=idle:sleep:handle-lid-switch",
            "--who=hipgait",
            "--why=A walk is being recorded",
            "--mode=block",
            "cat",
        ]
    return None
