"""The text that is tokenized: an editor that hands on every edit before the screen is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.document._document import EditResult
from textual.document._edit import Edit

from hubtui.ui.widgets.fields import AreaField


class TokenEditor(AreaField):
    """A plain text editor; `on_text` is called inside each edit, so that text and tokens share a frame.

    A view fed by the `Changed` message would lag one or two frames behind.
    """

    DEFAULT_CSS = "TokenEditor { min-height: 2; }"

    def __init__(
        self,
        on_text: Callable[[str], None],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        placeholder: str = "",
    ) -> None:
        super().__init__(id=id, placeholder=placeholder)
        self._on_text = on_text

    def edit(self, edit: Edit) -> EditResult:
        """Make an edit and hand the new text on."""
        result = super().edit(edit)
        self._on_text(self.text)
        return result

    def put(self, text: str) -> None:
        """Put a text in place of the one that is there, and hand it on."""
        super().put(text)
        self._on_text(self.text)

    def _undo_batch(self, edits: Sequence[Edit]) -> None:
        super()._undo_batch(edits)
        self._on_text(self.text)

    def _redo_batch(self, edits: Sequence[Edit]) -> None:
        super()._redo_batch(edits)
        self._on_text(self.text)
