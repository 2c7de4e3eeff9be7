"""What a checkpoint needs on a device, as a function of context and batch, and how far both may grow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hubtui.core.fit.activations import Activations
from hubtui.core.fit.cache import Cache
from hubtui.core.fit.devices import TIGHT_SHARE, Device, libraries_bytes, meter_kind
from hubtui.core.fit.gguf import ComputeBuffer
from hubtui.core.fit.inputs import Inputs
from hubtui.core.fit.peaks import Calibration
from hubtui.core.fit.weights import Weights

OVERHEAD_SHARE = 0.05
"""Activations of a short input as a share of the weights, where no config says more."""

_MOST_TOKENS = 1 << 24
_MOST_SEQUENCES = 1 << 16


@dataclass(frozen=True, slots=True)
class Needs:
    """What a checkpoint needs as a function of context and batch.

    Attributes:
        weights: as loaded; their size is known.
        cache: what is kept while it writes.
        activations: of torch, or of llama.cpp; None where nothing states the sizes.
        devices: of this box, without all GPUs together.
        calibrations: kind of device → what runs here teach.
        inputs: what one pass reads where no context is asked for.
    """

    weights: Weights
    cache: Cache
    activations: Activations | ComputeBuffer | None
    devices: tuple[Device, ...]
    calibrations: Mapping[str, Calibration]
    inputs: Inputs = field(default_factory=Inputs)

    @property
    def is_known(self) -> bool:
        """Whether what grows with context and batch can be counted."""
        return self.cache.is_known and self.knows_activations

    @property
    def knows_activations(self) -> bool:
        """Whether the sizes of a pass are known, and how long it is."""
        return self.activations is not None and self.inputs.positions is not None

    def cache_bytes(self, context: int | None, batch: int) -> int:
        """Return the bytes of the cache, 0 where it is not known or no context is asked for."""
        return (self.cache.bytes(context, batch, self.weights.width) or 0) if context is not None else 0

    def activation_bytes(self, context: int | None, batch: int, *, on_cpu: bool) -> int:
        """Return the bytes of one pass, over a short input where no context is asked for; a share where unknown."""
        tokens = context or self.inputs.positions
        if self.activations is None or tokens is None:
            return int((self.weights.size_bytes or 0) * OVERHEAD_SHARE)
        return self.activations.bytes(tokens, batch, self.weights.width, on_cpu=on_cpu)

    def overhead_bytes(self, device: Device, context: int | None, batch: int) -> int:
        """Return activations and libraries on a device, as runs on this box have corrected them.

        What a GPU's allocator shows is without its libraries, so runs there say nothing about those.
        """
        kind = meter_kind(device.kind)
        activations = self.activation_bytes(context, batch, on_cpu=kind == "cpu")
        libraries = libraries_bytes(device, self.devices)
        calibration = self.calibrations.get(kind, Calibration())
        if kind == "cpu":
            return calibration.of(activations + libraries)
        return calibration.of(activations) + libraries

    def total_bytes(self, device: Device, context: int | None, batch: int) -> int:
        """Return everything that is needed on a device."""
        counted = (self.weights.size_bytes or 0) + self.cache_bytes(context, batch)
        return counted + self.overhead_bytes(device, context, batch)

    def totals(self, context: int | None, batch: int) -> Callable[[Device], int]:
        """Return `total_bytes` as a function of the device, which works it out once for each kind: rows are many."""
        known: dict[str, int] = {}

        def total(device: Device) -> int:
            if device.kind not in known:
                known[device.kind] = self.total_bytes(device, context, batch)
            return known[device.kind]

        return total

    def largest_context(self, device: Device, batch: int, most: int | None) -> int | None:
        """Return the tokens that fit with room to spare, `most` at most; None where they cannot be counted."""
        if not self.is_known or self.inputs.kind != "text":
            return None
        return self._largest(device, lambda number: (number, batch), most or _MOST_TOKENS)

    def largest_batch(self, device: Device, context: int | None) -> int | None:
        """Return the inputs that fit with room to spare; None where that is not known.

        Where no context is asked for they are short ones, and what a model keeps while it writes counts all the same.
        """
        if not self.is_known:
            return None
        tokens = context if context is not None or not self.cache.layers else self.inputs.positions
        return self._largest(device, lambda number: (tokens, number), _MOST_SEQUENCES)

    def _largest(self, device: Device, at: Callable[[int], tuple[int | None, int]], most: int) -> int:
        """Bisect: memory grows with context and with batch."""
        room = device.free_bytes * TIGHT_SHARE
        low, high = 0, most
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.total_bytes(device, *at(middle)) <= room else (low, middle - 1)
        return low
