"""Tokenizers as AutoTokenizer made them, kept on disk: the second time, live typing starts with the confirmed one."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from importlib.metadata import version
from pathlib import Path

import msgspec

from hubtui.core.tokens import TokenizerInfo

MAX_CACHE_BYTES = 200 << 20
"""The oldest entries go when the folder grows past this."""

_FORMAT = 3
"""Counted up when what is kept of a tokenizer changes."""

_SUFFIX = ".tokenizer"
_WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".h5", ".msgpack", ".onnx", ".gguf", ".ot", ".ckpt")


class ConfirmedTokenizer(msgspec.Struct, frozen=True):
    """One entry.

    Attributes:
        backend: the Rust tokenizer, serialised.
        encode_special_tokens: a switch of the Rust tokenizer that its serialisation leaves out.
        limit: longest sequence that tokenizer and model take.
    """

    backend: str
    encode_special_tokens: bool
    info: TokenizerInfo
    limit: int | None


def entry_path(cache_folder: Path, model: str, folder: Path, embedding_size: int | None) -> Path:
    """Return where the tokenizer of a folder is kept."""
    return cache_folder / f"{fingerprint(model, folder, embedding_size)}{_SUFFIX}"


def fingerprint(model: str, folder: Path, embedding_size: int | None) -> str:
    """Return a hash over a folder's files as they are now and the versions of the libraries that read them.

    A snapshot folder names the commit; a local one changes.
    """
    digest = hashlib.sha256(f"{_FORMAT}\n".encode())
    for library in ("transformers", "tokenizers"):
        digest.update(f"{library} {version(library)}\n".encode())
    digest.update(f"{model}\n{folder.resolve()}\n{embedding_size}\n".encode(errors="surrogateescape"))
    for path in sorted([*folder.iterdir(), *folder.glob("additional_chat_templates/*")]):
        if path.suffix in _WEIGHTS or not path.is_file():
            continue
        facts = path.stat()
        digest.update(f"{path.name} {facts.st_size} {facts.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()[:40]


def read_entry(path: Path) -> ConfirmedTokenizer | None:
    """Return an entry, None when there is none or it cannot be read."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=ConfirmedTokenizer)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def write_entry(path: Path, entry: ConfirmedTokenizer) -> bool:
    """Keep an entry, whole or not at all; return whether it is there (a full disk is no reason to fail)."""
    data = msgspec.msgpack.encode(entry)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".partial")
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        return False
    _prune(path.parent, keep=path)
    return True


def _prune(folder: Path, *, keep: Path) -> None:
    """Remove the oldest entries past `MAX_CACHE_BYTES`; another hubtui may remove them at the same time."""
    with contextlib.suppress(OSError):
        entries = sorted(
            ((path.stat(), path) for path in folder.glob(f"*{_SUFFIX}")), key=lambda entry: -entry[0].st_mtime
        )
        total = 0
        for facts, path in entries:
            total += facts.st_size
            if total > MAX_CACHE_BYTES and path != keep:
                path.unlink(missing_ok=True)
