"""Downloads that are not over, kept in one small JSON file, so that the next session can offer to go on with them."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hubtui.core.downloads import Unfinished
from hubtui.core.errors import LocalStateError
from hubtui.core.models import FileEntry
from hubtui.core.names import is_commit, is_file_path, is_model_id, is_revision
from hubtui.local.files import locked, set_aside, write_atomically

MOST_DOWNLOADS = 50
MOST_FILES = 20_000
"""Of one download; a larger one is not remembered, though its bytes are kept like any other's."""

_MOST_BYTES = 32 << 20
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}|")
_log = logging.getLogger(__name__)


class UnfinishedFile:
    """`core.download_ports.UnfinishedDownloads` in a file that several hubtui may share.

    Every change reads the file anew under its lock. What was asked of another Hub stays in it, and is not offered.

    Args:
        path: of the file.
        hub: names the Hub, such as its address.
    """

    def __init__(self, path: Path, hub: str) -> None:
        self._path = path
        self._hub = hub

    def load(self) -> tuple[Unfinished, ...]:
        """Return what this Hub was asked for, oldest first."""
        return tuple(download for hub, download in self._read() if hub == self._hub)

    def keep(self, download: Unfinished) -> None:
        """Remember one, the oldest giving way.

        Raises:
            LocalStateError: the file cannot be written; nothing was changed.
        """
        if len(download.files) <= MOST_FILES:
            self._change(download, lambda others: [*others, (self._hub, download)][-MOST_DOWNLOADS:])

    def drop(self, download: Unfinished) -> None:
        """Forget one that is over.

        Raises:
            LocalStateError: the file cannot be written; nothing was changed.
        """
        self._change(download, lambda others: others)

    def _change(
        self, download: Unfinished, change: Callable[[list[tuple[str, Unfinished]]], list[tuple[str, Unfinished]]]
    ) -> None:
        mine = self._hub, download.key
        try:
            with locked(self._path):
                others = [entry for entry in self._read() if (entry[0], entry[1].key) != mine]
                document = {"version": 1, "downloads": [_encoded(*entry) for entry in change(others)]}
                write_atomically(self._path, json.dumps(document).encode())
        except OSError as error:
            raise LocalStateError(
                f"{self._path} cannot be written ({error.strerror or error}).",
                hint="Unfinished downloads are not offered at the next start.",
            ) from error

    def _read(self) -> list[tuple[str, Unfinished]]:
        try:
            entries = _entries(self._path)
        except FileNotFoundError:
            return []
        except OSError as error:
            _log.warning("%s cannot be read: %s", self._path, error)
            return []
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            set_aside(self._path, error)
            return []
        return [found for entry in entries[-MOST_DOWNLOADS:] if (found := _decoded(entry)) is not None]


def _entries(path: Path) -> list[Any]:
    """Return the entries of the file.

    Raises:
        OSError: it cannot be read.
        ValueError, TypeError, KeyError, RecursionError: it holds none.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("it is too large")
    entries = json.loads(path.read_bytes())["downloads"]
    if not isinstance(entries, list):
        raise TypeError("it holds no list")
    return entries


def _encoded(hub: str, download: Unfinished) -> dict[str, Any]:
    files = [[file.path, file.size, file.sha256 or file.blob_id] for file in download.files]
    return {
        "hub": hub,
        "model": download.model,
        "revision": download.revision,
        "commit": download.commit,
        "files": files,
    }


def _decoded(entry: Any) -> tuple[str, Unfinished] | None:  # noqa: ANN401  any JSON may stand in the file
    """Return a download, None for what describes none: a file that was edited must not lead anywhere."""
    try:
        model, revision, commit = (entry[name] for name in ("model", "revision", "commit"))
        files = tuple(_file(*parts) for parts in entry["files"][:MOST_FILES])
        if is_model_id(model) and is_revision(revision) and is_commit(commit) and files:
            return str(entry["hub"]), Unfinished(model, revision, commit, files)
    except (ValueError, TypeError, KeyError) as error:
        _log.warning("an unfinished download cannot be understood: %r", error)
        return None
    _log.warning("an unfinished download names nothing that could be fetched")
    return None


def _file(path: object, size: object, name: object) -> FileEntry:
    is_size = size is None or (isinstance(size, int) and not isinstance(size, bool) and size >= 0)
    if not (isinstance(path, str) and is_file_path(path) and is_size and isinstance(name, str)):
        raise ValueError("it names no file")
    if not _HASH.fullmatch(name):
        raise ValueError("it names no hash")
    of_lfs = len(name) == 64
    known_size = size if isinstance(size, int) else None
    return FileEntry(path, known_size, sha256=name if of_lfs else "", blob_id="" if of_lfs else name)
