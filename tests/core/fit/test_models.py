from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hubtui.core.fit import (
    Device,
    Fit,
    best_verdict,
    estimate,
    fit_of_facts,
    fit_of_row,
    peak_of_run,
    remember_run,
    weights_bytes,
)
from hubtui.core.fit.devices import LIBRARIES
from hubtui.core.models import FileEntry, ModelFacts, ModelRow
from hubtui.core.results import RunOutcome, RunPeak, Timings
from tests.fakes import FakeMemory

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


def test_a_cache_that_is_not_known_is_left_out_and_said() -> None:
    config = {"model_type": "chatglm", "architectures": ["ChatGLMForCausalLM"]}
    fit = estimate("a/b", BOX, parameters_by_dtype={"BF16": 10**9}, config=config, context=8192)
    assert fit.kv_cache_bytes is None
    assert fit.devices[0].largest_context is None
    assert any("not counted" in sentence for sentence in fit.assumptions)


def test_the_best_device_is_a_gpu_that_fits() -> None:
    best = estimate("a/b", BOX, parameters_by_dtype={"BF16": 10**9}).best
    assert best is not None
    assert best.device.name == "GPU0"


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
    cast = fit_of_facts(facts, BOX, dtype="float16")
    assert cast.weights_bytes == 4_000, "packed weights are not cast"
    assert any("are not cast" in sentence for sentence in cast.assumptions)


LLAMA: dict[str, Any] = {
    "model_type": "llama", "architectures": ["LlamaForCausalLM"], "num_hidden_layers": 32, "num_attention_heads": 32,
    "num_key_value_heads": 8, "hidden_size": 4096, "intermediate_size": 14336, "vocab_size": 128256,
    "torch_dtype": "bfloat16", "tie_word_embeddings": False,
}  # fmt: skip
EIGHT_B = ModelFacts(
    "meta/eight",
    commit="c" * 40,
    config=LLAMA,
    parameters=8_030_261_248,
    parameters_by_dtype={"BF16": 8_030_261_248},
    max_length=131_072,
)


def parts(fit: Fit) -> int:
    return (fit.weights_bytes or 0) + (fit.kv_cache_bytes or 0) + (fit.overhead_bytes or 0)


@pytest.mark.parametrize(("context", "batch", "dtype"), [(None, 1, "auto"), (4096, 1, "auto"), (8192, 3, "float32")])
def test_the_total_is_the_sum_of_its_parts_on_the_device_to_take(context: int | None, batch: int, dtype: str) -> None:
    fit = fit_of_facts(EIGHT_B, BOX, context=context, batch=batch, dtype=dtype)
    assert fit.total_bytes == parts(fit)
    assert fit.best is not None
    assert fit.best.needed_bytes == fit.total_bytes
    libraries = LIBRARIES["gpu" if fit.best.device.kind == "gpu" else "cpu"]
    assert fit.overhead_bytes == (fit.activations_bytes or 0) + libraries


def test_every_number_of_a_real_model_can_be_multiplied_out() -> None:
    fit = fit_of_facts(EIGHT_B, BOX, context=8192)
    assert fit.weights_bytes == 8_030_261_248 * 2
    assert fit.kv_cache_bytes == 2 * 32 * 8 * 128 * 2 * 8192 == GIB
    # 8,192 tokens: three feed-forward sizes and 4.3 hidden sizes of 2 bytes, and the last token's answers
    assert fit.activations_bytes == pytest.approx(8192 * 2 * (3 * 14336 + 4.3 * 4096), rel=0.001)
    assert set(fit.sources) == {"weights", "kv_cache", "activations", "libraries"}
    assert any("Pope et al. 2022" in name for name in fit.sources["kv_cache"])


def test_weights_are_loaded_in_the_dtype_that_the_config_names() -> None:
    stored = replace(EIGHT_B, parameters_by_dtype={"F32": 8_030_261_248})
    fit = fit_of_facts(stored, BOX)
    assert (fit.weights_bytes, fit.loaded_dtype) == (2 * 8_030_261_248, "bfloat16")
    assert fit_of_facts(stored, BOX, dtype="float32").weights_bytes == 4 * 8_030_261_248


def test_the_largest_context_fits_and_one_token_more_does_not() -> None:
    entry = fit_of_facts(EIGHT_B, BOX, context=4096).devices[0]
    most = entry.largest_context
    assert most is not None
    assert 4096 < most < 131_072

    def verdict_at(context: int, batch: int = 1) -> str:
        return fit_of_facts(EIGHT_B, BOX, context=context, batch=batch).devices[0].verdict

    assert (verdict_at(most), verdict_at(most + 1)) == ("fits", "tight")
    batch = entry.largest_batch
    assert batch is not None
    assert (verdict_at(4096, batch), verdict_at(4096, batch + 1) == "fits") == ("fits", False)


