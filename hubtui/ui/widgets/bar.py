"""A widget of one or a few lines painted from pieces: the bars of the screen."""

from __future__ import annotations

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from hubtui.ui.text import Line, hit_name, to_strip
from hubtui.ui.theme import Inks, inks


class Bar(Widget):
    """Paints `pieces(width)`, or `line(y, width)`; pieces that carry a name (`ui.text.hit`) can be clicked."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"
    ALLOW_SELECT = False
    _kept: tuple[Region, list[Strip]] | None = None
    _base: Style | None = None

    class Hit(Message):
        """A piece that carries a name was clicked."""

        def __init__(self, bar: Bar, name: str) -> None:
            super().__init__()
            self.bar = bar
            self.name = name

        @property
        def control(self) -> Bar:
            """The bar, for `@on` selectors."""
            return self.bar

    @property
    def inks(self) -> Inks:
        """The styles of the theme that is on."""
        return inks(self.app)

    def pieces(self, width: int) -> Line:
        """Return the pieces of a bar of one line."""
        raise NotImplementedError

    def line(self, y: int, width: int) -> Line:
        """Return the pieces of line `y`; bars of several lines override this instead of `pieces`."""
        return () if y else self.pieces(width)

    def render_line(self, y: int) -> Strip:
        """Return line `y` (Textual's line interface)."""
        if self._base is None:
            # Textual works it out from all ancestors each time it is asked: too slow for every line
            self._base = self.rich_style
        return to_strip(self.line(y, self.size.width), self.size.width, self._base)

    def notify_style_update(self) -> None:
        """Forget the colours when the theme or the stylesheet changes."""
        self._base = None
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines as they were painted last unless something changed.

        At every update Textual asks all widgets in sight for all of their lines, and works out each one's colours anew.
        """
        painted = self._styles_cache
        if self._kept is None or self._kept[0] != crop or painted._dirty_lines or not painted._cache:  # noqa: SLF001
            self._kept = (crop, super().render_lines(crop))
        return self._kept[1]

    def on_click(self, event: events.Click) -> None:
        """Say which named piece was clicked."""
        if (name := hit_name(event.style)) is not None:
            event.stop()
            self.post_message(self.Hit(self, name))
