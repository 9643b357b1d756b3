"""The pattern declarations written out for people, as the page docs/patterns.md."""

from __future__ import annotations

from pipeline.features.registry import FEATURES
from pipeline.patterns.base import ConfounderRule, Pattern, Sign
from pipeline.patterns.registry import CONFOUNDERS, PATTERNS
from pipeline.patterns.scoring import (
    CLEAR_MUST_Z,
    CLEAR_SCORE,
    COVERAGE_NEEDED,
    MUST_Z,
    OTHER_LEG_SHARE,
    POSSIBLE_SCORE,
    SIGN_Z,
    SIGNS_NEEDED,
    SLIGHT_SCORE,
    STRIDES_NEEDED,
)
from pipeline.patterns.terms import Task

_LABELS = {f.code: (f.name, f.label) for f in FEATURES.values()}
_HEAD = f"""\
# Patterns

Signs that are often seen together, and what hipgait makes of them. This page is written from
the declarations in `pipeline/patterns/`; `python -m validation.pattern_catalogue` renews it and
a test holds it current.

A pattern names what a movement did. It is no diagnosis, names no cause, and a walk without a
pattern is no proof that there is none. hipgait is not a medical device.

## How signs become a pattern

1. **Each sign gets a distance z**: to people of this speed, sex and age, or to the other leg
   (times {OTHER_LEG_SHARE}), whichever is larger. Doubt about how a sensor sits, and errors that
   no norm holds (contact times), widen what it is divided by and take from its quality: a blurred
   measure tells little, also where it looks usual. The change against the own earlier walks is
   carried along and never scores.
2. **Severity** grows from 0 at half an SD to 1 at two and a half; the **score** is severity
   averaged by weight and quality, 0–100. A sign that is as usual speaks against the pattern by
   pulling the average down.
3. **To be shown**, one ★ sign must lie {MUST_Z:.0f} SD out and beyond its own error, {SIGNS_NEEDED}
   signs {SIGN_Z} SD out, {COVERAGE_NEEDED:.0%} of the weight measured, {STRIDES_NEEDED} steady
   strides a side. Signs of the pelvis, which both legs share, count for the leg that deviates more.
4. **Levels**: from {SLIGHT_SCORE:.0f} slight signs, from {POSSIBLE_SCORE:.0f} a possible pattern,
   from {CLEAR_SCORE:.0f} a clear one, with a ★ sign {CLEAR_MUST_Z} SD out. It stays preliminary
   until it shows on two days.
5. **Held back** at slight signs: what a confounder or another pattern explains better.
6. **Confidence** = coverage × strides/40 × sensor axes × repeat (one day ½, two ¾) × (1 − half of
   how close the next pattern comes), with the caps below.

"""


def catalogue() -> str:
    """The whole page as Markdown."""
    rows = "\n".join(_row(p) for p in PATTERNS.values())
    sections = "\n".join(_section(p) for p in PATTERNS.values())
    confounders = "\n".join(_confounder(rule) for rule in CONFOUNDERS)
    return (
        f"{_HEAD}## At a glance\n\n"
        f"| | pattern | sensors | highest confidence | in one walk at most |\n"
        f"|---|---|---|---|---|\n{rows}\n\n## One by one\n\n{sections}\n"
        f"## H: what makes other signs look like a pattern\n\n"
        f"| confounder | looked at | source |\n|---|---|---|\n{confounders}\n"
    )


def _row(pattern: Pattern) -> str:
    return (
        f"| {pattern.letter} | [{pattern.title}](#{pattern.key}) | {_sensors(pattern)} | "
        f"{pattern.most:g} | {pattern.most_in_one_walk.words} |"
    )


def _sensors(pattern: Pattern) -> str:
    worn = ", ".join(sorted(str(segment) for segment in pattern.needs))
    if not pattern.instead_of:
        return worn
    return f"{worn}; instead of `{pattern.instead_of}` where shanks carry no sensor"


def _section(pattern: Pattern) -> str:
    signs = "\n".join(_sign(sign) for sign in pattern.signs)
    lines = [
        f'### <a id="{pattern.key}"></a>{pattern.letter} {pattern.title}\n',
        f"{pattern.meaning}\n",
        f"*For professionals:* {pattern.for_professionals}\n",
        "| sign | measure | direction | weight | other leg, SD | done in |",
        "|---|---|---|---|---|---|",
        signs,
        "",
        f"* **Looks alike:** {'; '.join(pattern.looks_alike)}.",
    ]
    if pattern.only_if_quiet:
        lines.append(
            f"* **Only if quiet:** {', '.join(f'`{key}`' for key in pattern.only_if_quiet)}."
        )
    if pattern.contradicts:
        keys = ", ".join(f"`{key}`" for key in pattern.contradicts)
        lines.append(f"* **Excludes:** {keys}; both at once point to the calibration.")
    if pattern.gives_way is not None and pattern.gives_way.__doc__:
        lines.append(f"* **Gives way:** {pattern.gives_way.__doc__.strip()}")
    lines.append(f"* **Clearer:** {' '.join((*pattern.asks_for.values(), *pattern.clearer))}")
    lines += [f"* **The articles say:** {f.text} *Evidence: {f.evidence}*" for f in pattern.facts]
    return "\n".join([*lines, f"* **Sources:** {pattern.source}.", ""])


def _sign(sign: Sign) -> str:
    name, label = _LABELS.get(sign.code, ("", "measured in a movement test"))
    measure = f"{sign.code} [{label}](features.md#{name})" if name else f"{sign.code} {label}"
    other = "–" if sign.other_leg_sd is None else f"{sign.other_leg_sd:g}"
    limit = "" if sign.limit is None else f", beyond {sign.limit:g}"
    share = "" if sign.quality == 1.0 else f" × {sign.quality:g}"
    task = "walking" if sign.task is Task.WALK else str(sign.task)
    return (
        f"| {'★ ' * sign.must}{sign.words} | {measure} | {sign.towards}{limit} | "
        f"{sign.weight:g}{share} | {other} | {task} |"
    )


def _confounder(rule: ConfounderRule) -> str:
    return f"| {rule.title} | {rule.how} | {rule.source} |"
