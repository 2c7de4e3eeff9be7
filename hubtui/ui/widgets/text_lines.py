"""A text from a file, line by line."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from hubtui.core.untrusted import clean
from hubtui.ui.text import Line, cells
from hubtui.ui.widgets.lines_view import LinesView

_LONGEST = 2000
"""Characters of a line that are shown: minified files have lines of megabytes."""


class TextLines(LinesView):
    """Shows a text without wrapping it; escape posts `Left`."""

    has_cursor: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "back")]

    class Left(Message):
        """The text was left."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._lines: list[str] = []

    def show(self, untrusted: str) -> None:
        """Show a text from its beginning."""
        lines = (line if len(line) <= _LONGEST else line[:_LONGEST] + " …" for line in untrusted.splitlines())
        self._lines = [clean(line.replace("\t", "    ")) for line in lines]
        self.set_count(len(self._lines), width=max(map(cells, self._lines), default=0) + self._gutter + 1)
        self.scroll_to(y=0, animate=False, force=True)

    @property
    def _gutter(self) -> int:
        return len(str(len(self._lines))) + 2

    def line(self, index: int, width: int) -> Line:  # noqa: ARG002 - lines are not wrapped
        """Return the pieces of a line, its number first."""
        return [(f"{index + 1:>{self._gutter - 2}}  ", self.inks.muted), (self._lines[index], self.inks.text)]

    def action_leave(self) -> None:
        """Leave the text."""
        self.post_message(self.Left())
