"""Cues as soft ticks from the loudspeaker or headphones: left leg left, right leg right.

Plain short ticks of middle pitch, because wearers found a bass sound jarring and
physiotherapists found musical sounds ambiguous (doi 10.3390/bios15100698, 10.3390/s23083964).
"""

from __future__ import annotations

import array
from collections import deque
from collections.abc import Generator
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from dashboards.biofeedback.cues import Cue, CueKind
from recordings.errors import UsageError
from recordings.placement import Side

RATE_HZ = 48_000
_BUFFER_MS = 20
_PITCH_HZ = {CueKind.STEP: (523.0, 659.0), CueKind.BEAT: (784.0, 784.0),
             CueKind.TARGET: (880.0, 988.0)}  # fmt: skip
"""Of the left and the right leg."""
_PAN = {Side.LEFT: (1.0, 0.2), Side.RIGHT: (0.2, 1.0), None: (0.7, 0.7)}
_LASTS_S = 0.09
_DECAY_S = 0.02
_RISE_S = 0.002
_LOUDNESS = 0.5

Stereo = NDArray[np.float64]
"""Shape (n, 2): left and right, −1 … 1."""


def tick(cue: Cue) -> Stereo:
    """How a cue sounds; a target cue ticks twice."""
    pitch_hz = _PITCH_HZ[cue.kind][1 if cue.side is Side.RIGHT else 0]
    t = np.arange(round(_LASTS_S * RATE_HZ)) / RATE_HZ
    wave = np.sin(2 * np.pi * pitch_hz * t) * np.exp(-t / _DECAY_S) * np.minimum(1, t / _RISE_S)
    if cue.kind is CueKind.TARGET:
        wave = np.concatenate((wave, wave))
    return _LOUDNESS * wave[:, None] * np.array(_PAN[cue.side])


class Mixer:
    """Adds ticks into one endless stream, each beginning at its own sample.

    Parameters
    ----------
    volume : float
        0–1.
    """

    def __init__(self, volume: float = 1.0) -> None:
        self.volume = volume
        self._waiting: deque[tuple[int, Stereo]] = deque()
        self._played = 0
        self._lock = Lock()

    def add(self, sound: Stereo, in_s: float = 0.0) -> None:
        """Let a sound begin in a moment."""
        with self._lock:
            self._waiting.append((self._played + max(0, round(in_s * RATE_HZ)), sound))

    @property
    def waiting(self) -> int:
        """Sounds that have not been played to their end."""
        return len(self._waiting)

    def read(self, n: int) -> NDArray[np.int16]:
        """The next `n` samples, shape (n, 2)."""
        mixed = np.zeros((n, 2))
        with self._lock:
            begin, self._played = self._played, self._played + n
            still: deque[tuple[int, Stereo]] = deque()
            for first, sound in self._waiting:
                a, b = max(first, begin), min(first + len(sound), begin + n)
                if b > a:
                    mixed[a - begin : b - begin] += sound[a - first : b - first]
                if first + len(sound) > begin + n:
                    still.append((first, sound))
            self._waiting = still
        return np.round(32767 * np.clip(self.volume * mixed, -1.0, 1.0)).astype(np.int16)


class SoundSink:
    """Plays cues on the computer's sound device.

    Parameters
    ----------
    volume : float
        0–1.
    silent : bool
        Use a device that makes no sound, for machines without one.

    Raises
    ------
    UsageError
        If nothing here can play sound; says what to do.
    """

    latency_s = 2 * _BUFFER_MS * 1e-3
    """One buffer that is being filled and one that is being played; wireless headphones add
    0.1–0.3 s of their own."""

    def __init__(self, volume: float = 1.0, *, silent: bool = False) -> None:
        self.mixer = Mixer(volume)
        try:
            import miniaudio
        except ImportError as error:
            raise UsageError(
                "Sound cues need the package miniaudio.",
                hint='Install it: pip install "hipgait[ui]".',
                reason="sound_not_installed",
            ) from error
        try:
            self._device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=2,
                sample_rate=RATE_HZ,
                buffersize_msec=_BUFFER_MS,
                backends=[miniaudio.Backend.NULL] if silent else None,
            )
            stream = self._stream()
            next(stream)
            self._device.start(stream)
        except miniaudio.MiniaudioError as error:
            raise UsageError(
                "This computer has no sound output that can be used.",
                hint="Plug in a loudspeaker or headphones and switch biofeedback on again; the "
                "wearer's screen works without sound.",
                reason="no_sound",
            ) from error

    def give(self, cue: Cue) -> None:
        self.mixer.add(tick(cue), cue.in_s)

    def close(self) -> None:
        self._device.close()

    def _stream(self) -> Generator[array.array[int] | bytes, int, None]:
        n = yield b""
        while True:
            n = yield array.array("h", self.mixer.read(n).tobytes())
