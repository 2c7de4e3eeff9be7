"""Lines that are made for the width of the view, and made again for another width or theme."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeAlias

from hubtui.ui.text import Line, width_of
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.lines_view import LinesView

Maker: TypeAlias = Callable[[int, Inks], Sequence[Line]]
"""Takes cells and styles, returns lines; wider ones scroll sideways."""


class MadeLines(LinesView):
    """Shows what a maker makes."""

    has_cursor: ClassVar[bool] = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._make: Maker | None = None
        self._lines: Sequence[Line] = ()
        self._made_for: tuple[int, str] = (0, "")

    def show(self, make: Maker | None, *, keep_place: bool = False) -> None:
        """Show what a maker makes, from its beginning unless the place is kept; None shows nothing."""
        self._make = make
        self._remake()
        if not keep_place:
            self.scroll_to(y=0, animate=False, force=True)

    @property
    def lines_made(self) -> Sequence[Line]:
        """The lines as they are shown."""
        return self._lines

    def _remake(self) -> None:
        width, before, was_for = self.view_width, self._lines, self._made_for
        self._made_for = (width, self.app.theme)
        self._lines = self._make(width, self.inks) if self._make is not None and width else ()
        widest = max(map(width_of, self._lines), default=0)
        # a word that is added to a long text changes a line or two of what is in sight
        changed = [at for at, (old, new) in enumerate(zip(before, self._lines, strict=False)) if old != new]
        is_same_frame = was_for == self._made_for and widest <= width and not self._line_width
        self.set_count(
            len(self._lines), width=widest if widest > width else 0, changed=changed if is_same_frame else None
        )
        self.remade()

    def remade(self) -> None:
        """Lines were made, for a subclass whose height depends on them."""

    def line(self, index: int, width: int) -> Line:  # noqa: ARG002 - made already
        """Return the pieces of a line."""
        return self._lines[index]

    def on_resize(self) -> None:
        """Make the lines for the new width."""
        if self._made_for != (self.view_width, self.app.theme):
            self._remake()

    def notify_style_update(self) -> None:
        """Make the lines with the inks of the new theme."""
        super().notify_style_update()
        if self.is_mounted and self._made_for[1] != self.app.theme:
            self._remake()
