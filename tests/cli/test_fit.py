from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from hubtui.cli.documents import fit_document
from hubtui.cli.fit import print_fit
from hubtui.core.fit import Device, fit_of_facts
from hubtui.core.models import ModelFacts
from hubtui.core.results import RunPeak
from tests.cli.conftest import Hubtui

GIB = 1 << 30
CAMEMBERT = "demo/tiny-camembert-fr"
LLAMA = "demo/tiny-llama-chat"
GEMMA: dict[str, Any] = {
    "model_type": "gemma3_text", "architectures": ["Gemma3ForCausalLM"], "num_hidden_layers": 34, "hidden_size": 2560,
    "intermediate_size": 10240, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256,
    "sliding_window": 1024, "vocab_size": 262208,
}  # fmt: skip
FACTS = ModelFacts(
    "google/gemma", commit="c" * 40, config=GEMMA, parameters=4_300_000_000, parameters_by_dtype={"BF16": 4_300_000_000}
)
BOX = (
    *(Device(f"GPU{number} NVIDIA RTX 6000 Ada Generation", "gpu", 48 * GIB, 20 * GIB) for number in range(4)),
    Device("CPU", "cpu", 128 * GIB, 100 * GIB),
)
PEAK = RunPeak(
    "google/gemma", "c" * 40, "bfloat16", "gpu", "text-generation", 9 * 10**9, 8 * 10**9, 10**9,
    datetime(2026, 11, 22, 12, tzinfo=UTC), 900,
)  # fmt: skip


@pytest.mark.parametrize("context", [None, 131_072])
def test_an_estimate_can_be_read_on_80_columns_and_one_screen(
    context: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    print_fit(fit_of_facts(FACTS, BOX, context=context, batch=2, peaks=[PEAK]))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 32
    assert sum("GPU0…3" in line for line in lines) == 1, "like GPUs share a row"
    assert any(line.startswith("measured") and "9.0 GB" in line and "2026-11-22" in line for line in lines)
    assert any("Korthikanti et al. 2022" in line for line in lines)


def test_each_kind_of_layer_has_its_share_of_the_cache(capsys: pytest.CaptureFixture[str]) -> None:
    fit = fit_of_facts(FACTS, BOX, context=8192)
    document = fit_document(fit)
    groups = {group["kind"]: group for group in document["kv_cache"]}
    assert groups["full attention"]["bytes"] == 5 * 8192 * 2 * 4 * 256 * 2
    assert groups["sliding window"]["bytes"] == 29 * 1023 * 2 * 4 * 256 * 2
    assert sum(group["bytes"] for group in groups.values()) == document["kv_cache_bytes"]
    print_fit(fit)
    assert "29 layers: sliding window of 1,024" in capsys.readouterr().out


def test_what_to_do_is_said_with_its_numbers() -> None:
    document = fit_document(fit_of_facts(FACTS, BOX, context=131_072, batch=4))
    (context,) = [entry for entry in document["advice"] if entry["kind"] == "context"]
    assert context["value"] == max(device["largest_context"] for device in document["devices"][:5])
    assert context["needed_bytes"] is not None
    assert document["measured"] is None


def test_a_model_is_judged_at_the_context_that_is_asked_for(hubtui: Hubtui) -> None:
    fit = hubtui("fit", LLAMA, "--context", "128", "--batch", "2", "--dtype", "bfloat16", "--json").json
    config_of = {group["kind"]: group for group in fit["kv_cache"]}
    assert fit["kv_cache_bytes"] == config_of["full attention"]["values_per_token"] * 2 * 128 * 2 * 2
    assert fit["loaded_dtype"] == "bfloat16"
    assert fit["total_bytes"] == fit["weights_bytes"] + fit["kv_cache_bytes"] + fit["overhead_bytes"]


def test_a_run_is_measured_and_shown_beside_the_next_estimate(hubtui: Hubtui) -> None:
    assert hubtui("fit", CAMEMBERT, "--json").json["measured"] is None
    ran = hubtui("run", CAMEMBERT, "Le camembert est <mask> :)", "--device", "cpu", "--json")
    assert ran.code == 0, ran.err
    measured = hubtui("fit", CAMEMBERT, "--json").json["measured"]
    assert measured["peak_bytes"] == ran.json["memory"]["peak_bytes"]
    assert (measured["task"], measured["dtype"], measured["device_kind"]) == ("fill-mask", "float32", "cpu")
    assert abs(measured["peak_bytes"] - measured["estimated_bytes"]) <= 0.15 * measured["peak_bytes"]
    assert "measured" in hubtui("fit", CAMEMBERT).out


def test_a_gguf_file_without_a_config_has_its_cache_counted(hubtui: Hubtui) -> None:
    fit = hubtui("fit", "atelier/llama-chat-gguf", "--context", "100", "--json").json
    # 2 layers, 2 heads of keys and values, of 20 numbers, in 16 bits
    assert fit["kv_cache_bytes"] == 2 * (2 * 2 * 20) * 100 * 2
    assert fit["sources"]["kv_cache"][0].startswith("llama.cpp")
    assert {device["name"]: device["largest_context"] for device in fit["devices"]}["CPU"] == 192
