"""Every number that `hubtui tokenize` and the Tokens tab show is AutoTokenizer's, here called directly.

Each tokenizer takes all texts. In the modes that everybody uses, the tokenizers that differ in kind go through all of
them and the demo's many alike through some; of the thousands of combinations of all options each takes its own sample,
the same one every time.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from hubtui.core.errors import TokenizerError
from hubtui.core.tokens import (
    MatrixWindow,
    Padding,
    TokenizedView,
    TokenizeOptions,
    TokenizerInfo,
    TokenSequence,
    TokenWindow,
)
from hubtui.engine.inspector import InspectorProcess
from hubtui.engine.tokenizer import TokenizerProcess
from hubtui.worker.tokenizers import live_batch
from hubtui.worker.tokenizers.live import LiveView
from hubtui.worker.tokenizers.raw import from_confirmed
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer, load_auto
from tests.worker.checkpoints import (
    ODD,
    PIECES,
    SHARED,
    WRITTEN,
    demo_folders,
    odd_folder,
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
_FEW_MODES = 2
_VALUES: dict[str, tuple[Any, ...]] = {
    "padding": ("none", "longest", "max_length"),
    "max_length": (2, 9, 16),
    "special_tokens": (True, False),
    "padding_side": (None, "left", "right"),
    "truncation_side": (None, "left", "right"),
    "truncation_strategy": ("longest_first", "only_first", "only_second"),
    "stride": (None, 0, 1, 3),
    "pad_to_multiple_of": (None, 8),
}
_COMBINATIONS = [
    TokenizeOptions(truncation=True, **dict(zip(_VALUES, values, strict=True)))
    for values in itertools.product(*_VALUES.values())
]
_SAMPLE, _FEW_COMBINATIONS = 5, 2
_PAIRS = 6
_LONGEST_IN_COMBINATIONS = 60  # characters: windows of two long texts combine to millions
_PADDING: dict[Padding, Any] = {"none": False, "longest": True, "max_length": "max_length"}
_DEMOS = [f"{path.parent.parent.name}/{path.parent.name}" for path in demo_folders()]


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


@pytest.fixture(scope="module", params=[*SHARED, *WRITTEN, *PIECES, *ODD, *_DEMOS])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def folder(name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if name in _DEMOS:
        return demo_folders()[_DEMOS.index(name)]
    into = tmp_path_factory.mktemp("checkpoint")
    if name in SHARED:
        return shared_folder(request.getfixturevalue("shared_data"), name, into)
    if name in PIECES:
        return pieces_folder(name, into)
    return written_folder(name, into) if name in WRITTEN else odd_folder(name, into)


@pytest.fixture(scope="module")
def direct(folder: Path) -> PreTrainedTokenizerBase | None:
    """AutoTokenizer's, None where it refuses."""
    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception:  # noqa: BLE001 - whatever it raises, hubtui has to say it
        return None


@pytest.fixture(scope="module")
def usable(direct: PreTrainedTokenizerBase | None) -> PreTrainedTokenizerBase:
    if direct is None or not _takes_text(direct):
        pytest.skip("AutoTokenizer refuses it, as another test sees")
    return direct


@pytest.fixture(scope="module")
def loaded(usable: PreTrainedTokenizerBase, folder: Path) -> LoadedAutoTokenizer:
    del usable
    return load_auto("m", folder, None)


def _takes_text(tokenizer: PreTrainedTokenizerBase | None) -> bool:
    """Tell whether a tokenizer is there and works at all: some load only to refuse every text."""
    try:
        return tokenizer is not None and bool(tokenizer(nasty_texts()))
    except Exception:  # noqa: BLE001 - whatever it raises, hubtui has to say it
        return False


