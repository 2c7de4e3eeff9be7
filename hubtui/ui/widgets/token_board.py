"""What became of a text: its pieces, the totals, and the table of its tokens."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from hubtui.core.tokens import TokenizedView, TokenRow
from hubtui.ui.text import Line
from hubtui.ui.token_layout import Marks
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.widgets.token_pieces import TokenPieces
from hubtui.ui.widgets.token_table import TokenHead, TokenTable

_LOW = 20
_LEAST, _LEAST_LOW = 17, 8  # lines of pieces, token in hand, titles and of a few tokens


class TokenBoard(Widget):
    """Shows one `TokenizedView`; lays nothing out anew unless the number of lines below the pieces changes."""

    DEFAULT_CSS = """
    TokenBoard { layout: vertical; height: 1fr; }
    TokenBoard > TokenPieces { height: 1; max-height: 7; margin-top: 1; }
    TokenBoard > Lines, TokenBoard > TokenHead { padding: 0 1; }
    TokenBoard > #hand { margin-top: 1; }
    TokenBoard > TokenHead { margin-top: 1; }
    TokenBoard > TokenTable { height: 1fr; min-height: 3; padding: 0 0 0 1; }
    TokenBoard.-low > TokenPieces { max-height: 3; }
    TokenBoard.-low > TokenPieces, TokenBoard.-low > TokenHead, TokenBoard.-low > #hand { margin-top: 0; }
    """

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield TokenPieces()
        yield Lines(id="hand")
        yield Lines(id="totals")
        yield TokenHead()
        yield TokenTable()

    @property
    def table(self) -> TokenTable:
        """The table of tokens."""
        return self.query_one(TokenTable)

    @property
    def is_low(self) -> bool:
        """Whether there is room for what matters most only."""
        return self.has_class("-low")

    @property
    def room(self) -> int:
        """Lines between pieces and table that leave the table some."""
        return self.size.height - (_LEAST_LOW if self.is_low else _LEAST)

    def show(self, view: TokenizedView) -> None:
        """Show the table."""
        self.table.show(view)

    def show_pieces(self, rows: Sequence[TokenRow], marks: Marks) -> None:
        """Show the pieces."""
        self.query_one(TokenPieces).show_rows(rows, marks)

    def tell(self, *lines: Line) -> None:
        """Show what is known of the token in hand."""
        self.query_one("#hand", Lines).show(*lines)

    def say(self, *lines: Line) -> None:
        """Show these lines between pieces and table."""
        self.query_one("#totals", Lines).show(*lines)

    def clear(self) -> None:
        """Show no tokens."""
        self.query_one(TokenPieces).show_rows((), Marks())
        self.table.clear()
        self.tell()
        self.say()

    def on_resize(self) -> None:
        """Give the pieces less room where there is little."""
        self.set_class(self.size.height < _LOW, "-low")
