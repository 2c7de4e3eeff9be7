"""Brings files of a model into the shared Hugging Face cache: whole, checked, and going on where it stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from hubtui.core.downloads import DownloadPlan
from hubtui.core.errors import CancelledError, DownloadError, HubError, HubUnreachableError, OfflineError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot
from hubtui.core.names import is_commit, is_file_path, is_model_id, is_revision
from hubtui.core.settings import Settings
from hubtui.hub import blobs, needs
from hubtui.hub.answers import Subject
from hubtui.hub.blobs import Hasher, RepoStore
from hubtui.hub.client import cache_folder
from hubtui.hub.http import HubHttp
from hubtui.hub.local_files import ModelCache
from hubtui.hub.pump import Pump

_MOST_RESUMES = 100
_PROGRESS_S = 0.1

Progress = Callable[[DownloadProgress], None]


class Downloader:
    """Implements `core.ports.Downloads`; shared by threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = HubHttp(settings)
        self._cache = ModelCache(cache_folder(settings))
        self._verified: set[tuple[str, int, int]] = set()

    def needed(self, facts: ModelFacts, purpose: str) -> tuple[FileEntry, ...]:
        """Return the files that `purpose` (`tokenizer`, `run` or `all`) needs.

        Raises:
            CheckpointError: the repo has no files for that purpose; the message says what it has instead.
        """
        return needs.needed(facts, purpose)

    def presence(self, facts: ModelFacts) -> Mapping[str, int]:
        """Return path → bytes on this machine, of the files that are here whole or begun; judged by size alone."""
        if facts.folder or facts.is_partial:
            return {file.path: file.size or 0 for file in facts.files}
        store = RepoStore(self._cache.repo(facts.id))
        counts = {file.path: _here(store, facts.commit, file) for file in facts.files if is_file_path(file.path)}
        return {path: count for path, count in counts.items() if count}

    def plan(self, facts: ModelFacts, files: Sequence[FileEntry]) -> DownloadPlan:
        """Return what bringing the files here takes: bytes left, and free on the disk; asks nobody."""
        here = self.presence(facts)
        total = sum(file.size or 0 for file in files)
        left = sum(max(0, (file.size or 0) - here.get(file.path, 0)) for file in files)
        unsized = sum(file.size is None and file.path not in here for file in files)
        return blobs.space_plan(self._cache.repo(facts.id), total, left, unsized)

    def discard(self, facts: ModelFacts, files: Sequence[FileEntry]) -> int:
        """Remove the beginnings of files that a download kept, and return their bytes; whole files stay.

        What another download is fetching at this moment stays too.
        """
        store = RepoStore(self._cache.repo(facts.id))
        freed = 0
        for name in {name for file in files if (name := blobs.blob_name(file))}:
            if store.partial(name).is_file():
                with store.locked_at_once(name) as is_ours:
                    freed += store.drop_partial(name) if is_ours else 0
        return freed

    def fetch(
        self,
        facts: ModelFacts,
        files: Sequence[FileEntry],
        *,
        progress: Progress | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Snapshot:
        """Bring the files here, checked against size and hash; a local folder is returned as it is.

        Files that are here are checked too (once in this process), and fetched again when they are damaged.

        Raises:
            CancelledError: within half a second after `is_cancelled` says so; what has arrived is kept.
            DownloadError: the disk is full or cannot be written, or what arrived is not what the Hub stated.
            HubError: what the Hub answered instead of a file.
        """
        if facts.folder:
            return Snapshot(facts.folder, "")
        if not is_model_id(facts.id) or not is_commit(facts.commit):
            raise DownloadError(f"{facts.id} has no commit that could be fetched.")
        started = time.monotonic()
        store = RepoStore(self._cache.repo(facts.id))
        job = _Job(facts, store, _Meter(progress, is_cancelled or _never))
        try:
            with nullcontext() if self._settings.offline else store.in_use(job.meter.is_cancelled):
                self._fetch(job, files)
        except OSError as error:
            raise DownloadError(
                f"The cache {self._cache.folder} cannot be used: {(error.strerror or str(error)).lower()}.",
                hint="Check its space and permissions, or choose another with --cache-dir.",
            ) from error
        return Snapshot(
            str(store.snapshot(facts.commit)), facts.commit, job.meter.fetched_bytes, time.monotonic() - started
        )

    def _fetch(self, job: _Job, files: Sequence[FileEntry]) -> None:
        job.meter.total_bytes = sum(file.size or 0 for file in files)
        missing = [file for file in files if not self._is_here(job, file)]
        if missing:
            if self._settings.offline:
                raise OfflineError(
                    f"hubtui is offline, and {missing[0].path} of {job.facts.id} is not in the cache.",
                    hint="Start without --offline to fetch it.",
                )
            known = [self._identified(job, file) for file in missing]
            job.meter.total_bytes = max(job.meter.total_bytes, sum(file.size or 0 for file in known))
            left = sum(_left(job.store, file) for file in known)
            blobs.check_space(blobs.space_plan(job.store.folder, job.meter.total_bytes, left))
            job.store.prepare()
            for file in known:
                self._bring(job, file)
        revision = job.facts.revision
        if files and not job.facts.from_cache and revision != job.facts.commit and is_revision(revision):
            job.store.point(revision, job.facts.commit)
        job.meter.report("", is_final=True)

    def _is_here(self, job: _Job, file: FileEntry) -> bool:
        """Whether a file is in the cache and whole; a damaged one is removed, and a blob without its link linked."""
        if not is_file_path(file.path):
            raise DownloadError(f"“{file.path}” cannot be a file of a model.")
        name = blobs.blob_name(file)
        if (
            not name and job.facts.from_cache
        ):  # a cache without links keeps no hashes: there is nothing to check against
            return (job.store.snapshot(job.facts.commit) / file.path).is_file()
        place = job.store.present(job.facts.commit, file.path, name) if name else None
        if place is None:
            return False
        if not self._is_intact(job, file, place, name):
            job.store.discard(job.facts.commit, file.path, name)
            return False
        job.store.link(job.facts.commit, file.path, name)
        return True

    def _is_intact(self, job: _Job, file: FileEntry, place: Path, name: str) -> bool:
        status = place.stat()
        mark = (str(place.resolve()), status.st_size, status.st_mtime_ns)
        before = job.meter.done_bytes
        if mark in self._verified:
            job.meter.advance(file.path, status.st_size)
            return True
        if not blobs.is_intact(place, name, file.size, lambda count: job.meter.advance(file.path, count)):
            job.meter.done_bytes = before
            return False
        self._verified.add(mark)
        return True

    def _identified(self, job: _Job, file: FileEntry) -> FileEntry:
        """Ask for size and hash where the facts do not state them.

        Raises:
            DownloadError: the server's ETag is no hash, so that nothing could be checked, nor named safely.
        """
        if blobs.blob_name(file) and file.size is not None:
            return file
        headers = self._http.head(job.url(self._http.endpoint, file.path), subject=job.subject(file))
        tag = (headers.get("x-linked-etag") or headers.get("etag", "")).removeprefix("W/").strip('"')
        size = headers.get("x-linked-size") or headers.get("content-length", "")
        if not blobs.is_blob_name(tag) or not (size.isdecimal() and len(size) < 19):
            raise DownloadError(
                f"The Hub does not state the size and hash of {file.path}, so that it cannot be checked.",
                hint="It is not fetched.",
            )
        return replace(
            file, size=int(size), sha256=tag if len(tag) == 64 else "", blob_id=tag if len(tag) == 40 else ""
        )

    def _bring(self, job: _Job, file: FileEntry) -> None:
        name = blobs.blob_name(file)

        def is_cancelled() -> bool:
            job.meter.glimpse(file.path, job.store.partial_bytes(name))  # another thread or process is fetching it
            return job.meter.is_cancelled()

        with job.store.locked(name, is_cancelled):
            if not self._is_here(job, file):  # another process may have brought it meanwhile
                self._download(job, file, name)
                job.store.finish(name)
            job.store.link(job.facts.commit, file.path, name)
        place = job.store.snapshot(job.facts.commit) / file.path
        status = place.stat()
        self._verified.add((str(place.resolve()), status.st_size, status.st_mtime_ns))

    def _download(self, job: _Job, file: FileEntry, name: str) -> None:
        """Complete the partial file; a kept beginning that turns out wrong is thrown away once."""
        size = file.size or 0
        partial = job.store.partial(name)
        for is_resumed in (partial.exists() and 0 < partial.stat().st_size <= size, False):
            digest = self._completed(job, file, partial, is_resumed=is_resumed)
            if digest == name:
                return
            partial.unlink()
            job.meter.done_bytes -= size
            if not is_resumed:
                break
        raise DownloadError(
            f"{file.path} of {job.facts.id} arrived damaged: its hash is not the one that the Hub states. "
            f"The file {partial.name.removesuffix('.incomplete')} was removed.",
            hint="Try again; if it happens again, something on the way changes files.",
        )

    def _completed(self, job: _Job, file: FileEntry, partial: Path, *, is_resumed: bool) -> str:
        """Fetch until the size is reached; return the hash of the whole."""
        arrival = _Arrival(job, file, partial, blobs.blob_name(file))
        arrival.begin(is_resumed=is_resumed)
        for _ in range(_MOST_RESUMES):
            furthest = arrival.received
            if furthest == arrival.size:
                break
            try:
                self._receive(arrival)
            except HubUnreachableError:
                if arrival.received <= furthest:
                    raise
            if arrival.received <= furthest:
                raise DownloadError(f"{file.path} ends before its stated {arrival.size} bytes.", hint="Try again.")
        return arrival.finished()

    def _receive(self, arrival: _Arrival) -> None:
        job, file = arrival.job, arrival.file
        url = job.url(self._http.endpoint, file.path)
        with (
            Pump(
                self._http, url, job.subject(file), offset=arrival.received, is_cancelled=job.meter.is_cancelled
            ) as pump,
            arrival.partial.open("ab") as target,
        ):
            start = pump.start_of_body()
            if start != arrival.received:
                if start != 0:
                    raise HubError(f"The Hub sent another part of {file.path} than was asked for.")
                target.truncate(0)
                arrival.restart()
            for chunk in pump.chunks():
                if arrival.received + len(chunk) > arrival.size:
                    arrival.partial.unlink()
                    raise DownloadError(f"{file.path} is longer than the {arrival.size} bytes that the Hub states.")
                target.write(chunk)
                arrival.take(chunk)


class _Arrival:
    """One file on its way: what has arrived, and its hash so far."""

    def __init__(self, job: _Job, file: FileEntry, partial: Path, name: str) -> None:
        self.job = job
        self.file = file
        self.partial = partial
        self.size = file.size or 0
        self.received = 0
        self._name = name
        self._digest: Hasher = blobs.hasher(name, self.size)

    def begin(self, *, is_resumed: bool) -> None:
        """Take over the kept beginning, or start with nothing."""
        if is_resumed:
            blobs.hash_file(self.partial, self._digest, self._found)
        else:
            self.partial.unlink(missing_ok=True)
            self.partial.touch()

    def take(self, chunk: bytes) -> None:
        """Count a chunk that came through the network."""
        self._digest.update(chunk)
        self.received += len(chunk)
        self.job.meter.fetched_bytes += len(chunk)
        self.job.meter.advance(self.file.path, len(chunk))

    def restart(self) -> None:
        """Forget what was received: the server begins again."""
        self.job.meter.done_bytes -= self.received
        self.received = 0
        self._digest = blobs.hasher(self._name, self.size)

    def finished(self) -> str:
        """Return the hash of the whole."""
        return self._digest.hexdigest()

    def _found(self, count: int) -> None:
        self.received += count
        self.job.meter.advance(self.file.path, count)


@dataclass(frozen=True, slots=True)
class _Job:
    """One call of `fetch`."""

    facts: ModelFacts
    store: RepoStore
    meter: _Meter

    def url(self, endpoint: str, path: str) -> str:
        return f"{endpoint}/{self.facts.id}/resolve/{self.facts.commit}/{quote(path)}"

    def subject(self, file: FileEntry) -> Subject:
        return Subject(self.facts.id, self.facts.revision, file.path)


class _Meter:
    """Counts bytes, reports them a few times a second, and raises when the user stops."""

    def __init__(self, progress: Progress | None, is_cancelled: Callable[[], bool]) -> None:
        self.total_bytes = 0
        self.done_bytes = 0
        self.fetched_bytes = 0
        self._is_cancelled = is_cancelled
        self._progress = progress
        self._path = ""
        self._reported = 0.0
        self._reported_bytes = -1

    def advance(self, path: str, count: int) -> None:
        self.done_bytes += count
        self.report(path)
        if self._is_cancelled():
            raise CancelledError("The download was stopped.", hint="What has arrived is kept for the next time.")

    def is_cancelled(self) -> bool:
        """Ask whether to stop, while nothing comes; what came in the last moment before is reported now."""
        if self.done_bytes != self._reported_bytes >= 0:
            self.report(self._path)
        return self._is_cancelled()

    def glimpse(self, path: str, count: int) -> None:
        """Report what somebody else has fetched of a file so far."""
        if count:
            self.done_bytes += count
            self.report(path)
            self.done_bytes -= count

    def report(self, path: str, *, is_final: bool = False) -> None:
        now, self._path = time.monotonic(), path
        if self._progress is not None and (is_final or now - self._reported >= _PROGRESS_S):
            self._reported, self._reported_bytes = now, self.done_bytes
            self._progress(DownloadProgress(path, self.done_bytes, self.total_bytes, self.fetched_bytes))


def _never() -> bool:
    return False


def _left(store: RepoStore, file: FileEntry) -> int:
    """Bytes of a file still to be fetched."""
    return max(0, (file.size or 0) - store.partial_bytes(blobs.blob_name(file)))


def _here(store: RepoStore, commit: str, file: FileEntry) -> int:
    """Bytes of a file that are on this machine: those of a whole one only when it has the size it should have."""
    name = blobs.blob_name(file)
    place = store.present(commit, file.path, name) if name else None
    if place is not None:
        size = place.stat().st_size
        return size if file.size in {None, size} else 0
    return min(store.partial_bytes(name), file.size or 0) if name else 0
