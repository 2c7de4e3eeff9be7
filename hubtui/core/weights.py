"""Headers of weight files: which tensors a safetensors or GGUF file holds, read without reading the tensors.

Both readers take a function that reads a span, so that a file on disk and a file behind range requests are the same to
them. They trust nothing: counts, lengths and shapes come from strangers.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from hubtui.core.errors import CheckpointError

ReadAt = Callable[[int, int], bytes]
"""`read(offset, length)` returns up to `length` bytes from `offset`, fewer at the end of the file."""

_SAFETENSORS_HEADER_CAP = 100_000_000  # the cap of the safetensors library itself
_GGUF_HEADER_CAP = 256 << 20
_GGUF_CHUNK = 1 << 20
_MOST_ELEMENTS = 1 << 62

_BITS = {
    **dict.fromkeys(("F4",), 4),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 16),
    **dict.fromkeys(("I32", "U32", "F32"), 32),
    **dict.fromkeys(("I64", "U64", "F64", "C64"), 64),
}

_GGML_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K",
    12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
    20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64",
    29: "IQ1_M", 30: "BF16", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
}  # fmt: skip
"""Numbers of the `ggml_type` enumeration."""


class WeightsError(CheckpointError):
    """A weight file's header cannot be read: not of its format, cut short, or absurd."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor as a header describes it; `dtype` is the format's own name (`F32`, `BF16`, `Q4_K`)."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class SafetensorsHeader:
    """What a safetensors file holds.

    Attributes:
        metadata: the `__metadata__` entry, often `{"format": "pt"}`.
        raw: the header's JSON as it stands in the file.
    """

    tensors: Mapping[str, Tensor]
    metadata: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, object] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, int]:
        """Number of elements by dtype."""
        return count_by_dtype(self.tensors)


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What a GGUF file holds.

    Attributes:
        architecture: `general.architecture`, such as `llama`.
        context_length: longest input in tokens, None when the file does not say.
        metadata: every scalar key and value of the header; arrays are left out.
    """

    tensors: Mapping[str, Tensor]
    architecture: str = ""
    context_length: int | None = None
    chat_template: str = ""
    bos_token: str = ""
    eos_token: str = ""
    metadata: Mapping[str, str | int | float | bool] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, int]:
        """Number of elements by ggml type."""
        return count_by_dtype(self.tensors)


def count_by_dtype(tensors: Mapping[str, Tensor]) -> dict[str, int]:
    """Return the number of elements of each dtype."""
    counts: dict[str, int] = {}
    for tensor in tensors.values():
        counts[tensor.dtype] = counts.get(tensor.dtype, 0) + tensor.count
    return counts


def read_safetensors(read: ReadAt, size: int) -> SafetensorsHeader:
    """Read the header of a safetensors file of `size` bytes: 8 bytes of length, little-endian, then that much JSON.

    Raises:
        WeightsError: the header is longer than the file or the library's cap, is not JSON, contradicts itself, or the
            file ends before its tensors do.
    """
    first = read(0, 8)
    if len(first) < 8:
        raise WeightsError("The file is too short to be safetensors.")
    length = int.from_bytes(first, "little")
    if length > min(size - 8, _SAFETENSORS_HEADER_CAP):
        raise WeightsError("The file is not safetensors, or is cut short: its header would be longer than it is.")
    try:
        header = json.loads(read(8, length))
    except (ValueError, RecursionError) as error:
        raise WeightsError("The header of the safetensors file is not JSON.") from error
    if not isinstance(header, dict):
        raise WeightsError("The header of the safetensors file is not a JSON object.")
    metadata = header.get("__metadata__")
    return SafetensorsHeader(
        {
            name: _safetensors_tensor(name, entry, size - 8 - length)
            for name, entry in header.items()
            if name != "__metadata__"
        },
        {key: value for key, value in metadata.items() if isinstance(value, str)} if isinstance(metadata, dict) else {},
        header,
    )


def _safetensors_tensor(name: str, entry: object, data_bytes: int) -> Tensor:
    if isinstance(entry, dict):
        dtype, shape, span = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
        if isinstance(dtype, str) and _are_sizes(shape) and _are_sizes(span) and len(span) == 2:
            tensor = Tensor(dtype, tuple(shape))
            if span[1] > data_bytes:
                raise WeightsError("The safetensors file is cut short: it ends before its tensors do.")
            if dtype in _BITS and tensor.count * _BITS[dtype] != (span[1] - span[0]) * 8:
                raise WeightsError(f"The safetensors header contradicts itself about the size of {name[:80]!r}.")
            return tensor
    raise WeightsError(f"The safetensors header describes {name[:80]!r} wrongly.")


def _are_sizes(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(item) is int and 0 <= item < _MOST_ELEMENTS for item in value)


def read_gguf(read: ReadAt) -> GgufHeader:
    """Read the header of a GGUF file, version 2 or 3 (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).

    Raises:
        WeightsError: not GGUF, an older version, cut short, or a header of more than 256 MiB.
    """
    cursor = _Cursor(read)
    if cursor.take(4) != b"GGUF":
        raise WeightsError("The file is not GGUF.")
    version, tensor_count, value_count = cursor.number("<I"), cursor.number("<Q"), cursor.number("<Q")
    if version not in {2, 3}:
        raise WeightsError(f"GGUF version {version} cannot be read; versions 2 and 3 can.")
    values: dict[str, str | int | float | bool] = {}
    tokens: list[bytes] = []
    for _ in range(int(value_count)):
        key, kind = cursor.text(), int(cursor.number("<I"))
        if kind == _ARRAY:
            items = _array(cursor, depth=0)
            tokens = items if key == "tokenizer.ggml.tokens" else tokens
        else:
            values[key] = cursor.text() if kind == _STRING else _scalar(cursor, kind)
    tensors = dict(_gguf_tensor(cursor) for _ in range(int(tensor_count)))
    architecture = str(values.get("general.architecture", ""))
    context = values.get(f"{architecture}.context_length")
    return GgufHeader(
        tensors,
        architecture,
        context if type(context) is int else None,
        str(values.get("tokenizer.chat_template", "")),
        _token(tokens, values.get("tokenizer.ggml.bos_token_id")),
        _token(tokens, values.get("tokenizer.ggml.eos_token_id")),
        values,
    )


_STRING, _ARRAY = 8, 9
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}


class _Cursor:
    """Reads a header from its start, a chunk at a time, and refuses to go on past the cap."""

    def __init__(self, read: ReadAt) -> None:
        self._read = read
        self._buffer = b""
        self._start = 0  # of the buffer in the file
        self._at = 0  # in the buffer

    def take(self, length: int) -> bytes:
        if self._at + length > len(self._buffer):
            self._refill(length)
        piece = self._buffer[self._at : self._at + length]
        self._at += length
        return piece

    def skip(self, length: int) -> None:
        if self._at + length <= len(self._buffer):
            self._at += length
            return
        self._start += self._at + length
        self._buffer, self._at = b"", 0
        self._check(0)

    def number(self, layout: str) -> int | float | bool:
        value: int | float | bool = struct.unpack(layout, self.take(struct.calcsize(layout)))[0]
        return value

    def data(self) -> bytes:
        return self.take(int(self.number("<Q")))

    def text(self) -> str:
        return self.data().decode("utf-8", "replace")

    def _refill(self, length: int) -> None:
        self._start += self._at
        self._check(length)
        self._buffer = self._buffer[self._at :]
        self._at = 0
        missing = max(length, _GGUF_CHUNK) - len(self._buffer)
        self._buffer += self._read(self._start + len(self._buffer), missing)
        if len(self._buffer) < length:
            raise WeightsError("The GGUF file is cut short: it ends within its header.")

    def _check(self, length: int) -> None:
        if self._start + length > _GGUF_HEADER_CAP:
            raise WeightsError("The header of the GGUF file is absurdly long.")


def _scalar(cursor: _Cursor, kind: int) -> int | float | bool:
    if kind not in _SCALARS:
        raise WeightsError(f"The GGUF header holds a value of the unknown kind {kind}.")
    return cursor.number(_SCALARS[kind])


def _array(cursor: _Cursor, depth: int) -> list[bytes]:
    """Step over an array; the items are returned only when they are strings, which is where the vocabulary stands."""
    kind, count = int(cursor.number("<I")), int(cursor.number("<Q"))
    if kind == _STRING:
        return [cursor.data() for _ in range(count)]
    if kind == _ARRAY:
        if depth > 3:
            raise WeightsError("The GGUF header nests arrays absurdly deep.")
        for _ in range(count):
            _array(cursor, depth + 1)
    elif kind in _SCALARS:
        cursor.skip(count * struct.calcsize(_SCALARS[kind]))
    else:
        raise WeightsError(f"The GGUF header holds an array of the unknown kind {kind}.")
    return []


def _gguf_tensor(cursor: _Cursor) -> tuple[str, Tensor]:
    name, dimensions = cursor.text(), int(cursor.number("<I"))
    if dimensions > 8:
        raise WeightsError(f"The GGUF header gives a tensor {dimensions} dimensions.")
    shape = tuple(int(cursor.number("<Q")) for _ in range(dimensions))
    kind = int(cursor.number("<I"))
    cursor.skip(8)  # where its data begins
    tensor = Tensor(_GGML_TYPES.get(kind, f"type {kind}"), shape)
    if tensor.count > _MOST_ELEMENTS:
        raise WeightsError(f"The GGUF header gives {name[:80]!r} an absurd shape.")
    return name, tensor


def _token(tokens: list[bytes], index: object) -> str:
    if type(index) is int and 0 <= index < len(tokens):
        return tokens[index].decode("utf-8", "replace")
    return ""
