"""Free memory of this box, without torch or CUDA."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from hubtui.core.fit import Device

_log = logging.getLogger(__name__)
_CGROUP = Path("/sys/fs/cgroup")


class ThisBox:
    """`core.ports.Box`: psutil for main memory (and the container's limit), NVML for NVIDIA devices."""

    def devices(self) -> tuple[Device, ...]:
        """Return accelerators first, the CPU last; sizes in bytes, read now."""
        return (*_nvidia(), _cpu())


def _cpu() -> Device:
    import psutil  # noqa: PLC0415  17 ms that the first frame need not pay

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