def _direct(
    tokenizer: PreTrainedTokenizerBase, texts: list[str], pairs: list[str] | None, options: TokenizeOptions
) -> dict[str, Any]:
    """Call the tokenizer as a user would; unpadded where it refuses to pad."""
    words: dict[str, Any] = {
        "add_special_tokens": options.special_tokens,
        "truncation": options.truncation_strategy if options.truncation else False,
        "max_length": options.max_length,
        "stride": options.stride or 0,
        "return_overflowing_tokens": options.stride is not None,
        "padding_side": options.padding_side,
        "pad_to_multiple_of": options.pad_to_multiple_of,
        "return_attention_mask": True,
        "return_token_type_ids": True,
        "return_special_tokens_mask": True,
    }
    if tokenizer.is_fast:
        words["return_offsets_mapping"] = True
    padding = _PADDING[options.padding] if tokenizer.pad_token is not None else False
    own_side = tokenizer.truncation_side
    tokenizer.truncation_side = options.truncation_side or own_side
    try:
        return dict(tokenizer(texts, pairs, padding=padding, **words))
    finally:
        tokenizer.truncation_side = own_side


def _assert_same(sequences: list[TokenSequence], expected: dict[str, Any], tokenizer: PreTrainedTokenizerBase) -> None:
    assert [one.ids for one in sequences] == expected["input_ids"]
    assert [one.attention_mask for one in sequences] == expected["attention_mask"]
    assert [one.special_tokens_mask for one in sequences] == expected["special_tokens_mask"]
    assert [one.type_ids for one in sequences] == expected["token_type_ids"]
    assert [one.overflow for one in sequences if one.overflow] == [
        ids for ids in expected.get("overflowing_tokens", ()) if ids
    ]
    if tokenizer.is_fast:
        assert [one.offsets for one in sequences] == expected["offset_mapping"]
    if "overflow_to_sample_mapping" in expected:
        assert [one.source for one in sequences] == expected["overflow_to_sample_mapping"]
    for one in sequences:
        assert one.tokens == tokenizer.convert_ids_to_tokens(one.ids)
        assert one.n_tokens + one.padding == len(one.ids)


async def test_batches_have_autotokenizers_ids_masks_types_and_offsets(
    inspector: InspectorProcess, folder: Path, direct: PreTrainedTokenizerBase | None
) -> None:
    texts = nasty_texts()
    if direct is None:
        with pytest.raises(TokenizerError, match=r"^AutoTokenizer cannot load the tokenizer of m: [^\n]+\.$"):
            await inspector.encode("m", str(folder), texts, TokenizeOptions())
        return
    if not _takes_text(direct):
        with pytest.raises(TokenizerError, match=r"^[^\n]+ of m does not take this text: [^\n]+\.$"):
            await inspector.encode("m", str(folder), texts, TokenizeOptions())
        return
    for options in (_MODES[0], _MODES[3]):
        result = await inspector.encode("m", str(folder), texts, options)
        _assert_same(result.sequences, _direct(direct, texts, None, options), direct)
    long = await inspector.encode("m", str(folder), [long_text()], TokenizeOptions())
    assert long.sequences[0].ids == direct(long_text())["input_ids"]
    assert long.info.vocab_size == len(direct)
    assert long.info.fast == direct.is_fast
    for role, token in long.info.special_tokens.items():
        assert (token.token if token else None) == getattr(direct, f"{role}_token")


async def test_usual_modes_are_autotokenizers(
    name: str, usable: PreTrainedTokenizerBase, loaded: LoadedAutoTokenizer
) -> None:
    modes = [*_MODES, *(_MODES_OF_MODEL_LENGTH if usable.model_max_length < 1000 else ())]
    if name in _DEMOS:
        modes = random.Random(name).sample(modes, _FEW_MODES)
    texts = nasty_texts()
    for options in modes:
        sequences = loaded.encode(texts, options, None).sequences
        _assert_same(sequences, _direct(usable, texts, None, options), usable)
    for options in _MODES[3:6]:
        firsts, seconds = texts[:20], texts[30:50]
        sequences = loaded.encode(firsts, options, seconds).sequences
        _assert_same(sequences, _direct(usable, firsts, seconds, options), usable)


