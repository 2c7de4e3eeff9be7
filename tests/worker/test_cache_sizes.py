"""What `core.fit` counts for a cache against the cache that transformers really holds, kind by kind of model."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from hubtui.core.fit.cache import read_cache

_PROMPT, _NEW, _BATCH = 9, 4, 2
_HELD = _PROMPT + _NEW - 1  # the last token is never fed back

_SIZES: dict[str, Any] = {
    "vocab_size": 96, "hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 24,
}  # fmt: skip
_GQA = {**_SIZES, "num_key_value_heads": 2}
_MLA = {
    **_SIZES, "num_key_value_heads": 4, "moe_intermediate_size": 8, "kv_lora_rank": 12, "q_lora_rank": 10,
    "qk_rope_head_dim": 4, "qk_nope_head_dim": 6, "v_head_dim": 6, "n_routed_experts": 4, "num_experts_per_tok": 2,
    "n_group": 1, "topk_group": 1,
}  # fmt: skip
_MAMBA2 = {"mamba_n_heads": 8, "mamba_d_state": 6, "mamba_d_conv": 4, "mamba_expand": 2, "mamba_n_groups": 2}
_DELTA = {
    "linear_num_key_heads": 2, "linear_num_value_heads": 4, "linear_key_head_dim": 8, "linear_value_head_dim": 6,
    "linear_conv_kernel_dim": 3,
}  # fmt: skip
_SEQ2SEQ = {
    "vocab_size": 96, "d_model": 32, "encoder_layers": 2, "decoder_layers": 3, "encoder_attention_heads": 4,
    "decoder_attention_heads": 2, "encoder_ffn_dim": 24, "decoder_ffn_dim": 24, "max_position_embeddings": 40,
    "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, "decoder_start_token_id": 2, "forced_eos_token_id": None,
}  # fmt: skip
_T5 = {
    "vocab_size": 96, "d_model": 32, "d_kv": 6, "d_ff": 24, "num_layers": 3, "num_decoder_layers": 3, "num_heads": 4,
    "decoder_start_token_id": 0,
}  # fmt: skip

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "all heads": ("llama", _SIZES),
    "grouped queries": ("llama", _GQA),
    "one head": ("gpt_bigcode", {"vocab_size": 96, "n_embd": 32, "n_layer": 3, "n_head": 4, "n_inner": 24}),
    "gpt2": ("gpt2", {"vocab_size": 96, "n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": 64}),
    "local attention of gpt_neo": (
        "gpt_neo",
        {"vocab_size": 96, "hidden_size": 32, "num_layers": 4, "num_heads": 4, "window_size": 4,
         "attention_types": [[["global", "local"], 2]]},
    ),
    "bloom": ("bloom", {"vocab_size": 96, "hidden_size": 32, "n_layer": 3, "n_head": 4}),
    "mpt": ("mpt", {"vocab_size": 96, "d_model": 32, "n_layers": 3, "n_heads": 4, "use_cache": True}),
    "opt": ("opt", {**_SIZES, "ffn_dim": 24, "word_embed_proj_dim": 32}),
    "falcon 7B": ("falcon", {**_SIZES, "multi_query": True}),
    "falcon 40B": ("falcon", {**_SIZES, "new_decoder_architecture": True, "num_kv_heads": 2}),
    "falcon 1B": ("falcon", {**_SIZES, "multi_query": False, "num_kv_heads": 4, "alibi": True}),
    "dbrx": (
        "dbrx",
        {"vocab_size": 96, "d_model": 32, "n_layers": 2, "n_heads": 4,
         "attn_config": {"kv_n_heads": 2, "clip_qkv": 8, "rope_theta": 1e4},
         "ffn_config": {"ffn_hidden_size": 16, "moe_num_experts": 2, "moe_top_k": 1}},
    ),
    "mixture of experts": ("mixtral", {**_GQA, "num_local_experts": 4}),
    "window on all layers": ("mistral", {**_GQA, "head_dim": 8, "sliding_window": 6}),
    "window on the upper layers": (
        "qwen2", {**_GQA, "use_sliding_window": True, "sliding_window": 6, "max_window_layers": 1},
    ),
    "window not used": ("qwen2", {**_GQA, "use_sliding_window": False, "sliding_window": 6}),
    "window on every other layer": ("gemma2", {**_GQA, "head_dim": 8, "sliding_window": 6}),
    "five windows to one full layer": (
        "gemma3_text", {**_GQA, "num_hidden_layers": 7, "head_dim": 8, "sliding_window": 6},
    ),
    "shared layers of gemma3n": (
        "gemma3n_text",
        {**_GQA, "num_hidden_layers": 10, "head_dim": 8, "sliding_window": 6, "num_kv_shared_layers": 4,
         "vocab_size_per_layer_input": 96, "hidden_size_per_layer_input": 8, "laurel_rank": 4},
    ),
    "wider heads of gemma4": (
        "gemma4_text",
        {**_GQA, "num_hidden_layers": 7, "head_dim": 8, "global_head_dim": 16, "sliding_window": 6,
         "vocab_size_per_layer_input": 96, "hidden_size_per_layer_input": 8},
    ),
    "gpt_oss": (
        "gpt_oss", {**_GQA, "head_dim": 8, "sliding_window": 6, "num_local_experts": 4, "num_experts_per_tok": 2},
    ),
    "chunks": (
        "llama4_text",
        {**_GQA, "head_dim": 8, "intermediate_size_mlp": 24, "num_local_experts": 2, "attention_chunk_size": 6},
    ),
    "compressed, v2": ("deepseek_v2", _MLA),
    "compressed, v3": ("deepseek_v3", _MLA),
    "compressed and indexed": ("deepseek_v32", {**_MLA, "index_head_dim": 8, "index_n_heads": 4, "index_topk": 8}),
    "mamba": ("mamba", {**_SIZES, "state_size": 6}),
    "falcon mamba": ("falcon_mamba", {**_SIZES, "state_size": 6}),
    "mamba 2": ("mamba2", {**_SIZES, "state_size": 6, "num_heads": 8, "head_dim": 8, "n_groups": 2}),
    "jamba": (
        "jamba",
        {**_GQA, "attn_layer_period": 2, "attn_layer_offset": 1, "num_experts": 2, "mamba_d_state": 6,
         "use_mamba_kernels": False},
    ),
    "bamba": ("bamba", {**_GQA, **_MAMBA2, "attn_layer_indices": [1]}),
    "granite hybrid": (
        "granitemoehybrid",
        {**_GQA, **_MAMBA2, "layer_types": ["mamba", "attention", "mamba", "mamba"], "num_local_experts": 0,
         "num_experts_per_tok": 0, "shared_intermediate_size": 16},
    ),
    "falcon h1": ("falcon_h1", {**_GQA, **_MAMBA2, "mamba_n_heads": 6, "mamba_d_head": 8, "mamba_d_ssm": 48}),
    "zamba 2": (
        "zamba2",
        {**_SIZES, "n_mamba_heads": 8, "mamba_d_state": 6, "mamba_ngroups": 2, "num_mem_blocks": 1,
         "layers_block_type": ["mamba", "hybrid", "mamba", "hybrid"]},
    ),
    "nemotron h": (
        "nemotron_h",
        {**_GQA, "head_dim": 8, "mamba_num_heads": 8, "mamba_head_dim": 8, "ssm_state_size": 6, "n_groups": 2,
         "hybrid_override_pattern": "M*M-"},
    ),
    "gated delta net": (
        "qwen3_next",
        {**_GQA, **_DELTA, "head_dim": 8, "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 8,
         "shared_expert_intermediate_size": 8},
    ),
    "short convolutions": ("lfm2", {**_GQA, "full_attn_idxs": [1, 3], "conv_L_cache": 3}),
    "t5": ("t5", _T5),
    "bart": ("bart", _SEQ2SEQ),
    "m2m_100": ("m2m_100", _SEQ2SEQ),
    "marian": ("marian", _SEQ2SEQ),
    "pegasus": ("pegasus", _SEQ2SEQ),
    "whisper": (
        "whisper", {**_SEQ2SEQ, "max_source_positions": 20, "max_target_positions": 30, "num_mel_bins": 4,
                    "begin_suppress_tokens": None, "suppress_tokens": None},
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    yield
    torch.set_num_threads(threads)


def _config(model_type: str, settings: dict[str, Any]) -> Any:
    from transformers import CONFIG_MAPPING

    free = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    return CONFIG_MAPPING[model_type](**{**free, **settings})


def _model(config: Any) -> Any:
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoModelForSpeechSeq2Seq

    torch.manual_seed(0)
    auto: Any = AutoModelForCausalLM
    if config.is_encoder_decoder:
        auto = AutoModelForSpeechSeq2Seq if config.model_type == "whisper" else AutoModelForSeq2SeqLM
    return auto.from_config(config).eval()


def _held(model: Any) -> int:
    """Bytes of every tensor in the cache after a prompt and three more tokens."""
    import torch

    prompt = torch.full((_BATCH, _PROMPT), 5)
    settings = {"max_new_tokens": _NEW, "min_new_tokens": _NEW, "do_sample": False, "return_dict_in_generate": True}
    if model.config.model_type == "whisper":
        # one token to begin with, twelve written
        sound = torch.zeros(_BATCH, 4, 40)
        more = {"max_new_tokens": _HELD, "min_new_tokens": _HELD}
        start = torch.full((_BATCH, 1), 2)
        made = super(type(model), model).generate(sound, decoder_input_ids=start, **{**settings, **more})
    elif model.config.is_encoder_decoder:
        start = torch.full((_BATCH, _PROMPT), model.config.decoder_start_token_id)
        made = model.generate(torch.full((_BATCH, _HELD), 5), decoder_input_ids=start, **settings)
    else:
        made = model.generate(prompt, attention_mask=torch.ones_like(prompt), **settings)
    cache = made.get("past_key_values") if made.get("past_key_values") is not None else made["cache_params"]
    parts = (
        [cache.self_attention_cache, cache.cross_attention_cache]
        if hasattr(cache, "cross_attention_cache")
        else [cache]
    )
    return sum(_bytes(layer) for part in parts for layer in part.layers)


def _bytes(layer: Any) -> int:
    import torch

    found = [layer.__dict__.get(name) for name in ("keys", "values", "indexer_keys")]
    for states in ("conv_states", "recurrent_states"):
        found += list((layer.__dict__.get(states) or {}).values())
    return sum(tensor.numel() * tensor.element_size() for tensor in found if isinstance(tensor, torch.Tensor))


@pytest.mark.parametrize("kind", KINDS)
def test_the_cache_that_is_counted_is_the_one_that_is_held(kind: str) -> None:
    model_type, settings = KINDS[kind]
    model = _model(_config(model_type, settings))
    stated = {**settings, "model_type": model_type, "architectures": [type(model).__name__]}
    cache = read_cache(stated)
    assert cache.is_known, cache.notes
    assert cache.bytes(_HELD, _BATCH, 4) == _held(model)
