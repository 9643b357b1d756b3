"""Samples, sessions and real recordings for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from recordings.csv_session.writer import SessionWriter
from recordings.events import SessionEvent
from recordings.metadata import SessionMetadata
from recordings.placement import REQUIRED_PLACEMENTS, Placement
from recordings.samples import ImuSamples

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture
def shared_data() -> Callable[[str], Path]:
    """Path of a real recording; the test is skipped where it is not at hand."""

    def find(name: str) -> Path:
        path = SHARED_DATA / name
        if not path.exists():
            pytest.skip(f"real recording {name} is not at hand")
        return path

    return find


def tilting_samples(
    placement: Placement, n: int = 1000, rate_hz: float = 100.0, seed: int = 0
) -> ImuSamples:
    """A sensor that swings ±30° about its y axis: gravity and angular rate belong together."""
    rng = np.random.default_rng(seed + list(Placement).index(placement))
    t = np.arange(n) / rate_hz
    angle = np.radians(30.0) * np.sin(2 * np.pi * 0.4 * t)
    rate = np.radians(30.0) * 2 * np.pi * 0.4 * np.cos(2 * np.pi * 0.4 * t)
    zero = np.zeros(n)
    acc = 9.81 * np.column_stack([-np.sin(angle), zero, np.cos(angle)])
    gyr = np.column_stack([zero, rate, zero])
    return ImuSamples(
        placement,
        t,
        acc + rng.normal(0, 0.05, (n, 3)),
        gyr + rng.normal(0, 0.01, (n, 3)),
    ).quantised()


@pytest.fixture
def samples() -> Callable[..., ImuSamples]:
    return tilting_samples


@pytest.fixture
def make_session(tmp_path: Path) -> Callable[..., Path]:
    """Write a session folder of swinging sensors; returns its path."""

    def make(
        name: str = "walk",
        placements: tuple[Placement, ...] = REQUIRED_PLACEMENTS,
        n: int = 200,
        events: tuple[SessionEvent, ...] = (),
        metadata: SessionMetadata | None = None,
    ) -> Path:
        with SessionWriter(tmp_path / name, metadata or SessionMetadata()) as writer:
            for placement in placements:
                writer.append(tilting_samples(placement, n))
            writer.add_events(events)
        return tmp_path / name

    return make


@pytest.fixture
def write_wide_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write one wide table; headings, units, separator and decimal sign as asked for."""

    def write(
        sensors: Mapping[str, ImuSamples],
        *,
        name: str = "wide.csv",
        heading: str = "{sensor}_{quantity}_{axis}",
        quantities: tuple[str, str] = ("acc", "gyr"),
        time_heading: str = "time",
        acc_factor: float = 1.0,
        gyr_factor: float = 1.0,
        time_factor: float = 1.0,
        delimiter: str = ",",
        decimal: str = ".",
    ) -> Path:
        header, columns = [time_heading], []
        for sensor, s in sensors.items():
            columns = columns or [s.time_s * time_factor]
            for quantity, values in (
                (quantities[0], s.acc_m_s2 * acc_factor),
                (quantities[1], s.gyr_rad_s * gyr_factor),
            ):
                for i, axis in enumerate("xyz"):
                    header.append(heading.format(sensor=sensor, quantity=quantity, axis=axis))
                    columns.append(values[:, i])
        rows = [
            delimiter.join(f"{v:.9f}".replace(".", decimal) for v in row)
            for row in np.column_stack(columns)
        ]
        path = tmp_path / name
        path.write_text("\n".join([delimiter.join(header), *rows, ""]), encoding="utf-8")
        return path

    return write
