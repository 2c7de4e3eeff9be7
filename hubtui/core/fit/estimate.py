"""Whether a checkpoint fits the memory of this box: what it needs, part by part, against what each device has free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hubtui.core.fit.activations import Activations, read_activations
from hubtui.core.fit.advice import Advice, advise
from hubtui.core.fit.cache import Cache, CachedLayers, read_cache
from hubtui.core.fit.devices import LIBRARIES, Device, DeviceFit, Verdict, best_of, judge, meter_kind
from hubtui.core.fit.gguf import ComputeBuffer, GgufNeeds
from hubtui.core.fit.needs import OVERHEAD_SHARE, SHORT_INPUT, Needs
from hubtui.core.fit.peaks import Calibration, calibrate
from hubtui.core.fit.weights import load
from hubtui.core.packing import Packed
from hubtui.core.results import RunPeak


@dataclass(frozen=True, slots=True)
class Fit:
    """Memory needed against memory free (the shape of `hubtui fit --json`).

    `total_bytes` is `weights_bytes`, `kv_cache_bytes` and `overhead_bytes` together, on the device one would take.

    Attributes:
        weights_bytes: None when neither the parameters nor the sizes of the weight files are known.
        kv_cache_bytes: None when no context was asked for, or the cache is not known.
        overhead_bytes: activations, and what the libraries take on that device.
        activations_bytes: of them the activations of one pass; None when the weights are not known.
        dtype: as asked for.
        loaded_dtype: torch's name of what the model computes in.
        cache: what is kept while it writes.
        measured: the run of these weights here, None when there was none.
        advice: what to do, where it does not fit.
        assumptions: what was assumed, one sentence each.
        sources: part of the estimate → where its formula is from.
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
    activations_bytes: int | None = None
    loaded_dtype: str = ""
    cache: Cache = field(default_factory=Cache)
    measured: RunPeak | None = None
    advice: tuple[Advice, ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def best(self) -> DeviceFit | None:
        """The device to take: a fit before a tight one, one GPU before several, any of them before the CPU."""
        return best_of(self.devices)

    def cache_bytes_of(self, group: CachedLayers) -> int:
        """Return the bytes that one kind of layer keeps at the context of this estimate, 0 without one."""
        width = _WIDTHS.get(self.loaded_dtype, 4)
        return group.bytes(self.context, self.batch, width) if self.context is not None else 0


_WIDTHS: Mapping[str, int] = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2}
_TORCH_NAMES: Mapping[str, str] = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}


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
    max_length: int | None = None,
    peaks: Sequence[RunPeak] = (),
    gguf: GgufNeeds | None = None,
) -> Fit:
    """Estimate what a checkpoint needs and compare it with each device.

    Args:
        model: id for the answer.
        devices: what this box has.
        parameters_by_dtype: from the safetensors headers; the first choice.
        parameters: their total, where dtypes are unknown (32 bits each are assumed).
        weight_file_bytes: size of the weight files, the last resort.
        packed: size of quantized weights, which counts before all of these.
        config: config.json, for cache, activations, limits and advice; without it, or `gguf`, there is none of them.
        context: tokens of every sequence; None leaves the cache out and takes a short input.
        batch: sequences at a time.
        dtype: torch's name to cast to, or `auto`.
        max_length: longest input in tokens, which bounds the largest context.
        peaks: runs on this box.
        gguf: what a GGUF file needs beside its weights, in place of what config.json would tell.
    """
    loaded = load(
        parameters_by_dtype,
        dtype=dtype,
        parameters=parameters,
        file_bytes=weight_file_bytes,
        packed=packed,
        config=config,
    )
    counted = sum(parameters_by_dtype.values()) or parameters
    torch_name = _TORCH_NAMES.get(loaded.dtype, "")
    cache, activations = _sizes(config, gguf)
    if loaded.size_bytes is None:
        kept = cache.bytes(context, batch, loaded.width) if context is not None else None
        unknown = judge(devices, lambda _device: None)
        return Fit(model, None, kept, None, None, context, batch, dtype, unknown, loaded.notes, None, torch_name, cache)
    needs = Needs(loaded, cache, activations, tuple(devices), _calibrations(peaks))
    entries = judge(devices, needs.totals(context, batch))
    if config or gguf:
        entries = tuple(
            replace(
                entry,
                largest_context=needs.largest_context(entry.device, batch, max_length),
                largest_batch=needs.largest_batch(entry.device, context),
            )
            for entry in entries
        )
    best = best_of(entries)
    taken = best.device if best else Device("", "cpu", 0, 0)
    total = (best.needed_bytes if best else None) or needs.total_bytes(taken, context, batch)
    kept = needs.cache.bytes(context, batch, loaded.width) if context is not None else None
    return Fit(
        model=model,
        weights_bytes=loaded.size_bytes,
        kv_cache_bytes=kept,
        overhead_bytes=total - loaded.size_bytes - (kept or 0),
        total_bytes=total,
        context=context,
        batch=batch,
        dtype=dtype,
        devices=entries,
        assumptions=_assumptions(needs, taken, context, batch, max_length),
        activations_bytes=needs.activation_bytes(context, batch, on_cpu=meter_kind(taken.kind) == "cpu"),
        loaded_dtype=torch_name,
        cache=cache,
        advice=(
            advise(model, needs, entries, config=config or {}, parameters=counted, context=context, batch=batch)
            if config or gguf
            else ()
        ),
        sources=_sources(needs),
    )


