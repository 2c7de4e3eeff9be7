"""Tokenizers that hang, abort, panic or grow without end under a text, each a real tokenizer.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORDS = ("<pad>", "<unk>", "the", "cat", "sat", "on", "mat", ".")


@dataclass(frozen=True, slots=True)
class Hostile:
    """A tokenizer and the text that sets it off; it takes other texts like any other.

    Attributes:
        changes: of the sections of a harmless tokenizer.json.
        says: what the user is told.
        is_fatal: its process does not survive it.
    """

    changes: Mapping[str, Any]
    text: str
    says: str
    is_fatal: bool = True


def _split(regex: str) -> dict[str, Any]:
    split = {"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": False}
    return {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, split]}


def _growing(times: int) -> dict[str, Any]:
    grow = {"type": "Replace", "pattern": {"String": "z"}, "content": "z" * 2000}
    return {"type": "Sequence", "normalizers": [grow] * times}


HOSTILE: Mapping[str, Hostile] = {
    # each word costs a little less than the steps at which the regex library gives up
    "hang": Hostile({"pre_tokenizer": _split("(a|aa)+$")}, ("a" * 26 + "!") * 2000, "did not answer within"),
    "abort": Hostile({"normalizer": _growing(3)}, "z", "ended its process"),
    "panic": Hostile({"pre_tokenizer": _split("(a|aa|a?)+$")}, "a" * 5000 + "!", "panicked", is_fatal=False),
}


def write(folder: Path, changes: Mapping[str, Any]) -> str:
    """Write a tokenizer of eight words, changed, into a folder; return the folder."""
    added = [
        {"id": at, "content": word, "special": True, "normalized": False}
        | dict.fromkeys(("single_word", "lstrip", "rstrip"), False)
        for at, word in enumerate(WORDS[:2])
    ]
    vocabulary = {word: at for at, word in enumerate(WORDS)}
    tokenizer: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.json").write_text(json.dumps({**tokenizer, **changes}))
    declared = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>", "unk_token": "<unk>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(declared))
    return str(folder)
