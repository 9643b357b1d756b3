"""The report: what stands in it, in which order, for whom, and what never gets in."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from dashboards.report.content import gather
from dashboards.report.figures import LEFT, RIGHT, Bar, bar_figure, cycle_figure
from dashboards.report.markdown import markdown_page
from dashboards.report.opening import LONGEST_NAME
from dashboards.report.page import html_page
from pipeline.movement_tests.outcome import MovementTask, MovementTest, Repetition
from pipeline.patterns.assessment import assess
from pipeline.results import FeatureStatistics, Interval, Results, Verdict
from pipeline.wording import forbidden_words
from recordings.metadata import SessionMetadata, Wearer
from recordings.placement import Side
from recordings.profile import Pain, Profile, answered
from recordings.red_flags import RED_FLAGS
from tests.dashboards.made_results import FINDINGS, any_results, build_results
from tests.pipeline.patterns.made_walks import MARKED, walk

CALM = answered(Profile(pain_now=1), {flag.key: False for flag in RED_FLAGS})
VOID = {"meta", "path", "rect", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Reads a page as a browser would: tags in order, text, attributes; tags must match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] not in {"style", "desc"}:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


def page_of(results: Results, profile: Profile | None = None, **metadata) -> str:
    board = assess(results, profile)
    return html_page(gather(results, board, SessionMetadata(**metadata)))


@pytest.fixture(scope="module")
def dropped() -> str:
    return page_of(walk(MARKED["pelvic_drop"]), CALM)


def test_plain_words_come_first_and_hold_no_jargon(dropped: str) -> None:
    text = Page(dropped).text
    order = ["In plain words", "What to do next", "Patterns", "Findings", "Measures"]
    order += ["How the joints moved", "Left and right", "How good the recording is"]
    order += ["Method and limits", "not a medical device"]
    places = [text.index(heading) for heading in order]
    assert places == sorted(places)
    plain = text[places[0] : places[1]]
    assert "your pelvis dropped on the left side while you stood on your right leg" in plain
    assert not re.search(r"°|±|SD|stride|stance|swing|adduct|flex|sagittal|obliq|cadence", plain)


def test_a_pattern_stands_with_what_speaks_for_and_against_it(dropped: str) -> None:
    text = Page(dropped).text
    for part in (
        "The pelvis drops while this leg stands: right leg",
        "Clear pattern ; confidence",
        "Speaks for it",
        "May look the same",
        "one leg shorter than the other",
        "What would make it clearer",
        "What the articles say",
        "is for a professional to say",
        "Not measured",
    ):
        assert part in text


def test_no_facts_without_answers(dropped: str) -> None:
    assert "What the articles say" not in page_of(walk(MARKED["pelvic_drop"]))


def test_a_red_flag_comes_before_everything_and_hides_patterns() -> None:
    profile = answered(CALM, {"hot_joint": True})
    text = Page(page_of(walk(MARKED["pelvic_drop"]), profile)).text
    assert text.index("emergency number") < text.index("In plain words")
    assert "hot, red and swollen" in text
    for hidden in ("The pelvis drops", "dropped on the", "What the articles say", "Clear pattern"):
        assert hidden not in text
    written = markdown_page(gather(walk(MARKED["pelvic_drop"]), assess(walk(), profile)))
    assert written.index("emergency number") < written.index("In plain words")
    assert "## Patterns" not in written


def test_the_hip_hint_stands_in_words() -> None:
    from msgspec.structs import replace as changed

    asked = changed(CALM, wants_hip_hint=True, pain=(Pain(side=Side.RIGHT, knee=("front",)),))
    text = Page(page_of(walk(MARKED["pelvic_drop"]), asked)).text
    assert "Your right knee: could the hip be involved?" in text
    assert "is no probability" in text


def test_one_file_without_script_or_network(dropped: str) -> None:
    page = Page(dropped)
    assert page.count("script") == 0
    assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]
    assert not [a for _, a in page.tags if {"src", "href", "action"} & set(a)]
    outside = re.findall(r"(?:https?:)?//[a-z][\w.]+", dropped)
    assert set(outside) == {"http://www.w3.org"}  # the name of SVG, not an address
    assert "default-src 'none'" in dropped
    assert "@import" not in dropped
    assert "url(" not in dropped


def test_size_and_what_a_screen_reader_needs(dropped: str) -> None:
    size = len(dropped.encode()) / 1024
    assert 50 <= size <= 150
    page = Page(dropped)
    assert next(a for tag, a in page.tags if tag == "html")["lang"] == "en"
    ids = [a["id"] for _, a in page.tags if a.get("id")]
    assert len(ids) == len(set(ids))
    pictures = [a for tag, a in page.tags if tag == "svg"]
    assert len(pictures) == 10
    for picture in pictures:
        assert picture["role"] == "img"
        named = (picture["aria-labelledby"] or "").split()
        assert len(named) == 2
        assert set(named) <= set(ids)
    assert page.count("details") + page.count("figcaption") == len(pictures)
    heads = [a for tag, a in page.tags if tag == "th"]
    assert heads
    assert all(a.get("scope") in {"row", "col"} for a in heads)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_enough_in_light_in_dark_and_on_paper(dropped: str) -> None:
    """WCAG AA: 4.5 for text."""
    themes = re.findall(r":root \{(.*?)\}", dropped, re.DOTALL)
    assert len(themes) == 3
    for theme in themes:
        found = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", theme))
        colours = {
            k: v if len(v) == 7 else "#" + "".join(c * 2 for c in v[1:]) for k, v in found.items()
        }
        for ground in ("paper", "panel"):
            for ink in ("ink", "quiet", "left", "right", "accent", "flag"):
                light, dark = sorted(
                    (_luminance(colours[ground]), _luminance(colours[ink])), reverse=True
                )
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ground, ink)


def test_left_and_right_differ_by_more_than_colour() -> None:
    curve = np.sin(np.linspace(0, 6, 101)) * 10
    figure = cycle_figure(
        "Hip [°]",
        "words",
        ("back", "forward"),
        {Side.LEFT: curve, Side.RIGHT: curve + 3},
        {Side.LEFT: 61.0, Side.RIGHT: math.nan},
        "hip",
    )
    lines = [a for tag, a in Page(figure).tags if tag == "path" and a["class"] in {"left", "right"}]
    assert [(a["stroke"], a.get("stroke-dasharray")) for a in lines] == [
        (LEFT, "6 3"),
        (RIGHT, None),
    ]
    contacts = [a for tag, a in Page(figure).tags if (a.get("class") or "").endswith("off")]
    assert len(contacts) == 1
    assert "M210.8" in (contacts[0]["d"] or "")  # 40 + 280 · 61 %
    bars = bar_figure(
        "Time", [Bar("a", -3.0, 1.0, 2.0, "-3"), Bar("b", 5.0, math.inf, math.nan, "5")], "t"
    )
    boxes = {a["class"]: a["fill"] for tag, a in Page(bars).tags if tag == "rect"}
    assert boxes["left bar"] == "none"
    assert boxes["right bar"] == RIGHT


def test_a_missing_stretch_of_a_curve_is_a_gap() -> None:
    curve = np.zeros(101)
    curve[40:60] = math.nan
    figure = cycle_figure("x", "", ("a", "b"), {Side.RIGHT: curve}, {}, "x")
    (line,) = [a for tag, a in Page(figure).tags if a.get("class") == "right"]
    assert (line["d"] or "").count("M") == 2


def test_values_are_marked_only_beyond_their_error() -> None:
    for z, marked in ((2.3, False), (4.0, True)):
        results = walk({("F13", Side.RIGHT): z})
        report = gather(results, assess(results))
        row = next(m for m in report.measures if m.label == "inward lean of the thigh")
        assert bool(row.right.outside) is marked, z
        assert row.left.outside == ""


def test_facts_that_ranges_need_are_asked_for() -> None:
    text = Page(page_of(walk())).text
    assert "Your height, sex and age are not known" in text
    known = Wearer(height_m=1.7, sex="female", age_years=61, name="A")
    text = Page(
        page_of(walk(), wearer=known, start_time=datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
    ).text
    assert "fit you less well" not in text
    assert "A · 61 years · 20 November 2026, 09:30" in text


def test_a_simulated_or_unfinished_walk_says_so() -> None:
    assert "SIMULATED" in Page(page_of(replace(walk(), simulated=True))).text
    assert "PROVISIONAL" in Page(page_of(replace(walk(), provisional=True))).text
    assert "SIMULATED" not in Page(page_of(replace(walk(), simulated=False))).text


NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "=HYPERLINK(1)",
    "\u202eright-to-left\u202c",
    "&lt;b&gt;",
    "]]></svg><b>",
)


@pytest.mark.parametrize("text", NASTY)
def test_names_and_remarks_are_text_and_nothing_else(text: str) -> None:
    results = replace(walk(), session=text, remarks=(text,))
    written = page_of(results, wearer=Wearer(name=text))
    page, usual = Page(written), Page(page_of(walk(), wearer=Wearer(name="x")))
    assert page.text.count(text) >= 3
    tags = [tag for tag, _ in page.tags]
    assert tags.count("li") == [tag for tag, _ in usual.tags].count("li") + 1
    assert {*tags} == {tag for tag, _ in usual.tags}
    marked = markdown_page(gather(results, assess(results)))
    assert "<script" not in marked
    assert "<img" not in marked


def test_ten_thousand_characters_do_not_fill_the_page() -> None:
    results = replace(walk(), session="x" * 10_000)
    written = page_of(results, wearer=Wearer(name="y z" * 4000))
    assert "x" * (LONGEST_NAME + 1) not in written
    assert "…" in written
    assert len(written) < 150 * 1024


def test_nothing_in_the_report_says_what_sensors_cannot_know() -> None:
    for signs in ({}, *MARKED.values()):
        for shanks in (True, False):
            for profile in (None, CALM):
                text = Page(page_of(walk(signs, shanks=shanks), profile)).text
                text = text.replace("does not diagnose", "").replace("What was seen may have", "")
                text = text.replace("several causes", "")
                assert forbidden_words(text) == ()


def test_markdown_holds_the_same(dropped: str) -> None:
    results = walk(MARKED["pelvic_drop"])
    report = gather(results, assess(results, CALM))
    written = markdown_page(report)
    assert written.startswith("# Walk report\n")
    for row in report.measures:
        assert row.right.text in written
    assert "| for | the pelvis drops further |" in written
    for line in written.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in {4, 5, 6}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_results())
def test_whatever_the_results_hold_the_page_is_whole(results: Results) -> None:
    written = page_of(results)
    assert Page(written).count("html") == 1
    assert not re.search(
        r"\bnan\b|\binf\b", re.sub(r"<p class=\"quiet\"><bdi>.*?</p>", "", _numbers(written))
    )
    assert markdown_page(gather(results, assess(results)))


def _numbers(written: str) -> str:
    """Attributes of pictures and cells with numbers: where no unknown number may stand."""
    return " ".join(re.findall(r'(?: d| x| y|width|height)="[^"]*"|<td[^>]*>[^<]*', written))


def test_hand_made_results_with_unknown_numbers() -> None:
    text = Page(page_of(build_results(shanks=True))).text
    assert "Walk report" in text
    assert "The left thigh sensor slipped at 0:42." in text


def test_movement_tests_stand_in_the_report(tested: Results) -> None:
    page = Page(page_of(tested, CALM))
    assert "Something was noticed in a movement test (squats)" in page.text
    section = page.text.split("Movement tests", 2)[-1]
    for words in (
        "5 repetitions.",
        "Seen: In squats your right thigh leaned inward.",
        "inward lean of the thigh in squats",
        "2.0 ± 4.0",
        "17.0 ± 4.0",
        "Right leg: 2 of 3 repetitions count (1 too shallow). Nothing is scored.",
    ):
        assert words in section
    lines = markdown_page(gather(tested, assess(tested, CALM), SessionMetadata()))
    assert "## Movement tests" in lines and "17.0 ± 4.0 above usual" in lines


def test_behind_a_red_flag_no_movement_test_is_shown(tested: Results) -> None:
    flagged = answered(CALM, {RED_FLAGS[0].key: True})
    text = Page(page_of(tested, flagged)).text
    assert "Movement tests" not in text and "Squats" not in text


@pytest.fixture
def tested() -> Results:
    """A walk with squats in which one thigh leans inward, and lunges that are not scored."""

    def lean(side: Side, value: float) -> FeatureStatistics:
        name = "squat_inward_lean_deg"
        usual = Interval(-5.0, 7.0)
        return FeatureStatistics(
            name, "F42", side, 5, value, 1.0, value, value, value, 4.0, usual, value / 3
        )

    seen = replace(
        FINDINGS[0],
        detector="inward_thigh_squat",
        measure="squat_inward_lean_deg",
        side=Side.RIGHT,
        verdict=Verdict.PRESENT,
        sentence="In squats your right thigh leaned inward.",
    )
    five = tuple(Repetition(60.0 + 4 * i, 63.0 + 4 * i, None, True) for i in range(5))
    squats = MovementTest(
        task=MovementTask.SQUAT,
        side=None,
        start_s=60.0,
        end_s=80.0,
        repetitions=five,
        features=(lean(Side.LEFT, 2.0), lean(Side.RIGHT, 17.0)),
        findings=(seen,),
    )
    shallow = replace(five[2], accepted=False, reason="too_shallow")
    lunges = MovementTest(
        task=MovementTask.LUNGE,
        side=Side.RIGHT,
        start_s=90.0,
        end_s=99.0,
        reason="too_few_repetitions",
        sentence="Nothing is scored.",
        repetitions=(five[0], five[1], shallow),
    )
    return replace(build_results(), movement_tests=(squats, lunges))
