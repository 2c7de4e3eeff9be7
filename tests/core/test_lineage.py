"""The family of a model, in words."""

from __future__ import annotations

from hubtui.core.lineage import Lineage, Parents, family_rows, lineage_document


def test_a_family_is_told_in_two_lines() -> None:
    family = Lineage(
        (Parents(("a/b",), "quantized"), Parents(("c/d", "e/f"), "merge")),
        {"finetune": 1_240, "adapter": 1},
    )
    assert family_rows(family, with_ancestors=True) == (
        ("made of it", "1.2k fine-tunes · 1 adapter"),
        ("lineage", "quantization of a/b ← merge of c/d + e/f"),
    )


def test_a_model_without_family_says_so() -> None:
    assert family_rows(Lineage(), with_ancestors=False) == (("made of it", "none known to the Hub"),)
    assert family_rows(Lineage((Parents(("a/b",)),)), with_ancestors=True)[1] == ("lineage", "from a/b")


def test_scripts_get_a_number_for_every_relation() -> None:
    assert lineage_document(Lineage((Parents(("a/b",), "adapter"),), {"merge": 2})) == {
        "ancestors": [{"relation": "adapter", "models": ["a/b"]}],
        "children": {"finetune": 0, "quantized": 0, "adapter": 0, "merge": 2},
    }
