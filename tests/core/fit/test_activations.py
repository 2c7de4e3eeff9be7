"""The terms of the formula, each in a config where it decides; what it is worth is measured in tests/worker."""

from __future__ import annotations

from typing import Any

import pytest

from hubtui.core.fit.activations import Experts, read_activations, read_experts

LLAMA: dict[str, Any] = {
    "model_type": "llama", "architectures": ["LlamaForCausalLM"], "num_hidden_layers": 2, "num_attention_heads": 8,
    "num_key_value_heads": 2, "hidden_size": 512, "intermediate_size": 2048, "vocab_size": 1000,
}  # fmt: skip


def bytes_of(config: dict[str, Any], context: int, batch: int = 1, width: float = 2) -> int:
    activations = read_activations(config)
    assert activations is not None
    return activations.bytes(context, batch, width)


def test_a_pass_holds_one_gated_step_and_the_stream() -> None:
    assert bytes_of(LLAMA, 100) == int(100 * 2 * (3 * 2048 + 4.3 * 512))


def test_a_fused_attention_does_not_grow_with_the_square() -> None:
    assert bytes_of(LLAMA, 4000) == 40 * bytes_of(LLAMA, 100)


def test_written_out_scores_do() -> None:
    eager = {**LLAMA, "model_type": "gpt_oss", "layer_types": ["full_attention"] * 2}
    longer, shorter = bytes_of(eager, 8000), bytes_of(eager, 4000)
    assert longer > 3.5 * shorter
    # 8 heads, every pair: two copies of 2 bytes and a softmax of 4
    assert longer > 8 * 8000 * 8000 * (2 * 2 + 4)


def test_padding_needs_a_mask_of_every_pair() -> None:
    alone, padded = bytes_of(LLAMA, 1000), bytes_of(LLAMA, 1000, batch=2)
    assert padded - 2 * alone == 2 * 1000 * 1000


def test_a_window_needs_a_mask_too_and_a_prompt_is_held_whole() -> None:
    windowed = {**LLAMA, "model_type": "mistral", "sliding_window": 500}
    held = 2 * (1000 - 499) * 2 * 2 * 64 * 2  # two layers of two key/value heads of 64
    assert bytes_of(windowed, 1000) == bytes_of(LLAMA, 1000) + 1000 * 1000 + held
    assert bytes_of(windowed, 400) == bytes_of(LLAMA, 400)


def test_answers_for_every_token_count_where_they_are_the_most() -> None:
    bert = {"model_type": "bert", "architectures": ["BertForMaskedLM"], "hidden_size": 64, "intermediate_size": 128,
            "num_attention_heads": 4, "num_hidden_layers": 2, "vocab_size": 30522}  # fmt: skip
    assert bytes_of(bert, 100, width=4) == 100 * 30522 * 4
    assert bytes_of({**bert, "architectures": ["BertForTokenClassification"]}, 100, width=4) < 100 * 30522


def test_a_decoder_that_classifies_holds_its_keys_and_values_for_the_pass() -> None:
    classifier = {**LLAMA, "architectures": ["LlamaForSequenceClassification"]}
    assert bytes_of(classifier, 100) == bytes_of(LLAMA, 100) + 2 * 2 * 2 * 64 * 2 * 100


def test_experts_at_work_are_counted_and_the_others_are_not() -> None:
    mixture = {**LLAMA, "model_type": "mixtral", "num_local_experts": 8, "num_experts_per_tok": 2}
    assert read_experts(mixture) == Experts(8, 2, 2048)
    assert bytes_of(mixture, 100) == pytest.approx(100 * 2 * (2 * (4 * 2048 + 2 * 512) + 4.3 * 512))
    assert read_experts(LLAMA) is None


def test_latent_attention_is_fused_but_on_the_cpu() -> None:
    activations = read_activations({"model_type": "deepseek_v3", "architectures": ["DeepseekV3ForCausalLM"]})
    assert activations is not None
    assert activations.bytes(4000, 1, 2, on_cpu=True) > 5 * activations.bytes(4000, 1, 2)


def test_a_recurrent_layer_writes_its_states_out() -> None:
    mamba = {"model_type": "mamba", "architectures": ["MambaForCausalLM"], "hidden_size": 256, "state_size": 16}
    # three products of 512 channels and 16 states in 32 bits
    assert bytes_of(mamba, 1000) > 1000 * 3 * 512 * 16 * 4


def test_sizes_that_are_missing_are_not_guessed() -> None:
    assert read_activations({"model_type": "resnet"}) is None
    assert read_activations({}) is None
