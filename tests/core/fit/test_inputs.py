"""What one pass reads: never more than the model takes, and patches where there are no tokens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hubtui.core.fit import Device, fit_of_facts
from hubtui.core.fit.inputs import read_inputs
from hubtui.core.fit.tables import device_rows, part_rows
from hubtui.core.models import ModelFacts

BOX = (Device("CPU", "cpu", 64 << 30, 40 << 30),)
VIT: dict[str, Any] = {
    "model_type": "vit", "architectures": ["ViTForImageClassification"], "image_size": 224, "patch_size": 16,
    "num_channels": 3, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
    "intermediate_size": 3072,
}  # fmt: skip
BERT: dict[str, Any] = {
    "model_type": "bert", "architectures": ["BertForMaskedLM"], "num_hidden_layers": 2, "hidden_size": 64,
    "num_attention_heads": 4, "intermediate_size": 128, "vocab_size": 400,
}  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "positions", "words"),
    [
        (64, 64, "its longest input of 64 tokens"),
        (512, 512, "its longest input of 512 tokens"),
        (4096, 512, "a short input of 512 tokens"),
        (None, 512, "a short input of 512 tokens"),
    ],
)
def test_a_pass_is_no_longer_than_the_model_takes(limit: int | None, positions: int, words: str) -> None:
    inputs = read_inputs(BERT, limit)
    assert (inputs.positions, inputs.words) == (positions, words)
    fit = fit_of_facts(ModelFacts("a/b", config=BERT, max_length=limit, parameters_by_dtype={"F32": 10**6}), BOX)
    # fill-mask answers with the whole vocabulary for each token, or two feed-forward sizes and 4.3 hidden sizes
    assert fit.activations_bytes == int(positions * 4 * max(400, 2 * 128 + 4.3 * 64))
    assert any(words in sentence for sentence in fit.assumptions)


def test_a_picture_is_its_patches_and_takes_no_context() -> None:
    assert read_inputs(VIT).positions == 14 * 14 + 1
    facts = ModelFacts("google/vit", config=VIT, parameters_by_dtype={"F32": 86 * 10**6})
    fit = fit_of_facts(facts, BOX, context=4096)
    assert fit.context is None
    assert fit.devices[0].largest_context is None
    assert "tokens ≤" not in device_rows(fit)[0]
    assert fit.activations_bytes == int(197 * 4 * (2 * 3072 + 4.3 * 768))
    assert ["activations", "7.4 MB", "one pass over a picture, 197 positions"] in part_rows(fit)
    assert "A context of 4,096 tokens says nothing" in fit.assumptions[0]
    assert fit.total_bytes == fit_of_facts(facts, BOX).total_bytes


def test_the_patches_of_real_configs_are_counted(shared_data: Path) -> None:
    found = {}
    for name in ("vit", "deit", "beit", "swin", "resnet", "detr", "segformer", "bert", "llava", "wav2vec2", "whisper"):
        inputs = read_inputs(json.loads((shared_data / "configs" / f"default-{name}.json").read_text("utf-8")))
        found[name] = (inputs.kind, inputs.positions)
    # 197 = (224 / 16)² + 1; those that narrow their picture step by step have no such number
    assert found == {
        **dict.fromkeys(("vit", "deit", "beit"), ("picture", 197)),
        **dict.fromkeys(("swin", "resnet", "detr", "segformer"), ("picture", None)),
        **dict.fromkeys(("bert", "llava", "whisper"), ("text", 512)),
        "wav2vec2": ("sound", 512),
    }


@pytest.mark.parametrize("patch", [0, -1, "16", None, [16], [16, 0], 1 << 40])
def test_a_strange_patch_is_no_reason_to_fail(patch: object) -> None:
    assert read_inputs({**VIT, "patch_size": patch}).positions is None


def test_memory_alone_does_not_make_a_context_fit() -> None:
    facts = ModelFacts("a/b", config=BERT, max_length=192, parameters_by_dtype={"F32": 10**6})
    assert "fits, but takes 192 at most" in device_rows(fit_of_facts(facts, BOX, context=100_000))[1]
    assert "fits" in device_rows(fit_of_facts(facts, BOX, context=192))[1]
