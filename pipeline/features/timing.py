"""When the feet touch and leave the ground: times of a stride and how alike the legs are.

F28–F33. Every time here rests on one or two contacts per foot, and a contact has a bias that
is constant for a leg: 20–30 ms more on one side alone looks like 10 % of step time. The error
of each asymmetry therefore holds that left–right difference of bias.
"""

from __future__ import annotations

import math

from pipeline.features.base import Feature, Sample, Segment, WalkSamples, Worse
from pipeline.features.knee import KNEE_SWING
from pipeline.features.sides import symmetry_error, symmetry_index
from pipeline.features.stride_data import StrideData
from pipeline.gait import FloatArray
from pipeline.norms import Norm, ZeroConvention
from recordings.placement import Side

HIP = (Segment.PELVIS, Segment.THIGH)
NO_ZERO = ZeroConvention.NONE
CONTACT_BIAS_SD_MS = 12.5
"""Between the legs of one person, initial contacts told by a leg's own shank (lead of its swing's
end: 0–11 ms between the legs of six people, once 16)."""
PELVIS_CONTACT_BIAS_SD_MS = 25.0
"""The same, told by the braking of the pelvis, which is one for both legs: a pelvis that keeps its
pace over uneven steps is braked 0.4–0.7 of half their difference before a late foot lands (three
uneven walkers: Stanford FOG pt5, Mobilise-D MS/001, HA/001), 23–37 ms at a difference of 20 %.
The thighs cannot mend it: the shock of landing in their acceleration scatters by 25–145 ms."""
FINAL_CONTACT_BIAS_SD_MS = 10.0
"""Between the legs of one person, final contacts (6–11 ms between legs; 1–24 ms seen)."""
_TWO_SIDED = 1.96
CONTACT_SOURCE = "Contact bias between legs: NikonPic, NONAN, Voisard recordings"

STRIDE_TIME = Feature(
    code="F33a",
    name="stride_time_s",
    label="stride time",
    definition="Own initial contact to the next.",
    unit="s",
    segments=HIP,
    per_stride=lambda s: s.stride_time_s,
    error=0.01,
    source="Bias of a contact cancels",
)

CADENCE = Feature(
    code="F33",
    name="cadence_spm",
    label="cadence",
    definition="Steps a minute: 120 / stride time.",
    unit="steps/min",
    segments=HIP,
    per_stride=lambda s: 120.0 / s.stride_time_s,
    norm=Norm(111.5, 9.0, NO_ZERO, sex_shift=5.0),
    error=1.1,
    source="GAITRite table (Hollman 2011), 18–49 years: women 107–126, men 99–114",
    note="A change of −10 % against the own usual matters more than the usual range.",
)

STEP_TIME = Feature(
    code="F28a",
    name="step_time_s",
    label="step time",
    definition="Initial contact of the other foot to the own next one.",
    unit="s",
    segments=HIP,
    per_stride=lambda s: s.times.end_s - s.times.opposite_initial_contact_s,
    error=0.025,
    source=CONTACT_SOURCE,
)

STEP_TIME_FINAL_CONTACT = Feature(
    code="F28b",
    name="step_time_final_contact_s",
    label="step time, from the feet leaving the ground",
    definition="Final contact of the other foot to the own next one.",
    unit="s",
    segments=HIP,
    per_stride=lambda s: s.times.final_contact_s - s.times.opposite_final_contact_s,
    error=0.020,
    source=CONTACT_SOURCE,
)

STANCE_TIME = Feature(
    code="F29a",
    name="stance_time_s",
    label="stance time",
    definition="Own initial contact to own final contact.",
    unit="s",
    segments=HIP,
    per_stride=lambda s: s.times.final_contact_s - s.times.start_s,
    error=0.040,
    source=CONTACT_SOURCE,
    note="The bias of a contact may reach ±40 ms in a person: a trend, not a level.",
)

