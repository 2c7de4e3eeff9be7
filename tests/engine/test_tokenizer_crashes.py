"""A hang or crash under a batch or a file costs one process, never more."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from hubtui.core.errors import TokenizerError
from hubtui.core.tokens import TokenizeOptions
from hubtui.engine import inspector as inspector_module
from hubtui.engine import tokenizer_client
from hubtui.engine.inspector import InspectorProcess
from hubtui.engine.tokenizer import TokenizerProcess
from tests.engine.conftest import MakeFolder, word_level

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _started(process: InspectorProcess) -> int:
    """Start the child for batches and return its process id."""
    await process._client.start()
    running = process._client.process
    assert running is not None
    return running.pid


async def test_a_child_killed_under_a_batch_is_one_sentence_and_the_next_batch_works(
    inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    folder = str(make_folder())
    pid = await _started(inspector)
    os.kill(pid, signal.SIGSTOP)
    batch = asyncio.create_task(inspector.encode("demo/words", folder, ["the"], TokenizeOptions()))
    await asyncio.sleep(0)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(TokenizerError, match=r"demo/words ended its process: .* SIGKILL"):
        await batch
    result = await inspector.encode("demo/words", folder, ["the"], TokenizeOptions())
    assert result.sequences[0].ids == [2]


async def test_a_batch_that_hangs_is_stopped_at_its_deadline(
    inspector: InspectorProcess, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspector_module, "_ENCODE_S", 0.3)
    split = {"type": "Split", "pattern": {"Regex": "(a|aa)+$"}, "behavior": "Isolated", "invert": False}
    folder = str(make_folder(word_level(pre_tokenizer=split)))
    pid = await _started(inspector)
    with pytest.raises(TokenizerError, match=r"The tokenizer of demo/hang did not answer within .* and was stopped"):
        await inspector.encode("demo/hang", folder, [("a" * 26 + "!") * 1000], TokenizeOptions())
    assert await _started(inspector) != pid


async def test_a_batch_that_is_not_waited_for_any_more_disturbs_no_other(
    inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    folder = str(make_folder())
    await _started(inspector)
    given_up = asyncio.create_task(inspector.encode("m", folder, ["the " * 10_000], TokenizeOptions()))
    await asyncio.sleep(0)
    given_up.cancel()
    result = await inspector.encode("m", folder, ["the cat"], TokenizeOptions())
    assert result.sequences[0].ids == [2, 3]
    both = await asyncio.gather(
        inspector.encode("m", folder, ["cat"], TokenizeOptions()),
        inspector.encode("m", folder, ["mat"], TokenizeOptions()),
    )
    assert [one.sequences[0].ids for one in both] == [[3], [6]]


async def test_a_file_whose_load_hangs_is_not_loaded_again(
    tokenizers: TokenizerProcess, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokenizer_client, "LOAD_S", 0.2)
    await tokenizers._raw.start()
    running = tokenizers._raw.process
    assert running is not None
    os.kill(running.pid, signal.SIGSTOP)
    with pytest.raises(TokenizerError, match="demo/slow was not loaded within"):
        await tokenizers.open("demo/slow", str(make_folder()))
    monkeypatch.setattr(tokenizer_client, "LOAD_S", 20)
    assert (await tokenizers.open("demo/words", str(make_folder()))).provisional
    assert tokenizers._raw.process is not running
