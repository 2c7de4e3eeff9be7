"""The Tokens tab while someone types: at once, never wrong for long, never in the way."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest

from hubtui.core.errors import HubtuiError, TokenizerError
from hubtui.core.tokens import TokenizedView, TokenizeOptions, TokenizerInfo, TokenWindow
from hubtui.engine import live_typing
from hubtui.engine.inspector import InspectorProcess
from hubtui.engine.tokenizer import TokenizerProcess
from tests.engine.conftest import Ear, MakeFolder, word_level

pytestmark = pytest.mark.asyncio(loop_scope="module")

WINDOW = TokenWindow()


async def _view(
    process: TokenizerProcess, ear: Ear, text: str, options: TokenizeOptions | None = None, window: TokenWindow = WINDOW
) -> TokenizedView:
    """Return the view of a text, whether it comes at once or later."""
    view = process.type(text, options or TokenizeOptions(), window)
    while view is None or view.generation < process._typing._generation:
        view = await ear.next(TokenizedView)
    return view


async def _open(process: TokenizerProcess, ear: Ear, folder: Path) -> TokenizerInfo:
    """Open a tokenizer and wait until it is confirmed."""
    info = await process.open("m", str(folder))
    while info.provisional:
        info = await ear.next(TokenizerInfo)
    return info


async def test_every_line_is_a_sequence_and_the_shorter_ones_show_their_padding(
    shared_tokenizers: TokenizerProcess, make_folder: MakeFolder
) -> None:
    ear = Ear(shared_tokenizers)
    info = await _open(shared_tokenizers, ear, make_folder())
    view = await _view(shared_tokenizers, ear, "the cat sat\nmat\n", TokenizeOptions("longest"))
    assert view.info == info
    assert (view.n_sequences, view.total_tokens, view.longest, view.n_padding) == (2, 6, 3, 2)
    assert view.lengths == [3, 1]
    assert [(row.sequence, row.position, row.id, row.kind, row.attention_mask) for row in view.rows] == [
        (0, 0, 2, "text", 1),
        (0, 1, 3, "text", 1),
        (0, 2, 4, "text", 1),
        (1, 0, 6, "text", 1),
        (1, 1, 0, "pad", 0),
        (1, 2, 0, "pad", 0),
    ]
    assert [row.surface for row in view.rows] == ["the", "cat", "sat", "mat", "", ""]
    assert (await _view(shared_tokenizers, ear, "the")).info is None


async def test_padding_on_the_left_comes_first(shared_tokenizers: TokenizerProcess, make_folder: MakeFolder) -> None:
    ear = Ear(shared_tokenizers)
    await _open(shared_tokenizers, ear, make_folder(padding_side="left"))
    view = await _view(shared_tokenizers, ear, "mat", TokenizeOptions("max_length", max_length=3))
    assert [row.kind for row in view.rows] == ["pad", "pad", "text"]


async def test_scrolling_asks_for_other_tokens_of_the_same_text(
    shared_tokenizers: TokenizerProcess, make_folder: MakeFolder
) -> None:
    ear = Ear(shared_tokenizers)
    await _open(shared_tokenizers, ear, make_folder())
    assert shared_tokenizers.look(WINDOW) is None
    text = "the cat sat\n" * 1000
    first = await _view(shared_tokenizers, ear, text, window=TokenWindow(0, 10, 0, 20))
    assert (len(first.rows), len(first.pieces), first.total_tokens) == (10, 20, 3000)
    window = TokenWindow(2995, 10, 1500, 3)
    view = shared_tokenizers.look(window) or await ear.next(TokenizedView)
    assert view.generation > first.generation
    assert [(row.sequence, row.position) for row in view.rows] == [(998, 1), (998, 2), (999, 0), (999, 1), (999, 2)]
    assert [row.sequence for row in view.pieces] == [500, 500, 500]
    assert view.total_tokens == 3000
    beyond = shared_tokenizers.look(TokenWindow(9000, 10, -5, 0)) or await ear.next(TokenizedView)
    assert (beyond.rows, beyond.pieces) == ([], [])


async def test_huge_padding_costs_nothing(shared_tokenizers: TokenizerProcess, make_folder: MakeFolder) -> None:
    ear = Ear(shared_tokenizers)
    await _open(shared_tokenizers, ear, make_folder())
    options = TokenizeOptions("max_length", max_length=1_000_000)
    view = await _view(shared_tokenizers, ear, "the\n" * 5000, options, TokenWindow(999_999, 2, 0, 0))
    assert view.total_tokens == 5_000_000_000
    assert [(row.sequence, row.kind) for row in view.rows] == [(0, "pad"), (1, "text")]


async def test_special_unknown_and_spelled_out_tokens_look_different(
    shared_tokenizers: TokenizerProcess, make_folder: MakeFolder
) -> None:
    ear = Ear(shared_tokenizers)
    await _open(shared_tokenizers, ear, make_folder())
    view = await _view(shared_tokenizers, ear, "the dog <unk> <pad>")
    assert [(row.surface, row.token, row.kind) for row in view.rows] == [
        ("the", "the", "text"),
        ("dog", "<unk>", "unknown"),
        ("<unk>", "<unk>", "special"),
        ("<pad>", "<pad>", "special"),
    ]
    assert view.n_unknown == 1


async def test_what_is_too_long_and_what_was_cut_is_counted(
    shared_tokenizers: TokenizerProcess, make_folder: MakeFolder
) -> None:
    ear = Ear(shared_tokenizers)
    await _open(shared_tokenizers, ear, make_folder(model_max_length=2))
    whole = await _view(shared_tokenizers, ear, "the cat sat\nmat")
    assert (whole.over_limit, whole.n_truncated) == (1, 0)
    cut = await _view(shared_tokenizers, ear, "the cat sat\nmat", TokenizeOptions(truncation=True))
    assert (cut.over_limit, cut.n_truncated, cut.longest) == (1, 1, 2)


async def test_fast_typing_ends_with_the_last_text(
    shared_tokenizers: TokenizerProcess, make_folder: MakeFolder
) -> None:
    ear = Ear(shared_tokenizers)
    await _open(shared_tokenizers, ear, make_folder())
    await _view(shared_tokenizers, ear, "the")
    text = ""
    view = None
    for word in ["the", "cat", "sat", "on", "the", "mat", ".", ""] * 300:
        text += f"{word} "
        view = shared_tokenizers.type(text, TokenizeOptions(), WINDOW)
    while view is None or view.total_tokens != 7 * 300:
        view = await ear.next(TokenizedView)


async def test_text_typed_before_the_tokenizer_is_there_is_shown_when_it_is(
    shared_tokenizers: TokenizerProcess, make_folder: MakeFolder
) -> None:
    ear = Ear(shared_tokenizers)
    opening = asyncio.create_task(shared_tokenizers.open("m", str(make_folder())))
    await asyncio.sleep(0)
    assert shared_tokenizers.type("the cat", TokenizeOptions(), WINDOW) is None
    await opening
    assert (await ear.next(TokenizedView)).total_tokens == 2


async def test_autotokenizer_corrects_what_tokenizer_json_says_and_is_remembered(
    tokenizers: TokenizerProcess, make_folder: MakeFolder, tmp_path: Path
) -> None:
    """BertTokenizer's do_lower_case overrides the normalizer of tokenizer.json."""
    words = word_level(
        model={
            "type": "WordPiece",
            "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "[PAD]": 3, "[MASK]": 4, "cat": 5},
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
        },
        added_tokens=[],
        normalizer={
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": False,
        },
    )
    folder = make_folder(
        words, tokenizer_class="BertTokenizer", do_lower_case=True, pad_token="[PAD]", unk_token="[UNK]"
    )
    ear = Ear(tokenizers)
    info = await tokenizers.open("m", str(folder))
    assert info.provisional
    at_first = await _view(tokenizers, ear, "CAT")
    assert at_first.pieces[0].kind == "unknown"
    confirmed = await ear.next(TokenizerInfo)
    assert not confirmed.provisional
    assert confirmed.tokenizer_class == "BertTokenizer"
    corrected = await ear.next(TokenizedView)
    assert 5 in [row.id for row in corrected.pieces]

    again = TokenizerProcess(cache_folder=str(tmp_path / "cache"))
    assert await again.open("m", str(folder)) == confirmed
    (folder / "tokenizer_config.json").write_text((folder / "tokenizer_config.json").read_text() + " ")
    assert (await again.open("m", str(folder))).provisional
    await again.close()


