"""Headers of GGUF files: metadata and tensors, read without reading the tensors' data.

Layout and types: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md; sizes of the quantized blocks: llama.cpp,
`gguf-py/gguf/constants.py`. Nothing is trusted: counts, lengths and shapes come from strangers.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from hubtui.core.weights import MOST_DIMENSIONS, MOST_ELEMENTS, ReadAt, Tensor, WeightsError, count_by_dtype

MOST_HEADER_BYTES = 64 << 20
"""The largest headers in use (vocabularies of 260,000 tokens with their merges) are a third of it."""

_CHUNK = 1 << 20
_MOST_ITEMS = 4_000_000  # of all arrays together; a vocabulary with merges has 600,000
_KEPT_ITEMS = 512
"""Of each array: one for every layer, and what anybody looks at of a vocabulary."""

_ALIGNMENT = 32  # of the data, unless `general.alignment` says otherwise

# Number of the `ggml_type` enumeration → name, elements of a block, bytes of a block.
_TYPES: Mapping[int, tuple[str, int, int]] = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 36), 10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82), 23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1),
    25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8), 28: ("F64", 1, 8), 29: ("IQ1_M", 256, 56),
    30: ("BF16", 1, 2), 34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17), 40: ("NVFP4", 64, 36),
    41: ("Q1_0", 128, 18),
}  # fmt: skip

_STRING, _ARRAY = 8, 9
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_KINDS = {
    0: "uint8", 1: "int8", 2: "uint16", 3: "int16", 4: "uint32", 5: "int32", 6: "float32", 7: "bool", 8: "string",
    9: "array", 10: "uint64", 11: "int64", 12: "float64",
}  # fmt: skip

Scalar = str | int | float | bool

GgufSizes = Mapping[str, Scalar | tuple[Scalar, ...]]
"""The metadata that describes the model: values by key, arrays in full; of the vocabulary its length alone."""

VOCABULARY = "tokenizer.ggml.tokens"
_SIZES_CHUNK = 128 << 10  # what describes the model stands before its vocabulary, in some kilobytes


@dataclass(frozen=True, slots=True)
class GgufArray:
    """An array of the metadata: GGUF's name of its items' type, how many there are, and the first 512 of them."""

    kind: str
    length: int
    first: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What a GGUF file holds.

    Attributes:
        tensors: by name; shapes stand as in the file, the fastest dimension first.
        architecture: `general.architecture`, such as `llama`.
        context_length: longest input in tokens, None when the file does not say.
        metadata: every scalar key and value of the header.
        arrays: every array of the header, in short.
        kinds: GGUF's name of the type of each scalar.
        header_bytes: length of the header without the padding that follows.
    """

    tensors: Mapping[str, Tensor]
    architecture: str = ""
    context_length: int | None = None
    chat_template: str = ""
    bos_token: str = ""
    eos_token: str = ""
    metadata: Mapping[str, Scalar] = field(default_factory=dict)
    arrays: Mapping[str, GgufArray] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    header_bytes: int = 0

    @property
    def parameters(self) -> dict[str, int]:
        """Number of elements by ggml type."""
        return count_by_dtype(self.tensors)


