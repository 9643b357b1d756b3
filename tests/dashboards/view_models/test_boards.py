"""Findings board, sensor cards, tiles, stance strip, figure and demo panel."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from dashboards.view_models.demo_panel import SLIDERS, DemoPanel
from dashboards.view_models.figure_pose import figure_pose
from dashboards.view_models.findings_board import findings_board
from dashboards.view_models.sensor_cards import Mood, sensor_cards
from dashboards.view_models.stance_track import LONGEST_STANCE_S, StanceTrack
from dashboards.view_models.tiles import tiles
from dashboards.wording import UNKNOWN
from firmware_bridge.status import SensorState, SensorStatus
from firmware_bridge.virtual_wearer.deviations import KNOBS
from pipeline.angles import ANGLE_COLUMNS
from pipeline.gait import GaitEvent, GaitEventKind
from pipeline.results import Finding, Interval, Results, Verdict, WalkSummary
from recordings.errors import SensorError
from recordings.metadata import ClockFit
from recordings.placement import Placement, Side

ON, OFF = GaitEventKind.INITIAL_CONTACT, GaitEventKind.FINAL_CONTACT


def finding(**changes: object) -> Finding:
    plain = Finding(
        detector="femoral_collapse",
        measure="hip_adduction_peak_deg",
        side=Side.RIGHT,
        verdict=Verdict.PRESENT,
        reason="beyond_threshold",
        value=19.5,
        error=4.1,
        usual=Interval(0.0, 14.0),
        threshold=14.0,
        confidence=0.62,
        strides=41,
        strides_needed=20,
        sentence="In this walk your right thigh leaned inward more than usual.",
    )
    return replace(plain, **changes)


def results(*findings: Finding, provisional: bool = False) -> Results:
    summary = WalkSummary(
        60.0, 50.0, 1, 0, 92, {}, {}, {}, 111.6, 1.07, 1.21, 0.15, 0.4
    )  # fmt: skip
    return Results(
        "made", False, tuple(Placement), summary, (), (), (), (), (), findings,
        provisional=provisional,
    )  # fmt: skip


WAITS = finding(
    verdict=Verdict.CANNOT_JUDGE, reason="too_few_strides", strides=12, value=nan, error=nan
)


def test_a_finding_that_waits_says_how_many_strides_are_missing() -> None:
    (row,) = findings_board(results(WAITS, provisional=True))
    assert row.state == "12 of 20 strides needed"
    assert row.progress == pytest.approx(0.6)
    assert row.basis == ""


def test_a_walk_that_goes_on_judges_nothing_before_its_strides_are_there() -> None:
    early = replace(WAITS, reason="plane_refused", strides=0)
    assert findings_board(results(early, provisional=True))[0].state == "0 of 20 strides needed"
    (final,) = findings_board(results(early))
    assert final.state == "cannot be judged from this walk"


def test_a_finding_says_leg_value_usual_range_and_confidence() -> None:
    (row,) = findings_board(results(finding()))
    assert row.title == "Femoral inward collapse, right leg"
    assert row.state == "seen in this walk"
    assert row.basis == (
        "inward lean of the thigh: 19.5 ± 4.1° · usual 0.0 to 14.0 · 41 strides · confidence high"
    )
    assert "right leg. seen in this walk" in row.spoken


def test_what_was_seen_stands_first() -> None:
    quiet = finding(verdict=Verdict.NOT_SEEN, reason="within_usual", side=Side.LEFT)
    rows = findings_board(results(WAITS, quiet, finding()))
    assert [row.symbol for row in rows] == ["▲", "○", "…"]


def test_no_results_no_rows() -> None:
    assert findings_board(None) == []


# --- Sensor cards ---------------------------------------------------------------------------


def status(placement: Placement | None, state: SensorState, **changes: object) -> SensorStatus:
    plain = SensorStatus(
        "51:3A:70:00:00:01", "gait-01", "gait", placement, state, None, 104.2, 104.0, 0.004,
        5000, 20, 0, 0, 1, 0, 0, 0, 0, 81.0, -58, ClockFit(offset_s=0, drift_ppm=0), "good",
        "", "", "", None, None,
    )  # fmt: skip
    return replace(plain, **changes)


def test_cards_stand_in_the_order_of_the_body() -> None:
    cards = sensor_cards(
        [
            status(None, SensorState.SEARCHING),
            status(Placement.SHANK_RIGHT, SensorState.STREAMING),
            status(Placement.PELVIS, SensorState.STREAMING),
        ]
    )
    assert [card.title for card in cards] == ["Pelvis", "Right shank", "Gait-01"]
    assert [card.side for card in cards] == [None, Side.RIGHT, None]


@pytest.mark.parametrize(
    ("state", "mood"),
    [
        (SensorState.STREAMING, Mood.GOOD),
        (SensorState.WEAK, Mood.WATCH),
        (SensorState.BATTERY_LOW, Mood.WATCH),
        (SensorState.SEARCHING, Mood.WATCH),
        (SensorState.CONNECTING, Mood.WATCH),
        (SensorState.LOST, Mood.BAD),
        (SensorState.RECONNECTING, Mood.BAD),
    ],
)
def test_every_state_has_a_mood_and_a_word(state: SensorState, mood: Mood) -> None:
    (card,) = sensor_cards([status(Placement.PELVIS, state)])
    assert (card.mood, card.word) == (mood, state.value)


def test_a_card_tells_rate_and_loss_only_while_samples_come() -> None:
    (streams,) = sensor_cards([status(Placement.PELVIS, SensorState.STREAMING)])
    (lost,) = sensor_cards([status(Placement.PELVIS, SensorState.LOST)])
    assert streams.facts == "104 Hz · 0.4 % lost · -58 dBm"
    assert lost.facts == "-58 dBm"
    assert "comes back by itself" in lost.advice


def test_a_card_says_what_the_sensor_needs() -> None:
    problem = SensorError("Sensor X was not found.", hint="Switch it on.")
    (card,) = sensor_cards([status(Placement.PELVIS, SensorState.RECONNECTING, problem=problem)])
    assert card.advice == "Sensor X was not found. Switch it on."
    assert "battery 81 percent" in card.spoken


# --- Tiles ------------------------------------------------------------------------------------


def test_tiles_are_dashes_before_anything_is_known() -> None:
    assert {tile.value for tile in tiles(None)} == {UNKNOWN, f"{UNKNOWN} / {UNKNOWN}"}


def test_tiles_show_cadence_and_speed() -> None:
    cadence, speed, *_ = tiles(results())
    assert (cadence.value, cadence.below) == ("112", "steps/min · 92 steps")
    assert (speed.value, speed.below) == ("1.21", "m/s · ± 0.15 · estimate")


# --- Stance ----------------------------------------------------------------------------------


def test_stance_is_from_touching_to_leaving() -> None:
    track = StanceTrack()
    track.take([GaitEvent(1.0, ON, Side.LEFT), GaitEvent(1.6, OFF, Side.LEFT)])
    track.take([GaitEvent(1.5, ON, Side.RIGHT)])
    assert track.spans(Side.LEFT, 0.0, 5.0) == [(1.0, 1.6)]
    assert track.spans(Side.LEFT, 1.2, 1.4) == [(1.2, 1.4)]
    assert track.spans(Side.RIGHT, 0.0, 5.0) == [(1.5, 1.5 + LONGEST_STANCE_S)]
    assert track.stands(Side.LEFT, 1.3)
    assert not track.stands(Side.LEFT, 1.7)


def test_old_contacts_are_forgotten() -> None:
    track = StanceTrack(kept_s=10.0)
    for i in range(1000):
        track.take([GaitEvent(float(i), ON, Side.LEFT), GaitEvent(i + 0.6, OFF, Side.LEFT)])
    assert track.spans(Side.LEFT, 0.0, 980.0) == []
    assert track.spans(Side.LEFT, 995.0, 996.0) == [(995.0, 995.6)]


# --- Figure -----------------------------------------------------------------------------------


def angles(**known: float) -> np.ndarray:
    row = np.full(len(ANGLE_COLUMNS), np.nan)
    always = "pelvis_tilt pelvis_obliquity thigh_inclination_left thigh_inclination_right"
    for name in (*always.split(), "hip_adduction_left", "hip_adduction_right"):
        row[ANGLE_COLUMNS.index(f"{name}_deg")] = known.pop(name, 0.0)
    for name, value in known.items():
        row[ANGLE_COLUMNS.index(f"{name}_deg")] = value
    return row


def test_a_flexed_hip_brings_the_knee_forward_and_a_bent_knee_the_foot_back() -> None:
    pose = figure_pose(angles(thigh_inclination_right=30.0, knee_flexion_right=60.0), {})
    right = pose.side_view[Side.RIGHT]
    assert right.knee[0] > right.hip[0] + 0.2
    assert right.ankle[0] < right.knee[0] - 0.2


def test_an_inward_thigh_brings_its_knee_to_the_middle() -> None:
    pose = figure_pose(angles(hip_adduction_left=10.0, hip_adduction_right=10.0), {})
    left, right = pose.behind_view[Side.LEFT], pose.behind_view[Side.RIGHT]
    assert left.hip[0] < left.knee[0] < 0.0 < right.knee[0] < right.hip[0]


def test_a_pelvis_with_its_right_side_up_is_drawn_so() -> None:
    pose = figure_pose(angles(pelvis_obliquity=8.0), {})
    assert pose.behind_view[Side.RIGHT].hip[1] > pose.behind_view[Side.LEFT].hip[1]


def test_one_foot_is_always_on_the_floor() -> None:
    pose = figure_pose(angles(thigh_inclination_left=25.0, thigh_inclination_right=-20.0), {})
    for view in (pose.side_view, pose.behind_view):
        assert min(leg.ankle[1] for leg in view.values()) == pytest.approx(0.0)


def test_a_knee_that_is_not_measured_is_said_to_be_so() -> None:
    pose = figure_pose(angles(knee_flexion_left=5.0), {})
    assert pose.knee_known == {Side.LEFT: True, Side.RIGHT: False}


def test_without_angles_there_is_no_figure() -> None:
    assert not figure_pose(np.full(len(ANGLE_COLUMNS), np.nan), {}).known


# --- Demo panel ---------------------------------------------------------------------------------


class Walker:
    def __init__(self) -> None:
        self.told: list[tuple[str, Side, float]] = []

    def deviate(self, kind: str, side: Side, amount: float) -> None:
        self.told.append((kind, side, amount))


def test_every_deviation_of_the_virtual_wearer_has_a_slider() -> None:
    assert {slider.kind for slider in SLIDERS} == set(KNOBS)


def test_sliders_turn_the_chosen_leg_and_reset_both() -> None:
    walker = Walker()
    panel = DemoPanel(walker)
    panel.set_amount("pelvic_drop", 6.0)
    panel.set_amount("pelvic_drop", 6.0)
    panel.side = Side.LEFT
    panel.set_amount("lateral_sway", 3.0)
    assert walker.told == [("pelvic_drop", Side.RIGHT, 6.0), ("lateral_sway", Side.LEFT, 0.03)]
    assert panel.amount("pelvic_drop") == 0.0
    panel.reset()
    assert walker.told[2:] == [
        ("pelvic_drop", Side.RIGHT, 0.0),
        ("lateral_sway", Side.LEFT, 0.0),
    ]
    assert list(panel.active()) == []


def test_a_foot_that_was_not_seen_to_leave_stands_as_long_as_before() -> None:
    track = StanceTrack()
    track.take([GaitEvent(1.0, ON, Side.LEFT), GaitEvent(1.6, OFF, Side.LEFT)])
    track.take([GaitEvent(2.1, ON, Side.LEFT)])
    assert track.spans(Side.LEFT, 0.0, 5.0)[1] == pytest.approx((2.1, 2.7))
    assert track.stands(Side.LEFT, 2.65)
    assert not track.stands(Side.LEFT, 2.75)
