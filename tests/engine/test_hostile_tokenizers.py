"""A tokenizer that hangs, aborts or panics costs its own process: it is named, it is back, and typing never stops."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path

import pytest

from hubtui.core.errors import HubtuiError, TokenizerError
from hubtui.core.tokens import TokenizedView, TokenizeOptions, TokenizerInfo, TokenWindow
from hubtui.engine import inspector as inspector_module
from hubtui.engine import live_typing
from hubtui.engine.inspector import InspectorProcess
from hubtui.engine.tokenizer import TokenizerProcess
from tests.engine.conftest import Ear
from tests.hostile_tokenizers import HOSTILE, write

pytestmark = pytest.mark.asyncio(loop_scope="module")

WINDOW = TokenWindow()
_MEMORY = 200 << 20


async def test_a_hang_is_named_within_two_seconds() -> None:
    assert live_typing._DEADLINE_S < 2
    assert inspector_module._RENDER_S < 2


@pytest.mark.parametrize("kind", HOSTILE)
async def test_it_is_named_and_back_and_keys_never_wait_for_it(
    tokenizers: TokenizerProcess, tmp_path: Path, kind: str
) -> None:
    hostile = HOSTILE[kind]
    ear = Ear(tokenizers)
    await tokenizers.open(f"demo/{kind}", write(tmp_path / kind, hostile.changes))
    await ear.next(TokenizerInfo)  # confirmed: the other process does nothing from here on
    assert tokenizers._raw.process is not None
    before = tokenizers._raw.process.pid
    _leave_little_memory(before)
    loop = asyncio.get_running_loop()
    tokenizers.type(hostile.text, TokenizeOptions(), WINDOW)
    waited: list[float] = []
    for length in range(5):
        started = loop.time()
        tokenizers.type(hostile.text + "x" * length, TokenizeOptions(), WINDOW)
        waited.append(loop.time() - started)
    # a key waits for no answer while there is none to the one before
    assert min(waited) < live_typing.WAIT_S
    error = await ear.next(HubtuiError)
    assert f"demo/{kind}" in error.message
    assert hostile.says in error.message
    view = await asyncio.wait_for(_until_it_is_back(tokenizers, ear), 30)
    assert view.total_tokens == 3
    assert tokenizers._raw.process is not None
    assert (tokenizers._raw.process.pid != before) == hostile.is_fatal


async def _until_it_is_back(process: TokenizerProcess, ear: Ear) -> TokenizedView:
    """Type as somebody would who was told, until there are tokens."""
    while True:
        if view := process.type("the cat sat", TokenizeOptions(), WINDOW):
            return view
        await asyncio.sleep(0.01)
        while not ear.heard.empty():
            if isinstance(heard := ear.heard.get_nowait(), TokenizedView) and heard.total_tokens == 3:
                return heard


def _leave_little_memory(pid: int) -> None:
    """Set the process' own bound close: what grows without end need not fill the machine of the tests."""
    reserved = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(pid, resource.RLIMIT_AS, (reserved + _MEMORY, reserved + _MEMORY))


async def test_padding_to_a_thousand_million_tokens_takes_no_memory(
    tokenizers: TokenizerProcess, tmp_path: Path
) -> None:
    giant = {"strategy": {"Fixed": 1_000_000_000}, "direction": "Right", "pad_to_multiple_of": None}
    padding = {**giant, "pad_id": 0, "pad_type_id": 0, "pad_token": "<pad>"}
    ear = Ear(tokenizers)
    await tokenizers.open("demo/giant", write(tmp_path / "giant", {"padding": padding}))
    await ear.next(TokenizerInfo)
    options = TokenizeOptions("max_length", max_length=1_000_000_000)
    view = tokenizers.type("the cat", options, WINDOW) or await ear.next(TokenizedView)
    assert (view.total_tokens, view.n_padding) == (1_000_000_000, 999_999_998)
    view = tokenizers.type("the", TokenizeOptions(), WINDOW) or await ear.next(TokenizedView)
    assert view.total_tokens == 1


async def test_a_process_that_was_killed_under_a_question_is_started_again_at_once(
    inspector: InspectorProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspector_module, "_ENCODE_S", 0.3)
    hostile = HOSTILE["hang"]
    folder = write(tmp_path / "hang", hostile.changes)
    with pytest.raises(TokenizerError, match="did not answer within"):
        await inspector.encode("demo/hang", folder, [hostile.text], TokenizeOptions())
    assert inspector._reviving is not None
    await inspector._reviving
    assert inspector._client.process is not None
