"""Text fields that do not blink, have no box, and say when they are left."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, TextArea
from textual.widgets._input import InputType

from hubtui.ui.widgets.ordered_keys import OrderedKeys

_LEAVE = Binding("escape", "leave", "leave the text", id="leave-text")


class FieldLeft(Message):
    """Escape was pressed in a text field: the focus is to go elsewhere."""

    def __init__(self, field: Widget) -> None:
        super().__init__()
        self.field = field


class LineField(OrderedKeys, Input):
    """One line of text."""

    key_context: ClassVar[str] = "field"
    BINDINGS: ClassVar[list[BindingType]] = [_LEAVE]
    DEFAULT_CSS = """
    LineField { height: 1; border: none; padding: 0 1; background: $raised; width: 1fr; }
    LineField:focus { border: none; background: $raised; background-tint: $accent 7%; }
    LineField:ansi { text-style: underline; }
    """

    def __init__(
        self,
        value: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        placeholder: str = "",
        type: InputType = "text",  # noqa: A002 - Textual's name
        max_length: int = 0,
    ) -> None:
        super().__init__(value, id=id, placeholder=placeholder, type=type, max_length=max_length, select_on_focus=False)
        self.cursor_blink = False

    def action_leave(self) -> None:
        """Give the focus away."""
        self.post_message(FieldLeft(self))


class AreaField(OrderedKeys, TextArea):
    """Some lines of text; as high as they are, up to a limit."""

    key_context: ClassVar[str] = "field"
    BINDINGS: ClassVar[list[BindingType]] = [_LEAVE]
    DEFAULT_CSS = """
    AreaField {
        height: auto; min-height: 1; max-height: 5; border: none; padding: 0 1;
        background: $raised; scrollbar-size-horizontal: 0; width: 1fr;
    }
    AreaField:focus { border: none; background-tint: $accent 7%; }
    AreaField .text-area--placeholder { color: $muted; }
    AreaField:ansi { text-style: underline; }
    """

    def __init__(self, text: str = "", *, id: str | None = None, placeholder: str = "") -> None:  # noqa: A002 - Textual's name
        super().__init__(text, id=id, highlight_cursor_line=False, placeholder=placeholder, compact=True)
        self.cursor_blink = False
        self.match_cursor_bracket = False

    def put(self, text: str) -> None:
        """Put a text in place of the one that is there, with the cursor at its end."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def watch_virtual_size(self, old: Size, new: Size) -> None:
        """Lay out once more: what lies around this field measured it before its text was wrapped."""
        if old.height != new.height:
            self.call_after_refresh(self.refresh, layout=True)

    def action_leave(self) -> None:
        """Give the focus away."""
        self.post_message(FieldLeft(self))
