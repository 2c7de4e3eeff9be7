"""The part of git that the Hub shows: blobs, trees and commits with git's own ids, over files on disk.

Ids are computed as git computes them (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects), lazily and once: a
listing of many repos hashes nothing.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

_CHUNK = 1 << 20
_LFS_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n"


class ChangedFileError(OSError):
    """A served file is no longer what it was when the server started."""


class Stopped(Exception):  # noqa: N818 - not an error: the server is going down
    """Hashing was given up because the server is going down."""


def object_id(kind: str, content: bytes) -> str:
    """Return git's sha1 of an object of that kind (`blob`, `tree`, `commit`)."""
    return hashlib.sha1(f"{kind} {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()


class Blob:
    """One version of one file, read from disk when asked for.

    Args:
        source: the file on disk.
        is_lfs: whether git holds only a pointer to it.
        stamp: stands in for the content in a commit's id, for files too large to hash before anybody asks; None hashes.
        sha256: of an LFS file, where it is known already.
        stopping: when set, a long hash is given up.
    """

    def __init__(
        self,
        source: Path,
        *,
        is_lfs: bool,
        stamp: str | None = None,
        sha256: str | None = None,
        stopping: threading.Event | None = None,
    ) -> None:
        state = source.stat()
        self.source = source
        self.size = state.st_size
        self.is_lfs = is_lfs
        self.stamp = stamp
        self._mtime_ns = state.st_mtime_ns
        self._stopping = stopping
        self._lock = threading.Lock()
        self._digest = sha256

    @property
    def mtime(self) -> float:
        """When the file on disk was last written, in seconds since 1970."""
        return self._mtime_ns / 1e9

    @property
    def etag(self) -> str:
        """What the Hub calls the content: sha256 of an LFS file (64 hex), else git's sha1 (40 hex)."""
        return self.sha256 if self.is_lfs else self.oid

    @property
    def sha256(self) -> str:
        """Sha256 of an LFS file's content."""
        return self._hash()

    @property
    def pointer(self) -> bytes:
        """The text that git holds in place of an LFS file."""
        return _LFS_POINTER.format(sha256=self.sha256, size=self.size).encode()

    @property
    def oid(self) -> str:
        """Git's id of the blob: of the pointer for LFS files."""
        return object_id("blob", self.pointer) if self.is_lfs else self._hash()

    @property
    def identity(self) -> str:
        """The id, or for stamped files a sha1 of the stamp, which costs no reading."""
        return object_id("blob", self.stamp.encode()) if self.stamp is not None else self.oid

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """Return up to `length` bytes from `offset`.

        Raises:
            OSError: the file cannot be read any more, or has changed (`ChangedFileError`).
        """
        self.check()
        with self.source.open("rb") as file:
            file.seek(offset)
            return file.read(-1 if length is None else max(0, length))

    def check(self) -> None:
        """Make sure that the file on disk is still the one whose size and hashes are told.

        Raises:
            OSError: it is gone, or has changed (`ChangedFileError`).
        """
        state = self.source.stat()
        if (state.st_size, state.st_mtime_ns) != (self.size, self._mtime_ns):
            raise ChangedFileError(f"{self.source.name} has changed on disk since the server started")

    def _hash(self) -> str:
        with self._lock:
            if self._digest is None:
                self._digest = self._compute()
            return self._digest

    def _compute(self) -> str:
        self.check()
        if self.is_lfs:
            digest = hashlib.sha256()
        else:
            digest = hashlib.sha1(f"blob {self.size}\0".encode(), usedforsecurity=False)
        with self.source.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if self._stopping is not None and self._stopping.is_set():
                    raise Stopped
                digest.update(chunk)
        return digest.hexdigest()


class Tree:
    """The files of one commit: path with `/` → blob."""

    def __init__(self, files: Mapping[str, Blob]) -> None:
        self.files: Mapping[str, Blob] = dict(sorted(files.items()))
        self._oids: dict[str, str] = {}

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """Every folder below the root, sorted."""
        found = set()
        for path in self.files:
            while "/" in path:
                path = path.rpartition("/")[0]  # noqa: PLW2901 - walks up from the file
                found.add(path)
        return tuple(sorted(found))

    @cached_property
    def identity(self) -> str:
        """Git's id of the root tree; where blobs are stamped, an id of the same make that needs no reading."""
        if all(blob.stamp is None for blob in self.files.values()):
            return self.oid("")
        listing = "".join(f"{path}\0{blob.identity}\n" for path, blob in self.files.items())
        return object_id("tree", listing.encode())

    def oid(self, folder: str) -> str:
        """Return git's id of a folder's tree; the root is the empty string."""
        if folder not in self._oids:
            entries = [
                (f"{name}/" if is_tree else name, is_tree, name, oid) for name, is_tree, oid in self._entries(folder)
            ]
            content = b"".join(
                f"{'40000' if is_tree else '100644'} {name}\0".encode() + bytes.fromhex(oid)
                for _, is_tree, name, oid in sorted(entries)  # git sorts a folder as if its name ended in a slash
            )
            self._oids[folder] = object_id("tree", content)
        return self._oids[folder]

    def _entries(self, folder: str) -> Iterator[tuple[str, bool, str]]:
        for path in self.folders:
            if path.rpartition("/")[0] == folder:
                yield path.rpartition("/")[2], True, self.oid(path)
        for path, blob in self.files.items():
            if path.rpartition("/")[0] == folder:
                yield path.rpartition("/")[2], False, blob.oid

    def has_folder(self, folder: str) -> bool:
        """Return whether there is such a folder; the root always is."""
        return not folder or folder in self.folders

    def size(self, folder: str) -> int:
        """Return the bytes of all files in and below a folder."""
        return sum(blob.size for path, blob in self.files.items() if not folder or path.startswith(f"{folder}/"))


@dataclass(frozen=True)
class Commit:
    """One commit; `date` is UTC, `parent` None for the first."""

    tree: Tree
    title: str
    author: str
    date: datetime
    message: str = ""
    parent: Commit | None = field(default=None, repr=False)

    @cached_property
    def id(self) -> str:
        """Git's id of the commit: 40 hex digits."""
        who = f"{self.author} <{self.author}@users.noreply.huggingface.co> {int(self.date.timestamp())} +0000"
        lines = [f"tree {self.tree.identity}"]
        if self.parent is not None:
            lines.append(f"parent {self.parent.id}")
        lines += [f"author {who}", f"committer {who}", "", self.title]
        if self.message:
            lines += ["", self.message]
        return object_id("commit", ("\n".join(lines) + "\n").encode())

    def history(self) -> tuple[Commit, ...]:
        """Return this commit and those before it, newest first."""
        commits: list[Commit] = []
        commit: Commit | None = self
        while commit is not None:
            commits.append(commit)
            commit = commit.parent
        return tuple(commits)

    def last_changes(self) -> Mapping[str, Commit]:
        """Return for every file and folder the newest commit in which it changed."""
        changed: dict[str, Commit] = {}
        for commit in self.history():
            before = commit.parent.tree.files if commit.parent else {}
            for path, blob in commit.tree.files.items():
                if path not in before or (before[path] is not blob and before[path].oid != blob.oid):
                    _mark(changed, path, commit)
            for path in before.keys() - commit.tree.files.keys():
                _mark(changed, path, commit)
        return changed


def _mark(changed: dict[str, Commit], path: str, commit: Commit) -> None:
    while path:
        changed.setdefault(path, commit)
        path = path.rpartition("/")[0]


def iso(date: datetime) -> str:
    """Return a date as the Hub writes it: UTC with milliseconds and `Z`."""
    return date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{date.microsecond // 1000:03d}Z"


class LfsRules:
    """Which files git keeps as LFS pointers: the `filter=lfs` lines of a `.gitattributes`, the last match deciding."""

    def __init__(self, attributes: str) -> None:
        self._rules: list[tuple[re.Pattern[str], bool, bool]] = []
        for line in attributes.splitlines():
            pattern, *flags = line.split() or [""]
            if not pattern or pattern.startswith("#"):
                continue
            for flag in flags:
                if flag == "filter=lfs" or flag in {"-filter", "!filter"}:
                    pattern_has_folder = "/" in pattern.rstrip("/")
                    self._rules.append((_glob(pattern.lstrip("/")), pattern_has_folder, flag == "filter=lfs"))

    def match(self, path: str) -> bool:
        """Return whether a path is kept as LFS."""
        name = path.rpartition("/")[2]
        decided = [is_lfs for regex, whole, is_lfs in self._rules if regex.fullmatch(path if whole else name)]
        return bool(decided) and decided[-1]


def _glob(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]]+\])", pattern)
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(
            known.get(part) or (part.replace("[!", "[^") if part.startswith("[") else re.escape(part)) for part in parts
        )
    )
