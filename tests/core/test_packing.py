from __future__ import annotations

import pytest

from hubtui.core.packing import packed_weights, stated_size


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", 8 * 10**9),
        ("Qwen/Qwen2.5-0.5B", 5 * 10**8),
        ("mistralai/Mixtral-8x7B-v0.1", 56 * 10**9),
        ("Qwen/Qwen3-30B-A3B-4bit", 30 * 10**9),
        ("x/pythia-160m", 160 * 10**6),
        ("a7b/bert-base", None),
        ("x/abc123b4", None),
    ],
)
def test_the_size_in_a_models_name_is_read(name: str, size: int | None) -> None:
    assert stated_size(name) == size


def _bytes(model: str, tags: str, by_dtype: dict[str, int], formats: str = "safetensors") -> int | None:
    total = sum(by_dtype.values()) or 7_000_000_000
    found = packed_weights(
        model, tags=tags.split(), formats=formats.split(), parameters_by_dtype=by_dtype, parameters=total
    )
    return found.size_bytes if found else None


def test_counted_weights_of_a_quantization_take_its_bits_and_not_those_of_their_containers() -> None:
    gpt_oss = {"BF16": 1_804_459_584, "U8": 19_707_494_400}  # openai/gpt-oss-20b: 13.8 GB of files
    assert _bytes("openai/gpt-oss-20b", "mxfp4 8-bit", gpt_oss) == pytest.approx(13.5e9, rel=0.03)
    assert _bytes("x/Llama-2-7B-AWQ", "awq 4-bit", {"I32": 6_476_271_616, "F16": 262_410_240}) == pytest.approx(
        3.76e9, rel=0.01
    )
    assert _bytes("x/some-chat-gptq", "gptq 4-bit", {"I32": 8_000_000}) == 4_000_000, "the Hub counts weights"
    assert _bytes("x/m-gptq-8bit", "gptq 8-bit", {"I32": 8_000_000}) == 8_000_000


def test_counted_containers_take_what_containers_take() -> None:
    assert _bytes("x/Llama-2-7B-GPTQ", "gptq 4-bit", {"I32": 809_533_952, "F16": 262_410_240}) is None
    assert _bytes("mlx-community/thing-4bit", "mlx 4-bit", {"U32": 8_000_000}) is None
    assert _bytes("x/y", "", {"I32": 8}) is None
    assert _bytes("x/y-4bit", "", {"BF16": 8}) is None


def test_a_gguf_repo_is_estimated_by_the_kind_that_it_names_else_the_usual_one() -> None:
    for name, size in {
        "x/m-GGUF": 4.24e9,
        "x/m-Q8_0-GGUF": 7.44e9,
        "x/m-f16-gguf": 14e9,
        "x/m-IQ2_XS-GGUF": 2.19e9,
    }.items():
        assert _bytes(name, "gguf", {}, "gguf") == pytest.approx(size, rel=0.01), name
    assert _bytes("x/m-GGUF", "gguf", {"BF16": 10}, "safetensors gguf") is None
    assert packed_weights("x/m-GGUF", tags=(), formats=("gguf",), parameters_by_dtype={}, parameters=None) is None
