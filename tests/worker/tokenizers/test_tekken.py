"""Mistral's own vocabulary format, where the library that reads it is installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from transformers import AutoTokenizer

from hubtui.core.errors import TokenizerError
from hubtui.core.tokens import TokenizeOptions
from hubtui.worker.tokenizers.reference import load_auto
from tests.worker.tokenizers.nasty_texts import nasty_texts

_NEEDS = "needs mistral-common, which brings a tekken.json of its own"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "mistral", "vocab_size": 131_072}))
    return tmp_path


@pytest.fixture
def tekken(folder: Path) -> Path:
    library = pytest.importorskip("mistral_common", reason=_NEEDS)
    newest = sorted((Path(library.__file__).parent / "data").glob("tekken_*.json"))
    if not newest:
        pytest.skip(_NEEDS)
    (folder / "tekken.json").write_bytes(newest[-1].read_bytes())
    return folder


@pytest.mark.parametrize(
    "options",
    [
        TokenizeOptions(),
        TokenizeOptions(special_tokens=False),
        TokenizeOptions("longest", truncation=True, max_length=9, padding_side="right", truncation_side="left"),
        TokenizeOptions("longest", pad_to_multiple_of=8),
    ],
)
def test_tekken_gives_autotokenizers_ids_and_masks(tekken: Path, options: TokenizeOptions) -> None:
    direct = AutoTokenizer.from_pretrained(tekken, local_files_only=True)
    direct.truncation_side = options.truncation_side or direct.truncation_side
    texts = nasty_texts()
    expected = direct(
        texts,
        padding=options.padding == "longest",
        truncation=options.truncation,
        max_length=options.max_length,
        add_special_tokens=options.special_tokens,
        padding_side=options.padding_side,
        pad_to_multiple_of=options.pad_to_multiple_of,
        return_special_tokens_mask=True,
    )
    found = load_auto("m", tekken, None).encode(texts, options, None)
    assert found.info.algorithm == "BPE"
    assert found.info.vocab_size == len(direct)
    assert [one.ids for one in found.sequences] == expected["input_ids"]
    assert [one.attention_mask for one in found.sequences] == expected["attention_mask"]
    assert [one.special_tokens_mask for one in found.sequences] == expected["special_tokens_mask"]


def test_bytes_of_tekken_belong_to_their_characters(tekken: Path) -> None:
    (one,) = load_auto("m", tekken, None).encode(["Hello wörld, 日本 𓀀"], TokenizeOptions(), None).sequences
    covered = [one.text[start:end] for start, end in one.offsets[1:]]
    assert covered[:3] == ["Hello", " w", "ör"]
    assert covered[-1] == "𓀀"


def test_pairs_that_the_library_does_not_know_are_refused_in_a_sentence(tekken: Path) -> None:
    with pytest.raises(TokenizerError, match="MistralCommonBackend of m does not take"):
        load_auto("m", tekken, None).encode(["a"], TokenizeOptions(), ["b"])


def test_without_the_library_its_package_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubtui.worker.tokenizers.facts._is_installed", lambda _module: False)
    (folder / "tekken.json").write_text("{}")
    with pytest.raises(TokenizerError, match="mistral-common, which is not installed") as raised:
        load_auto("m", folder, None)
    assert "pip install mistral-common" in raised.value.hint
