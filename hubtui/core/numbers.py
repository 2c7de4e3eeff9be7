"""Numbers as people read them: sizes, counts, ages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

_SIZES = ("B", "kB", "MB", "GB", "TB")
_COUNTS = ("", "k", "M", "B", "T")


def size_text(size: int | None) -> str:
    """Return bytes as `445 MB` (powers of 1000, as the Hub shows them); `?` when unknown."""
    if size is None:
        return "?"
    number, unit = _scaled(size, len(_SIZES))
    return f"{number} {_SIZES[unit]}"


def count_text(count: int | None) -> str:
    """Return a count as `1.2M`; `?` when unknown."""
    if count is None:
        return "?"
    number, unit = _scaled(count, len(_COUNTS))
    return f"{number}{_COUNTS[unit]}"


def grouped(number: int) -> str:
    """Return a number in full, in groups of three digits."""
    return f"{number:,}".replace(",", " ")


def age_text(when: datetime | None, now: datetime) -> str:
    """Return how long ago something was, as `3d` or `2y`; `?` when unknown."""
    if when is None:
        return "?"
    seconds = max((now - when).total_seconds(), 0)
    for unit, length in (("y", 31_557_600), ("mo", 2_629_800), ("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= length:
            return f"{int(seconds // length)}{unit}"
    return "now"


def duration_text(seconds: float) -> str:
    """Return a duration as `82 ms`, `1.4 s` or `3 min 20 s`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def remaining_text(seconds: float) -> str:
    """Return how long something will still take, as roughly as anybody knows: `9 s`, `4 min` or `2 h 10 min`."""
    if seconds < 99.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def _scaled(value: float, units: int) -> tuple[str, int]:
    """Return the number in three digits or less, and the power of 1000 that goes with it."""
    unit = 0
    number = float(value)
    while number >= 999.5 and unit < units - 1:
        number /= 1000
        unit += 1
    return (f"{number:.0f}" if unit == 0 or number >= 99.95 else f"{number:.1f}"), unit


def ranges_text(numbers: Sequence[int], most: int = 4) -> str:
    """Return rising numbers as `0–3, 8, 12–13`, with `…` for all ranges after the first `most`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return ", ".join(words[:most]) + (", …" if len(words) > most else "")


def plural(number: int, one: str, many: str = "") -> str:
    """Return a counted noun with thousands by comma: `1 model`, `1,024 models`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
