"""What llama.cpp keeps and computes in, against what it prints itself, and by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hubtui.core.fit import Device, fit_of_facts, sizes_file
from hubtui.core.fit.gguf import read_needs
from hubtui.core.fit.tables import part_rows
from hubtui.core.models import FileEntry, ModelFacts

MIB, GIB = 1 << 20, 1 << 30
GPU = Device("GPU0", "gpu", 24 * GIB, 22 * GIB)


def _sizes(architecture: str, **keys: Any) -> dict[str, Any]:
    found = {f"{architecture}.{name.replace('__', '.')}": value for name, value in keys.items()}
    return {"general.architecture": architecture, **found}


LLAMA_3_8B = _sizes(
    "llama", block_count=32, embedding_length=4096, feed_forward_length=14336, attention__head_count=32,
    attention__head_count_kv=8, vocab_size=128256, context_length=8192,
)  # fmt: skip
LLAMA_2_7B = _sizes(
    "llama", block_count=32, embedding_length=4096, feed_forward_length=11008, attention__head_count=32,
    context_length=4096,
)  # fmt: skip
GEMMA_3_4B = _sizes(
    "gemma3", block_count=34, embedding_length=2560, feed_forward_length=10240, attention__head_count=8,
    attention__head_count_kv=4, attention__key_length=256, attention__value_length=256, attention__sliding_window=1024,
    context_length=131072,
)  # fmt: skip


@pytest.mark.parametrize(
    ("sizes", "context", "cache", "buffers"),
    [
        # what llama.cpp prints: "KV buffer size = 64.00 MiB", "compute buffer size = 258.50 MiB" at 512 tokens
        (LLAMA_3_8B, 512, 64.0, 258.5),
        (LLAMA_3_8B, 2048, 256.0, 258.5),
        # "KV buffer size = 256.00 MiB", "compute buffer size = 70.50 MiB"; its vocabulary is counted, not stated
        ({**LLAMA_2_7B, "tokenizer.ggml.tokens": 32000}, 512, 256.0, 70.5),
    ],
)
def test_cache_and_buffers_are_those_that_llama_cpp_prints(
    sizes: dict[str, Any], context: int, cache: float, buffers: float
) -> None:
    needs = read_needs(sizes)
    assert needs.cache.bytes(context, 1, 2) == cache * MIB
    assert needs.buffers is not None
    assert needs.buffers.bytes(context, 1, 2) == buffers * MIB


def _layers(sizes: dict[str, Any]) -> list[tuple[str, int, int, int | None]]:
    return [(group.kind, group.layers, group.values, group.most_tokens) for group in read_needs(sizes).cache.layers]


def test_layers_with_a_window_keep_the_window_and_what_is_computed_together() -> None:
    # every sixth of 34 layers is full; a window of 1,024 and 512 more tokens are 1,536, a multiple of 256
    assert _layers(GEMMA_3_4B) == [("sliding window", 29, 2048, 1536), ("full attention", 5, 2048, None)]
    by_hand = 2 * 2048 * (29 * 1536 + 5 * 32_768)
    assert read_needs(GEMMA_3_4B).cache.bytes(32_768, 1, 2) == by_hand
    odd = {**GEMMA_3_4B, "gemma3.attention.sliding_window": 1000}
    assert _layers(odd)[0][3] == 1536, "1,512 is padded"


@pytest.mark.parametrize(
    ("more", "kinds"),
    [
        ({"attention__sliding_window_pattern": 3}, [("sliding window", 4), ("full attention", 2)]),
        ({"attention__sliding_window_pattern": (True, False)}, [("sliding window", 3), ("full attention", 3)]),
        ({}, [("full attention", 6)]),  # llama.cpp does not know of a pattern for this architecture
    ],
)
def test_the_file_says_which_layers_have_the_window(more: dict[str, Any], kinds: list[tuple[str, int]]) -> None:
    sizes = _sizes(
        "qwen2", block_count=6, embedding_length=64, attention__head_count=4, attention__sliding_window=128, **more
    )
    assert [group[:2] for group in _layers(sizes)] == kinds


def test_heads_may_differ_from_layer_to_layer() -> None:
    sizes = _sizes(
        "openelm", block_count=4, embedding_length=256, attention__head_count=(12, 12, 16, 16),
        attention__head_count_kv=(3, 3, 4, 4), attention__key_length=64, attention__value_length=64,
    )  # fmt: skip
    assert _layers(sizes) == [("full attention", 2, 3 * 128, None), ("full attention", 2, 4 * 128, None)]


def test_the_windows_of_gemma_4_have_heads_of_their_own_and_its_last_layers_keep_nothing() -> None:
    sizes = _sizes(
        "gemma4", block_count=6, embedding_length=1536, attention__head_count=8, attention__head_count_kv=1,
        attention__key_length=512, attention__value_length=512, attention__key_length_swa=256,
        attention__value_length_swa=256, attention__sliding_window=512, attention__shared_kv_layers=2,
        attention__sliding_window_pattern=(True, True, True, True, False, True),
    )  # fmt: skip
    assert _layers(sizes) == [("sliding window", 4, 512, 1024)]


def test_compressed_keys_and_values_are_kept_once() -> None:
    sizes = _sizes(
        "deepseek2", block_count=62, nextn_predict_layers=1, embedding_length=7168, attention__head_count=128,
        attention__head_count_kv=1, attention__key_length=576, attention__value_length=512,
        attention__key_length_mla=192, attention__value_length_mla=128,
    )  # fmt: skip
    assert _layers(sizes) == [("compressed (MLA)", 61, 576, None)]


def test_states_are_counted_beside_the_layers_that_attend() -> None:
    mamba = _sizes(
        "mamba", block_count=48, embedding_length=1536, ssm__conv_kernel=4, ssm__inner_size=3072, ssm__state_size=16,
        attention__head_count=0,
    )  # fmt: skip
    assert read_needs(mamba).cache.bytes(1_000, 1, 2) == 48 * 4 * (3 * 3072 + 16 * 3072)
    lfm = _sizes(
        "lfm2", block_count=4, embedding_length=1024, attention__head_count=16,
        attention__head_count_kv=(0, 0, 8, 0), shortconv__l_cache=3,
    )  # fmt: skip
    assert read_needs(lfm).cache.bytes(100, 1, 2) == 100 * 8 * 128 * 2 + 3 * 4 * 1024 * 2
    qwen = _sizes(
        "qwen3next", block_count=8, embedding_length=2048, attention__head_count=16, attention__head_count_kv=2,
        attention__key_length=256, attention__value_length=256, ssm__conv_kernel=4, ssm__inner_size=4096,
        ssm__state_size=128, ssm__group_count=16,
    )  # fmt: skip
    state = 4 * (3 * (4096 + 2 * 16 * 128) + 128 * 4096)
    assert read_needs(qwen).cache.bytes(10, 1, 2) == 2 * 10 * 2 * 512 * 2 + 6 * state
    nemotron = _sizes(
        "nemotron_h", block_count=3, embedding_length=64, attention__head_count=4, attention__head_count_kv=(0, 0, 2),
        feed_forward_length=(0, 256, 0), ssm__inner_size=128, ssm__state_size=8, ssm__conv_kernel=4,
    )  # fmt: skip
    assert [group.layers for group in read_needs(nemotron).cache.layers] == [1, 1]
    rwkv = _sizes("rwkv7", block_count=2, embedding_length=64, attention__head_count_kv=0, wkv__head_size=16)
    assert read_needs(rwkv).cache.bytes(10, 1, 2) == 2 * 4 * (2 * 64 + 64 * 16)


@pytest.mark.parametrize(
    ("sizes", "is_known"),
    [
        (_sizes("nomic-bert", block_count=12, embedding_length=768, attention__head_count=12), True),
        (_sizes("gemma3", block_count=4, embedding_length=64, attention__head_count=4, attention__causal=False), True),
        (_sizes("t5", block_count=4, embedding_length=64, attention__head_count=4), False),
        (_sizes("llama", block_count=10**9, embedding_length=64, attention__head_count=4), False),
        (_sizes("llama", block_count=4, attention__head_count=4), False),
        (_sizes("mamba", block_count=4, embedding_length=64), False),
        ({}, False),
        ({"general.architecture": 7, "7.block_count": True}, False),
    ],
    ids=str,
)
def test_what_does_not_write_or_does_not_say_is_no_guess(sizes: dict[str, Any], is_known: bool) -> None:
    cache = read_needs(sizes).cache
    assert (cache.is_known, cache.layers) == (is_known, ())
    assert cache.notes


FACTS = ModelFacts(
    "maker/model-GGUF",
    commit="c" * 40,
    parameters=8_030_000_000,
    files=(
        FileEntry("README.md", 1_000, format="card"),
        FileEntry("model-Q4_K_M.gguf", 4_920_000_000, format="gguf"),
        FileEntry("model-Q8_0.gguf", 8_540_000_000, format="gguf"),
    ),
    formats=("gguf",),
)


def test_a_repository_of_gguf_files_has_a_cache_and_a_largest_context() -> None:
    assert sizes_file(FACTS) == "model-Q4_K_M.gguf"
    fit = fit_of_facts(FACTS, [GPU], context=8192, gguf=LLAMA_3_8B)
    assert fit.kv_cache_bytes == 1 << 30
    assert fit.activations_bytes == 258.5 * MIB
    assert fit.devices[0].largest_context == 8192, "no more than it was made for"
    assert fit.sources["kv_cache"][0].startswith("llama.cpp")
    words = fit_of_facts(FACTS, [GPU], context=8192, gguf=GEMMA_3_4B)
    assert ["", "182 MB", "29 layers: sliding window of 1,024"] in part_rows(words)
    assert ["activations", "271 MB", "512 tokens at a time"] in part_rows(fit)


def test_what_a_gguf_file_says_needs_no_config_that_could_not_be_had() -> None:
    facts = replace(FACTS, config_problem="config.json is not on this machine.")
    fit = fit_of_facts(facts, [GPU], context=8192, gguf=LLAMA_3_8B)
    assert (fit.kv_cache_bytes, fit.devices[0].verdict) == (1 << 30, "fits")
    assert not any("config.json" in sentence for sentence in fit.assumptions)


def test_a_config_comes_before_what_a_gguf_file_says() -> None:
    with_config = replace(FACTS, files=(*FACTS.files, FileEntry("config.json", 600, format="config")))
    assert sizes_file(with_config) == ""
    weights = FileEntry("model.safetensors", 10, format="safetensors")
    assert sizes_file(replace(FACTS, files=(*FACTS.files, weights))) == ""
