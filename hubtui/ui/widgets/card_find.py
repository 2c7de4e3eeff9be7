"""The line to type what is looked for in a card, with how many places were found."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from hubtui.cards.find import MAX_HITS
from hubtui.ui.actions import bindings
from hubtui.ui.text import Line, whole
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.fields import FieldLeft, LineField


class _Field(LineField):
    key_context: ClassVar[str] = "card-find"
    BINDINGS: ClassVar[list[BindingType]] = bindings("card-find")

    async def action_find_done(self) -> None:
        """Keep the hits and give the keys back to the card."""
        self.post_message(CardFind.Done())


class _Tally(Bar):
    DEFAULT_CSS = "_Tally { width: 30; }"
    words = ""
    has_found = True

    def show(self, words: str, *, has_found: bool) -> None:
        """Show how many there are."""
        self.words, self.has_found = words, has_found
        self.refresh()

    def pieces(self, width: int) -> Line:  # noqa: ARG002 - as long as it is
        """Return the line."""
        return [("  ", self.inks.text), (self.words, self.inks.muted if self.has_found else self.inks.warn)]


class _Prompt(Bar):
    def pieces(self, width: int) -> Line:  # noqa: ARG002 - as long as it is
        """Return the line."""
        return [("in card", self.inks.accent)]


class CardFind(Horizontal):
    """One line below the card: what is looked for, and which of how many places is in sight."""

    DEFAULT_CSS = """
    CardFind { height: 1; display: none; padding: 0 1 0 0; }
    CardFind.-open { display: block; }
    CardFind _Prompt { width: 8; }
    """

    class Typed(Message):
        """Something else is looked for."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Done(Message):
        """Enter was pressed: the hits stay, the keys go back to the card."""

    class Ended(Message):
        """Escape was pressed: nothing is looked for any more."""

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield _Prompt()
        yield _Field(placeholder="words of the card")
        yield _Tally()

    @property
    def is_open(self) -> bool:
        """Whether something is looked for."""
        return self.has_class("-open")

    @property
    def words(self) -> str:
        """What is looked for."""
        return self.query_one(_Field).value.strip() if self.is_open else ""

    def begin(self) -> None:
        """Ask what to look for; what was looked for last is there to be typed over."""
        self.add_class("-open")
        field = self.query_one(_Field)
        self.screen.set_focus(field)  # at once: keys may follow in one go
        field.action_select_all()
        if field.value:
            self.post_message(self.Typed(field.value))

    def end(self) -> None:
        """Look for nothing."""
        self.remove_class("-open")

    def tell(self, current: int, count: int) -> None:
        """Show which hit of how many is the current one."""
        if not self.words:
            words = ""
        elif not count:
            words = "not in this card"
        else:
            more = "+" if count == MAX_HITS else ""
            words = f"{whole(current + 1)} of {whole(count)}{more} · n next · N before"
        self.query_one(_Tally).show(words, has_found=bool(count) or not self.words)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.is_open:
            self.post_message(self.Typed(event.value))

    @on(FieldLeft)
    def _left(self, event: FieldLeft) -> None:
        event.stop()
        self.post_message(self.Ended())
