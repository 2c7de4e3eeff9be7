"""The weights counted from a config.json are those that transformers would make of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hubtui.core.fit.parameters import count_parameters

SMALL: dict[str, Any] = {
    "num_hidden_layers": 3, "hidden_size": 48, "intermediate_size": 80, "num_attention_heads": 6,
    "num_key_value_heads": 2, "head_dim": 8, "vocab_size": 101, "pad_token_id": 0,
}  # fmt: skip
KINDS: list[dict[str, Any]] = [
    {"model_type": "llama"},
    {"model_type": "llama", "attention_bias": True, "mlp_bias": True, "tie_word_embeddings": True},
    {"model_type": "mistral"},
    {"model_type": "qwen2"},
    {"model_type": "qwen3", "attention_bias": True},
    {"model_type": "gemma"},
    {"model_type": "gemma2", "tie_word_embeddings": False},
    {"model_type": "gemma3_text", "attention_bias": True},
    {"model_type": "phi3"},
    {"model_type": "granite"},
    {"model_type": "smollm3"},
    {"model_type": "olmo2"},
    {"model_type": "mixtral", "num_local_experts": 4},
    {
        "model_type": "qwen3_moe", "num_experts": 4, "moe_intermediate_size": 24, "decoder_sparse_step": 2,
        "mlp_only_layers": [1],
    },
    {"model_type": "gpt_neox"},
    {"model_type": "gpt_neox", "attention_bias": False},
    {"model_type": "gpt2", "n_layer": 3, "n_embd": 48, "n_head": 6, "n_positions": 64},
]  # fmt: skip


def built(config: dict[str, Any], *, body: bool) -> int:
    import torch
    from transformers import CONFIG_MAPPING, AutoModel, AutoModelForCausalLM

    stated = {key: value for key, value in config.items() if key not in {"model_type", "architectures"}}
    auto = AutoModel if body else AutoModelForCausalLM
    with torch.device("meta"):
        model = auto.from_config(CONFIG_MAPPING[config["model_type"]](**stated))
    return sum(weight.numel() for weight in model.parameters())


@pytest.mark.parametrize("body", [False, True])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind.values())))
def test_weights_of_each_type_are_counted_exactly(kind: dict[str, Any], body: bool) -> None:
    config = {**SMALL, **kind, "architectures": ["TheModel" if body else "TheForCausalLM"]}
    assert count_parameters(config) == built(config, body=body)


def test_real_configs_are_counted_exactly_or_not_at_all(shared_data: Path) -> None:
    counted = 0
    for path in sorted((shared_data / "configs").glob("*.json")):
        config = json.loads(path.read_text("utf-8"))
        found = count_parameters(config)
        if found is not None:
            counted += 1
            assert found == built(config, body=not config["architectures"][0].endswith(("LM", "LMHeadModel"))), path
    assert counted >= 10
