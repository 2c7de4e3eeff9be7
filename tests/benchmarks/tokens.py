"""How long a keystroke waits for its tokens, and how long until they are there."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import hubtui
from hubtui.core.errors import HubtuiError
from hubtui.core.tokens import TokenizedView, TokenizeOptions, TokenizerInfo, TokenWindow
from hubtui.engine.live_typing import WAIT_S
from hubtui.engine.tokenizer import TokenizerProcess
from tests.benchmarks.report import Figure

_FOLDER = Path(hubtui.__file__).parent / "demo" / "repos" / "demo" / "tiny-gpt2-stories" / "main"
_KEYS = 60
_PAUSE_S = 0.02  # somebody types fast
_TEXT = "the small dragon looked at the moon and said nothing. " * 200

Heard = TokenizedView | TokenizerInfo | HubtuiError


def measure() -> list[Figure]:
    """Type into a demo tokenizer that AutoTokenizer has confirmed."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    process = TokenizerProcess()
    heard: asyncio.Queue[Heard] = asyncio.Queue()
    process.listen(heard.put_nowait)
    figures: list[Figure] = []
    try:
        started = time.perf_counter()
        info = await process.open("demo/tiny-gpt2-stories", str(_FOLDER))
        figures.append(Figure("tokenizer open", f"{time.perf_counter() - started:.2f} s", "", is_kept=True))
        while info.provisional:
            found = await heard.get()
            info = found if isinstance(found, TokenizerInfo) else info
        figures.append(Figure("tokenizer confirmed", f"{time.perf_counter() - started:.2f} s", "", is_kept=True))
        for n_chars in (100, 1000, 10_000):
            figures += await _typed(process, heard, n_chars)
    finally:
        await process.close()
    return figures


async def _typed(process: TokenizerProcess, heard: asyncio.Queue[Heard], n_chars: int) -> list[Figure]:
    waited: list[float] = []
    there: list[float] = []
    for key in range(_KEYS):
        while not heard.empty():
            heard.get_nowait()
        started = time.perf_counter()
        view: Heard | None = process.type(f"{_TEXT[:n_chars]}{key}", TokenizeOptions(), TokenWindow())
        waited.append((time.perf_counter() - started) * 1000)
        while not isinstance(view, TokenizedView):
            view = await heard.get()
        there.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(_PAUSE_S)
    budget_ms = 2 * WAIT_S * 1000  # the wait itself, and as much again for a busy machine
    kept = _percentile(waited, 50) <= budget_ms
    return [
        Figure(f"keystroke waits, {n_chars:,} characters", _shown(waited), f"{budget_ms:.0f} ms p50", is_kept=kept),
        Figure(f"tokens there, {n_chars:,} characters", _shown(there), "", is_kept=True),
    ]


def _shown(values: list[float]) -> str:
    return f"{_percentile(values, 50):.1f} ms p50, {_percentile(values, 95):.1f} ms p95"


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[len(values) * percent // 100]
