"""A titled list in place of a view: headings of a card, its links, pieces to pick from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from hubtui.ui.text import Line
from hubtui.ui.widgets.lines_view import LinesView


class Chooser(LinesView):
    """Shows ready lines to choose from (`Chosen`); escape posts `Left`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "back")]

    class Left(Message):
        """The list was left without choosing."""

        def __init__(self, chooser: Chooser) -> None:
            super().__init__()
            self.chooser = chooser

        @property
        def control(self) -> Chooser:
            """The list, for `@on` selectors."""
            return self.chooser

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._items: Sequence[Line] = ()

    def show(self, items: Sequence[Line], *, cursor: int = 0, width: int = 0) -> None:
        """Offer these lines; `width` is that of the widest where they may be wider than the view."""
        self._items = items
        self.set_count(len(items), cursor=cursor, width=width)
        self.scroll_to(y=0, animate=False, force=True)
        self.move_to(cursor)

    def line(self, index: int, width: int) -> Line:  # noqa: ARG002 - the lines are ready
        """Return the pieces of a line."""
        return self._items[index]

    def action_leave(self) -> None:
        """Leave without choosing."""
        self.post_message(self.Left(self))
