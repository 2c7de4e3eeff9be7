"""The structure process as the interface uses it: a config that hangs or crashes it costs one sentence."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from hubtui.core.errors import CheckpointError, UsageError, WorkerDiedError
from hubtui.core.settings import Settings
from hubtui.engine import structures
from hubtui.engine.structures import StructureProcess

pytestmark = pytest.mark.asyncio(loop_scope="module")

SMALL: dict[str, Any] = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "num_hidden_layers": 2,
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_attention_heads": 4,
    "vocab_size": 100,
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def process() -> AsyncIterator[StructureProcess]:
    started = StructureProcess(Settings())
    yield started
    await started.close()


def _pid(process: StructureProcess) -> int:
    running = process._client.process
    assert running is not None
    return running.pid


async def test_a_config_alone_tells_how_the_model_is_built(process: StructureProcess) -> None:
    built = await process.build("a/b", SMALL)
    assert (built.head, built.dimensions[0].layers, built.tree.children[0].name) == ("LlamaForCausalLM", 2, "model")
    heads = await process.heads("a/b", SMALL)
    assert heads[0].is_body
    assert [head.name for head in heads if head.is_stored] == ["LlamaForCausalLM"]


async def test_what_cannot_be_built_is_a_sentence_and_the_process_stays(process: StructureProcess) -> None:
    await process.build("a/b", SMALL)
    pid = _pid(process)
    with pytest.raises(CheckpointError, match=r"a/b has no config\.json"):
        await process.build("a/b", {})
    with pytest.raises(UsageError, match="cannot be loaded as AutoModelForCTC"):
        await process.build("a/b", SMALL, head="AutoModelForCTC")
    with pytest.raises(CheckpointError, match="asks for 5,000 layers"):
        await process.build("a/b", {**SMALL, "num_hidden_layers": 5_000})
    with pytest.raises(CheckpointError, match="absurdly long"):
        await process.build("a/b", {"model_type": "x" * (9 << 20)})
    assert _pid(process) == pid


async def test_the_memory_of_the_libraries_is_given_back_when_nothing_is_asked(
    process: StructureProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_idle_s", 0.0)
    await process.build("a/b", SMALL)
    leaving = process._leaving
    assert leaving is not None
    await leaving
    assert process._client.process is None


async def test_a_process_that_hangs_is_killed(process: StructureProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    await process.build("a/b", SMALL)
    pid = _pid(process)
    os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr(structures, "BUILD_S", 0.2)
    with pytest.raises(CheckpointError, match=r"a/hang was not built within"):
        await process.build("a/hang", SMALL)
    assert process._client.process is None


async def test_a_process_that_does_not_start_says_so_and_a_closed_one_too() -> None:
    process = StructureProcess(Settings(worker_python="/bin/false"))
    with pytest.raises(WorkerDiedError, match=r"did not start: .* exit code 1"):
        await process.build("a/b", SMALL)
    await process.close()
    with pytest.raises(CheckpointError, match="was closed"):
        await process.build("a/b", SMALL)
