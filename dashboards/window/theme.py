"""Colours and shapes, light and dark.

Left and right were chosen to stay apart for colour-blind eyes (simulated after Machado 2009,
smallest distance 81 in CIE Lab) and to have a contrast of at least 5 to 1 to their ground.
Colour is never alone: left is dashed, right is solid, and a letter stands beside.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPen

from recordings.placement import Side


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme, as ``#rrggbb``."""

    dark: bool
    ground: str
    card: str
    text: str
    dim: str
    line: str
    good: str
    watch: str
    bad: str
    left: str
    right: str
    accent: str

    def side(self, side: Side | None) -> QColor:
        """The colour of a leg; of both or of the pelvis, that of text."""
        name = self.text if side is None else self.left if side is Side.LEFT else self.right
        return QColor(name)

    def mood(self, mood: str) -> str:
        return {"good": self.good, "watch": self.watch, "bad": self.bad}[mood]

    def pen(self, side: Side | None, width: float = 1.0, *, dashes: bool = True) -> QPen:
        """The pen of a leg's curve: left dashed, right solid."""
        pen = QPen(self.side(side), width)
        pen.setCosmetic(True)
        if side is Side.LEFT and dashes:
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([5.0, 2.5])
        return pen

    def faint(self, color: str, alpha: int) -> QColor:
        faint = QColor(color)
        faint.setAlpha(alpha)
        return faint

    def stylesheet(self) -> str:
        return f"""
        QWidget {{ background: {self.ground}; color: {self.text}; }}
        QFrame#card, QScrollArea#card, QListWidget#card {{
            background: {self.card}; border: 1px solid {self.line}; border-radius: 8px; }}
        QScrollArea#card QWidget#inside, QScrollArea#card QWidget#inside QLabel {{
            background: {self.card}; }}
        QFrame#card QLabel {{ background: transparent; border: none; }}
        QSlider {{ background: transparent; }}
        QSlider::groove:horizontal {{ height: 4px; background: {self.line}; border-radius: 2px; }}
        QSlider::sub-page:horizontal {{ background: {self.accent}; border-radius: 2px; }}
        QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -6px 0;
            border-radius: 7px; background: {self.text}; border: 2px solid {self.card}; }}
        QSlider::handle:horizontal:focus {{ border: 2px solid {self.accent}; }}
        QLabel#dim {{ color: {self.dim}; }}
        QLabel#heading {{ font-weight: 600; }}
        QLabel#message {{ font-size: 15px; color: {self.dim}; padding: 40px; }}
        QLabel#badge {{ background: {self.watch}; color: {self.card}; border-radius: 4px;
            padding: 4px 8px; font-weight: 600; }}
        QPushButton {{ padding: 6px 12px; border: 1px solid {self.line}; border-radius: 6px;
            background: {self.card}; }}
        QPushButton:hover {{ border-color: {self.accent}; }}
        QPushButton:disabled {{ color: {self.dim}; background: {self.ground}; }}
        QPushButton:focus, QComboBox:focus, QSpinBox:focus, QFrame#finding:focus {{
            border: 2px solid {self.accent}; }}
        QPushButton#recording {{ background: {self.bad}; color: {self.card};
            border-color: {self.bad}; font-weight: 600; }}
        QPushButton#main {{ background: {self.accent}; color: {self.card};
            border-color: {self.accent}; font-weight: 600; }}
        QPushButton#main:focus {{ border: 2px solid {self.text}; }}
        QPushButton#main:disabled {{ background: {self.ground}; color: {self.dim};
            border-color: {self.line}; font-weight: 400; }}
        QPushButton#place {{ border: none; border-radius: 0; background: transparent;
            color: {self.dim}; padding: 9px 14px; border-bottom: 3px solid transparent; }}
        QPushButton#place:checked {{ color: {self.text}; border-bottom-color: {self.accent}; }}
        QPushButton#place:focus {{ border: 2px solid {self.accent}; }}
        QSpinBox {{ padding: 4px 8px; border: 1px solid {self.line}; border-radius: 6px;
            background: {self.card}; }}
        QSpinBox::up-button, QSpinBox::down-button {{ border: none; background: transparent;
            width: 18px; }}
        QSpinBox::up-arrow, QSpinBox::down-arrow {{ image: none; width: 0; height: 0;
            border-left: 4px solid {self.card}; border-right: 4px solid {self.card}; }}
        QSpinBox::up-arrow {{ border-bottom: 5px solid {self.dim}; }}
        QSpinBox::down-arrow {{ border-top: 5px solid {self.dim}; }}
        QComboBox {{ padding: 4px 8px; border: 1px solid {self.line}; border-radius: 6px;
            background: {self.card}; }}
        QComboBox::drop-down {{ border: none; width: 20px; }}
        QComboBox::down-arrow {{ image: none; width: 0; height: 0;
            border-left: 4px solid {self.card}; border-right: 4px solid {self.card};
            border-top: 5px solid {self.dim}; }}
        QComboBox QAbstractItemView {{ background: {self.card}; color: {self.text};
            selection-background-color: {self.accent}; selection-color: {self.card}; }}
        QProgressBar {{ border: 1px solid {self.line}; border-radius: 4px;
            background: {self.ground}; color: {self.text}; text-align: center;
            max-height: 15px; font-size: 11px; }}
        QProgressBar::chunk {{ background: {
            self.faint(self.accent, 110).name(QColor.NameFormat.HexArgb)
        }; }}
        QFrame#finding {{ background: transparent; border: 2px solid transparent;
            border-bottom: 1px solid {self.line}; }}
        QFrame#finding:hover {{ background: {self.ground}; }}
        QToolTip {{ background: {self.card}; color: {self.text}; border: 1px solid {self.line}; }}
        QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
        QScrollBar::handle:vertical {{ background: {self.line}; border-radius: 5px;
            min-height: 24px; }}
        QScrollBar::handle:vertical:hover {{ background: {self.dim}; }}
        QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
        QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
        """


LIGHT = Theme(
    dark=False,
    ground="#F4F6F8",
    card="#FFFFFF",
    text="#1B1F24",
    dim="#5B6673",
    line="#D5DBE1",
    good="#00795A",
    watch="#8A5A00",
    bad="#B3261E",
    left="#C2410C",
    right="#0369A1",
    accent="#0369A1",
)
DARK = Theme(
    dark=True,
    ground="#14181F",
    card="#1E242D",
    text="#E8EAED",
    dim="#9AA4B2",
    line="#343C48",
    good="#3FBF8F",
    watch="#E69F00",
    bad="#FF6B5E",
    left="#F0803C",
    right="#56B4E9",
    accent="#56B4E9",
)


def system_theme() -> Theme:
    """Light or dark, as the system is set."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def big_font(font: QFont, factor: float = 1.8) -> QFont:
    """A copy of a font, larger by a factor, for numbers to be read from afar."""
    big = QFont(font)
    big.setPointSizeF(font.pointSizeF() * factor)
    big.setWeight(QFont.Weight.DemiBold)
    return big
