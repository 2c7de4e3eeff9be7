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
