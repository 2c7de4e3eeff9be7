"""Whatever a stranger writes into config.json, the estimate answers: with a number, or that it is not known."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hubtui.core.fit import Device, fit_of_facts
from hubtui.core.fit.config_defaults import DEFAULTS, MORE_DEFAULTS, TEXT_TYPES
from hubtui.core.fit.configs import NAMES
from hubtui.core.models import ModelFacts

_ENTRIES = sorted({
    *(name for names in NAMES.values() for name in names), *(name for row in MORE_DEFAULTS.values() for name in row),
    "layer_types", "layers_block_type", "text_config", "attn_config", "ffn_config", "linear_attn_config", "block_types",
    "hybrid_override_pattern", "no_rope_layers", "full_attn_idxs", "attn_layer_indices", "per_layer_config", "dtype",
    "cross_attention_layers", "quantization_config", "is_encoder_decoder", "torch_dtype", "hidden_act", "use_cache",
    "architectures", "num_kv_shared_layers",
})  # fmt: skip
_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 300),
        st.integers(1 << 35, 1 << 70),
        st.floats(),
        st.text(max_size=6),
        st.sampled_from(["full_attention", "sliding_attention", "mamba", "hybrid", "M*-", "LlamaForCausalLM", "mxfp4"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(_ENTRIES), inner, max_size=4)),
    max_leaves=8,
)
_CONFIGS = st.dictionaries(st.sampled_from(_ENTRIES), _VALUES, max_size=8)
_BOX = (
    Device("GPU0", "gpu", 24 << 30, 20 << 30),
    Device("GPU1", "gpu", 24 << 30, 20 << 30),
    Device("CPU", "cpu", 9, 8),
)


@settings(max_examples=200, deadline=None)
@given(_CONFIGS, st.sampled_from([*DEFAULTS, *TEXT_TYPES, "unheard-of", [], {}, 3]), st.sampled_from([None, 1, 4096]))
def test_a_strange_config_is_no_reason_to_fail(config: dict[str, Any], model_type: object, context: int | None) -> None:
    stated = {"architectures": ["LlamaForCausalLM"], **config, "model_type": model_type}
    facts = ModelFacts("a/b", config=stated, parameters=10**9, parameters_by_dtype={"BF16": 10**9})
    fit = fit_of_facts(facts, _BOX, context=context, batch=2)
    parts = (fit.weights_bytes, fit.activations_bytes, fit.overhead_bytes, fit.kv_cache_bytes or 0)
    assert all(part is None or part >= 0 for part in parts)
    assert fit.weights_bytes is not None
    assert (fit.total_bytes is None) == (fit.overhead_bytes is None)
    assert all((entry.largest_context or 0) >= 0 for entry in fit.devices)
