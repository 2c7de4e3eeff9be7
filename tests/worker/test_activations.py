"""What `core.fit` counts for a pass against what torch really allocates in one, kind by kind of model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hubtui.core.fit.activations import read_activations
from hubtui.core.fit.cache import read_cache

_TOKENS = 256
_SIZES: dict[str, Any] = {
    "vocab_size": 2000, "hidden_size": 256, "num_hidden_layers": 3, "num_attention_heads": 8, "intermediate_size": 704,
    "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
}  # fmt: skip
_GQA = {**_SIZES, "num_key_value_heads": 2}
KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "gated": ("LlamaForCausalLM", "llama", _GQA),
    "windows": ("MistralForCausalLM", "mistral", {**_GQA, "sliding_window": 64, "head_dim": 32}),
    "plain": ("OPTForCausalLM", "opt", {**_SIZES, "ffn_dim": 704, "word_embed_proj_dim": 256}),
    "gelu in steps": (
        "GPT2LMHeadModel", "gpt2",
        {"vocab_size": 2000, "n_embd": 256, "n_layer": 3, "n_head": 8, "n_inner": 704, "n_positions": 1024},
    ),
    "experts": ("MixtralForCausalLM", "mixtral", {**_GQA, "num_local_experts": 4, "num_experts_per_tok": 2}),
    "scores written out": (
        "BloomForCausalLM", "bloom", {"vocab_size": 2000, "hidden_size": 256, "n_layer": 3, "n_head": 8},
    ),
    "latent": (
        "DeepseekV3ForCausalLM", "deepseek_v3",
        {**_SIZES, "num_key_value_heads": 8, "moe_intermediate_size": 128, "kv_lora_rank": 64, "q_lora_rank": 64,
         "qk_rope_head_dim": 16, "qk_nope_head_dim": 32, "v_head_dim": 32, "n_routed_experts": 8,
         "num_experts_per_tok": 2, "n_group": 1, "topk_group": 1},
    ),
    "mamba": ("MambaForCausalLM", "mamba", {"vocab_size": 2000, "hidden_size": 256, "num_hidden_layers": 1}),
    "position bias": (
        "T5ForConditionalGeneration", "t5",
        {"vocab_size": 2000, "d_model": 256, "d_kv": 32, "d_ff": 704, "num_layers": 2, "num_heads": 8,
         "decoder_start_token_id": 0},
    ),
    "encoder": ("BertForMaskedLM", "bert", {**_SIZES, "max_position_embeddings": 1024}),
}  # fmt: skip


def _peak_bytes(run: Callable[[], object]) -> int:
    """The most that torch holds on the CPU at once, above what it holds before."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True, acc_events=True) as profiled:
        run()
    recorded: Any = profiled.profiler
    events = [event for event in recorded.kineto_results.events() if event.name() == "[memory]"]
    held = most = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        held += event.nbytes()
        most = max(most, held)
    return most


@pytest.mark.parametrize("kind", KINDS)
def test_a_pass_takes_what_is_counted_for_it(kind: str) -> None:
    import torch
    import transformers

    head, model_type, settings = KINDS[kind]
    model = getattr(transformers, head)(transformers.CONFIG_MAPPING[model_type](**settings)).eval()
    ids = torch.full((1, _TOKENS), 5)
    given: dict[str, Any] = {"attention_mask": torch.ones_like(ids)}

    def run() -> object:
        with torch.no_grad():
            if not model.can_generate():
                return model(ids, **given)
            return model.generate(ids, max_new_tokens=2, min_new_tokens=2, do_sample=False, pad_token_id=0, **given)

    config = {**settings, "model_type": model_type, "architectures": [head]}
    activations = read_activations(config)
    assert activations is not None
    expected = activations.bytes(_TOKENS, 1, 4, on_cpu=True)
    if model.can_generate() and not model.config.is_encoder_decoder:
        expected += read_cache(config).bytes(_TOKENS, 1, 4) or 0
    assert _peak_bytes(run) == pytest.approx(expected, rel=0.2)