STANCE_PERCENT = Feature(
    code="F29b",
    name="stance_percent",
    label="stance, share of the stride",
    definition="Stance time over stride time.",
    unit="%",
    segments=HIP,
    per_stride=lambda s: s.stance_percent,
    norm=Norm(60.0, 2.7, NO_ZERO),
    error=3.5,
    source="Schwartz 2008: 62 % slow to 58 % fast; spread with that of a contact's bias",
)

SWING_TIME = Feature(
    code="F30a",
    name="swing_time_s",
    label="swing time",
    definition="Own final contact to the own next initial contact.",
    unit="s",
    segments=HIP,
    per_stride=lambda s: s.times.end_s - s.times.final_contact_s,
    error=0.040,
    source=CONTACT_SOURCE,
)

SINGLE_SUPPORT_TIME = Feature(
    code="F31a",
    name="single_support_time_s",
    label="time on this leg alone",
    definition="Final contact of the other foot to its next initial contact.",
    unit="s",
    segments=HIP,
    per_stride=lambda s: s.times.opposite_initial_contact_s - s.times.opposite_final_contact_s,
    error=0.040,
    source=CONTACT_SOURCE,
)


def _double_support(strides: StrideData) -> FloatArray:
    t = strides.times
    return (t.opposite_final_contact_s - t.start_s) + (
        t.final_contact_s - t.opposite_initial_contact_s
    )


DOUBLE_SUPPORT_TIME = Feature(
    code="F31b",
    name="double_support_time_s",
    label="time on both legs",
    definition="Both phases of a stride with both feet on the ground, added.",
    unit="s",
    segments=HIP,
    per_stride=_double_support,
    error=0.060,
    source=CONTACT_SOURCE,
    note="Bias of contacts adds up here: a trend, not a level.",
)


def _contact_bias_ms(walk: WalkSamples) -> float:
    shanks = all(walk.sample(KNEE_SWING.name, side) is not None for side in Side)
    return CONTACT_BIAS_SD_MS if shanks else PELVIS_CONTACT_BIAS_SD_MS


def _contact_error_ms(walk: WalkSamples) -> float:
    """A bias of one leg counts twice in step times."""
    return _TWO_SIDED * 2.0 * _contact_bias_ms(walk)


def _final_contact_error_ms(_: WalkSamples) -> float:
    return _TWO_SIDED * 2.0 * FINAL_CONTACT_BIAS_SD_MS


def _both_contacts_error_ms(walk: WalkSamples) -> float:
    return _TWO_SIDED * math.hypot(_contact_bias_ms(walk), FINAL_CONTACT_BIAS_SD_MS)


STEP_TIME_ASYMMETRY = Feature(
    code="F28",
    name="step_time_asymmetry_percent",
    label="left–right difference of step time",
    definition="100·(R − L)/mean of step time from initial contacts; + = right longer.",
    unit="%",
    segments=HIP,
    per_walk=symmetry_index(STEP_TIME.name),
    error_of=symmetry_error(STEP_TIME.name, _contact_error_ms),
    worse=Worse.EITHER,
    norm=Norm(0.0, 1.5, NO_ZERO),
    amber=5.0,
    strong=10.0,
    mdc=2.7,
    source="Hodt-Billington 2012 (10 % separates), thigh events: Strick 2024",
    note="A bias of one leg's contacts counts twice: it lengthens one step and shortens the other.",
)

STEP_TIME_ASYMMETRY_FINAL_CONTACT = Feature(
    code="F28c",
    name="step_time_asymmetry_final_contact_percent",
    label="left–right difference of step time, from the feet leaving the ground",
    definition="100·(R − L)/mean of step time from final contacts; + = right longer.",
    unit="%",
    segments=HIP,
    per_walk=symmetry_index(STEP_TIME_FINAL_CONTACT.name),
    error_of=symmetry_error(STEP_TIME_FINAL_CONTACT.name, _final_contact_error_ms),
    worse=Worse.EITHER,
    norm=Norm(0.0, 1.5, NO_ZERO),
    amber=5.0,
    strong=10.0,
    mdc=2.7,
    source="As F28; the second witness that a contact bias cannot fool",
    note=(
        "Same sign as F28 when one leg is late as a whole; opposite sign when one leg's stance "
        "is short. Its size is what must agree."
    ),
)

