"""Memory that runs on this box really took, and what it teaches about the next estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hubtui.core.results import RunPeak

LEAST_RUNS = 3
"""Of one kind of device, before they change an estimate."""

LEAST_FACTOR, MOST_FACTOR = 0.5, 3.0
"""Bounds of what runs may change: one odd run must not make everything fit, or nothing."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the overhead of an estimate is multiplied by on one kind of device, and how many runs say so."""

    factor: float = 1.0
    runs: int = 0

    @property
    def is_of_this_box(self) -> bool:
        """Whether enough runs were kept."""
        return self.runs >= LEAST_RUNS

    def of(self, overhead: int) -> int:
        """Return the overhead as this box shows it."""
        return int(overhead * self.factor) if self.is_of_this_box else overhead


def calibrate(peaks: Sequence[RunPeak], device_kind: str) -> Calibration:
    """Return the median of measured over estimated overhead of the runs on one kind of device, within bounds."""
    shares = [
        (peak.peak_bytes - peak.counted_bytes) / peak.overhead_bytes
        for peak in peaks
        if peak.device_kind == device_kind and peak.overhead_bytes > 0
    ]
    if len(shares) < LEAST_RUNS:
        return Calibration(runs=len(shares))
    return Calibration(min(max(_median(shares), LEAST_FACTOR), MOST_FACTOR), len(shares))


def _median(values: Sequence[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def measured_peak(
    peaks: Sequence[RunPeak], model: str, commit: str, dtype: str, device_kind: str | None
) -> RunPeak | None:
    """Return the newest run of these weights in this dtype, on this kind of device if there is one."""
    same = [peak for peak in peaks if (peak.model, peak.commit, peak.dtype) == (model, commit, dtype)]
    return max(same, key=lambda peak: (peak.device_kind == device_kind, peak.when), default=None)
