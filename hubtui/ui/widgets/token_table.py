"""The tokens one a line: position, token, id, text, offsets, special, attention mask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual.message import Message

from hubtui.core.graphemes import safe
from hubtui.core.tokens import TokenizedView, TokenRow
from hubtui.core.untrusted import reveal
from hubtui.ui import text
from hubtui.ui.text import CURSOR_MARK, Line, Piece
from hubtui.ui.token_layout import ink_of
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.painted import Painted

_NONE = "–"
_NUMBER, _ID, _CHARS, _SPECIAL, _MASK = 7, 8, 11, 9, 4
_MIN_WIDE = 62
_WIDEST = 56
"""Cells of token and text together: wider ones would draw the row apart."""


class Columns:
    """Cells of each column for a table of `width` cells; narrow tables go without the offsets."""

    def __init__(self, width: int) -> None:
        self.chars = _CHARS if width >= _MIN_WIDE else 0
        rest = max(12, min(_WIDEST, width - _NUMBER - _ID - self.chars - _SPECIAL - _MASK - 5))
        self.token = rest // 2
        self.surface = rest - self.token


class TokenHead(Painted):
    """The titles of the columns."""

    def lines(self, width: int) -> Sequence[Line]:
        """Return the one line."""
        columns = Columns(width)
        words = [
            f"{'#':>{_NUMBER}}  ",
            text.fit("token", columns.token),
            f"{'id':>{_ID}}  ",
            text.fit("text", columns.surface),
            f"{'chars':>{columns.chars}}" if columns.chars else "",
            f"  {'special':<{_SPECIAL - 2}}",
            f"{'mask':>{_MASK + 1}}"[-_MASK - 1 :],
        ]
        return [[("".join(words), self.inks.muted)]]


class TokenTable(LinesView):
    """All tokens of a batch, of which only a window is known; `WindowWanted` asks for another."""

    has_cursor: ClassVar[bool] = True
    tells_moves: ClassVar[bool] = True
    key_context: ClassVar[str] = "tokens"

    class WindowWanted(Message):
        """Tokens came into sight that the window does not hold."""

        def __init__(self, table: TokenTable, first_row: int) -> None:
            super().__init__()
            self.table = table
            self.first_row = first_row

        @property
        def control(self) -> TokenTable:
            """The table, for `@on` selectors."""
            return self.table

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._first = 0
        self._rows: Sequence[TokenRow] = ()
        self._several = False
        self._asked = -1

    def show(self, view: TokenizedView) -> None:
        """Show the window of a view."""
        before = {at: (self.row_at(at), self._several) for at in self._in_sight()}
        self._first, self._rows = view.window.first_row, view.rows
        self._several = view.n_sequences > 1
        self._asked = -1
        # while somebody types at the end of a text, its beginning is what is in sight and stays as it is
        changed = [at for at, painted in before.items() if painted != (self.row_at(at), self._several)]
        self.set_count(view.total_tokens, cursor=view.hand, changed=changed)
        if self.cursor >= 0 and view.window.caret is not None and self.cursor not in self._in_sight():
            self.center()  # not to its edge: the next key would move the whole table again

    def take(self, index: int) -> None:
        """Put the cursor on a token and bring it into sight, without telling of it."""
        before, self.cursor = self.cursor, index
        self._refresh_lines(before, index)
        if index not in self._in_sight():
            self.center()

    def _in_sight(self) -> range:
        return range(self.first_line, self.first_line + self.size.height)

    def clear(self) -> None:
        """Show no tokens."""
        self._rows = ()
        self.set_count(0)

    def row_at(self, index: int) -> TokenRow | None:
        """Return a token by its place in the flat list, None when the window does not hold it."""
        at = index - self._first
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def line(self, index: int, width: int) -> Line:
        """Return the pieces of a line; a faint one until its token is known."""
        row = self.row_at(index)
        if row is None:
            self._ask(index)
            return [(f"{index:>{_NUMBER}}  …", self.inks.faint)]
        ink, columns = self.inks, Columns(width)
        number = f"{row.sequence + 1}:{row.position}" if self._several else str(row.position)
        is_odd = row.kind != "text"
        dim = ink.muted if row.kind == "pad" or row.is_dropped else ink.text
        offsets = f"{row.start}–{row.end}" if row.surface else _NONE
        mark = CURSOR_MARK if index == self.cursor else " "
        pieces: list[Piece] = [
            (mark, ink.accent),
            (f"{number:>{_NUMBER - 1}}  ", ink.strong if self._several and row.position == 0 else ink.muted),
            *_cell(reveal(row.token), columns.token, ink_of(row, ink), ink.text),
            (f"{row.id:>{_ID}}  ", ink.muted if row.kind == "pad" else ink.strong),
            (text.fit(reveal(safe(row.surface)) if row.surface else _NONE, columns.surface), dim),
        ]
        if columns.chars:
            pieces.append((f"{offsets:>{columns.chars}}", ink.muted))
        kind = {"special": "●", "pad": "● pad", "unknown": "unknown"}.get(row.kind, "dropped" if row.is_dropped else "")
        pieces.append(
            (f"  {kind:<{_SPECIAL - 2}}", ink.bad if row.kind == "unknown" else ink.accent if is_odd else ink.text)
        )
        pieces.append((f"{row.attention_mask:>{_MASK + 1}}", dim if row.attention_mask else ink.muted))
        return pieces

    def _ask(self, index: int) -> None:
        first = max(0, index - self.size.height)
        if self._asked < 0 or abs(self._asked - first) > self.size.height // 2:
            self._asked = first
            self.post_message(self.WindowWanted(self, first))


def _cell(words: str, width: int, style: Style, fill: Style) -> list[Piece]:
    """A tinted token, padded without the tint."""
    shown = text.shorten(words, width - 1)
    return [(shown, style), (" " * (width - text.cells(shown)), fill)]
