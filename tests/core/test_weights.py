from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_torch

from hubtui.core.weights import ReadAt, WeightsError, read_gguf, read_safetensors
from tests.demo.samples import gguf_bytes


def _reader(content: bytes) -> ReadAt:
    return lambda offset, length: content[offset : offset + length]


def _safetensors(header: object, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def test_what_the_safetensors_library_writes_is_counted_by_dtype(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    tensors = {
        "a": torch.ones(3, 4),
        "b": torch.ones(5, dtype=torch.bfloat16),
        "scalar": torch.tensor(1, dtype=torch.int64),
    }
    save_torch({**tensors, "empty": torch.ones(0, 7)}, path, {"format": "pt"})
    content = path.read_bytes()
    header = read_safetensors(_reader(content), len(content))
    assert header.parameters == {"F32": 12, "BF16": 5, "I64": 1}
    assert header.metadata == {"format": "pt"}
    assert header.tensors["a"].shape == (3, 4)
    assert header.raw["__metadata__"] == {"format": "pt"}


@pytest.mark.parametrize("keep", [0, 7, 8, 20, -1])
def test_a_safetensors_file_cut_anywhere_is_told(tmp_path: Path, keep: int) -> None:
    save_file({"a": np.ones((3, 4), np.float32)}, tmp_path / "m.safetensors")
    content = (tmp_path / "m.safetensors").read_bytes()[:keep]
    with pytest.raises(WeightsError):
        read_safetensors(_reader(content), len(content))


@pytest.mark.parametrize(
    "content",
    [
        b"\xff" * 64,
        _safetensors(b"not json"),
        _safetensors(b"[" * 100_000),
        _safetensors([1]),
        _safetensors({"a": 1}),
        _safetensors({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0]}}, b"12345678"),
        _safetensors({"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}, b"12345678"),
        _safetensors({"a": {"dtype": "F32", "shape": [True], "data_offsets": [0, 8]}}, b"12345678"),
        _safetensors({"a": {"dtype": "F32", "shape": [10**30], "data_offsets": [0, 8]}}, b"12345678"),
        _safetensors({"a": {"dtype": "F32", "shape": [10**9], "data_offsets": [0, 8]}}, b"12345678"),
        _safetensors({"a": {"dtype": 5, "shape": [2], "data_offsets": [0, 8]}}, b"12345678"),
        _safetensors({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}, b"12345678"),
    ],
    ids=range(12),
)
def test_absurd_safetensors_headers_are_refused(content: bytes) -> None:
    with pytest.raises(WeightsError):
        read_safetensors(_reader(content), len(content))


def test_dtypes_of_the_future_are_counted_as_stated() -> None:
    content = _safetensors({"a": {"dtype": "F3_NEW", "shape": [7], "data_offsets": [0, 3]}, "__metadata__": 5}, b"123")
    header = read_safetensors(_reader(content), len(content))
    assert (header.parameters, header.metadata) == ({"F3_NEW": 7}, {})


def test_a_gguf_header_tells_architecture_tokens_and_parameters() -> None:
    values: dict[str, object] = {
        "general.architecture": "llama",
        "llama.context_length": 4096,
        "tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>"],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 9,
        "tokenizer.chat_template": "{{ messages }}",
    }
    header = read_gguf(_reader(gguf_bytes(values, {"a": (32, 4), "b": (64,)})))
    assert (header.architecture, header.context_length) == ("llama", 4096)
    assert (header.bos_token, header.eos_token, header.chat_template) == ("<s>", "", "{{ messages }}")
    assert header.parameters == {"Q8_0": 192}
    assert header.metadata["tokenizer.ggml.eos_token_id"] == 9


def test_long_vocabularies_and_arrays_of_every_kind_are_stepped_over() -> None:
    body = b"GGUF" + struct.pack("<IQQ", 3, 0, 5)

    def key(name: str) -> bytes:
        return struct.pack("<Q", len(name)) + name.encode()

    body += key("floats") + struct.pack("<IIQ", 9, 6, 700_000) + bytes(2_800_000)
    body += key("nested") + struct.pack("<IIQ", 9, 9, 1) + struct.pack("<IQ", 0, 3) + b"abc"
    words = b"".join(key(f"token{number}") for number in range(100_000))
    body += key("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 100_000) + words
    body += key("tokenizer.ggml.bos_token_id") + struct.pack("<IQ", 10, 99_999)
    body += key("general.architecture") + struct.pack("<I", 8) + key("bert")
    asked: list[int] = []

    def read(offset: int, length: int) -> bytes:
        asked.append(length)
        return body[offset : offset + length]

    header = read_gguf(read)
    assert (header.bos_token, header.architecture) == ("token99999", "bert")
    assert len(asked) < 8, "read in small pieces, which is slow over a network"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GGML" + bytes(20),
        b"GGUF" + struct.pack("<IQQ", 1, 0, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1 << 62),
        b"GGUF" + struct.pack("<IQQQ1sI", 3, 0, 1, 1, b"k", 99),
        b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"k", 9, 99, 1),
        b"GGUF" + struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"k", 9, 6, 1 << 61),
        b"GGUF" + struct.pack("<IQQQ1sI", 3, 0, 1, 1, b"k", 9) + struct.pack("<IQ", 9, 1) * 9,
        b"GGUF" + struct.pack("<IQQQ1sI", 3, 1, 0, 1, b"t", 99),
        b"GGUF" + struct.pack("<IQQQ1sI8QIQ", 3, 1, 0, 1, b"t", 8, *[1 << 60] * 8, 0, 0),
    ],
    ids=range(12),
)
def test_absurd_gguf_headers_are_refused(content: bytes) -> None:
    with pytest.raises(WeightsError):
        read_gguf(_reader(content))
