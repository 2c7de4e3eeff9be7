"""Textual's terminal driver, made to survive the loss of its terminal.

When a connection drops, the kernel sends SIGHUP and then SIGCONT. Textual takes any SIGCONT for the end of a ctrl+z and
starts its threads a second time; and once writing to the terminal has failed, whoever writes more waits for ever.
Either would leave a process behind. Besides, Textual believes COLUMNS and LINES, which `docker exec -e` and some shells
export, more than the terminal: the interface would never notice that its window was resized.
"""

from __future__ import annotations

import os
from queue import Full

from textual.drivers.linux_driver import LinuxDriver

_LOOK_AGAIN_S = 0.2


class TerminalDriver(LinuxDriver):
    """A driver that ends with its terminal."""

    def _sigcont_application(self, *arguments: object) -> None:
        # Textual sets this flag when it suspended the program itself.
        if self._must_signal_resume:
            super()._sigcont_application(*arguments)

    def _get_terminal_size(self) -> tuple[int, int]:
        try:
            columns, rows = os.get_terminal_size(self.fileno)
        except OSError:
            columns = rows = 0  # no terminal, or one that does not know its size
        return (columns, rows) if columns and rows else super()._get_terminal_size()

    def write(self, data: str) -> None:
        """Hand text to the thread that writes; drop it where that thread has met its end."""
        writer = self._writer_thread
        while writer is not None and writer.is_alive():
            try:
                writer._queue.put(data, timeout=_LOOK_AGAIN_S)  # noqa: SLF001 - `WriterThread.write` waits for ever
            except Full:
                continue
            return

    def close(self) -> None:
        """End the thread that writes, if it still does."""
        if self._writer_thread is not None and self._writer_thread.is_alive():
            super().close()
