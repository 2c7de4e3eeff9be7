"""Writes a repo's part of the Hugging Face cache in huggingface_hub's layout: blobs, snapshots that link to them, refs.

Partial files are kept as `blobs/<name>.incomplete`, so that a download goes on where it stopped, in whatever process.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from filelock import Timeout
from huggingface_hub.utils import WeakFileLock  # type: ignore[attr-defined]  # exported lazily

from hubtui.core.downloads import DownloadPlan
from hubtui.core.errors import CancelledError, DownloadError
from hubtui.core.models import FileEntry

_BLOCK = 1 << 20
_LOCK_POLL_S = 0.2
_PROBE_S = 0.02
_IN_USE = "hubtui-in-use.lock"
_BLOB_NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CACHEDIR_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This file is a cache directory tag created by huggingface_hub.\n"
    "# For information about cache directory tags, see:\n#\thttps://bford.info/cachedir/\n"
)

Tick = Callable[[int], None]
"""Called with the number of bytes that were just read; raises `CancelledError` to stop."""


class Hasher(Protocol):
    """What `hashlib` makes."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""

    def hexdigest(self) -> str:
        """Return the hash of all bytes so far."""


def blob_name(file: FileEntry) -> str:
    """Return the name of a file's blob, which is its hash: sha256 of LFS files, else git's sha1; empty when unknown."""
    return file.sha256 or file.blob_id


def is_blob_name(name: str) -> bool:
    """Say whether a server's ETag is a hash, and so safe as a file name."""
    return bool(_BLOB_NAME.fullmatch(name))


def hasher(name: str, size: int) -> Hasher:
    """Return the hash function that a blob's name is of; git's sha1 begins with the size."""
    if len(name) == 64:
        return hashlib.sha256()
    return hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)


