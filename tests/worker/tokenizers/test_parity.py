"""Every number that `hubtui tokenize` and the Tokens tab show is AutoTokenizer's, here called directly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from hubtui.core.tokens import Padding, TokenizedView, TokenizeOptions, TokenizerInfo, TokenWindow
from hubtui.engine.inspector import InspectorProcess
from hubtui.engine.tokenizer import TokenizerProcess
from tests.worker.checkpoints import (
    PIECES,
    SHARED,
    WRITTEN,
    demo_folders,
    pieces_folder,
    shared_folder,
    written_folder,
)
from tests.worker.tokenizers.nasty_texts import long_text, nasty_texts

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Each padding with each truncation, each with and without special tokens, with and without a length.
_MODES = [
    TokenizeOptions(),
    TokenizeOptions(special_tokens=False),
    TokenizeOptions("longest"),
    TokenizeOptions("longest", truncation=True, max_length=9),
    TokenizeOptions("max_length", truncation=True, max_length=16, special_tokens=False),
    TokenizeOptions("max_length", max_length=24),
    TokenizeOptions("none", truncation=True, max_length=1),
    TokenizeOptions("none", truncation=True),
]
_MODES_OF_MODEL_LENGTH = [TokenizeOptions("max_length"), TokenizeOptions("max_length", truncation=True)]
_PADDING: dict[Padding, Any] = {"none": False, "longest": True, "max_length": "max_length"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def tokenizers() -> AsyncIterator[TokenizerProcess]:
    process = TokenizerProcess()
    yield process
    await process.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def inspector() -> AsyncIterator[InspectorProcess]:
    process = InspectorProcess()
    yield process
    await process.close()


@pytest.fixture(
    params=[*SHARED, *WRITTEN, *PIECES, *(f"{path.parent.parent.name}/{path.parent.name}" for path in demo_folders())]
)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name: str = request.param
    if name in SHARED:
        return shared_folder(request.getfixturevalue("shared_data"), name, tmp_path)
    if name in PIECES:
        return pieces_folder(name, tmp_path)
    if name in WRITTEN:
        return written_folder(name, tmp_path)
    return next(path for path in demo_folders() if f"{path.parent.parent.name}/{path.parent.name}" == name)


def _direct(
    tokenizer: PreTrainedTokenizerBase, texts: list[str], pairs: list[str] | None, options: TokenizeOptions
) -> dict[str, Any]:
    """Call the tokenizer as a user would; unpadded where it refuses to pad."""
    words: dict[str, Any] = {
        "add_special_tokens": options.special_tokens,
        "truncation": options.truncation,
        "max_length": options.max_length,
        "return_attention_mask": True,
        "return_token_type_ids": True,
        "return_special_tokens_mask": True,
    }
    if tokenizer.is_fast:
        words["return_offsets_mapping"] = True
    padding = _PADDING[options.padding] if tokenizer.pad_token is not None else False
    return dict(tokenizer(texts, pairs, padding=padding, **words))


async def _compare(
    process: InspectorProcess,
    tokenizer: PreTrainedTokenizerBase,
    folder: Path,
    texts: list[str],
    pairs: list[str] | None = None,
) -> None:
    modes = list(_MODES) if pairs is None else _MODES[3:6]
    if tokenizer.model_max_length < 1000:
        modes += _MODES_OF_MODEL_LENGTH
    for options in modes:
        expected = _direct(tokenizer, texts, pairs, options)
        result = await process.encode("m", str(folder), texts, options, pairs=pairs)
        assert [one.ids for one in result.sequences] == expected["input_ids"], options
        assert [one.attention_mask for one in result.sequences] == expected["attention_mask"], options
        assert [one.special_tokens_mask for one in result.sequences] == expected["special_tokens_mask"], options
        assert [one.type_ids for one in result.sequences] == expected["token_type_ids"], options
        if tokenizer.is_fast:
            assert [one.offsets for one in result.sequences] == expected["offset_mapping"], options
        for one in result.sequences:
            assert one.tokens == tokenizer.convert_ids_to_tokens(one.ids)
            assert one.n_tokens + one.padding == len(one.ids)


async def test_batches_have_autotokenizers_ids_masks_types_and_offsets(
    inspector: InspectorProcess, folder: Path
) -> None:
    direct = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    texts = nasty_texts()
    await _compare(inspector, direct, folder, texts)
    await _compare(inspector, direct, folder, texts[:20], texts[30:50])
    long = await inspector.encode("m", str(folder), [long_text()], TokenizeOptions())
    assert long.sequences[0].ids == direct(long_text())["input_ids"]
    assert long.info.vocab_size == len(direct)
    assert long.info.fast == direct.is_fast
    for role, token in long.info.special_tokens.items():
        assert (token.token if token else None) == getattr(direct, f"{role}_token")


async def test_typing_shows_autotokenizers_tokens_once_they_are_confirmed(
    tokenizers: TokenizerProcess, folder: Path
) -> None:
    late: asyncio.Queue[object] = asyncio.Queue()
    tokenizers.listen(late.put_nowait)
    info = await tokenizers.open("m", str(folder))
    while info.provisional:
        heard = await asyncio.wait_for(late.get(), 30)
        info = heard if isinstance(heard, TokenizerInfo) else info
    direct = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    texts = [text for text in nasty_texts() if "\n" not in text]
    everything = TokenWindow(0, 0, 0, 5000)
    for options in (TokenizeOptions(), TokenizeOptions("longest", truncation=True, max_length=9)):
        view = tokenizers.type("\n".join(texts), options, everything)
        while view is None:
            heard = await asyncio.wait_for(late.get(), 30)
            view = heard if isinstance(heard, TokenizedView) else None
        expected = _direct(direct, texts, None, options)
        flat = [token_id for ids in expected["input_ids"] for token_id in ids]
        assert [row.id for row in view.pieces] == flat[:5000]
        assert [row.attention_mask for row in view.pieces] == [
            bit for mask in expected["attention_mask"] for bit in mask
        ][:5000]
        assert view.total_tokens == len(flat)
        assert view.n_sequences == len(texts)
