"""What is told of a config, against published numbers and against what torch counts itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import hubtui.demo
from hubtui.core.checkpoint import examine
from hubtui.core.errors import CheckpointError, UsageError
from hubtui.core.structure import Dimensions, Head, Module, layer_pattern
from hubtui.core.structure_words import stored_words
from hubtui.hub.local_files import FolderFiles
from hubtui.worker.structure.heads import heads
from hubtui.worker.structure.process import structure

_DEMO = Path(hubtui.demo.__file__).parent / "repos"

# As the checkpoints' own headers count them on the Hub (`safetensors.total`), or their papers.
_PUBLISHED = {
    "llama-3.1-8b": 8_030_261_248,
    "llama-3.2-3b": 3_212_749_824,
    "qwen2.5-7b": 7_615_616_512,
    "qwen3-30b-a3b": 30_532_122_624,
    "whisper-large-v3": 1_543_490_560,
    "all-MiniLM-L6-v2": 22_713_216,
    "default-gpt2": 124_439_808,
    "default-bert": 109_482_240,
}
_TELLING = (
    "default-deepseek_v3", "default-falcon", "default-gemma3_text", "default-jamba", "default-llava", "default-mamba",
    "default-t5", "default-wav2vec2",
)  # fmt: skip


_POOLER = 64 * 64 + 64
_NOT_STORED = {  # checkpoints that lack a part which their class has: a body's pooler, a head that was never trained
    "no-head-spam-filter": _POOLER + 2 * 64 + 2,
    "no-tokenizer-albert": _POOLER,
    "tiny-sentence-embedder": _POOLER,
}


def _config(shared_data: Path, name: str) -> dict[str, Any]:
    found = json.loads((shared_data / "configs" / f"{name}.json").read_text())
    return dict(found)


def _one(shared_data: Path, name: str, part: str = "") -> Dimensions:
    parts = structure(name, _config(shared_data, name)).dimensions
    return next(entry for entry in parts if entry.part == part)


def _sum(module: Module) -> int:
    """Parameters by the shapes of the tree alone."""
    own = 0
    for weight in module.weights:
        count = 1
        for size in weight.shape:
            count *= size
        own += 0 if weight.is_tied else count
    return (own + sum(_sum(child) for child in module.children)) * module.repeats


@pytest.mark.parametrize("name", _PUBLISHED)
def test_the_parameters_are_those_that_the_checkpoints_are_published_with(shared_data: Path, name: str) -> None:
    built = structure(name, _config(shared_data, name))
    assert built.parameters == _PUBLISHED[name]
    assert _sum(built.tree) == built.parameters


@pytest.mark.parametrize("name", _TELLING)
def test_the_parameters_are_those_that_torch_counts_on_the_meta_device(shared_data: Path, name: str) -> None:
    import torch
    from transformers import CONFIG_MAPPING, AutoModel

    raw = _config(shared_data, name)
    with torch.device("meta"):
        model = AutoModel.from_config(CONFIG_MAPPING[raw["model_type"]].from_dict(raw))
    built = structure(name, raw, "AutoModel")
    assert built.parameters == sum(parameter.numel() for parameter in model.parameters())
    assert _sum(built.tree) == built.parameters


def test_every_demo_checkpoint_has_as_many_parameters_as_its_config_builds() -> None:
    compared = 0
    for place in sorted(_DEMO.glob("*/*/main/config.json")):
        folder = place.parent
        found = examine(FolderFiles(folder))
        if found.formats != ("safetensors",) or found.custom_code or "architectures" not in found.config:
            continue
        built = structure(folder.parent.name, found.config)
        assert found.total_parameters is not None
        missing = _NOT_STORED.get(folder.parent.name, 0)
        assert built.parameters - found.total_parameters == missing, folder
        words = stored_words(built, (), found.parameters)
        assert "pooler" in words if missing else words == "as many in the files", (folder, words)
        compared += 1
    assert compared >= 15


def test_a_model_is_told_in_the_words_of_the_field(shared_data: Path) -> None:
    llama = _one(shared_data, "llama-3.1-8b")
    assert (llama.layers, llama.heads, llama.key_value_heads, llama.head_size) == (32, 32, 8, 128)
    assert (llama.hidden_size, llama.intermediate_size, llama.vocab_size) == (4096, 14336, 128256)
    assert (llama.positions, llama.position_kind, llama.rope) == (131072, "rotary", "base 500,000, llama3 × 8")
    assert (llama.attention, layer_pattern(llama.layer_kinds)) == ("GQA", "all full")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("default-bert", ("", "MHA", "all full", "learned")),
        ("default-bloom", ("", "MHA", "all full", "ALiBi")),
        ("default-deepseek_v3", ("", "MLA", "all full", "rotary")),
        ("default-falcon", ("", "MQA", "all full", "rotary")),
        ("default-gemma3_text", ("", "GQA", "5 sliding + 1 full, repeated", "rotary")),
        ("default-jamba", ("", "GQA", "4 recurrent + 1 full + 3 recurrent, repeated", "none")),
        ("default-llava", ("text", "MHA", "all full", "rotary")),
        ("default-llava", ("vision", "MHA", "all full", "learned")),
        ("default-mamba", ("", "none", "all recurrent", "none")),
        ("default-mistral", ("", "GQA", "all sliding", "rotary")),
        ("default-t5", ("decoder", "MHA", "all full", "relative")),
        ("default-wav2vec2", ("", "MHA", "all full", "convolutional")),
        ("whisper-large-v3", ("encoder", "MHA", "all full", "sinusoidal")),
    ],
)
def test_attention_layers_and_positions_are_told_apart(
    shared_data: Path, name: str, words: tuple[str, str, str, str]
) -> None:
    found = _one(shared_data, name, words[0])
    assert (found.attention, layer_pattern(found.layer_kinds), found.position_kind) == words[1:]


def test_the_experts_that_a_token_meets_are_counted_apart(shared_data: Path) -> None:
    built = structure("qwen3-30b-a3b", _config(shared_data, "qwen3-30b-a3b"))
    assert (built.dimensions[0].experts, built.dimensions[0].active_experts) == (128, 8)
    assert built.dimensions[0].expert_size == 768
    assert 3.3e9 < built.active_parameters < 3.4e9, "its name says 3B active"
    assert structure("b", _config(shared_data, "default-bert")).active_parameters == 109_482_240


def test_layers_that_are_alike_stand_as_one_and_each_can_be_had(shared_data: Path) -> None:
    built = structure("llama", _config(shared_data, "llama-3.2-3b"))
    body = built.tree.children[0]
    layers = next(child for child in body.children if child.name == "layers")
    assert [(child.name, child.repeats) for child in layers.children] == [("0–27", 28)]
    assert len(built.layers) == 28
    assert built.layers[3].name == "model.layers.3"
    assert sum(layer.parameters for layer in built.layers) == layers.parameters


def test_a_shared_embedding_counts_at_the_input(shared_data: Path) -> None:
    built = structure("llama", _config(shared_data, "llama-3.2-3b"))
    head = built.tree.children[1]
    assert (built.is_tied, head.name, head.parameters, head.weights[0].is_tied) == (True, "lm_head", 0, True)
    assert structure("llama", _config(shared_data, "llama-3.1-8b")).is_tied is False
    assert structure("llama", _config(shared_data, "default-bert")).is_tied is None


def _head(found: list[Head], name: str) -> Head:
    return next(head for head in found if head.name == name)


def test_with_and_without_head_can_be_compared(shared_data: Path) -> None:
    found = heads({**_config(shared_data, "default-bert"), "architectures": ["BertForMaskedLM"]}, "bert")
    body, masked = found[0], _head(found, "BertForMaskedLM")
    assert (body.name, body.is_body, body.parameters, body.task) == (
        "BertModel",
        True,
        109_482_240,
        "feature-extraction",
    )
    assert (masked.is_stored, masked.task, masked.auto_classes) == (True, "fill-mask", ("AutoModelForMaskedLM",))
    # a dense layer, a norm and a bias over the vocabulary; the vocabulary's matrix is the embedding's
    assert masked.head_parameters == 768 * 768 + 768 + 2 * 768 + 30_522
    assert [(part.name, part.parameters) for part in masked.dropped] == [("pooler", 768 * 768 + 768)]
    assert body.parameters is not None
    assert masked.parameters == body.parameters + masked.head_parameters - (768 * 768 + 768)
    assert _head(found, "BertForSequenceClassification").head_parameters == 2 * 768 + 2


def test_another_head_can_be_built(shared_data: Path) -> None:
    raw = _config(shared_data, "default-bert")
    built = structure("bert", raw, "AutoModelForTokenClassification")
    assert (built.head, built.auto_classes) == ("BertForTokenClassification", ("AutoModelForTokenClassification",))
    assert structure("bert", raw, "BertForTokenClassification") == built
    with pytest.raises(UsageError, match="cannot be loaded as AutoModelForCTC") as refused:
        structure("bert", raw, "AutoModelForCTC")
    assert "BertForMaskedLM" in refused.value.hint


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"model_type": "nobody-knows"}, "does not know the model type"),
        ({"model_type": ["llama"]}, "does not know the model type"),
        ({"hidden_size": 5}, "names no model_type"),
        ({"model_type": "x", "auto_map": {"AutoModel": "modeling_x.X"}}, r"code of its own to run \(modeling_x.py\)"),
        ({"model_type": "bert", "num_hidden_layers": 10**9}, "asks for 1,000,000,000 layers"),
        (
            {"model_type": "llava", "text_config": {"model_type": "llama", "num_hidden_layers": 10**6}},
            "1,000,000 layer",
        ),
        ({"model_type": "bert", "hidden_size": 10**15, "vocab_size": 10**15}, "cannot be"),
        ({"model_type": "bert", "hidden_size": "big"}, "cannot be"),
        ({"model_type": "bert", "num_attention_heads": 7}, "cannot be"),
        ({"model_type": "bert", "hidden_act": "os.system"}, "cannot be"),
        ({"model_type": "detr"}, "needs the package timm"),
    ],
    ids=str,
)
def test_what_cannot_be_built_says_why(raw: dict[str, Any], words: str) -> None:
    with pytest.raises(CheckpointError, match=words):
        structure("a/b", raw)


def test_a_config_that_names_kernels_is_built_without_them(shared_data: Path) -> None:
    raw = {**_config(shared_data, "default-llama"), "attn_implementation": "evil/kernels", "num_hidden_layers": 2}
    raw["_attn_implementation"] = raw["_experts_implementation"] = "evil/kernels"
    assert structure("a/b", raw).head == "LlamaModel"
