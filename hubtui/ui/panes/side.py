"""What the main screen asks of the model's side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from hubtui.core.models import ModelFacts


class ModelSide(Protocol):
    """The right side: one open model and its tabs. `panes/model.py` is the real one.

    It posts the messages of `ui.messages`; the main screen hands it the actions of the table whose `where` is `model`.
    """

    @property
    def facts(self) -> ModelFacts | None:
        """The facts of the open model, None until they arrived."""

    @property
    def active_tab(self) -> int:
        """Which tab is in sight, 1 to 5."""

    def open(self, target_id: str, revision: str | None = None) -> None:
        """Open a model id or a checkpoint folder."""

    def show_tab(self, number: int) -> None:
        """Show a tab, 1 to 5, and move the focus into it."""

    def focus_tab(self) -> None:
        """Move the focus into the tab that is in sight."""

    def reload(self) -> None:
        """Ask again for what is in sight."""

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return what else than id and address can be copied now: (what it is, the text), such as the snippet."""

    def toggle_pin(self, model: str) -> None:
        """Pin a model for comparison, or take its pin out."""

    def mark_bookmark(self, *, is_bookmarked: bool) -> None:
        """Show that the open model was bookmarked, or no longer is."""

    def download(self) -> None:
        """Download what was chosen of the open model, else what a run needs."""

    def run_model(self) -> None:
        """Run the open model on the form's input."""

    def cancel_run(self) -> None:
        """Stop the download or the run that is in sight; a second call ends the run's process."""
