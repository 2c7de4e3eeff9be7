"""Whole batches: what is warned of, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hubtui.core.errors import TokenizerError
from hubtui.core.tokens import TokenizeOptions
from hubtui.engine import inspector
from hubtui.engine.inspector import InspectorProcess
from hubtui.engine.tokenizer import TokenizerProcess
from tests.engine.conftest import MakeFolder, word_level

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _warnings(process: InspectorProcess, folder: Path, texts: list[str], **options: Any) -> str:
    result = await process.encode("demo/words", str(folder), texts, TokenizeOptions(**options))
    return "\n".join(result.warnings)


async def test_padding_adds_the_pad_token(shared_inspector: InspectorProcess, make_folder: MakeFolder) -> None:
    result = await shared_inspector.encode(
        "demo/words", str(make_folder()), ["the cat sat", "mat"], TokenizeOptions("longest")
    )
    assert [one.ids for one in result.sequences] == [[2, 3, 4], [6, 0, 0]]
    assert result.sequences[1].padding == 2
    assert result.info.algorithm == "WordLevel"
    assert not result.warnings


@pytest.mark.parametrize("eos", [None, "."])
async def test_without_a_pad_token_the_batch_comes_unpadded_with_the_line_that_settles_it(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, eos: str | None
) -> None:
    folder = make_folder(pad_token=None, eos_token=eos)
    result = await shared_inspector.encode("m", str(folder), ["the cat", "mat"], TokenizeOptions("longest"))
    assert [one.ids for one in result.sequences] == [[2, 3], [6]]
    assert result.info.special_tokens["pad"] is None
    assert "no pad token" in result.warnings[0]
    assert ("tokenizer.pad_token = tokenizer.eos_token" if eos else "add_special_tokens") in result.warnings[0]


async def test_several_sequences_without_a_pad_token_are_warned_of_unasked(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    folder = make_folder(pad_token=None)
    assert "no pad token" in await _warnings(shared_inspector, folder, ["the cat", "mat"])
    assert "no pad token" not in await _warnings(shared_inspector, folder, ["the cat", "the mat"])
    assert "no pad token" not in await _warnings(shared_inspector, folder, ["the cat"])


async def test_a_pad_token_that_is_the_end_token_is_said(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    folder = make_folder(pad_token=".", eos_token=".")
    assert "pad token is the end-of-sequence token (.)" in await _warnings(shared_inspector, folder, ["the"])


async def test_text_past_the_models_positions_is_said(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    folder = make_folder(config={"model_type": "bert", "vocab_size": 8, "max_position_embeddings": 4})
    said = await _warnings(shared_inspector, folder, ["the cat sat on the mat"])
    assert "6 tokens, more than the 4 that the model takes" in said
    assert "max_length=4" in said


async def test_roberta_reaches_two_positions_less_than_its_config_says(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    config = {"model_type": "roberta", "vocab_size": 8, "max_position_embeddings": 5, "pad_token_id": 1}
    folder = make_folder(config=config)
    assert "more than the 3" in await _warnings(shared_inspector, folder, ["the cat sat on"])
    assert "more than" not in await _warnings(shared_inspector, folder, ["the cat sat"])


async def test_cut_text_is_said(shared_inspector: InspectorProcess, make_folder: MakeFolder) -> None:
    result = await shared_inspector.encode(
        "m", str(make_folder()), ["the cat sat on", "mat"], TokenizeOptions(truncation=True, max_length=2)
    )
    assert [one.truncated for one in result.sequences] == [True, False]
    assert "cut to 2 tokens (the longest had 4)" in "\n".join(result.warnings)


async def test_an_id_outside_the_embedding_is_said_first(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    folder = make_folder(config={"model_type": "bert", "vocab_size": 5})
    assert (await _warnings(shared_inspector, folder, ["mat"])).startswith("Token id 6 is outside")
    assert (await _warnings(shared_inspector, folder, ["cat"])).startswith("The tokenizer has 8 tokens")


async def test_a_vocabulary_that_is_much_smaller_than_the_embedding_is_said(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    folder = make_folder(config={"model_type": "bert", "vocab_size": 100})
    said = await _warnings(shared_inspector, folder, ["mat"])
    assert "has 8 tokens but the model's embedding 100 rows: part of its vocabulary did not load" in said
    rounded_up = make_folder(config={"model_type": "bert", "vocab_size": 8})
    assert "did not load" not in await _warnings(shared_inspector, rounded_up, ["mat"])


async def test_a_flood_of_unknown_tokens_is_more_than_an_unknown_word(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    said = await _warnings(shared_inspector, make_folder(), ["what does it mean ? the cat"])
    assert said.startswith("5 of 7 tokens are <unk> (what, does, it, mean, ?): this vocabulary is not of this language")
    assert "the vocabulary has no piece" in await _warnings(shared_inspector, make_folder(), ["the dog sat on a mat ."])


async def test_a_stride_without_truncation_is_said_to_do_nothing(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    assert "nothing is cut" in await _warnings(shared_inspector, make_folder(), ["the cat"], stride=1)


@pytest.mark.parametrize(("name", "value"), [("stride", -1), ("stride", 1 << 40), ("pad_to_multiple_of", 0)])
async def test_numbers_that_make_no_sense_are_refused_before_anything_is_asked(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, name: str, value: int
) -> None:
    options = TokenizeOptions(truncation=True, **{name: value})  # type: ignore[arg-type] # one of two numbers
    with pytest.raises(TokenizerError, match="makes no sense"):
        await shared_inspector.encode("m", str(make_folder()), ["a"], options)


async def test_a_monstrous_multiple_is_left_out_with_the_reason(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    options = TokenizeOptions("longest", pad_to_multiple_of=1 << 30)
    result = await shared_inspector.encode("m", str(make_folder()), ["the"], options)
    assert "shown unpadded" in result.warnings[0]


async def test_padding_is_examined_with_what_the_models_files_say(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    report = await shared_inspector.pads("demo/words", str(make_folder(config={"model_type": "gpt2"})))
    assert report.model == "demo/words"
    assert report.facts.is_decoder
    assert [finding.name for finding in report.findings] == ["wrong-side", "config-none"]


async def test_unknown_text_is_named_harmlessly(shared_inspector: InspectorProcess, make_folder: MakeFolder) -> None:
    said = await _warnings(shared_inspector, make_folder(), ["the dog \x1b[31m <unk> the dog"])
    assert "(dog, " in said
    assert "\x1b" not in said
    spelled = await shared_inspector.encode("m", str(make_folder()), ["the <unk>"], TokenizeOptions())
    assert not spelled.warnings


async def test_padding_or_cutting_to_a_length_that_nobody_knows_is_said(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    folder = make_folder()
    assert "sets no maximum length" in await _warnings(shared_inspector, folder, ["the"], padding="max_length")
    assert "nothing is cut" in await _warnings(shared_inspector, folder, ["the"], truncation=True)


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        (TokenizeOptions("max_length", max_length=2_000_000_000), ["the"]),
        (TokenizeOptions("longest"), ["the " * 50_000, *["cat"] * 99]),
    ],
)
async def test_monstrous_padding_is_left_out_with_the_reason(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, options: TokenizeOptions, texts: list[str]
) -> None:
    result = await shared_inspector.encode("m", str(make_folder()), texts, options)
    assert "shown unpadded" in result.warnings[0]
    assert sum(one.padding for one in result.sequences) == 0


async def test_padding_to_a_long_model_limit_is_waited_for(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_folder(model_max_length=100_000)
    await shared_inspector.encode("m", str(folder), ["the"], TokenizeOptions())
    monkeypatch.setattr(inspector, "_ENCODE_S", 0.05)
    result = await shared_inspector.encode("m", str(folder), ["the", "cat", "sat"], TokenizeOptions("max_length"))
    assert [one.padding for one in result.sequences] == [99_999] * 3


async def test_no_texts_are_no_sequences(shared_inspector: InspectorProcess, make_folder: MakeFolder) -> None:
    assert (await shared_inspector.encode("m", str(make_folder()), [], TokenizeOptions("longest"))).sequences == []


async def test_a_pair_keeps_its_own_text_and_offsets(
    shared_inspector: InspectorProcess, make_folder: MakeFolder
) -> None:
    folder = make_folder()
    result = await shared_inspector.encode("m", str(folder), ["the cat"], TokenizeOptions(), pairs=["mat ."])
    (one,) = result.sequences
    assert one.pair == "mat ."
    assert one.sequence_ids == [0, 0, 1, 1]
    assert one.offsets == [(0, 3), (4, 7), (0, 3), (4, 5)]
    with pytest.raises(TokenizerError, match="1 texts but 2 second texts"):
        await shared_inspector.encode("m", str(folder), ["a"], TokenizeOptions(), pairs=["b", "c"])


@pytest.mark.parametrize(
    ("text", "words"),
    [("a\ud83d", "half a character"), ("\udc80", "U\\+DC80")],
)
async def test_half_a_character_is_refused_with_its_place(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, text: str, words: str
) -> None:
    with pytest.raises(TokenizerError, match=words):
        await shared_inspector.encode("m", str(make_folder()), [text], TokenizeOptions())


@pytest.mark.parametrize("length", [0, -1, 1 << 40])
async def test_a_maximum_length_that_makes_no_sense_is_refused(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, length: int
) -> None:
    with pytest.raises(TokenizerError, match="makes no sense"):
        await shared_inspector.encode(
            "m", str(make_folder()), ["a"], TokenizeOptions(truncation=True, max_length=length)
        )


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[]",
        "null",
        '{"version": "1.0"}',
        json.dumps(word_level(model={"type": "Nothing"})),
        json.dumps(word_level(pre_tokenizer={"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated"})),
        "[" * 100_000,
    ],
    ids=["empty", "cut", "list", "null", "no-model", "unknown-model", "bad-regex", "nesting"],
)
async def test_a_broken_tokenizer_file_is_one_sentence_and_the_next_model_works(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, broken: str
) -> None:
    with pytest.raises(TokenizerError) as raised:
        await shared_inspector.encode("demo/broken", str(make_folder(broken)), ["a"], TokenizeOptions())
    assert "demo/broken" in raised.value.message
    assert "\n" not in raised.value.message
    assert len(raised.value.message) < 500
    assert raised.value.message.endswith(".")
    assert raised.value.hint
    result = await shared_inspector.encode("m", str(make_folder()), ["the"], TokenizeOptions())
    assert result.sequences[0].ids == [2]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "has no tokenizer files"),
        ({"config.json": {"model_type": "bert"}}, "has no tokenizer files"),
        ({"config.json": {"model_type": "vit"}}, "has no tokenizer files"),
        ({"vocab.json": {"a": 0}}, "config.json, which would name the class, is missing"),
        (
            {
                "config.json": {"model_type": "other", "auto_map": {"AutoConfig": "own.Own"}},
                "tokenizer_config.json": {"tokenizer_class": "Own", "auto_map": {"AutoTokenizer": ["own.Own", None]}},
                "vocab.json": {"a": 0},
            },
            "Python code of its own",
        ),
    ],
)
async def test_a_checkpoint_without_a_usable_tokenizer_says_what_it_lacks(
    shared_inspector: InspectorProcess, tmp_path: Path, files: dict[str, Any], words: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content))
    (tmp_path / "own.py").write_text("raise SystemExit('ran a stranger's code')")
    with pytest.raises(TokenizerError) as raised:
        await shared_inspector.encode("demo/odd", str(tmp_path), ["a"], TokenizeOptions())
    assert words in str(raised.value)


async def test_a_folder_that_is_gone_is_named(shared_inspector: InspectorProcess, tmp_path: Path) -> None:
    with pytest.raises(TokenizerError, match="is not there"):
        await shared_inspector.encode("m", str(tmp_path / "gone"), ["a"], TokenizeOptions())


async def test_a_tokenizer_file_too_large_to_be_one_is_refused_unread(
    shared_inspector: InspectorProcess, tmp_path: Path
) -> None:
    with (tmp_path / "tokenizer.json").open("wb") as file:
        file.truncate(300 << 20)
    with pytest.raises(TokenizerError, match="300 MiB, more than the 200 MiB"):
        await shared_inspector.encode("m", str(tmp_path), ["a"], TokenizeOptions())
    with pytest.raises(TokenizerError, match="300 MiB"):
        await TokenizerProcess().open("m", str(tmp_path))


@pytest.mark.parametrize(
    ("pieces", "algorithm"),
    [(["a", "b", "é"], "character"), (["ab", "b"], "WordLevel")],
)
async def test_a_vocabulary_of_characters_is_called_so(
    shared_inspector: InspectorProcess, make_folder: MakeFolder, pieces: list[str], algorithm: str
) -> None:
    vocabulary = {piece: number for number, piece in enumerate(["<pad>", "<unk>", *pieces])}
    folder = make_folder(word_level(model={"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"}))
    assert (await shared_inspector.encode("m", str(folder), ["a"], TokenizeOptions())).info.algorithm == algorithm
