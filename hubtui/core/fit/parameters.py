"""The number of weights of a decoder, worked out from its config.json: for repos without weights or sizes.

Term by term what `models/*/modeling_*.py` of transformers 5.23 builds; each type here is compared with the model on the
meta device (`tests/worker/test_counted_parameters.py`). Types that are not here are not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hubtui.core.fit.configs import TextConfig

_MOST_LAYERS = 4096


def count_parameters(config: Mapping[str, Any]) -> int | None:
    """Return the weights of the model that a config.json describes, None where hubtui has no formula for it."""
    text = TextConfig(config)
    names = config.get("architectures")
    head = str(names[0]) if isinstance(names, list) and names else ""
    rule = _RULES.get(text.model_type)
    if rule is None or text.raw is not config or not head.endswith(("ForCausalLM", "LMHeadModel", "Model")):
        return None
    layers, hidden, vocabulary = (text.size(what) for what in ("layers", "hidden", "vocabulary"))
    if not (layers and hidden and vocabulary) or layers > _MOST_LAYERS:
        return None
    body = rule(text, layers, hidden)
    if body is None:
        return None
    has_head = not head.endswith("Model") or head.endswith("LMHeadModel")
    table = vocabulary * hidden
    return body + table + (table if has_head and not _is_tied(text) else 0)


def _is_tied(text: TextConfig) -> bool:
    stated = text.get("tie_word_embeddings")
    return stated if isinstance(stated, bool) else text.model_type in _TIED


_TIED = frozenset({"gemma", "gemma2", "gemma3_text", "gpt2", "smollm3", "starcoder2"})
"""Types whose head is the table of embeddings unless their config says otherwise."""

_BIASED_QUERIES = frozenset({"qwen2"})
_NORMED_HEADS = frozenset({"qwen3", "qwen3_moe", "gemma3_text"})
_FOUR_NORMS = frozenset({"gemma2", "gemma3_text"})
_WITH_BIAS_SWITCH = frozenset({"llama", "granite", "qwen3", "qwen3_moe", "gemma", "gemma2", "gemma3_text", "smollm3"})


def _llama(text: TextConfig, layers: int, hidden: int) -> int | None:
    """Count layers with gated feed-forward steps and norms without bias, as Llama's and its relatives'."""
    attention = _attention(text, hidden)
    inner = text.size("intermediate")
    if attention is None or inner is None:
        return None
    feed_forward = 3 * hidden * inner
    if text.model_type == "llama" and text.get("mlp_bias") is True:
        feed_forward += 2 * inner + hidden
    sparse = _mixture(text, hidden)
    if sparse is None and text.model_type in _MIXTURES:
        return None
    steps = layers * feed_forward
    if sparse is not None:
        dense = _dense_layers(text, layers)
        steps = dense * feed_forward + (layers - dense) * sparse
    norms = (4 if text.model_type in _FOUR_NORMS else 2) * hidden
    return layers * (attention + norms) + steps + hidden


def _attention(text: TextConfig, hidden: int) -> int | None:
    heads, groups, width = text.size("heads"), text.key_value_heads, text.width
    if not (heads and groups and width):
        return None
    queries, keys = heads * width, groups * width
    found = 2 * hidden * queries + 2 * hidden * keys
    if text.model_type in _BIASED_QUERIES:
        found += queries + 2 * keys
    elif text.model_type in _WITH_BIAS_SWITCH and text.get("attention_bias") is True:
        found += queries + 2 * keys + hidden
    if text.model_type in _NORMED_HEADS:
        found += 2 * width
    elif text.model_type == "olmo2":
        found += queries + keys
    return found


_MIXTURES = frozenset({"mixtral", "qwen3_moe"})


def _mixture(text: TextConfig, hidden: int) -> int | None:
    """Return the weights of one layer of experts with its router."""
    if text.model_type not in _MIXTURES:
        return None
    experts = text.number("num_local_experts", "num_experts")
    inner = text.number("moe_intermediate_size") or text.size("intermediate")
    return experts * (3 * hidden * inner + hidden) if experts and inner else None


def _dense_layers(text: TextConfig, layers: int) -> int:
    """Return how many layers of a mixture have no experts (`Qwen3MoeDecoderLayer`)."""
    if text.model_type != "qwen3_moe":
        return 0
    only = text.get("mlp_only_layers")
    dense = set(only) if isinstance(only, list) else set()
    step = text.number("decoder_sparse_step") or 1
    return sum(1 for index in range(layers) if index in dense or (index + 1) % step)


def _gpt2(text: TextConfig, layers: int, hidden: int) -> int | None:
    positions = text.number("n_positions", "max_position_embeddings")
    inner = text.number("n_inner") or 4 * hidden
    return positions * hidden + layers * _plain_layer(hidden, inner) + 2 * hidden if positions else None


def _gpt_neox(text: TextConfig, layers: int, hidden: int) -> int | None:
    inner = text.size("intermediate")
    if inner is None:
        return None
    unbiased = 4 * hidden if text.get("attention_bias") is False else 0
    return layers * (_plain_layer(hidden, inner) - unbiased) + 2 * hidden


def _plain_layer(hidden: int, inner: int) -> int:
    """Return the weights of four square matrices, two feed-forward ones and two norms, all with biases."""
    return 4 * (hidden * hidden + hidden) + 2 * hidden * inner + inner + hidden + 4 * hidden


_RULES: Mapping[str, Callable[[TextConfig, int, int], int | None]] = {
    **dict.fromkeys(
        (
            *("llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "phi3", "granite", "smollm3"),
            *("olmo2", "mixtral", "qwen3_moe"),
        ),
        _llama,
    ),
    "gpt2": _gpt2,
    "gpt_neox": _gpt_neox,
}
