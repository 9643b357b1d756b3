"""docs/features.md and docs/findings.md are what the declarations say."""

from __future__ import annotations

import pytest

from pipeline.detectors import DETECTORS
from pipeline.features.registry import FEATURES
from validation.feature_catalogue import DOCS, PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_page_is_current(page):
    assert page.read_text(encoding="utf-8") == PAGES[page](), (
        "Run `python -m validation.feature_catalogue`."
    )


def test_the_pages_name_every_feature_and_threshold():
    features, findings = (PAGES[DOCS / name]() for name in ("features.md", "findings.md"))
    for feature in FEATURES.values():
        assert f'<a id="{feature.name}"></a>{feature.code} {feature.label}' in features
        assert feature.definition in features
        assert feature.source in features
    for detector in DETECTORS:
        for threshold in detector.THRESHOLDS:
            assert threshold.why in findings
            assert f"features.md#{threshold.feature.name}" in findings
