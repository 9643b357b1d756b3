"""What can be saved from a page: the visible angles, and a picture of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from dashboards.view_models.recorded_walk import RecordedWalk
from dashboards.window.angle_plots import AnglePlots
from dashboards.writers.angles_csv import AnglesCsv
from pipeline.angles import AngleBlock
from recordings.errors import OutputError


def save_angles(path: Path, walk: RecordedWalk, start_s: float, end_s: float) -> None:
    """The angles of ``[start_s, end_s)`` as CSV, in the columns of ``angles.csv``.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    times, values = walk.rows(start_s, end_s)
    try:
        with path.open("wb") as stream:
            AnglesCsv(stream)(AngleBlock(times, values))
    except OSError as error:
        raise _refused(path, error) from error


def save_picture(path: Path, page: QWidget, plots: AnglePlots) -> None:
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
