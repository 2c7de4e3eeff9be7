"""Reads `--root DIR`: every folder `DIR/<namespace>/<name>/` becomes a repo with the files that lie there."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from hubtui.demo.gitlike import Blob, Commit, LfsRules, Tree
from hubtui.demo.repository import Repository

LFS_FROM_BYTES = 10 << 20
"""Files of this size and more are kept as LFS whatever their name, as the Hub asks of uploads."""

_LFS_ENDINGS = (
    "7z|arrow|bin|bz2|ckpt|ftz|gguf|gz|h5|joblib|keras|mlmodel|model|msgpack|npy|npz|onnx|ot|parquet|pb|pickle|pkl|pt|pth|"
    "rar|safetensors|tar|tflite|tgz|wasm|xz|zip|zst"
)
_LFS_NAMES = LfsRules("\n".join(f"*.{ending} filter=lfs" for ending in _LFS_ENDINGS.split("|")))
_NAME = re.compile(r"[A-Za-z0-9_]([\w.-]{0,94}[\w])?", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_IGNORED_FOLDERS = frozenset({".git", ".cache", "__pycache__", ".ipynb_checkpoints"})
_MOST_FILES = 20_000

Report = Callable[[str], None]


class RootError(Exception):
    """The root folder cannot be served; the text is one sentence."""


def read_root(root: Path, report: Report, stopping: threading.Event) -> list[Repository]:
    """Read every checkpoint folder below a root.

    Args:
        root: the folder.
        report: called with one line for every folder or file that is passed over, and why.
        stopping: ends the hashing of large files when set.

    Raises:
        RootError: it is missing, no folder, unreadable or holds no checkpoint folder.
    """
    if not root.is_dir():
        raise RootError(f"{root} is not a folder.")
    try:
        namespaces = _folders(root)
    except OSError as error:
        raise RootError(f"{root} cannot be read: {error.strerror}.") from error
    found = [
        repository
        for namespace in namespaces
        for folder in _subfolders(namespace, report)
        if (repository := _read_folder(root, folder, report, stopping)) is not None
    ]
    if not found:
        raise RootError(
            f"{root} holds no checkpoint: its folders must be laid out as <namespace>/<name>/ with files in them."
        )
    return found


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name not in _IGNORED_FOLDERS)


def _subfolders(namespace: Path, report: Report) -> list[Path]:
    if not _is_name(namespace.name):
        report(f"{namespace.name!r} is skipped: a namespace is made of letters, digits, '-', '_' and '.'.")
        return []
    try:
        return _folders(namespace)
    except OSError as error:
        report(f"{namespace.name!r} is skipped: {error.strerror}.")
        return []


def _is_name(name: str) -> bool:
    """Whether the Hub's clients accept it as a part of a repo id."""
    return bool(_NAME.fullmatch(name)) and "--" not in name and ".." not in name and not name.endswith(".git")


def _read_folder(root: Path, folder: Path, report: Report, stopping: threading.Event) -> Repository | None:
    name = f"{folder.parent.name}/{folder.name}"
    if not _is_name(folder.name):
        report(f"{name!r} is skipped: a model's name is made of letters, digits, '-', '_' and '.'.")
        return None
    walker = _Walker(root.resolve(), report, stopping)
    if not walker.may_enter(folder):
        report(f"{name!r} is skipped: it is a link that leads out of the served folder, or nowhere.")
        return None
    blobs: dict[str, Blob] = {}
    for path, source in walker.files(folder.resolve()):
        blob = walker.blob(path, source)
        if blob is not None:
            blobs[path] = blob
    if not blobs:
        report(f"{name!r} is skipped: there is no file in it that can be read.")
        return None
    newest = max(blob.mtime for blob in blobs.values())
    date = datetime.fromtimestamp(int(newest), UTC)
    commit = Commit(Tree(blobs), "Files as found on disk", folder.parent.name, date)
    return Repository(id=name, created=date, branches={"main": commit})


class _Walker:
    """Finds the files of one folder without leaving the root.

    Symbolic links are followed to targets inside the root and, for so the Hugging Face cache keeps its files, to the
    `blobs` folder beside the `snapshots` folder that a link lies in.
    """

    def __init__(self, root: Path, report: Report, stopping: threading.Event) -> None:
        self._root = root
        self._report = report
        self._stopping = stopping

    def files(self, folder: Path) -> Iterator[tuple[str, Path]]:
        """Yield path in the repo and file on disk; no folder is entered twice, so that links cannot lead in circles."""
        waiting, entered, found = [("", folder)], {folder.resolve()}, 0
        while waiting:
            prefix, current = waiting.pop()
            for entry in self._entries(current):
                path = f"{prefix}{entry.name}"
                here = Path(entry.path)
                if not self._is_servable(path, here):
                    continue
                if here.is_dir():
                    if entry.name not in _IGNORED_FOLDERS and here.resolve() not in entered:
                        entered.add(here.resolve())
                        waiting.append((f"{path}/", here))
                elif here.is_file():
                    found += 1
                    if found > _MOST_FILES:
                        self._report(f"{folder}: only the first {_MOST_FILES} files are served.")
                        return
                    yield path, here

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._report(f"{folder} is skipped: {error.strerror}.")
            return []

    def _is_servable(self, path: str, here: Path) -> bool:
        if not path.isprintable() or "\\" in path:
            self._report(f"{path!r} is skipped: its name cannot be shown.")
            return False
        if here.is_symlink() and not self.may_follow(here):
            self._report(f"{path!r} is skipped: it is a link that leads out of the served folder, or nowhere.")
            return False
        return True

    def may_follow(self, link: Path) -> bool:
        """Return whether a path ends inside the root or in the blobs of the cache that it is part of."""
        try:
            target = link.resolve(strict=True)
        except (OSError, RuntimeError):
            return False
        return target.is_relative_to(self._root) or any(
            target.parent == parent.parent / "blobs" for parent in link.absolute().parents if parent.name == "snapshots"
        )

    def may_enter(self, folder: Path) -> bool:
        """Return whether a model's folder lies inside the root, or links to a snapshot of a Hugging Face cache."""
        target = folder.resolve()
        in_cache = target.parent.name == "snapshots" and target.parent.parent.name.startswith("models--")
        return target.is_dir() and (target.is_relative_to(self._root) or in_cache)

    def blob(self, path: str, source: Path) -> Blob | None:
        """Return the file's blob; None when it cannot be read."""
        target = source.resolve()
        # The Hugging Face cache names a blob by the hash that it was downloaded by: 64 digits are an LFS file's sha256.
        known = target.name if target.parent.name == "blobs" and _SHA256.fullmatch(target.name) else None
        try:
            state = target.stat()
            with target.open("rb"):
                is_lfs = known is not None or state.st_size >= LFS_FROM_BYTES or _LFS_NAMES.match(path)
                stamp = f"{path} {state.st_size} {state.st_mtime_ns}" if is_lfs else None
                return Blob(target, is_lfs=is_lfs, stamp=stamp, sha256=known, stopping=self._stopping)
        except OSError as error:
            self._report(f"{path!r} is skipped: {error.strerror}.")
            return None
