"""What a benchmark prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; `budget` is empty where there is none to keep."""

    name: str
    value: str
    budget: str
    is_kept: bool


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as aligned lines."""
    rows = [
        (figure.name, figure.value, figure.budget, "" if not figure.budget else "ok" if figure.is_kept else "OVER")
        for figure in figures
    ]
    widths = [max(len(row[index]) for row in rows) for index in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
