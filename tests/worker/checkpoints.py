"""Checkpoint folders to tokenize with: the demo's, the shared data's, and odd ones that a test writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import hubtui

_DEMO = Path(hubtui.__file__).parent / "demo" / "repos"

# The model type that a folder of bare vocabulary files needs a config.json for.
SHARED = {
    "added-tokens": None,
    "all-minilm-l6-v2": None,
    "bert-basic-cased-vocab": "bert",
    "gpt2-files": "gpt2",
    "sp-bpe-1k-nopad": None,
    "sp-unigram-1k-nopad": None,
    "t5-small": None,
}

WRITTEN: dict[str, dict[str, Any]] = {
    "canine": {"config.json": {"model_type": "canine"}},
    "byt5": {"config.json": {"model_type": "t5"}, "tokenizer_config.json": {"tokenizer_class": "ByT5Tokenizer"}},
    "perceiver": {"config.json": {"model_type": "perceiver"}},
    "wav2vec2": {
        "config.json": {"model_type": "wav2vec2"},
        "vocab.json": {
            piece: number for number, piece in enumerate(["<pad>", "<s>", "</s>", "<unk>", "|", *"ABCDEFGHIJKLMNOP"])
        },
    },
}


PIECES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "camembert-pieces": ("sentencepiece.bpe.model", "unigram", {"model_type": "camembert"}),
    "t5-pieces": ("spiece.model", "unigram", {"model_type": "t5"}),
    "llama-pieces": ("tokenizer.model", "bpe", {"model_type": "llama"}),
}
"""Repos that hold a SentencePiece vocabulary and nothing else: file, algorithm, config.json."""


ODD: dict[str, tuple[str, dict[str, Any]]] = {
    "tokenizer-json-alone": ("tiny-camembert-fr", {}),
    "unknown-class": ("tiny-camembert-fr", {"tokenizer_config.json": {"tokenizer_class": "NoSuchTokenizer"}}),
    "class-of-another-kind": ("tiny-camembert-fr", {"tokenizer_config.json": {"tokenizer_class": "GPT2Tokenizer"}}),
    "config-of-another-model": ("tiny-gpt2-stories", {"config.json": {"model_type": "bert"}}),
    "config-that-is-no-object": ("tiny-bert-en", {"config.json": [], "tokenizer_config.json": {}}),
    "config-of-an-unknown-model": ("tiny-t5-en-fr", {"config.json": {"model_type": "no-such-model"}}),
    "lowercases-against-its-json": (
        "tiny-bert-en",
        {"tokenizer_config.json": {"tokenizer_class": "BertTokenizer", "do_lower_case": False, "pad_token": "[PAD]"}},
    ),
    "pads-and-cuts-inside": (
        "tiny-bert-en",
        {
            "tokenizer.json": {
                "truncation": {"direction": "Left", "max_length": 7, "strategy": "LongestFirst", "stride": 1},
                "padding": {
                    "strategy": {"Fixed": 12},
                    "direction": "Left",
                    "pad_to_multiple_of": 8,
                    "pad_id": 5,
                    "pad_type_id": 1,
                    "pad_token": "[UNUSED]",
                },
            },
            "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]"},
        },
    ),
    "adds-tokens-of-its-own": (
        "tiny-gpt2-stories",
        {
            "tokenizer_config.json": {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "eos_token": "<|endoftext|>",
                "pad_token": "<fill>",
                "additional_special_tokens": ["<one>", "<two>"],
                "padding_side": "left",
                "truncation_side": "left",
            }
        },
    ),
}
"""Checkpoints whose files disagree or lack something: whose tokenizer.json of the demo, and the files beside it.

What is given for tokenizer.json replaces sections of it.
"""


def odd_folder(name: str, into: Path) -> Path:
    """Return one of `ODD`."""
    source, files = ODD[name]
    tokenizer = json.loads((_DEMO / "demo" / source / "main" / "tokenizer.json").read_text(encoding="utf-8"))
    for file, content in {"tokenizer.json": {}, **files}.items():
        whole = {**tokenizer, **content} if file == "tokenizer.json" else content
        (into / file).write_text(json.dumps(whole), encoding="utf-8")
    return into


def pieces_folder(name: str, into: Path) -> Path:
    """Return a checkpoint folder whose vocabulary was trained on the spot by SentencePiece."""
    from sentencepiece import SentencePieceTrainer

    file, algorithm, config = PIECES[name]
    sentences = [f"Le fromage numéro {number} est bon, {word}." for number in range(60) for word in ("oui", "très")]
    with (into / file).open("wb") as model:
        SentencePieceTrainer.train(
            sentence_iterator=iter(sentences),
            model_writer=model,
            model_type=algorithm,
            vocab_size=340 if algorithm == "bpe" else 36,
            byte_fallback=algorithm == "bpe",  # 256 of the pieces are then bytes
            minloglevel=2,
        )
    (into / "config.json").write_text(json.dumps(config))
    return into


def demo_folders() -> list[Path]:
    """Return the built-in checkpoints that have a tokenizer which may be loaded."""
    found = sorted(path.parent for path in _DEMO.glob("*/*/main/tokenizer_config.json"))
    return [folder for folder in found if "auto_map" not in (folder / "tokenizer_config.json").read_text()]


def shared_folder(shared_data: Path, name: str, into: Path) -> Path:
    """Return one of the shared tokenizers as a checkpoint folder, assembled in `into` where it needs a config.json."""
    source = shared_data / "tokenizers" / name
    model_type = SHARED[name]
    if model_type is None:
        return source
    for file in source.iterdir():
        (into / file.name).write_bytes(file.read_bytes())
    (into / "config.json").write_text(json.dumps({"model_type": model_type}))
    return into


def written_folder(name: str, into: Path) -> Path:
    """Return a checkpoint folder with the JSON files of `WRITTEN`."""
    for file, content in WRITTEN[name].items():
        (into / file).write_text(json.dumps(content))
    return into
