from __future__ import annotations

from typing import Any

import pytest

from hubtui.core.fit import Advice, Device, Fit, fit_of_facts
from hubtui.core.fit.devices import LIBRARIES
from hubtui.core.models import ModelFacts
from hubtui.core.query import parse, to_text

GIB = 1 << 30
CPU = Device("CPU", "cpu", 64 * GIB, 40 * GIB)
CONFIG: dict[str, Any] = {
    "model_type": "llama", "architectures": ["LlamaForCausalLM"], "num_hidden_layers": 32, "num_attention_heads": 32,
    "num_key_value_heads": 8, "hidden_size": 4096, "intermediate_size": 14336, "vocab_size": 128256,
    "tie_word_embeddings": False,
}  # fmt: skip
PARAMETERS = 8_030_261_248


def gpus(*free: int) -> tuple[Device, ...]:
    return tuple(Device(f"GPU{number}", "gpu", size * GIB, size * GIB) for number, size in enumerate(free))


def fit_of(devices: tuple[Device, ...], *, stored: str = "BF16", **asked: Any) -> Fit:
    facts = ModelFacts("meta/eight", config=CONFIG, parameters=PARAMETERS, parameters_by_dtype={stored: PARAMETERS})
    return fit_of_facts(facts, devices, **asked)


def kinds(fit: Fit) -> dict[str, Advice]:
    return {entry.kind: entry for entry in fit.advice}


def test_what_fits_needs_no_advice() -> None:
    assert fit_of(gpus(80)).advice == ()
    assert fit_of(()).advice == ()


def test_half_the_bytes_are_advised_where_they_are_enough() -> None:
    found = kinds(fit_of(gpus(24), stored="F32"))["dtype"]
    assert (found.value, found.device) == ("bfloat16", "GPU0")
    assert found.needed_bytes is not None
    assert found.needed_bytes > 2 * PARAMETERS
    assert "dtype" not in kinds(fit_of(gpus(12))), "it is in 16 bits already"


def test_four_bits_leave_the_embeddings_and_the_head_alone() -> None:
    found = kinds(fit_of((*gpus(10), CPU)))["4bit"]
    wide = 2 * 128256 * 4096
    weights = 2 * wide + (PARAMETERS - wide) * (0.5 + 4 / 64)
    activations = fit_of((*gpus(10), CPU)).activations_bytes or 0
    assert found.needed_bytes == pytest.approx(weights + activations + LIBRARIES["gpu"], rel=1e-6)
    assert found.device == "GPU0"
    assert "4bit" not in kinds(fit_of((Device("CPU", "cpu", 8 * GIB, 8 * GIB),)))


def test_a_shorter_context_is_one_that_fits() -> None:
    asked = 100_000
    found = kinds(fit_of((*gpus(24), CPU), context=asked))["context"]
    assert isinstance(found.value, int)
    assert 256 <= found.value < asked
    assert found.device == "GPU0", "rather than the CPU, which would take more"
    again = fit_of((*gpus(24), CPU), context=found.value)
    assert again.devices[0].verdict == "fits"


def test_fewer_sequences_are_as_many_as_fit() -> None:
    found = kinds(fit_of(gpus(24), context=2048, batch=64))["batch"]
    assert isinstance(found.value, int)
    assert fit_of(gpus(24), context=2048, batch=found.value).devices[0].verdict == "fits"


def test_the_gpus_that_would_hold_it_are_counted() -> None:
    found = kinds(fit_of(gpus(8)))["gpus"]
    assert isinstance(found.value, int)
    many = fit_of(gpus(*[8] * found.value))
    assert many.best is not None
    assert (many.best.device.kind, many.best.verdict) == ("gpus", "fits")


def test_main_memory_is_advised_where_there_is_enough_of_it() -> None:
    assert kinds(fit_of((*gpus(10), Device("CPU", "cpu", 14 * GIB, 14 * GIB))))["offload"].helps
    assert "offload" not in kinds(fit_of((*gpus(10), Device("CPU", "cpu", 4 * GIB, 4 * GIB))))


def test_the_search_for_quantized_weights_is_a_query_that_hubtui_understands() -> None:
    found = kinds(fit_of(gpus(4)))["quantized"]
    assert found.query == "base:meta/eight library:gguf"
    assert to_text(parse(found.query)) == found.query


def test_what_helps_comes_before_what_does_not() -> None:
    advice = fit_of(gpus(10)).advice
    assert [entry.helps for entry in advice] == sorted((entry.helps for entry in advice), reverse=True)
    assert all(entry.sentence.endswith(".") for entry in advice)
    assert "endpoint" in kinds(fit_of(gpus(1)))


def test_what_is_asked_for_is_advised_down_where_the_weights_are_small() -> None:
    config = {**CONFIG, "num_hidden_layers": 2, "hidden_size": 64, "intermediate_size": 128, "vocab_size": 400}
    facts = ModelFacts("demo/tiny", config=config, parameters=10**5, parameters_by_dtype={"F32": 10**5}, max_length=192)
    fit = fit_of_facts(facts, (CPU,), batch=1_000_000)
    (advice,) = fit.advice
    assert (advice.kind, advice.value) == ("batch", fit.devices[0].largest_batch)
    assert "instead of 1,000,000" in advice.sentence
    assert isinstance(advice.value, int)
    assert fit_of_facts(facts, (CPU,), batch=advice.value).devices[0].verdict == "fits"
    assert {entry.kind for entry in fit_of_facts(facts, (CPU,), context=192, batch=100_000_000).advice} == {"batch"}
