"""Free memory of this box, without torch or CUDA."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hubtui.core.ports import Box

if TYPE_CHECKING:
    from hubtui.core.fit import Device

_log = logging.getLogger(__name__)
_RECENT_S = 5.0
_CGROUP = Path("/sys/fs/cgroup")


class ThisBox:
    """`core.ports.Box`: psutil for main memory (and the container's limit), NVML for NVIDIA devices."""

    def devices(self) -> tuple[Device, ...]:
        """Return accelerators first, the CPU last; sizes in bytes, read now."""
        return (*_nvidia(), _cpu())


class RecentDevices:
    """Devices read anew at most every few seconds, to judge the rows of a page: reading a GPU takes milliseconds."""

    def __init__(self, box: Box, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._box = box
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._devices: tuple[Device, ...] = ()

    def __call__(self) -> tuple[Device, ...]:
        """Return the devices as they were a few seconds ago at most."""
        with self._lock:
            if self._clock() - self._read_at > _RECENT_S:
                self._devices, self._read_at = self._box.devices(), self._clock()
            return self._devices


def _cpu() -> Device:
    import psutil  # noqa: PLC0415  17 ms that the first frame need not pay

    from hubtui.core.fit import Device  # noqa: PLC0415  likewise

    memory = psutil.virtual_memory()
    total, free = memory.total, memory.available
    limit = _container_limit()
    if limit is not None and limit[0] < total:
        total, free = limit[0], min(free, limit[1])
    # On Apple silicon the GPU shares this memory
    return Device("unified memory" if sys.platform == "darwin" else "CPU", "cpu", total, free)


def _container_limit() -> tuple[int, int] | None:
    """Return (limit, what is left of it) of this cgroup in bytes; None outside a limited container."""
    for limit_file, used_file in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        try:
            limit = int((_CGROUP / limit_file).read_text())
            used = int((_CGROUP / used_file).read_text())
        except (OSError, ValueError):
            continue
        return limit, max(limit - used, 0)
    return None


def _nvidia() -> tuple[Device, ...]:
    import pynvml  # noqa: PLC0415  32 ms that the first frame need not pay

    from hubtui.core.fit import Device  # noqa: PLC0415  likewise

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return ()
    found = []
    try:
        for index in range(pynvml.nvmlDeviceGetCount()):
            handle = pynvml.nvmlDeviceGetHandleByIndex(index)
            memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
            name = pynvml.nvmlDeviceGetName(handle)
            found.append(Device(f"GPU{index} {name}", "gpu", int(memory.total), int(memory.free)))
    except pynvml.NVMLError as error:
        _log.warning("NVML stopped answering: %s", error)
    finally:
        pynvml.nvmlShutdown()
    return tuple(found)
