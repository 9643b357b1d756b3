"""The report as one HTML file: own style sheet and pictures, no script, no network."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from dashboards.report.content import Report
from hipgait._version import __version__

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def _parts() -> tuple[Template, str]:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("dashboards.report", "templates")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, _, _ = loader.get_source(environment, "report.css")
    return environment.get_template("report.html.j2"), style


def html_page(report: Report) -> str:
    """The whole page; everything that came from outside is escaped."""
    template, style = _parts()
    return template.render(report=report, style=style, version=__version__)
