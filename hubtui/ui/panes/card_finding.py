"""A search in the card: what was found, which place is the current one."""

from __future__ import annotations

from textual.widget import Widget

from hubtui.cards.find import Hits, find
from hubtui.core.errors import HubtuiError
from hubtui.ui.widgets.card_find import CardFind
from hubtui.ui.widgets.card_view import CardView
from hubtui.ui.work import start


class Finding:
    """Looks for words in the lines of a view, in a thread, and goes from place to place.

    Args:
        owner: the pane that the work belongs to.
        view: the lines.
        bar: the line that the words are typed in.
    """

    def __init__(self, owner: Widget, view: CardView, bar: CardFind) -> None:
        self._owner, self._view, self._bar = owner, view, bar
        self._hits = Hits()
        self._current = 0
        self._from_line = 0

    @property
    def is_on(self) -> bool:
        """Whether something is looked for."""
        return self._bar.is_open

    def begin(self) -> None:
        """Ask what to look for, from the first line in sight on."""
        self._from_line = self._view.first_line
        self._bar.begin()

    def look(self, words: str) -> None:
        """Look for words."""
        texts = self._view.texts()

        def found(hits: Hits) -> None:
            self._hits = hits
            self._current = hits.at_or_after(self._from_line)
            self._show()

        def failed(_: HubtuiError) -> None:
            found(Hits())

        start(self._owner, "card-find", lambda: find(texts, words), found, failed)

    def renew(self) -> None:
        """Look again: there are other lines, or more."""
        if self.is_on and self._bar.words:
            self._from_line = self._view.first_line
            self.look(self._bar.words)

    def step(self, by: int) -> None:
        """Go to another place; behind the last comes the first."""
        if self._hits.found:
            self._current = (self._current + by) % len(self._hits.found)
            self._show()

    def end(self) -> None:
        """Look for nothing any more."""
        self._bar.end()
        self._hits = Hits()
        self._view.show_hits(self._hits, -1)

    def _show(self) -> None:
        self._view.show_hits(self._hits, self._current)
        self._bar.tell(self._current, len(self._hits.found))
