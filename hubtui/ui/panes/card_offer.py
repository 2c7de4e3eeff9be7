"""What a card offers to choose from, in place of the card: a title, the lines, and where the one in hand leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from hubtui.ui import text
from hubtui.ui.text import Line
from hubtui.ui.widgets.chooser import Chooser
from hubtui.ui.widgets.painted import Lines

_MOST_ADDRESS_LINES = 4
_WAYS = {
    "headings": "enter jumps",
    "links": "enter opens a model, or copies the address",
    "images": "enter shows one; of another host only after asking",
}


class OfferedLines(Chooser):
    """The lines; each move of the cursor is told."""

    tells_moves: ClassVar[bool] = True


class CardOffer(Vertical):
    """Headings, links or images; `Chooser.Chosen` and `Chooser.Left` go up from here."""

    DEFAULT_CSS = """
    CardOffer > Lines { padding: 0 1; }
    CardOffer > OfferedLines { height: 1fr; padding: 0 0 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.chooser = OfferedLines()
        self._title, self._address = Lines(), Lines()
        self._addresses: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield self._title
        yield self.chooser
        yield self._address

    def show(self, what: str, items: Sequence[Line], *, cursor: int, addresses: Sequence[str] = ()) -> None:
        """Offer `items`, which are `headings`, `links` or `images`; the address of the one in hand is said in full."""
        inks = self.chooser.inks
        way = f"   {_WAYS[what]} · esc back"
        self._title.show([(text.plural(len(items), what[:-1]), inks.strong), (way, inks.muted)], [])
        self._addresses = addresses
        self.chooser.show(items, cursor=cursor, width=max(map(text.width_of, items)))
        self._say(cursor)

    @on(Chooser.CursorMoved)
    def _moved(self, event: Chooser.CursorMoved) -> None:
        if not isinstance(event, Chooser.Chosen):  # a kind of move, which goes up
            event.stop()
            self._say(event.index)

    def _say(self, index: int) -> None:
        width, ink = max(self.size.width - 2, 20), self.chooser.inks.link
        address = self._addresses[index] if 0 <= index < len(self._addresses) else ""
        lines = text.wrap(address, width) if address else []
        shown: list[Line] = [[(line, ink)] for line in lines[:_MOST_ADDRESS_LINES]]
        if len(lines) > len(shown):
            shown[-1] = [(text.shorten(f"{lines[_MOST_ADDRESS_LINES - 1]}……", width), ink)]
        self._address.show(*([[], *shown] if shown else []))

    def on_resize(self) -> None:
        """Break the address anew."""
        self._say(self.chooser.cursor)
