"""Memory that a checkpoint could be loaded into, and the verdict for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["fits", "tight", "no", "unknown"]

LIBRARIES: Mapping[str, int] = {"gpu": 600 << 20, "cpu": 300 << 20}
"""What the libraries themselves take: a CUDA context with cuBLAS, or torch and transformers imported.

The CPU's was measured on runs of the demo checkpoints, whose weights are below 1 MB: peaks of 297 to 306 MiB with torch
2.13 and transformers 5.23 (tests/engine/test_measured_memory.py). A build of torch for CUDA takes more; kept runs tell.
"""

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


@dataclass(frozen=True, slots=True)
class DeviceFit:
    """The verdict for one device.

    Attributes:
        needed_bytes: weights, activations and cache, with what the libraries take on it; None when unknown.
        largest_context: tokens that fit at the asked batch; None when unknown, 0 when none do.
        largest_batch: sequences that fit at the asked context; likewise.
    """

    device: Device
    verdict: Verdict
    needed_bytes: int | None = None
    largest_context: int | None = None
    largest_batch: int | None = None


def verdict(needed: int | None, free: int) -> Verdict:
    """Compare bytes needed with bytes free."""
    if needed is None:
        return "unknown"
    if needed > free:
        return "no"
    return "tight" if needed > free * TIGHT_SHARE else "fits"


def meter_kind(kind: str) -> str:
    """Return what holds the libraries of a device: `gpu` for one or several, `cpu` for main and unified memory."""
    return "gpu" if kind in {"gpu", "gpus"} else "cpu"


def with_all_gpus(devices: Sequence[Device]) -> tuple[Device, ...]:
    """Return the devices and, after several GPUs, all of them together: that is what `device_map` does."""
    gpus = [device for device in devices if device.kind == "gpu"]
    if len(gpus) < 2:
        return tuple(devices)
    together = Device(
        f"{len(gpus)} GPUs together",
        "gpus",
        sum(device.total_bytes for device in gpus),
        sum(device.free_bytes for device in gpus),
    )
    last = max(index for index, device in enumerate(devices) if device.kind == "gpu")
    return (*devices[: last + 1], together, *devices[last + 1 :])


def judge(devices: Sequence[Device], needed: Callable[[Device], int | None]) -> tuple[DeviceFit, ...]:
    """Judge each device, and all GPUs together, by what a function says it needs."""
    found = []
    for device in with_all_gpus(devices):
        size = needed(device)
        found.append(DeviceFit(device, verdict(size, device.free_bytes), size))
    return tuple(found)


def libraries_bytes(device: Device, devices: Sequence[Device]) -> int:
    """Return what the libraries take on a device; on several GPUs each holds them."""
    count = sum(1 for other in devices if other.kind == "gpu") if device.kind == "gpus" else 1
    return LIBRARIES[meter_kind(device.kind)] * count


_ORDER: Mapping[Verdict, int] = {"fits": 0, "tight": 1, "unknown": 2, "no": 3}
_KINDS: Mapping[str, int] = {"gpu": 0, "mps": 0, "gpus": 1, "cpu": 2}


def best_of(entries: Sequence[DeviceFit]) -> DeviceFit | None:
    """Return the device to take: a fit before a tight one, one GPU before several, any of them before the CPU."""
    return min(entries, key=lambda entry: (_ORDER[entry.verdict], _KINDS.get(entry.device.kind, 0)), default=None)
