"""Which lines there are of a model's tensors."""

from dataclasses import replace

import pytest

from hubtui.core.models import FileEntry
from hubtui.core.tensors import Entry, TensorFile, Tensors
from hubtui.core.weights import Tensor
from hubtui.ui.widgets.weights_outline import FILES, METADATA, TENSORS, Outline, OutlineRow
from tests.fake_weights import GEMMA_GGUF, LLAMA


def _labels(outline: Outline, width: int = 80) -> list[str]:
    return [f"{'  ' * row.depth}{row.label}" for row in outline.rows(width) if row.kind != "blank"]


def _row(outline: Outline, label: str) -> OutlineRow:
    return next(row for row in outline.rows(80) if row.label == label)


def test_at_first_the_modules_at_the_top_are_open_and_layers_stand_as_one() -> None:
    outline = Outline(LLAMA)
    assert _labels(outline) == [
        "Files",
        "Metadata",
        "Tensors",
        "  model",
        "    embed_tokens.weight",
        "    layers.0–31",
        "    norm.weight",
        "  lm_head.weight",
    ]
    layers = _row(outline, "layers.0–31")
    assert layers.node is not None
    assert (layers.node.repeats, layers.total.tensors) == (32, 288)
    assert layers.total.parameters == 32 * 218_112_000


def test_what_is_opened_shows_one_of_the_layers_and_each_can_be_had() -> None:
    outline = Outline(LLAMA)
    outline.toggle(_row(outline, "layers.0–31").key)
    assert "      self_attn" in _labels(outline)
    outline.toggle(_row(outline, "self_attn").key)
    assert "        q_proj.weight" in _labels(outline)
    outline.set_fold(fold=False)
    outline.toggle(_row(outline, "layers").key)
    assert "      17" in _labels(outline)
    assert _row(outline, "17").total.parameters == 218_112_000
    outline.toggle(TENSORS)
    assert _labels(outline)[-1] == "Tensors"


def test_all_modules_open_and_fold_again() -> None:
    outline = Outline(LLAMA)
    outline.set_fold(fold=False)
    outline.open_all()
    assert sum(row.node is not None and row.node.leaf is not None for row in outline.rows(80)) == 291
    outline.open_all()
    assert "    layers" not in _labels(outline)


def test_words_leave_the_tensors_that_have_all_of_them_and_their_sums() -> None:
    outline = Outline(LLAMA)
    assert _found(outline, "") is None
    assert _found(outline, "17 Q_PROJ") == (1, 4_096**2)
    assert _labels(outline)[-1] == "  model.layers.17.self_attn.q_proj.weight"
    assert _found(outline, "00002-of-00004") == (73, sum(entry.tensor.count for entry in LLAMA.files[1].tensors))
    assert _found(outline, "4096×14336") == (32, 32 * 4_096 * 14_336)
    assert _found(outline, "nothing at all") == (0, 0)
    assert _labels(outline)[-1] == "No tensor has all of these words."
    assert _found(outline, " ") is None
    assert len(_labels(outline)) == 8


def _found(outline: Outline, words: str) -> tuple[int, int] | None:
    outline.narrow(words)
    return None if outline.found is None else (outline.found.tensors, outline.found.parameters)


def test_keys_of_the_metadata_are_found_by_words_too() -> None:
    outline = Outline(GEMMA_GGUF)
    outline.narrow("context")
    assert [row.label for row in outline.rows(80) if row.kind == "key"] == ["gemma3.context_length"]


def test_files_say_what_they_hold_and_which_were_left_out() -> None:
    outline = Outline(GEMMA_GGUF, [FileEntry("gemma-4b-Q8_0.gguf", 4_130_000_000, format="gguf")])
    outline.toggle(FILES)
    rows = [row for row in outline.rows(80) if row.kind in {"file", "other"}]
    assert [(row.kind, row.label, row.total.tensors) for row in rows] == [
        ("file", "gemma-4b-Q4_K_M.gguf", 104),
        ("other", "gemma-4b-Q8_0.gguf", 0),
    ]
    assert rows[1].total.size_bytes == 4_130_000_000


def test_types_stand_by_their_bytes() -> None:
    rows = [row for row in Outline(GEMMA_GGUF).rows(80) if row.kind == "dtype"]
    assert [row.label for row in rows] == ["Q6_K", "Q4_K", "F32"]
    assert sum(row.share for row in rows) == pytest.approx(1)
    assert [row for row in Outline(LLAMA).rows(80) if row.kind == "dtype"] == [], "one type needs no table"


def test_long_values_and_arrays_can_be_opened() -> None:
    outline = Outline(GEMMA_GGUF)
    outline.toggle(METADATA)
    keys = {row.label: row.key for row in outline.rows(80) if row.kind == "key"}
    assert [label for label, key in keys.items() if key] == ["tokenizer.chat_template", "tokenizer.ggml.tokens"]
    outline.toggle(keys["tokenizer.chat_template"])
    assert "    {%- for message in messages -%}" in _labels(outline)
    outline.toggle(keys["tokenizer.ggml.tokens"])
    labels = _labels(outline)
    assert "    ▁511" in labels
    assert "    261,632 more, which are not kept" in labels


def test_what_does_not_fit_together_is_said_first() -> None:
    outline = Outline(replace(LLAMA, problems=("1 shards are not there: model-00005-of-00005.safetensors.",)))
    assert _labels(outline, 40)[:2] == ["1 shards are not there:", "model-00005-of-00005.safetensors."]


def test_a_tensor_in_the_place_of_a_module_has_a_line_of_its_own() -> None:
    entries = tuple(Entry(name, Tensor("F32", (2,), 8), "m.safetensors") for name in ("a", "a.b"))
    outline = Outline(Tensors("a/b", "", "safetensors", (TensorFile("m.safetensors", 100, 50, entries),)))
    assert _labels(outline) == ["Tensors", "  a", "    (itself)", "    b"]
    empty = Outline(Tensors("a/b", "", "safetensors", (TensorFile("m.safetensors", 100, 50, ()),)))
    assert _labels(empty) == ["Tensors", "There are none."]
