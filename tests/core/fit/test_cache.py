"""Bytes of caches against arithmetic in the open, for real configs and for the awkward ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hubtui.core.fit.cache import kv_cache_bytes, read_cache

Config = Callable[[str], dict[str, Any]]
WRITES = {"architectures": ["LlamaForCausalLM"]}


@pytest.fixture
def config(shared_data: Path) -> Config:
    """A config of the shared data, as one that writes."""

    def read(name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((shared_data / "configs" / f"{name}.json").read_text())
        return found if found.get("architectures") else {**found, **WRITES}

    return read


# Keys and values × layers × key/value heads × head size × 2 bytes (Pope et al. 2022, section 3.3), the sizes being
# those of each config.json; where a key/value head serves several query heads see Ainslie et al. 2023.
A_TOKEN = {
    "llama-3.1-8b": 2 * 32 * 8 * 128 * 2,  # 131,072: the model card's 128 KiB
    "llama-3.2-3b": 2 * 28 * 8 * 128 * 2,
    "qwen2.5-3b": 2 * 36 * 2 * 128 * 2,
    "qwen2.5-7b": 2 * 28 * 4 * 128 * 2,
    "qwen2.5-14b": 2 * 48 * 8 * 128 * 2,
    "qwen2.5-32b": 2 * 64 * 8 * 128 * 2,
    "qwen3-4b": 2 * 36 * 8 * 128 * 2,  # heads of 128 though 2560 / 32 is 80
    "qwen3-8b": 2 * 36 * 8 * 128 * 2,
    "qwen3-14b": 2 * 40 * 8 * 128 * 2,
    "qwen3-32b": 2 * 64 * 8 * 128 * 2,
    "qwen3-30b-a3b": 2 * 48 * 4 * 128 * 2,
    "default-gpt2": 2 * 12 * 12 * 64 * 2,
    "default-gpt_neox": 2 * 44 * 64 * 96 * 2,
    "default-gpt_neo": 2 * 24 * 16 * 128 * 2,  # its local layers keep everything too (modeling_gpt_neo)
    "default-bloom": 2 * 2 * 8 * 8 * 2,
    "default-mpt": 2 * 24 * 16 * 128 * 2,
    "default-opt": 2 * 12 * 12 * 64 * 2,
    "default-falcon": 2 * 32 * 1 * 64 * 2,  # multi_query, whatever num_kv_heads says
    "default-gemma": 2 * 28 * 16 * 256 * 2,
    "default-cohere": 2 * 40 * 64 * 128 * 2,
    "default-granite": 2 * 32 * 32 * 128 * 2,
    "default-olmo2": 2 * 32 * 32 * 128 * 2,
    "default-phi": 2 * 24 * 32 * 64 * 2,
    "default-starcoder2": 2 * 30 * 2 * 128 * 2,
    "default-mixtral": 2 * 32 * 8 * 128 * 2,
    "default-glm4_moe": 2 * 46 * 8 * 42 * 2,
    # compressed keys and values of 512 and one rotary key of 64 (DeepSeek-V2, section 2.1.4, table 1)
    "default-deepseek_v3": 61 * (512 + 64) * 2,
}


@pytest.mark.parametrize("name", A_TOKEN)
def test_a_real_config_costs_what_its_sizes_multiply_to(config: Config, name: str) -> None:
    assert kv_cache_bytes(config(name), 1000, 1, 2) == 1000 * A_TOKEN[name]
    assert kv_cache_bytes(config(name), 1000, 3, 4) == 1000 * A_TOKEN[name] * 3 * 2


def test_a_window_bounds_what_its_layers_keep(config: Config) -> None:
    # 13 of 26 layers see 4,096 tokens, and keep the 4,095 before the one being written (DynamicSlidingWindowLayer)
    a_layer = 2 * 4 * 256 * 2
    assert kv_cache_bytes(config("default-gemma2"), 8192, 1, 2) == (13 * 8192 + 13 * 4095) * a_layer
    assert kv_cache_bytes(config("default-gemma2"), 2000, 1, 2) == 26 * 2000 * a_layer
    # five of six layers of Gemma 3; 26 layers hold four full ones
    assert kv_cache_bytes(config("default-gemma3_text"), 32_768, 1, 2) == (4 * 32_768 + 22 * 4095) * 2 * 4 * 256 * 2
    # every other layer of gpt-oss sees 128 tokens
    assert kv_cache_bytes(config("default-gpt_oss"), 8192, 1, 2) == (18 * 8192 + 18 * 127) * 2 * 8 * 64 * 2
    # all layers of the first Mistral
    assert kv_cache_bytes(config("default-mistral"), 8192, 1, 2) == 32 * 4095 * 2 * 8 * 128 * 2


def test_qwens_windows_count_only_when_they_are_switched_on(config: Config) -> None:
    found = config("qwen2.5-7b")
    assert found["use_sliding_window"] is False
    on = {**found, "use_sliding_window": True, "sliding_window": 1024, "max_window_layers": 20}
    on.pop("layer_types", None)
    assert kv_cache_bytes(on, 8192, 1, 2) == (20 * 8192 + 8 * 1023) * 2 * 4 * 128 * 2


def test_a_recurrent_state_does_not_grow(config: Config) -> None:
    # Mamba: 1536 channels × 4 inputs in 16 bits, 1536 × 16 states in 32 bits, 32 layers (Gu and Dao 2023)
    state = 32 * (1536 * 4 * 2 + 1536 * 16 * 4)
    assert kv_cache_bytes(config("default-mamba"), 10, 1, 2) == kv_cache_bytes(config("default-mamba"), 10**6, 1, 2)
    assert kv_cache_bytes(config("default-mamba"), 10, 3, 2) == 3 * state


def test_a_hybrid_keeps_both(config: Config) -> None:
    # Jamba: 4 of 32 layers attend, 28 keep 8192 channels × 4 inputs and 8192 × 16 states (Lieber et al. 2024)
    states = 28 * (8192 * 4 * 2 + 8192 * 16 * 4)
    assert kv_cache_bytes(config("default-jamba"), 1000, 1, 2) == 4 * 1000 * 2 * 8 * 128 * 2 + states
    groups = {group.kind: group.layers for group in read_cache(config("default-jamba")).layers}
    assert groups == {"full attention": 4, "recurrent state": 28}


def test_an_encoder_decoder_keeps_its_input_too(config: Config) -> None:
    # T5 small: 6 layers, 8 heads of 64, once for what is written and once for the input
    assert kv_cache_bytes(config("default-t5"), 512, 1, 4) == 2 * (2 * 6 * 8 * 64) * 512 * 4
    assert kv_cache_bytes(config("default-bart"), 512, 1, 2) == 2 * (2 * 12 * 16 * 64) * 512 * 2
    for name in ("default-m2m_100", "default-marian", "default-mbart", "default-pegasus"):
        assert kv_cache_bytes(config(name), 512, 1, 2) == 2 * (2 * 12 * 16 * 64) * 512 * 2, name
    # Whisper hears 1,500 frames of half a minute whatever it writes, and writes 448 tokens at most
    whisper = {**config("whisper-large-v3"), "architectures": ["WhisperForConditionalGeneration"]}
    assert kv_cache_bytes(whisper, 100, 1, 2) == 2 * 32 * 20 * 64 * (100 + 1500) * 2
    assert kv_cache_bytes(whisper, 5000, 1, 2) == 2 * 32 * 20 * 64 * (448 + 1500) * 2


def test_llama_4_keeps_a_chunk_in_three_of_four_layers() -> None:
    llama4 = {"model_type": "llama4", "text_config": {"model_type": "llama4_text"}, **WRITES}
    assert kv_cache_bytes(llama4, 100_000, 1, 2) == (12 * 100_000 + 36 * 8191) * 2 * 8 * 128 * 2


def test_a_linear_layer_of_qwen3_next_keeps_its_delta_rule() -> None:
    found = {"model_type": "qwen3_next", **WRITES}
    # 36 layers: (2 × 16 × 128 + 32 × 128) channels × 4 inputs in 16 bits, 32 heads × 128 × 128 in 32 bits
    states = 36 * ((2 * 16 * 128 + 32 * 128) * 4 * 2 + 32 * 128 * 128 * 4)
    assert kv_cache_bytes(found, 1000, 1, 2) == 12 * 1000 * 2 * 2 * 256 * 2 + states


def test_recurrent_gemma_keeps_a_window_and_a_state() -> None:
    found = {"model_type": "recurrent_gemma", **WRITES}
    # 8 local layers of 10 heads of 256, 2,048 tokens; 18 recurrent ones of width 2560 (De et al. 2024, section 2.4)
    states = 18 * (2560 * 3 * 2 + 2560 * 4)
    assert kv_cache_bytes(found, 8192, 1, 2) == 8 * 2047 * 2 * 10 * 256 * 2 + states


def test_nested_configs_leave_out_what_equals_their_types_default() -> None:
    # as gemma-3-4b-it states itself: heads and their size are Gemma3TextConfig's 8, 4 and 256
    text = {"model_type": "gemma3_text", "hidden_size": 2560, "num_hidden_layers": 34, "sliding_window": 1024}
    gemma = {"model_type": "gemma3", "architectures": ["Gemma3ForConditionalGeneration"], "text_config": text}
    assert kv_cache_bytes(gemma, 8192, 1, 2) == (5 * 8192 + 29 * 1023) * 2 * 4 * 256 * 2
    # as llava-1.5-7b does: LlamaConfig's 32 layers of 32 heads
    vicuna = {"model_type": "llama", "max_position_embeddings": 4096, "vocab_size": 32064}
    llava = {"model_type": "llava", "architectures": ["LlavaForConditionalGeneration"], "text_config": vicuna}
    assert kv_cache_bytes(llava, 100, 1, 2) == 2 * 32 * 32 * 128 * 100 * 2
    assert (
        kv_cache_bytes({**llava, "text_config": {**vicuna, "num_attention_heads": 8}}, 1, 1, 2) == 2 * 32 * 8 * 512 * 2
    )
    # the first Qwen2-VL is flat
    flat = {"model_type": "qwen2_vl", "num_hidden_layers": 28, "num_attention_heads": 12, "num_key_value_heads": 2,
            "hidden_size": 1536, "architectures": ["Qwen2VLForConditionalGeneration"]}  # fmt: skip
    assert kv_cache_bytes(flat, 100, 1, 2) == 2 * 28 * 2 * 128 * 100 * 2


def test_falcon_40b_is_told_apart_from_7b() -> None:
    big = {"model_type": "falcon", "num_hidden_layers": 60, "num_attention_heads": 128, "hidden_size": 8192,
           "new_decoder_architecture": True, "num_kv_heads": 8, **WRITES}  # fmt: skip
    assert kv_cache_bytes(big, 10, 1, 2) == 2 * 60 * 128 * 64 * 10 * 2
    assert any("spread over all heads" in note for note in read_cache(big).notes)


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "bert", "architectures": ["BertForMaskedLM"], "num_hidden_layers": 2},
        {"model_type": "bert"},
        {"model_type": "t5", "architectures": ["T5EncoderModel"]},
        {"model_type": "qwen2", "architectures": ["Qwen2ForSequenceClassification"]},
        {"model_type": "anything", "architectures": ["SomethingModel"]},
    ],
)
def test_what_does_not_write_keeps_nothing(config: dict[str, Any]) -> None:
    assert kv_cache_bytes(config, 512, 1, 4) == 0


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "chatglm", "num_layers": 28, "num_attention_heads": 32, "hidden_size": 4096, **WRITES},
        {"model_type": "rwkv", "num_hidden_layers": 24, "hidden_size": 2048, **WRITES},
        {"num_hidden_layers": 24, "num_attention_heads": 16, "hidden_size": 2048, **WRITES},
        {"model_type": "llama", "layer_types": ["full_attention", "something_new"], **WRITES},
        {"model_type": "llama", "per_layer_config": {"3": {"head_dim": 64}}, **WRITES},
        {"model_type": "nemotron_h", "hybrid_override_pattern": "M*X", **WRITES},
        {"model_type": "llava", "architectures": ["LlavaForConditionalGeneration"]},
        {"model_type": "zamba2", **WRITES},
        {},
    ],
)
def test_what_is_not_known_is_said_and_not_guessed(config: dict[str, Any]) -> None:
    cache = read_cache(config)
    assert not cache.is_known
    assert cache.bytes(512, 1, 2) is None
    assert cache.notes[0].endswith(".")


@pytest.mark.parametrize("value", [None, -1, 0, "12", True, [3], 1 << 60, {}, 2.5])
def test_nonsense_from_a_stranger_is_no_size(value: object) -> None:
    for name in ("num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim", "sliding_window"):
        found = kv_cache_bytes({"model_type": "llama", name: value, **WRITES}, 10, 1, 2)
        assert found is None or 0 < found < 1 << 60, name


def test_a_prompt_is_held_whole_until_the_next_token() -> None:
    mistral = {"model_type": "mistral", "sliding_window": 1000, **WRITES}
    # DynamicSlidingWindowLayer.update keeps a view of all keys and values of the prompt
    assert read_cache(mistral).uncut(5000, 1, 2) == 32 * (5000 - 999) * 2 * 8 * 128 * 2
    assert read_cache(mistral).uncut(500, 1, 2) == 0


def test_a_config_that_switches_the_cache_off_is_told() -> None:
    assert any("switches the cache off" in note for note in read_cache({"model_type": "mpt", "use_cache": False}).notes)
