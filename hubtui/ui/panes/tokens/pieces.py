"""The text as the tokenizer cuts it and the table of its tokens, while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from hubtui.core.errors import HubtuiError
from hubtui.core.ports import Services
from hubtui.core.tokenizer_ports import Tokenizers
from hubtui.core.tokens import TokenizedView, TokenizerInfo, TokenWindow
from hubtui.ui.panes.tokens import words
from hubtui.ui.panes.tokens.view import TokenSubject, TokenView
from hubtui.ui.text import Line, wrap
from hubtui.ui.widgets.token_board import TokenBoard
from hubtui.ui.widgets.token_table import TokenTable

_WINDOW_ROWS = 120


class PiecesView(TokenView):
    """Pieces, totals, warnings and the table; the open tokenizer is typed into without a pause.

    Args:
        services: of the session.
        learned: told what the tokenizer is when a view says so.
    """

    uses_options: ClassVar[bool] = True

    def __init__(self, services: Services, learned: Callable[[TokenizerInfo], None]) -> None:
        super().__init__(services)
        self._learned = learned
        self._window = TokenWindow(rows=_WINDOW_ROWS)
        self._shown: TokenizedView | None = None
        self._failure: HubtuiError | None = None
        self.cursor_row = 0

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield TokenBoard()

    def focus_first(self) -> None:
        """Put the focus into the table; in the text the keys would be typed."""
        self._board.table.focus()

    def begin(self) -> None:
        """Forget what another tokenizer made."""
        self._shown = self._failure = None

    def changed(self, subject: TokenSubject) -> None:
        """Encode the text."""
        super().changed(subject)
        self._window = replace(self._window, first_row=0)
        # windows of what is cut off are the batch's
        options = replace(subject.options, stride=None)
        self._ask(lambda tokenizers: tokenizers.type(subject.text, options, self._window))

    @on(TokenTable.WindowWanted)
    def _look(self, event: TokenTable.WindowWanted) -> None:
        event.stop()
        self._window = replace(self._window, first_row=event.first_row)
        self._ask(lambda tokenizers: tokenizers.look(self._window))

    def _ask(self, call: Callable[[Tokenizers], TokenizedView | None]) -> None:
        tokenizers = self.subject.tokenizers if self.subject else None
        if tokenizers is None:
            return
        try:
            view = call(tokenizers)
        except HubtuiError as error:
            self.heard(error)
        else:
            if view is not None:
                self.heard(view)

    def heard(self, news: TokenizedView | HubtuiError) -> None:
        """Show a view, or why there is none; a view that is older than the one in sight is dropped."""
        if isinstance(news, HubtuiError):
            self._shown, self._failure = None, news
            self._board.clear()
            self._say_failure(news)
        elif news.matrix is None and (self._shown is None or news.generation >= self._shown.generation):
            self._show(news)

    def _show(self, view: TokenizedView) -> None:
        self._shown, self._failure = view, None
        if view.info is not None:
            self._learned(view.info)
        self._board.show(view, self.cursor_row)
        self._say(view)

    def _say_failure(self, error: HubtuiError) -> None:
        width, inks = self.size.width - 2, self._board.table.inks
        if width > 0:
            said = [f"✗ {error.message}", error.hint]
            self._board.say(*([(line, inks.bad)] for text in said if text for line in wrap(text, width)))

    def _say(self, view: TokenizedView) -> None:
        """Say the totals and what is doubtful, in lines of this width."""
        subject, width = self.subject, self.size.width - 2
        if subject is None or width < 1:
            return
        inks = self._board.table.inks
        lines: list[Line] = words.totals(view, view.info or subject.info, subject.limit, inks, width)
        for sentence in words.warnings(view, subject.options, subject.limit):
            lines += [[(line, inks.warn)] for line in wrap(f"! {sentence}", width)]
        self._board.say(*lines)

    def on_resize(self) -> None:
        """Break the lines anew."""
        if self._shown is not None:
            self._say(self._shown)
        elif self._failure is not None:
            self._say_failure(self._failure)

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
