"""What a soak found."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_CPU_PERCENT = 10.0
MOST_GROWTH_MB = 8.0
"""From a quarter of the time to the end."""


@dataclass
class Outcome:
    """What a soak found; `failures` is empty if all is well."""

    minutes: float
    faults: dict[str, int] = field(default_factory=dict)
    samples: int = 0
    lost_on_purpose: int = 0
    lost_counted: int = 0
    cpu_percent: float = 0.0
    """Of one core, used by ``hipgait record``."""
    fake_late_ms: float = 0.0
    """99 % of the fake radio's steps came less late: more than a few ms is a busy machine."""
    rss_begin_mb: float = 0.0
    rss_end_mb: float = 0.0
    time_error_ms: float = 0.0
    """Worst pair of sensors, median over the walk."""
    time_error_p95_ms: float = 0.0
    strides: int = 0
    """Found by the analysis of an undisturbed recording."""
    strides_compared: int = 0
    """Of these, away from every gap: the session must hold the same."""
    stride_error_ms: float = 0.0
    """95 % of their initial contacts differ by less."""
    failures: list[str] = field(default_factory=list)

    def judge_cost(self) -> None:
        """What the recording may cost of processor and memory; beyond it is a failure."""
        if self.cpu_percent >= MOST_CPU_PERCENT:
            self.failures.append(f"it took {self.cpu_percent:.1f} % of a core")
        grown_mb = self.rss_end_mb - self.rss_begin_mb
        if grown_mb > MOST_GROWTH_MB:
            self.failures.append(f"its memory grew by {grown_mb:.0f} MB")
