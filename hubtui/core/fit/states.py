"""The recurrent state that a layer without attention keeps a sequence, whatever its length.

Each is a convolution's last inputs, in the model's dtype, and a state that transformers computes and keeps in 32 bits
(`cache_utils.LinearAttentionLayer`; seen for every type here on a run of it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hubtui.core.fit.configs import TextConfig, positive

_FLOAT32 = 4


@dataclass(frozen=True, slots=True)
class State:
    """What one layer keeps a sequence.

    Attributes:
        values: kept in the model's dtype.
        float_bytes: bytes kept in 32 bits whatever the model's dtype.
    """

    values: int
    float_bytes: int = 0


def state_of(config: TextConfig) -> State | None:
    """Return the state of a linear layer, None for types whose state is not known or whose sizes are missing."""
    rule = _RULES.get(config.model_type)
    try:
        return rule(config) if rule else None
    except _MissingError:
        return None


class _MissingError(Exception):
    """A size is not in the config."""


def _need(config: TextConfig, *names: str) -> int:
    found = config.number(*names)
    if found is None:
        raise _MissingError
    return found


def _need_size(config: TextConfig, what: str) -> int:
    found = config.size(what)
    if found is None:
        raise _MissingError
    return found


def _mamba(config: TextConfig) -> State:
    """Mamba (Gu and Dao 2023, section 3): inner × kernel, and inner × state."""
    inner = config.size("intermediate") if config.model_type != "jamba" else None
    inner = inner or _need(config, "expand", "mamba_expand") * _need_size(config, "hidden")
    kernel = _need(config, "conv_kernel", "mamba_d_conv")
    return State(inner * kernel, inner * _need(config, "state_size", "mamba_d_state") * _FLOAT32)


def _mamba2(config: TextConfig) -> State:
    """Mamba-2 (Dao and Gu 2024, section 7): (inner + 2 × groups × state) × kernel, and inner × state."""
    heads = config.number("mamba_n_heads", "n_mamba_heads", "mamba_num_heads", "num_heads")
    size = config.number("mamba_d_head", "mamba_head_dim", "mamba_headdim", "head_dim")
    inner = config.number("mamba_d_ssm")
    if inner is None and config.model_type in {"mamba2", "nemotron_h"} and heads and size:
        inner = heads * size
    inner = inner or _need(config, "mamba_expand", "expand") * _need_size(config, "hidden")
    groups = _need(config, "mamba_n_groups", "mamba_ngroups", "n_groups")
    state = _need(config, "mamba_d_state", "ssm_state_size", "state_size")
    kernel = _need(config, "mamba_d_conv", "conv_kernel")
    return State((inner + 2 * groups * state) * kernel, inner * state * _FLOAT32)


def _zamba(config: TextConfig) -> State:
    inner = _need(config, "mamba_expand") * _need_size(config, "hidden")
    return State(inner * _need(config, "mamba_d_conv"), inner * _need(config, "mamba_d_state") * _FLOAT32)


def _delta_net(config: TextConfig) -> State:
    """Gated DeltaNet (Yang, Kautz and Hatamizadeh 2024): keys, keys and values × kernel; heads × key × value."""
    heads, hidden = config.size("heads"), config.size("hidden")
    key_heads = config.number("linear_num_key_heads") or heads or 0
    value_heads = config.number("linear_num_value_heads") or heads or 0
    key = config.number("linear_key_head_dim") or (3 * hidden // (4 * key_heads) if hidden and key_heads else 0)
    value = config.number("linear_value_head_dim") or 2 * key
    channels = 2 * key_heads * key + value_heads * value
    return State(channels * _need(config, "linear_conv_kernel_dim"), value_heads * key * value * _FLOAT32)


def _kimi(config: TextConfig) -> State:
    """Kimi Delta Attention (Kimi Team 2025): three convolutions, and heads × key × value."""
    stated = config.get("linear_attn_config")
    named = stated if isinstance(stated, Mapping) else {}
    heads, size = positive(named.get("num_heads", 32)), positive(named.get("head_dim", 128))
    kernel = positive(named.get("short_conv_kernel_size", 4))
    if not (heads and size and kernel):
        raise _MissingError
    return State(3 * heads * size * kernel, heads * size * size * _FLOAT32)


def _short_convolution(config: TextConfig) -> State:
    """LFM2 keeps the last inputs of a convolution and nothing else."""
    return State(_need_size(config, "hidden") * _need(config, "conv_L_cache"))


def _griffin(config: TextConfig) -> State:
    """RG-LRU (De et al. 2024, "Griffin", section 2.4): kernel - 1 inputs, and one number a channel."""
    width = config.number("lru_width") or _need_size(config, "hidden")
    return State(width * (_need(config, "conv1d_width") - 1), width * _FLOAT32)


_RULES: Mapping[str, Callable[[TextConfig], State]] = {
    **dict.fromkeys(("mamba", "falcon_mamba", "jamba"), _mamba),
    **dict.fromkeys(("mamba2", "bamba", "granitemoehybrid", "falcon_h1", "zamba2", "nemotron_h"), _mamba2),
    "zamba": _zamba,
    **dict.fromkeys(("qwen3_next", "qwen3_5_text", "qwen3_5_moe_text", "olmo_hybrid"), _delta_net),
    "kimi_linear": _kimi,
    **dict.fromkeys(("lfm2", "lfm2_moe"), _short_convolution),
    "recurrent_gemma": _griffin,
}
