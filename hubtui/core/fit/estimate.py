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
from hubtui.core.fit.inputs import Inputs, read_inputs
from hubtui.core.fit.needs import OVERHEAD_SHARE, Needs
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
        overhead_bytes: activations, and what the libraries take on that device. It and the total are None where the
            cache or the activations of the asked context cannot be counted.
        activations_bytes: of them the activations of one pass; None when they are not known.
        libraries_bytes: of them what the libraries take; None when the weights are not known.
        dtype: as asked for.
        loaded_dtype: torch's name of what the model computes in.
        cache: what is kept while it writes.
        measured: the run of these weights here, None when there was none.
        advice: what to do, where it does not fit.
        assumptions: what was assumed, one sentence each.
        sources: part of the estimate → where its formula is from.
        inputs: what one pass reads where no context is asked for, and what the model takes at most.
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
    libraries_bytes: int | None = None
    loaded_dtype: str = ""
    cache: Cache = field(default_factory=Cache)
    measured: RunPeak | None = None
    advice: tuple[Advice, ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inputs: Inputs = field(default_factory=Inputs)

    @property
    def is_too_long(self) -> bool:
        """Whether the model takes fewer tokens than the context that was asked for."""
        longest = self.inputs.longest
        return longest is not None and self.context is not None and self.context > longest

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
    counted: int | None = None,
    config_problem: str = "",
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
        counted: number of weights that the config describes, where nothing else tells their size.
        config_problem: why there is a config.json, but it could not be read.
        gguf: what a GGUF file needs beside its weights, in place of what config.json would tell.
    """
    inputs = read_inputs(config or {}, max_length)
    asked, context = context, context if inputs.kind == "text" else None
    loaded = load(
        parameters_by_dtype,
        dtype=dtype,
        parameters=parameters,
        file_bytes=weight_file_bytes,
        packed=packed,
        config=config,
        counted=counted,
    )
    number = sum(parameters_by_dtype.values()) or parameters or counted
    torch_name = _TORCH_NAMES.get(loaded.dtype, "")
    cache, activations = _sizes(config, gguf, config_problem)
    if loaded.size_bytes is None:
        kept = cache.bytes(context, batch, loaded.width) if context is not None else None
        unknown = judge(devices, lambda _device: None)
        notes = (*_unread(config_problem), *loaded.notes)
        return Fit(
            model, None, kept, None, None, context, batch, dtype, unknown, notes,
            loaded_dtype=torch_name, cache=cache, inputs=inputs,
        )  # fmt: skip
    needs = Needs(loaded, cache, activations, tuple(devices), _calibrations(peaks), inputs)
    entries = _entries(needs, context, batch)
    best = best_of(entries)
    taken = best.device if best else Device("", "cpu", 0, 0)
    is_counted = _is_counted(needs, context, batch)
    kept = needs.cache.bytes(context, batch, loaded.width) if context is not None else None
    overhead = needs.overhead_bytes(taken, context, batch)
    passing = needs.activation_bytes(context, batch, on_cpu=meter_kind(taken.kind) == "cpu")
    return Fit(
        model=model,
        weights_bytes=loaded.size_bytes,
        kv_cache_bytes=kept,
        overhead_bytes=overhead if is_counted else None,
        total_bytes=needs.total_bytes(taken, context, batch) if is_counted else None,
        context=context,
        batch=batch,
        dtype=dtype,
        devices=entries,
        assumptions=(*_unread(config_problem), *_assumptions(needs, taken, asked, batch)),
        activations_bytes=passing if needs.knows_activations else None,
        libraries_bytes=overhead - passing,
        loaded_dtype=torch_name,
        cache=cache,
        advice=(
            advise(model, needs, entries, config=config or {}, parameters=number, context=context, batch=batch)
            if (config or gguf) and is_counted
            else ()
        ),
        sources=_sources(needs),
        inputs=inputs,
    )


_NO_CONFIG = "There is no config.json, so no cache is counted."


def _unread(problem: str) -> tuple[str, ...]:
    return (problem, "What depends on it is not known: activations, cache, longest input.") if problem else ()


def _is_counted(needs: Needs, context: int | None, batch: int) -> bool:
    """Say whether all that grows with what was asked for can be counted; a share stands for one short pass alone."""
    if context is None and batch == 1:
        return True
    return needs.knows_activations and (context is None or needs.cache.is_known)


def _entries(needs: Needs, context: int | None, batch: int) -> tuple[DeviceFit, ...]:
    """Judge the devices, and say how far context and batch may grow on each."""
    if not _is_counted(needs, context, batch):
        # what can be counted may be too much by itself
        least = (needs.weights.size_bytes or 0) + needs.cache_bytes(context, batch)
        return tuple(
            replace(entry, verdict="no" if least > entry.device.free_bytes else "unknown")
            for entry in judge(needs.devices, lambda _device: None)
        )
    wants_batch = context is not None or batch > 1
    return tuple(
        replace(
            entry,
            largest_context=needs.largest_context(entry.device, batch, needs.inputs.longest),
            largest_batch=needs.largest_batch(entry.device, context) if wants_batch else None,
        )
        for entry in judge(needs.devices, needs.totals(context, batch))
    )


def _sizes(
    config: Mapping[str, Any] | None, gguf: GgufNeeds | None, config_problem: str
) -> tuple[Cache, Activations | ComputeBuffer | None]:
    """Return cache and activations as the GGUF file tells them, or config.json."""
    if gguf is not None:
        return gguf.cache, gguf.buffers
    if config:
        return read_cache(config), read_activations(config)
    return Cache((), False, () if config_problem else (_NO_CONFIG,)), None


def _calibrations(peaks: Sequence[RunPeak]) -> dict[str, Calibration]:
    return {kind: calibrate(peaks, kind) for kind in LIBRARIES} if peaks else _NO_RUNS


_NO_RUNS = {kind: Calibration() for kind in LIBRARIES}


_LIBRARIES_NOTE = "A device also holds the libraries: {}.".format(
    ", ".join(f"{size >> 20} MiB on a {kind.upper()}" for kind, size in LIBRARIES.items())
)


def _assumptions(needs: Needs, taken: Device, asked: int | None, batch: int) -> tuple[str, ...]:
    found = list(needs.weights.notes)
    inputs = needs.inputs
    context = asked if inputs.kind == "text" else None
    if asked is not None and context is None:
        found.append(
            f"A context of {asked:,} tokens says nothing of what reads no text: one pass is over {inputs.words}."
        )
    if context is not None:
        found += needs.cache.notes
        if inputs.longest is not None and context > inputs.longest:
            found.append(f"The model takes {inputs.longest:,} tokens at most; {context:,} were asked for.")
    if needs.knows_activations and isinstance(needs.activations, ComputeBuffer):
        found.append("Activations are llama.cpp's buffer for 512 tokens, which it computes at a time.")
    elif needs.knows_activations:
        several = f", {batch:,} at a time and padded" if batch > 1 else ""
        words = inputs.words if context is None else f"{context:,} tokens"
        found.append(f"Activations are those of one pass over {words}{several}.")
    elif _is_counted(needs, context, batch):
        found.append(f"{OVERHEAD_SHARE:.0%} of the weights is allowed for the activations of a short pass.")
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
    known = needs.activations if needs.knows_activations else None
    activations = known.sources if known else ("a share of the weights",)
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