class RepoStore:
    """One model's folder in the cache.

    Args:
        folder: `<cache>/models--<namespace>--<name>`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._blobs = folder / "blobs"

    def snapshot(self, commit: str) -> Path:
        """Return the folder of a commit's files."""
        return self.folder / "snapshots" / commit

    def blob(self, name: str) -> Path:
        """Return where a blob is, or would be."""
        return self._blobs / name

    def partial(self, name: str) -> Path:
        """Return where a blob's beginning is kept."""
        return self._blobs / f"{name}.incomplete"

    def partial_bytes(self, name: str) -> int:
        """Return how much of a blob's beginning is kept."""
        try:
            return self.partial(name).stat().st_size
        except OSError:
            return 0

    def drop_partial(self, name: str) -> int:
        """Remove a blob's beginning and return its bytes; for who holds its lock."""
        size = self.partial_bytes(name)
        self.partial(name).unlink(missing_ok=True)
        return size

    def present(self, commit: str, path: str, name: str) -> Path | None:
        """Return the file that holds a path's bytes, None when nothing does."""
        for place in (self.snapshot(commit) / path, self.blob(name)):
            if place.is_file():
                return place
        return None

    def discard(self, commit: str, path: str, name: str) -> None:
        """Remove a file whose bytes are wrong, with the link to it."""
        (self.snapshot(commit) / path).unlink(missing_ok=True)
        self.blob(name).unlink(missing_ok=True)

    def prepare(self) -> None:
        """Make the folders."""
        self._blobs.mkdir(parents=True, exist_ok=True)
        tag = self.folder.parent / "CACHEDIR.TAG"
        if not tag.exists():
            tag.write_text(_CACHEDIR_TAG, "utf-8")

    @property
    def _locks(self) -> Path:
        return self.folder.parent / ".locks" / self.folder.name

    @contextmanager
    def locked(self, name: str, is_cancelled: Callable[[], bool]) -> Generator[None]:
        """Hold the lock that huggingface_hub takes for a blob, so that two processes do not fetch it at once."""
        place = self._locks / f"{name}.lock"
        place.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            while True:
                if is_cancelled():
                    raise CancelledError("The download was stopped.")
                with suppress(Timeout):
                    held.enter_context(WeakFileLock(place, timeout=_LOCK_POLL_S))
                    break
            yield

    @contextmanager
    def locked_at_once(self, name: str) -> Generator[bool]:
        """Hold a blob's lock if nobody else does; tell whether it is held."""
        place = self._locks / f"{name}.lock"
        place.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            is_held = False
            with suppress(Timeout):
                held.enter_context(WeakFileLock(place, timeout=_PROBE_S))
                is_held = True
            yield is_held

    def blob_in_transit(self) -> str:
        """Return the name of a blob whose lock another download holds now, of whatever library; empty for none."""
        names = sorted(place.stem for place in self._locks.glob("*.lock") if place.name != _IN_USE)
        for name in names:
            with self.locked_at_once(name) as is_free:
                if not is_free:
                    return name
        return ""

    @contextmanager
    def in_use(self, is_cancelled: Callable[[], bool]) -> Generator[None]:
        """Keep deletions of the model away, also between two files, when no blob is locked; downloads share this.

        A cache that cannot be written, or a file system without locks, does not hold up a download.
        """
        with ExitStack() as held:
            with suppress(OSError):
                self._locks.mkdir(parents=True, exist_ok=True)
                file = held.enter_context((self._locks / _IN_USE).open("ab"))
                while not _flocked(file.fileno(), fcntl.LOCK_SH):
                    if is_cancelled():
                        raise CancelledError("The download was stopped.")
                    time.sleep(_LOCK_POLL_S)
            yield

    @contextmanager
    def unused(self) -> Generator[bool]:
        """Keep hubtui's downloads of the model away, if none is under way; tell whether they are."""
        self._locks.mkdir(parents=True, exist_ok=True)
        with (self._locks / _IN_USE).open("ab") as file:
            yield _flocked(file.fileno(), fcntl.LOCK_EX)

    def finish(self, name: str) -> None:
        """Turn a complete partial file into the blob, on the disk before it has the name."""
        partial = self.partial(name)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(self.blob(name))

    def link(self, commit: str, path: str, name: str) -> None:
        """Make a commit's path lead to its blob: a relative link, or the file itself where links are impossible."""
        place = self.snapshot(commit) / path
        blob = self.blob(name)
        if place.exists() or not blob.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)  # a link that leads nowhere
        try:
            place.symlink_to(os.path.relpath(blob, place.parent))
        except FileExistsError:
            return  # another process was faster
        except OSError:
            shutil.move(blob, place)

    def point(self, revision: str, commit: str) -> None:
        """Write down which commit a branch or tag is at."""
        place = self.folder / "refs" / revision
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f".ref-{uuid.uuid4().hex}"  # unique, for threads and processes write at the same time
        fresh.write_text(commit, "utf-8")
        fresh.replace(place)


def hash_file(place: Path, into: Hasher, tick: Tick) -> None:
    """Feed a whole file to a hash function."""
    with place.open("rb") as file:
        while block := file.read(_BLOCK):
            into.update(block)
            tick(len(block))


def is_intact(place: Path, name: str, size: int | None, tick: Tick) -> bool:
    """Say whether a file has the size and hash it should have."""
    actual = place.stat().st_size
    if size is not None and actual != size:
        return False
    digest = hasher(name, actual)
    hash_file(place, digest, tick)
    return digest.hexdigest() == name


def space_plan(folder: Path, total_bytes: int, left_bytes: int, unsized: int = 0) -> DownloadPlan:
    """Return what a download into a folder takes, beside what its disk has free."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    return DownloadPlan(str(existing), total_bytes, left_bytes, shutil.disk_usage(existing).free, unsized)


def check_space(plan: DownloadPlan) -> None:
    """Refuse to begin what the disk cannot hold.

    Raises:
        DownloadError: with what is needed and what is free.
    """
    if not plan.fits:
        raise DownloadError(
            plan.sentence, hint="Free some space (hubtui cache list), or choose another folder with --cache-dir."
        )


def _flocked(descriptor: int, kind: int) -> bool:
    """Take a lock of the kernel's if it is free; it goes with the descriptor, so a killed process leaves none."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
