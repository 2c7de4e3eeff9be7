"""What a download needs, and where the downloads of a queue stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hubtui.core.errors import HubtuiError
from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot
from hubtui.core.numbers import size_text

SPACE_MARGIN = 64 << 20
"""Bytes that a download leaves free, so that the rest of the system can go on."""


@dataclass(frozen=True, slots=True)
class DownloadPlan:
    """What bringing some files here takes.

    Attributes:
        folder: on whose disk they would lie.
        total_bytes: of all the files.
        left_bytes: still to be fetched; beginnings that were kept count as here.
        free_bytes: on that disk now.
        unsized: files whose size nobody has stated, which `total_bytes` leaves out.
    """

    folder: str
    total_bytes: int
    left_bytes: int
    free_bytes: int
    unsized: int = 0

    @property
    def fits(self) -> bool:
        """Whether the disk holds what is left, with a margin."""
        return self.left_bytes == 0 or self.left_bytes + SPACE_MARGIN <= self.free_bytes

    @property
    def sentence(self) -> str:
        """What to tell before it begins."""
        if not self.fits:
            return (
                f"The download needs {size_text(self.left_bytes)}, and {self.folder} has "
                f"{size_text(self.free_bytes)} free."
            )
        besides = f" and {self.unsized} files of unknown size" if self.unsized else ""
        if not self.left_bytes and not besides:
            return "Everything is here already."
        here = self.total_bytes - self.left_bytes
        kept = f" ({size_text(here)} of it are here already)" if here else ""
        free = f"{self.folder} has {size_text(self.free_bytes)} free"
        return f"{size_text(self.left_bytes)}{besides} to fetch{kept}; {free}."


class DownloadState(StrEnum):
    """Where one download of a queue stands."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it by itself or by `resume`."""
        return self in {DownloadState.DONE, DownloadState.CANCELLED}

    @property
    def is_going_on(self) -> bool:
        """Whether it runs or waits for its turn, so that quitting interrupts it."""
        return self in {DownloadState.RUNNING, DownloadState.WAITING}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A download that was asked for and is not over: all that a later session needs to go on with it."""

    model: str
    revision: str
    commit: str
    files: tuple[FileEntry, ...]

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What tells it from others: the same files of the same commit are the same download."""
        return self.model, self.commit, tuple(file.path for file in self.files)


@dataclass(frozen=True, slots=True)
class DownloadItem:
    """One download of a queue, as it stands now.

    Attributes:
        number: names it in the queue's calls; the waiting one with the lowest number is next.
        progress: None before it first began.
        bytes_per_second: smoothed, of what comes through the network; None unless it runs and has for half a second.
        seconds_left: at that rate; None while nobody can tell.
        error: of a failed one; `resume` tries again.
        snapshot: of a done one.
    """

    number: int
    facts: ModelFacts
    files: tuple[FileEntry, ...]
    state: DownloadState
    progress: DownloadProgress | None = None
    bytes_per_second: float | None = None
    seconds_left: float | None = None
    error: HubtuiError | None = None
    snapshot: Snapshot | None = None