def test_the_largest_context_is_never_more_than_the_model_takes() -> None:
    large = (Device("GPU0", "gpu", 900 * GIB, 900 * GIB),)
    assert fit_of_facts(EIGHT_B, large).devices[0].largest_context == 131_072
    fit = fit_of_facts(EIGHT_B, large, context=200_000)
    assert any("131,072 tokens at most" in sentence for sentence in fit.assumptions)


def test_a_mixture_says_how_many_weights_work_on_a_token() -> None:
    config = {
        "model_type": "qwen3_moe", "architectures": ["Qwen3MoeForCausalLM"], "num_hidden_layers": 48,
        "hidden_size": 2048, "num_experts": 128, "num_experts_per_tok": 8, "moe_intermediate_size": 768,
        "intermediate_size": 6144, "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128,
    }  # fmt: skip
    facts = ModelFacts("q/30B", config=config, parameters=30_532_122_624, parameters_by_dtype={"BF16": 30_532_122_624})
    # 48 layers × 120 idle experts × 3 matrices of 2048 × 768; its card says 3.3 billion
    idle = 48 * 120 * 3 * 2048 * 768
    assert 30_532_122_624 - idle == 3_353_032_704
    assert "8 of them work on a token: 3.4B of 30.5B parameters." in fit_of_facts(facts, BOX).assumptions[0]


def test_an_encoder_is_judged_with_what_it_computes_and_no_cache() -> None:
    config = {
        "model_type": "camembert", "architectures": ["CamembertForMaskedLM"], "num_hidden_layers": 12,
        "hidden_size": 768, "num_attention_heads": 12, "intermediate_size": 3072, "vocab_size": 32005,
    }  # fmt: skip
    facts = ModelFacts("a/camembert", config=config, parameters_by_dtype={"F32": 110_655_493}, max_length=512)
    fit = fit_of_facts(facts, BOX, context=512)
    assert fit.kv_cache_bytes == 0
    # an answer of the whole vocabulary for each of 512 tokens is more than any layer holds
    assert fit.activations_bytes == 512 * 32005 * 4


# -- measured memory


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def outcome(peak: int, *, device: str = "cpu", dtype: str = "bfloat16", tokens: int = 1000) -> RunOutcome:
    return RunOutcome(
        "meta/eight", "c" * 40, "text-generation", "LlamaForCausalLM", device, dtype, {}, [], Timings(), peak,
        longest_tokens=tokens,
    )  # fmt: skip


def test_a_run_is_remembered_beside_what_was_expected_of_it() -> None:
    peak = peak_of_run(EIGHT_B, outcome(17 * 10**9), NOON)
    assert peak is not None
    assert peak.counted_bytes == 2 * 8_030_261_248 + 1000 * 131_072
    activations = 1000 * 2 * (3 * 14336 + 4.3 * 4096)
    assert peak.overhead_bytes == pytest.approx(LIBRARIES["cpu"] + activations, rel=0.001)
    on_gpu = peak_of_run(EIGHT_B, outcome(17 * 10**9, device="cuda:0"), NOON)
    assert on_gpu is not None
    assert on_gpu.device_kind == "gpu"
    assert on_gpu.overhead_bytes == peak.overhead_bytes - LIBRARIES["cpu"], (
        "torch's allocator does not hold the libraries"
    )


def test_the_file_that_weights_are_cast_from_counts_while_they_are_read() -> None:
    peak = peak_of_run(EIGHT_B, outcome(50 * 10**9, dtype="float32"), NOON)
    assert peak is not None
    assert peak.counted_bytes == (2 + 4) * 8_030_261_248 + 1000 * 2 * 131_072


def test_a_run_is_shown_beside_the_estimate_of_the_same_weights_alone() -> None:
    memory = FakeMemory()
    remember_run(memory, EIGHT_B, outcome(17 * 10**9), NOON)
    fit = fit_of_facts(EIGHT_B, BOX, peaks=memory.peaks())
    assert fit.measured is not None
    assert fit.measured.peak_bytes == 17 * 10**9
    assert fit_of_facts(EIGHT_B, BOX, dtype="float32", peaks=memory.peaks()).measured is None
    assert fit_of_facts(replace(EIGHT_B, commit="d" * 40), BOX, peaks=memory.peaks()).measured is None