def read_gguf(read: ReadAt, size: int) -> GgufHeader:
    """Read the header of a GGUF file of `size` bytes, version 2 or 3.

    Raises:
        WeightsError: not GGUF, an older version, absurdly long, a header that contradicts itself, or a file that ends
            before its tensors do.
    """
    cursor = _Cursor(read)
    tensor_count, value_count = _counts(cursor)
    values: dict[str, Scalar] = {}
    arrays: dict[str, GgufArray] = {}
    kinds: dict[str, str] = {}
    tokens: list[bytes] = []
    for _ in range(value_count):
        key, kind = cursor.text(), int(cursor.number("<I"))
        if key in values or key in arrays:
            raise WeightsError(f"The GGUF header states {key[:80]!r} twice.")
        if kind == _ARRAY:
            arrays[key], items = _array(cursor, depth=0)
            tokens = items if key == VOCABULARY else tokens
        else:
            values[key] = _value(cursor, kind)
            kinds[key] = _KINDS[kind]
    tensors = _tensors(cursor, tensor_count)
    alignment = values.get("general.alignment")
    if _data_end(tensors, cursor.position, alignment if type(alignment) is int else _ALIGNMENT) > size:
        raise WeightsError("The GGUF file is cut short: it ends before its tensors do.")
    architecture = str(values.get("general.architecture", ""))
    context = values.get(f"{architecture}.context_length")
    return GgufHeader(
        {name: tensor for name, (tensor, _) in tensors.items()},
        architecture,
        context if type(context) is int else None,
        str(values.get("tokenizer.chat_template", "")),
        _token(tokens, values.get("tokenizer.ggml.bos_token_id")),
        _token(tokens, values.get("tokenizer.ggml.eos_token_id")),
        values,
        arrays,
        kinds,
        cursor.position,
    )


def read_gguf_sizes(read: ReadAt) -> GgufSizes:
    """Read what describes the model, up to its vocabulary: the beginning of the file is enough, and no tensor is read.

    Raises:
        WeightsError: not GGUF, an older version, or a header that contradicts itself.
    """
    cursor = _Cursor(read, _SIZES_CHUNK)
    _, value_count = _counts(cursor)
    found: dict[str, Scalar | tuple[Scalar, ...]] = {}
    for _ in range(value_count):
        key, kind = cursor.text(), int(cursor.number("<I"))
        if kind != _ARRAY:
            found[key] = _value(cursor, kind)
            continue
        if key == VOCABULARY:
            found[key] = cursor.peek_length()
            if f"{found.get('general.architecture')}.block_count" in found:
                break
        array, _ = _array(cursor, depth=0)
        if array.length == len(array.first):
            found.setdefault(key, array.first)
    return found


def _counts(cursor: _Cursor) -> tuple[int, int]:
    """Numbers of tensors and of values, from the beginning of the file."""
    if cursor.take(4) != b"GGUF":
        raise WeightsError("The file is not GGUF.")
    version, tensors, values = cursor.number("<I"), cursor.number("<Q"), cursor.number("<Q")
    if version not in {2, 3}:
        raise WeightsError(f"GGUF version {version} cannot be read; versions 2 and 3 can.")
    return int(tensors), int(values)


class _Cursor:
    """Reads a header from its start, a chunk at a time, and refuses to go on past the caps."""

    def __init__(self, read: ReadAt, chunk: int = _CHUNK) -> None:
        self._read = read
        self._chunk = chunk
        self._buffer = b""
        self._start = 0  # of the buffer in the file
        self._at = 0  # in the buffer
        self._items_left = _MOST_ITEMS

    @property
    def position(self) -> int:
        """Bytes of the file that were passed."""
        return self._start + self._at

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

    def peek_length(self) -> int:
        """The number of items of the array that comes next."""
        head = self.take(12)
        self._at -= 12
        return int(struct.unpack("<IQ", head)[1])

    def number(self, layout: str) -> int | float | bool:
        value: int | float | bool = struct.unpack(layout, self.take(struct.calcsize(layout)))[0]
        return value

    def data(self) -> bytes:
        return self.take(int(self.number("<Q")))

    def text(self) -> str:
        return self.data().decode("utf-8", "replace")

    def count_items(self, count: int) -> None:
        """Refuse more items than any vocabulary has: stepping over them would take minutes."""
        self._items_left -= count
        if self._items_left < 0:
            raise WeightsError("The GGUF header holds absurdly long arrays.")

    def _refill(self, length: int) -> None:
        self._start += self._at
        self._check(length)
        self._buffer = self._buffer[self._at :]
        self._at = 0
        missing = max(length, self._chunk) - len(self._buffer)
        self._buffer += self._read(self._start + len(self._buffer), missing)
        if len(self._buffer) < length:
            raise WeightsError("The GGUF file is cut short: it ends within its header.")

    def _check(self, length: int) -> None:
        if self._start + length > MOST_HEADER_BYTES:
            raise WeightsError("The header of the GGUF file is absurdly long.")


