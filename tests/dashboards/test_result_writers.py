"""The files of results: what is written reads back, and the schema holds."""

from __future__ import annotations

import copy
import csv
import io
import json
import math
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_results import FINDINGS, any_results, build_results

from dashboards.writers.angles_csv import AnglesCsv
from dashboards.writers.cells import csv_bytes, number_cell, text_cell, time_cell
from dashboards.writers.gait_events_csv import gait_events_csv
from dashboards.writers.results_json import FORMAT_VERSION, results_json, schema
from dashboards.writers.strides_csv import FIXED_COLUMNS, strides_csv
from pipeline.angles import ANGLE_COLUMNS, AngleBlock
from pipeline.gait import Stride
from pipeline.movement_tests.outcome import MovementTask
from pipeline.results import Interval, Results
from recordings.placement import Side

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "results.md"


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


# strides.csv ----------------------------------------------------------------------------


def test_strides_have_a_row_each_with_their_features() -> None:
    left, right = _rows(strides_csv(build_results().strides))
    assert tuple(left)[:4] == ("side", "start_s", "final_contact_s", "end_s")
    assert tuple(left) == (*FIXED_COLUMNS, "stance_time_s", "hip_adduction_peak_deg")
    assert left == {
        "side": "left",
        "start_s": "1.0000",
        "final_contact_s": "1.6800",
        "end_s": "2.1000",
        "quality": "1",
        "steady": "true",
        "excluded_because": "",
        "bout": "0",
        "epoch": "0",
        "stance_time_s": "0.68",
        "hip_adduction_peak_deg": "6.5",
    }
    assert right["steady"] == "false"
    assert right["excluded_because"] == "turn gap"
    assert right["stance_time_s"] == ""
    assert right["hip_adduction_peak_deg"] == "-3.25"


def test_strides_read_back_in_pandas_as_the_frame_of_the_results() -> None:
    results = build_results()
    read = pd.read_csv(io.BytesIO(strides_csv(results.strides)), keep_default_na=True)
    frame = results.to_frame()
    read["excluded_because"] = read["excluded_because"].fillna("")
    pd.testing.assert_frame_equal(read.loc[:, list(frame)], frame, check_dtype=False, atol=1e-4)


def test_a_feature_that_a_stride_lacks_is_an_empty_cell() -> None:
    first, second = build_results().strides
    rows = _rows(strides_csv((replace(first, values={"only_here_deg": 1.0}), second)))
    assert [row["only_here_deg"] for row in rows] == ["1", ""]


def test_a_walk_without_strides_has_a_header_only() -> None:
    assert strides_csv(()) == ",".join(FIXED_COLUMNS).encode() + b"\n"


# gait_events.csv ------------------------------------------------------------------------


def test_events_have_a_row_each() -> None:
    assert gait_events_csv(build_results().events).decode().splitlines() == [
        "time_s,kind,side,certain",
        "1.0000,initial_contact,left,true",
        "1.1235,final_contact,right,false",
        "1.6000,initial_contact,,true",
    ]


# angles.csv -----------------------------------------------------------------------------


def _angles_csv(blocks: list[AngleBlock]) -> bytes:
    stream = io.BytesIO()
    sink = AnglesCsv(stream)
    for block in blocks:
        sink(block)
    return stream.getvalue()


def _block(n: int, seed: int = 0) -> AngleBlock:
    random = np.random.default_rng(seed)
    values = random.normal(0.0, 40.0, (n, len(ANGLE_COLUMNS)))
    values[random.random(values.shape) < 0.1] = np.nan
    return AngleBlock(35_000 + np.arange(n) / 100.0, values)


def test_angles_read_back_within_their_decimals_and_nan_is_an_empty_cell() -> None:
    block = _block(300)
    content = _angles_csv([block])
    assert b"nan" not in content
    assert b"null" not in content
    read = pd.read_csv(io.BytesIO(content))
    assert tuple(read.columns) == ("time_s", *ANGLE_COLUMNS)
    np.testing.assert_allclose(read["time_s"], block.time_s, atol=0.6e-4)
    np.testing.assert_allclose(read[list(ANGLE_COLUMNS)], block.values, atol=0.6e-3)


@given(cuts=st.lists(st.integers(0, 50), max_size=5))
def test_angles_do_not_depend_on_how_they_are_cut_into_blocks(cuts: list[int]) -> None:
    whole = _block(50)
    edges = [0, *sorted(cuts), 50]
    parts = [AngleBlock(whole.time_s[a:b], whole.values[a:b]) for a, b in pairwise(edges)]
    assert _angles_csv(parts) == _angles_csv([whole])


def test_no_angle_is_a_minus_zero_or_a_power_of_ten() -> None:
    values = np.full((1, len(ANGLE_COLUMNS)), -1e-7)
    row = _angles_csv([AngleBlock(np.array([0.01]), values)]).splitlines()[1]
    assert row == b"0.01" + b",0.0" * len(ANGLE_COLUMNS)


def test_no_angles_at_all_leave_a_header() -> None:
    assert _angles_csv([_block(0)]) == ",".join(("time_s", *ANGLE_COLUMNS)).encode() + b"\n"


def test_a_block_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="values must have shape"):
        AngleBlock(np.zeros(3), np.zeros((3, 2)))


# cells ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_text_that_a_spreadsheet_would_run_is_made_text(text: str) -> None:
    assert text_cell(text) == f"'{text}"


def test_plain_text_stays_as_it_is() -> None:
    assert text_cell("turn gap") == "turn gap"
    assert text_cell("") == ""


