"""What a worker process prints: into the log, bounded, with the last lines kept for error texts."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from hubtui.core.untrusted import clean

MAX_LOG_BYTES = 1 << 20
"""A process may add that much to the log; what it prints after that is dropped."""

_KEPT_LINES = 20
_MAX_LINE = 500


class LogTail:
    """Takes the output of one process.

    Args:
        path: the log file, appended to; empty keeps the tail only.
        name: put before each line.
    """

    def __init__(self, path: str, name: str) -> None:
        self._path = Path(path) if path else None
        self._name = name
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._partial = ""
        self._room = MAX_LOG_BYTES

    def write(self, data: bytes) -> None:
        """Take output as it comes; lines are made harmless before they are kept."""
        text = self._partial + data.decode("utf-8", errors="replace")
        *whole, self._partial = text.split("\n")
        # a process that never ends its line must not grow this one
        self._partial = self._partial[-_MAX_LINE:]
        self._keep(whole)

    def flush(self) -> None:
        """Take the unfinished last line as a line."""
        if self._partial:
            self._keep([self._partial])
            self._partial = ""

    @property
    def text(self) -> str:
        """The last lines."""
        return "\n".join(self._lines)

    def _keep(self, lines: list[str]) -> None:
        # a carriage return redraws a line: its last state counts
        cleaned = [clean(line.rstrip("\r").rpartition("\r")[2][:_MAX_LINE]) for line in lines]
        cleaned = [line for line in cleaned if line.strip()]
        self._lines.extend(cleaned)
        if self._path is None or self._room <= 0 or not cleaned:
            return
        block = "".join(f"{self._name}: {line}\n" for line in cleaned)
        self._room -= len(block)
        try:
            with self._path.open("a", encoding="utf-8") as log:
                log.write(block)
        except OSError:
            # a full disk must not stop the work; the tail is still there
            self._path = None
