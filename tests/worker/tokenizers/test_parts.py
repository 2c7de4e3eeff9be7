"""The parts that a tokenizer process is put together from."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubtui.core.tokens import TokenizeOptions, TokenizerInfo, TokenWindow
from hubtui.engine.tokenizer_messages import EncodeTexts, LookAt, OpenTokenizer, TypeText
from hubtui.worker.tokenizers.align import align_bytes, align_pieces
from hubtui.worker.tokenizers.cache import ConfirmedTokenizer, entry_path, read_entry, write_entry
from hubtui.worker.tokenizers.facts import finite_length, model_limits, unread_pieces
from hubtui.worker.tokenizers.service import newest
from hubtui.worker.tokenizers.slow import slow_algorithm

_INFO = TokenizerInfo("m", "BPE", 10, True, None, "right", "right", {"pad": None})
_OPEN = OpenTokenizer(-1, "m", "/folder")


def _type(generation: int, text: str = "text", window: TokenWindow | None = None) -> TypeText:
    return TypeText(generation, text, TokenizeOptions(), window or TokenWindow())


def test_of_keystrokes_that_queued_up_the_last_is_answered() -> None:
    assert newest([_type(1), _type(2), _type(3, "last")]) == [_type(3, "last")]


def test_scrolling_after_a_keystroke_keeps_the_text() -> None:
    window = TokenWindow(first_row=50)
    assert newest([_type(1, "text"), LookAt(2, TokenWindow()), LookAt(3, window)]) == [_type(3, "text", window)]
    assert newest([LookAt(2, TokenWindow()), LookAt(3, window)]) == [LookAt(3, window)]
    assert newest([LookAt(2, window), _type(3)]) == [_type(3)]


def test_batches_and_openings_are_all_answered_in_order() -> None:
    batch = EncodeTexts(-2, ["a"], TokenizeOptions())
    assert newest([_type(1), _OPEN, _type(2), batch, _type(3)]) == [_type(1), _OPEN, _type(2), batch, _type(3)]


@pytest.mark.parametrize(
    ("text", "pieces", "places"),
    [
        ("the cat", ["the", "cat"], [(0, 3), (4, 7)]),
        ("The CAT", ["the", "cat"], [(0, 3), (4, 7)]),
        ("the dog cat", ["the", "<unk>", "cat"], [(0, 3), (0, 0), (8, 11)]),
        ("İstanbul", ["stan"], [(1, 5)]),
        ("aa", ["a", "a", "a"], [(0, 1), (1, 2), (0, 0)]),
        ("", [], []),
    ],
)
def test_pieces_are_found_in_their_text_or_not_at_all(
    text: str, pieces: list[str], places: list[tuple[int, int]]
) -> None:
    assert align_pieces(text, pieces) == places


@given(st.text(st.characters(codec="utf-8")))
def test_bytes_belong_to_the_character_that_they_encode(text: str) -> None:
    n_bytes = len(text.encode())
    expected = [(at, at + 1) for at, char in enumerate(text) for _ in char.encode()]
    assert align_bytes(text, [1] * n_bytes) == expected


@pytest.mark.parametrize(
    ("value", "length"),
    [(512, 512), (int(1e30), None), (1e30, None), (512.0, 512), (0, None), (-1, None), ("512", None), (True, None)],
)
def test_a_length_limit_is_a_number_that_a_model_can_have(value: object, length: int | None) -> None:
    assert finite_length(value) == length


@pytest.mark.parametrize(
    ("config", "rows", "positions"),
    [
        ({"vocab_size": 100, "max_position_embeddings": 512, "model_type": "bert"}, 100, 512),
        ({"vocab_size": 100, "max_position_embeddings": 514, "model_type": "roberta", "pad_token_id": 1}, 100, 512),
        ({"vocab_size": 100, "n_positions": 1024, "model_type": "gpt2"}, 100, 1024),
        ({"vocab_size": 100, "n_positions": 512, "model_type": "t5"}, 100, None),
        ({"text_config": {"vocab_size": 9, "max_position_embeddings": 77}, "model_type": "clip"}, 9, 77),
        ({"vocab_size": "100", "max_position_embeddings": None}, None, None),
        ({"vocab_size": -5, "max_position_embeddings": True}, None, None),
        ([], None, None),
    ],
)
def test_limits_are_read_from_configs_of_all_kinds(
    tmp_path: Path, config: object, rows: int | None, positions: int | None
) -> None:
    (tmp_path / "config.json").write_text(json.dumps(config))
    limits = model_limits(tmp_path)
    assert (limits.embedding_size, limits.positions) == (rows, positions)
    assert model_limits(tmp_path, 7).embedding_size == 7


@pytest.mark.parametrize(
    ("file", "installed", "lacking"),
    [
        ("spiece.model", (), "sentencepiece and protobuf, which are"),
        ("spiece.model", ("sentencepiece",), "protobuf, which is"),
        ("source.spm", (), "sentencepiece, which is"),
        ("source.spm", ("sentencepiece",), None),
        ("vocab.txt", (), None),
    ],
)
def test_packages_that_read_pieces_are_named_only_where_they_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, installed: tuple[str, ...], lacking: str | None
) -> None:
    monkeypatch.setattr("hubtui.worker.tokenizers.facts._is_installed", lambda module: module in installed)
    (tmp_path / file).write_text("x")
    said = unread_pieces(tmp_path)
    assert (said is None) if lacking is None else (said is not None and f"to read {file} it needs {lacking}" in said[0])
    (tmp_path / "tokenizer.json").write_text("{}")
    assert unread_pieces(tmp_path) is None


@pytest.mark.parametrize("name", ["sp_model", "spm_source"])
@pytest.mark.parametrize(("score", "algorithm"), [(-7.25, "Unigram"), (-7.0, "BPE")])
def test_pieces_of_sentencepiece_are_told_by_their_scores(name: str, score: float, algorithm: str) -> None:
    """Marian keeps its two models under names of its own."""
    model = SimpleNamespace(get_score=lambda _number: score, get_piece_size=lambda: 3)
    assert slow_algorithm(SimpleNamespace(**{name: model})) == algorithm


def test_a_kept_tokenizer_is_for_these_files_alone(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_text("weights")
    path = entry_path(tmp_path, "m", folder, None)
    entry = ConfirmedTokenizer("{}", encode_special_tokens=False, info=_INFO, limit=7)
    assert write_entry(path, entry)
    assert read_entry(path) == entry
    (folder / "model.safetensors").write_text("other weights")
    assert entry_path(tmp_path, "m", folder, None) == path
    assert entry_path(tmp_path, "other", folder, None) != path
    (folder / "tokenizer.json").write_text('{"changed": 1}')
    assert entry_path(tmp_path, "m", folder, None) != path


def test_a_kept_tokenizer_that_is_damaged_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.tokenizer"
    assert read_entry(path) is None
    path.write_bytes(b"\x93half")
    assert read_entry(path) is None


def test_kept_tokenizers_do_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubtui.worker.tokenizers.cache.MAX_CACHE_BYTES", 25_000)
    entry = ConfirmedTokenizer("x" * 10_000, encode_special_tokens=False, info=_INFO, limit=None)
    for number in range(5):
        path = tmp_path / f"{number}.tokenizer"
        assert write_entry(path, entry)
        os.utime(path, (number, number))
    assert len(list(tmp_path.iterdir())) <= 3
    assert (tmp_path / "4.tokenizer").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    entry = ConfirmedTokenizer("{}", encode_special_tokens=False, info=_INFO, limit=None)
    assert not write_entry(tmp_path / "cache" / "x.tokenizer", entry)
