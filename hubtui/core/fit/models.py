"""Estimates from what is known of a model: a row of a listing, or everything about one revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hubtui.core.fit.activations import read_experts
from hubtui.core.fit.configs import TextConfig
from hubtui.core.fit.devices import LIBRARIES, Device, judge, meter_kind
from hubtui.core.fit.estimate import Fit, estimate
from hubtui.core.fit.gguf import read_needs
from hubtui.core.fit.needs import OVERHEAD_SHARE
from hubtui.core.fit.parameters import count_parameters
from hubtui.core.fit.peaks import measured_peak
from hubtui.core.fit.weights import ADAPTERS, TORCH_DTYPES, chosen_files, packed_files, quantized_by
from hubtui.core.gguf import GgufSizes
from hubtui.core.known_config import stated_config
from hubtui.core.numbers import count_text
from hubtui.core.packing import Packed, packed_weights, packed_weights_of
from hubtui.core.results import RunOutcome, RunPeak

if TYPE_CHECKING:
    from hubtui.core.memory import Memory
    from hubtui.core.models import ModelFacts, ModelRow


def fit_of_row(row: ModelRow, devices: Sequence[Device]) -> Fit:
    """Estimate from what a listing says: weights as stored, no cache."""
    if row.library == ADAPTERS:
        return _of_adapter(row.id, devices)
    packed = packed_weights_of(row)
    return estimate(
        row.id, devices, parameters_by_dtype=row.parameters_by_dtype, parameters=row.parameters, packed=packed
    )


def fit_of_facts(
    facts: ModelFacts,
    devices: Sequence[Device],
    *,
    context: int | None = None,
    batch: int = 1,
    dtype: str = "auto",
    peaks: Sequence[RunPeak] = (),
    built_parameters: int | None = None,
    gguf: GgufSizes | None = None,
) -> Fit:
    """Estimate from everything that is known about one model, and from the runs on this box.

    Args:
        facts: of the model.
        devices: what this box has.
        context: tokens of every sequence, as for `estimate`.
        batch: sequences at a time.
        dtype: torch's name to cast to, or `auto`.
        peaks: runs on this box.
        built_parameters: those of the model as it was built from its config, where that was done.
        gguf: metadata of its GGUF file (`core.ports.TensorHeaders.gguf_sizes`), where there is no config.json.
    """
    if facts.library == ADAPTERS:
        return _of_adapter(facts.id, devices, facts.base_models, context=context, batch=batch, dtype=dtype)
    sizes = [entry.size for entry in chosen_files(facts.files)]
    config = stated_config(facts)
    of_file = read_needs(gguf) if gguf else None
    found = estimate(
        facts.id,
        devices,
        parameters_by_dtype=facts.parameters_by_dtype,
        parameters=facts.parameters,
        weight_file_bytes=None if None in sizes else sum(size or 0 for size in sizes) or None,
        packed=_packed(facts),
        config=config,
        context=context,
        batch=batch,
        dtype=dtype,
        max_length=facts.max_length or (of_file.max_length if of_file else None),
        peaks=peaks,
        counted=None if quantized_by(config) else built_parameters or count_parameters(config),
        config_problem="" if of_file else facts.config_problem,
        gguf=of_file,
    )
    best = found.best
    kind = meter_kind(best.device.kind) if best else None
    measured = measured_peak(peaks, facts.folder or facts.id, commit_of(facts), found.loaded_dtype, kind)
    experts = _of_experts(config, facts.parameters)
    return replace(found, measured=measured, assumptions=(*experts, *found.assumptions))


def sizes_file(facts: ModelFacts) -> str:
    """Return the GGUF file that tells the sizes of a model without a config.json, empty for every other model."""
    if any(entry.path == "config.json" for entry in facts.files):
        return ""
    chosen = chosen_files(facts.files)
    return chosen[0].path if chosen and chosen[0].format == "gguf" else ""


def peak_of_run(facts: ModelFacts, outcome: RunOutcome, when: datetime) -> RunPeak | None:
    """Return what to remember of a run: its memory beside what was to be expected; None where nothing was.

    A CPU's measure (`worker.devices.PeakMeter`) holds the libraries and, while weights are cast, the file that they are
    read from; a GPU's holds neither.
    """
    kind = "gpu" if outcome.device.startswith("cuda") else "cpu"
    expected = fit_of_facts(
        facts, (Device("", kind, 0, 0),), context=outcome.longest_tokens, dtype=_asked(outcome.dtype)
    )
    if expected.weights_bytes is None:
        return None
    passing = expected.activations_bytes
    if passing is None:  # the share that stands for them where config.json does not tell
        passing = int(expected.weights_bytes * OVERHEAD_SHARE)
    counted = expected.weights_bytes + (expected.kv_cache_bytes or 0)
    stored = fit_of_facts(facts, ()).weights_bytes
    if kind == "cpu" and stored is not None and stored != expected.weights_bytes:
        counted += stored
    libraries = LIBRARIES["cpu"] if kind == "cpu" else 0
    return RunPeak(
        model=facts.folder or facts.id,
        commit=commit_of(facts),
        dtype=outcome.dtype,
        device_kind=kind,
        task=outcome.task,
        peak_bytes=outcome.peak_bytes,
        counted_bytes=counted,
        overhead_bytes=passing + libraries,
        tokens=outcome.longest_tokens,
        when=when,
    )


def remember_run(memory: Memory, facts: ModelFacts, outcome: RunOutcome, when: datetime) -> None:
    """Keep the measured memory of a run for later estimates.

    Raises:
        LocalStateError: it cannot be written.
    """
    peak = peak_of_run(facts, outcome, when)
    if peak is not None:
        memory.ran(peak)


def _asked(dtype: str) -> str:
    return dtype if dtype in TORCH_DTYPES else "auto"


def commit_of(facts: ModelFacts) -> str:
    """Return what tells one revision's files from another's."""
    return facts.commit or facts.revision


def _packed(facts: ModelFacts) -> Packed | None:
    """Return the size of quantized weights: their files' before what their names and dtypes tell."""
    method = quantized_by(facts.config)
    guessed = packed_weights(
        facts.id,
        tags=facts.tags,
        formats=facts.formats,
        parameters_by_dtype=facts.parameters_by_dtype,
        parameters=facts.parameters,
    )
    is_gguf = "gguf" in facts.formats and not {"safetensors", "pickle"} & set(facts.formats)
    if not (method or guessed or is_gguf):
        return None
    return packed_files(facts.files, f" ({method})" if method else "") or guessed


def _of_experts(config: Mapping[str, Any], parameters: int | None) -> tuple[str, ...]:
    """Say that all experts of a mixture are held, and how many weights work on a token where that can be told."""
    experts = read_experts(config)
    if experts is None:
        return ()
    sentence = f"All {experts.held} experts are held; {experts.at_work} of them work on a token"
    text = TextConfig(config)
    layers, hidden = text.size("layers"), text.size("hidden")
    if not (parameters and layers and hidden):
        return (f"{sentence}.",)
    dense = text.number("first_k_dense_replace") or 0
    period = text.number("decoder_sparse_step", "expert_layer_period", "interleave_moe_layer_step") or 1
    of_experts = (layers - dense) // period * experts.held * 3 * hidden * experts.size
    if not 0.3 * parameters < of_experts < parameters:
        return (f"{sentence}.",)  # its experts are not built as most are
    active = parameters - of_experts * (experts.held - experts.at_work) // experts.held
    return (f"{sentence}: {count_text(active)} of {count_text(parameters)} parameters.",)


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
    unknown = judge(devices, lambda _device: None)
    return Fit(model, None, None, None, None, context, batch, dtype, unknown, (note,))
