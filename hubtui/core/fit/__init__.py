"""The memory estimate: what a checkpoint needs, part by part, against what the devices of this box have free.

`devices` and verdicts; `weights` as loaded; `cache` of keys, values and states (from `configs`, `layers` and `states`);
`activations` of a pass; `gguf`, both of them as llama.cpp makes them; `needs`, all of them as a function of context and
batch; `advice` when it does not fit; `peaks` measured here; `estimate` puts them together, `models` for what the Hub
says of a model.
"""

from hubtui.core.fit.advice import Advice
from hubtui.core.fit.cache import Cache, CachedLayers, kv_cache_bytes
from hubtui.core.fit.devices import Device, DeviceFit, Verdict, best_of
from hubtui.core.fit.estimate import Fit, best_verdict, estimate
from hubtui.core.fit.models import fit_of_facts, fit_of_row, peak_of_run, remember_run, sizes_file
from hubtui.core.fit.weights import ADAPTERS, TORCH_DTYPES, weights_bytes

__all__ = [
    "ADAPTERS",
    "TORCH_DTYPES",
    "Advice",
    "Cache",
    "CachedLayers",
    "Device",
    "DeviceFit",
    "Fit",
    "Verdict",
    "best_of",
    "best_verdict",
    "estimate",
    "fit_of_facts",
    "fit_of_row",
    "kv_cache_bytes",
    "peak_of_run",
    "remember_run",
    "sizes_file",
    "weights_bytes",
]
