"""What the movements on the spot are put together from: spans, shares, pelvis, bent legs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from firmware_bridge.virtual_wearer.body import Body
from firmware_bridge.virtual_wearer.rotations import FloatArray, rotate
from firmware_bridge.virtual_wearer.stance import Stance
from recordings.placement import Side

KNEE_SMOOTHING_S = 0.025
_LONG_KNEE_RAD, _SOFT_M = float(np.deg2rad(14.0)), 0.003


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, seconds."""

    start_s: float
    end_s: float

    def rows(self, time_s: FloatArray) -> slice:
        first, last = np.searchsorted(time_s, (self.start_s, self.end_s))
        return slice(int(first), int(last))


def smooth(u: FloatArray) -> FloatArray:
    """0 → 1 over 0 … 1 with vanishing velocity and acceleration at both ends."""
    u = np.clip(u, 0.0, 1.0)
    return u**3 * (10 - 15 * u + 6 * u * u)


def there_and_back(
    since_s: FloatArray, duration_s: float, down_s: float, up_s: float
) -> FloatArray:
    """0 → 1 over `down_s`, held, 1 → 0 over the last `up_s`."""
    return smooth(since_s / down_s) * smooth((duration_s - since_s) / up_s)


def repeated(since_s: FloatArray, repeats: int, each_s: float) -> FloatArray:
    """Time within the current repetition; 0 before the first and after the last."""
    inside = (since_s >= 0.0) & (since_s < repeats * each_s)
    return np.where(inside, since_s % each_s, 0.0)


def move(
    place_m: FloatArray,
    stance: Stance,
    rows: slice,
    *,
    forward: FloatArray | float = 0.0,
    left: FloatArray | float = 0.0,
    up: FloatArray | float = 0.0,
) -> None:
    """Move a point (3, n) of some rows, in place, along the directions of the route."""
    cos, sin = np.cos(stance.heading[rows]), np.sin(stance.heading[rows])
    place_m[0, rows] += forward * cos - left * sin
    place_m[1, rows] += forward * sin + left * cos
    place_m[2, rows] += up


def hip_m(stance: Stance, rows: slice, body: Body, side: Side) -> FloatArray:
    """Hip joint centre, shape (3, n)."""
    return stance.pelvis_m[:, rows] + rotate(stance.pelvis_q[:, rows], body.hip_offset_m(side))


def ride_on(stance: Stance, rows: slice, body: Body, side: Side) -> FloatArray:
    """Pelvis height at which one leg has the knee it intends, shape (n,)."""
    hip = hip_m(stance, rows, body, side)
    ankle = stance.foot[side].ankle_m[:, rows]
    flat2 = ((ankle[:2] - hip[:2]) ** 2).sum(axis=0)
    a, b = body.thigh_m[side], body.shank_m[side]
    bend = np.cos(stance.valgus[side][rows]) * np.cos(stance.knee[side][rows])
    reach2 = a * a + b * b + 2 * a * b * bend
    over = np.sqrt(np.maximum(reach2 - flat2, (0.3 * a) ** 2))
    return ankle[2] + over - (hip[2] - stance.pelvis_m[2, rows])


def let_knees_follow(stance: Stance, rows: slice, body: Body, sides: Sequence[Side]) -> None:
    """Intend the knees that the distances from hips to ankles ask for."""
    for side in sides:
        hip = hip_m(stance, rows, body, side)
        distance = np.sqrt(((stance.foot[side].ankle_m[:, rows] - hip) ** 2).sum(axis=0))
        a, b = body.thigh_m[side], body.shank_m[side]
        cosine = (distance**2 - a * a - b * b) / (2 * a * b * np.cos(stance.valgus[side][rows]))
        follow = np.arccos(np.clip(cosine, -1.0, 1.0))
        # Near straight the distance says little: fade into what standing intends.
        share = smooth((follow - 0.10) / 0.15)
        own = stance.knee[side][rows]
        # No joint jerks to meet a distance.
        change = gaussian_filter1d(share * (follow - own), KNEE_SMOOTHING_S / stance.step_s)
        stance.knee[side][rows] = own + change


def keep_within_reach(
    stance: Stance, rows: slice, body: Body, side: Side, share: FloatArray
) -> None:
    """Draw a foot that nothing holds towards the hip, softly, where the leg would be straight.

    `share` (0–1) fades this in and out at the ends of a movement.
    """
    hip = hip_m(stance, rows, body, side)
    foot = stance.foot[side].ankle_m
    away = foot[:, rows] - hip
    distance = np.sqrt((away**2).sum(axis=0))
    a, b = body.thigh_m[side], body.shank_m[side]
    longest = np.sqrt(a * a + b * b + 2 * a * b * np.cos(_LONG_KNEE_RAD))
    beyond = _SOFT_M * np.logaddexp(0.0, (distance - longest) / _SOFT_M)
    foot[:, rows] -= away * (share * beyond / distance)


def crouch(
    body: Body, knee: FloatArray, shank_share: FloatArray | float
) -> tuple[FloatArray, FloatArray]:
    """Hip over ankle, forward and up, for a knee angle of which the shank leans a share."""
    thigh, shank = (float(np.mean([d[s] for s in Side])) for d in (body.thigh_m, body.shank_m))
    lean = shank_share * knee
    forward = shank * np.sin(lean) - thigh * np.sin(knee - lean)
    return forward, shank * np.cos(lean) + thigh * np.cos(knee - lean)


def knee_for_height(body: Body, hip_over_ankle_m: FloatArray | float, shank_share: float):
    """The knee (rad) of a crouch with the hip at a height over the ankle."""
    knees = np.deg2rad(np.arange(0.5, 130.0, 0.25))
    _, up = crouch(body, knees, shank_share)
    return np.interp(-np.asarray(hip_over_ankle_m), -up, knees)
