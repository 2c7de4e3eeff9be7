"""What is remembered of searches: those that were saved, and those that were entered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from hubtui.core.errors import HubtuiError
from hubtui.core.untrusted import clean
from hubtui.ui import work

if TYPE_CHECKING:
    from hubtui.core.ports import Services


class Searches:
    """Saves and remembers searches for a screen.

    Args:
        screen: whose workers do it.
        services: hold the memory.
        say: puts one line at the edge of the screen.
        fail: says an error there.
        changed: called when the saved searches are others than before.
    """

    def __init__(
        self,
        screen: Screen[None],
        services: Services,
        say: Callable[[str], None],
        fail: Callable[[HubtuiError], None],
        changed: Callable[[], None],
    ) -> None:
        self._screen, self._memory = screen, services.memory
        self._say, self._fail, self._changed = say, fail, changed
        self._last = ""

    def toggle(self, text: str) -> None:
        """Save a search, or take it away if it is saved; `text` is canonical."""
        memory = self._memory

        def save() -> bool:
            on = text not in memory.searches()
            memory.save_search(text, on=on)
            return on

        def done(on: bool) -> None:
            shown = clean(text)
            self._say(f"Saved: {shown}. It stands on the start page." if on else f"No longer saved: {shown}.")
            self._changed()

        work.start(self._screen, "save-search", save, done, self._fail, exclusive=False)

    def entered(self, text: str) -> None:
        """Remember a search that was entered, or of which a model was opened; `text` is canonical."""
        if text and text != self._last:
            self._last = text
            call, screen = self._memory.searched, self._screen
            work.start(screen, "searched", lambda: call(text), lambda _: None, self._fail, exclusive=False)
