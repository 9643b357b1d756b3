"""One person's gait over a session: usual at first, and with each deviation from its onset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from firmware_bridge.virtual_wearer.body import Body
from firmware_bridge.virtual_wearer.deviations import KNOBS, turn
from firmware_bridge.virtual_wearer.spec import Deviation
from firmware_bridge.virtual_wearer.stride_design import design_strides
from firmware_bridge.virtual_wearer.stride_targets import StrideTargets, Style, usual_targets
from firmware_bridge.virtual_wearer.truth import InjectedDeviation
from firmware_bridge.virtual_wearer.walking import DesignAt
from recordings.errors import InputError


@dataclass(frozen=True, slots=True)
class _Turned:
    """A deviation and how far its knob has to be turned for this person."""

    deviation: Deviation
    gain: float

    def apply(self, targets: StrideTargets, body: Body) -> None:
        knob, d = KNOBS[self.deviation.kind], self.deviation
        if d.kind == "knee_hyperextension":
            knob.change(targets, body, d.side, self.gain, d.shank_share)  # type: ignore[call-arg]
        else:
            knob.change(targets, body, d.side, self.gain)


class DeviatingGait:
    """Targets and designs of a person whose deviations set in at their times."""

    def __init__(
        self,
        body: Body,
        style: Style,
        deviations: Sequence[Deviation],
        speed_m_s: float,
        plain: Callable[[float], StrideTargets] | None = None,
    ) -> None:
        """`plain` gives the targets without deviations; the usual ones if left out."""
        for deviation in deviations:
            if deviation.kind not in KNOBS:
                raise InputError(
                    f"There is no deviation called {deviation.kind!r}.",
                    hint=f"Known are: {', '.join(KNOBS)}.",
                    reason="spec_unknown_deviation",
                )
        self._body = body
        self._plain = plain or (lambda speed: usual_targets(body, style, speed))
        self._turned: list[_Turned] = []
        for deviation in sorted(deviations, key=lambda d: d.from_s):
            targets = self._targets(speed_m_s, self._turned)
            gain = turn(KNOBS[deviation.kind], targets, body, deviation.side, deviation.amount)
            self._turned.append(_Turned(deviation, gain))
        self._onsets = sorted({0.0} | {t.deviation.from_s for t in self._turned})
        self._known: dict[tuple[int, float], StrideTargets] = {}

    def targets_at(self, time_s: float, speed_m_s: float) -> StrideTargets:
        """Targets that hold at a time, for a speed (to the cm/s)."""
        return self._stage_targets(self._stage(time_s), speed_m_s)

    def designs(self) -> list[DesignAt]:
        """One stride design for each set of deviations, in time order."""
        out = []
        for stage, onset in enumerate(self._onsets):
            active = [t.deviation.over_s for t in self._turned if t.deviation.from_s == onset]
            ramp = max(active, default=0.0) if onset > 0 else 0.0
            design = design_strides(self._body, lambda v, k=stage: self._stage_targets(k, v))
            out.append(DesignAt(onset, ramp, design))
        return out

    def injected(self) -> tuple[InjectedDeviation, ...]:
        """What was injected, for the truth."""
        return tuple(
            InjectedDeviation(
                kind=t.deviation.kind,
                side=t.deviation.side,
                amount=t.deviation.amount,
                unit=KNOBS[t.deviation.kind].unit,
                feature=KNOBS[t.deviation.kind].feature,
                onset_s=t.deviation.from_s,
                ramp_s=t.deviation.over_s if t.deviation.from_s > 0 else 0.0,
            )
            for t in self._turned
        )

    def _stage(self, time_s: float) -> int:
        stage = 0
        for k, onset in enumerate(self._onsets[1:], start=1):
            ramp = max(t.deviation.over_s for t in self._turned if t.deviation.from_s == onset)
            if time_s >= onset + 0.5 * ramp:
                stage = k
        return stage

    def _stage_targets(self, stage: int, speed_m_s: float) -> StrideTargets:
        key = (stage, round(float(speed_m_s), 2))
        if key not in self._known:
            onset = self._onsets[stage]
            active = [t for t in self._turned if t.deviation.from_s <= onset]
            self._known[key] = self._targets(key[1], active)
        return self._known[key]

    def _targets(self, speed_m_s: float, active: Sequence[_Turned]) -> StrideTargets:
        targets = self._plain(speed_m_s)
        for turned in active:
            turned.apply(targets, self._body)
        for limb in targets.limb.values():
            limb.swing_out_m = float(np.clip(limb.swing_out_m, 0.0, 0.12))
        return targets
