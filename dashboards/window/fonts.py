"""The font that ships: for machines without one, and for pictures that are alike everywhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

FAMILY = "Hipgait Sans"
_FOLDER = Path(__file__).parent / "fonts"
_POINTS = 9.0


def use_shipped_font(app: QApplication) -> None:
    """Write everything in the font that ships, without hints."""
    if FAMILY not in QFontDatabase.families():
        for file in sorted(_FOLDER.glob("*.ttf")):
            QFontDatabase.addApplicationFont(str(file))
    font = QFont(FAMILY)
    font.setPointSizeF(_POINTS)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    app.setFont(font)


def use_shipped_font_if_there_is_none(app: QApplication) -> None:
    """With no font at all Qt draws no text, and says nothing of it."""
    if not QFontDatabase.families():
        use_shipped_font(app)
