"""What checkpoints say about padding is read as transformers reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hubtui.core.pad_doctor import examine
from hubtui.worker.tokenizers.reference import load_auto
from tests.worker.checkpoints import demo_folders

_SOUND_DEMOS = ("tiny-bert-en", "tiny-camembert-fr", "tiny-t5-en-fr", "tiny-byt5-plurals", "tiny-llama-chat")


def _demo(name: str) -> Path:
    return next(folder for folder in demo_folders() if folder.parent.name == name)


def _with(tmp_path: Path, name: str, **files: dict[str, Any]) -> Path:
    """Return a copy of a demo's tokenizer with other JSON files beside it."""
    for file in _demo(name).glob("*token*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    for stem, content in files.items():
        path = tmp_path / f"{stem}.json"
        before = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**before, **content}))
    return tmp_path


def _names(folder: Path) -> list[str]:
    return [finding.name for finding in examine(load_auto("m", folder, None).pad_facts)]


@pytest.mark.parametrize("name", _SOUND_DEMOS)
def test_sound_checkpoints_are_left_alone(name: str) -> None:
    assert _names(_demo(name)) == []


def test_defaults_of_a_models_class_count_as_said(tmp_path: Path) -> None:
    facts = load_auto("m", _with(tmp_path, "tiny-bert-en", config={"model_type": "bert"}), None).pad_facts
    assert (facts.has_config, facts.config_pad_id, facts.config_pad_token) == (True, 0, "[PAD]")
    assert not facts.is_decoder


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"config": {"model_type": "bert", "pad_token_id": 5}}, ["config-disagrees"]),
        ({"config": {"model_type": "bert"}, "generation_config": {"pad_token_id": 9}}, ["generation-disagrees"]),
        ({"config": {"model_type": "bert", "vocab_size": 600}, "tokenizer_config": {"pad_token": "[UNK]"}},
         ["shared-with-unk", "config-disagrees"]),
        ({"config": {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}}, ["wrong-side", "config-none"]),
        ({"config": {"model_type": "gpt2"}}, ["wrong-side", "config-none"]),
        ({"config": {"model_type": "gpt2", "architectures": ["GPT2ForSequenceClassification"]}}, []),
        ({"config": {"model_type": "no-such-model"}}, []),
        ({"config": {"vocab_size": "many"}}, []),
    ],
)  # fmt: skip
def test_what_the_files_say_is_examined(tmp_path: Path, files: dict[str, dict[str, Any]], names: list[str]) -> None:
    assert _names(_with(tmp_path, "tiny-bert-en", **files)) == names


def test_a_padded_batch_is_warned_of_what_its_model_makes_of_it() -> None:
    from hubtui.core.tokens import TokenizeOptions

    decoder = load_auto("m", _demo("tiny-place-names"), None)
    texts = ["fr:", "de: Ber"]
    assert any(
        "Padding is on the right" in said for said in decoder.encode(texts, TokenizeOptions("longest"), None).warnings
    )
    left = decoder.encode(texts, TokenizeOptions("longest", padding_side="left"), None)
    assert not left.warnings
    assert not decoder.encode(texts, TokenizeOptions(), None).warnings
