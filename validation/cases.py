"""Measure many cases: in parallel, resumable, and never from stale code.

A case is a frozen dataclass of plain values (a seed, a speed …); measuring it gives a dict of
plain values. What was measured is kept in a cache folder under a fingerprint of all source
that the measurement rests on, so that a run that was interrupted goes on where it stopped,
and one after a change of the pipeline measures everything anew.
"""

from __future__ import annotations

import ast
import hashlib
import math
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec

ROOT = Path(__file__).parents[1]
PACKAGES = ("recordings", "firmware_bridge", "pipeline", "validation")

Measurement = dict[str, Any]
_Key = TypeVar("_Key")


class UnfinishedError(Exception):
    """Something is still to be measured: the time is up, or a case failed. The rest is kept."""


@dataclass(frozen=True, slots=True)
class Laboratory:
    """Where cases are measured.

    Attributes
    ----------
    cache : Path
        Folder that keeps what was measured.
    processes : int
    tell : callable
        Receives a line of progress.
    until_s : float
        Reading of `time.monotonic` after which no case is begun.
    """

    cache: Path
    processes: int = 1
    tell: Callable[[str], None] = lambda line: None
    until_s: float = math.inf

    def measure_groups(
        self, function: Callable[[Any], Measurement], groups: Mapping[_Key, Sequence[Any]]
    ) -> dict[_Key, list[Measurement]]:
        """Measure several groups of cases in one go, the first group first."""
        found = iter(self.measure(function, [case for group in groups.values() for case in group]))
        return {key: list(islice(found, len(group))) for key, group in groups.items()}

    def measure(
        self, function: Callable[[Any], Measurement], cases: Sequence[Any]
    ) -> list[Measurement]:
        """Measure cases, in their order.

        Parameters
        ----------
        function : callable
            A function of a module, so that another process finds it.
        cases : sequence of dataclass instances

        Raises
        ------
        UnfinishedError
            If cases are missing, because it is past `until_s` or because they failed; all others
            are measured nevertheless.
        """
        module = Path(str(function.__globals__["__file__"]))
        name = f"{module.stem}.{function.__name__}"
        self.cache.mkdir(parents=True, exist_ok=True)
        store = self.cache / f"{name}-{fingerprint(module)}.jsonl"
        known = _load(store)
        keys = [msgspec.json.encode(asdict(case)).decode() for case in cases]
        missing = {key: case for key, case in zip(keys, cases, strict=True) if key not in known}
        if missing:
            self.tell(f"{name}: {len(missing)} of {len(cases)} cases to measure")
            with store.open("ab") as out:
                # A run that was cut off may have left half a line.
                out.write(b"\n")
                for n, (key, found) in enumerate(self._each(function, missing), 1):
                    known[key] = found
                    out.write(msgspec.json.encode([key, found]) + b"\n")
                    out.flush()
                    if n % 50 == 0:
                        self.tell(f"{name}: {n} of {len(missing)}")
            if any(key not in known for key in keys):
                raise UnfinishedError
        return [known[key] for key in keys]

    def _each(
        self, function: Callable[[Any], Measurement], missing: dict[str, Any]
    ) -> Iterator[tuple[str, Measurement]]:
        """Cases as they are finished, as many as there is time for."""
        due = iter(missing.items())
        if self.processes == 1:
            for key, case in due:
                if time.monotonic() > self.until_s:
                    return
                yield from self._taken(key, lambda case=case: function(case))
            return
        with ProcessPoolExecutor(self.processes) as pool:
            running: dict[Future[Measurement], str] = {}
            while True:
                # One waits for each process, and no more: the rest may never be begun.
                while len(running) < 2 * self.processes and time.monotonic() <= self.until_s:
                    if (following := next(due, None)) is None:
                        break
                    running[pool.submit(function, following[1])] = following[0]
                if not running:
                    return
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    yield from self._taken(running.pop(done), done.result)

    def _taken(
        self, key: str, result: Callable[[], Measurement]
    ) -> Iterator[tuple[str, Measurement]]:
        """One finished case; none, but a line of progress, if it failed."""
        try:
            yield key, _plain(result())
        except Exception as error:  # one case of thousands must not end a run of an hour
            self.tell(f"FAILED: {key}: {error!r}")


def _plain(found: Measurement) -> Measurement:
    """What the cache would give back, so that a first run equals a resumed one."""
    return _with_nan(msgspec.json.decode(msgspec.json.encode(found, enc_hook=float)))


def _with_nan(value: Any) -> Any:
    """JSON has no NaN: null stands for it."""
    if value is None:
        return math.nan
    if isinstance(value, dict):
        return {k: _with_nan(v) for k, v in value.items()}
    return [_with_nan(v) for v in value] if isinstance(value, list) else value


def _load(store: Path) -> dict[str, Measurement]:
    known: dict[str, Measurement] = {}
    if not store.exists():
        return known
    for line in filter(None, store.read_bytes().splitlines()):
        try:
            key, found = msgspec.json.decode(line)
        except msgspec.DecodeError:
            continue  # the last line of a run that was cut off
        known[key] = _with_nan(found)
    return known


@cache
def fingerprint(module: Path) -> str:
    """Twelve hex digits of all house source that a module rests on, its data files included."""
    seen: set[Path] = set()
    waiting = [module]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        waiting += _imported(path)
    data = {f for path in seen for f in path.parent.glob("*.json") if ROOT in f.parents}
    digest = hashlib.sha256()
    for path in sorted(seen | data):
        digest.update(os.fsencode(path.relative_to(ROOT).as_posix()))
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _imported(path: Path) -> list[Path]:
    """Files of the house that a file imports, at its head or in its functions."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    found = []
    for name in names:
        if name.split(".")[0] in PACKAGES:
            place = ROOT.joinpath(*name.split("."))
            found += [f for f in (place.with_suffix(".py"), place / "__init__.py") if f.is_file()]
    return found
