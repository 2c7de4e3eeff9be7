"""One download of the queue: what was asked for, by whom, and how it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hubtui.core.downloads import DownloadItem, DownloadState, Unfinished
from hubtui.core.errors import HubtuiError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot
from hubtui.core.pace import Pace

Told = Callable[[DownloadItem], None]


@dataclass(slots=True)
class Job:
    """One download; it is changed under the queue's lock.

    Attributes:
        wish: state that the user wants of a running one, None to let it run.
        is_asked: by a user, for its own sake; else only for as long as somebody waits for it.
        borrowers: how many wait for it.
        stays: for whom it was brought wants the rest of it kept in the queue.
        has_fetched: bytes of it came through the network.
        is_remembered: for the next session.
        told: who is told how it stands.
    """

    number: int
    facts: ModelFacts
    files: tuple[FileEntry, ...]
    state: DownloadState
    is_asked: bool = False
    borrowers: int = 0
    stays: bool = False
    has_fetched: bool = False
    is_remembered: bool = False
    wish: DownloadState | None = None
    progress: DownloadProgress | None = None
    pace: Pace = field(default_factory=Pace)
    error: HubtuiError | None = None
    snapshot: Snapshot | None = None
    told: list[Told] = field(default_factory=list)

    @property
    def is_wanted(self) -> bool:
        """Whether anybody asked for it, or waits for it."""
        return self.is_asked or self.borrowers > 0

    @property
    def is_shown(self) -> bool:
        """Whether it is one of the queue's: looking through files that are here already is no download."""
        return self.is_asked or self.has_fetched

    @property
    def is_settled(self) -> bool:
        """Whether who waits need wait no longer."""
        return self.state.is_over or self.state is DownloadState.FAILED

    @property
    def unfinished(self) -> Unfinished:
        """What a later session needs to go on with it."""
        return Unfinished(self.facts.id, self.facts.revision, self.facts.commit, self.files)

    def item(self, now: float) -> DownloadItem:
        """Return how it stands, with its speed."""
        rate = left = None
        if self.state is DownloadState.RUNNING and self.progress is not None:
            pace = self.pace.after(now, self.progress.fetched_bytes)  # so that a stalled one slows down
            rate = pace.per_second
            left = pace.seconds_left(self.progress.total_bytes - self.progress.done_bytes)
        return DownloadItem(
            self.number, self.facts, self.files, self.state, self.progress, rate, left, self.error, self.snapshot
        )

    def tell(self, now: float) -> None:
        """Tell who waits how it stands."""
        for told in tuple(self.told):
            told(self.item(now))