def run_peak(number: int, share: float, kind: str = "cpu") -> RunPeak:
    """A run of which the overhead of 400 MB was `share` of what was expected."""
    peak = 10**9 + int(share * 400_000_000)
    return RunPeak(f"a/{number}", "c", "float32", kind, "fill-mask", peak, 10**9, 400_000_000, NOON + timedelta(number))


def test_three_runs_correct_the_overhead_and_nothing_else() -> None:
    plain = fit_of_facts(EIGHT_B, BOX[1:], context=4096)
    two = [run_peak(number, 1.5) for number in range(2)]
    assert fit_of_facts(EIGHT_B, BOX[1:], context=4096, peaks=two).total_bytes == plain.total_bytes
    three = [run_peak(number, share) for number, share in enumerate((1.2, 1.5, 9.0))]
    taught = fit_of_facts(EIGHT_B, BOX[1:], context=4096, peaks=three)
    assert (taught.weights_bytes, taught.kv_cache_bytes) == (plain.weights_bytes, plain.kv_cache_bytes)
    assert taught.overhead_bytes == pytest.approx((plain.overhead_bytes or 0) * 1.5, abs=2)
    assert "3 runs on this box: activations and libraries on the CPU × 1.50." in taught.assumptions


def test_runs_on_the_cpu_say_nothing_about_the_gpu_and_odd_ones_are_bounded() -> None:
    odd = [run_peak(number, 40.0) for number in range(3)]
    plain, taught = fit_of_facts(EIGHT_B, BOX), fit_of_facts(EIGHT_B, BOX, peaks=odd)
    assert taught.devices[0].needed_bytes == plain.devices[0].needed_bytes
    more = (taught.devices[1].needed_bytes or 0) - (taught.weights_bytes or 0)
    less = (plain.devices[1].needed_bytes or 0) - (plain.weights_bytes or 0)
    assert more == pytest.approx(3 * less, rel=0.001)


# -- what is not known


GATE = "config.json could not be read: the files of a/b are behind a form."


def test_what_depends_on_a_config_that_was_not_read_is_not_invented() -> None:
    excerpt = {"model_type": "bert", "architectures": ["BertForSequenceClassification"]}
    facts = ModelFacts("a/b", config=excerpt, config_problem=GATE, parameters_by_dtype={"F32": 10**6})
    fit = fit_of_facts(facts, BOX)
    assert (fit.activations_bytes, fit.devices[0].largest_context, fit.devices[0].verdict) == (None, None, "fits")
    assert fit.total_bytes == 4 * 10**6 + 200_000 + LIBRARIES["gpu"], "with an allowance that is told"
    assert fit.assumptions[:2] == (GATE, "What depends on it is not known: activations, cache, longest input.")
    assert any("5% of the weights" in sentence for sentence in fit.assumptions)


@pytest.mark.parametrize(("parameters", "verdict"), [(10**6, "unknown"), (10**10, "no")])
def test_a_context_cannot_be_judged_without_a_config_unless_the_weights_are_too_large(
    parameters: int, verdict: str
) -> None:
    facts = ModelFacts("a/b", config_problem=GATE, parameters_by_dtype={"F32": parameters})
    for fit in (fit_of_facts(facts, BOX, context=128), fit_of_facts(facts, BOX, batch=8)):
        assert {entry.verdict for entry in fit.devices} == {verdict}
        assert (fit.total_bytes, fit.overhead_bytes, fit.devices[0].needed_bytes, fit.advice) == (None, None, None, ())


def test_a_repo_without_weights_is_counted_from_its_config() -> None:
    blueprint = ModelFacts("a/plan", config=LLAMA)
    fit = fit_of_facts(blueprint, BOX)
    assert (fit.weights_bytes, fit.loaded_dtype) == (2 * 8_030_261_248, "bfloat16")
    assert fit.sources["weights"] == ("from config.json",)
    assert "8,030,261,248 parameters" in fit.assumptions[0]
    assert fit_of_facts(replace(blueprint, config_problem=GATE), BOX).weights_bytes is None
    quantized = replace(blueprint, config={**LLAMA, "quantization_config": {"quant_method": "gptq"}})
    assert fit_of_facts(quantized, BOX).weights_bytes is None


def test_a_model_that_was_built_is_counted_by_its_structure() -> None:
    config = {"model_type": "bert", "architectures": ["BertModel"], "hidden_size": 64, "intermediate_size": 128}
    facts = ModelFacts("a/plan", config=config)
    assert fit_of_facts(facts, BOX).weights_bytes is None
    assert fit_of_facts(facts, BOX, built_parameters=1000).weights_bytes == 4000
    measured = replace(facts, parameters_by_dtype={"F32": 7})
    assert fit_of_facts(measured, BOX, built_parameters=1000).weights_bytes == 28
