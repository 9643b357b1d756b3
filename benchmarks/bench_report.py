"""From the results of a walk to its page: patterns, words, pictures, HTML."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figure import Figure, cpu_time_s
from benchmarks.walk import FIVE_SENSORS, walking_session


def run() -> Iterator[Figure]:
    from dashboards.report.content import gather
    from dashboards.report.page import html_page
    from pipeline.analysis import analyze
    from pipeline.patterns.assessment import assess

    session = walking_session(600.0, FIVE_SENSORS)
    results = analyze(session)

    def page() -> str:
        return html_page(gather(results, assess(results), session.metadata))

    size_kib = len(page().encode()) / 1024
    taken_ms = 1000.0 * cpu_time_s(page, times=5)
    yield Figure("report, 10 min, 5 sensors", taken_ms, "ms", at_most=200)
    yield Figure("size of its page", size_kib, "KiB", at_most=150)
