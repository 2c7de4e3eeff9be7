from __future__ import annotations

from hubtui.core.configs import config_changes


def test_a_fine_tune_with_more_words_is_told_so_in_words() -> None:
    before = {"vocab_size": 30_522, "hidden_size": 768, "transformers_version": "4.2", "x": None}
    after = {"vocab_size": 30_524, "hidden_size": 768, "transformers_version": "5.1", "zeta": [1]}
    changes = config_changes(before, after)
    assert [(change.key, change.label, change.before, change.after) for change in changes] == [
        ("vocab_size", "vocabulary", 30_522, 30_524),
        ("zeta", "zeta", None, [1]),
        ("transformers_version", "transformers_version", "4.2", "5.1"),
    ]
    assert [change.is_bookkeeping for change in changes] == [False, False, True]


def test_nested_configs_are_compared_entry_by_entry() -> None:
    before = {"text_config": {"num_hidden_layers": 32, "rope_parameters": {"rope_theta": 1e4}}, "id2label": {"0": "a"}}
    after = {"text_config": {"num_hidden_layers": 28, "rope_parameters": {"rope_theta": 1e6}}, "id2label": {"0": "b"}}
    assert {change.key: change.label for change in config_changes(before, after)} == {
        "text_config.num_hidden_layers": "layers of text",
        "text_config.rope_parameters.rope_theta": "rotary base of text",
        "id2label": "labels",
    }


def test_the_old_name_of_the_dtype_is_no_difference() -> None:
    assert config_changes({"torch_dtype": "bfloat16"}, {"dtype": "bfloat16"}) == ()


def test_a_config_nested_without_end_is_still_compared() -> None:
    deep: dict[str, object] = {}
    for _ in range(500):
        deep = {"a": deep}
    assert len(config_changes(deep, {})) == 1


def test_what_two_types_name_differently_is_one_change_or_none() -> None:
    before = {"num_hidden_layers": 2, "hidden_size": 64, "mlp_bias": False, "num_attention_heads": 4}
    after = {"n_layer": 3, "n_embd": 64, "attn_pdrop": 0.1, "n_head": 4}
    assert [(change.key, change.label, change.before, change.after) for change in config_changes(before, after)] == [
        ("num_hidden_layers / n_layer", "layers", 2, 3),
        ("attn_pdrop", "attn_pdrop", None, 0.1),
        ("mlp_bias", "mlp_bias", False, None),
    ]
