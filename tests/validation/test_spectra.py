"""Spectra of walking: sizes are right, and a missing recording is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import welch

from firmware_bridge.virtual_wearer.spec import Spec, Stand, Walk
from firmware_bridge.virtual_wearer.wear import wear
from validation.cases import Laboratory
from validation.tables import spectra


def test_band_holds_the_root_mean_square_of_what_is_in_it() -> None:
    time_s = np.arange(0.0, 40.0, 0.01)
    wave = 3.0 * np.sqrt(2) * np.sin(2 * np.pi * 5.0 * time_s)
    density = np.sqrt(welch(wave, fs=100.0, nperseg=256)[1]).tolist()
    assert spectra.band_rms(density, (3.0, 8.0)) == pytest.approx(3.0, rel=0.02)
    assert spectra.band_rms(density, (8.0, 15.0)) < 0.1


def test_standing_is_left_out() -> None:
    timeline = (Stand(duration_s=20.0), Walk(duration_s=15.0), Stand(duration_s=20.0))
    found = spectra.spectra(wear(Spec(timeline=timeline)).session)
    walking = spectra.band_rms(found["thigh angular rate"], (0.5, 3.0))
    assert 50.0 < walking < 150.0
    assert walking > spectra.band_rms(found["pelvis angular rate"], (0.5, 3.0))


def test_without_the_recordings_the_twin_stands_alone_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("validation.shared_data.FOLDER", tmp_path / "nothing")
    monkeypatch.setattr(spectra, "SPEEDS_M_S", (1.2,))
    section = spectra.section(Laboratory(tmp_path / "cache"), 40)
    assert len(section.notes) == 2
    assert all("not at hand" in note for note in section.notes)
    assert len(section.drawings) == 6
    assert all("<svg" in drawing.svg for drawing in section.drawings)
