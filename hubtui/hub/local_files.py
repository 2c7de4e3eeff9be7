"""Checkpoints on this machine: a folder, or a snapshot in the Hugging Face cache; nothing here asks the network."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from hubtui.core import checkpoint
from hubtui.core.models import CachedModel, FileEntry
from hubtui.core.names import is_commit, is_file_path, is_model_id, is_revision

_MOST_FILES = 20_000
_HIDDEN = frozenset({".git", ".cache", "__pycache__", ".ipynb_checkpoints"})
_HEX = re.compile(r"[0-9a-f]+")
_PREFIX = "models--"


class FolderFiles:
    """The files below a folder, as `core.checkpoint` reads them; links that lead nowhere are left out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sizes = dict(_walk(folder))

    def sizes(self) -> Mapping[str, int]:
        """Return path from the folder, with `/` → bytes."""
        return self._sizes

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return up to `length` bytes from `offset`."""
        with (self.folder / path).open("rb") as file:
            file.seek(offset)
            return file.read(-1 if length is None else length)

    def entries(self) -> tuple[FileEntry, ...]:
        """Return the files; those of a snapshot with the hash that the name of their blob states."""
        return tuple(self._entry(path, size) for path, size in sorted(self._sizes.items()))

    def _entry(self, path: str, size: int) -> FileEntry:
        place = self.folder / path
        name = place.readlink().name if place.is_symlink() else ""
        is_hash = bool(_HEX.fullmatch(name))
        return FileEntry(
            path=path,
            size=size,
            sha256=name if is_hash and len(name) == 64 else "",
            blob_id=name if is_hash and len(name) == 40 else "",
            format=checkpoint.file_format(path),
        )


def _walk(folder: Path) -> Iterator[tuple[str, int]]:
    left = _MOST_FILES
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _HIDDEN)
        for name in sorted(names):
            place = Path(root, name)
            path = place.relative_to(folder).as_posix()
            left -= 1
            if left < 0:
                return
            try:
                size = place.stat().st_size if is_file_path(path) and place.is_file() else None
            except OSError:
                continue
            if size is not None:
                yield path, size


class ModelCache:
    """The model repos of a Hugging Face cache folder, in the layout that huggingface_hub writes."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder).expanduser()

    def repo(self, model: str) -> Path:
        """Return where a model's blobs, refs and snapshots are, or would be."""
        return self.folder / (_PREFIX + model.replace("/", "--"))

    def ids(self) -> tuple[str, ...]:
        """Return the models with at least one snapshot."""
        return tuple(model for model, _ in self._repos())

    def folders(self) -> tuple[str, ...]:
        """Return the models that have a folder, be it without a snapshot."""
        return tuple(model for model, _ in self._folders())

    def snapshot(self, model: str, revision: str | None = None) -> tuple[str, Path] | None:
        """Return commit and folder of a cached snapshot: of `revision`, else of main, else the newest one."""
        repo = self.repo(model)
        if revision is not None:
            commit = revision if is_commit(revision) else _ref(repo, revision)
            return self._existing(repo, commit)
        return self._existing(repo, _ref(repo, "main")) or self._existing(repo, next(iter(_commits(repo)), ""))

    def models(self) -> tuple[CachedModel, ...]:
        """Return the cached models, last used first."""
        found = [_cached_model(model, repo) for model, repo in self._repos()]
        return tuple(sorted(found, key=lambda entry: entry.last_used or datetime.min.replace(tzinfo=UTC), reverse=True))

    def _repos(self) -> Iterator[tuple[str, Path]]:
        return ((model, repo) for model, repo in self._folders() if _commits(repo))

    def _folders(self) -> Iterator[tuple[str, Path]]:
        try:
            repos = sorted(self.folder.iterdir())
        except OSError:
            return
        for repo in repos:
            name = repo.name
            model = name.removeprefix(_PREFIX).replace("--", "/")
            if name.startswith(_PREFIX) and is_model_id(model):
                yield model, repo

    @staticmethod
    def _existing(repo: Path, commit: str) -> tuple[str, Path] | None:
        folder = repo / "snapshots" / commit
        return (commit, folder) if is_commit(commit) and folder.is_dir() else None


def fetched(snapshot: Path) -> datetime | None:
    """Return when the last file of a snapshot came to this machine."""
    try:
        return datetime.fromtimestamp(snapshot.stat().st_mtime, UTC)
    except OSError:
        return None


def _ref(repo: Path, revision: str) -> str:
    if not is_revision(revision):
        return ""
    try:
        return (repo / "refs" / revision).read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""


def _commits(repo: Path) -> tuple[str, ...]:
    """The commits that have files here, newest first."""
    try:
        folders = [place for place in (repo / "snapshots").iterdir() if is_commit(place.name) and any(place.iterdir())]
        return tuple(place.name for place in sorted(folders, key=lambda place: place.stat().st_mtime, reverse=True))
    except OSError:
        return ()


def _cached_model(model: str, repo: Path) -> CachedModel:
    size, used = 0, 0.0
    for folder in (repo / "blobs", repo / "snapshots"):
        for place in folder.rglob("*"):
            try:
                if place.is_symlink() or not place.is_file():
                    continue
                status = place.stat()
            except OSError:
                continue
            size += status.st_size
            used = max(used, status.st_atime, status.st_mtime)
    last_used = datetime.fromtimestamp(used, UTC) if used else None
    return CachedModel(model, size, _commits(repo), last_used)
