"""Bookmarks and history, kept in one small JSON file that several hubtui may share."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hubtui.core.errors import LocalStateError
from hubtui.local.files import locked, write_atomically

MAX_RECENT = 200
MAX_BOOKMARKS = 2000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Content:
    bookmarks: tuple[str, ...] = ()
    recent: tuple[tuple[str, datetime], ...] = ()


class MemoryFile:
    """`core.ports.Memory` in a file.

    Every change reads the file anew under its lock, so that no process undoes another's.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._now = now

    def bookmarks(self) -> tuple[str, ...]:
        """Return the bookmarked model ids, newest first."""
        return self._read().bookmarks

    def recent(self) -> tuple[tuple[str, datetime], ...]:
        """Return the models that were opened and when, newest first."""
        return self._read().recent

    def set_bookmark(self, model: str, *, on: bool) -> None:
        """Add a model to the bookmarks, or take it away.

        Raises:
            LocalStateError: the file cannot be written; nothing was changed.
        """

        def change(content: _Content) -> _Content:
            others = tuple(entry for entry in content.bookmarks if entry != model)
            return _Content(((model, *others) if on else others)[:MAX_BOOKMARKS], content.recent)

        self._change(change)

    def opened(self, model: str) -> None:
        """Remember that a model was opened.

        Raises:
            LocalStateError: the file cannot be written; nothing was changed.
        """

        def change(content: _Content) -> _Content:
            others = tuple(entry for entry in content.recent if entry[0] != model)
            return _Content(content.bookmarks, ((model, self._now()), *others)[:MAX_RECENT])

        self._change(change)

    def _change(self, change: Callable[[_Content], _Content]) -> None:
        try:
            with locked(self._path):
                content = change(self._read())
                write_atomically(self._path, _encode(content))
        except OSError as error:
            raise LocalStateError(
                f"{self._path} cannot be written ({error.strerror or error}).",
                hint="Bookmarks and history stay as they were.",
            ) from error

    def _read(self) -> _Content:
        try:
            return _decode(json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return _Content()
        except OSError as error:
            _log.warning("%s cannot be read: %s", self._path, error)
            return _Content()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            self._set_aside(error)
            return _Content()

    def _set_aside(self, error: Exception) -> None:
        """Keep an unreadable file under another name: it may be mended by hand, and must not be overwritten."""
        aside = self._path.with_name(f"{self._path.name}.unreadable")
        _log.warning("%s cannot be understood (%s); it is kept as %s", self._path, error, aside.name)
        try:
            self._path.replace(aside)
        except OSError as failure:
            _log.warning("%s could not be renamed: %s", self._path, failure)


def _encode(content: _Content) -> bytes:
    document = {
        "version": 1,
        "bookmarks": list(content.bookmarks),
        "recent": [{"model": model, "opened": when.isoformat()} for model, when in content.recent],
    }
    return json.dumps(document, indent=1).encode()


def _decode(document: Any) -> _Content:  # noqa: ANN401  any JSON may stand in the file
    recent = tuple((str(entry["model"]), datetime.fromisoformat(entry["opened"])) for entry in document["recent"])
    return _Content(tuple(str(model) for model in document["bookmarks"]), recent)
