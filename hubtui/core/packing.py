"""How many bytes the weights of a quantized checkpoint take, from what a listing says about it.

Quantizers pack several weights into one 8- or 32-bit value, and the dtypes of a listing name the containers. The Hub
counts weights for the methods that it knows (GPTQ, AWQ, bitsandbytes, MXFP4) and containers for others (MLX), so the
size that a model's name states decides which of the two a number is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubtui.core.models import ModelRow

BYTES_PER_WEIGHT: Mapping[str, float] = {
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2,
    "F8_E4M3": 1, "F8_E5M2": 1, "I8": 1, "U8": 1, "BOOL": 1, "F8_E8M0": 1, "F6_E2M3": 0.75, "F6_E3M2": 0.75, "F4": 0.5,
}  # fmt: skip
"""Bytes of one value of each safetensors dtype (safetensors' format description)."""

_CONTAINERS = frozenset({"I32", "U32", "U8", "I8"})
_FOUR_BITS = re.compile(
    r"(?<![a-z0-9])(?:4-?bits?|int4|[nm]x?v?fp?4|fp4|nf4|w4a\d+|q4|awq|gptq)(?![0-9])", re.IGNORECASE
)
_EIGHT_BITS = re.compile(r"(?<![a-z0-9])(?:8-?bits?|int8|w8a\d+)(?![0-9])", re.IGNORECASE)
_STATED_SIZE = re.compile(r"(?<![a-z0-9.])(?:(\d{1,3})x)?(\d{1,4}(?:\.\d{1,3})?)([bm])(?![a-z0-9])", re.IGNORECASE)
_ALL_STATED = 0.6  # of the stated size: below this, containers were counted

_GGUF_BITS: Mapping[str, float] = {
    "F32": 32, "BF16": 16, "F16": 16, "Q8": 8.5, "Q6": 6.6, "Q5": 5.7, "Q4": 4.85, "Q3": 3.9, "Q2": 3.0,
    "IQ4": 4.4, "IQ3": 3.5, "IQ2": 2.5, "IQ1": 1.8, "TQ2": 2.1, "TQ1": 1.7, "MXFP4": 4.25,
}  # fmt: skip
"""Bits a weight of llama.cpp's types, with the few tensors that stay wider (llama.cpp, tools/quantize/README.md)."""

_GGUF_TYPE = re.compile(r"(?<![A-Z0-9])(MXFP4|BF16|F16|F32|(?:IQ|TQ|Q)\d)(?![0-9])", re.IGNORECASE)
_GGUF_USUAL = "Q4"


@dataclass(frozen=True, slots=True)
class Packed:
    """Bytes of the weights as stored, in one sentence what was assumed, and in a phrase where the number is from."""

    size_bytes: int
    assumption: str
    source: str = "bits a weight"


def packed_weights_of(row: ModelRow) -> Packed | None:
    """Return what `packed_weights` says of a row of a listing."""
    return packed_weights(
        row.id,
        tags=row.tags,
        formats=row.formats,
        parameters_by_dtype=row.parameters_by_dtype,
        parameters=row.parameters,
    )


def packed_weights(
    model: str,
    *,
    tags: Sequence[str],
    formats: Sequence[str],
    parameters_by_dtype: Mapping[str, int],
    parameters: int | None,
) -> Packed | None:
    """Return the size of weights that their dtypes alone do not tell; None for a checkpoint that is not quantized."""
    if not parameters_by_dtype:
        return _gguf(model, parameters) if parameters and "gguf" in formats else None
    if _CONTAINERS.isdisjoint(name.upper() for name in parameters_by_dtype):
        return None
    bits = _bits(model, tags)
    if bits is None or not _are_weights_counted(model, tags, sum(parameters_by_dtype.values())):
        return None
    total = sum(
        count * (bits / 8 if name.upper() in _CONTAINERS else BYTES_PER_WEIGHT.get(name.upper(), 4))
        for name, count in parameters_by_dtype.items()
    )
    return Packed(int(total), f"The weights are quantized: {bits} bits a packed weight.")


def stated_size(model: str) -> int | None:
    """Return the number of weights that a model's name states (`Llama-3.1-8B`, `Mixtral-8x7B`), None when it does not.

    Of several the largest counts: `Qwen3-30B-A3B` has 30 billion.
    """
    sizes = [
        int(int(experts or 1) * float(number) * (10**9 if unit in "bB" else 10**6))
        for experts, number, unit in _STATED_SIZE.findall(model.rpartition("/")[2])
    ]
    return max(sizes, default=None)


def _bits(model: str, tags: Sequence[str]) -> int | None:
    text = f"{model.rpartition('/')[2]} {' '.join(tag for tag in tags if ':' not in tag)}"
    if _FOUR_BITS.search(text) and not re.search(r"(?:gptq|awq)[-_]?(?:int)?8", text, re.IGNORECASE):
        return 4
    return 8 if _EIGHT_BITS.search(text) else None


def _are_weights_counted(model: str, tags: Sequence[str], total: int) -> bool:
    stated = stated_size(model)
    return "mlx" not in tags if stated is None else total >= stated * _ALL_STATED


def _gguf(model: str, parameters: int) -> Packed:
    named = _GGUF_TYPE.findall(model.rpartition("/")[2])
    kind = named[-1].upper() if named else _GGUF_USUAL
    bits = _GGUF_BITS.get(kind, _GGUF_BITS[_GGUF_USUAL])
    return Packed(int(parameters * bits / 8), f"A GGUF file of kind {kind} is assumed: {bits:g} bits a weight.")
