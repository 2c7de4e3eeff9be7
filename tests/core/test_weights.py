from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_torch

from hubtui.core.weights import ReadAt, WeightsError, read_safetensors


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
    assert json.loads(header.text)["__metadata__"] == {"format": "pt"}


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
        _safetensors({"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}, b"12345678"),
        _safetensors({"a": {"dtype": "F32", "shape": [1] * 60 + [2], "data_offsets": [0, 8]}}, b"12345678"),
        _safetensors({"a": {"dtype": "NEW", "shape": [1 << 60, 1 << 60], "data_offsets": [0, 8]}}, b"12345678"),
        struct.pack("<Q", 17 << 20) + b" " * (18 << 20),
    ],
    ids=range(16),
)
def test_absurd_safetensors_headers_are_refused(content: bytes) -> None:
    with pytest.raises(WeightsError):
        read_safetensors(_reader(content), len(content))


def test_dtypes_of_the_future_are_counted_as_stated() -> None:
    content = _safetensors({"a": {"dtype": "F3_NEW", "shape": [7], "data_offsets": [0, 3]}, "__metadata__": 5}, b"123")
    header = read_safetensors(_reader(content), len(content))
    assert (header.parameters, header.metadata) == ({"F3_NEW": 7}, {})


def _entry(start: int, end: int) -> dict[str, object]:
    return {"dtype": "U8", "shape": [end - start], "data_offsets": [start, end]}


@pytest.mark.parametrize("spans", [((0, 8), (4, 12)), ((0, 8), (0, 8)), ((0, 12), (4, 8))])
def test_tensors_that_share_bytes_are_refused(spans: tuple[tuple[int, int], ...]) -> None:
    content = _safetensors({f"t{number}": _entry(*span) for number, span in enumerate(spans)}, bytes(12))
    with pytest.raises(WeightsError, match="share the same bytes"):
        read_safetensors(_reader(content), len(content))


def test_a_name_that_stands_twice_is_refused() -> None:
    first = json.dumps({"a": _entry(0, 4)})[:-1]
    content = _safetensors((first + ', "a": ' + json.dumps(_entry(4, 8)) + "}").encode(), bytes(8))
    with pytest.raises(WeightsError, match="describes 'a' twice"):
        read_safetensors(_reader(content), len(content))


def test_data_that_is_of_no_tensor_is_told() -> None:
    content = _safetensors({"a": _entry(4, 8), "nothing": _entry(2, 2)}, bytes(12))
    header = read_safetensors(_reader(content), len(content))
    assert (header.stray_bytes, header.tensors["a"].size_bytes) == (8, 4)
