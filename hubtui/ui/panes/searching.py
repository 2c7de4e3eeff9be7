"""Fetches the pages of one search after another: the newest search wins, and the quota is spared."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.widget import Widget

from hubtui.core.errors import HubtuiError, RateLimitedError
from hubtui.core.pacing import why_rest
from hubtui.core.query import Query
from hubtui.ui import work
from hubtui.ui.panes.finder import Finder
from hubtui.ui.panes.search_state import MOST_BARREN_PAGES, STOPPED, SearchState

if TYPE_CHECKING:
    from hubtui.core.models import Page, Quota


class Searching:
    """The search of a pane and how it goes on.

    Args:
        pane: whose view is filled: pages are fetched unasked until there are more rows than it has lines.
        finder: who answers.
        arrived: takes each page that was added to the state, and whether it is the first one.
        changed: something else is to be shown: it loads, failed, rests or waits.
    """

    def __init__(
        self, pane: Widget, finder: Finder, arrived: Callable[[Page, bool], None], changed: Callable[[], None]
    ) -> None:
        self.state = SearchState()
        self._pane = pane
        self._finder = finder
        self._arrived = arrived
        self._changed = changed
        self._countdown: Timer | None = None

    def begin(self, text: str, query: Query) -> None:
        """Start a search; an empty one asks nobody."""
        self.state = SearchState(text=text, query=query, by_catalogue=self._finder.by_catalogue)
        if query.parts:
            self._fetch()
        else:
            self._cancel()

    def restore(self, state: SearchState) -> None:
        """Take up a search that was left; one that had not been answered starts again."""
        self._cancel()
        self.state = state
        if state.is_loading:
            self.begin(state.text, state.query)
        else:
            self._wait_if_limited()

    def go_on(self) -> None:
        """Fetch the next page, which was asked for."""
        state = self.state
        if state.next_page is not None and not state.is_loading:
            state.barren_pages = 0
            self._fetch()

    def stop(self) -> bool:
        """Stop fetching; say whether anything was going on."""
        state = self.state
        if not state.is_loading:
            return False
        self._cancel()
        state.is_loading, state.rest = False, STOPPED
        self._changed()
        return True

    def _cancel(self) -> None:
        self._pane.workers.cancel_group(self._pane, "search")

    def _fetch(self) -> None:
        state = self.state
        state.is_loading, state.error, state.rest = True, None, ""
        self._changed()
        work.start(
            self._pane,
            "search",
            lambda: self._finder.page(state.query, state.next_page, by_catalogue=state.by_catalogue),
            lambda answer: self._take(state, *answer),
            lambda error: self._fail(state, error),
        )

    def _take(self, state: SearchState, page: Page, quota: Quota | None) -> None:
        is_first = not state.has_begun
        state.take(page)
        if state.next_page is not None:
            state.rest = why_rest(quota, state.barren_pages, MOST_BARREN_PAGES)
        self._arrived(page, is_first)
        if state is self.state and state.wants_more(self._pane.size.height):
            self._fetch()

    def _fail(self, state: SearchState, error: HubtuiError) -> None:
        state.is_loading, state.error = False, error
        self._wait_if_limited()
        self._changed()

    def _wait_if_limited(self) -> None:
        if isinstance(self.state.error, RateLimitedError) and self._countdown is None:
            self._countdown = self._pane.set_interval(1, self.count_down)

    def count_down(self) -> None:
        """Say how long the Hub is still to be left alone, and then ask it again."""
        state, error = self.state, self.state.error
        if isinstance(error, RateLimitedError) and error.wait_s > 0:
            self._changed()
            return
        if self._countdown is not None:
            self._countdown.stop()
            self._countdown = None
        if isinstance(error, RateLimitedError):
            if state.next_page is None:
                self.begin(state.text, state.query)
            else:
                self.go_on()
