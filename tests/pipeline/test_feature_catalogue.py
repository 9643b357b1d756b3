"""docs/features.md is what the declarations say."""

from __future__ import annotations

from pipeline.features.catalogue import catalogue
from pipeline.features.registry import FEATURES
from validation.feature_catalogue import PAGE


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == catalogue(), (
        "Run `python -m validation.feature_catalogue`."
    )


def test_the_page_names_every_feature():
    page = catalogue()
    for feature in FEATURES.values():
        assert f'<a id="{feature.name}"></a>{feature.code} {feature.label}' in page
        assert feature.definition in page
        assert feature.source in page
