"""Print the report with a browser that is installed: none draws it as faithfully."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from dashboards.report.private_file import write_privately
from recordings.errors import OutputError

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
TIMEOUT_S = 90.0
HOW_TO_PRINT = "Open the report in any browser and choose Print, Save as PDF."


def find_browser() -> str | None:
    """The first browser that can print without a window; None if there is none."""
    on_path = (shutil.which(name) for name in BROWSERS)
    installed = (place for place in _PLACES if Path(place).exists())
    return next((found for found in (*on_path, *installed) if found), None)


def print_pdf(html: Path, pdf: Path) -> None:
    """Print a page to a file.

    Raises
    ------
    OutputError
        If no browser is installed, or it did not print; an existing PDF is then unchanged.
    """
    browser = find_browser()
    if browser is None:
        raise OutputError(
            "No browser was found that can print to PDF.", hint=HOW_TO_PRINT, reason="no_browser"
        )
    with tempfile.TemporaryDirectory(prefix="hipgait-print-") as folder:
        made = Path(folder) / "report.pdf"
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/browser",
            f"--print-to-pdf={made}",
            html.resolve().as_uri(),
        ]
        # A sandbox cannot start where a superuser runs the browser; the page has no script.
        if _is_superuser():
            command.insert(1, "--no-sandbox")
        try:
            subprocess.run(command, capture_output=True, check=False, timeout=TIMEOUT_S)
            write_privately(pdf, made.read_bytes())
        except (OSError, subprocess.TimeoutExpired) as error:
            raise OutputError(
                f"{Path(browser).name} did not print the report.",
                hint=HOW_TO_PRINT,
                reason="pdf_failed",
            ) from error


def _is_superuser() -> bool:
    return getattr(os, "geteuid", lambda: 1)() == 0
