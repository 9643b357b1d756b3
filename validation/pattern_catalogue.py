"""Write docs/patterns.md anew: ``python -m validation.pattern_catalogue``."""

from __future__ import annotations

from pathlib import Path

from pipeline.patterns.catalogue import catalogue

PAGE = Path(__file__).parents[1] / "docs" / "patterns.md"


def main() -> None:
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(catalogue(), encoding="utf-8")
    print(f"Wrote {PAGE}.")


if __name__ == "__main__":
    main()
