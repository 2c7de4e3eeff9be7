"""Where a checkpoint runs, how much memory is there, and how much was used at most."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from hubtui.core.errors import RunError, UsageError

DTYPES = ("auto", "float32", "bfloat16", "float16")


def resolve(device: str) -> str:
    """Return torch's name of a device; `auto` takes CUDA, else Apple's GPU, else the CPU.

    Raises:
        RunError: this machine or this torch has no such device.
        UsageError: not a device's name.
    """
    import torch

    has_mps = torch.backends.mps.is_available()
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if device == "auto":
        return "cuda:0" if count else "mps" if has_mps else "cpu"
    kind, _, index = device.partition(":")
    if kind not in {"cpu", "cuda", "mps"} or (index and (kind != "cuda" or not index.isdecimal())):
        raise UsageError(f"There is no device {device!r}.", hint="Take auto, cpu, cuda, cuda:N or mps.")
    if (kind == "mps" and not has_mps) or (kind == "cuda" and int(index or 0) >= count):
        raise RunError(
            f"torch {torch.__version__} sees no device {device} here" + (f": it sees {count}." if count else "."),
            hint="Take the device auto or cpu; worker.python can name an interpreter whose torch knows the GPU.",
        )
    return "cuda:0" if device == "cuda" else device


def check_room(device: str, needed: int, name: str) -> None:
    """Refuse weights that cannot fit: the kernel would otherwise end some process of this machine, perhaps another's.

    Raises:
        RunError: fewer bytes are free than the weights take.
    """
    free = _free(device)
    if free is not None and needed > free:
        raise RunError(
            f"The weights of {name} take {_gb(needed)} and {device} has {_gb(free)} free.",
            hint="Take another device, a smaller dtype or a smaller checkpoint.",
        )


def _free(device: str) -> int | None:
    """Bytes that can be had now; the CPU's count what the system can reclaim."""
    import torch

    if device.startswith("cuda"):
        return int(torch.cuda.mem_get_info(device)[0])
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return sum(int(fields[name].split()[0]) << 10 for name in ("MemAvailable", "SwapFree") if name in fields)


def _gb(count: int) -> str:
    return f"{count / 1e9:.1f} GB"


class PeakMeter:
    """The highest memory since it was made.

    On CUDA what torch's allocator held; elsewhere the resident memory of this process, which holds the libraries too.
    Linux resets its mark where it may; otherwise the mark is that of the whole life of the process.
    """

    def __init__(self, device: str) -> None:
        self._device = device
        if device.startswith("cuda"):
            import torch

            torch.cuda.reset_peak_memory_stats(device)
        else:
            with contextlib.suppress(OSError):
                # 5 resets the peak resident set size (proc_pid_clear_refs(5))
                Path("/proc/self/clear_refs").write_text("5", encoding="ascii")

    def read(self) -> int:
        """Return it in bytes."""
        if self._device.startswith("cuda"):
            import torch

            return int(torch.cuda.max_memory_allocated(self._device))
        with contextlib.suppress(OSError, StopIteration):
            status = Path("/proc/self/status").read_text(encoding="ascii")
            return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) << 10
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return used if sys.platform == "darwin" else used << 10  # bytes there, kilobytes elsewhere


def synchronize(device: str) -> None:
    """Wait until a device has done what it was given, so that a clock tells the truth."""
    import torch

    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
    elif device == "mps":
        torch.mps.synchronize()


def torch_dtype(dtype: str) -> Any:  # noqa: ANN401 - a torch dtype or "auto"
    """Return what `from_pretrained` takes for a dtype.

    Raises:
        UsageError: not one of `DTYPES`.
    """
    import torch

    if dtype not in DTYPES:
        raise UsageError(f"There is no dtype {dtype!r}.", hint=f"Take {', '.join(DTYPES)}.")
    return dtype if dtype == "auto" else getattr(torch, dtype)


def prefer_as_victim() -> None:
    """Tell Linux to end this process rather than another when memory runs out."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{os.getpid()}/oom_score_adj").write_text("800", encoding="ascii")