def _value(cursor: _Cursor, kind: int) -> Scalar:
    if kind == _STRING:
        return cursor.text()
    if kind not in _SCALARS:
        raise WeightsError(f"The GGUF header holds a value of the unknown kind {kind}.")
    return cursor.number(_SCALARS[kind])


def _array(cursor: _Cursor, depth: int) -> tuple[GgufArray, list[bytes]]:
    """Step over an array; all items are returned only when they are strings, where the vocabulary stands."""
    kind, count = int(cursor.number("<I")), int(cursor.number("<Q"))
    name = _KINDS.get(kind, "")
    if kind == _STRING:
        cursor.count_items(count)
        items = [cursor.data() for _ in range(count)]
        first = tuple(item.decode("utf-8", "replace") for item in items[:_KEPT_ITEMS])
        return GgufArray(name, count, first), items
    if kind == _ARRAY:
        if depth > 3:
            raise WeightsError("The GGUF header nests arrays absurdly deep.")
        cursor.count_items(count)
        for _ in range(count):
            _array(cursor, depth + 1)
        return GgufArray(name, count), []
    if kind not in _SCALARS:
        raise WeightsError(f"The GGUF header holds an array of the unknown kind {kind}.")
    shown = min(count, _KEPT_ITEMS)
    numbers = tuple(cursor.number(_SCALARS[kind]) for _ in range(shown))
    cursor.skip((count - shown) * struct.calcsize(_SCALARS[kind]))
    return GgufArray(name, count, numbers), []


def _tensors(cursor: _Cursor, count: int) -> dict[str, tuple[Tensor, int]]:
    """The tensors, and where the data of each begins, counted from the start of all data."""
    found: dict[str, tuple[Tensor, int]] = {}
    for _ in range(count):
        name, tensor, start = _tensor(cursor)
        if name in found:
            raise WeightsError(f"The GGUF header describes {name[:80]!r} twice.")
        found[name] = tensor, start
    last = 0
    for start, end in sorted((start, start + tensor.size_bytes) for tensor, start in found.values()):
        if start < last and start < end:
            raise WeightsError("The GGUF header lets two tensors share the same bytes.")
        last = max(last, end)
    return found


def _data_end(tensors: Mapping[str, tuple[Tensor, int]], header_bytes: int, alignment: int) -> int:
    """Where in the file the last tensor ends; the data begins at a multiple of the alignment."""
    ends = (start + tensor.size_bytes for tensor, start in tensors.values())
    padding = -header_bytes % alignment if alignment > 0 else 0
    return header_bytes + padding + max(ends, default=-padding)


def _tensor(cursor: _Cursor) -> tuple[str, Tensor, int]:
    """One tensor and where its data begins, counted from the start of all data."""
    name, dimensions = cursor.text(), int(cursor.number("<I"))
    if dimensions > MOST_DIMENSIONS:
        raise WeightsError(f"The GGUF header gives a tensor {dimensions} dimensions.")
    shape = tuple(int(cursor.number("<Q")) for _ in range(dimensions))
    kind, start = int(cursor.number("<I")), int(cursor.number("<Q"))
    dtype, elements, size = _TYPES.get(kind, (f"type {kind}", 1, 0))
    count = Tensor(dtype, shape).count
    if count > MOST_ELEMENTS:
        raise WeightsError(f"The GGUF header gives {name[:80]!r} an absurd shape.")
    return name, Tensor(dtype, shape, -(-count // elements) * size), start


def _token(tokens: list[bytes], index: object) -> str:
    if type(index) is int and 0 <= index < len(tokens):
        return tokens[index].decode("utf-8", "replace")
    return ""