async def test_a_tokenizer_without_rust_can_be_typed_into(tokenizers: TokenizerProcess, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "t5"}')
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "ByT5Tokenizer"}')
    ear = Ear(tokenizers)
    info = await tokenizers.open("m", str(tmp_path))
    assert (info.algorithm, info.fast, info.provisional) == ("byte", False, False)
    view = await _view(tokenizers, ear, "é", TokenizeOptions("max_length", max_length=4))
    assert [(row.id, row.kind, row.surface) for row in view.rows] == [
        (198, "text", "é"),
        (172, "text", "é"),
        (1, "special", ""),
        (0, "pad", ""),
    ]


async def test_without_a_place_to_keep_it_the_confirmed_tokenizer_is_used_all_the_same(
    make_folder: MakeFolder, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    process = TokenizerProcess(cache_folder=str(tmp_path / "file" / "cache"))
    ear = Ear(process)
    try:
        await _open(process, ear, make_folder())
        assert process._target is process._auto
        assert (await _view(process, ear, "the cat")).total_tokens == 2
    finally:
        await process.close()


async def test_a_file_that_autotokenizer_refuses_is_shown_with_its_reason(
    tokenizers: TokenizerProcess, make_folder: MakeFolder
) -> None:
    ear = Ear(tokenizers)
    folder = make_folder(auto_map={"AutoTokenizer": ["own.Own", None]}, tokenizer_class="Own")
    (folder / "config.json").write_text('{"model_type": "own", "auto_map": {"AutoConfig": "own.Own"}}')
    assert (await tokenizers.open("m", str(folder))).provisional
    error = await ear.next(HubtuiError)
    assert "Python code of its own" in error.message
    assert "tokenizer.json alone" in error.message
    assert (await _view(tokenizers, ear, "the")).total_tokens == 1


async def test_half_a_character_is_told_and_typing_goes_on(
    shared_tokenizers: TokenizerProcess, make_folder: MakeFolder
) -> None:
    ear = Ear(shared_tokenizers)
    await _open(shared_tokenizers, ear, make_folder())
    assert shared_tokenizers.type("the \ud800", TokenizeOptions(), WINDOW) is None
    assert "half a character" in (await ear.next(HubtuiError)).message
    assert (await _view(shared_tokenizers, ear, "the")).total_tokens == 1


async def test_a_tokenizer_that_does_not_answer_is_stopped_and_is_back(
    tokenizers: TokenizerProcess, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice: the second time it stays closed."""
    monkeypatch.setattr(live_typing, "_DEADLINE_S", 0.2)
    ear = Ear(tokenizers)
    folder = make_folder()
    await tokenizers.open("demo/words", str(folder))
    await ear.next(TokenizerInfo)
    await _view(tokenizers, ear, "the")
    _stop(tokenizers)
    assert tokenizers.type("the cat", TokenizeOptions(), WINDOW) is None
    error = await ear.next(HubtuiError)
    assert isinstance(error, TokenizerError)
    assert error.message.startswith("The tokenizer of demo/words did not answer within")
    view = await _until_it_answers(tokenizers, ear, "the cat sat")
    assert view.total_tokens == 3
    _stop(tokenizers)
    assert tokenizers.type("the", TokenizeOptions(), WINDOW) is None
    assert "stays closed" in (await ear.next(HubtuiError)).hint
    assert tokenizers.type("the", TokenizeOptions(), WINDOW) is None
    assert tokenizers.look(WINDOW) is None
    assert not (await tokenizers.open("demo/words", str(folder))).provisional
    assert (await _view(tokenizers, ear, "the")).total_tokens == 1


async def test_a_tokenizer_that_crashes_under_a_text_is_back_with_the_reason(
    tokenizers: TokenizerProcess, make_folder: MakeFolder
) -> None:
    ear = Ear(tokenizers)
    await tokenizers.open("demo/words", str(make_folder()))
    await ear.next(TokenizerInfo)
    pid = _pid(tokenizers)
    os.kill(pid, signal.SIGSTOP)
    tokenizers.type("the cat", TokenizeOptions(), WINDOW)
    os.kill(pid, signal.SIGKILL)
    assert "demo/words ended its process" in (await ear.next(HubtuiError)).message
    assert (await _until_it_answers(tokenizers, ear, "the cat")).total_tokens == 2
    assert _pid(tokenizers) != pid


async def test_a_regex_that_never_ends_hangs_only_its_process(
    tokenizers: TokenizerProcess, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_typing, "_DEADLINE_S", 0.3)
    split = {"type": "Split", "pattern": {"Regex": "(a|aa)+$"}, "behavior": "Isolated", "invert": False}
    ear = Ear(tokenizers)
    await tokenizers.open("demo/hang", str(make_folder(word_level(pre_tokenizer=split))))
    await ear.next(TokenizerInfo)
    # each word costs a little less than the steps at which the regex library gives up
    tokenizers.type(("a" * 26 + "!") * 1000, TokenizeOptions(), WINDOW)
    assert (await ear.next(HubtuiError)).message.startswith("The tokenizer of demo/hang did not answer")
    await tokenizers.open("m", str(make_folder()))
    assert (await _view(tokenizers, ear, "the")).total_tokens == 1


async def test_a_panic_in_rust_is_one_sentence_and_the_process_lives(
    shared_tokenizers: TokenizerProcess, make_folder: MakeFolder
) -> None:
    split = {"type": "Split", "pattern": {"Regex": "(a|aa|a?)+$"}, "behavior": "Isolated", "invert": False}
    ear = Ear(shared_tokenizers)
    await shared_tokenizers.open("demo/panic", str(make_folder(word_level(pre_tokenizer=split))))
    await _view(shared_tokenizers, ear, "the")
    pid = _pid(shared_tokenizers)
    shared_tokenizers.type("a" * 5000 + "!", TokenizeOptions(), WINDOW)
    assert (await ear.next(HubtuiError)).message.startswith("The tokenizer of demo/panic panicked: Onig")
    assert (await _view(shared_tokenizers, ear, "the")).n_sequences == 1
    assert _pid(shared_tokenizers) == pid


async def test_opening_another_model_meanwhile_wins(tokenizers: TokenizerProcess, make_folder: MakeFolder) -> None:
    ear = Ear(tokenizers)
    first = asyncio.create_task(tokenizers.open("demo/first", str(make_folder())))
    await asyncio.sleep(0)
    info = await tokenizers.open("demo/second", str(make_folder(model_max_length=7)))
    with pytest.raises(TokenizerError, match="Another tokenizer was opened"):
        await first
    assert info.model_max_length == 7
    assert (await ear.next(TokenizerInfo)).model == "demo/second"


async def test_closing_in_the_middle_leaves_no_process(make_folder: MakeFolder, tmp_path: Path) -> None:
    others = set(psutil.Process().children())
    process = TokenizerProcess(log_file=str(tmp_path / "log"))
    await process.open("m", str(make_folder()))
    process.type("the", TokenizeOptions(), WINDOW)
    inspector = InspectorProcess(log_file=str(tmp_path / "log"))
    batch = asyncio.create_task(inspector.encode("m", str(make_folder()), ["the"], TokenizeOptions()))
    await asyncio.sleep(0)
    await process.close()
    await inspector.close()
    with pytest.raises(TokenizerError):
        await batch
    assert set(psutil.Process().children()) <= others


def _pid(process: TokenizerProcess) -> int:
    running = process._raw.process
    assert running is not None
    return running.pid


def _stop(process: TokenizerProcess) -> None:
    """Let the child hang."""
    os.kill(_pid(process), signal.SIGSTOP)


async def _until_it_answers(process: TokenizerProcess, ear: Ear, text: str) -> TokenizedView:
    """Type until a restarted child has opened its tokenizer again: its view comes by itself then."""
    return await _view(process, ear, text)
