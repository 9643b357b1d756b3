"""The report looks back: only with earlier walks, small, and it reads as pictures and as text."""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from dashboards.cli.main import main
from dashboards.history.trend import history_for_patterns, trends
from dashboards.history.trend_plot import MOST_WALKS, apart, trend_plots
from dashboards.report.content import gather
from dashboards.report.markdown import markdown_page
from dashboards.report.over_time import over_time
from dashboards.report.page import html_page
from firmware_bridge.virtual_wearer.spec import Deviation, Spec, Stand, Walk
from firmware_bridge.virtual_wearer.wear import wear
from pipeline.change import ChangeKind
from pipeline.patterns.assessment import assess
from pipeline.wording import forbidden_words
from recordings.csv_session.writer import write_session
from recordings.placement import Side
from recordings.profile import Profile, answered
from recordings.red_flags import RED_FLAGS
from tests.dashboards.history.made_walks import START, kept
from tests.dashboards.report.test_report import NASTY, Page
from tests.pipeline.patterns.made_walks import MARKED, walk


def page_of(walks, profile: Profile | None = None) -> str:
    results = walk(MARKED["pelvic_drop"])
    return html_page(gather(results, assess(results, profile), None, over_time(walks)))


def test_one_walk_has_no_past(six_weeks) -> None:
    assert over_time(six_weeks[:1]) is None
    assert over_time(()) is None
    text = Page(page_of(six_weeks[:1])).text
    assert "Over time" not in text
    assert "Since your first walk" not in text


def test_six_weeks_are_told_and_drawn(six_weeks) -> None:
    written = page_of(six_weeks)
    page = Page(written)
    text = page.text
    assert text.index("Left and right") < text.rindex("Over time") < text.index("How good the")
    # The lean in walking, and that in squats.
    assert "Since your first walk on 5 January 2026, 2 things changed by more than chance" in text
    assert re.search(r"right: 1\d\.\d° on the first day, \d\.\d° in the last walk", text)
    past = over_time(six_weeks)
    assert past is not None
    lean = past.figures[0]
    assert lean.title == "Inward lean of the thigh [°]"
    assert len(past.figures) == 6
    marks = [row[-1] for row in lean.rows]
    assert [m.endswith("● changed") for m in marks] == [False] * 3 + [True] * 3
    assert lean.svg.count('r="6.5"') == 3
    assert lean.svg.count('r="3"') == 12
    ids = [a["id"] for _, a in page.tags if a.get("id")]
    assert len(ids) == len(set(ids))
    assert page.count("script") == 0
    written = markdown_page(gather(walk(), assess(walk()), None, past))
    assert "## Over time" in written
    assert "| 2026-02-09 |" in written


def test_what_the_report_says_of_the_past_obeys_the_guard(six_weeks) -> None:
    for count in (2, 4, 6):
        past = over_time(six_weeks[:count])
        assert past is not None
        texts = [past.plain, *past.words, *(c for f in past.figures for c in (f.title, f.svg))]
        assert [forbidden_words(re.sub(r"<[^>]*>", " ", t)) for t in texts] == [()] * len(texts)
        assert not re.search(r"°|±|SD|adduct|flexion|wearing", past.plain)


def test_a_red_flag_hides_what_changed_too(six_weeks) -> None:
    calm = answered(Profile(pain_now=1), {flag.key: False for flag in RED_FLAGS})
    text = Page(page_of(six_weeks, answered(calm, {"hot_joint": True}))).text
    assert "Over time" not in text
    assert "Since your first walk" not in text


def test_many_walks_stay_a_small_page(six_weeks) -> None:
    many = [
        kept(
            walk({("F13", Side.RIGHT): 3.0 - 0.03 * i}),
            day=i,
            walked=START + timedelta(days=3 * i),
            pain=i % 11,
            note="x" * 10_000,
        )
        for i in range(200)
    ]
    written = page_of(many)
    assert 50 <= len(written.encode()) / 1024 <= 150
    past = over_time(many)
    assert past is not None
    assert all(len(figure.rows) <= MOST_WALKS for figure in past.figures)
    assert past.figures[0].rows[0][0] == START.date().isoformat()
    assert past.figures[0].rows[-1][0] == many[-1].day


