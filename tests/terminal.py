"""A real program in a real pseudo-terminal: send keys, read the screen, count bytes and CPU time.

Used by the end-to-end tests, the benchmarks and the script that takes the screenshots.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

# What pyte would print as text: keyboard protocol, mode queries, window operations, OSC, DCS and APC strings
_NOT_FOR_PYTE = re.compile(
    rb"\x1b\[[<>=?][0-9;]*u|\x1b\[\??[0-9;]*\$[a-z]|\x1b\[>[0-9;]*[a-zA-Z]|\x1b\[[0-9;]*t"
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_][^\x1b]*\x1b\\"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;?<>=$]*|[\]P_][^\x07\x1b]{0,4096})?$")


@dataclass(frozen=True, slots=True)
class Paints:
    """What came after a key: seconds to the first and to the last write, less the run queue, and bytes."""

    first_s: float
    last_s: float
    n_bytes: int


class ScreenTimeoutError(AssertionError):
    """What was waited for did not appear; the text shows the screen as it was."""


class Terminal:
    """One program in a pseudo-terminal of `columns` × `rows`.

    A thread reads what the program writes as it comes: the kernel's buffer holds 4 KiB, and a program that waits for a
    slow reader would look slower than it is.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""
        self._unread: list[tuple[float, float, float, bytes]] = []
        self.cpu_at_last_output = 0.0
        self._arrived = threading.Condition()
        self.raw = bytearray()
        self.started = time.perf_counter()
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.modes_before = termios.tcgetattr(self._slave)
        self.process = subprocess.Popen(
            list(command),
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env={
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                **(os.environ if environment is None else environment),
            },
            cwd=folder,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  one system call, no locks
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the program, whatever state it is in."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self._slave >= 0:
            os.close(self._slave)
            self._slave = -1
            self._reader.join(2)
            os.close(self._master)

    @property
    def modes(self) -> list[object]:
        """The terminal's modes now, to be compared with `modes_before`."""
        return termios.tcgetattr(self._slave)

    def send(self, keys: str | bytes) -> None:
        """Type."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size, as a person dragging its corner."""
        self.columns, self.rows = columns, rows
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process.send_signal(signal.SIGWINCH)

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.screen.display)

    def wait_until(self, holds: Callable[[str], bool], what: str, timeout: float = 30.0) -> float:
        """Read until the screen's text satisfies `holds`; return seconds since the start of the program.

        Raises:
            ScreenTimeoutError: it did not within `timeout` seconds, or the program ended first.
        """
        end = time.perf_counter() + timeout
        arrived = time.perf_counter()
        while not holds(self.text):
            left = end - time.perf_counter()
            moment = self._feed(min(left, 0.2)) if left > 0 else None
            arrived = moment or arrived
            if moment is None and (left <= 0 or self.process.poll() is not None):
                raise ScreenTimeoutError(
                    f"{what}: not seen (exit code {self.process.poll()}). The screen was:\n{self.text}"
                )
        return arrived - self.started

    def wait_for(self, text: str, timeout: float = 30.0) -> float:
        """Read until `text` stands on the screen."""
        return self.wait_until(lambda shown: text in shown, repr(text), timeout)

    def wait_gone(self, text: str, timeout: float = 30.0) -> float:
        """Read until `text` stands on the screen no more."""
        return self.wait_until(lambda shown: text not in shown, f"{text!r} gone", timeout)

    def settle(self, quiet: float = 0.3, timeout: float = 15.0) -> None:
        """Read until nothing came for `quiet` seconds."""
        end = time.perf_counter() + timeout
        while self._feed(quiet) is not None and time.perf_counter() < end:
            pass

    def answer_to(self, keys: str, quiet: float = 0.08) -> tuple[float, int]:
        """Type, and read until nothing more comes; return seconds to the last byte of the answer, and its bytes."""
        before, sent = len(self.raw), time.perf_counter()
        self.send(keys)
        arrived, last = self._feed(2.0), sent
        while arrived is not None:
            last = arrived
            arrived = self._feed(quiet)
        return last - sent, len(self.raw) - before

    def paste(self, text: str) -> None:
        """Paste a text, as a terminal with bracketed paste does."""
        data = f"\x1b[200~{text}\x1b[201~".encode()
        while data:
            data = data[os.write(self._master, data) :]

    def paints(self, key: str, quiet: float = 0.08) -> Paints:
        """Type a key, and read until nothing more comes.

        Each write's time is less what the program stood in the run queue since the key: on a busy machine that is what
        an idle one would show.
        """
        self._feed(0)
        waited, sent = self.queued_seconds(), time.perf_counter()
        self.send(key)
        moments: list[float] = []
        n_bytes, timeout = 0, 3.0
        while True:
            with self._arrived:
                if not self._unread and not self._arrived.wait_for(lambda: bool(self._unread), timeout):
                    break
                chunks = list(self._unread)
            for at, _, queued, chunk in chunks:
                moments.append(max(0.0, at - sent - (queued - waited)))
                n_bytes += len(chunk)
            self._feed(0)
            timeout = quiet
        return Paints(moments[0], moments[-1], n_bytes) if moments else Paints(timeout, timeout, 0)

    def wait_exit(self, timeout: float = 10.0) -> int:
        """Read until the program has ended; return its exit code."""
        end = time.perf_counter() + timeout
        while self.process.poll() is None and time.perf_counter() < end:
            self._feed(0.05)
        code = self.process.wait(max(end - time.perf_counter(), 0.01))
        self.settle(0.1)
        return code

    def cpu_seconds(self) -> float:
        """User and system time of all threads of the program itself, without its children; 0 once it has ended."""
        return self._scheduled(0)

    def queued_seconds(self) -> float:
        """Time that threads of the program were ready to run but had no processor; 0 once it has ended."""
        return self._scheduled(1)

    def _scheduled(self, field: int) -> float:
        nanoseconds = 0
        try:
            for task in Path(f"/proc/{self.process.pid}/task").iterdir():
                nanoseconds += int((task / "schedstat").read_text().split()[field])
        except OSError:
            return 0.0
        return nanoseconds / 1e9

    def _read(self) -> None:
        while True:
            try:
                if not select.select([self._master], [], [], 0.5)[0]:
                    if self._slave < 0:
                        return
                    continue
                data = os.read(self._master, 1 << 16)
            except OSError:
                return
            if not data:
                return
            at, cpu, queued = time.perf_counter(), self.cpu_seconds(), self.queued_seconds()
            self._answer(data)
            with self._arrived:
                self._unread.append((at, cpu, queued, data))
                self._arrived.notify()

    def _answer(self, data: bytes) -> None:
        """Answer what Textual asks a terminal, as a modern one does: synchronised output is there."""
        for match in re.finditer(rb"\x1b\[\?(\d+)\$p", data):
            os.write(self._master, b"\x1b[?%s;%d$y" % (match[1], 2 if match[1] == b"2026" else 0))
        if b"\x1b[c" in data:
            os.write(self._master, b"\x1b[?62;22c")

    def _feed(self, timeout: float) -> float | None:
        """Give the emulator what has come; return when the last of it came, None when nothing did in time."""
        with self._arrived:
            if not self._unread:
                self._arrived.wait(timeout)
            chunks, self._unread = self._unread, []
        for *_, chunk in chunks:
            self.raw += chunk
            data = self._rest + chunk
            unfinished = _UNFINISHED.search(data)
            self._rest = data[unfinished.start() :] if unfinished else b""
            self._stream.feed(_NOT_FOR_PYTE.sub(b"", data[: unfinished.start()] if unfinished else data))
        if not chunks:
            return None
        self.cpu_at_last_output = chunks[-1][1]
        return chunks[-1][0]


def descendants(pid: int) -> set[int]:
    """Return the process ids of all children, their children and so on."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
    found: set[int] = set()
    fresh = {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def is_alive(pid: int) -> bool:
    """Say whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
