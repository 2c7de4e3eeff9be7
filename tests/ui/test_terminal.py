"""The interface in a real pseudo-terminal: how it ends, what it sends, what it does without colours."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.terminal import Terminal

pytestmark = pytest.mark.e2e

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = [sys.executable, "-m", "tests.ui.demo_app"]
_READY = "meta-llama"
_RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?2004l")


def _terminal(state: str = "", **more: str) -> Terminal:
    kept = {
        name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TMUX", "PYTHONDONTWRITEBYTECODE"}
    }
    environment = {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "HUBTUI_FAKE": state, **more}
    return Terminal(_COMMAND, columns=100, rows=30, environment=environment, folder=_ROOT)


def _is_restored(terminal: Terminal) -> bool:
    return all(sequence in terminal.raw for sequence in _RESTORED) and terminal.modes == terminal.modes_before


def test_quitting_gives_the_terminal_back_as_it_was() -> None:
    with _terminal() as terminal:
        terminal.wait_for(_READY)
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert _is_restored(terminal)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_hubtui_and_gives_the_terminal_back(number: signal.Signals, code: int) -> None:
    with _terminal() as terminal:
        terminal.wait_for(_READY)
        terminal.process.send_signal(number)
        assert terminal.wait_exit() == code
        assert _is_restored(terminal)


def test_quitting_does_not_wait_for_a_hub_that_hangs() -> None:
    with _terminal("slow") as terminal:
        terminal.wait_for("Try a search")
        terminal.send("q")
        assert terminal.wait_exit(3) == 0


def test_a_dropped_connection_leaves_no_process_behind() -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        _COMMAND,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "xterm-256color", "HUBTUI_FAKE": ""},
        cwd=_ROOT,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - one system call, no locks
    )
    os.close(slave)
    seen = b""
    while b"Try a search" not in seen:
        seen += os.read(master, 1 << 16)
    os.close(master)
    assert process.wait(10) != 0


def test_keys_that_arrive_in_one_go_are_obeyed_in_their_order() -> None:
    with _terminal() as terminal:
        terminal.wait_for(_READY)
        terminal.send("/")
        terminal.settle()
        terminal.send("abX\x7fcd\x7f\x7fef\x01g")
        terminal.wait_for("/ gabef")


def test_a_fault_is_one_sentence_without_local_variables() -> None:
    with _terminal("fault") as terminal:
        terminal.wait_for(_READY)
        before = len(terminal.raw)
        terminal.send("?")
        assert terminal.wait_exit() == 1
        said = bytes(terminal.raw[before:])
        assert b"a fault of its own (ZeroDivisionError)" in said
        assert b"hf_xxxx" not in said
        assert b"Traceback" not in said
        assert _is_restored(terminal)


def test_nothing_is_sent_while_nothing_happens() -> None:
    with _terminal() as terminal:
        terminal.wait_for(_READY)
        terminal.settle(1.0)
        before = len(terminal.raw)
        terminal.settle(2.0, 2.0)
        terminal.send("/")
        terminal.settle(0.5)
        typed = len(terminal.raw)
        terminal.settle(2.0, 2.0)
        assert len(terminal.raw) == typed
        assert typed - before < 3_000


def test_no_color_means_no_colour_and_the_cursor_still_shows() -> None:
    with _terminal(NO_COLOR="1") as terminal:
        terminal.wait_for(_READY)
        terminal.send("j")
        terminal.settle()
        codes = {code for match in re.findall(rb"\x1b\[([0-9;]*)m", bytes(terminal.raw)) for code in match.split(b";")}
        assert not {
            code for code in codes if code[:1] in {b"3", b"4", b"9"} and code not in {b"39", b"49", b"3", b"4", b"9"}
        }
        assert b"7" in codes


def test_a_sixteen_colour_terminal_gets_only_its_own_colours() -> None:
    with _terminal("ansi") as terminal:
        terminal.wait_for(_READY)
        terminal.settle()
        assert not re.search(rb"\x1b\[[0-9;]*[34]8;", bytes(terminal.raw))


def test_keys_typed_ahead_of_a_slow_line_all_count() -> None:
    with _terminal() as terminal:
        terminal.wait_for(_READY)
        terminal.send("/task:fill-mask language:fr\r")
        terminal.wait_for("4 shown")
        terminal.send("j\r")
        terminal.wait_for("913k f32")


def test_the_first_frame_loads_nothing_heavy() -> None:
    heavy = [
        "torch",
        "transformers",
        "tokenizers",
        "numpy",
        "huggingface_hub",
        "msgspec",
        "starlette",
        "uvicorn",
        "yaml",
    ]
    code = (
        f"import sys, hubtui.ui.app, hubtui.ui.screens.main; print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_ROOT)
    assert done.stdout.strip() == "[]"


def test_handlers_of_signals_are_not_needed_to_run() -> None:
    code = (
        "import threading, asyncio\n"
        "from tests.fakes import fake_services\n"
        "from hubtui.ui.app import HubtuiApp\n"
        "async def main():\n"
        "    async with HubtuiApp(fake_services()).run_test() as pilot:\n"
        "        await pilot.pause()\n"
        "        print('ran')\n"
        "thread = threading.Thread(target=lambda: asyncio.run(main()))\n"
        "thread.start(); thread.join()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=_ROOT)
    assert "ran" in done.stdout, done.stderr
