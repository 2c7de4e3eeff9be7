"""Checkpoints and repos written for tests: one repo of every kind that the Hub treats in its own way."""

from __future__ import annotations

import json
import math
import os
import pickle
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

ATTRIBUTES = """\
*.safetensors filter=lfs diff=lfs merge=lfs -text
*.bin filter=lfs diff=lfs merge=lfs -text
*.gguf filter=lfs diff=lfs merge=lfs -text
"""
BERT = {"architectures": ["BertForMaskedLM"], "model_type": "bert", "max_position_embeddings": 128, "pad_token_id": 0}
CARD = """---
license: mit
language: [en, fr]
library_name: transformers
pipeline_tag: fill-mask
datasets: [demo/words]
tags: [tiny]
widget:
- text: A [MASK] word.
---
# A tiny model
See https://arxiv.org/abs/1810.04805.
"""


def weights(**shapes: tuple[int, ...]) -> Callable[[Path], None]:
    """Return a writer of a safetensors file with float32 tensors of these shapes."""
    return lambda path: save_file(
        {name: np.ones(shape, np.float32) for name, shape in shapes.items()}, path, {"format": "pt"}
    )


def gguf_bytes(values: Mapping[str, object], tensors: Mapping[str, tuple[int, ...]]) -> bytes:
    """Return a GGUF file (version 3) with these values, and tensors of type Q8_0 which are all zero."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value.encode())) + value.encode()

    def entry(value: object) -> bytes:
        if isinstance(value, list):
            return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(text(item) for item in value)
        return struct.pack("<I", 8) + text(value) if isinstance(value, str) else struct.pack("<II", 4, value)

    body = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values))
    body += b"".join(text(key) + entry(value) for key, value in values.items())
    offset = 0
    for name, shape in tensors.items():
        body += text(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape) + struct.pack("<IQ", 8, offset)
        offset += -(-math.prod(shape) // 32) * 34 + 31 & ~31  # blocks of 32 values in 34 bytes, aligned to 32
    return body + bytes(-len(body) % 32 + offset)


Content = str | bytes | dict[str, Any] | Callable[[Path], None]


def write_files(folder: Path, files: Mapping[str, Content]) -> None:
    """Write files below a folder: text, bytes, JSON objects, or whatever a function writes."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


class Hostile:
    """Unpickling an instance would run a command."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("true",)


def write_repo(root: Path, repo_id: str, files: Mapping[str, Content], **stated: object) -> None:
    """Write a repo in the built-in format with three commits: attributes, files, card."""
    folder = root / repo_id
    files = {".gitattributes": ATTRIBUTES, **files}
    write_files(folder / "main", files)
    card = {"README.md": "main/README.md"} if "README.md" in files else {}
    first = {name: f"main/{name}" for name in files if name not in {".gitattributes", "README.md"}}
    state = {
        "created": "2026-03-02T09:12:44.000Z",
        "downloads": 100,
        "downloads_all_time": 1000,
        "likes": 3,
        "trending": 1,
        "pipeline_tag": None,
        "library": None,
        "commits": [
            _commit("initial commit", "system", 1, {".gitattributes": "main/.gitattributes"}),
            _commit("Add files", "demo", 2, first),
            _commit("Write the card", "demo", 3, card, message="With its limits."),
        ],
        "tags": {"v1.0": 1},
        **stated,
    }
    (folder / "repo.json").write_text(json.dumps(state, indent=2), encoding="utf-8")


def _commit(title: str, author: str, day: int, put: dict[str, str], **more: object) -> dict[str, Any]:
    return {"title": title, "author": author, "date": f"2026-03-0{day}T10:00:00.000Z", "put": put, **more}


def _plain(root: Path) -> None:
    write_files(
        root / "demo/plain/history",
        {"pr/README.md": CARD + "A better text.\n", "old/config.json": {"model_type": "bert"}},
    )
    write_repo(
        root,
        "demo/plain",
        {
            "README.md": CARD,
            "config.json": BERT,
            "tokenizer_config.json": {"mask_token": "[MASK]", "model_max_length": 128},
            "model.safetensors": weights(embeddings=(30, 8), bias=(7,)),
            "onnx/config.json": BERT,
            "onnx/deep/model.onnx": b"onnx",
            "sub dir/x+y #1.txt": "an odd name",
        },
        pipeline_tag="fill-mask",
        library="transformers",
        downloads=5000,
        trending=9,
        inference="warm",
        pull_requests=[_PULL_REQUEST],
        discussions=[_DISCUSSION],
    )


_PULL_REQUEST = {
    "num": 1,
    "title": "Improve the card",
    "author": "reader",
    "date": "2026-03-05T10:00:00.000Z",
    "status": "open",
    "base": 2,
    "description": "One line more.",
    "put": {"README.md": "history/pr/README.md"},
    "delete": ["onnx/config.json"],
}
_DISCUSSION = {
    "num": 2,
    "title": "Which text?",
    "author": "reader",
    "date": "2026-03-06T10:00:00.000Z",
    "status": "closed",
    "text": "Tell.",
}


def _sharded(path_of: str) -> dict[str, Content]:
    names = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    return {
        "config.json": {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2"},
        names["a"]: weights(a=(10, 10)),
        names["b"]: weights(b=(5,)),
        path_of: {"metadata": {"total_size": 420}, "weight_map": names},
    }


def write_samples(root: Path) -> None:
    """Write one repo of every kind."""
    small: dict[str, Content] = {"README.md": CARD, "config.json": BERT, "model.safetensors": weights(w=(4,))}
    _plain(root)
    write_repo(root, "demo/gated-auto", small, gated="auto", pipeline_tag="fill-mask", library="transformers")
    write_repo(root, "demo/gated-manual", small, gated="manual", pipeline_tag="fill-mask", library="transformers")
    write_repo(root, "demo/secret", small, private=True)
    write_repo(root, "other/secret", small, private=True)
    write_repo(root, "demo/disabled", small, disabled=True)
    write_repo(root, "demo/New-Name", small, renamed_from=["demo/old-name", "bare-name"])
    write_repo(
        root,
        "demo/sharded",
        _sharded("model.safetensors.index.json"),
        pipeline_tag="text-generation",
        library="transformers",
    )
    pickled: dict[str, Content] = {"config.json": BERT, "pytorch_model.bin": pickle.dumps(Hostile())}
    write_repo(
        root, "demo/pickled", pickled, security={"pytorch_model.bin": {"level": "unsafe", "message": "Runs a command."}}
    )
    values: dict[str, object] = {
        "general.architecture": "llama", "llama.context_length": 2048,
        "tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>"],
        "tokenizer.ggml.bos_token_id": 1, "tokenizer.ggml.eos_token_id": 2, "tokenizer.chat_template": "{{ messages }}",
    }  # fmt: skip
    card = "---\nlicense: apache-2.0\nbase_model: demo/plain\n---\n"
    gguf: dict[str, Content] = {"README.md": card, "tiny.gguf": gguf_bytes(values, {"w": (32, 4), "v": (32,)})}
    write_repo(root, "demo/gguf", gguf, pipeline_tag="text-generation", library="gguf")
    many: dict[str, Content] = {f"part/{number:04d}.txt": "x" for number in range(1100)}
    write_repo(root, "demo/many-files", many)
