"""What the stages view says each stage did is what that stage of the library does, here called directly."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from hubtui.core.byte_pieces import bytes_text
from hubtui.core.errors import TokenizerError
from hubtui.core.stages import MOST_CHARACTERS, STAGES, TokenStages
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer, load_auto
from hubtui.worker.tokenizers.stages.answer import stages_of
from tests.worker.checkpoints import PIECES, SHARED, WRITTEN, demo_folders, pieces_folder, shared_folder, written_folder
from tests.worker.tokenizers.nasty_texts import nasty_texts

# One of each kind that the demo has.
_DEMO = {
    f"{path.parent.parent.name}/{path.parent.name}": path
    for path in demo_folders()
    if path.parent.name
    in {
        "canine-five-languages",
        "tiny-albert-kitchen",
        "tiny-bert-en",
        "tiny-byt5-plurals",
        "tiny-camembert-fr",
        "tiny-gpt2-stories",
        "tiny-llama-chat",
        "tiny-place-names",
        "tiny-qa-en",
        "tiny-t5-en-fr",
        "tiny-weather-words",
    }
}


@cache
def _demo(name: str) -> LoadedAutoTokenizer:
    return load_auto(name, _DEMO[name], None)


@pytest.fixture(params=[*SHARED, *WRITTEN, *PIECES, *_DEMO], scope="module")
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LoadedAutoTokenizer:
    name: str = request.param
    if name in _DEMO:
        return _demo(name)
    into = tmp_path_factory.mktemp(name)
    if name in WRITTEN:
        return load_auto(name, written_folder(name, into), None)
    if name in PIECES:
        return load_auto(name, pieces_folder(name, into), None)
    return load_auto(name, shared_folder(request.getfixturevalue("shared_data"), name, into), None)


@pytest.fixture(scope="module")
def apart(loaded: LoadedAutoTokenizer) -> dict[str, TokenStages]:
    """Every text taken apart once."""
    return {text: stages_of(loaded, text) for text in nasty_texts()}


def _ids(told: TokenStages) -> list[int]:
    return [piece.id for word in told.words for piece in word.pieces]


def test_the_pieces_of_the_stages_are_the_tokenizers_ids_for_every_text(
    loaded: LoadedAutoTokenizer, apart: dict[str, TokenStages]
) -> None:
    for text, told in apart.items():
        direct = loaded.tokenizer(text, return_special_tokens_mask=True)
        assert [stage.kind for stage in told.stages] == list(STAGES)
        assert [token.id for token in told.tokens] == direct["input_ids"]
        assert told.doubt == "", text
        marked = zip(direct["input_ids"], direct["special_tokens_mask"], strict=True)
        assert _ids(told) == [number for number, special in marked if not special]
        assert told.decoded == loaded.tokenizer.decode(direct["input_ids"], skip_special_tokens=True)
        assert told.decoded_with_special == loaded.tokenizer.decode(direct["input_ids"])
        assert told.is_same == (told.differs_at is None)


def test_each_stage_gives_what_the_library_gives_when_it_is_called_alone(
    loaded: LoadedAutoTokenizer, apart: dict[str, TokenStages]
) -> None:
    if not loaded.info.fast:
        pytest.skip("no stage of it can be called")
    backend = loaded.tokenizer.backend_tokenizer
    added = {token.content for token in backend.get_added_tokens_decoder().values()}
    for text, told in apart.items():
        if any(token in text or token in text.lower() for token in added):
            continue  # then the stages do not see the text as one: the ids above are the proof
        normal = backend.normalizer.normalize_str(text) if backend.normalizer else text
        assert told.normalized is not None
        assert told.pre_tokens is not None
        assert "".join(run.text for run in told.normalized) == normal
        cut = [(normal, ())] if normal else []
        if backend.pre_tokenizer:
            cut = backend.pre_tokenizer.pre_tokenize_str(normal)
        assert [pre_token.text for pre_token in told.pre_tokens] == [piece for piece, _ in cut]
        for pre_token, word in zip(told.pre_tokens, told.words, strict=True):
            assert [piece.id for piece in word.pieces] == [token.id for token in backend.model.tokenize(pre_token.text)]


def test_normalised_text_stands_beside_the_text_that_it_comes_from(
    loaded: LoadedAutoTokenizer, apart: dict[str, TokenStages]
) -> None:
    for text, told in apart.items():
        for run in told.normalized or ():
            assert run.source == text[run.start : run.end]
            assert (run.text == run.source) or run.kind != "same"
        if loaded.info.fast:
            assert "".join(run.source for run in told.normalized or ()) == text


def test_steps_end_in_the_pieces_that_the_model_makes(
    loaded: LoadedAutoTokenizer, apart: dict[str, TokenStages]
) -> None:
    followed = 0
    for told in apart.values():
        for pre_token, word in zip(told.pre_tokens or (), told.words, strict=False):
            pieces = [piece.token for piece in word.pieces]
            ends = [merge.pieces for merge in word.merges[-1:]] + [path.pieces for path in word.paths[:1]]
            if word.matches and all(match.piece is not None for match in word.matches):
                ends.append([match.piece or "" for match in word.matches])
            assert all(end == pieces for end in ends)
            assert len(ends) <= 1
            followed += bool(ends)
            assert "could not be followed" not in word.silence, pre_token.text
    if loaded.info.fast and loaded.info.algorithm in {"BPE", "WordPiece", "Unigram"}:
        assert followed


def test_the_last_member_of_a_sequence_gives_what_the_stage_gives(
    loaded: LoadedAutoTokenizer, apart: dict[str, TokenStages]
) -> None:
    for told in apart.values():
        members = {stage.kind: stage.members for stage in told.stages}
        if members["normalizer"]:
            last = "".join(members["normalizer"][-1].output or ())
            assert last == "".join(run.text for run in told.normalized or ())
        if members["pre-tokenizer"]:
            assert members["pre-tokenizer"][-1].output == [one.text for one in told.pre_tokens or ()]
        if members["decoder"]:
            special = loaded.special_ids
            spoken = [token.id for token in told.tokens if token.id not in special]
            direct = loaded.tokenizer.backend_tokenizer.decode(spoken, skip_special_tokens=False)
            assert members["decoder"][-1].output == [direct]


def test_taking_a_text_apart_leaves_the_tokenizer_as_it_was(loaded: LoadedAutoTokenizer) -> None:
    texts = nasty_texts()
    before = [loaded.tokenizer(text)["input_ids"] for text in texts]
    written = loaded.tokenizer.backend_tokenizer.to_str() if loaded.info.fast else ""
    stages_of(loaded, "A café, <mask> and tokenization.")
    assert [loaded.tokenizer(text)["input_ids"] for text in texts] == before
    if written:
        assert json.loads(loaded.tokenizer.backend_tokenizer.to_str()) == json.loads(written)


# -- tokenizers made here, whose every step is known


def _loaded(backend: Tokenizer, tmp_path: Path, **declared: Any) -> LoadedAutoTokenizer:
    backend.save(str(tmp_path / "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", **declared}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    return load_auto("made/here", tmp_path, None)


def _bpe(**settings: Any) -> Tokenizer:
    vocabulary = {piece: at for at, piece in enumerate(["a", "b", "c", "ab", "bc", "abc", "<m>"])}
    return Tokenizer(models.BPE(vocabulary, [("b", "c"), ("a", "b"), ("a", "bc")], **settings))


def test_merges_are_told_one_by_one_with_their_rank(tmp_path: Path) -> None:
    told = stages_of(_loaded(_bpe(), tmp_path), "abcab")
    merges = told.words[0].merges
    assert [(merge.rank, merge.left, merge.right) for merge in merges] == [
        (None, "", ""),
        (0, "b", "c"),
        (1, "a", "b"),
        (2, "a", "bc"),
    ]
    assert [merge.pieces for merge in merges] == [
        ["a", "b", "c", "a", "b"],
        ["a", "bc", "a", "b"],
        ["a", "bc", "ab"],
        ["abc", "ab"],
    ]


def test_a_word_that_is_taken_whole_is_not_said_to_be_merged(tmp_path: Path) -> None:
    told = stages_of(_loaded(_bpe(ignore_merges=True), tmp_path), "abc")
    assert [merge.pieces for merge in told.words[0].merges] == [["abc"]]


def test_a_model_that_cuts_by_chance_is_not_explained(tmp_path: Path) -> None:
    told = stages_of(_loaded(_bpe(dropout=0.5), tmp_path), "abc")
    assert not told.words[0].merges
    assert told.words[0].silence


def test_longest_matches_are_told_and_why_a_word_is_unknown(tmp_path: Path) -> None:
    model = models.WordPiece({"[UNK]": 0, "un": 1, "##aff": 2, "##able": 3}, unk_token="[UNK]")
    backend = Tokenizer(model)
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    told = stages_of(_loaded(backend, tmp_path, unk_token="[UNK]"), "unaffable unx")
    known, unknown = told.words
    assert [(match.rest, match.piece, match.longer) for match in known.matches] == [
        ("unaffable", "un", 7),
        ("affable", "##aff", 4),
        ("able", "##able", 0),
    ]
    assert [(match.rest, match.piece) for match in unknown.matches] == [("unx", "un"), ("x", None)]
    assert unknown.pieces[0].is_unknown


def test_other_ways_of_unigram_are_those_without_a_piece_and_cost_more(tmp_path: Path) -> None:
    entries = [("<unk>", 0.0), ("a", -3.0), ("b", -3.5), ("ab", -2.0), ("c", -4.0), ("abc", -5.5)]
    backend = Tokenizer(models.Unigram(entries, 0, False))
    told = stages_of(_loaded(backend, tmp_path, unk_token="<unk>"), "abc")
    assert [(path.pieces, path.score, path.without) for path in told.words[0].paths] == [
        (["abc"], -5.5, None),
        (["ab", "c"], -6.0, "abc"),
    ]


def test_an_added_token_is_taken_out_before_the_stages_with_the_blanks_that_it_takes(tmp_path: Path) -> None:
    backend = _bpe()
    backend.normalizer = normalizers.Lowercase()
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.add_special_tokens([AddedToken("<M>", lstrip=True, normalized=False)])
    told = stages_of(_loaded(backend, tmp_path), "AB <M>C")
    assert told.normalized is not None
    assert [(run.text, run.source, run.kind) for run in told.normalized] == [
        ("a", "A", "changed"),
        ("b", "B", "changed"),
        ("<M>", " <M>", "added"),
        ("c", "C", "changed"),
    ]
    assert told.pre_tokens is not None
    assert [(one.text, one.is_added) for one in told.pre_tokens] == [("ab", False), ("<M>", True), ("c", False)]


def test_what_is_inserted_and_dropped_is_told_apart_from_what_is_changed(tmp_path: Path) -> None:
    backend = _bpe()
    backend.normalizer = normalizers.Sequence(
        [normalizers.NFD(), normalizers.StripAccents(), normalizers.Strip(), normalizers.Prepend("_")]
    )
    told = stages_of(_loaded(backend, tmp_path), " aé")
    assert [(run.text, run.source, run.kind) for run in told.normalized or ()] == [
        ("", " ", "dropped"),
        ("_", "", "inserted"),
        ("a", "a", "same"),
        ("e", "é", "changed"),
    ]
    outputs = [member.output for member in told.stages[0].members]
    assert outputs == [[" ae\u0301"], [" ae"], ["ae"], ["_ae"]]


def test_bytes_stand_behind_byte_level_pieces_and_byte_fallback(tmp_path: Path) -> None:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend = Tokenizer(models.BPE({piece: at for at, piece in enumerate(alphabet)}, []))
    backend.pre_tokenizer, backend.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    told = stages_of(_loaded(backend, tmp_path), "é!")
    data = [piece.data for word in told.words for piece in word.pieces]
    assert data == ["c3", "a9", "21"]
    assert bytes_text(bytes.fromhex("".join(word or "" for word in data))) == "é!"
    fallback = Tokenizer(models.BPE({f"<0x{byte:02X}>": byte for byte in range(256)}, [], byte_fallback=True))
    told = stages_of(_loaded(fallback, tmp_path), "é")
    assert [piece.data for piece in told.words[0].pieces] == ["c3", "a9"]


def test_special_tokens_of_the_post_processor_are_told_from_those_in_the_text(tmp_path: Path) -> None:
    backend = _bpe()
    backend.add_special_tokens(["<m>"])
    backend.post_processor = processors.TemplateProcessing(single="<m> $A", special_tokens=[("<m>", 6)])
    told = stages_of(_loaded(backend, tmp_path), "a<m>")
    assert [(token.token, token.is_special) for token in told.tokens] == [("<m>", True), ("a", False), ("<m>", False)]
    assert told.stages[3].settings["single"] == "<m>:0 $A:0"


def test_units_are_counted_as_they_are_defined(tmp_path: Path) -> None:
    vocabulary = {piece: at for at, piece in enumerate(["[UNK]", "the", "cat", "s", "##s", "##at", "!"])}
    backend = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    told = stages_of(_loaded(backend, tmp_path, unk_token="[UNK]"), "the cats sat the dog!")
    words, characters, tokens = told.counts
    assert (words.vocabulary, words.length, words.unknown) == (5, 6, 3)
    assert words.unknown_units == ["cats", "sat", "dog"]
    assert (characters.vocabulary, characters.length) == (11, 21)
    assert characters.unknown == 21 - len("s s !    ".replace(" ", "")) - 4
    assert (tokens.vocabulary, tokens.length, tokens.unknown, tokens.unknown_units) == (7, 8, 1, ["dog"])


def test_a_text_that_is_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(TokenizerError, match=f"{MOST_CHARACTERS:,}"):
        stages_of(_demo("demo/tiny-bert-en"), "a" * (MOST_CHARACTERS + 1))


def test_a_tokenizer_of_python_code_says_what_it_does_not_show() -> None:
    told = stages_of(_demo("demo/tiny-byt5-plurals"), "é")
    assert told.normalized is None
    assert told.pre_tokens is None
    assert [bool(stage.limit) for stage in told.stages[:2]] == [True, True]
    assert [piece.data for word in told.words for piece in word.pieces] == ["c3", "a9"]
    assert [token.is_special for token in told.tokens] == [False, False, True]


def _japanese(tmp_path: Path, subwords: str) -> LoadedAutoTokenizer:
    from transformers import BertJapaneseTokenizer

    (tmp_path / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"東京がす", "##京"]))
    tokenizer = BertJapaneseTokenizer(
        str(tmp_path / "vocab.txt"), word_tokenizer_type="basic", subword_tokenizer_type=subwords
    )
    return LoadedAutoTokenizer(tokenizer, "made/here", tmp_path, None)


@pytest.mark.parametrize("subwords", ["wordpiece", "character"])
def test_words_of_a_python_tokenizer_are_shown_where_cutting_them_gives_its_pieces(
    tmp_path: Path, subwords: str
) -> None:
    loaded = _japanese(tmp_path, subwords)
    told = stages_of(loaded, "東京 が")
    assert told.pre_tokens is not None
    assert [one.text for one in told.pre_tokens] == ["東京", "が"]
    assert _ids(told) == loaded.tokenizer("東京 が", add_special_tokens=False)["input_ids"]
    assert told.stages[1].name == "BasicTokenizer"
    spelled = stages_of(loaded, "東 [MASK]")
    assert spelled.pre_tokens is None  # its words are cut otherwise there
    assert spelled.stages[1].limit
