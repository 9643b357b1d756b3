"""The cache of analysed walks: private, bounded, and never wrong."""

from __future__ import annotations

import os
import stat
import time
import zlib
from pathlib import Path

import msgspec
import numpy as np
import pytest

from dashboards.recorded import fingerprint
from dashboards.recorded.cache import WalkCache
from dashboards.recorded.fingerprint import analysis_fingerprint, content_fingerprint
from dashboards.recorded.messages import (
    Analysed,
    Failed,
    Message,
    SeriesInfo,
    WalkDocument,
    decode_document,
    decode_message,
    encode_document,
    encode_message,
)
from dashboards.recorded.read_walk import DOCUMENT
from dashboards.recorded.series_file import SeriesWriter, mapped
from dashboards.view_models.side_file import exclusion
from dashboards.writers.results_json import results_json
from recordings.errors import InputError
from recordings.events import EventKind, SessionEvent
from recordings.metadata import SessionMetadata
from recordings.placement import Placement
from tests.dashboards.made_results import build_results
from tests.dashboards.opened_walks import SAMPLE, opened

KEYS = ("0a" * 12, "1b" * 12)


def fill(folder: Path, rows: int = 1000) -> WalkDocument:
    """Make a folder a complete entry."""
    times = np.arange(rows) / 100
    infos = {}
    for name in ("angles", "raw_pelvis"):
        with SeriesWriter(folder, name, 3, "<f8") as writer:
            writer.append(times, np.column_stack([times, -times, times**2]))
            infos[name] = writer.info()
    document = WalkDocument(
        name="walk",
        metadata=SessionMetadata(simulated=True),
        events=(SessionEvent(1.5, EventKind.MARKER, "new shoes"),),
        gaps=(),
        raw={Placement.PELVIS: infos["raw_pelvis"]},
        angles=infos["angles"],
        results=build_results(),
    )
    (folder / DOCUMENT).write_bytes(encode_document(document))
    return document


@pytest.fixture
def cache(tmp_path: Path) -> WalkCache:
    return WalkCache(tmp_path / "walks")


def test_what_was_kept_is_found_as_it_was(cache: WalkCache) -> None:
    folder = cache.begin(*KEYS)
    assert cache.find(*KEYS) is None
    document = fill(folder)
    assert cache.keep(folder) is not None
    entry = cache.find(*KEYS)
    assert entry is not None
    assert entry.document.events == document.events
    kept, given = (results_json(d.results) for d in (entry.document, document))
    assert msgspec.json.decode(kept) == msgspec.json.decode(given)
    times, values = mapped(entry.folder, entry.document.angles)
    np.testing.assert_array_equal(values[:, 2], times**2)
    assert cache.find(KEYS[0], "2c" * 12) is None


def test_every_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    opened(SAMPLE, WalkCache(tmp_path / "walks"))
    found = list((tmp_path / "walks").rglob("*"))
    assert len([p for p in found if p.is_file()]) == 13
    for path in (tmp_path / "walks", *found):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


