"""Tensors as headers of weight files describe them, and the header of safetensors, read without reading the tensors.

The reader takes a function that reads a span, so that a file on disk and a file behind range requests are the same to
it. It trusts nothing: lengths, shapes and offsets come from strangers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hubtui.core.errors import CheckpointError

ReadAt = Callable[[int, int], bytes]
"""`read(offset, length)` returns up to `length` bytes from `offset`, fewer at the end of the file."""

MOST_HEADER_BYTES = 16 << 20
"""Room for 130,000 tensors, more than the largest models have; parsing it holds the interpreter for 0.2 s.

The safetensors library itself stops at 100 MB.
"""

MOST_ELEMENTS = 1 << 62
MOST_DIMENSIONS = 8
"""Torch allows 64, but no checkpoint has tensors of more than six."""

_BITS = {
    **dict.fromkeys(("F4",), 4),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 16),
    **dict.fromkeys(("I32", "U32", "F32"), 32),
    **dict.fromkeys(("I64", "U64", "F64", "C64"), 64),
}


_INTEGERS = {int}


class WeightsError(CheckpointError):
    """A weight file's header cannot be read: not of its format, cut short, or absurd."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor as a header describes it.

    Attributes:
        dtype: the format's own name (`F32`, `BF16`, `Q4_K`).
        shape: as it stands in the file.
        size_bytes: of its data, 0 for a type of GGUF whose blocks are not known.
    """

    dtype: str
    shape: tuple[int, ...]
    size_bytes: int = 0

    @property
    def count(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class SafetensorsHeader:
    """What a safetensors file holds.

    Attributes:
        metadata: the `__metadata__` entry, often `{"format": "pt"}`.
        text: the header's JSON as it stands in the file.
        header_bytes: length of the header with the number that states it.
        stray_bytes: data that belongs to no tensor, which makes the safetensors library refuse the file.
    """

    tensors: Mapping[str, Tensor]
    metadata: Mapping[str, str] = field(default_factory=dict)
    text: bytes = b""
    header_bytes: int = 0
    stray_bytes: int = 0

    @property
    def parameters(self) -> dict[str, int]:
        """Number of elements by dtype."""
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
        WeightsError: the header is longer than the file or `MOST_HEADER_BYTES`, is not JSON, contradicts itself, or the
            file ends before its tensors do.
    """
    first = read(0, 8)
    if len(first) < 8:
        raise WeightsError("The file is too short to be safetensors.")
    length = int.from_bytes(first, "little")
    if length > size - 8:
        raise WeightsError("The file is not safetensors, or is cut short: its header would be longer than it is.")
    if length > MOST_HEADER_BYTES:
        raise WeightsError(f"The header of the safetensors file is absurdly long: {length:,} bytes.")
    text = read(8, length)
    try:
        header = json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise WeightsError("The header of the safetensors file is not JSON.") from error
    if not isinstance(header, dict):
        raise WeightsError("The header of the safetensors file is not a JSON object.")
    metadata = header.get("__metadata__")
    tensors, stray = _tensors(header, size - 8 - length)
    return SafetensorsHeader(
        tensors,
        {key: value for key, value in metadata.items() if isinstance(value, str)} if isinstance(metadata, dict) else {},
        text,
        8 + length,
        stray,
    )


Placed = tuple[Tensor, int, int]
"""A tensor and the span of its data."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Placed:
    """Take an object of the header as it is parsed: a tensor at once, so that thousands of lists need not be kept.

    A name that stands twice is refused: readers differ in which of the two counts.
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise WeightsError(f"The safetensors header describes {twin[:80]!r} twice.")
    fields = _fields(found)
    if fields is None:
        return found
    dtype, shape, (start, end) = fields
    return Tensor(dtype, tuple(shape), end - start), start, end


def _tensors(header: Mapping[str, object], data_bytes: int) -> tuple[dict[str, Tensor], int]:
    """The tensors, and how many bytes of the data are none of theirs."""
    found: dict[str, Tensor] = {}
    spans: list[tuple[int, int]] = []
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        found[name], start, end = _checked(name, entry)
        if end > data_bytes:
            raise WeightsError("The safetensors file is cut short: it ends before its tensors do.")
        if start != end:
            spans.append((start, end))
    spans.sort()
    last = 0
    for start, end in spans:
        if start < last:
            raise WeightsError("The safetensors header lets two tensors share the same bytes.")
        last = end
    return found, data_bytes - sum(tensor.size_bytes for tensor in found.values())


def _checked(name: str, entry: object) -> Placed:
    """An entry as a tensor, if it may be one."""
    if not isinstance(entry, tuple):
        raise WeightsError(f"The safetensors header describes {name[:80]!r} wrongly.")
    tensor, start, end = entry
    count, bits = tensor.count, _BITS.get(tensor.dtype)
    if end < start or (bits is not None and count * bits != (end - start) * 8):
        raise WeightsError(f"The safetensors header contradicts itself about the size of {name[:80]!r}.")
    if count > MOST_ELEMENTS:
        raise WeightsError(f"The safetensors header gives {name[:80]!r} an absurd shape.")
    return tensor, start, end


def _fields(entry: Mapping[str, Any]) -> tuple[str, list[int], list[int]] | None:
    """Dtype, shape and data offsets of an entry, None when it has others; in few steps, for there are thousands."""
    dtype, shape, span = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not (isinstance(dtype, str) and isinstance(shape, list) and isinstance(span, list) and len(span) == 2):
        return None
    numbers = shape + span
    if (
        len(shape) > MOST_DIMENSIONS or set(map(type, numbers)) != _INTEGERS or min(numbers) < 0
    ):  # a bool is no int here
        return None
    return dtype, shape, span
