"""An overlay with a short list to choose from: the palette, the menus, the prompts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from hubtui.ui.actions import bindings
from hubtui.ui.text import Line, Piece, cells, fit, spread, wrap
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.ordered_keys import OrderedKeys


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to choose: what is answered, what is shown, a muted remark, and a key that does the same."""

    value: str
    label: str
    detail: str = ""
    key: str = ""


class _Entries(LinesView):
    is_always_lit = True
    entries: Sequence[Entry] = ()

    def line(self, index: int, width: int) -> Line:
        entry = self.entries[index]
        most = width // 2 if any(other.detail for other in self.entries) else width - 2
        column = min(max(cells(other.label) for other in self.entries), most)
        left: list[Piece] = [(f" {fit(entry.label, column)}", self.inks.text), (f"  {entry.detail}", self.inks.muted)]
        return spread(left, [(f"{entry.key}  ", self.inks.key)] if entry.key else [], width)


class _Words(Bar):
    def __init__(self, text: str, *, is_title: bool) -> None:
        super().__init__()
        self._text, self._is_title = text, is_title

    def line(self, y: int, width: int) -> Line:
        lines = wrap(self._text, max(10, width - 2))
        style = self.inks.strong if self._is_title else self.inks.muted
        return [(f" {lines[y]}", style)] if y < len(lines) else ()


class _Narrowing(OrderedKeys, Input):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("up,ctrl+p", "move(-1)", show=False),
        Binding("pagedown", "move(8)", show=False),
        Binding("pageup", "move(-8)", show=False),
    ]

    def on_mount(self) -> None:
        self.cursor_blink = False

    def action_move(self, lines: int) -> None:
        """Move the list's cursor; the field keeps the focus."""
        view = self.screen.query_one(_Entries)
        view.move_to(view.cursor + lines)


class Picker(ModalScreen[str | None]):
    """Lets the user choose one entry; answers its value, or None when it was closed.

    Args:
        title: what is chosen.
        entries: what there is; more can be shown later with `show`.
        note: a sentence under the title.
        narrow: offer a field whose words narrow the list.
        free: what the field holds may be the answer too; `text` is what stands in it at first.
        cursor: value of the entry that the cursor stands on first.
    """

    DEFAULT_CSS = """
    Picker { align: center middle; background: $background 60%; }
    Picker:ansi { background: transparent; }
    Picker > Vertical { width: 76; max-width: 94%; height: auto; max-height: 80%; background: $raised;
        padding: 0 1; border: round $faint; }
    Picker _Entries { height: auto; max-height: 18; margin-top: 1; scrollbar-background: $raised; }
    Picker Input { background: $raised; margin: 0 1; }
    Picker Input:focus { background-tint: $background 0%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog")

    def __init__(
        self,
        title: str,
        entries: Sequence[Entry] = (),
        *,
        note: str = "",
        narrow: bool = False,
        free: bool = False,
        text: str = "",
        placeholder: str = "type to narrow",
        cursor: str = "",
    ) -> None:
        super().__init__()
        self._title, self._note, self._all = title, note, tuple(entries)
        self._narrow, self._free, self._text = narrow or free, free, text
        self._placeholder, self._first = placeholder, cursor
        self._entries = _Entries()

    def compose(self) -> ComposeResult:
        """Yield the words, the field and the list."""
        with Vertical():
            yield _Words(self._title, is_title=True)
            if self._note:
                yield _Words(self._note, is_title=False)
            if self._narrow:
                yield _Narrowing(self._text, placeholder=self._placeholder, compact=True, select_on_focus=False)
            yield self._entries

    def on_mount(self) -> None:
        """Fit the words' heights and fill the list."""
        self.call_after_refresh(self._fit_words)
        self._fill(next((i for i, entry in enumerate(self._all) if entry.value == self._first), 0))

    def _fit_words(self) -> None:
        for words in self.query(_Words):
            words.styles.height = len(wrap(words._text, max(10, words.size.width - 2)))  # noqa: SLF001 - same module

    def show(self, entries: Sequence[Entry]) -> None:
        """Show other entries."""
        self._all = tuple(entries)
        self._fill(self._entries.cursor)

    def _fill(self, cursor: int) -> None:
        words = self.query_one(Input).value.lower().split() if self._narrow and self.is_mounted else []
        if self._free and self.is_mounted and self.query_one(Input).value == self._text:
            words = []
        self._entries.entries = [
            entry for entry in self._all if all(word in f"{entry.label} {entry.detail}".lower() for word in words)
        ]
        self._entries.styles.height = max(1, min(18, len(self._entries.entries)))
        self._entries.display = bool(self._entries.entries) or not self._free
        self._entries.set_count(len(self._entries.entries), cursor=cursor)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self._fill(0)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer the field's text where it is free, else the entry under the cursor."""
        event.stop()
        typed = event.value.strip()
        if self._free and (typed != self._text or not self._entries.entries) and typed:
            exact = next((entry for entry in self._entries.entries if entry.label == typed), None)
            self.dismiss(exact.value if exact else self._picked() if self._is_choosing() else typed)
        elif (value := self._picked()) is not None:
            self.dismiss(value)

    def _is_choosing(self) -> bool:
        """Say whether the user moved onto an entry after typing."""
        return self._entries.cursor > 0

    def _picked(self) -> str | None:
        view = self._entries
        return view.entries[view.cursor].value if 0 <= view.cursor < len(view.entries) else None

    def on_lines_view_chosen(self, event: LinesView.Chosen) -> None:
        """Answer the entry."""
        event.stop()
        self.dismiss(self._picked())

    def on_click(self, event: events.Click) -> None:
        """Close on a click beside the overlay."""
        if event.widget is self:
            self.dismiss(None)

    def action_close(self) -> None:
        """Answer nothing."""
        self.dismiss(None)
