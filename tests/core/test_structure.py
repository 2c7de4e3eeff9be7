from __future__ import annotations

import pytest

from hubtui.core.structure import attention_kind, layer_kind, layer_pattern


@pytest.mark.parametrize(
    ("heads", "key_values", "kind"),
    [(32, 32, "MHA"), (32, None, "MHA"), (32, 8, "GQA"), (71, 1, "MQA"), (None, None, "")],
)
def test_the_attention_is_named_by_its_heads(heads: int | None, key_values: int | None, kind: str) -> None:
    assert attention_kind(heads, key_values) == kind
    assert attention_kind(heads, key_values, is_latent=True) == "MLA"


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["full"] * 32, "all full"),
        ((["sliding"] * 5 + ["full"]) * 4 + ["sliding"] * 2, "5 sliding + 1 full, repeated"),
        (["sliding", "full"] * 2, "1 sliding + 1 full, repeated"),
        (["full"] + ["recurrent"] * 3, "1 full, 3 recurrent"),
        ([], ""),
    ],
)
def test_a_pattern_of_layers_is_told_in_words(kinds: list[str], words: str) -> None:
    assert layer_pattern(kinds) == words


def test_kinds_that_are_new_are_passed_on_readable() -> None:
    assert (layer_kind("sliding_attention"), layer_kind("my_new_kind")) == ("sliding", "my new kind")
