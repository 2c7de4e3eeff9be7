"""Whether a checkpoint fits the memory of this box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hubtui.core.packing import BYTES_PER_WEIGHT, Packed, packed_weights, packed_weights_of

if TYPE_CHECKING:
    from hubtui.core.models import ModelFacts, ModelRow

Verdict = Literal["fits", "tight", "no", "unknown"]

TORCH_DTYPES: Mapping[str, str] = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "int8": "I8",
}
"""torch's names → safetensors' names."""

OVERHEAD_SHARE = 0.05
"""Activations and allocator slack of one short forward pass, as a share of the weights."""

OVERHEAD_FLOOR: Mapping[str, int] = {"gpu": 600 << 20, "cpu": 300 << 20}
"""What the libraries themselves take: a CUDA context with cuBLAS, or torch and transformers imported."""

ADAPTERS = "peft"
"""The Hub's library id of adapters, whose files hold no whole model."""

TIGHT_SHARE = 0.85
"""Above this share of the free memory a fit is called tight: other processes and longer inputs need room."""


@dataclass(frozen=True, slots=True)
class Device:
    """Memory that a checkpoint could be loaded into; sizes in bytes.

    Attributes:
        kind: `cpu`, `gpu`, `mps`, or `gpus`: all GPUs of this box together.
    """

    name: str
    kind: str
    total_bytes: int
    free_bytes: int


_VERDICTS: Sequence[Verdict] = ("fits", "tight", "unknown", "no")
_KINDS: Mapping[str, int] = {"gpu": 0, "mps": 0, "gpus": 1, "cpu": 2}


@dataclass(frozen=True, slots=True)
class DeviceFit:
    """The verdict for one device.

    Attributes:
        needed_bytes: weights, activations and cache, with what the libraries take on it; None when unknown.
    """

    device: Device
    verdict: Verdict
    needed_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """Memory needed against memory free (the shape of `hubtui fit --json`).

    Attributes:
        weights_bytes: None when neither the parameters nor the sizes of the weight files are known.
        assumptions: what was assumed, one sentence each.
    """

    model: str
    weights_bytes: int | None
    kv_cache_bytes: int | None
    overhead_bytes: int | None
    total_bytes: int | None
    context: int | None
    batch: int
    dtype: str
    devices: tuple[DeviceFit, ...]
    assumptions: tuple[str, ...]

    @property
    def best(self) -> DeviceFit | None:
        """The device to take: a fit before a tight one, one GPU before several, any of them before the CPU."""
        return min(
            self.devices,
            key=lambda entry: (_VERDICTS.index(entry.verdict), _KINDS.get(entry.device.kind, 0)),
            default=None,
        )


def weights_bytes(parameters_by_dtype: Mapping[str, int], dtype: str = "auto") -> int | None:
    """Return the bytes of the weights as stored, or cast to `dtype` (torch's name); None when nothing is known."""
    if not parameters_by_dtype:
        return None
    if dtype == "auto":
        return int(sum(count * BYTES_PER_WEIGHT.get(name.upper(), 4) for name, count in parameters_by_dtype.items()))
    width = BYTES_PER_WEIGHT[TORCH_DTYPES[dtype]]
    return int(sum(count * width for count in parameters_by_dtype.values()))


def kv_cache_bytes(config: Mapping[str, Any], context: int, batch: int, width: float) -> int | None:
    """Return the bytes of keys and values for `context` tokens of plain, multi-query or grouped-query attention.

    2 (keys and values) × layers × key/value heads × head size × context × batch × bytes a value (Pope et al. 2022,
    "Efficiently Scaling Transformer Inference", section 3.3). 0 for models that do not generate;
    None where the config does not describe such a decoder.
    """
    if not _generates(config):
        return 0
    text = config.get("text_config")
    source = text if isinstance(text, Mapping) else config
    layers, heads, hidden = (_positive(source, *names) for names in _SHAPE_NAMES)
    if not (layers and heads and hidden) or _positive(source, "kv_lora_rank"):
        return None
    kv_heads = _positive(source, "num_key_value_heads", "multi_query_group_num") or heads
    head_size = _positive(source, "head_dim") or hidden // heads
    return int(2 * layers * kv_heads * head_size * context * batch * width)


def _generates(config: Mapping[str, Any]) -> bool:
    """Say whether the model produces text token by token; one that names no architecture might."""
    names = config.get("architectures")
    heads = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration", "MTModel")
    return not names or any(str(name).endswith(heads) for name in names)


_SHAPE_NAMES = (
    ("num_hidden_layers", "n_layer", "num_layers", "n_layers"),
    ("num_attention_heads", "n_head", "num_heads", "n_heads"),
    ("hidden_size", "n_embd", "d_model"),
)


