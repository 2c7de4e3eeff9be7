"""The tokens of a vocabulary one a line: id, piece, text, kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual.message import Message

from hubtui.core.token_vocabulary import VocabularyEntry, VocabularyPage
from hubtui.core.untrusted import reveal
from hubtui.ui import text
from hubtui.ui.text import Line, Piece
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.painted import Painted

_NONE = "–"
_ID, _KIND, _GAPS = 9, 11, 5
_WIDEST = 72
"""Cells of token and text together: wider ones would draw the row apart."""

_MARKS = {"text": "", "byte": "▪ byte", "special": "● special", "added": "○ added", "none": "✗ outside"}


def _columns(width: int) -> tuple[int, int]:
    """Return the cells of token and text."""
    rest = max(12, min(_WIDEST, width - _ID - _KIND - _GAPS))
    return rest // 2, rest - rest // 2


class VocabularyHead(Painted):
    """The titles of the columns."""

    def lines(self, width: int) -> Sequence[Line]:
        """Return the one line."""
        token, surface = _columns(width)
        titles = f"{'id':>{_ID}}  {text.fit('token', token)} {text.fit('text', surface)}  kind"
        return [[(titles, self.inks.muted)]]


class VocabularyList(LinesView):
    """All tokens that were found, of which only a page is known; `PageWanted` asks for another."""

    has_cursor: ClassVar[bool] = True
    key_context: ClassVar[str] = "tokens-vocabulary"

    class PageWanted(Message):
        """Tokens came into sight that the page does not hold."""

        def __init__(self, view: VocabularyList, first: int) -> None:
            super().__init__()
            self.view = view
            self.first = first

        @property
        def control(self) -> VocabularyList:
            """The list, for `@on` selectors."""
            return self.view

    def __init__(self) -> None:
        super().__init__()
        self._first = 0
        self._entries: Sequence[VocabularyEntry] = ()
        self._asked = -1

    def show(self, page: VocabularyPage, *, is_new: bool) -> None:
        """Show a page; of another search the cursor goes to the token that it is about, else to the first."""
        self._first, self._entries, self._asked = page.first, page.entries, -1
        if not is_new:
            self.set_count(page.total)
            return
        self.set_count(page.total, cursor=page.place or 0)
        if page.place is None:
            self.scroll_to(y=0, animate=False, force=True)
        else:
            self.center()

    @property
    def current(self) -> VocabularyEntry | None:
        """The token under the cursor, None while it is not known."""
        return self.entry_at(self.cursor)

    def entry_at(self, index: int) -> VocabularyEntry | None:
        """Return a token by its place among those found, None when the page does not hold it."""
        at = index - self._first
        return self._entries[at] if 0 <= at < len(self._entries) else None

    def line(self, index: int, width: int) -> Line:
        """Return the pieces of a line; a faint one until its token is known."""
        entry = self.entry_at(index)
        if entry is None:
            self._ask(index)
            return [(f"{'…':>{_ID}}", self.inks.faint)]
        ink = self.inks
        token, surface = _columns(width)
        is_bare = entry.kind in {"byte", "none"} and not entry.text
        shown = reveal(entry.text) or entry.bytes or _NONE
        kind = ink.bad if entry.kind == "none" else ink.muted if entry.kind == "byte" else ink.accent
        return [
            (f"{entry.id:>{_ID}}  ", ink.strong),
            *_cell(reveal(entry.token) or _NONE, token + 1, _ink(entry, ink), ink.text),
            (text.fit(shown, surface) + "  ", ink.muted if is_bare else ink.text),
            (_MARKS[entry.kind], kind),
        ]

    def _ask(self, index: int) -> None:
        first = max(0, index - self.size.height)
        if self._asked < 0 or abs(self._asked - first) > self.size.height // 2:
            self._asked = first
            self.post_message(self.PageWanted(self, first))


def _cell(words: str, width: int, style: Style, fill: Style) -> list[Piece]:
    """A token whose background is as wide as itself."""
    shown = text.shorten(words, width - 1)
    return [(shown, style), (" " * (width - text.cells(shown)), fill)]


def _ink(entry: VocabularyEntry, ink: Inks) -> Style:
    if entry.kind == "none":
        return ink.bad
    return ink.special if entry.kind in {"special", "added"} else ink.text
