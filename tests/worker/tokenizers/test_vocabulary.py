"""Vocabularies, ids and round trips of real tokenizers, compared with AutoTokenizer's own answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hubtui.core.errors import TokenizerError
from hubtui.core.file_lengths import FileLengths, FilePlace
from hubtui.core.token_vocabulary import VocabularyQuery
from hubtui.worker.tokenizers import file_lengths
from hubtui.worker.tokenizers.file_lengths import measure_lines
from hubtui.worker.tokenizers.reference import LoadedAutoTokenizer, load_auto
from hubtui.worker.tokenizers.round_trip import round_trips
from hubtui.worker.tokenizers.vocabulary import Vocabulary, vocabulary_of
from tests.worker.checkpoints import PIECES, SHARED, WRITTEN, demo_folders, pieces_folder, shared_folder, written_folder
from tests.worker.tokenizers.nasty_texts import nasty_texts

_DEMO = {f"{path.parent.parent.name}/{path.parent.name}": path for path in demo_folders()}
_KINDS = [
    "gpt2-files",
    "all-minilm-l6-v2",
    "t5-small",
    "sp-bpe-1k-nopad",
    "added-tokens",
    "byt5",
    "canine",
    "wav2vec2",
    "llama-pieces",
    "demo/tiny-camembert-fr",
    "demo/tiny-place-names",
    "demo/tiny-weather-words",
]


@pytest.fixture(params=_KINDS)
def loaded(request: pytest.FixtureRequest, tmp_path: Path) -> LoadedAutoTokenizer:
    return _load(request.param, request, tmp_path)


def _load(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> LoadedAutoTokenizer:
    if name in SHARED:
        folder = shared_folder(request.getfixturevalue("shared_data"), name, tmp_path)
    elif name in PIECES:
        folder = pieces_folder(name, tmp_path)
    else:
        folder = written_folder(name, tmp_path) if name in WRITTEN else _DEMO[name]
    return load_auto(name, folder, None)


@pytest.fixture
def gpt2(request: pytest.FixtureRequest, tmp_path: Path) -> Vocabulary:
    return vocabulary_of(_load("gpt2-files", request, tmp_path))


@pytest.fixture
def bert() -> LoadedAutoTokenizer:
    return load_auto("bert", _DEMO["demo/tiny-bert-en"], None)


def test_each_token_is_shown_with_the_text_that_its_tokenizer_decodes_it_to(loaded: LoadedAutoTokenizer) -> None:
    vocabulary = vocabulary_of(loaded)
    tokenizer = loaded.tokenizer
    assert set(vocabulary.ids) == set(tokenizer.get_vocab().values()) | set(tokenizer.added_tokens_decoder)
    ids = vocabulary.ids[:: max(1, len(vocabulary.ids) // 4000)]
    for entry in vocabulary.entries(ids):
        said = tokenizer.decode([entry.id])
        said = said if isinstance(said, str) else said["text"]
        if entry.kind == "byte":
            assert "\ufffd" in said or said in {"", entry.text}
            assert re.fullmatch(r"[0-9a-f]{2}( [0-9a-f]{2})*", entry.bytes)
        elif entry.kind in {"special", "added"} or entry.text.startswith("<U+D"):
            assert entry.token == entry.text
        else:
            # the blank before a word, which decoding one token alone leaves out, and the mark of a piece inside one
            assert entry.text.strip() == said.removeprefix("##" if entry.token == said else "").strip() or (
                entry.text == said
            )


def test_ids_are_decoded_as_autotokenizer_does(loaded: LoadedAutoTokenizer) -> None:
    tokenizer = loaded.tokenizer
    ids = [int(number) for number in tokenizer("Le camembert est <mask> :)")["input_ids"]]
    if tokenizer.decode(ids) != str(tokenizer.decode(ids)):
        pytest.skip("it decodes to more than a text")
    decoded = vocabulary_of(loaded).decode(ids)
    assert decoded.text == tokenizer.decode(ids)
    assert decoded.plain == tokenizer.decode(ids, skip_special_tokens=True)
    assert [entry.id for entry in decoded.entries] == ids
    assert not decoded.outside


def test_ids_outside_the_vocabulary_are_named_and_the_others_still_say_what_they_do(
    loaded: LoadedAutoTokenizer,
) -> None:
    vocabulary = vocabulary_of(loaded)
    good = vocabulary.ids[len(vocabulary.ids) // 2]
    outside = [-1, vocabulary.ids[-1] + 1, 2**31 - 1]
    decoded = vocabulary.decode([outside[0], good, *outside[1:], outside[0]])
    assert decoded.outside == outside
    assert [entry.kind == "none" for entry in decoded.entries] == [True, False, True, True, True]
    assert decoded.text == vocabulary.decode([good]).text


def test_a_round_trip_is_what_encoding_and_decoding_give(loaded: LoadedAutoTokenizer) -> None:
    texts = [text for text in nasty_texts() if len(text) < 2000]
    tokenizer = loaded.tokenizer
    for text, trip in zip(texts, round_trips(loaded, texts), strict=True):
        said = tokenizer.decode(tokenizer(text, add_special_tokens=False)["input_ids"])
        said = said if isinstance(said, str) else said["text"]
        assert trip.decoded == said
        assert trip.is_equal == (said == text)
        if trip.difference is not None:
            place = trip.difference.place
            assert text[:place] == said[:place]
            assert text[place : place + 1] != said[place : place + 1]
            assert text[place:].startswith(trip.difference.expected)


@pytest.mark.parametrize(
    ("text", "place", "cause", "words"),
    [
        ("the Cat", 4, "normalizer", "BertNormalizer"),
        ("the cat", None, "", ""),
        ("the  cat", 4, "blanks", "decoder puts its own"),
        ("the 日", 4, "unknown", "no piece for 日, which became [UNK]"),
        ("the \u200b cat", 4, "normalizer", ""),
    ],
)
def test_what_changed_a_text_is_named(
    bert: LoadedAutoTokenizer, text: str, place: int | None, cause: str, words: str
) -> None:
    (trip,) = round_trips(bert, [text])
    assert (trip.difference.place if trip.difference else None) == place
    if trip.difference is not None:
        assert trip.difference.cause == cause
        assert words in trip.difference.reason


def test_clean_up_is_told_from_what_the_pieces_lose(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    (trip,) = round_trips(_load("t5-small", request, tmp_path), ["well , yes"])
    assert trip.difference is not None
    assert (trip.difference.place, trip.difference.cause) == (4, "clean-up")


def test_a_text_is_found_in_text_and_piece_the_token_itself_first(gpt2: Vocabulary) -> None:
    page = gpt2.page(VocabularyQuery("text", " the"), None, 3)
    assert (page.entries[0].token, page.entries[0].text) == ("Ġthe", " the")
    by_piece = gpt2.page(VocabularyQuery("text", "Ġthe"), None, 3)
    assert by_piece.entries[0] == page.entries[0]
    every = [number for number in gpt2.ids if " the" in gpt2.texts[number] or " the" in gpt2.pieces[number]]
    assert page.total == len(every)
    small, both = VocabularyQuery("text", "paris"), VocabularyQuery("text", "paris", any_case=True)
    assert gpt2.page(small, None, 1).total < gpt2.page(both, None, 1).total


def test_a_pattern_is_looked_for_in_text_and_piece(gpt2: Vocabulary) -> None:
    query = VocabularyQuery("regex", r"^\d{4}$")
    page = gpt2.page(query, None, 10_000)
    assert page.total == sum(re.fullmatch(r"\d{4}", text) is not None for text in gpt2.texts.values()) > 50
    assert len({entry.id for entry in page.entries}) == page.total
    for broken in ("(", "a{9999999999}", "(?P<x>)(?P<x>)"):
        with pytest.raises(TokenizerError, match="cannot be read"):
            gpt2.page(VocabularyQuery("regex", broken), None, 10)


def test_pages_follow_one_another_without_gap(gpt2: Vocabulary) -> None:
    query = VocabularyQuery("text", "ing")
    whole = gpt2.page(query, 0, 500).entries
    pages = [entry for first in range(0, 500, 100) for entry in gpt2.page(query, first, 100).entries]
    assert pages == whole
    assert gpt2.page(query, 10**9, 100).entries == gpt2.page(query, gpt2.page(query, 0, 0).total - 1, 1).entries
    assert gpt2.page(VocabularyQuery("text", "no such thing"), None, 100).entries == []


def test_the_neighbours_of_an_id_stand_around_it(gpt2: Vocabulary) -> None:
    page = gpt2.page(VocabularyQuery("near", ids=(262,)), None, 5)
    assert [entry.id for entry in page.entries] == [260, 261, 262, 263, 264]
    assert (page.place, page.total) == (262, 50257)
    outside = gpt2.page(VocabularyQuery("near", ids=(60_000,)), None, 5)
    assert outside.place is None


def test_ranges_and_special_tokens(gpt2: Vocabulary) -> None:
    assert [one.id for one in gpt2.page(VocabularyQuery("range", ids=(50_255, 99_999)), 0, 9).entries] == [50255, 50256]
    first = gpt2.page(VocabularyQuery(), None, 2)
    assert [(one.id, one.kind) for one in first.entries] == [(50256, "special"), (0, "text")]
    assert (first.size, first.highest_id, first.n_special, first.n_added) == (50257, 50256, 1, 0)


def test_lines_of_a_file_are_as_long_as_autotokenizer_says(
    loaded: LoadedAutoTokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lengths, "CHUNK_BYTES", 100)
    texts = [text.replace("\n", " ") for text in nasty_texts() if len(text) < 500]
    (tmp_path / "texts").write_bytes("\n".join(texts).encode() + b"\n")
    found = _measure(loaded, tmp_path / "texts")
    lengths = [len(ids) for ids in loaded.tokenizer(texts)["input_ids"]]
    assert found.n_lines == len(texts)
    assert found.lengths == {length: lengths.count(length) for length in set(lengths)}
    assert [one.n_tokens for one in found.longest] == sorted(lengths, reverse=True)[:10]
    assert all(lengths[one.number - 1] == one.n_tokens for one in found.longest)
    assert found.n_characters == sum(map(len, texts))
    bare = _measure(loaded, tmp_path / "texts", special_tokens=False)
    assert bare.n_tokens == found.n_text_tokens


def _measure(loaded: LoadedAutoTokenizer, path: Path, *, special_tokens: bool = True) -> FileLengths:
    found = FileLengths(str(path))
    place: FilePlace | None = FilePlace()
    while place is not None:
        measured = measure_lines(loaded, str(path), place, special_tokens=special_tokens)
        found.add(measured)
        place = measured.place
    return found


def test_a_line_without_end_is_measured_up_to_a_bound_and_said(
    bert: LoadedAutoTokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lengths, "MOST_LINE_BYTES", 101)
    monkeypatch.setattr(file_lengths, "_SKIPPED_BYTES", 200)
    path = tmp_path / "long"
    path.write_bytes(b"one\n" + "é".encode() * 900 + b"\ntwo\n" + b"x" * 300)
    found = _measure(bert, path)
    assert (found.n_lines, found.n_cut, found.n_broken) == (4, 2, 0)
    assert [one.number for one in found.longest if one.start in {"one", "two"}] == [1, 3]


def test_broken_bytes_empty_lines_and_empty_files_are_told(bert: LoadedAutoTokenizer, tmp_path: Path) -> None:
    path = tmp_path / "odd"
    path.write_bytes(b"a\n\nb\xff\xfe\n\n")
    found = _measure(bert, path)
    assert (found.n_lines, found.n_broken) == (4, 1)
    assert found.lengths[2] == 2
    path.write_bytes(b"")
    assert (_measure(bert, path).n_lines, _measure(bert, path).bins()) == (0, ())
    with pytest.raises(TokenizerError, match="cannot be read"):
        measure_lines(bert, str(tmp_path / "gone"), FilePlace())
