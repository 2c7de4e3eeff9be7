"""The text as the tokenizer cuts it and the table of its tokens, while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from hubtui.core.errors import HubtuiError
from hubtui.core.ports import Services
from hubtui.core.tokens import TokenizedView, TokenizerInfo, TokenRow, TokenWindow, split_lines
from hubtui.ui.panes.tokens import words
from hubtui.ui.panes.tokens.cut import cut_of
from hubtui.ui.panes.tokens.hand import hand_lines
from hubtui.ui.panes.tokens.view import TokenSubject, TokenView
from hubtui.ui.text import Line, clip, plural, wrap
from hubtui.ui.theme import Inks
from hubtui.ui.token_layout import Marks
from hubtui.ui.widgets.token_board import TokenBoard
from hubtui.ui.widgets.token_pieces import TokenPieces
from hubtui.ui.widgets.token_table import TokenTable

_WINDOW = TokenWindow(rows=120, pieces=360, hand=0)


class PiecesView(TokenView):
    """Pieces, totals, warnings and the table; the open tokenizer is typed into without a pause.

    Args:
        services: of the session.
        learned: told what the tokenizer is when a view says so.

    Attributes:
        caret: (line, character) of the text cursor while the text has the focus: the token there is the one in hand.
    """

    uses_options: ClassVar[bool] = True

    def __init__(self, services: Services, learned: Callable[[TokenizerInfo], None]) -> None:
        super().__init__(services)
        self._learned = learned
        self._window = _WINDOW
        self._shown: TokenizedView | None = None
        self._failure: HubtuiError | None = None
        self._texts: Sequence[str] = ()
        self.caret: tuple[int, int] | None = None

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield TokenBoard()

    def focus_first(self) -> None:
        """Put the focus into the table; in the text the keys would be typed."""
        self._board.table.focus()

    def begin(self) -> None:
        """Forget what another tokenizer made."""
        self._shown, self._failure, self._window = None, None, _WINDOW

    def changed(self, subject: TokenSubject) -> None:
        """Encode the text."""
        super().changed(subject)
        hand = max(0, self._board.table.cursor)
        self._window = replace(self._window, caret=self.caret, hand=hand)
        # windows of what is cut off are the batch's
        options = replace(subject.options, stride=None)
        self.type_or_look(lambda tokenizers: tokenizers.type(subject.text, options, self._window))

    def caret_moved(self) -> None:
        """Take the token under the text cursor in hand, unless an edit has done so already."""
        if self.caret is not None and self.caret != self._window.caret:
            self._look(replace(self._window, caret=self.caret))

    @on(TokenTable.WindowWanted)
    def _scrolled(self, event: TokenTable.WindowWanted) -> None:
        event.stop()
        hand = max(0, self._board.table.cursor)
        self._look(replace(self._window, first_row=event.first_row, caret=None, hand=hand))

    @on(TokenTable.CursorMoved)
    def _moved(self, event: TokenTable.CursorMoved) -> None:
        event.stop()
        self._take(event.index)

    @on(TokenPieces.Pointed)
    def _pointed(self, event: TokenPieces.Pointed) -> None:
        event.stop()
        shown = self._shown
        if shown is None or event.row not in shown.pieces:
            return
        index = shown.window.first_piece + shown.pieces.index(event.row)
        self._board.table.take(index)
        self._take(index)
        if event.is_click:
            self.focus_first()

    def _take(self, index: int) -> None:
        """Take a token in hand; those that are not known here yet are asked for."""
        self._window = replace(self._window, caret=None, hand=index)
        if self._row(index) is None or self._board.table.row_at(index) is None:
            rows = self._window.rows
            self._look(replace(self._window, first_row=max(0, index - rows // 2)))
        else:
            self._draw()

    def _row(self, index: int) -> TokenRow | None:
        """Return a token that is among the pieces."""
        if self._shown is None:
            return None
        at = index - self._shown.window.first_piece
        return self._shown.pieces[at] if 0 <= at < len(self._shown.pieces) else None

    def _look(self, window: TokenWindow) -> None:
        self._window = window
        self.type_or_look(lambda tokenizers: tokenizers.look(window))

    def heard(self, news: TokenizedView | HubtuiError) -> None:
        """Show a view, or why there is none; a view that is older than the one in sight is dropped."""
        if isinstance(news, HubtuiError):
            self._shown, self._failure = None, news
            self._board.clear()
            self._say_failure(news)
        elif news.matrix is None and (self._shown is None or news.generation >= self._shown.generation):
            self._show(news)

    def _show(self, view: TokenizedView) -> None:
        if view.info is not None:
            self._learned(view.info)
        if self.subject is None:
            return
        self._shown, self._failure = view, None
        # the tokens of a pair count the characters of two texts
        self._texts = () if self.subject.options.pairs else split_lines(self.subject.text)
        self._window = replace(self._window, first_row=view.window.first_row, first_piece=view.window.first_piece)
        self._board.show(view)
        self._draw()
        self._say(view)

    def _draw(self) -> None:
        """Draw the pieces and what is known of the one in hand."""
        view, subject = self._shown, self.subject
        if view is None or subject is None:
            return
        info, row = view.info or subject.info, self._row(self._board.table.cursor)
        hand = (row.sequence, row.position) if row else None
        cut = cut_of(view, info, subject.options, self._texts)
        ends = [length - 1 for length in view.lengths]
        self._board.show_pieces(view.pieces, Marks(info, self._texts, hand, cut, ends))
        text = self._texts[row.sequence] if row and row.sequence < len(self._texts) else ""
        lines = hand_lines(row, view.neighbours, info, text, self._board.table.inks)
        width = self.size.width - 2
        self._board.tell(*(clip(line, width) for line in lines[: 1 if self._board.is_low else 2]))

    def _say(self, view: TokenizedView) -> None:
        """Say the totals and what is doubtful, in lines of this width."""
        subject, width = self.subject, self.size.width - 2
        if subject is None or width < 1:
            return
        inks = self._board.table.inks
        info, is_low = view.info or subject.info, self._board.is_low
        lines: list[Line] = words.totals(view, info, subject.limit, inks, width, is_low=is_low)
        warned = [[[(line, inks.warn)] for line in wrap(f"! {sentence}", width)] for sentence in view.warnings]
        self._board.say(*lines, *_fitting(warned, self._board.room - len(lines), inks))

    def on_resize(self) -> None:
        """Break the lines anew."""
        if self._shown is not None:
            self._draw()
            self._say(self._shown)
        elif self._failure is not None:
            self._say_failure(self._failure)

    def _say_failure(self, error: HubtuiError) -> None:
        width, inks = self.size.width - 2, self._board.table.inks
        if width > 0:
            said = [f"✗ {error.message}", error.hint]
            self._board.say(*([(line, inks.bad)] for text in said if text for line in wrap(text, width)))

    @property
    def _board(self) -> TokenBoard:
        return self.query_one(TokenBoard)

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return the ids of the tokens that are known here."""
        if self._shown is None:
            return ()
        ids = [row.id for row in self._shown.rows]
        is_all = len(ids) == self._shown.total_tokens
        return [("token ids" if is_all else f"the {len(ids)} token ids in sight", " ".join(map(str, ids)))]


def _fitting(warned: Sequence[Sequence[Line]], room: int, inks: Inks) -> list[Line]:
    """Return as many warnings as there is room for beside the table, the first in any case, and how many more."""
    shown: list[Line] = []
    for at, lines in enumerate(warned):
        is_last = at == len(warned) - 1
        if at and len(shown) + len(lines) + (not is_last) > room:
            return [*shown, [(f"… and {plural(len(warned) - at, 'more warning')}", inks.warn)]]
        shown += lines
    return shown
