"""Fakes of the download queue and of the cache: a test moves them on itself. No thread, no disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hubtui.core.cache import CachedFile, CachedRepo, CachedRevision, Deletion, DeletionPlan
from hubtui.core.downloads import DownloadItem, DownloadState, Unfinished
from hubtui.core.errors import CacheError, CancelledError, HubtuiError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot
from tests.fake_rows import NOW

if TYPE_CHECKING:
    from hubtui.core.download_ports import Downloads

_STOPPABLE = {DownloadState.WAITING, DownloadState.RUNNING, DownloadState.PAUSED, DownloadState.FAILED}


@dataclass
class FakeUnfinished:
    """What is remembered of downloads, in memory."""

    left: list[Unfinished] = field(default_factory=list)
    error: HubtuiError | None = None

    def load(self) -> tuple[Unfinished, ...]:
        """Return them."""
        return tuple(self.left)

    def keep(self, download: Unfinished) -> None:
        """Remember one."""
        if self.error is not None:
            raise self.error
        self.left.append(download)

    def drop(self, download: Unfinished) -> None:
        """Forget one."""
        self.left = [other for other in self.left if other.key != download.key]


@dataclass
class FakeQueue:
    """A queue in which nothing happens by itself: `move` and `finish` are the network; with `ends` all end at once.

    What is brought for somebody who waits comes from `fetcher`, past the list; `recalled` are of earlier sessions.
    """

    downloads: dict[int, DownloadItem] = field(default_factory=dict)
    recalled: list[DownloadItem] = field(default_factory=list)
    fetcher: Callable[[], Downloads] | None = None
    is_closed: bool = False
    ends: bool = False
    error: HubtuiError | None = None
    _listeners: list[Callable[[], object]] = field(default_factory=list)

    def recall(self) -> None:
        """Take the downloads of earlier sessions over, once."""
        recalled, self.recalled = self.recalled, []
        for item in recalled:
            self._replace(item)

    def bring(
        self,
        facts: ModelFacts,
        files: Sequence[FileEntry],
        *,
        told: Callable[[DownloadItem], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
        stays: bool = True,
    ) -> Snapshot:
        """Bring the files at once."""
        del stays
        if self.fetcher is None:
            raise CancelledError("This test has no downloads.")

        def came(progress: DownloadProgress) -> None:
            if told is not None:
                told(DownloadItem(0, facts, tuple(files), DownloadState.RUNNING, progress))

        return self.fetcher().fetch(facts, files, progress=came, is_cancelled=is_cancelled)

    def add(self, facts: ModelFacts, files: Sequence[FileEntry]) -> int:
        """Put a download at the end; the first one runs."""
        number = len(self.downloads) + 1
        self._replace(DownloadItem(number, facts, tuple(files), DownloadState.WAITING))
        if self.ends:
            self.finish(number, self.error)
        return number

    def items(self) -> tuple[DownloadItem, ...]:
        """Return all downloads in their order."""
        return tuple(self.downloads.values())

    def pause(self, number: int) -> None:
        """Stop one for now."""
        self._put(number, DownloadState.PAUSED)

    def resume(self, number: int) -> None:
        """Let one wait again."""
        self._put(number, DownloadState.WAITING)

    def cancel(self, number: int) -> None:
        """Stop one for good."""
        self._put(number, DownloadState.CANCELLED)

    def forget(self, number: int) -> None:
        """Take one off the list."""
        self.downloads.pop(number, None)
        self._changed()

    def listen(self, listener: Callable[[], object]) -> None:
        """Remember who listens."""
        self._listeners.append(listener)

    def close(self) -> None:
        """Remember it."""
        self.is_closed = True

    def move(self, number: int, done: int, bytes_per_second: float, seconds_left: float) -> None:
        """Let bytes arrive."""
        item = self.downloads[number]
        total = sum(file.size or 0 for file in item.files)
        progress = DownloadProgress(item.files[0].path, done, total, done)
        self._replace(replace(item, progress=progress, bytes_per_second=bytes_per_second, seconds_left=seconds_left))

    def finish(self, number: int, error: HubtuiError | None = None) -> None:
        """End a download, well or with an error."""
        item = self.downloads[number]
        snapshot = None if error else Snapshot(f"/cache/{item.facts.id}", item.facts.commit, 1_000, 1.0)
        state = DownloadState.FAILED if error else DownloadState.DONE
        self._replace(replace(item, state=state, error=error, snapshot=snapshot))

    def _put(self, number: int, state: DownloadState) -> None:
        item = self.downloads.get(number)
        if item is not None and item.state in _STOPPABLE:
            self._replace(replace(item, state=state, error=None))

    def _replace(self, item: DownloadItem) -> None:
        states = [other.state for other in self.downloads.values() if other.number != item.number]
        if item.state is DownloadState.WAITING and DownloadState.RUNNING not in states:
            item = replace(item, state=DownloadState.RUNNING)
        self.downloads[item.number] = item
        self._changed()

    def _changed(self) -> None:
        for listener in self._listeners:
            listener()


_BLOBS = {"1" * 40: 2_345, "2" * 40: 640, "3" * 64: 445_000_000, "5" * 64: 445_000_000}
CACHED = (
    CachedRepo(
        "almanach/camembert-base",
        (
            CachedRevision(
                "c" * 40,
                ("main",),
                (CachedFile("README.md", 2_345, "1" * 40), CachedFile("model.safetensors", 445_000_000, "3" * 64)),
                NOW,
            ),
            CachedRevision(
                "b" * 40,
                ("v1.0",),
                (CachedFile("README.md", 2_345, "1" * 40), CachedFile("model.safetensors", 445_000_000, "5" * 64)),
                NOW - timedelta(days=400),
            ),
        ),
        _BLOBS,
        {},
        NOW,
    ),
    CachedRepo("someone/begun", (), {}, {f"{'4' * 64}.incomplete": 9_000_000}, NOW - timedelta(days=9)),
)
"""Two revisions that share a card, and a download that was never finished."""


@dataclass
class FakeCache:
    """A cache in memory."""

    models: tuple[CachedRepo, ...] = CACHED
    error: HubtuiError | None = None
    deleted: list[DeletionPlan] = field(default_factory=list)

    def repos(self) -> tuple[CachedRepo, ...]:
        """Return the models."""
        return self.models

    def repo(self, model: str) -> CachedRepo | None:
        """Return one model."""
        return next((repo for repo in self.models if repo.model == model), None)

    def delete(self, plan: DeletionPlan) -> Deletion:
        """Take the revisions away."""
        if self.error is not None:
            raise self.error
        repo = self.repo(plan.model)
        if repo is None:
            raise CacheError(f"Nothing of {plan.model} is in the cache.")
        self.deleted.append(plan)
        kept = tuple(revision for revision in repo.revisions if revision.commit not in plan.commits)
        left = replace(
            repo, revisions=kept, blobs={name: size for name, size in repo.blobs.items() if name not in plan.blobs}
        )
        others = tuple(other for other in self.models if other.model != plan.model)
        self.models = others if plan.is_whole else (left, *others)
        return Deletion(plan, plan.freed_bytes)
