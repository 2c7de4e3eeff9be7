"""Writing files so that a crash, a full disk or a second hubtui never leaves half of one."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

_log = logging.getLogger(__name__)


def write_atomically(path: Path, data: bytes) -> None:
    """Replace the content of a file in one step.

    Raises:
        OSError: the folder cannot be written, or the disk is full; the old content is then still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock that goes with a file, against other hubtui processes.

    The lock is a file of its own beside `path`, since `path` itself is replaced. It is held for milliseconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f".{path.name}.lock").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def set_aside(path: Path, error: Exception) -> None:
    """Keep an unreadable file under another name: it may be mended by hand, and must not be overwritten."""
    aside = path.with_name(f"{path.name}.unreadable")
    _log.warning("%s cannot be understood (%s); it is kept as %s", path, error, aside.name)
    try:
        path.replace(aside)
    except OSError as failure:
        _log.warning("%s could not be renamed: %s", path, failure)
