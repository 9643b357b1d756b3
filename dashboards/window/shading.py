"""How stretches of a walk are shaded, in plots and in the strip of the whole walk."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush

from dashboards.window.theme import Theme


def band_brush(kind: str, theme: Theme) -> QBrush:
    """How a stretch of time is shaded."""
    if kind == "gap":
        return QBrush(theme.faint(theme.bad, 150), Qt.BrushStyle.BDiagPattern)
    if kind == "excluded":
        return QBrush(theme.faint(theme.bad, 50))
    if kind == "turn":
        return QBrush(theme.faint(theme.dim, 60))
    return QBrush(theme.faint(theme.good, 60))
