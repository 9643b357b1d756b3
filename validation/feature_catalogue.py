"""Write docs/features.md and docs/findings.md: ``python -m validation.feature_catalogue``."""

from __future__ import annotations

from pathlib import Path

from pipeline.detectors import catalogue as findings
from pipeline.features import catalogue as features

DOCS = Path(__file__).parents[1] / "docs"
PAGES = {DOCS / "features.md": features.catalogue, DOCS / "findings.md": findings.catalogue}


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    for page, write in PAGES.items():
        page.write_text(write(), encoding="utf-8")
        print(f"Wrote {page}.")


if __name__ == "__main__":
    main()
