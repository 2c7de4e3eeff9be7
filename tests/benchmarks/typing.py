"""Key to paint: how long from a key until its letter, and until its tokens, are on the screen of a real terminal.

Beside it, in the same run, a bare Textual Input: what a key costs in this terminal on this machine anyway. The time
that the program stood in the run queue is taken off, for it belongs to whoever else uses the machine.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.report import Figure
from tests.terminal import Terminal

_KEYS = 40
_WARM_UP = 6
_LETTERS = "etaoinshr"
_SENTENCE = "the small dragon looked at the moon and said nothing. "
_PARAGRAPH = _SENTENCE * 9 + "\n"
_MS = 1000


@dataclass(frozen=True, slots=True)
class Typed:
    """What the keys of one text took: seconds to the first paint and to the last, less the run queue; bytes a key."""

    first: list[float]
    last: list[float]
    n_bytes: list[int]


def measure() -> list[Figure]:
    """Type at the end of texts of three lengths."""
    with tempfile.TemporaryDirectory(prefix="hubtui-bench-") as home:
        with _echo(home) as terminal:
            floor = _type(terminal)
        figures = [Figure("key to paint, bare Input", _shown(floor.last), "", is_kept=True)]
        for n_chars in (1_000, 10_000, 100_000):
            with _tokens(home, n_chars) as terminal:
                typed = _type(terminal, quiet=0.08 if n_chars < 100_000 else 0.6)
            figures += _judged(n_chars, typed, floor)
    return figures


def _judged(n_chars: int, typed: Typed, floor: Typed) -> list[Figure]:
    name = f"key to paint, {n_chars:,} characters"
    median, tail = _percentile(typed.last, 50), _percentile(typed.last, 95)
    times = [median / _percentile(floor.last, 50), tail / _percentile(floor.last, 95)]
    shown = f"{_shown(typed.last)} ({times[0]:.1f}×, {times[1]:.1f}×)"
    n_bytes = _percentile([float(count) for count in typed.n_bytes], 50)
    sent = f"{n_bytes / 1000:.1f} kB"
    if n_chars == 1_000:
        kept = times[0] <= 2.5 and times[1] <= 2 and tail <= 0.016
        return [
            Figure(name, shown, "p50 ≤ 2.5×, p95 ≤ 2× and ≤ 16 ms", kept),
            Figure("  a key", sent, "", is_kept=True),
        ]
    if n_chars == 10_000:
        return [
            Figure(name, shown, "p95 ≤ 33 ms", tail <= 0.033),
            Figure("  a key", sent, "≤ 9 kB", n_bytes <= 9_000),
        ]
    echo = _percentile(typed.first, 50) / _percentile(floor.last, 50)
    shown = f"{_shown(typed.first)} ({echo:.1f}×)"
    tokens = f"{_percentile(typed.last, 95):.2f} s p95"
    return [
        Figure(name, shown, "≤ 8×", echo <= 8),
        Figure("  its tokens", tokens, "≤ 0.5 s", _percentile(typed.last, 95) <= 0.5),
        Figure("  a key", sent, "", is_kept=True),
    ]


def _type(terminal: Terminal, quiet: float = 0.08) -> Typed:
    """Type letters one by one, each when nothing more is painted after the one before."""
    first: list[float] = []
    last: list[float] = []
    n_bytes: list[int] = []
    for at in range(_WARM_UP + _KEYS):
        key = " " if at % 6 == 5 else _LETTERS[at % len(_LETTERS)]
        answer = terminal.paints(key, quiet)
        if at >= _WARM_UP:
            first.append(answer.first_s)
            last.append(answer.last_s)
            n_bytes.append(answer.n_bytes)
    return Typed(first, last, n_bytes)


@contextmanager
def _echo(home: str) -> Iterator[Terminal]:
    with Terminal([sys.executable, "-m", "tests.benchmarks.echo"], environment=_environment(home)) as terminal:
        terminal.wait_for("READY")
        terminal.settle()
        yield terminal


@contextmanager
def _tokens(home: str, n_chars: int) -> Iterator[Terminal]:
    """The Tokens tab of a demo model with the cursor at the end of a text."""
    text = (_PARAGRAPH * (n_chars // len(_PARAGRAPH) + 1))[:n_chars]
    command = [sys.executable, "-m", "hubtui", "demo", "demo/tiny-gpt2-stories"]
    with Terminal(command, environment=_environment(home)) as terminal:
        terminal.wait_for("Tokens")
        terminal.settle()
        terminal.send("3")
        terminal.wait_for("GPT2Tokenizer", 60)  # confirmed: nothing else goes on
        terminal.settle()
        terminal.send("e")
        terminal.settle()
        terminal.paste(text)
        terminal.wait_until(lambda shown: "of text" in shown, "its tokens", 60)
        terminal.settle(1.0)
        yield terminal


def _environment(home: str) -> dict[str, str]:
    folder = str(Path(__file__).parents[2])
    return {**os.environ, "HOME": home, "XDG_CACHE_HOME": home, "PYTHONPATH": folder, "HF_HOME": f"{home}/hf"}


def _shown(values: list[float]) -> str:
    return f"{_percentile(values, 50) * _MS:.1f} ms p50, {_percentile(values, 95) * _MS:.1f} ms p95"


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


if __name__ == "__main__":
    started = time.perf_counter()
    for figure in measure():
        print(figure.name, figure.value, figure.budget, "" if figure.is_kept else "OVER")
    print(f"{time.perf_counter() - started:.0f} s, load {os.getloadavg()[0]:.1f}")
