"""What a model id, revision, commit and file path may look like; anything else never reaches a URL or a disk."""

from __future__ import annotations

import re

_ID_PART = r"(?![.-])[A-Za-z0-9._-]{1,96}(?<![.-])"
_MODEL_ID = re.compile(rf"(?:{_ID_PART}/)?{_ID_PART}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_NOT_IN_A_REF = re.compile(r"[\x00-\x20\x7f-\xa0~^:?*\[\\]|\.\.|//|@\{")


def is_model_id(text: str) -> bool:
    """Say whether `text` is `name` or `namespace/name` by the Hub's rules (huggingface_hub's `validate_repo_id`)."""
    return bool(_MODEL_ID.fullmatch(text)) and "--" not in text and ".." not in text and not text.endswith(".git")


def is_commit(text: str) -> bool:
    """Say whether `text` is a whole commit id: 40 lower-case hex digits."""
    return bool(_COMMIT.fullmatch(text))


def is_revision(text: str) -> bool:
    """Say whether `text` can name a branch, tag, commit or `refs/pr/N` (git's check-ref-format)."""
    if not 0 < len(text) <= 255 or text.startswith(("/", "-", ".")) or text.endswith(("/", ".", ".lock")):
        return False
    return not _NOT_IN_A_REF.search(text)


def is_file_path(text: str) -> bool:
    """Say whether `text` is a relative path which stays inside the folder it is joined to, on every system."""
    if not 0 < len(text) <= 1024 or "\\" in text or any(ord(char) < 32 or ord(char) == 127 for char in text):
        return False
    parts = text.split("/")
    return all(part not in {"", ".", ".."} and len(part.encode("utf-8", "replace")) <= 255 for part in parts) and (
        ":" not in parts[0]
    )
