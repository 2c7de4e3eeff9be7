"""Real children: they end with their parent, die alone, and know no secret."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

import psutil
import pytest

from hubtui.core.errors import WorkerDiedError
from hubtui.core.tokens import TokenizeOptions, TokenWindow
from hubtui.engine.messages import Failed, Ready
from hubtui.engine.process import WorkerProcess
from hubtui.engine.tokenizer_messages import TokenizerAnswer, TypeText

_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc, which only Linux has")


class Child:
    """A child and everything that was heard from it."""

    def __init__(self, kind: str = "tokenizer", python: str = "") -> None:
        self.heard: asyncio.Queue[TokenizerAnswer | WorkerDiedError] = asyncio.Queue()
        self.process: WorkerProcess[TokenizerAnswer] = WorkerProcess(
            kind, TokenizerAnswer, on_message=self.heard.put_nowait, on_exit=self.heard.put_nowait, python=python
        )

    async def __aenter__(self) -> Self:
        await self.process.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.process.close()

    async def next(self) -> TokenizerAnswer | WorkerDiedError:
        return await asyncio.wait_for(self.heard.get(), 20)


async def test_a_child_says_that_it_is_ready_and_answers() -> None:
    async with Child() as child:
        ready = await child.next()
        assert isinstance(ready, Ready)
        assert ready.pid == child.process.pid
        child.process.send(TypeText(1, "text", TokenizeOptions(), TokenWindow()))
        assert await child.next() == Failed(1, "TokenizerError", "No tokenizer is open.")


async def test_a_killed_child_is_told_once_with_the_signal() -> None:
    async with Child() as child:
        await child.next()
        os.kill(child.process.pid, signal.SIGKILL)
        died = await child.next()
        assert isinstance(died, WorkerDiedError)
        assert "SIGKILL" in died.message
        assert not child.process.is_alive
        with pytest.raises(WorkerDiedError):
            child.process.send(TypeText(1, "text", TokenizeOptions(), TokenWindow()))
    assert child.heard.empty()


async def test_a_child_that_cannot_start_leaves_its_last_words() -> None:
    async with Child("nonsense") as child:
        died = await child.next()
        assert isinstance(died, WorkerDiedError)
        assert "nonsense" in died.log_tail


async def test_an_interpreter_that_is_not_there_is_one_sentence() -> None:
    child = Child(python="/nowhere/python")
    with pytest.raises(WorkerDiedError, match="could not be started"):
        await child.process.start()
    await child.process.close()


async def test_a_text_larger_than_the_pipe_goes_through_and_waiting_for_it_blocks_nobody() -> None:
    async with Child() as child:
        await child.next()
        text = "word " * 2_000_000
        child.process.send(TypeText(1, text, TokenizeOptions(), TokenWindow()))
        assert isinstance(await child.next(), Failed)


async def test_of_texts_that_could_not_be_sent_yet_only_the_newest_goes() -> None:
    async with Child() as child:
        await child.next()
        os.kill(child.process.pid, signal.SIGSTOP)
        for generation in range(1, 200):
            child.process.send(TypeText(generation, "x" * 100_000, TokenizeOptions(), TokenWindow()), replaceable=True)
        os.kill(child.process.pid, signal.SIGCONT)
        answered: list[int] = []
        while not answered or answered[-1] != 199:
            answer = await child.next()
            assert isinstance(answer, Failed)
            answered.append(answer.id)
        assert len(answered) < 30


async def test_closing_leaves_no_process() -> None:
    async with Child() as child:
        await child.next()
        pid = child.process.pid
    assert not psutil.pid_exists(pid)


@_LINUX
async def test_the_child_knows_no_token_and_cannot_ask_on_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("MY_API_KEY", "secret")
    async with Child() as child:
        await child.next()
        proc = Path(f"/proc/{child.process.pid}")
        assert b"secret" not in (proc / "environ").read_bytes()
        assert (proc / "fd" / "0").readlink() == Path("/dev/null")
        opened = {path.name for path in (proc / "fd").iterdir()}
        # its three standard streams and the pipe pair, nothing of this process
        assert len(opened) == 5


_PARENT = """
import asyncio
from hubtui.engine.process import WorkerProcess
from hubtui.engine.tokenizer_messages import TokenizerAnswer

async def main():
    ready = asyncio.Event()
    child = WorkerProcess("tokenizer", TokenizerAnswer, on_message=lambda _: ready.set(), on_exit=print)
    await child.start()
    await ready.wait()
    print(child.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("is_stopped", [False, True], ids=["waiting", "spinning"])
def test_a_child_never_outlives_hubtui_not_even_one_that_does_not_listen(*, is_stopped: bool) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    if is_stopped:
        if not sys.platform.startswith("linux"):
            parent.kill()
            pytest.skip("only Linux ends a child that does not run")
        child.suspend()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    psutil.wait_procs([child], timeout=10)
    # nobody reaps an orphan in a container without init: a zombie holds nothing
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


async def test_ctrl_c_in_the_terminal_is_the_parents_to_judge() -> None:
    async with Child() as child:
        await child.next()
        os.kill(child.process.pid, signal.SIGINT)
        child.process.send(TypeText(1, "text", TokenizeOptions(), TokenWindow()))
        assert isinstance(await child.next(), Failed)
