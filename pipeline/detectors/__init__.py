"""Detectors: what a walk shows, each one file that answers one question.

A new detector is one more file with a function ``detect(walk) -> tuple[Finding, ...]`` and one
more line in `DETECTORS`.
"""

from __future__ import annotations

from pipeline.detectors import femoral_collapse, gait_asymmetry, knee_hyperextension
from pipeline.detectors.evidence import WalkEvidence
from pipeline.results import Finding

DETECTORS = (gait_asymmetry, femoral_collapse, knee_hyperextension)


def detect(walk: WalkEvidence) -> tuple[Finding, ...]:
    """Every detector's findings about a walk, in a fixed order."""
    return tuple(finding for detector in DETECTORS for finding in detector.detect(walk))


__all__ = ["DETECTORS", "WalkEvidence", "detect"]