def _sizes(
    config: Mapping[str, Any] | None, gguf: GgufNeeds | None
) -> tuple[Cache, Activations | ComputeBuffer | None]:
    """Return cache and activations as the GGUF file tells them, or config.json."""
    if gguf is not None:
        return gguf.cache, gguf.buffers
    if config:
        return read_cache(config), read_activations(config)
    return Cache((), False, ("There is no config.json, so no cache is counted.",)), None


def _calibrations(peaks: Sequence[RunPeak]) -> dict[str, Calibration]:
    return {kind: calibrate(peaks, kind) for kind in LIBRARIES} if peaks else _NO_RUNS


_NO_RUNS = {kind: Calibration() for kind in LIBRARIES}


_LIBRARIES_NOTE = "A device also holds the libraries: {}.".format(
    ", ".join(f"{size >> 20} MiB on a {kind.upper()}" for kind, size in LIBRARIES.items())
)


def _assumptions(
    needs: Needs, taken: Device, context: int | None, batch: int, max_length: int | None
) -> tuple[str, ...]:
    found = list(needs.weights.notes)
    if context is not None:
        found += needs.cache.notes
        if max_length is not None and context > max_length:
            found.append(f"The model takes {max_length:,} tokens at most; {context:,} were asked for.")
    if needs.activations is None:
        found.append(f"Activations of a short input: {OVERHEAD_SHARE:.0%} of the weights.")
    elif isinstance(needs.activations, ComputeBuffer):
        found.append("Activations are llama.cpp's buffer for 512 tokens, which it computes at a time.")
    else:
        tokens = f"{context:,} tokens" if context is not None else f"a short input of {SHORT_INPUT} tokens"
        several = f", {batch} at a time and padded" if batch > 1 else ""
        found.append(f"Activations are those of one pass over {tokens}{several}.")
    found.append(_LIBRARIES_NOTE)
    if taken.kind == "gpus":
        found.append("Several GPUs share the layers; none is split, so the last of each may be left over.")
    kind = meter_kind(taken.kind)
    calibration = needs.calibrations[kind]
    if calibration.is_of_this_box:
        what = "activations and libraries" if kind == "cpu" else "activations"
        found.append(f"{calibration.runs} runs on this box: {what} on the {kind.upper()} × {calibration.factor:.2f}.")
    return tuple(found)


def _sources(needs: Needs) -> dict[str, tuple[str, ...]]:
    activations = needs.activations.sources if needs.activations else ("a share of the weights",)
    return {
        "weights": (needs.weights.source,),
        "kv_cache": needs.cache.sources,
        "activations": activations,
        "libraries": ("measured on runs of tiny checkpoints",),
    }


def best_verdict(fit: Fit) -> Verdict:
    """Return the verdict for the device that one would take, `unknown` where there is none."""
    best = fit.best
    return best.verdict if best else "unknown"
