"""Time to the first frame beside the smallest Textual program in the same run; what is loaded by then; idle bytes."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.report import Figure
from tests.terminal import Terminal

RUNS = 9
IDLE_SECONDS = 5.0
HEAVY = (
    "torch",
    "transformers",
    "tokenizers",
    "numpy",
    "huggingface_hub",
    "starlette",
    "uvicorn",
    "msgspec",
    "tantivy",
)
_FLOOR = Path(__file__).with_name("floor.py")


def measure() -> list[Figure]:
    """Return the figures of starting up."""
    with tempfile.TemporaryDirectory() as home:
        environment = own_environment(Path(home))
        hubtui = [str(Path(sys.executable).with_name("hubtui")), "demo"]
        floors, ours = [], []
        for run in range(RUNS + 1):
            floor = _first_frame([sys.executable, str(_FLOOR)], "READY", environment)
            own = _first_frame(hubtui, "hubtui", environment)
            if run:  # the first pair warms the page cache and the .pyc files
                floors.append(floor)
                ours.append(own)
        idle = _idle_bytes(hubtui, environment)
    cpu = [own[0] / floor[0] for own, floor in zip(ours, floors, strict=True)]
    wall = [own[1] / floor[1] for own, floor in zip(ours, floors, strict=True)]
    heavy = _loaded_by_first_frame()
    return [
        Figure("first frame, CPU", f"{statistics.median(cpu):.2f} × floor", "≤ 1.60", statistics.median(cpu) <= 1.6),
        Figure("first frame, wall", f"{statistics.median(wall):.2f} × floor", "", True),
        Figure("floor: CPU, wall", f"{_ms(floors, 0)}, {_ms(floors, 1)}", "", True),
        Figure("heavy modules by then", ", ".join(heavy) or "none", "none", not heavy),
        Figure(f"bytes sent in {IDLE_SECONDS:.0f} s idle", str(idle), "0", idle == 0),
    ]


def own_environment(home: Path) -> Mapping[str, str]:
    """Return an environment whose config, cache and state folders are all below `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "XDG_", "PYTHONDONT"))}
    return {**kept, "HOME": str(home), "HF_HOME": str(home / "hf")}


def _first_frame(command: Sequence[str], text: str, environment: Mapping[str, str]) -> tuple[float, float]:
    """Return (CPU seconds, wall seconds) from exec to the frame that shows `text`."""
    with Terminal(command, environment=environment) as terminal:
        wall = terminal.wait_for(text)
        return terminal.cpu_at_last_output, wall


def _idle_bytes(command: Sequence[str], environment: Mapping[str, str]) -> int:
    with Terminal(command, environment=environment) as terminal:
        terminal.wait_for("hubtui")
        terminal.settle(1.5, 30)
        before = len(terminal.raw)
        terminal.settle(IDLE_SECONDS, IDLE_SECONDS)
        return len(terminal.raw) - before


def _loaded_by_first_frame() -> list[str]:
    code = (
        "import json, sys; import hubtui.__main__, hubtui.bootstrap, hubtui.ui.app; "
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded: list[str] = json.loads(answer.stdout)
    return loaded


def _ms(pairs: Sequence[tuple[float, float]], index: int) -> str:
    return f"{statistics.median(pair[index] for pair in pairs) * 1000:.0f} ms"