@pytest.mark.parametrize("text", NASTY)
def test_names_and_notes_do_nothing_in_the_pictures(text: str) -> None:
    walks = [kept(walk(), day=i, note=text, person=text) for i in range(3)]
    page = Page(page_of(walks))
    assert {tag for tag, _ in page.tags} == {
        tag for tag, _ in Page(page_of([kept(walk(), day=i) for i in range(3)])).tags
    }


def test_words_below_a_picture_do_not_touch() -> None:
    said = tuple((i / 20, str(i)) for i in range(21))
    kept_words = apart(said, 0.14)
    assert kept_words[-1] == (1.0, "20")
    places = [share for share, _ in kept_words]
    assert min(b - a for a, b in pairwise(places)) >= 0.14
    assert apart((), 0.1) == ()


def test_the_scale_holds_all_dots_and_all_noise(six_weeks) -> None:
    for plot in trend_plots(trends(six_weeks)):
        assert 2 <= len(plot.ticks) <= 8
        for panel in plot.panels:
            for dot in panel.dots:
                assert plot.ticks[0] <= dot.y <= plot.ticks[-1]
                assert 0.0 <= dot.x <= 1.0
            for edge in panel.noise:
                assert plot.ticks[0] <= edge.low <= edge.high <= plot.ticks[-1]
                for dot in panel.dots:
                    outside = not edge.low <= dot.y <= edge.high
                    if dot.x == edge.x and outside:
                        assert dot.kind in {ChangeKind.MARKED, ChangeKind.SPEED}


def test_walks_of_one_moment_stand_in_the_middle() -> None:
    walks = [kept(walk(), day=0), kept(walk(), day=0, fingerprint="x")]
    (plot,) = trend_plots(trends(walks, {"cadence_spm"}))
    assert {dot.x for panel in plot.panels for dot in panel.dots} == {0.5}
    assert plot.days == ((0.5, "5 Jan 26"),)


def test_a_pattern_of_two_days_is_no_longer_preliminary(six_weeks) -> None:
    results = walk(MARKED["pelvic_drop"])
    before = kept(results, day=0)
    history = history_for_patterns([before], kept(results, day=1).day)
    once, twice = assess(results), assess(results, None, history)
    assert once.patterns[0].preliminary
    assert not twice.patterns[0].preliminary
    assert twice.patterns[0].days_seen == 2
    assert twice.patterns[0].confidence > once.patterns[0].confidence
    same_day = assess(results, None, history_for_patterns([before], before.day))
    assert same_day.patterns[0].preliminary


@pytest.fixture
def dropping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two walks of one person whose pelvis drops, on two days, and a third without a date."""
    monkeypatch.setenv("HIPGAIT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    paths = []
    for day in range(3):
        spec = Spec(
            name="walk",
            seed=day,
            timeline=(Stand(duration_s=8.0, calibration=True), Walk(duration_s=45.0)),
            deviations=(Deviation(kind="pelvic_drop", side=Side.RIGHT, amount=9.0),),
        )
        path = tmp_path / f"walk_{day}"
        write_session(wear(spec).session, path)
        if day < 2:
            file = path / "session.json"
            metadata = json.loads(file.read_text(encoding="utf-8"))
            metadata["start_time"] = f"2026-03-0{day + 1}T09:00:00Z"
            file.write_text(json.dumps(metadata), encoding="utf-8")
        paths.append(path)
    return paths


def test_the_report_command_looks_back(dropping: list[Path], tmp_path: Path, capsys) -> None:
    first, second, undated = dropping

    def report(path: Path) -> str:
        assert main(["report", str(path), "-o", "r.html", "--force"]) == 0
        return Page((tmp_path / "r.html").read_text(encoding="utf-8")).text

    alone = report(second)
    assert "first time" in alone
    assert "Over time" not in alone
    assert main(["history", "add", str(first)]) == 0
    # Kept or not, the walk at hand is the last one, and counts once.
    for _ in range(2):
        text = report(second)
        assert "seen on 2 days" in text
        assert "Over time" in text
        assert main(["history", "add", str(second)]) == 0
    assert "Over time" not in report(undated)
    earlier = report(first)
    assert "first time" in earlier
    assert "Over time" not in earlier
    (tmp_path / "home" / "history.db").write_bytes(b"spoilt" * 999)
    capsys.readouterr()
    assert "first time" in report(second)
    assert "history rebuild" in capsys.readouterr().err
    shutil.rmtree(tmp_path / "home")
    assert "first time" in report(second)
