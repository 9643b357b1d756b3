"""Opens the window."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from recordings.errors import UsageError


def has_display() -> bool:
    """Whether a window can be shown here."""
    if os.environ.get("QT_QPA_PLATFORM"):
        return True
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def run_window(
    path: Path | None = None, *, demo: bool = False, recordings: Path | None = None
) -> int:
    """Show the window until it is closed.

    Parameters
    ----------
    path : Path, optional
        A recorded walk to open.
    demo : bool
        Begin with the demo.
    recordings : Path, optional
        Folder below which walks are recorded.

    Raises
    ------
    UsageError
        If there is no display, or what the window needs is not installed.
    """
    if not has_display():
        raise UsageError(
            "There is no display to open a window on.",
            hint="`hipgait analyze` and `hipgait demo --headless` need none.",
            reason="no_display",
        )
    try:
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from dashboards.window.fonts import use_shipped_font_if_there_is_none
        from dashboards.window.main_window import MainWindow
    except ImportError as error:
        raise UsageError(
            f"The window cannot be opened: {error}.",
            hint='Install what it needs: pip install "hipgait[ui]".',
            reason="window_not_installed",
        ) from error
    app = QApplication.instance() or QApplication(["hipgait"])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    use_shipped_font_if_there_is_none(app)
    window = MainWindow(recordings=recordings)
    window.show()
    if path is not None:
        window.open(path)
    elif demo:
        QTimer.singleShot(0, window.start_demo)
    # Python hears Ctrl-C only when it gets to run.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    ticking = QTimer()
    ticking.timeout.connect(lambda: None)
    ticking.start(200)
    app.exec()
    return 0