def _positive(config: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        value = config.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return None


def verdict(needed: int | None, free: int) -> Verdict:
    """Compare bytes needed with bytes free."""
    if needed is None:
        return "unknown"
    if needed > free:
        return "no"
    return "tight" if needed > free * TIGHT_SHARE else "fits"


def estimate(
    model: str,
    devices: Sequence[Device],
    *,
    parameters_by_dtype: Mapping[str, int],
    parameters: int | None = None,
    weight_file_bytes: int | None = None,
    packed: Packed | None = None,
    config: Mapping[str, Any] | None = None,
    context: int | None = None,
    batch: int = 1,
    dtype: str = "auto",
) -> Fit:
    """Estimate what a checkpoint needs and compare it with each device.

    Args:
        model: id for the answer.
        devices: what this box has.
        parameters_by_dtype: from the safetensors headers; the first choice.
        parameters: their total, where dtypes are unknown (32 bits each are assumed).
        weight_file_bytes: size of the weight files, the last resort.
        packed: size of quantized weights, which counts before all of these unless they are cast.
        config: config.json, for the KV cache.
        context: tokens; None leaves the KV cache out.
        batch: sequences at a time.
        dtype: torch's name to cast to, or `auto` for as stored.
    """
    notes: list[str] = []
    needed = weights_bytes(parameters_by_dtype, dtype)
    if packed is not None and dtype == "auto":
        needed = packed.size_bytes
        notes.append(packed.assumption)
    elif needed is None and parameters:
        needed = weights_bytes({"F32": parameters}, dtype)
        notes.append("The dtype is unknown: 32 bits a weight are assumed.")
    elif needed is None and weight_file_bytes:
        needed = weight_file_bytes
        notes.append("The parameters are unknown: the size of the weight files is taken.")
    stored = next(iter(parameters_by_dtype), "F32") if dtype == "auto" else TORCH_DTYPES[dtype]
    cache = _cache(config or {}, context, batch, stored, notes)
    if needed is None:
        notes.append("Neither parameters nor weight files are known.")
        return Fit(model, None, cache, None, None, context, batch, dtype, _verdicts(devices, None, None), tuple(notes))
    overhead = int(needed * OVERHEAD_SHARE)
    total = needed + overhead + (cache or 0)
    notes.append(f"Activations of a short input: {OVERHEAD_SHARE:.0%} of the weights.")
    notes.append(
        "Each device also holds the libraries: "
        + ", ".join(f"{v >> 20} MiB on {k}" for k, v in OVERHEAD_FLOOR.items())
        + "."
    )
    return Fit(
        model,
        needed,
        cache,
        overhead,
        total,
        context,
        batch,
        dtype,
        _verdicts(devices, total, OVERHEAD_FLOOR),
        tuple(notes),
    )


def fit_of_row(row: ModelRow, devices: Sequence[Device]) -> Fit:
    """Estimate from what a listing says: weights as stored, no KV cache."""
    if row.library == ADAPTERS:
        return _of_adapter(row.id, devices)
    packed = packed_weights_of(row)
    return estimate(
        row.id, devices, parameters_by_dtype=row.parameters_by_dtype, parameters=row.parameters, packed=packed
    )


def fit_of_facts(
    facts: ModelFacts, devices: Sequence[Device], *, context: int | None = None, batch: int = 1, dtype: str = "auto"
) -> Fit:
    """Estimate from everything that is known about one model."""
    if facts.library == ADAPTERS:
        return _of_adapter(facts.id, devices, facts.base_models, context=context, batch=batch, dtype=dtype)
    weight_files = [entry.size for entry in facts.files if entry.format in facts.formats and entry.size is not None]
    packed = packed_weights(
        facts.id,
        tags=facts.tags,
        formats=facts.formats,
        parameters_by_dtype=facts.parameters_by_dtype,
        parameters=facts.parameters,
    )
    quantized = [entry.size for entry in facts.files if entry.format == "safetensors"]
    if packed is not None and quantized and None not in quantized:
        packed = Packed(
            sum(size or 0 for size in quantized), "The weights are quantized: the size of their files is taken."
        )
    return estimate(
        facts.id,
        devices,
        parameters_by_dtype=facts.parameters_by_dtype,
        parameters=facts.parameters,
        weight_file_bytes=sum(weight_files) or None,
        packed=packed,
        config=facts.config,
        context=context,
        batch=batch,
        dtype=dtype,
    )


def _of_adapter(
    model: str,
    devices: Sequence[Device],
    base_models: Sequence[str] = (),
    *,
    context: int | None = None,
    batch: int = 1,
    dtype: str = "auto",
) -> Fit:
    """Say nothing of an adapter's few weights: what it needs is the model that it is made for."""
    base = base_models[0] if base_models else "the model that it is made for"
    note = f"An adapter is loaded with its base model, whose size is not stated here: see {base}."
    return Fit(model, None, None, None, None, context, batch, dtype, _verdicts(devices, None, None), (note,))


def best_verdict(fit: Fit) -> Verdict:
    """Return the verdict for the device that one would take, `unknown` where there is none."""
    return fit.best.verdict if fit.best else "unknown"


def _cache(config: Mapping[str, Any], context: int | None, batch: int, stored: str, notes: list[str]) -> int | None:
    if context is None:
        return None
    cache = kv_cache_bytes(config, context, batch, BYTES_PER_WEIGHT.get(stored.upper(), 4))
    notes.append(
        "The KV cache is that of full attention; a sliding window would need less."
        if cache is not None
        else "The config does not describe a KV cache that hubtui can count; it is left out."
    )
    return cache


def _verdicts(devices: Sequence[Device], total: int | None, floors: Mapping[str, int] | None) -> tuple[DeviceFit, ...]:
    """Judge each device and, where there are several GPUs, all of them together: that is what `device_map` does."""
    gpus = [device for device in devices if device.kind == "gpu"]
    found = [_device_fit(device, total, floors, 1) for device in devices]
    if len(gpus) > 1:
        together = Device(
            f"{len(gpus)} GPUs together",
            "gpus",
            sum(device.total_bytes for device in gpus),
            sum(device.free_bytes for device in gpus),
        )
        last = max(index for index, device in enumerate(devices) if device.kind == "gpu")
        found.insert(last + 1, _device_fit(together, total, floors, len(gpus)))
    return tuple(found)


def _device_fit(device: Device, total: int | None, floors: Mapping[str, int] | None, count: int) -> DeviceFit:
    floor = (floors or {}).get("gpu" if device.kind in {"gpu", "gpus"} else "cpu", 0) * count
    needed = None if total is None else total + floor
    return DeviceFit(device, verdict(needed, device.free_bytes), needed)
