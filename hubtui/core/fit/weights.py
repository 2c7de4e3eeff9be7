"""Bytes of the weights as they are loaded: from the headers' dtypes, or from the files where those do not tell.

`from_pretrained` casts what is stored in floating point to the asked dtype, or to the one that config.json names
(transformers `modeling_utils`, `dtype="auto"`); quantized weights stay packed whatever is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hubtui.core.models import FileEntry
from hubtui.core.packing import BYTES_PER_WEIGHT, Packed

TORCH_DTYPES: Mapping[str, str] = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "int8": "I8",
}
"""torch's names → safetensors' names."""

ADAPTERS = "peft"
"""The Hub's library id of adapters, whose files hold no whole model."""

_FLOATS = frozenset({"F64", "F32", "F16", "BF16"})
_SHARD = re.compile(r"(?P<stem>[^/]+)-\d{5}-of-(?P<of>\d{5})\.(?:safetensors|bin|gguf)")
_GGUF_FIRST = ("Q4_K_M", "Q4_K", "Q4", "MXFP4", "Q5", "Q8", "Q6")
_PICKLES = ("pytorch_model.bin", "model.bin")


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights in memory.

    Attributes:
        size_bytes: None when nothing is known.
        dtype: safetensors' name of the dtype that the model computes in, and keeps its cache in.
        source: where the number is from, one phrase.
        is_quantized: packed in fewer bits than it computes in.
        notes: one sentence each.
    """

    size_bytes: int | None
    dtype: str = "F32"
    source: str = ""
    is_quantized: bool = False
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> float:
        """Bytes of one number in the dtype that the model computes in."""
        return BYTES_PER_WEIGHT.get(self.dtype, 4)


def weights_bytes(parameters_by_dtype: Mapping[str, int], dtype: str = "auto") -> int | None:
    """Return the bytes of the weights as stored, or cast to `dtype` (torch's name); None when nothing is known."""
    if not parameters_by_dtype:
        return None
    if dtype == "auto":
        return int(sum(count * BYTES_PER_WEIGHT.get(name.upper(), 4) for name, count in parameters_by_dtype.items()))
    width = BYTES_PER_WEIGHT[TORCH_DTYPES[dtype]]
    return int(sum(count * width for count in parameters_by_dtype.values()))


def load(
    parameters_by_dtype: Mapping[str, int],
    *,
    dtype: str = "auto",
    parameters: int | None = None,
    file_bytes: int | None = None,
    packed: Packed | None = None,
    config: Mapping[str, Any] | None = None,
    counted: int | None = None,
) -> Weights:
    """Return the weights as `from_pretrained(dtype=…)` holds them.

    Args:
        parameters_by_dtype: from the safetensors headers; the first choice.
        dtype: torch's name, or `auto` for what config.json names, else as stored.
        parameters: their total, where dtypes are unknown (32 bits each are assumed).
        file_bytes: size of the weight files, the last resort.
        packed: size of quantized weights, which counts before all of these.
        config: config.json.
        counted: number of weights that the config describes, where there are neither weights nor sizes.
    """
    asked = _asked(dtype, config or {})
    if packed is not None:
        return Weights(
            packed.size_bytes, _computed(asked), packed.source, is_quantized=True, notes=_packed(packed, dtype, config)
        )
    if parameters_by_dtype:
        return Weights(
            _cast(parameters_by_dtype, asked), _dtype_of(asked, parameters_by_dtype), "dtypes of the tensors"
        )
    if parameters:
        notes = () if dtype != "auto" else ("The dtype is unknown: 32 bits a weight are assumed.",)
        counted = weights_bytes({"F32": parameters}, dtype)
        return Weights(counted, TORCH_DTYPES.get(dtype, "F32"), "number of parameters", notes=notes)
    if file_bytes:
        note = "The parameters are unknown: the size of the weight files is taken."
        return Weights(file_bytes, asked or "F32", "size of the files", notes=(note,))
    if counted:
        note = f"There are no weights to measure: config.json describes a model of {counted:,} parameters."
        return Weights(
            int(counted * BYTES_PER_WEIGHT[asked or "F32"]), asked or "F32", "from config.json", notes=(note,)
        )
    build = ": its architecture, built from config.json, would tell (`A`, or show --architecture)" if config else ""
    return Weights(None, asked or "F32", notes=(f"Neither parameters nor weight files are known{build}.",))


def _asked(dtype: str, config: Mapping[str, Any]) -> str | None:
    """Return safetensors' name of the dtype that floating-point weights are cast to, None to leave them."""
    if dtype != "auto":
        return TORCH_DTYPES[dtype]
    for table in (config, config.get("text_config")):
        if isinstance(table, Mapping):
            named = table.get("dtype") or table.get("torch_dtype")
            if isinstance(named, str) and named.removeprefix("torch.") in TORCH_DTYPES:
                return TORCH_DTYPES[named.removeprefix("torch.")]
    return None


def _computed(asked: str | None) -> str:
    """Quantized weights are unpacked to 16 bits for each product unless 32 are asked for."""
    return asked or "BF16"


def _cast(stored: Mapping[str, int], asked: str | None) -> int:
    names = {name: asked if asked and name.upper() in _FLOATS else name.upper() for name in stored}
    return int(sum(count * BYTES_PER_WEIGHT.get(names[name], 4) for name, count in stored.items()))


def _dtype_of(asked: str | None, stored: Mapping[str, int]) -> str:
    """Return the dtype that the model computes in: most weights decide, and 8 bits are stored, not computed in."""
    most = max(stored, key=lambda name: stored[name]).upper()
    return asked or (most if most in _FLOATS else "BF16")


def _packed(packed: Packed, dtype: str, config: Mapping[str, Any] | None) -> tuple[str, ...]:
    notes = [packed.assumption]
    if dtype != "auto":
        notes.append(f"Quantized weights are not cast: {dtype} is what they are unpacked to, and what the cache is in.")
    method = quantized_by(config or {})
    if method in _UNPACKED_ELSEWHERE:
        notes.append(_UNPACKED_ELSEWHERE[method])
    return tuple(notes)


_UNPACKED_ELSEWHERE: Mapping[str, str] = {
    "mxfp4": "On the CPU, and on GPUs without kernels for it, MXFP4 is unpacked to bfloat16: four times as much.",
    "fp8": "On the CPU, and on GPUs before Ada, FP8 is unpacked to bfloat16: twice as much.",
}


def quantized_by(config: Mapping[str, Any]) -> str:
    """Return the method that config.json's `quantization_config` names, empty for weights that are not quantized."""
    stated = config.get("quantization_config")
    if not isinstance(stated, Mapping):
        return ""
    return str(stated.get("quant_method") or "unnamed")


def chosen_files(files: Sequence[FileEntry]) -> tuple[FileEntry, ...]:
    """Return the files of one copy of the weights: what transformers loads, or one variant of several GGUF files.

    `model.safetensors` or its shards, else the other safetensors of the root, else one pickle or its shards, else GGUF.
    """
    for kind in ("safetensors", "pickle"):
        root = [entry for entry in files if entry.format == kind and "/" not in entry.path]
        single = next((entry for entry in root if entry.path in {"model.safetensors", *_PICKLES}), None)
        if single is not None:
            return (single,)
        shards = _shards(root, {"model", "pytorch_model"})
        if shards or root:
            return shards or tuple(root)
    return _gguf_variant([entry for entry in files if entry.format == "gguf" and "mmproj" not in entry.path.lower()])


def _shards(entries: Sequence[FileEntry], stems: set[str] | None = None) -> tuple[FileEntry, ...]:
    matches = [(match, entry) for entry in entries if (match := _SHARD.fullmatch(entry.path.rpartition("/")[2]))]
    named = [(match, entry) for match, entry in matches if stems is None or match["stem"] in stems]
    first = next(((match["stem"], match["of"]) for match, _ in named), None)
    return tuple(entry for match, entry in named if (match["stem"], match["of"]) == first)


def _gguf_variant(entries: Sequence[FileEntry]) -> tuple[FileEntry, ...]:
    """Return the file, or the parts of it, of the usual precision: 4 bits where there are any."""
    for kind in _GGUF_FIRST:
        found = [entry for entry in entries if kind in entry.path.upper()]
        if found:
            return _shards(found) or (found[0],)
    known = sorted((entry for entry in entries if entry.size), key=lambda entry: entry.size or 0)
    return (_shards(entries) or (known[0],)) if known else ()


def packed_files(files: Sequence[FileEntry], how: str) -> Packed | None:
    """Return the size of the files as that of quantized weights, None where a size is not known."""
    chosen = chosen_files(files)
    sizes = [entry.size for entry in chosen]
    if not chosen or None in sizes:
        return None
    total = sum(size or 0 for size in sizes)
    name = chosen[0].path if len(chosen) == 1 else f"{len(chosen)} files"
    if chosen[0].format == "gguf":
        others = len({entry.path for entry in files if entry.format == "gguf"}) - len(chosen)
        beside = f"; {others} other GGUF files are there" if others > 0 else ""
        return Packed(total, f"A GGUF file is held as it is stored: {name} is taken{beside}.", "size of the GGUF file")
    return Packed(total, f"The weights are quantized{how}: the size of their files is taken.", "size of the files")
