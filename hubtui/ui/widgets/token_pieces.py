"""The text as the tokenizer cuts it: pieces with a visible boundary and a tint each, one of them in hand."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from hubtui.core.tokens import TokenRow
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks
from hubtui.ui.token_layout import Marks, Place, draw, ink_of, piece_text
from hubtui.ui.widgets.made_lines import MadeLines

__all__ = ["TokenPieces", "ink_of", "lay_out", "piece_text"]


def lay_out(rows: Sequence[TokenRow], width: int, inks: Inks) -> tuple[list[Line], list[int]]:
    """Return plain pieces in lines of `width` cells, and the line at which each sequence begins."""
    drawn = draw(rows, width, inks)
    return drawn.lines, drawn.starts


class TokenPieces(MadeLines):
    """Shows some tokens of a text as pieces, the one in hand in sight; the table shows them all."""

    class Pointed(Message):
        """The mouse went over a piece, or clicked it."""

        def __init__(self, row: TokenRow, *, is_click: bool) -> None:
            super().__init__()
            self.row = row
            self.is_click = is_click

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._places: Sequence[Place] = ()
        self._pointed: TokenRow | None = None

    def show_rows(self, rows: Sequence[TokenRow], marks: Marks | None = None) -> None:
        """Show these pieces, with the one in hand in sight."""

        def make(width: int, inks: Inks) -> list[Line]:
            drawn = draw(rows, max(width, 10), inks, marks, margin=1)
            self._places = drawn.places
            return drawn.lines

        self.show(make, keep_place=True)
        if marks is not None and marks.hand is not None:
            self._bring(marks.hand)

    def _bring(self, hand: tuple[int, int]) -> None:
        """Bring a token into sight, with a line after it where there is room: what follows it is read next."""
        lines = [place.line for place in self._places if (place.row.sequence, place.row.position) == hand]
        if not lines or self.count <= self.size.height:
            return
        top, height = self.scroll_offset.y, self.size.height
        if not top <= lines[0] or lines[-1] >= top + height:
            wanted = lines[0] - height + 2 if lines[0] >= top + height else lines[0] - 1
            self.scroll_to(y=max(0, min(wanted, lines[0])), animate=False, force=True)

    def remade(self) -> None:
        """Be as high as the pieces, up to `max-height`; the same height lays nothing out."""
        self.styles.height = max(1, self.count)

    def on_click(self, event: events.Click) -> None:
        """Take the clicked piece in hand."""
        event.stop()
        self._point(event, is_click=True)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Take the piece under the mouse in hand."""
        self._point(event, is_click=False)

    def _point(self, event: events.MouseEvent, *, is_click: bool) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        y = self.scroll_offset.y + offset.y
        row = next((one.row for one in self._places if one.line == y and one.start <= offset.x < one.stop), None)
        if row is not None and (is_click or row is not self._pointed):
            self.post_message(self.Pointed(row, is_click=is_click))
        self._pointed = row
