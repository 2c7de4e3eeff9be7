"""An image of a card over the screen: fetched and decoded in a thread, drawn as the terminal can."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from hubtui.core.errors import HubtuiError
from hubtui.core.numbers import size_text
from hubtui.core.settings import Settings
from hubtui.ui.actions import bindings
from hubtui.ui.picture_codes import (
    CELL_PIXELS,
    MOST_ROWS,
    Way,
    block_lines,
    kitty_lines,
    kitty_message,
    kitty_removal,
    sixel_message,
    way,
)
from hubtui.ui.text import Line, Piece, shorten, wrap
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.overlay_parts import KeysFoot, bound
from hubtui.ui.work import start

if TYPE_CHECKING:
    from hubtui.cards.picture import Picture

_KITTY_NUMBER = 0x68_75_62  # "hub": one picture at a time
_WORTH_SHOWING = 4  # cells


class _Canvas(Bar):
    DEFAULT_CSS = "_Canvas { width: 1fr; height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.refresh()

    def line(self, y: int, width: int) -> Line:
        """Return a line of the picture, in the middle."""
        above = max(0, (self.size.height - len(self.lines)) // 2)
        if not above <= y < above + len(self.lines):
            return ()
        pieces = self.lines[y - above]
        used = sum(_cells(text) for text, _ in pieces)
        return [(" " * max(0, (width - used) // 2), self.inks.text), *pieces]


def _cells(text: str) -> int:
    """Count cells; the marks of Kitty's rows have no width of their own."""
    from rich.cells import cell_len  # noqa: PLC0415 - as long as the rest of this screen

    return cell_len(text)


class _Title(Bar):
    def __init__(self, name: str, source: str) -> None:
        super().__init__()
        self._said, self._source = name, source
        self.facts = ""

    def pieces(self, width: int) -> Line:
        name: Piece = (f" {shorten(self._said, max(8, width // 2))}", self.inks.strong)
        return [name, (f"  {self.facts}  {self._source}".rstrip(), self.inks.muted)]


class PictureScreen(ModalScreen[None]):
    """Shows one picture.

    Args:
        name: what the card calls it.
        source: the file, or the host that is asked for it.
        fetch: returns the file; called in a thread.
        settings: say how images are drawn, and which keys are the user's own.
    """

    DEFAULT_CSS = """
    PictureScreen { align: center middle; background: $background 60%; }
    PictureScreen:ansi { background: transparent; }
    PictureScreen > Vertical { width: 96%; height: 92%; background: $raised; padding: 0 1; border: round $faint; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("dialog"), Binding("q,enter", "close", show=False)]

    def __init__(self, name: str, source: str, fetch: Callable[[], bytes], settings: Settings) -> None:
        super().__init__()
        self._fetch = fetch
        self._title = _Title(name, source)
        self._canvas = _Canvas()
        self._way: Way = way(settings.images, os.environ)
        self._foot = KeysFoot(*bound(settings.keys, ("close", "back")))
        self._picture: Picture | None = None
        self._sent = False

    def compose(self) -> ComposeResult:
        """Yield the name, the picture and how to leave it."""
        with Vertical():
            yield self._title
            yield self._canvas
            yield self._foot

    def on_mount(self) -> None:
        """Fetch the picture."""
        self._say("fetching the picture")
        start(self, "picture", self._fetched, self._came, lambda error: self._say(str(error), is_error=True))

    def _fetched(self) -> tuple[Picture, int]:
        from hubtui.cards.picture import PictureError, decode  # noqa: PLC0415 - Pillow, in the thread

        content = self._fetch()
        try:
            return decode(content), len(content)
        except PictureError as error:
            raise HubtuiError(str(error)) from error

    def _came(self, found: tuple[Picture, int]) -> None:
        self._picture, size = found
        picture = self._picture
        self._title.facts = f"{picture.width} × {picture.height} {picture.format} · {size_text(size)}"
        self._title.refresh()
        self._draw()

    def _say(self, text: str, *, is_error: bool = False) -> None:
        inks = self._canvas.inks
        width = max(20, min(70, self.app.size.width - 8))
        self._canvas.show([[(line, inks.warn if is_error else inks.muted)] for line in wrap(text, width)])

    def on_resize(self, event: events.Resize) -> None:
        """Draw anew in the room there is."""
        del event
        if self._picture is not None:
            self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        from hubtui.cards.picture import fitted  # noqa: PLC0415 - Pillow, loaded by now

        picture, room = self._picture, self._canvas.size
        if picture is None or room.width < _WORTH_SHOWING or room.height < 1:
            return
        self._forget()
        if self._way == "blocks":
            image = fitted(picture, room.width, room.height)
            in_colour = self.app.theme != "ansi" and "NO_COLOR" not in os.environ
            self._canvas.show(block_lines(image, in_colour=in_colour))
            return
        across, down = CELL_PIXELS
        image = fitted(picture, room.width, min(room.height, MOST_ROWS), cell=CELL_PIXELS)
        columns, rows = -(-image.width // across), -(-image.height // down)
        if self._way == "kitty":
            self._send(kitty_message(image, _KITTY_NUMBER, columns, rows))
            self._sent = True
            self._canvas.show(kitty_lines(_KITTY_NUMBER, columns, rows))
        else:
            self._canvas.show(())
            place = self._canvas.content_region
            column, row = place.x + (room.width - columns) // 2, place.y + (room.height - rows) // 2
            self.call_after_refresh(self._send, sixel_message(image, column, row))

    def _send(self, message: str) -> None:
        # Past the guard of painted text on purpose: it is made here, of pixels.
        if self.app._driver is not None:  # noqa: SLF001 - Textual has no other way out
            self.app._driver.write(message)  # noqa: SLF001 - as above

    def _forget(self) -> None:
        if self._sent:
            self._sent = False
            self._send(kitty_removal(_KITTY_NUMBER))

    def action_close(self) -> None:
        """Go back."""
        self._forget()
        self.dismiss()
