"""An estimate in rows of words, for whoever shows it: its parts, the devices, where the formulas are from."""

from __future__ import annotations

from hubtui.core.fit.devices import DeviceFit
from hubtui.core.fit.estimate import Fit
from hubtui.core.fit.gguf import BUFFERS
from hubtui.core.numbers import size_text

_NAME = 26
_UBATCH = "512 tokens at a time"
_WORDS = {"fits": "fits", "tight": "tight", "no": "does not fit", "unknown": "unknown"}


def part_rows(fit: Fit) -> list[list[str]]:
    """Return the rows of the estimate: name, size, what it is of."""
    what = f"{fit.context:,} tokens" if fit.context is not None else fit.inputs.words
    several = f" × {fit.batch:,}" if fit.batch > 1 else ""
    weights = [*fit.sources.get("weights", ()), *([fit.loaded_dtype] if fit.loaded_dtype else [])]
    rows = [["weights", size_text(fit.weights_bytes), ", ".join(weights)]]
    rows += _cache(fit, several) if fit.context is not None else []
    is_known = fit.activations_bytes is not None or fit.weights_bytes is None
    passing = f"one pass over {what}{several}" if is_known else "not known"
    if BUFFERS in fit.sources.get("activations", ()):
        passing = _UBATCH
    rows.append(["activations", size_text(fit.activations_bytes), passing])
    rows.append(["libraries", size_text(fit.libraries_bytes), f"on {fit.best.device.name[:_NAME]}" if fit.best else ""])
    rows.append(["total", size_text(fit.total_bytes), ""])
    if fit.measured is not None:
        peak = fit.measured
        run = f"{peak.device_kind.upper()}, {peak.task}, {peak.when:%Y-%m-%d}"
        rows.append(["measured", size_text(peak.peak_bytes), f"{run} (estimated {size_text(peak.estimated_bytes)})"])
    return rows


def _cache(fit: Fit, several: str) -> list[list[str]]:
    """Return the rows of the cache: all of it, and each kind of layer where there are several."""
    groups = fit.cache.layers
    rows = [["KV cache", size_text(fit.kv_cache_bytes), f"{fit.context or 0:,} tokens{several}"]]
    for group in groups:
        kept = f" of {group.window or group.most_tokens + 1:,}" if group.most_tokens is not None else ""
        plural = "layer" if group.layers == 1 else "layers"
        rows.append(["", size_text(fit.cache_bytes_of(group)), f"{group.layers} {plural}: {group.kind}{kept}"])
    if len(groups) == 1:
        rows = [["KV cache", rows[0][1], f"{rows[0][2]}, {rows[1][2]}"]]
    return rows


def device_rows(fit: Fit) -> list[list[str]]:
    """Return the rows of the devices, like GPUs in one, with their heading; columns that say nothing have none."""
    columns = [
        ("tokens ≤", [_most(entry.largest_context) for entry in fit.devices]),
        ("batch ≤", [_most(entry.largest_batch) for entry in fit.devices]),
    ]
    rows: dict[tuple[str, ...], list[str]] = {}
    for entry, *most in zip(fit.devices, *(cells for _, cells in columns), strict=True):
        number, _, kind = entry.device.name.partition(" ")
        needed = entry.needed_bytes
        cells = ("?" if needed is None else size_text(needed), size_text(entry.device.free_bytes), _verdict(fit, entry))
        rows.setdefault((entry.device.kind, kind, *cells, *most), []).append(number)
    heading = ["device", "needs", "free", "", *(name if any(cells) else "" for name, cells in columns)]
    return [heading, *([_named(numbers, kind), *cells] for (_, kind, *cells), numbers in rows.items())]


def _verdict(fit: Fit, entry: DeviceFit) -> str:
    """Return the verdict in words; memory alone does not make an input fit that the model cannot take."""
    words = _WORDS[entry.verdict]
    longest = fit.inputs.longest
    return f"{words}, but takes {longest:,} at most" if fit.is_too_long and longest is not None else words


def _named(numbers: list[str], kind: str) -> str:
    first = numbers[0] if len(numbers) == 1 else f"{numbers[0]}…{numbers[-1].removeprefix('GPU')}"
    return f"{first} {kind}".strip()[:_NAME]


def _most(number: int | None) -> str:
    return "" if number is None else f"{number:,}" if number else "none"


def source_names(fit: Fit) -> list[str]:
    """Return where the formulas are from, each paper by its authors and year; `--json` names them in full."""
    formulas = [name for part, names in fit.sources.items() if part != "weights" for name in names]
    names = dict.fromkeys(name.partition(",")[0] for name in formulas if name)
    return [f"Sources: {'; '.join(names)}."] if names else []
