"""The process that reads and analyses one walk: the window goes on whatever happens in it."""

from __future__ import annotations

import contextlib
import signal
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from dashboards.recorded.messages import (
    Failed,
    Finished,
    Message,
    decode_message,
    encode_message,
)
from recordings.errors import HipgaitError

_END_S = 2.0
"""So long a process may take to end once it was asked to."""


class WalkProcess:
    """Runs `read_walk` in a process of its own.

    Parameters
    ----------
    path : Path
        The recording.
    folder : Path
        An empty folder for what is read.
    """

    def __init__(self, path: Path, folder: Path) -> None:
        # A fresh interpreter on every system: Qt and threads do not survive a fork.
        context = get_context("spawn")
        self._name = path.name
        self._receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(
            target=_work, args=(path, folder, sender), name="hipgait-walk", daemon=True
        )
        self._process.start()
        sender.close()
        self.ended = False
        """Nothing more will be told."""

    def messages(self) -> list[Message]:
        """What was told since the last call; never waits.

        A process that ends without a word (killed, out of memory, a fault in a library) ends
        with `Failed`.
        """
        told: list[Message] = []
        try:
            while not self.ended and self._receiver.poll():
                message = decode_message(self._receiver.recv_bytes())
                told.append(message)
                self.ended = isinstance(message, Finished | Failed)
        except (EOFError, OSError):
            self.ended = True
            told.append(Failed(_crashed(self._name)))
        if self.ended:
            self._close()
        return told

    def wait(self, timeout_s: float) -> bool:
        """Wait until there is something to take; False if there is not by then."""
        return self.ended or self._receiver.poll(timeout_s)

    def cancel(self) -> None:
        """End it, whatever it does."""
        self.ended = True
        self._process.terminate()
        self._close()

    def _close(self) -> None:
        self._receiver.close()
        self._process.join(_END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(_END_S)

    @property
    def pid(self) -> int | None:
        return self._process.pid


def _crashed(name: str) -> str:
    return (
        f"The analysis of {name} ended all of a sudden. Nothing in the recording was changed. "
        "Close other programs, to have more memory, and open it again."
    )


def _work(path: Path, folder: Path, sender: Connection) -> None:
    """What runs in the process."""
    # Ctrl-C in a terminal reaches this process too; the window ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from dashboards.recorded.read_walk import read_walk

    def tell(message: Message) -> None:
        sender.send_bytes(encode_message(message))

    # A pipe that breaks: the window is gone, and nobody wants to know.
    with contextlib.suppress(BrokenPipeError):
        try:
            read_walk(path, folder, tell)
        except BrokenPipeError:
            raise
        except HipgaitError as error:
            tell(Failed(str(error)))
        except OSError as error:
            tell(Failed(_no_room(path.name, error)))
        except MemoryError:
            tell(Failed(_crashed(path.name)))
        except Exception as error:
            tell(Failed(_unexpected(path.name, error)))


def _no_room(name: str, error: OSError) -> str:
    return (
        f"{name} cannot be shown: what is read cannot be kept on the disk "
        f"({error.strerror or error}). Make room on the disk, and open it again."
    )


def _unexpected(name: str, error: Exception) -> str:
    return f"{name} could not be shown ({type(error).__name__}). Nothing in it was changed."