async def test_any_combination_of_options_is_autotokenizers_or_refused_like_there(
    name: str, usable: PreTrainedTokenizerBase, loaded: LoadedAutoTokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_batch, "_MAX_CELLS", 1 << 40)  # the whole matrix at once
    texts = [text for text in nasty_texts() if "\n" not in text and len(text) < _LONGEST_IN_COMBINATIONS]
    chosen = random.Random(name)
    for options in chosen.sample(_COMBINATIONS, _FEW_COMBINATIONS if name in _DEMOS else _SAMPLE):
        some = chosen.sample(texts, 50)
        _compare(loaded, usable, some, None, options)
        _compare(loaded, usable, some[:_PAIRS], some[-_PAIRS:], options)


def _compare(
    loaded: LoadedAutoTokenizer,
    direct: PreTrainedTokenizerBase,
    texts: list[str],
    pairs: list[str] | None,
    options: TokenizeOptions,
) -> None:
    """Compare whole batches and live typing with a direct call: its numbers, or that it refuses."""
    try:
        expected = _direct(direct, texts, pairs, options)
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        for refused in (lambda: loaded.encode(texts, options, pairs), lambda: _typed(loaded, texts, pairs, options)):
            with pytest.raises(TokenizerError, match=r"^[^\n]+\.$"):
                refused()
        return
    _assert_same(loaded.encode(texts, options, pairs).sequences, expected, direct)
    matrix = _typed(loaded, texts, pairs, options).matrix
    assert matrix is not None
    assert [[cell.id for cell in row.cells] for row in matrix.rows] == expected["input_ids"]
    assert [[cell.attention_mask for cell in row.cells] for row in matrix.rows] == expected["attention_mask"]
    assert [[cell.type_id for cell in row.cells] for row in matrix.rows] == expected["token_type_ids"]


def _typed(
    loaded: LoadedAutoTokenizer, texts: list[str], pairs: list[str] | None, options: TokenizeOptions
) -> TokenizedView:
    """Type into what the interface types into: the confirmed tokenizer where there is one."""
    kept = loaded.confirmed()
    tokenizer = (
        from_confirmed(kept.backend, kept.info, kept.limit, encode_special_tokens=kept.encode_special_tokens)
        if kept
        else loaded
    )
    lines = texts if pairs is None else [line for pair in zip(texts, pairs, strict=True) for line in pair]
    window = TokenWindow(rows=0, pieces=0, matrix=MatrixWindow(0, 100_000, 0, 500))
    return LiveView(tokenizer).type(1, "\n".join(lines) + "\n", replace(options, pairs=pairs is not None), window)


async def test_typing_shows_autotokenizers_tokens_once_they_are_confirmed(
    tokenizers: TokenizerProcess, folder: Path, usable: PreTrainedTokenizerBase
) -> None:
    late: asyncio.Queue[object] = asyncio.Queue()
    tokenizers.listen(late.put_nowait)
    info = await tokenizers.open("m", str(folder))
    while info.provisional:
        heard = await asyncio.wait_for(late.get(), 30)
        info = heard if isinstance(heard, TokenizerInfo) else info
    texts = [text for text in nasty_texts() if "\n" not in text]
    everything = TokenWindow(0, 0, 0, 5000)
    for options in (TokenizeOptions(), TokenizeOptions("longest", truncation=True, max_length=9)):
        view = tokenizers.type("\n".join(texts), options, everything)
        while view is None:
            heard = await asyncio.wait_for(late.get(), 30)
            view = heard if isinstance(heard, TokenizedView) else None
        expected = _direct(usable, texts, None, options)
        flat = [token_id for ids in expected["input_ids"] for token_id in ids]
        assert [row.id for row in view.pieces] == flat[:5000]
        assert [row.attention_mask for row in view.pieces] == [
            bit for mask in expected["attention_mask"] for bit in mask
        ][:5000]
        assert view.total_tokens == len(flat)
        assert view.n_sequences == len(texts)
