from __future__ import annotations

from hubtui.core.tensors import Entry, TensorFile, TensorNode, Tensors, layer_of
from hubtui.core.weights import Tensor


def _tensors(*names: str, path: str = "model.safetensors", dtype: str = "F32") -> TensorFile:
    folder = path.rpartition("/")[0]
    above = f"{folder}/." if folder else ""
    return TensorFile(path, 1_000, 100, tuple(Entry(above + name, Tensor(dtype, (2, 3), 24), path) for name in names))


def _all(*files: TensorFile) -> Tensors:
    return Tensors("a/b", "c" * 40, "safetensors", files)


def _names(nodes: tuple[TensorNode, ...]) -> list[str]:
    return [node.name for node in nodes]


def test_totals_count_every_shard_by_dtype_and_layer() -> None:
    one = _tensors("model.embed.weight", "model.layers.0.a.weight", "model.layers.0.b.weight")
    other = _tensors("model.layers.10.a.weight", "model.layers.2.a.weight", "lm_head.weight", dtype="BF16")
    found = _all(one, other)
    assert (found.total.tensors, found.total.parameters, found.total.size_bytes) == (6, 36, 144)
    assert {total.name: total.parameters for total in found.by_dtype()} == {"F32": 18, "BF16": 18}
    assert [(total.name, total.tensors) for total in found.by_layer()] == [
        ("lm_head", 1),
        ("model.embed", 1),
        ("model.layers.0", 2),
        ("model.layers.2", 1),
        ("model.layers.10", 1),
    ]


def test_the_tree_opens_name_by_name_down_to_each_tensor() -> None:
    root = _all(_tensors("h.0.attn.weight", "h.1.attn.weight", "wte.weight")).tree
    assert _names(root.children()) == ["h", "wte"]
    blocks = root.children()[0].children()
    assert _names(blocks) == ["0", "1"]
    leaf = blocks[1].children()[0].children()[0]
    assert leaf.leaf is not None
    assert (leaf.leaf.name, leaf.leaf.tensor.shape, leaf.children()) == ("h.1.attn.weight", (2, 3), ())


def test_layers_that_are_alike_stand_as_one_and_keep_their_sums() -> None:
    names = [f"h.{layer}.{part}.weight" for layer in (0, 1, 2, 10, 3) for part in ("attn", "mlp")]
    root = _all(_tensors(*names, "h.4.attn.weight")).tree
    folded = root.children()[0].children(fold=True)
    assert [(node.name, node.repeats, node.total.tensors) for node in folded] == [("0–3, 10", 5, 10), ("4", 1, 1)]
    assert _names(folded[0].children(fold=True)) == ["attn", "mlp"]


def test_a_tensor_whose_name_begins_another_is_not_lost() -> None:
    root = _all(_tensors("a", "a.b")).tree
    children = root.children()[0].children()
    assert [(node.name, node.leaf is not None) for node in children] == [("", True), ("b", True)]


def test_components_of_a_diffusers_pipeline_do_not_mix() -> None:
    found = _all(_tensors("conv.weight", path="unet/x.safetensors"), _tensors("conv.weight", path="vae/x.safetensors"))
    assert _names(found.tree.children()) == ["unet/", "vae/"]
    assert len(found.by_layer()) == 2


def test_a_name_of_a_thousand_parts_makes_no_tree_of_a_thousand_levels() -> None:
    node, depth = _all(_tensors(".".join("a" * 5_000))).tree, 0
    while node.children():
        node, depth = node.children()[0], depth + 1
    assert depth < 50


def test_experts_belong_to_their_layer() -> None:
    assert layer_of("model.layers.3.mlp.experts.17.up_proj.weight") == "model.layers.3"
    assert layer_of("blk.12.attn_q.weight") == "blk.12"
    assert layer_of("0.auto_model.x") == "0"
    assert layer_of("bert.embeddings.word_embeddings.weight") == "bert.embeddings"
