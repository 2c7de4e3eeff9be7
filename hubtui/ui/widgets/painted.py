"""A widget of painted lines, as high as they are: headers, switches, notices, totals."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region, Size

from hubtui.ui.text import Line
from hubtui.ui.widgets.bar import Bar


class Painted(Bar):
    """Paints what `lines` returns; `changed` paints anew and lays out only if the number of lines changed."""

    DEFAULT_CSS = "Painted { height: auto; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._made: tuple[int, Sequence[Line]] | None = None

    def lines(self, width: int) -> Sequence[Line]:
        """Return the lines for a widget of `width` cells."""
        raise NotImplementedError

    def changed(self) -> None:
        """Paint anew."""
        before, self._made = self._made, None
        width = self.size.width
        now = self._lines_at(width) if width else ()
        if before is None or before[0] != width or len(before[1]) != len(now):
            self.refresh(layout=not width or before is None or len(before[1]) != len(now))
            return
        changed = [y for y, (old, new) in enumerate(zip(before[1], now, strict=True)) if old != new]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def _lines_at(self, width: int) -> Sequence[Line]:
        if self._made is None or self._made[0] != width:
            self._made = (width, self.lines(width))
        return self._made[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """Return the number of lines (Textual's layout interface)."""
        return len(self._lines_at(width)) if width else 0

    def line(self, y: int, width: int) -> Line:
        """Return line `y`, empty below the last."""
        made = self._lines_at(width)
        return made[y] if y < len(made) else ()

    def notify_style_update(self) -> None:
        """Forget painted lines when the theme changes."""
        self._made = None
        super().notify_style_update()


class Lines(Painted):
    """Painted lines that somebody else made; none of them, no room taken."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._given: tuple[Line, ...] = ()

    def lines(self, width: int) -> Sequence[Line]:  # noqa: ARG002 - the lines are ready
        """Return the lines as given."""
        return self._given

    def show(self, *given: Line) -> None:
        """Show these lines."""
        if given != self._given:
            self._given = given
            self.changed()
