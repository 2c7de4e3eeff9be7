"""A real run in the real process takes what the estimate says: here nearly all of it is the libraries."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hubtui.demo
from hubtui.core.fit import Device, fit_of_facts, peak_of_run
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.core.results import RunOutcome, RunRequest
from hubtui.core.settings import Settings
from hubtui.core.weights import read_safetensors
from hubtui.engine.inference import InferenceProcess

REPOS = Path(hubtui.demo.__file__).parent / "repos" / "demo"
BOX = (Device("CPU", "cpu", 16 << 30, 8 << 30),)
RUNS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("tiny-camembert-fr", "fill-mask", {"text": "Le camembert est <mask> :)"}),
    ("tiny-gpt2-stories", "text-generation", {"text": "Once upon a time"}),
    ("tiny-t5-en-fr", "translation", {"text": "The cat sleeps."}),
)


def facts_of(name: str) -> ModelFacts:
    folder = REPOS / name / "main"
    weights = folder / "model.safetensors"
    data = weights.read_bytes()
    counts = read_safetensors(lambda start, length: data[start : start + length], len(data)).parameters
    return ModelFacts(
        f"demo/{name}",
        config=json.loads((folder / "config.json").read_text()),
        parameters=sum(counts.values()),
        parameters_by_dtype=counts,
        files=(FileEntry("model.safetensors", len(data), format="safetensors"),),
        formats=("safetensors",),
    )


async def test_the_measured_peak_is_within_15_percent_of_the_estimate() -> None:
    process = InferenceProcess(Settings())
    try:
        for name, task, inputs in RUNS:
            folder = str(REPOS / name / "main")
            events = [event async for event in process.run(RunRequest(name, folder, "main", task, inputs))]
            outcome = events[-1]
            assert isinstance(outcome, RunOutcome)
            fit = fit_of_facts(facts_of(name), BOX, context=outcome.longest_tokens)
            assert fit.total_bytes is not None
            assert abs(outcome.peak_bytes - fit.total_bytes) <= 0.15 * outcome.peak_bytes, name
            kept = peak_of_run(facts_of(name), outcome, datetime.now(UTC))
            assert kept is not None
            assert outcome.longest_tokens
            assert (kept.estimated_bytes, kept.tokens) == (fit.total_bytes, outcome.longest_tokens)
    finally:
        await process.close()
