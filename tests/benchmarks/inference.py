"""Seconds to an answer: with the libraries still to import, with another checkpoint to load, with all in memory."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

import psutil

import hubtui.demo
from hubtui.core.results import RunOutcome, RunRequest
from hubtui.core.settings import Settings
from hubtui.engine.inference import InferenceProcess
from tests.benchmarks.report import Figure

RUNS = 5
_REPOS = Path(hubtui.demo.__file__).parent / "repos" / "demo"
_MASKED = ("tiny-camembert-fr", "fill-mask", "Le camembert est <mask> :)")
_SENTIMENT = ("tiny-sentiment-en", "text-classification", "A lovely film.")


def measure() -> list[Figure]:
    """Return the figures of running checkpoints."""
    return asyncio.run(_measure())


async def _measure() -> list[Figure]:
    cold = []
    for _ in range(2):  # the first reads the libraries from the disk
        process = InferenceProcess(Settings())
        cold.append(await _seconds(process, *_MASKED))
        await process.close()
    process = InferenceProcess(Settings())
    await _seconds(process, *_MASKED)
    other = [await _seconds(process, *(_MASKED, _SENTIMENT)[run % 2]) for run in range(1, RUNS + 1)]
    warm = [await _seconds(process, *_SENTIMENT) for _ in range(RUNS)]
    private = _private_bytes()
    await process.close()
    return [
        Figure("first answer, libraries to import", f"{cold[-1]:.2f} s", "", True),
        Figure("answer of another checkpoint", f"{statistics.median(other):.2f} s", "", True),
        Figure("answer of a loaded checkpoint", f"{statistics.median(warm) * 1000:.0f} ms", "", True),
        Figure("memory of its own of a tiny checkpoint's process", f"{private >> 20} MiB", "", True),
    ]


async def _seconds(process: InferenceProcess, name: str, task: str, text: str) -> float:
    started = time.perf_counter()
    request = RunRequest(name, str(_REPOS / name / "main"), "main", task, {"text": text})
    events = [event async for event in process.run(request)]
    if not isinstance(events[-1], RunOutcome):
        raise TypeError(events[-1])
    return time.perf_counter() - started


def _private_bytes() -> int:
    """Bytes that the process of the checkpoint shares with nobody."""
    (supervisor,) = [child for child in psutil.Process().children() if "hubtui.worker" in " ".join(child.cmdline())]
    (holder,) = supervisor.children()
    return int(holder.memory_full_info().uss)


if __name__ == "__main__":
    from tests.benchmarks.report import table

    print(table(measure()))
