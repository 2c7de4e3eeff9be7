"""What became of a text: its pieces, the totals, and the table of its tokens."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widget import Widget

from hubtui.core.tokens import TokenizedView
from hubtui.ui.text import Line
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.widgets.token_pieces import TokenPieces
from hubtui.ui.widgets.token_table import TokenHead, TokenTable


class TokenBoard(Widget):
    """Shows one `TokenizedView`; lays nothing out anew unless the number of lines below the pieces changes."""

    DEFAULT_CSS = """
    TokenBoard { layout: vertical; height: 1fr; }
    TokenBoard > TokenPieces { height: 1; max-height: 7; padding: 0 0 0 1; margin-top: 1; }
    TokenBoard > Lines, TokenBoard > TokenHead { padding: 0 1; }
    TokenBoard > TokenHead { margin-top: 1; }
    TokenBoard > TokenTable { height: 1fr; min-height: 3; padding: 0 0 0 1; }
    TokenBoard.-low > TokenPieces { max-height: 3; }
    TokenBoard.-low > TokenPieces, TokenBoard.-low > TokenHead { margin-top: 0; }
    """

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield TokenPieces()
        yield Lines()
        yield TokenHead()
        yield TokenTable()

    @property
    def table(self) -> TokenTable:
        """The table of tokens."""
        return self.query_one(TokenTable)

    def show(self, view: TokenizedView, sequence: int) -> None:
        """Show pieces and table; the pieces of the sequence that is being edited stay in sight."""
        self.query_one(TokenPieces).show_rows(view.pieces, sequence)
        self.table.show(view)

    def say(self, *lines: Line) -> None:
        """Show these lines between pieces and table."""
        self.query_one(Lines).show(*lines)

    def clear(self) -> None:
        """Show no tokens."""
        self.query_one(TokenPieces).show_rows(())
        self.table.clear()
        self.say()

    def on_resize(self) -> None:
        """Give the pieces less room where there is little."""
        self.set_class(self.size.height < 18, "-low")
