"""The process that reads and analyses one walk: the window goes on whatever happens in it."""

from __future__ import annotations

import contextlib
import os
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
    """Runs `read_walk` in a process of its own, which gets ready until `begin` is called.

    Parameters
    ----------
    path : Path
        The recording.
    """

    def __init__(self, path: Path) -> None:
        # A fresh interpreter on every system: Qt and threads do not survive a fork.
        context = get_context("spawn")
        self._name = path.name
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_work, args=(path, theirs), name="hipgait-walk", daemon=True
        )
        self._process.start()
        theirs.close()
        self.ended = False
        """Nothing more will be told."""

    def begin(self, folder: Path) -> None:
        """Let it read the recording into an empty folder."""
        # If it has died already, `messages` will say so.
        with contextlib.suppress(OSError):
            self._pipe.send_bytes(os.fsencode(folder))

    def messages(self) -> list[Message]:
        """What was told since the last call; never waits.

        A process that ends without a word (killed, out of memory, a fault in a library) ends
        with `Failed`.
        """
        told: list[Message] = []
        try:
            while not self.ended and self._pipe.poll():
                message = decode_message(self._pipe.recv_bytes())
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
        return self.ended or self._pipe.poll(timeout_s)

    def cancel(self) -> None:
        """End it, whatever it does."""
        self.ended = True
        self._process.terminate()
        self._close()

    def _close(self) -> None:
        self._pipe.close()
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


def _work(path: Path, pipe: Connection) -> None:
    """What runs in the process."""
    # Ctrl-C in a terminal reaches this process too; the window ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import recordings.reading  # noqa: F401 - what reading imports, while nobody waits for it
    from dashboards.recorded.read_walk import read_walk

    def tell(message: Message) -> None:
        pipe.send_bytes(encode_message(message))

    # A pipe that breaks: the window is gone, and nobody wants to know.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, EOFError):
        folder = Path(os.fsdecode(pipe.recv_bytes()))
        try:
            read_walk(path, folder, tell)
        except (BrokenPipeError, ConnectionResetError):
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