@pytest.mark.parametrize("name", ["angles.rows", "angles.time", "raw_pelvis.rows", DOCUMENT])
@pytest.mark.parametrize("damage", ["flip", "cut", "longer", "gone"])
def test_a_damaged_entry_is_thrown_away(cache: WalkCache, name: str, damage: str) -> None:
    folder = cache.begin(*KEYS)
    fill(folder)
    data = bytearray((folder / name).read_bytes())
    if damage == "gone":
        (folder / name).unlink()
    else:
        if damage == "flip":
            data[len(data) // 2] ^= 0x10
        else:
            data = data[:-1] if damage == "cut" else data + b"\0"
        (folder / name).write_bytes(data)
    assert cache.find(*KEYS) is None
    # An entry without its document may be one that another window is making.
    assert folder.exists() == (name == DOCUMENT and damage == "gone")


def test_an_entry_of_another_form_is_thrown_away(cache: WalkCache) -> None:
    folder = cache.begin(*KEYS)
    fill(folder)
    body = msgspec.msgpack.encode({"name": "walk", "results": "os.system"})
    (folder / DOCUMENT).write_bytes(zlib.crc32(body).to_bytes(4, "little") + body)
    assert cache.find(*KEYS) is None
    assert not folder.exists()


def test_the_cache_is_bounded_and_what_was_used_last_stays(tmp_path: Path) -> None:
    cache = WalkCache(tmp_path / "walks", max_bytes=250_000)
    folders = []
    for number in range(4):
        folder = cache.begin(f"{number:024d}", KEYS[1])
        fill(folder)
        os.utime(folder / DOCUMENT, (1_000_000 + number, 1_000_000 + number))
        folders.append(folder)
    assert cache.find(f"{0:024d}", KEYS[1]) is not None
    newest = cache.begin("9" * 24, KEYS[1])
    fill(newest)
    cache.keep(newest)
    assert [folder.exists() for folder in (*folders, newest)] == [True, False, False, True, True]


def test_a_new_analysis_replaces_that_of_before(cache: WalkCache) -> None:
    old, new = cache.begin(*KEYS), cache.begin(KEYS[0], "2c" * 12)
    for folder in (old, new):
        fill(folder)
        cache.keep(folder)
    assert not old.exists()
    assert cache.find(KEYS[0], "2c" * 12) is not None


def test_what_was_given_up_is_removed_after_a_day(cache: WalkCache) -> None:
    fresh, abandoned = cache.begin("a" * 24, KEYS[1]), cache.begin("b" * 24, KEYS[1])
    two_days_ago_s = time.time() - 2 * 86_400
    os.utime(abandoned, (two_days_ago_s, two_days_ago_s))
    folder = cache.begin(*KEYS)
    fill(folder)
    cache.keep(folder)
    assert fresh.exists()
    assert not abandoned.exists()


def test_without_a_cache_folder_there_is_a_temporary_one(tmp_path: Path) -> None:
    (tmp_path / "walks").write_text("in the way")
    cache = WalkCache(tmp_path / "walks")
    folder = cache.begin(*KEYS)
    fill(folder)
    assert tmp_path not in folder.parents
    assert cache.keep(folder) is not None


def test_markers_do_not_ask_for_a_new_analysis_and_spans_do() -> None:
    plain = analysis_fingerprint(())
    assert analysis_fingerprint([SessionEvent(3.0, EventKind.MARKER, "x")]) == plain
    assert analysis_fingerprint(exclusion(1.0, 2.0)) != plain
    assert analysis_fingerprint(exclusion(1.0, 3.0)) != analysis_fingerprint(exclusion(1.0, 2.0))


def test_another_version_is_another_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = analysis_fingerprint(())
    for name, value in (("__version__", "99.0"), ("LAYOUT_VERSION", 99)):
        with monkeypatch.context() as patch:
            patch.setattr(fingerprint, name, value)
            fingerprint._program.cache_clear()
            assert analysis_fingerprint(()) != plain
    fingerprint._program.cache_clear()
    assert analysis_fingerprint(()) == plain


def test_a_fingerprint_is_of_content_not_of_place(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    copy = tmp_path / "a" / SAMPLE.name
    copy.write_bytes(SAMPLE.read_bytes())
    assert content_fingerprint(copy) == content_fingerprint(SAMPLE)
    copy.write_bytes(SAMPLE.read_bytes() + b"\0")
    assert content_fingerprint(copy) != content_fingerprint(SAMPLE)
    with pytest.raises(InputError):
        content_fingerprint(tmp_path / "nothing.zip")


def test_messages_and_unknown_numbers_survive() -> None:
    info = SeriesInfo("angles", 3, 13, "<f8", 1, 2)
    messages: list[Message] = [Analysed(info, 61.5), Failed("Why, and what to do.")]
    assert [decode_message(encode_message(m)) for m in messages] == messages


def test_a_document_that_is_cut_anywhere_is_refused(tmp_path: Path) -> None:
    data = encode_document(fill(tmp_path))
    for size in (0, 3, 4, 100, len(data) - 1):
        with pytest.raises(ValueError, match=r"checksum|truncated|MessagePack"):
            decode_document(data[:size])
