"""Walks opened for tests as the window opens them."""

from __future__ import annotations

from pathlib import Path

from dashboards.recorded.cache import WalkCache
from dashboards.view_models.recorded_walk import RecordedWalk
from dashboards.view_models.walk_loader import WalkLoader
from pipeline.results import Results

SAMPLE = Path(__file__).parents[2] / "recordings" / "sample_sessions" / "usual_walk.zip"


def ended(path: Path, cache: WalkCache) -> WalkLoader:
    """A loader that has done what it could."""
    loader = WalkLoader(path, cache).start()
    assert loader.wait(120.0)
    return loader


def opened(path: Path, cache: WalkCache) -> RecordedWalk:
    """A walk with its results."""
    loader = ended(path, cache)
    assert loader.problem == ""
    assert loader.walk is not None
    return loader.walk


def results_of(walk: RecordedWalk) -> Results:
    assert walk.results is not None
    return walk.results
