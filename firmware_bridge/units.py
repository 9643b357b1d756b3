"""The units in which sensors report, in SI."""

from __future__ import annotations

from math import pi

STANDARD_GRAVITY = 9.80665
"""m/s² of one g (CGPM 1901)."""
DEG = pi / 180.0
"""rad of one degree."""
