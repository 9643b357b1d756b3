"""Registry: every pattern and every confounder that a file of this folder declares.

A file takes part by having ``PATTERNS`` or ``CONFOUNDERS``; nothing else has to be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

import pipeline.patterns as folder
from pipeline.patterns.base import ConfounderRule, Pattern

_ENGINE = {
    "assessment",
    "base",
    "board",
    "catalogue",
    "hip_deficit",
    "hip_hint",
    "history",
    "red_flag_gate",
    "registry",
    "scoring",
    "terms",
    "walk_view",
}


def _collect() -> tuple[dict[str, Pattern], tuple[ConfounderRule, ...]]:
    patterns: dict[str, Pattern] = {}
    rules: list[ConfounderRule] = []
    for found in iter_modules(folder.__path__):
        if found.name in _ENGINE:
            continue
        module = import_module(f"{folder.__name__}.{found.name}")
        for pattern in getattr(module, "PATTERNS", ()):
            if pattern.key in patterns:
                raise ValueError(f"Two patterns are called {pattern.key}.")
            patterns[pattern.key] = pattern
        rules += getattr(module, "CONFOUNDERS", ())
    ordered = dict(sorted(patterns.items(), key=lambda item: item[1].letter))
    return ordered, tuple(rules)


PATTERNS: Mapping[str, Pattern]
CONFOUNDERS: tuple[ConfounderRule, ...]
PATTERNS, CONFOUNDERS = _collect()
"""Every pattern by key, in the order of its letter; every rule that names a confounder."""