def test_a_hostile_feature_name_cannot_become_a_formula() -> None:
    stride = replace(build_results().strides[0], values={'=HYPERLINK("http://x","y")': 1.0})
    header = next(csv.reader(io.StringIO(strides_csv((stride,)).decode())))
    assert header[-1] == '\'=HYPERLINK("http://x","y")'


def test_cells_with_commas_and_line_breaks_stay_one_cell() -> None:
    content = csv_bytes(("a", "b"), [("x,y", 'he said "no"\nand left')])
    assert _rows(content) == [{"a": "x,y", "b": 'he said "no"\nand left'}]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_an_empty_cell(value: float) -> None:
    assert number_cell(value) == ""
    assert time_cell(value) == ""


# results.json ---------------------------------------------------------------------------


def _strict(node: Any) -> Any:
    """The schema, refusing every field that it does not name."""
    if isinstance(node, dict):
        node = {key: _strict(value) for key, value in node.items()}
        if "properties" in node and isinstance(node.get("required"), list):
            node["additionalProperties"] = False
            assert sorted(node["required"]) == sorted(node["properties"])
    return [_strict(item) for item in node] if isinstance(node, list) else node


VALIDATOR = jsonschema.Draft202012Validator(_strict(copy.deepcopy(schema())))


def _document(results: Results) -> dict[str, Any]:
    return json.loads(results_json(results), parse_constant=pytest.fail)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["properties"]["format_version"]["const"] == FORMAT_VERSION


@pytest.mark.parametrize("shanks", [False, True])
@pytest.mark.parametrize("simulated", [False, True])
def test_results_fulfil_the_schema_field_by_field(shanks: bool, simulated: bool) -> None:
    document = _document(build_results(shanks=shanks, simulated=simulated))
    VALIDATOR.validate(document)
    assert document["simulated"] is simulated
    assert len(document["placements"]) == (5 if shanks else 3)


def test_the_schema_and_its_page_know_every_movement_test() -> None:
    allowed = schema()["$defs"]["movement_task"]["enum"]
    assert allowed == [task.value for task in MovementTask]
    page = DOCUMENTATION.read_text(encoding="utf-8")
    assert [task for task in MovementTask if f"`{task}`" not in page] == []


@given(any_results())
@settings(max_examples=60, deadline=None)
def test_any_results_fulfil_the_schema(results: Results) -> None:
    VALIDATOR.validate(_document(results))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format_version",), 1),
        (("findings", 0, "verdict"), "healthy"),
        (("findings", 0, "sentence"), ""),
        (("findings", 0, "confidence"), 1.5),
        (("summary", "steps"), -1),
        (("events", 0, "kind"), "toe_off"),
        (("strides", 0, "side"), None),
        (("mean_curves", "left", "hip_flexion_deg", "mean"), [1.0, 2.0]),
        (("unknown_field",), 1),
    ],
)
def test_the_schema_refuses_what_it_must(path: tuple[Any, ...], value: Any) -> None:
    document = _document(build_results())
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(document)


def test_numbers_and_words_arrive_unchanged() -> None:
    results = build_results()
    document = _document(results)
    assert document["session"] == results.session
    assert document["summary"]["speed_m_s"] == results.summary.speed_m_s
    assert document["summary"]["strides"] == {"left": 55, "right": 54}
    assert [f["sentence"] for f in document["findings"]] == [f.sentence for f in results.findings]
    assert document["findings"][1]["evidence"][0]["value"] == 19.5
    assert document["strides"][0]["values"] == dict(results.strides[0].values)
    assert document["remarks"] == list(results.remarks)


def test_what_is_not_known_is_null_and_an_open_end_too() -> None:
    open_ended = replace(FINDINGS[0], usual=Interval(-math.inf, 5.0), value=math.nan)
    document = _document(build_results(findings=(open_ended,)))
    assert document["findings"][0]["value"] is None
    assert document["findings"][0]["usual"] == {"low": None, "high": 5.0}
    assert set(document["mean_curves"]["left"]["hip_flexion_deg"]["sd"]) == {None}


def test_mean_curves_arrive_point_by_point() -> None:
    results = build_results()
    (curves,) = results.mean_curves.values()
    ((curve, (mean, _)),) = curves.items()
    written = _document(results)["mean_curves"]["left"][curve]["mean"]
    np.testing.assert_allclose(written, mean, atol=0.6e-4)


def test_numbers_of_numpy_are_numbers() -> None:
    stride = replace(build_results().strides[0], values={"x_deg": np.float64(1.5)})
    document = _document(build_results(strides=(stride,)))
    assert document["strides"][0]["values"] == {"x_deg": 1.5}


def test_every_field_is_written_but_what_serves_the_pipeline_alone() -> None:
    written = set(_document(build_results())["strides"][0])
    assert {field.name for field in fields(Stride)} - written == {"curves", "posture"}
    assert {field.name for field in fields(Results)} - set(_document(build_results())) == {
        "version"  # as results_version
    }


def _fields(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_fields, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = set(node["properties"]) if isinstance(node.get("properties"), dict) else set()
    return own.union(*map(_fields, node.values()))


def test_the_documentation_explains_every_field_and_column() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    names = {*_fields(schema()), *FIXED_COLUMNS, *ANGLE_COLUMNS}
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_both_sides_are_named_as_in_the_recordings() -> None:
    assert schema()["$defs"]["side"]["enum"] == [str(side) for side in Side]
