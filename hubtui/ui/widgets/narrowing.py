"""A field whose words narrow the list below it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from hubtui.ui.widgets.ordered_keys import OrderedKeys


class Narrowing(OrderedKeys, Input):
    """Posts Input's own messages, and `Left` when escape leaves it."""

    key_context: ClassVar[str] = "files-narrow"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False),
        Binding("down", "submit", show=False),
    ]
    DEFAULT_CSS = "Narrowing { height: 1; background: $background; margin-bottom: 1; padding: 0 1 !important; }"

    class Left(Message):
        """The words are not wanted any more."""

    def on_mount(self) -> None:
        """Keep still while idle."""
        self.cursor_blink = False

    def action_give_up(self) -> None:
        """Leave the field."""
        self.post_message(self.Left())
