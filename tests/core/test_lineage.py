"""The family of a model, in words."""

from __future__ import annotations

from hubtui.core.lineage import Lineage, Parents, lineage_document, lineage_words


def test_a_family_is_told_on_one_line() -> None:
    family = Lineage(
        (Parents(("a/b",), "quantized"), Parents(("c/d", "e/f"), "merge")),
        {"finetune": 1_240, "adapter": 1},
    )
    assert lineage_words(family) == (
        "quantization of a/b ← merge of c/d + e/f; made of it: 1.2k fine-tunes · 1 adapter"
    )


def test_a_model_without_family_says_so() -> None:
    assert lineage_words(Lineage()).startswith("no models are known")
    assert lineage_words(Lineage((Parents(("a/b",)),))) == "from a/b"


def test_scripts_get_a_number_for_every_relation() -> None:
    assert lineage_document(Lineage((Parents(("a/b",), "adapter"),), {"merge": 2})) == {
        "ancestors": [{"relation": "adapter", "models": ["a/b"]}],
        "children": {"finetune": 0, "quantized": 0, "adapter": 0, "merge": 2},
    }
