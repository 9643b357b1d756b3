"""The one thread, with the one event loop, that the real radio lives on.

Bluetooth stacks refuse to scan and connect at once and several connects at once
(`InProgress`), so that one lock serves scanning and connecting of the whole program.
"""

from __future__ import annotations

import asyncio
import logging
from functools import cache
from threading import Thread
from typing import Any

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


class RadioThread:
    """Runs until the program ends."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(_log_unhandled)
        self.lock = asyncio.Lock()
        """Held while scanning starts or stops and while connecting."""
        Thread(target=self.loop.run_forever, name="hipgait-radio", daemon=True).start()


@cache
def radio_thread() -> RadioThread:
    """The thread; started when it is asked for first."""
    return RadioThread()


def _log_unhandled(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # When the Bluetooth service dies, its D-Bus library leaves futures behind that nobody
    # asked for; requests and links have reported the loss by then.
    error = context.get("exception")
    level = logging.DEBUG if isinstance(error, EOFError | OSError) else logging.ERROR
    _log.log(level, "radio thread: %s", context.get("message"), exc_info=error)
