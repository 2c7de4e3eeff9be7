"""What the architecture says of each layer, and what the memory estimate counts for it, must be one story."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hubtui.core.errors import CheckpointError
from hubtui.core.fit.configs import TextConfig
from hubtui.core.fit.layers import NONE, layer_kinds
from hubtui.core.structure import Dimensions, layer_kind
from hubtui.worker.structure.process import structure

_KEPT_WHOLE = {"gpt_neo"}
"""Types with local layers whose keys and values transformers keeps all the same: the estimate counts them in full."""

_MORE: tuple[Mapping[str, Any], ...] = (
    {"model_type": "longcat_flash", "num_layers": 2},
    {"model_type": "qwen2", "use_sliding_window": True, "max_window_layers": 20, "sliding_window": 4096},
    {"model_type": "qwen3_next"},
    {"model_type": "llama4_text", "num_hidden_layers": 8},
    {"model_type": "cohere2"},
    {"model_type": "falcon_h1", "num_hidden_layers": 4},
    {"model_type": "bamba", "attn_layer_indices": [3, 9]},
    {"model_type": "recurrent_gemma"},
    {"model_type": "kimi_linear"},
    {"model_type": "deepseek_v32", "num_hidden_layers": 4},
)


def _difference(name: str, raw: Mapping[str, Any]) -> str | None:
    """Say how the two readings of a config differ; None where there is nothing to compare."""
    text = TextConfig(raw)
    kinds = layer_kinds(text)
    try:
        parts = structure(name, raw).dimensions
    except CheckpointError:
        return None
    part = next((part for part in reversed(parts) if part.model_type == text.model_type), None)
    if kinds is None or part is None:
        return None
    counted, told = [layer_kind(kind) for kind in kinds], list(part.layer_kinds)
    if text.model_type in _KEPT_WHOLE:
        counted = [kind if counted[at] == "full" else counted[at] for at, kind in enumerate(told)]
    return "" if _same(counted, told, part) else f"{name}: {counted} counted, {told} told"


def _same(counted: list[str], told: list[str], part: Dimensions) -> bool:
    if part.model_type == "longcat_flash":  # two attentions in each layer, each with a cache of its own
        counted = [kind for kind in counted for _ in range(2)]
    shared = counted.count(NONE)  # Gemma 3n's last layers attend to what others keep
    return counted[: len(counted) - shared] == told[: len(told) - shared]


def test_the_layers_that_are_told_are_those_that_the_estimate_counts(shared_data: Path) -> None:
    found = {
        place.stem: _difference(place.stem, json.loads(place.read_text()))
        for place in sorted((shared_data / "configs").glob("*.json"))
    }
    assert [words for words in found.values() if words] == []
    assert sum(words == "" for words in found.values()) >= 60, "too few configs were compared"


def test_mixed_layers_are_told_as_they_are_counted() -> None:
    found = [_difference(str(raw["model_type"]), raw) for raw in _MORE]
    assert found == [""] * len(_MORE)
