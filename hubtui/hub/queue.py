"""Downloads that a user or a run asked for: one after the other, or at once for who waits; paused and resumed."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hubtui.core.downloads import DownloadItem, DownloadState
from hubtui.core.errors import CancelledError, DownloadError, HubtuiError, LocalStateError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot
from hubtui.core.pace import Pace
from hubtui.hub.queue_job import Job, Told

if TYPE_CHECKING:
    from collections.abc import Generator

    from hubtui.core.download_ports import Downloads, UnfinishedDownloads

_CLOSE_S = 1.0
_POLL_S = 0.1
_STOPPED = "The download was stopped."
_log = logging.getLogger(__name__)


class Queue:
    """Implements `core.ports.DownloadQueue`: one thread while something waits, none otherwise; shared by threads.

    Args:
        downloads: returns what brings the files; asked for it in the threads that need it.
        unfinished: what is remembered between sessions.
        clock: seconds, for speeds.
    """

    def __init__(
        self,
        downloads: Callable[[], Downloads],
        unfinished: UnfinishedDownloads,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._downloads = downloads
        self._unfinished = unfinished
        self._clock = clock
        self._numbers = itertools.count(1)
        self._jobs: dict[int, Job] = {}
        self._changed = threading.Condition(threading.RLock())
        self._thread: threading.Thread | None = None
        self._listeners: tuple[Callable[[], object], ...] = ()
        self._is_recalled = self._is_closed = False

    # -- what earlier sessions left

    def recall(self) -> None:
        """Take over, paused, what earlier sessions left unfinished; what came to be whole meanwhile is forgotten."""
        with self._changed:
            if self._is_recalled:
                return
            self._is_recalled = True
        for left in self._unfinished.load():
            facts = ModelFacts(left.model, left.revision, left.commit, files=left.files)
            job = Job(0, facts, left.files, DownloadState.PAUSED, is_asked=True, is_remembered=True)
            try:
                plan = self._downloads().plan(facts, left.files)
            except (HubtuiError, OSError) as error:
                _log.warning("what is here of %s is not known: %s", left.model, error)
            else:
                if not plan.left_bytes and not plan.unsized:
                    self._remember(job, is_over=True)
                    continue
                job.progress = DownloadProgress("", plan.total_bytes - plan.left_bytes, plan.total_bytes)
            with self._changed:
                if self._find(facts, left.files) is None:
                    job.number = next(self._numbers)
                    self._jobs[job.number] = job
        self._tell()

    # -- asking for files

    def add(self, facts: ModelFacts, files: Sequence[FileEntry]) -> int:
        """Put a download at the end; the same files of the same commit once more are the same download, resumed."""
        with self._changed:
            job = self._find(facts, files) or self._made(facts, files)
            job.is_asked = True
        self._remember(job)
        self.resume(job.number)
        return job.number

    def bring(
        self,
        facts: ModelFacts,
        files: Sequence[FileEntry],
        *,
        told: Told | None = None,
        is_cancelled: Callable[[], bool] | None = None,
        stays: bool = True,
    ) -> Snapshot:
        """Bring the files for somebody who waits: beside the queue, not after it."""
        if facts.folder:
            return self._downloads().fetch(facts, files)
        is_left = is_cancelled or _never
        with self._borrowed(facts, files, told, stays=stays) as job:
            while not job.is_settled:
                if is_left() or self._is_closed:
                    raise CancelledError(_STOPPED, hint="What has arrived is kept for the next time.")
                if self._claim(job):
                    self._fetch(job, is_left)
                    continue
                with self._changed:
                    self._changed.wait(_POLL_S)
                job.tell(self._clock())
            if job.snapshot is not None:
                return job.snapshot
            raise job.error if job.state is DownloadState.FAILED and job.error else CancelledError(_STOPPED)

    @contextmanager
    def _borrowed(
        self, facts: ModelFacts, files: Sequence[FileEntry], told: Told | None, *, stays: bool
    ) -> Generator[Job]:
        """Have a job that somebody waits for; a paused or failed one goes on."""
        with self._changed:
            job = self._find(facts, files) or self._made(facts, files)
            job.borrowers += 1
            job.stays = job.stays or stays
            if told is not None:
                job.told.append(told)
        self.resume(job.number)
        try:
            yield job
        finally:
            with self._changed:
                job.borrowers -= 1
                if told is not None:
                    job.told.remove(told)
                if job.state is DownloadState.RUNNING and not job.is_wanted:
                    job.wish = DownloadState.PAUSED  # another thread brings it, which nobody asked for any more
                self._tidy(job)
            self._tell()

    def _tidy(self, job: Job) -> None:
        """Pause, or forget, what nobody asked for and nobody waits for any more; for who holds the lock."""
        if job.state is DownloadState.RUNNING:
            return
        if job.is_wanted:
            if job.is_asked and job.state is DownloadState.WAITING:
                self._begin()
            return
        if job.state is DownloadState.WAITING:
            job.state = DownloadState.PAUSED
        if not (job.stays and job.has_fetched):
            self._jobs.pop(job.number, None)

    def _find(self, facts: ModelFacts, files: Sequence[FileEntry]) -> Job | None:
        key = facts.id, facts.commit, tuple(file.path for file in files)
        return next((job for job in self._jobs.values() if not job.state.is_over and job.unfinished.key == key), None)

    def _made(self, facts: ModelFacts, files: Sequence[FileEntry]) -> Job:
        number = next(self._numbers)
        job = self._jobs[number] = Job(number, facts, tuple(files), DownloadState.PAUSED)
        return job

    # -- the list

    def items(self) -> tuple[DownloadItem, ...]:
        """Return all downloads in their order, with their speeds now."""
        with self._changed:
            now = self._clock()
            return tuple(job.item(now) for job in self._jobs.values() if job.is_shown)

    def pause(self, number: int) -> None:
        """Stop a waiting or running download for now; what has arrived is kept, and the next one begins."""
        self._stop(number, DownloadState.PAUSED, {DownloadState.WAITING})

    def cancel(self, number: int) -> None:
        """Stop a download for good; beginnings of files are removed, whole files stay in the cache."""
        before = {DownloadState.WAITING, DownloadState.PAUSED, DownloadState.FAILED}
        job = self._stop(number, DownloadState.CANCELLED, before)
        if job is not None:
            job.error = self._discard(job)
            self._tell()

    def resume(self, number: int) -> None:
        """Let a paused or failed download wait for its turn again."""
        with self._changed:
            job = self._jobs.get(number)
            if job is None or job.state.is_over:
                return
            job.wish = None
            if job.state in {DownloadState.PAUSED, DownloadState.FAILED}:
                job.state, job.error = DownloadState.WAITING, None
                if job.is_asked and not job.borrowers:  # else who waits for it brings it
                    self._begin()
        self._tell()

    def forget(self, number: int) -> None:
        """Take a download that is over, or failed, off the list."""
        with self._changed:
            job = self._jobs.get(number)
            if job is None or not (job.state.is_over or job.state is DownloadState.FAILED):
                return
            del self._jobs[number]
        self._remember(job, is_over=True)
        self._tell()

    def listen(self, listener: Callable[[], object]) -> None:
        """Name one more who is told, in any thread, that `items` changed."""
        self._listeners = (*self._listeners, listener)

    def close(self) -> None:
        """Stop within about a second; what has arrived is kept, and what is unfinished is remembered."""
        until = time.monotonic() + _CLOSE_S
        with self._changed:
            self._is_closed, self._listeners = True, ()
            for job in self._jobs.values():
                job.wish = DownloadState.PAUSED
            self._changed.notify_all()
            thread = self._thread
            while any(job.state is DownloadState.RUNNING for job in self._jobs.values()):
                if not self._changed.wait(until - time.monotonic()):
                    break
        if thread is not None:
            thread.join(max(0.0, until - time.monotonic()))

    def _stop(self, number: int, wish: DownloadState, at_once: set[DownloadState]) -> Job | None:
        """Give a download another state: now, and then return it, or as soon as its thread lets go."""
        with self._changed:
            job = self._jobs.get(number)
            if job is None:
                return None
            if job.state is DownloadState.RUNNING:
                job.wish = wish
                return None
            if job.state not in at_once:
                return None
            job.state = wish
        self._tell()
        return job

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()
        for listener in self._listeners:
            listener()

    # -- the work

    def _begin(self) -> None:
        """Start the thread if there is none; for who holds the lock."""
        if self._thread is None and not self._is_closed:
            self._thread = threading.Thread(target=self._run, name="download-queue", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._fetch(job, _never)

    def _next(self) -> Job | None:
        with self._changed:
            waiting = (job for job in self._jobs.values() if job.is_asked and not job.borrowers)
            job = next((job for job in waiting if self._claim(job)), None)
            if job is None:
                self._thread = None
            return job

    def _claim(self, job: Job) -> bool:
        """Turn a waiting job into a running one; say whether that is now for the caller to bring."""
        with self._changed:
            if job.state is not DownloadState.WAITING or self._is_closed:
                return False
            job.state, job.wish, job.pace = DownloadState.RUNNING, None, Pace()
            return True

    def _fetch(self, job: Job, is_left: Callable[[], bool]) -> None:
        def came(progress: DownloadProgress) -> None:
            with self._changed:
                was_shown, job.progress = job.is_shown, progress
                job.has_fetched = job.has_fetched or progress.fetched_bytes > 0
                job.pace = job.pace.after(self._clock(), progress.fetched_bytes)
                is_new = job.is_shown and not was_shown
            if is_new:
                self._remember(job)
                self._tell()
            job.tell(self._clock())

        self._tell()
        state, error = DownloadState.DONE, None
        try:
            job.snapshot = self._downloads().fetch(
                job.facts, job.files, progress=came, is_cancelled=lambda: job.wish is not None or is_left()
            )
        except CancelledError:
            state = job.wish or DownloadState.WAITING  # resumed before it had stopped, or left by who waited
        except HubtuiError as failure:
            state, error = DownloadState.FAILED, failure
        except Exception as failure:  # noqa: BLE001 - one download's defect must not end the queue
            _log.exception("download of %s failed", job.facts.id)
            state, error = DownloadState.FAILED, DownloadError(f"An error of hubtui's own ({type(failure).__name__}).")
        if state is DownloadState.CANCELLED:
            error = self._discard(job)
        elif state is DownloadState.DONE:
            self._remember(job, is_over=True)
        with self._changed:
            job.state, job.error, job.wish = state, error, None
            self._tidy(job)
        self._tell()

    def _discard(self, job: Job) -> HubtuiError | None:
        """Remove what a cancelled download kept; return why that was not possible."""
        self._remember(job, is_over=True)
        try:
            self._downloads().discard(job.facts, job.files)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            return DownloadError(
                f"What had arrived of {job.facts.id} could not be removed: {reason}.",
                hint="D in the Files tab deletes it from the cache.",
            )
        return None

    def _remember(self, job: Job, *, is_over: bool = False) -> None:
        """Keep a download for the next session, or no longer; without a writable disk it goes on all the same."""
        if job.is_remembered is not is_over or not (is_over or job.is_asked or job.stays):
            return
        job.is_remembered = not is_over
        try:
            (self._unfinished.drop if is_over else self._unfinished.keep)(job.unfinished)
        except LocalStateError as error:
            _log.warning("%s", error)


def _never() -> bool:
    return False