STANCE_ASYMMETRY = Feature(
    code="F29",
    name="stance_time_asymmetry_percent",
    label="left–right difference of stance time",
    definition="100·(R − L)/mean of stance time; + = right longer.",
    unit="%",
    segments=HIP,
    per_walk=symmetry_index(STANCE_TIME.name),
    error_of=symmetry_error(STANCE_TIME.name, _both_contacts_error_ms),
    worse=Worse.EITHER,
    norm=Norm(0.0, 1.0, NO_ZERO),
    amber=5.0,
    strong=10.0,
    mdc=2.7,
    source="Usual ratio below 1.05 (Patterson 2010, weakly founded)",
)

SWING_ASYMMETRY = Feature(
    code="F30",
    name="swing_time_asymmetry_percent",
    label="left–right difference of swing time",
    definition="100·(R − L)/mean of swing time; + = right longer.",
    unit="%",
    segments=HIP,
    per_walk=symmetry_index(SWING_TIME.name),
    error_of=symmetry_error(SWING_TIME.name, _both_contacts_error_ms),
    worse=Worse.EITHER,
    norm=Norm(0.0, 2.0, NO_ZERO),
    amber=8.0,
    strong=12.0,
    mdc=4.3,
    source="Usual ratio below 1.06 (weakly founded)",
)

SINGLE_SUPPORT_ASYMMETRY = Feature(
    code="F31",
    name="single_support_asymmetry_percent",
    label="left–right difference of time on one leg",
    definition="100·(R − L)/mean of single support; + = longer on the right leg.",
    unit="%",
    segments=HIP,
    per_walk=symmetry_index(SINGLE_SUPPORT_TIME.name),
    error_of=symmetry_error(SINGLE_SUPPORT_TIME.name, _both_contacts_error_ms),
    worse=Worse.EITHER,
    norm=Norm(0.0, 2.0, NO_ZERO),
    amber=5.0,
    strong=10.0,
    mdc=4.3,
    source="Hodt-Billington 2012 (best separator)",
    note="One leg's single support is the other leg's swing: F30 with the sides exchanged.",
)


def _variation(walk: WalkSamples) -> list[Sample]:
    """CV of each side; its interval after a normal sample, √(1/2n) of itself."""
    samples = []
    for side in Side:
        times = walk.sample(STRIDE_TIME.name, side)
        if times is None or times.n < 2:
            continue
        cv = 100.0 * times.sd / times.mean
        half = _TWO_SIDED * cv / math.sqrt(2.0 * (times.n - 1))
        samples.append(Sample(side, times.n, cv, float("nan"), cv, half))
    return samples


STRIDE_TIME_VARIATION = Feature(
    code="F32",
    name="stride_time_cv_percent",
    label="variation of stride time",
    definition="100·SD/mean of stride time over steady strides.",
    unit="%",
    segments=HIP,
    per_walk=_variation,
    worse=Worse.HIGHER,
    norm=Norm(2.0, 0.75, NO_ZERO),
    amber=4.0,
    strong=6.0,
    error=0.5,
    source="Gabell 1984; NONAN GaitPrint 1.1–1.8 %",
    note="Needs 30, better 50 strides a side.",
)

FEATURES = (
    STEP_TIME,
    STEP_TIME_FINAL_CONTACT,
    STEP_TIME_ASYMMETRY,
    STEP_TIME_ASYMMETRY_FINAL_CONTACT,
    STANCE_TIME,
    STANCE_PERCENT,
    STANCE_ASYMMETRY,
    SWING_TIME,
    SWING_ASYMMETRY,
    SINGLE_SUPPORT_TIME,
    DOUBLE_SUPPORT_TIME,
    SINGLE_SUPPORT_ASYMMETRY,
    STRIDE_TIME_VARIATION,
    CADENCE,
    STRIDE_TIME,
)
