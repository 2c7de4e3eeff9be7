"""The filter panel: every key of the query language with its values; it edits the text of the query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from hubtui.core.query import Query, Term, part_text, switched, to_text, value_of, with_term, without_part
from hubtui.core.query_complete import Counts
from hubtui.core.query_keys import KEYS
from hubtui.ui.actions import bindings
from hubtui.ui.text import Line, Piece, clip, hit, width_of
from hubtui.ui.widgets import size_slider
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.filter_list import FilterList, Option, narrowed, options_for
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.ordered_keys import OrderedKeys
from hubtui.ui.widgets.overlay_parts import keys_line

_TABS: dict[str, str] = {
    "task": "Task",
    "size": "Size",
    "library": "Library",
    "language": "Language",
    "license": "Licence",
    "app": "App",
    "provider": "Provider",
    "tag": "Tag",
    "gated": "Gated",
    "fits": "Fits",
    "is": "State",
    "sort": "Order",
}
_KEYS = (
    ("tab", "on/off"),
    ("shift+tab", "exclude"),
    ("ctrl+n/p", "section"),
    ("enter", "apply"),
    ("esc", "cancel"),
)
_SPARE_KEYS = ("section", "any size", "exclude")  # the first to go where there is no room


class _Field(OrderedKeys, Input):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.move(1)", show=False),
        Binding("up", "screen.move(-1)", show=False),
        Binding("ctrl+n", "screen.section(1)", show=False),
        Binding("ctrl+p", "screen.section(-1)", show=False),
        Binding("pagedown", "screen.move(12)", show=False),
        Binding("pageup", "screen.move(-12)", show=False),
        Binding("tab", "screen.switch(False)", show=False),
        Binding("shift+tab", "screen.switch(True)", show=False),
        Binding("backspace", "erase", show=False),
        Binding("left", "sideways(-1)", show=False),
        Binding("right", "sideways(1)", show=False),
    ]

    def on_mount(self) -> None:
        self.cursor_blink = False

    async def action_erase(self) -> None:
        """Erase a character, or the last filter when there is none."""
        if self.value:
            self.action_delete_left()
        else:
            await self.run_action("screen.drop_last")

    def action_sideways(self, steps: int) -> None:
        """Move the end of the slider when the cursor is on it, else the cursor of the field."""
        panel = self.screen
        if isinstance(panel, FilterScreen) and panel.slide(steps):
            return
        if steps > 0:
            self.action_cursor_right()
        else:
            self.action_cursor_left()


class _QueryBar(Bar):
    query_now = Query()

    def pieces(self, width: int) -> Line:
        if not self.query_now.parts:
            return clip([("  no filter yet", self.inks.muted)], width)
        chips = [self._chip(index) for index in range(len(self.query_now.parts))]
        first = 0
        while first < len(chips) - 1 and sum(map(width_of, chips[first:])) + 2 > width:
            first += 1
        left = [(" …" if first else " ", self.inks.muted)]
        return clip([*left, *(piece for chip in chips[first:] for piece in chip)], width)

    def _chip(self, index: int) -> list[Piece]:
        chip, name = self.inks.chip, f"drop:{index}"
        text = part_text(self.query_now.parts[index])
        return [
            (f" {text} ", hit(chip, name)),
            ("✕ ", hit(chip + self.inks.muted, name)),
            (" ", self.inks.text),
        ]


class _Sections(Bar):
    """The sections that have anything to offer in a line, the one with the cursor in brackets; a click goes there."""

    DEFAULT_CSS = "_Sections { margin-top: 1; }"
    lit = ""
    offered: frozenset[str] = frozenset()

    def pieces(self, width: int) -> Line:
        inks, names = self.inks, [key for key in _TABS if key in self.offered]
        first = 0
        while self.lit in names and first < names.index(self.lit) and not self._is_in_sight(names[first:], width):
            first += 1
        line: list[Piece] = [("…", inks.muted)] * bool(first)
        for at, key in enumerate(names[first:], start=first):
            is_lit, name = key == self.lit, f"section:{key}"
            piece = [
                ("[" if is_lit else " ", hit(inks.accent, name)),
                (_TABS[key], hit(inks.accent if is_lit else inks.muted, name)),
                ("]" if is_lit else " ", hit(inks.accent, name)),
            ]
            if width_of([*line, *piece]) + (at < len(names) - 1) > width:
                return [*line, ("…", inks.muted)]
            line += piece
        return line

    def _is_in_sight(self, names: list[str], width: int) -> bool:
        """Say whether the lit section, and the beginning of the next, have room."""
        upto = names[: names.index(self.lit) + 1]
        return sum(len(_TABS[key]) + 2 for key in upto) + 4 <= width


class _Foot(Bar):
    keys: Sequence[tuple[str, str]] = _KEYS

    def pieces(self, width: int) -> Line:
        keys = list(self.keys)
        for spare in _SPARE_KEYS:
            if sum(len(key) + len(label) + 3 for key, label in keys) - 1 > width:
                keys = [entry for entry in keys if entry[1] != spare]
        line = keys_line(keys, self.inks)
        return clip([*line[:-1], (line[-1][0].rstrip(), line[-1][1])], width)


class FilterScreen(ModalScreen[str | None]):
    """Edits a query; answers its text, or None when nothing shall change.

    Args:
        query: what is edited.
        counts: how many models there are with a value, as far as known; more can come later with `know`.
        ask: called with the query whenever another one is to be counted.
    """

    DEFAULT_CSS = """
    FilterScreen { align: left top; background: $background 60%; }
    FilterScreen:ansi { background: transparent; }
    FilterScreen > Vertical { width: 80; max-width: 100%; height: 100%; background: $raised; padding: 0 1;
        border: round $faint; }
    FilterScreen LinesView { scrollbar-background: $raised; }
    FilterScreen Input { margin: 1 1 0 1; background: $raised; }
    FilterScreen Input:focus { background-tint: $background 0%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog")

    def __init__(self, query: Query, counts: Counts | None = None, ask: Callable[[Query], None] | None = None) -> None:
        super().__init__()
        self._before = query
        self._query = query
        self._counts: Counts = counts or {}
        self._ask = ask
        self._asked: Query | None = None
        self._all = options_for(self._counts, query)
        self._list = FilterList()
        self._bar = _QueryBar()
        self._sections = _Sections()
        self._foot = _Foot()
        self._narrowed_to = ""
        self._is_at_start = True
        self._field = _Field(placeholder="type to narrow: french, apache, image …", compact=True)

    def compose(self) -> ComposeResult:
        """Yield the query, the field, the sections and the options."""
        with Vertical():
            yield self._bar
            yield self._field
            yield self._sections
            yield self._list
            yield self._foot

    def on_mount(self) -> None:
        """Show everything, with the cursor on the first filter in force."""
        self._field.focus()
        first = next((index for index, option in enumerate(self._all) if self._is_in_force(option)), 0)
        self._is_at_start = first == 0
        self._show(cursor=first)
        self.call_after_refresh(self._list.center)

    def know(self, counts: Counts) -> None:
        """Show how many models each value would leave, the most frequent first; the cursor stays on its value."""
        self._counts = counts
        self._all = options_for(counts, self._before, self._query)
        if self.is_mounted:
            self._show(cursor=0 if self._is_at_start else None)

    def _is_in_force(self, option: Option) -> bool:
        return option.kind == "value" and option.value in value_of(self._query, option.key)

    def _show(self, *, cursor: int | None = None) -> None:
        words = self._field.value.lower().split()
        self._list.show(narrowed(self._all, words), self._query, self._counts, cursor=cursor)
        self._bar.query_now = self._query
        self._bar.refresh()
        self._tell_place()
        if self._ask is not None and self._query != self._asked:
            self._asked = self._query
            self._ask(self._query)

    def _tell_place(self) -> None:
        """Name the section of the cursor, and the keys that work there."""
        option = self._list.option
        self._sections.lit = self._list.section
        self._sections.offered = frozenset(entry.key for entry in self._list.options)
        self._sections.refresh()
        self._foot.keys = _KEYS if option is None or option.kind != "slider" else self._slider_keys()
        self._foot.refresh()

    def _slider_keys(self) -> Sequence[tuple[str, str]]:
        is_low = self._list.end_in_hand == "low"
        here, there = ("low", "high") if is_low else ("high", "low")
        return (("← →", f"{here} end"), ("tab", f"{there} end"), ("shift+tab", "any size"), *_KEYS[2:])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the options."""
        event.stop()
        self._catch_up()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Apply what was switched."""
        event.stop()
        self.action_apply()

    def _catch_up(self) -> None:
        """Narrow to what the field holds: a key may come before the field's message does."""
        if self._field.value != self._narrowed_to:
            self._narrowed_to = self._field.value
            self._is_at_start = True
            self._show(cursor=0)
            self._list.scroll_to(y=0, animate=False, force=True)

    def on_lines_view_cursor_moved(self, event: LinesView.CursorMoved) -> None:
        """Keep the cursor on its option from now on, and say where it is."""
        event.stop()
        self._is_at_start = False
        self._tell_place()

    def on_lines_view_chosen(self, event: LinesView.Chosen) -> None:
        """Switch an option that was clicked."""
        event.stop()
        self.action_switch(False)

    def on_lines_view_hit(self, event: LinesView.Hit) -> None:
        """Put the nearer end of the slider where it was clicked."""
        event.stop()
        stop = int(event.name.partition(":")[2])
        self._list.move_to(event.index)
        self._list.end_in_hand = size_slider.nearer_end(self._query, stop, self._list.end_in_hand)
        self._edit(size_slider.placed(self._query, self._list.end_in_hand, stop))

    def on_bar_hit(self, event: Bar.Hit) -> None:
        """Drop a filter whose chip was clicked, or go to a section."""
        event.stop()
        what, _, name = event.name.partition(":")
        if what == "section":
            self._list.to_section(name)
        else:
            self._edit(without_part(self._query, self._query.parts[int(name)]))

    def _edit(self, query: Query) -> None:
        self._query = query
        self._show()

    def slide(self, steps: int) -> bool:
        """Move the end in hand by stops if the cursor is on the slider; say whether it is."""
        self._catch_up()
        option = self._list.option
        if option is None or option.kind != "slider":
            return False
        self._edit(size_slider.moved(self._query, self._list.end_in_hand, steps))
        return True

    def action_move(self, lines: int) -> None:
        """Move the list's cursor; the field keeps the focus."""
        self._catch_up()
        self._list.move_to(self._list.cursor + lines)

    def action_section(self, direction: Literal[1, -1]) -> None:
        """Go to the next section, or to the one before."""
        self._catch_up()
        self._list.to_next_section(direction)

    def action_switch(self, negated: bool) -> None:
        """Switch the option under the cursor on or off, or exclude it; on the slider take the other end in hand."""
        self._catch_up()
        option = self._list.option
        if option is None:
            return
        if option.kind == "slider":
            self._switch_slider(is_cleared=negated)
            return
        if negated and not KEYS[option.key].is_negatable:
            return
        self._edit(switched(self._query, option.key, option.value, negated=negated))

    def _switch_slider(self, *, is_cleared: bool) -> None:
        if is_cleared:
            self._edit(with_term(self._query, "size", ()))
        else:
            self._list.end_in_hand = "high" if self._list.end_in_hand == "low" else "low"
            self._list.repaint_line(self._list.cursor)
            self._tell_place()

    def action_drop_last(self) -> None:
        """Take the last filter out."""
        terms = [part for part in self._query.parts if isinstance(part, Term)]
        if terms:
            self._edit(without_part(self._query, terms[-1]))

    def action_apply(self) -> None:
        """Answer the query; where nothing was switched yet, the option that was narrowed to counts."""
        if self._query == self._before and self._field.value.strip():
            self.action_switch(False)
        self.dismiss(to_text(self._query))

    def action_close(self) -> None:
        """Change nothing."""
        self.dismiss(None)
