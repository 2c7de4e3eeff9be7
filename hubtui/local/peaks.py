"""Measured memory of runs as it stands in the file of what hubtui remembers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from hubtui.core.results import RunPeak

MAX_PEAKS = 200


def with_peak(peaks: tuple[RunPeak, ...], peak: RunPeak) -> tuple[RunPeak, ...]:
    """Return the peaks with a new one first, in place of an older run of the same."""
    return (peak, *(other for other in peaks if other.key != peak.key))[:MAX_PEAKS]


def encoded(peak: RunPeak) -> dict[str, Any]:
    """Return a peak as JSON."""
    return {**asdict(peak), "when": peak.when.isoformat()}


def decoded(entry: Any) -> RunPeak:  # noqa: ANN401  any JSON may stand in the file
    """Return the peak that JSON describes.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: it describes none.
    """
    tokens = entry.get("tokens")
    return RunPeak(
        model=str(entry["model"]),
        commit=str(entry["commit"]),
        dtype=str(entry["dtype"]),
        device_kind=str(entry["device_kind"]),
        task=str(entry["task"]),
        peak_bytes=int(entry["peak_bytes"]),
        counted_bytes=int(entry["counted_bytes"]),
        overhead_bytes=int(entry["overhead_bytes"]),
        tokens=None if tokens is None else int(tokens),
        when=datetime.fromisoformat(entry["when"]),
    )
