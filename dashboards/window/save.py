"""Asking for files, and what can be saved of a page: visible angles, and a picture of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, QStandardPaths
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QGraphicsView, QWidget

from dashboards.view_models.timed_series import TimedSeries
from dashboards.window import words
from dashboards.writers.angles_csv import AnglesCsv
from pipeline.angles import AngleBlock
from recordings.errors import OutputError


def save_angles(path: Path, angles: TimedSeries, start_s: float, end_s: float) -> None:
    """The angles of ``[start_s, end_s)`` as CSV, in the columns of ``angles.csv``.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    times, values = angles.rows(start_s, end_s)
    try:
        with path.open("wb") as stream:
            AnglesCsv(stream)(AngleBlock(times, values))
    except OSError as error:
        raise _refused(path, error) from error


def save_picture(path: Path, page: QWidget, plots: QGraphicsView) -> None:
    """A PNG of the whole page, or an SVG of its plots, as the name ends.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    try:
        # Qt says only that it failed; the system says why.
        path.open("wb").close()
    except OSError as error:
        raise _refused(path, error) from error
    if path.suffix.lower() == ".svg":
        generator = QSvgGenerator()
        generator.setFileName(str(path))
        size = plots.viewport().size()
        generator.setSize(QSize(size))
        generator.setViewBox(QRect(0, 0, size.width(), size.height()))
        painter = QPainter(generator)
        plots.render(painter)
        painter.end()
    elif not page.grab().save(str(path), "PNG"):
        raise OutputError(
            f"{path} cannot be written.", hint="Choose another place.", reason="output_failed"
        )


def choose_walk(title: str = words.OPEN_TITLE) -> Path | None:
    """Ask for a recorded walk; folders can be dropped or given on the command line."""
    path, _ = QFileDialog.getOpenFileName(None, title, "", words.OPEN_KINDS)
    if not path:
        return None
    chosen = Path(path)
    return chosen.parent if chosen.name == "session.json" else chosen


def ask_name(title: str, name: str, kinds: str) -> Path | None:
    """Ask where to save something; a name like `name` that is free is proposed."""
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    folder = Path(QStandardPaths.writableLocation(documents) or ".")
    path, _ = QFileDialog.getSaveFileName(None, title, str(free_name(folder / name)), kinds)
    return Path(path) if path else None


def free_name(path: Path) -> Path:
    """A name like `path` that is not taken yet."""
    number = 2
    candidate = path
    while candidate.exists():
        candidate = path.with_name(f"{path.stem}_{number}{path.suffix}")
        number += 1
    return candidate


def _refused(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{path} cannot be written ({error.strerror or error}).",
        hint="Choose a folder where you may write, with room on its disk.",
        reason="output_failed",
    )
