"""The line that a vocabulary is searched with."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType

from hubtui.ui.actions import bindings
from hubtui.ui.text import Line
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.fields import LineField


class VocabularyField(LineField):
    """Where what is looked for is typed.

    Args:
        done: called when enter or down is pressed.
    """

    key_context: ClassVar[str] = "tokens-find"
    BINDINGS: ClassVar[list[BindingType]] = bindings("tokens-find")

    def __init__(self, done: Callable[[], None]) -> None:
        super().__init__(placeholder="text, /regex/, 100-200, ids 5 319 393, @file")
        self._done = done

    def action_find_done(self) -> None:
        """Give the keys to the tokens found, at once: more keys may follow in one go."""
        self._done()


class VocabularyPrompt(Bar):
    """The word before the field."""

    DEFAULT_CSS = "VocabularyPrompt { width: 5; }"

    def pieces(self, width: int) -> Line:  # noqa: ARG002 - as long as it is
        """Return the line."""
        return [("find", self.inks.accent)]


class VocabularyTally(Bar):
    """How many tokens there are, or were found."""

    DEFAULT_CSS = "VocabularyTally { width: 26; }"
    words = ""

    def show(self, words: str) -> None:
        """Show it."""
        self.words = words
        self.refresh()

    def pieces(self, width: int) -> Line:
        """Return the line, flush right."""
        return [(f"{self.words:>{width}}", self.inks.muted)]
