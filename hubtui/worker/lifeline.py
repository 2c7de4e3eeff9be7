"""A worker never outlives the process that started it."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def become_child() -> None:
    """Tie this process to its parent; call it first of all.

    Ctrl+C in a terminal reaches the whole foreground group: the parent decides what it means, so it is ignored here.
    A crash in native code leaves its stack in the log.
    """
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(RuntimeError, ValueError):
        faulthandler.enable()


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent's thread ends (Linux; a fork must call it again).

    Elsewhere the end of the request pipe does it (`serve.Channel`).
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # it may have died before the call
    if os.getppid() != parent:
        os._exit(1)


def limit_memory(n_bytes: int = 8 << 30, *, beyond_now: bool = False) -> None:
    """Give this process an upper bound of address space (Linux), so that a hostile file cannot fill the machine.

    For processes that touch no device only: CUDA reserves far more than it uses.

    Args:
        n_bytes: the bound.
        beyond_now: count from what the process has reserved already, as torch's libraries do by being imported.
    """
    if not sys.platform.startswith("linux"):
        return
    import resource

    if beyond_now:
        n_bytes += int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (n_bytes if hard == resource.RLIM_INFINITY else min(n_bytes, hard), hard))
