"""The line under the search line: what could follow, else what is wrong, else the filters in force."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message

from hubtui.core.errors import QueryError
from hubtui.core.query import Query, parse, to_text, without_part
from hubtui.ui.messages import FiltersWanted, SearchRequested, SortWanted
from hubtui.ui.widgets.search_line import HintBar, SearchLine


class SearchHints:
    """Fills the hint bar, and does what is clicked in it.

    Args:
        line: the search line that the hints are about.
        query: returns the search in force.
        post: sends a message on from the pane.
    """

    def __init__(self, line: SearchLine, query: Callable[[], Query], post: Callable[[Message], object]) -> None:
        self.bar = HintBar()
        self._line, self._query, self._post = line, query, post

    def show(self, text: str, *, is_final: bool = False) -> None:
        """Show suggestions while a word is unfinished, else what is wrong, else the chips."""
        error: QueryError | None = None
        try:
            query = parse(text)
        except QueryError as trouble:
            error, query = trouble, self._query()
        suggestions = () if is_final else self._line.suggestions()
        self.bar.show(query, suggestions, error, lit=self._line.lit)

    def click(self, name: str) -> None:
        """Do what stands at a place of the bar."""
        verb, _, number = name.partition(":")
        clicks: dict[str, Callable[[], object]] = {
            "filters": lambda: self._post(FiltersWanted()),
            "sort": lambda: self._post(SortWanted()),
            "fix": self._line.take_correction,
            "take": lambda: self._line.take_suggestion(int(number)),
            "drop": lambda: self._drop(int(number)),
        }
        clicks[verb]()

    def _drop(self, index: int) -> None:
        query = self._query()
        if index < len(query.parts):
            self._post(SearchRequested(to_text(without_part(query, query.parts[index]))))
