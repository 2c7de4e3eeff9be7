"""The Hub's own answers about models, kept on this machine: without the network a part of a repo is not taken for all.

A snapshot in the Hugging Face cache holds the files that somebody needed, not the list of all, and neither downloads
nor scans.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Write = Callable[[Path, bytes], None]

_MOST_BYTES = 1 << 20
_MOST_ANSWERS = 1000
_KEPT_ANSWERS = 800


class AnswerStore:
    """Keeps the last answer about each commit of a model; what cannot be kept is missing later, and nothing else.

    Args:
        folder: hubtui's own.
        write: writes a file in one step.
    """

    def __init__(self, folder: Path, write: Write) -> None:
        self._folder = folder
        self._write = write

    def get(self, model: str, commit: str) -> tuple[Mapping[str, Any], datetime] | None:
        """Return the answer about a commit and when it came; None when there is none that could be read."""
        place = self._place(model, commit)
        try:
            answer = json.loads(place.read_bytes())
            when = datetime.fromtimestamp(place.stat().st_mtime, UTC)
        except (OSError, ValueError, RecursionError):
            return None
        return (answer, when) if isinstance(answer, dict) else None

    def put(self, model: str, commit: str, answer: Mapping[str, Any]) -> None:
        """Keep an answer, in place of an older one about the same commit."""
        content = json.dumps(answer, separators=(",", ":")).encode()
        if len(content) > _MOST_BYTES:
            return
        with contextlib.suppress(OSError):  # a full disk costs only what could be said without the network
            self._write(self._place(model, commit), content)
            self._trim()

    def _trim(self) -> None:
        kept = list(self._folder.iterdir())
        if len(kept) > _MOST_ANSWERS:
            for place in sorted(kept, key=lambda path: path.stat().st_mtime)[: len(kept) - _KEPT_ANSWERS]:
                place.unlink(missing_ok=True)

    def _place(self, model: str, commit: str) -> Path:
        return self._folder / f"{hashlib.sha256(f'{model}@{commit}'.encode()).hexdigest()}.json"
