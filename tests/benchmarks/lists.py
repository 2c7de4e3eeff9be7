"""What a step in a list of a million rows costs beside the echo of a bare Input in the same run."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.report import Figure
from tests.benchmarks.start import own_environment
from tests.terminal import Terminal

FEW, MANY = 1_000, 1_000_000
_STEPS = 60
_OPENINGS = 9


def measure() -> list[Figure]:
    """Return the figures of scrolling and of opening a list, in a pseudo-terminal of 120 × 40."""
    with tempfile.TemporaryDirectory() as home:
        environment = own_environment(Path(home))
        with Terminal([sys.executable, "-m", "tests.benchmarks.echo"], environment=environment) as terminal:
            terminal.wait_for("READY")
            terminal.settle()
            echo = statistics.median(terminal.answer_to("a")[0] for _ in range(_STEPS))
        opened: dict[int, float] = {}
        for count in (FEW, MANY):
            command = [sys.executable, "-m", "tests.benchmarks.list_app", str(count)]
            with Terminal(command, environment=environment) as app:
                app.wait_for("Trending", timeout=120)
                app.send("/model\r")
                app.wait_for("model-0000")
                app.settle()
                opened[count] = min(_opening(app) for _ in range(_OPENINGS))
                steps = [app.answer_to("j") for _ in range(_STEPS)]
    step, sent = (statistics.median(step[at] for step in steps) for at in (0, 1))
    ratio, growth = step / echo, opened[MANY] / opened[FEW]
    return [
        Figure(f"step among {MANY:,} rows", f"{ratio:.2f} × Input echo ({step * 1000:.1f} ms)", "≤ 1.50", ratio <= 1.5),
        Figure(f"bytes of a step among {MANY:,} rows", f"{sent:.0f}", "≤ 600", sent <= 600),
        Figure(f"opening {MANY:,} rows, CPU", f"{growth:.2f} × {FEW:,} rows", "≤ 1.25", growth <= 1.25),
    ]


def _opening(app: Terminal) -> float:
    """CPU seconds from going forward to a list that was left until it stands still: nothing is fetched for it."""
    app.send("[")
    app.settle()
    before = app.cpu_seconds()
    app.send("]")
    app.settle()
    return app.cpu_seconds() - before
