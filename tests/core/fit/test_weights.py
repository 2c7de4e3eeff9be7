from __future__ import annotations

import pytest

from hubtui.core.fit.weights import chosen_files, load, packed_files
from hubtui.core.models import FileEntry
from hubtui.core.packing import Packed

MIB = 1 << 20


def files(*entries: tuple[str, int]) -> list[FileEntry]:
    kinds = {"safetensors": "safetensors", "bin": "pickle", "gguf": "gguf", "json": "config", "pth": "pickle"}
    return [FileEntry(path, size, format=kinds[path.rpartition(".")[2]]) for path, size in entries]


@pytest.mark.parametrize(
    ("entries", "chosen"),
    [
        ((("config.json", 1), ("model.safetensors", 2), ("pytorch_model.bin", 3)), ["model.safetensors"]),
        (
            (
                ("model-00001-of-00002.safetensors", 2),
                ("model-00002-of-00002.safetensors", 2),
                ("consolidated.safetensors", 4),
            ),
            ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
        ),
        ((("pytorch_model.bin", 3), ("original/consolidated.00.pth", 3)), ["pytorch_model.bin"]),
        ((("m-Q2_K.gguf", 2), ("m-Q4_K_M.gguf", 4), ("m-Q8_0.gguf", 8), ("mmproj-F16.gguf", 1)), ["m-Q4_K_M.gguf"]),
        (
            (
                ("m-Q4_K_M-00001-of-00002.gguf", 4),
                ("m-Q4_K_M-00002-of-00002.gguf", 4),
                ("m-Q8_0-00001-of-00001.gguf", 9),
            ),
            ["m-Q4_K_M-00001-of-00002.gguf", "m-Q4_K_M-00002-of-00002.gguf"],
        ),
        ((("m-IQ2_XS.gguf", 5), ("m-IQ1_S.gguf", 2)), ["m-IQ1_S.gguf"]),
        ((("config.json", 1),), []),
    ],
)
def test_the_weights_are_counted_once(entries: tuple[tuple[str, int], ...], chosen: list[str]) -> None:
    assert [entry.path for entry in chosen_files(files(*entries))] == chosen


def test_a_gguf_file_is_taken_by_its_size_and_named() -> None:
    packed = packed_files(files(("m-Q4_K_M.gguf", 4 * MIB), ("m-Q8_0.gguf", 8 * MIB)), "")
    assert packed is not None
    assert packed.size_bytes == 4 * MIB
    assert "m-Q4_K_M.gguf is taken; 1 other GGUF files are there" in packed.assumption


def test_a_file_of_unknown_size_is_not_counted_as_nothing() -> None:
    assert packed_files([FileEntry("model.safetensors", None, format="safetensors")], "") is None


def test_whole_numbers_are_not_cast() -> None:
    assert load({"F32": 100, "I64": 10}, dtype="bfloat16").size_bytes == 100 * 2 + 10 * 8


def test_a_quantized_model_keeps_its_cache_in_what_it_computes_in() -> None:
    packed = Packed(1000, "They are quantized.")
    config = {"quantization_config": {"quant_method": "mxfp4"}, "torch_dtype": "bfloat16"}
    loaded = load({"U8": 2000}, packed=packed, config=config)
    assert (loaded.size_bytes, loaded.width, loaded.is_quantized) == (1000, 2, True)
    assert any("unpacked to bfloat16" in note for note in loaded.notes)
    assert load({}, packed=packed, dtype="float32").width == 4


def test_eight_bit_floats_are_stored_and_not_computed_in() -> None:
    loaded = load({"F8_E4M3": 1000, "F32": 10})
    assert (loaded.size_bytes, loaded.dtype) == (1040, "BF16")


def test_a_nested_config_names_the_dtype_too() -> None:
    assert load({"F32": 100}, config={"text_config": {"dtype": "float16"}}).size_bytes == 200
    assert load({"F32": 100}, config={"torch_dtype": "nonsense"}).size_bytes == 400
