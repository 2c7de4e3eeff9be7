"""What the interface and the commands may ask to be remembered, between sessions and for all hubtui on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from hubtui.core.code_reviews import CodeReview
    from hubtui.core.results import RunPeak


class Memory(Protocol):
    """What hubtui remembers between sessions."""

    def bookmarks(self) -> tuple[str, ...]:
        """Return the bookmarked model ids, newest first."""

    def set_bookmark(self, model: str, *, on: bool) -> None:
        """Add or remove a bookmark."""

    def recent(self) -> tuple[tuple[str, datetime], ...]:
        """Return the models that were opened, newest first."""

    def opened(self, model: str) -> None:
        """Remember that a model was opened."""

    def searches(self) -> tuple[str, ...]:
        """Return the saved searches, newest first."""

    def save_search(self, text: str, *, on: bool) -> None:
        """Save a search, or take it away."""

    def recent_searches(self) -> tuple[tuple[str, datetime], ...]:
        """Return the searches that were entered, newest first."""

    def searched(self, text: str) -> None:
        """Remember that a search was entered."""

    def peaks(self) -> tuple[RunPeak, ...]:
        """Return the measured memory of runs on this box, newest first."""

    def ran(self, peak: RunPeak) -> None:
        """Remember the measured memory of a run, in place of an older one of the same model, dtype, device and task."""

    def asks_catalogue(self) -> bool:
        """Return whether the catalogue on this machine is to answer searches, if there is one."""

    def ask_catalogue(self, on: bool) -> None:
        """Remember who is to answer searches: the catalogue, or the Hub."""

    def code_review(self, model: str) -> CodeReview | None:
        """Return how the custom code of a model was read last, None when it never was."""

    def code_read(self, review: CodeReview) -> None:
        """Remember that the custom code of a model was read, in place of what was remembered of it before."""
