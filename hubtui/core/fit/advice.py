"""What to do with a checkpoint that does not fit: other dtypes, fewer bits, shorter inputs, more devices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hubtui.core.fit.configs import TextConfig
from hubtui.core.fit.devices import TIGHT_SHARE, DeviceFit, best_of, judge
from hubtui.core.fit.needs import Needs
from hubtui.core.fit.weights import Weights
from hubtui.core.numbers import size_text

_SHORTEST = 256
"""Tokens; a shorter context is no answer to anything."""

_FELT_SHARE = 0.1
"""Of all that is needed: weights of less than this are not what is too large."""

_NF4_BYTES = 0.5 + 4 / 64
"""Of a weight in 4 bits: half a byte, and a scale of 32 bits for every 64 weights (Dettmers et al. 2023, QLoRA,
section 3, without double quantization, which is bitsandbytes' default)."""

_INT8_BYTES = 1.0
"""Of a weight in 8 bits; its scales are one number a row (Dettmers et al. 2022, LLM.int8(), section 2)."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do.

    Attributes:
        kind: `dtype`, `8bit`, `4bit`, `context`, `batch`, `gpus`, `offload`, `quantized`, `endpoint`.
        sentence: what to do and what it gives.
        needed_bytes: what it would need, None where that depends on what is found.
        device: name of the device that it then fits, empty where there is none.
        value: the dtype, context, batch or number of GPUs to take; None for what takes no value.
        query: a search that finds what is advised, in hubtui's query language; empty where there is nothing to find.
    """

    kind: str
    sentence: str
    needed_bytes: int | None = None
    device: str = ""
    value: str | int | None = None
    query: str = ""

    @property
    def helps(self) -> bool:
        """Whether it leads somewhere: to a device here, or to what is elsewhere."""
        return bool(self.device or self.query or self.value) or self.kind == "endpoint"


def advise(
    model: str,
    needs: Needs,
    entries: Sequence[DeviceFit],
    *,
    config: Mapping[str, Any],
    parameters: int | None,
    context: int | None,
    batch: int,
) -> tuple[Advice, ...]:
    """Return what to do when no device holds a checkpoint with room to spare; what helps comes first.

    Where there is an accelerator it is the one that counts: that the CPU could hold it is no answer.
    """
    fast = tuple(device for device in needs.devices if device.kind != "cpu")
    entries = [entry for entry in entries if entry.device.kind != "cpu"] or entries
    best = best_of(entries)
    if best is None or best.verdict == "fits":
        return ()
    shorter = _shorter(entries, needs, context, batch)
    if shorter and not _are_weights_large(needs, best, context, batch):
        return tuple(shorter)
    found = _smaller_weights(replace(needs, devices=fast or needs.devices), config, parameters, context, batch)
    found += shorter
    found += _more_devices(best, needs, context, batch)
    found += _elsewhere(model, needs)
    return tuple(sorted(found, key=lambda entry: (not entry.device, not entry.helps)))


def _are_weights_large(needs: Needs, best: DeviceFit, context: int | None, batch: int) -> bool:
    """Say whether fewer bytes of weights would be felt; else it is what was asked for that is too much."""
    total = needs.total_bytes(best.device, context, batch)
    return (needs.weights.size_bytes or 0) > _FELT_SHARE * total


def _smaller_weights(
    needs: Needs, config: Mapping[str, Any], parameters: int | None, context: int | None, batch: int
) -> list[Advice]:
    if needs.weights.is_quantized or not parameters:
        return []
    found = []
    gpus = tuple(device for device in needs.devices if device.kind == "gpu")
    if needs.weights.width > 2:
        half = Weights(2 * parameters, "BF16")
        advice = Advice("dtype", "In bfloat16")
        found.append(_with_weights(advice, replace(needs, weights=half), context, batch))
    if gpus:
        wide = min(_kept_wide(config), parameters)
        for kind, width, words in (("8bit", _INT8_BYTES, "8 bits"), ("4bit", _NF4_BYTES, "4 bits")):
            size = int(2 * wide + width * (parameters - wide))
            packed = Weights(size, "BF16", is_quantized=True)
            advice = Advice(kind, f"In {words} (bitsandbytes)")
            found.append(_with_weights(advice, replace(needs, weights=packed, devices=gpus), context, batch))
    return found


def _kept_wide(config: Mapping[str, Any]) -> int:
    """Return the weights that bitsandbytes leaves alone: the embeddings, and the head where it is not the same."""
    text = TextConfig(config)
    table = (text.size("vocabulary") or 0) * (text.size("hidden") or 0)
    tied = text.get("tie_word_embeddings")
    return table if tied is None or tied else 2 * table


def _with_weights(advice: Advice, needs: Needs, context: int | None, batch: int) -> Advice:
    """Return an advice with what other weights need, and where they fit."""
    best = best_of(judge(needs.devices, lambda device: needs.total_bytes(device, context, batch)))
    if best is None or best.needed_bytes is None:
        return advice
    fits = best.verdict in {"fits", "tight"}
    size = size_text(best.needed_bytes)
    gives = f"it needs {size} and fits {best.device.name}" if fits else f"it still needs {size}"
    device = best.device.name if fits else ""
    value = "bfloat16" if advice.kind == "dtype" and fits else None
    return replace(
        advice, sentence=f"{advice.sentence} {gives}.", needed_bytes=best.needed_bytes, device=device, value=value
    )


def _shorter(entries: Sequence[DeviceFit], needs: Needs, context: int | None, batch: int) -> list[Advice]:
    """Fewer tokens or fewer sequences, on the device that takes most of them."""
    found: list[Advice] = []
    roomy = max(entries, key=lambda entry: entry.largest_context or 0)
    if context is not None and roomy.largest_context and min(_SHORTEST, context) <= roomy.largest_context < context:
        most, device = roomy.largest_context, roomy.device
        sentence = f"With {most:,} tokens instead of {context:,} it fits {device.name}."
        needed = needs.total_bytes(device, most, batch)
        found.append(Advice("context", sentence, needed, device.name, most))
    wide = max(entries, key=lambda entry: entry.largest_batch or 0)
    if wide.largest_batch and wide.largest_batch < batch:
        most, device = wide.largest_batch, wide.device
        some = "1 sequence" if most == 1 else f"{most:,} sequences"
        sentence = f"With {some} at a time instead of {batch:,} it fits {device.name}."
        found.append(Advice("batch", sentence, needs.total_bytes(device, context, most), device.name, most))
    return found


def _more_devices(best: DeviceFit, needs: Needs, context: int | None, batch: int) -> list[Advice]:
    gpus = [device for device in needs.devices if device.kind == "gpu"]
    if not gpus or best.verdict != "no":
        return []
    largest = max(gpus, key=lambda device: device.total_bytes)
    total = needs.total_bytes(largest, context, batch)
    found = []
    share = needs.overhead_bytes(largest, context, batch)  # each holds the libraries, and one layer's activations
    room = largest.total_bytes * TIGHT_SHARE - share
    count = math.ceil((total - share) / room) if room > 0 else 0
    if len(gpus) < count <= 64:
        sentence = f"{count} GPUs such as {largest.name} would hold it, a part of the layers on each."
        found.append(Advice("gpus", sentence, total + (count - 1) * share, value=count))
    cpu = next((device for device in needs.devices if device.kind == "cpu"), None)
    if cpu is not None and total <= (cpu.free_bytes + sum(gpu.free_bytes for gpu in gpus)) * TIGHT_SHARE:
        sentence = 'With device_map="auto" what the GPU cannot hold stays in main memory: it runs, many times slower.'
        found.append(Advice("offload", sentence, total, f"{largest.name} and {cpu.name}"))
    return found


def _elsewhere(model: str, needs: Needs) -> list[Advice]:
    found = []
    is_on_hub = "/" in model and not model.startswith((".", "/", "~"))
    if is_on_hub and not needs.weights.is_quantized:
        sentence = "Others may have quantized it: search for GGUF files made from it."
        found.append(Advice("quantized", sentence, query=f"base:{model} library:gguf"))
    sentence = "An endpoint can run it elsewhere: an inference provider, or a server with more memory."
    return [*found, Advice("endpoint", sentence)]
