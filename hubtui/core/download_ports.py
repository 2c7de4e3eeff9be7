"""What may be asked of downloads: files brought at once, a queue of them, and what is remembered between sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hubtui.core.downloads import DownloadItem, DownloadPlan, Unfinished
    from hubtui.core.models import DownloadProgress, FileEntry, ModelFacts, Snapshot


class Downloads(Protocol):
    """Files of a model, into the Hugging Face cache that all libraries share."""

    def needed(self, facts: ModelFacts, purpose: str) -> tuple[FileEntry, ...]:
        """Return the files that `purpose` (`tokenizer`, `run` or `all`) needs: safetensors over pickle, one variant.

        Raises:
            CheckpointError: the repo has no files for that purpose; the message says what it has instead.
        """

    def fetch(
        self,
        facts: ModelFacts,
        files: Sequence[FileEntry],
        *,
        progress: Callable[[DownloadProgress], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Snapshot:
        """Bring the files here, checked against size and hash; a local folder is returned as it is."""

    def presence(self, facts: ModelFacts) -> Mapping[str, int]:
        """Return path → bytes on this machine, of the files that are here whole or begun; judged by size alone."""

    def plan(self, facts: ModelFacts, files: Sequence[FileEntry]) -> DownloadPlan:
        """Return what bringing the files here takes: bytes left, and free on the disk; asks nobody."""

    def discard(self, facts: ModelFacts, files: Sequence[FileEntry]) -> int:
        """Remove the beginnings of files that a download kept, and return their bytes; whole files stay."""


class DownloadQueue(Protocol):
    """Downloads one after the other, and those that something waits for; calls return at once unless they say other."""

    def recall(self) -> None:
        """Take over, paused, what earlier sessions left unfinished; reads the disk once, so call it in a thread."""

    def add(self, facts: ModelFacts, files: Sequence[FileEntry]) -> int:
        """Put a download at the end and return its number; what is in the queue already is resumed."""

    def bring(
        self,
        facts: ModelFacts,
        files: Sequence[FileEntry],
        *,
        told: Callable[[DownloadItem], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
        stays: bool = True,
    ) -> Snapshot:
        """Bring the files for somebody who waits: beside the queue, not after it; call it in a thread.

        A download of the same files that is in the queue is waited for, or begun at once. Once bytes of it come through
        the network it is one of `items`, and can be paused, resumed and cancelled like any other.

        Args:
            facts: of the model.
            files: of it.
            told: how it stands, several times a second; in any thread.
            is_cancelled: asked ten times a second, whether nobody waits any more.
            stays: what was begun and not finished is kept in the queue, paused; else only its bytes are.

        Raises:
            CancelledError: nobody waits any more, or the download was cancelled.
            HubtuiError: it failed.
        """

    def items(self) -> tuple[DownloadItem, ...]:
        """Return all downloads in their order, with their speeds now."""

    def pause(self, number: int) -> None:
        """Stop a waiting or running download for now; what has arrived is kept, and the next one begins."""

    def resume(self, number: int) -> None:
        """Let a paused or failed download wait for its turn again."""

    def cancel(self, number: int) -> None:
        """Stop a download for good; beginnings of files are removed, whole files stay in the cache."""

    def forget(self, number: int) -> None:
        """Take a download that is over, or failed, off the list."""

    def listen(self, listener: Callable[[], object]) -> None:
        """Name one more who is told, in any thread, that `items` changed; bytes are not told, look now and then."""

    def close(self) -> None:
        """Stop within about a second; what has arrived is kept, and what is unfinished is remembered."""


class UnfinishedDownloads(Protocol):
    """Downloads that were asked for and are not over, remembered between sessions; the calls block."""

    def load(self) -> tuple[Unfinished, ...]:
        """Return them, oldest first."""

    def keep(self, download: Unfinished) -> None:
        """Remember one.

        Raises:
            LocalStateError: it cannot be written.
        """

    def drop(self, download: Unfinished) -> None:
        """Forget one that is over.

        Raises:
            LocalStateError: it cannot be written.
        """
