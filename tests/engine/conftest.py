"""Tokenizer folders of all kinds, and what is heard from live typing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
import pytest_asyncio

from hubtui.core.errors import HubtuiError
from hubtui.core.tokens import TokenizedView, TokenizerInfo
from hubtui.engine.inspector import InspectorProcess
from hubtui.engine.tokenizer import TokenizerProcess

Heard = TokenizedView | TokenizerInfo | HubtuiError
T = TypeVar("T", TokenizedView, TokenizerInfo, HubtuiError)

WORDS = ["<pad>", "<unk>", "the", "cat", "sat", "on", "mat", "."]


def word_level(**changes: Any) -> dict[str, Any]:
    """Return a tokenizer.json of eight words."""
    tokens: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": number,
                "content": content,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for number, content in enumerate(WORDS[:2])
        ],
        "normalizer": None,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {word: number for number, word in enumerate(WORDS)},
            "unk_token": "<unk>",
        },
    }
    return {**tokens, **changes}


MakeFolder = Callable[..., Path]


@pytest.fixture
def make_folder(tmp_path: Path) -> MakeFolder:
    """Write a checkpoint folder: the tokenizer, its config (as keywords), and the model's config."""
    made = 0

    def make(tokenizer: Any = None, *, config: dict[str, Any] | None = None, **declared: Any) -> Path:
        nonlocal made
        made += 1
        folder = tmp_path / f"checkpoint-{made}"
        folder.mkdir()
        content = word_level() if tokenizer is None else tokenizer
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / "tokenizer.json").write_text(text)
        words = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>", "unk_token": "<unk>", **declared}
        (folder / "tokenizer_config.json").write_text(json.dumps({k: v for k, v in words.items() if v is not None}))
        if config is not None:
            (folder / "config.json").write_text(json.dumps(config))
        return folder

    return make


class Ear:
    """Listens to live typing."""

    def __init__(self, process: TokenizerProcess) -> None:
        self.heard: asyncio.Queue[Heard] = asyncio.Queue()
        process.listen(self.heard.put_nowait)

    async def next(self, kind: type[T]) -> T:
        """Return the next of a kind, passing over what comes before it."""
        while True:
            found = await asyncio.wait_for(self.heard.get(), 30)
            if isinstance(found, kind):
                return found


@pytest_asyncio.fixture(loop_scope="module")
async def tokenizers(tmp_path: Path) -> AsyncIterator[TokenizerProcess]:
    """Tokenizer processes of one test alone, with a cache that keeps."""
    process = TokenizerProcess(cache_folder=str(tmp_path / "cache"), log_file=str(tmp_path / "log"))
    yield process
    await process.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared_tokenizers() -> AsyncIterator[TokenizerProcess]:
    """Tokenizer processes for all tests of a module (they need `loop_scope="module"`): AutoTokenizer starts once."""
    process = TokenizerProcess()
    yield process
    await process.close()


@pytest_asyncio.fixture(loop_scope="module")
async def inspector(tmp_path: Path) -> AsyncIterator[InspectorProcess]:
    """An inspector of one test alone."""
    process = InspectorProcess(log_file=str(tmp_path / "log"))
    yield process
    await process.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared_inspector() -> AsyncIterator[InspectorProcess]:
    """An inspector for all tests of a module (they need `loop_scope="module"`)."""
    process = InspectorProcess()
    yield process
    await process.close()
