"""Fixtures of the bridge's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.fake_bluez.host import FakeBluezHost
from tests.fake_bluez.private_bus import why_not_available
from tests.fake_bluez.station import Station


@pytest.fixture
def fake_bluez(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., FakeBluezHost]]:
    """Call it with stations: bleak then reaches them. Where that cannot be, the test skips."""
    with ExitStack() as stack:

        def start(*stations: Station) -> FakeBluezHost:
            if reason := why_not_available():
                pytest.skip(reason)
            host = stack.enter_context(FakeBluezHost(stations))
            monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", host.bus.address)
            return host

        yield start
