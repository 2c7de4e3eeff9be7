from __future__ import annotations

import json
from pathlib import Path

import pytest

from hubtui.core.fit import Device, best_verdict, estimate, fit_of_facts, fit_of_row, kv_cache_bytes, weights_bytes
from hubtui.core.models import FileEntry, ModelFacts, ModelRow

GIB = 1 << 30
BOX = (Device("GPU0", "gpu", 24 * GIB, 22 * GIB), Device("CPU", "cpu", 16 * GIB, 8 * GIB))


def test_weights_are_counted_in_the_dtype_that_they_are_stored_in() -> None:
    assert weights_bytes({"F32": 100, "BF16": 100, "I8": 100, "F4": 100}) == 400 + 200 + 100 + 50


def test_a_cast_changes_what_is_needed() -> None:
    assert weights_bytes({"F32": 1000}, "bfloat16") == 2000


def test_what_is_not_known_is_unknown_and_not_a_fit() -> None:
    fit = estimate("a/b", BOX, parameters_by_dtype={})
    assert fit.total_bytes is None
    assert {entry.verdict for entry in fit.devices} == {"unknown"}


@pytest.mark.parametrize(
    ("parameters", "gpu", "cpu"), [(10**9, "fits", "fits"), (10**10, "tight", "no"), (7 * 10**10, "no", "no")]
)
def test_a_model_is_said_to_fit_only_where_it_does(parameters: int, gpu: str, cpu: str) -> None:
    fit = estimate("a/b", BOX, parameters_by_dtype={"BF16": parameters})
    assert [entry.verdict for entry in fit.devices] == [gpu, cpu]


def test_the_kv_cache_of_grouped_query_attention_is_the_textbooks(shared_data: Path) -> None:
    config = json.loads((shared_data / "configs" / "llama-3.1-8b.json").read_text())
    # 2 × 32 layers × 8 key/value heads × 128 × 8,192 tokens × 2 bytes = 1 GiB
    assert kv_cache_bytes(config, 8192, 1, 2) == GIB


def test_a_compressed_kv_cache_is_not_guessed(shared_data: Path) -> None:
    config = json.loads((shared_data / "configs" / "default-deepseek_v3.json").read_text())
    assert kv_cache_bytes(config, 8192, 1, 2) is None
    fit = estimate("a/b", BOX, parameters_by_dtype={"BF16": 10**9}, config=config, context=8192)
    assert any("left out" in sentence for sentence in fit.assumptions)


def test_the_best_device_is_a_gpu_that_fits() -> None:
    best = estimate("a/b", BOX, parameters_by_dtype={"BF16": 10**9}).best
    assert best is not None
    assert best.device.name == "GPU0"


def test_a_model_that_does_not_generate_needs_no_kv_cache() -> None:
    config = {"architectures": ["BertForMaskedLM"], "num_hidden_layers": 2, "num_attention_heads": 4, "hidden_size": 64}
    assert kv_cache_bytes(config, 512, 1, 4) == 0


def test_an_adapter_is_not_said_to_fit_by_its_own_few_weights() -> None:
    adapter = ModelFacts("a/lora", library="peft", base_models=("big/base",), parameters_by_dtype={"F32": 256})
    fit = fit_of_facts(adapter, BOX)
    assert {entry.verdict for entry in fit.devices} == {"unknown"}
    assert fit.weights_bytes is None
    assert "see big/base" in fit.assumptions[0]
    row = ModelRow("a/lora", library="peft", parameters_by_dtype={"F32": 256}, parameters=256)
    assert best_verdict(fit_of_row(row, BOX)) == "unknown"


def test_several_gpus_together_hold_what_none_of_them_holds() -> None:
    box = (Device("GPU0", "gpu", 24 * GIB, 22 * GIB), Device("GPU1", "gpu", 24 * GIB, 20 * GIB), BOX[1])
    fit = fit_of_row(ModelRow("a/b", parameters_by_dtype={"BF16": 15 * 10**9}), box)
    assert [(entry.device.name, entry.device.kind, entry.verdict) for entry in fit.devices] == [
        ("GPU0", "gpu", "no"),
        ("GPU1", "gpu", "no"),
        ("2 GPUs together", "gpus", "fits"),
        ("CPU", "cpu", "no"),
    ]
    assert fit.best is not None
    assert (fit.best.device.free_bytes, best_verdict(fit)) == (42 * GIB, "fits")
    assert fit.best.needed_bytes == 31_500_000_000 + 2 * (600 << 20), "each GPU holds the libraries"
    small = fit_of_row(ModelRow("a/b", parameters_by_dtype={"BF16": 10**9}), box).best
    assert small is not None
    assert small.device.name == "GPU0", "one GPU is better than two"


def test_a_quantized_row_is_judged_by_its_packed_size() -> None:
    row = ModelRow("x/Big-70B-AWQ", tags=("awq", "4-bit"), parameters_by_dtype={"I32": 68 * 10**9, "F16": 2 * 10**9})
    fit = fit_of_row(row, (Device("GPU0", "gpu", 80 * GIB, 79 * GIB),))
    assert (fit.weights_bytes, best_verdict(fit)) == (38 * 10**9, "fits")
    assert "4 bits" in fit.assumptions[0]
    gguf = fit_of_row(ModelRow("x/m-GGUF", formats=("gguf",), parameters=8 * 10**9), BOX)
    assert [entry.verdict for entry in gguf.devices] == ["fits", "fits"]


def test_all_experts_of_a_mixture_have_to_be_held() -> None:
    row = ModelRow("x/Mix-30B-A3B", tags=("moe",), parameters=30 * 10**9, parameters_by_dtype={"BF16": 30 * 10**9})
    assert best_verdict(fit_of_row(row, BOX)) == "no"


def test_the_files_of_a_quantized_model_say_its_size_best() -> None:
    files = (FileEntry("model.safetensors", 4_000, format="safetensors"),)
    facts = ModelFacts(
        "x/y-AWQ",
        tags=("awq",),
        files=files,
        formats=("safetensors",),
        parameters_by_dtype={"I32": 7_000},
        parameters=7_000,
    )
    assert fit_of_facts(facts, BOX).weights_bytes == 4_000
    assert fit_of_facts(facts, BOX, dtype="float16").weights_bytes == 14_000
