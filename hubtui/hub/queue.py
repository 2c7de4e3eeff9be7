"""Downloads one after the other: a queue that a user adds to, pauses, resumes and cancels while it runs."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hubtui.core.downloads import DownloadItem, DownloadState
from hubtui.core.errors import CancelledError, DownloadError, HubtuiError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot
from hubtui.core.pace import Pace
from hubtui.core.ports import Downloads

_CLOSE_S = 1.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Job:
    """One download; `wish` is the state that the user wants of a running one, None to let it run."""

    number: int
    facts: ModelFacts
    files: tuple[FileEntry, ...]
    state: DownloadState = DownloadState.WAITING
    wish: DownloadState | None = None
    progress: DownloadProgress | None = None
    pace: Pace = field(default_factory=Pace)
    error: HubtuiError | None = None
    snapshot: Snapshot | None = None

    def item(self, now: float) -> DownloadItem:
        rate = left = None
        if self.state is DownloadState.RUNNING and self.progress is not None:
            pace = self.pace.after(now, self.progress.fetched_bytes)  # so that a stalled one slows down
            rate = pace.per_second
            left = pace.seconds_left(self.progress.total_bytes - self.progress.done_bytes)
        return DownloadItem(
            self.number, self.facts, self.files, self.state, self.progress, rate, left, self.error, self.snapshot
        )


class Queue:
    """Implements `core.ports.DownloadQueue`: one thread while something waits, none otherwise; shared by threads.

    Args:
        downloads: what brings the files.
        clock: seconds, for speeds.
    """

    def __init__(self, downloads: Downloads, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._downloads = downloads
        self._clock = clock
        self._numbers = itertools.count(1)
        self._jobs: dict[int, _Job] = {}
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._listener: Callable[[], None] = _nobody
        self._is_closed = False

    def add(self, facts: ModelFacts, files: Sequence[FileEntry]) -> int:
        """Put a download at the end; the same files of the same commit once more are the same download, resumed."""
        with self._lock:
            wanted = tuple(files)
            job = next((job for job in self._jobs.values() if _is_same(job, facts, wanted)), None)
            if job is None:
                number = next(self._numbers)
                job = self._jobs[number] = _Job(number, facts, wanted, DownloadState.PAUSED)
        self.resume(job.number)
        return job.number

    def items(self) -> tuple[DownloadItem, ...]:
        """Return all downloads in their order, with their speeds now."""
        with self._lock:
            now = self._clock()
            return tuple(job.item(now) for job in self._jobs.values())

    def pause(self, number: int) -> None:
        """Stop a waiting or running download for now; what has arrived is kept, and the next one begins."""
        self._stop(number, DownloadState.PAUSED, {DownloadState.WAITING})

    def cancel(self, number: int) -> None:
        """Stop a download for good; beginnings of files are removed, whole files stay in the cache."""
        before = {DownloadState.WAITING, DownloadState.PAUSED, DownloadState.FAILED}
        job = self._stop(number, DownloadState.CANCELLED, before)
        if job is not None:
            self._discard(job)

    def resume(self, number: int) -> None:
        """Let a paused or failed download wait for its turn again."""
        with self._lock:
            job = self._jobs.get(number)
            if job is None or job.state.is_over:
                return
            job.wish = None
            if job.state in {DownloadState.PAUSED, DownloadState.FAILED}:
                job.state, job.error = DownloadState.WAITING, None
                self._begin()
        self._listener()

    def forget(self, number: int) -> None:
        """Take a download that is over, or failed, off the list."""
        with self._lock:
            job = self._jobs.get(number)
            if job is not None and (job.state.is_over or job.state is DownloadState.FAILED):
                del self._jobs[number]
        self._listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Name who is told, in any thread, that `items` changed; bytes that come are not told, look now and then."""
        self._listener = listener

    def close(self) -> None:
        """Stop; what has arrived is kept."""
        with self._lock:
            self._is_closed = True
            for job in self._jobs.values():
                job.wish = DownloadState.PAUSED
            thread = self._thread
        if thread is not None:
            thread.join(_CLOSE_S)

    def _stop(self, number: int, wish: DownloadState, at_once: set[DownloadState]) -> _Job | None:
        """Give a download another state: now, and then return it, or as soon as its thread lets go."""
        with self._lock:
            job = self._jobs.get(number)
            if job is None:
                return None
            if job.state is DownloadState.RUNNING:
                job.wish = wish
                return None
            if job.state not in at_once:
                return None
            job.state = wish
        self._listener()
        return job

    def _begin(self) -> None:
        """Start the thread if there is none; for who holds the lock."""
        if self._thread is None and not self._is_closed:
            self._thread = threading.Thread(target=self._run, name="download-queue", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._listener()
            self._bring(job)
            self._listener()

    def _next(self) -> _Job | None:
        with self._lock:
            waiting = (job for job in self._jobs.values() if job.state is DownloadState.WAITING)
            job = None if self._is_closed else next(waiting, None)
            if job is None:
                self._thread = None
            else:
                job.state, job.wish, job.pace = DownloadState.RUNNING, None, Pace()
            return job

    def _bring(self, job: _Job) -> None:
        def told(progress: DownloadProgress) -> None:
            with self._lock:
                job.progress = progress
                job.pace = job.pace.after(self._clock(), progress.fetched_bytes)

        state, error = DownloadState.DONE, None
        try:
            job.snapshot = self._downloads.fetch(
                job.facts, job.files, progress=told, is_cancelled=lambda: job.wish is not None
            )
        except CancelledError:
            state = job.wish or DownloadState.WAITING  # resumed before it had stopped
        except HubtuiError as failure:
            state, error = DownloadState.FAILED, failure
        except Exception as failure:  # noqa: BLE001 - one download's defect must not end the queue
            _log.exception("download of %s failed", job.facts.id)
            state, error = DownloadState.FAILED, DownloadError(f"An error of hubtui's own ({type(failure).__name__}).")
        if state is DownloadState.CANCELLED:
            self._discard(job)
        with self._lock:
            job.state, job.error, job.wish = state, error, None

    def _discard(self, job: _Job) -> None:
        try:
            self._downloads.discard(job.facts, job.files)
        except OSError:
            _log.exception("the beginning of a cancelled download of %s could not be removed", job.facts.id)


def _is_same(job: _Job, facts: ModelFacts, files: tuple[FileEntry, ...]) -> bool:
    mine = (job.facts.id, job.facts.commit, [file.path for file in job.files])
    return not job.state.is_over and mine == (facts.id, facts.commit, [file.path for file in files])


def _nobody() -> None:
    pass
