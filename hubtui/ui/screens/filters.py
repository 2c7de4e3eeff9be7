"""The filter panel: every key of the query language with its values; it edits the text of the query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from hubtui.core import tasks
from hubtui.core.query import Query, Term, part_text, to_text, value_of, with_term, without_part
from hubtui.core.query_keys import KEYS
from hubtui.ui.actions import bindings
from hubtui.ui.text import Line, Piece, cells, clip, hit, spread
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.ordered_keys import OrderedKeys

_TITLES = {
    "library": "Library",
    "language": "Language",
    "license": "Licence",
    "size": "Size",
    "gated": "Gated",
    "fits": "Fits this box",
    "is": "State and format",
    "app": "Local app",
    "provider": "Inference provider",
    "sort": "Order",
}
_ON, _OFF, _NOT = "●", "○", "⊖"


@dataclass(frozen=True, slots=True)
class Option:
    """A value that can be switched on; a heading where `value` is empty."""

    key: str
    value: str
    label: str


def all_options() -> list[Option]:
    """Return headings and values: tasks grouped by modality, then the other keys with known values."""
    options: list[Option] = []
    for group, labels in tasks.LABELS.items():
        options.append(Option("task", "", f"Task · {group}"))
        options += [Option("task", task_id, label) for task_id, label in labels.items()]
    for key, title in _TITLES.items():
        options.append(Option(key, "", title))
        options += [Option(key, value, label) for value, label in KEYS[key].choices().items()]
    return options


def narrowed(options: Iterable[Option], words: list[str]) -> list[Option]:
    """Return the options whose key, group, label or value holds every word, each group under its heading."""
    found: list[Option] = []
    heading = Option("", "", "")
    for option in options:
        if not option.value:
            heading = option
            continue
        text = f"{heading.label} {option.key}:{option.value} {option.label}".lower()
        if all(word in text for word in words):
            if heading not in found:
                found.append(heading)
            found.append(option)
    return found


class FilterList(LinesView):
    """The options, each with what the query says of it."""

    is_always_lit = True

    def __init__(self) -> None:
        super().__init__()
        self.options: list[Option] = []
        self.query_now = Query()

    def show(self, options: list[Option], query: Query, *, cursor: int | None = None) -> None:
        """Show other options, or another state of them."""
        self.options, self.query_now = options, query
        self.set_count(len(options), cursor=cursor)

    def can_stop_at(self, index: int) -> bool:
        """Pass over headings."""
        return bool(self.options[index].value)

    def line(self, index: int, width: int) -> Line:
        """Return a heading or an option."""
        option, inks = self.options[index], self.inks
        if not option.value:
            return [(f" {option.label}", inks.strong)]
        is_on = option.value in value_of(self.query_now, option.key) or (
            option.key == "sort" and option.value == self.query_now.sort
        )
        is_out = option.value in value_of(self.query_now, option.key, negated=True)
        mark, style = (_ON, inks.accent) if is_on else (_NOT, inks.bad) if is_out else (_OFF, inks.muted)
        left: list[Piece] = [(f"   {mark} ", style), (option.label, inks.strong if is_on or is_out else inks.text)]
        same = option.label == option.value
        return spread(left, [] if same else [(f"{option.value} ", inks.muted)], width)

    @property
    def option(self) -> Option | None:
        """The option under the cursor."""
        return self.options[self.cursor] if 0 <= self.cursor < len(self.options) else None


class _Field(OrderedKeys, Input):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "screen.move(1)", show=False),
        Binding("up,ctrl+p", "screen.move(-1)", show=False),
        Binding("pagedown", "screen.move(12)", show=False),
        Binding("pageup", "screen.move(-12)", show=False),
        Binding("tab", "screen.switch(False)", show=False),
        Binding("shift+tab", "screen.switch(True)", show=False),
        Binding("backspace", "erase", show=False),
    ]

    def on_mount(self) -> None:
        self.cursor_blink = False

    async def action_erase(self) -> None:
        """Erase a character, or the last filter when there is none."""
        if self.value:
            self.action_delete_left()
        else:
            await self.run_action("screen.drop_last")


class _QueryBar(Bar):
    query_now = Query()

    def pieces(self, width: int) -> Line:
        line: list[Piece] = [(" ", self.inks.text)]
        for index, part in enumerate(self.query_now.parts):
            line += [
                (f" {part_text(part)} ", hit(self.inks.chip, f"drop:{index}")),
                ("✕ ", hit(self.inks.chip + self.inks.muted, f"drop:{index}")),
                (" ", self.inks.text),
            ]
        if not self.query_now.parts:
            line.append(("no filter yet", self.inks.muted))
        return clip(line, width)


class _Foot(Bar):
    def pieces(self, width: int) -> Line:
        items = (
            ("tab", "on/off"),
            ("shift+tab", "exclude"),
            ("enter", "apply"),
            ("esc", "cancel"),
            ("⌫", "drop last"),
        )
        line: list[Piece] = [(" ", self.inks.text)]
        for key, label in items:
            if sum(cells(text) for text, _ in line) + len(key) + len(label) + 3 > width:
                break
            line += [(key, self.inks.key), (f" {label}  ", self.inks.muted)]
        return line


class FilterScreen(ModalScreen[str | None]):
    """Edits a query; answers its text, or None when nothing shall change."""

    DEFAULT_CSS = """
    FilterScreen { align: left top; background: $background 60%; }
    FilterScreen:ansi { background: transparent; }
    FilterScreen > Vertical { width: 64; max-width: 100%; height: 100%; background: $raised; padding: 0 1;
        border: round $faint; }
    FilterScreen LinesView { scrollbar-background: $raised; }
    FilterScreen Input { margin: 1 1; background: $raised; }
    FilterScreen Input:focus { background-tint: $background 0%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog")

    def __init__(self, query: Query) -> None:
        super().__init__()
        self._before = query
        self._query = query
        self._all = all_options()
        self._list = FilterList()
        self._bar = _QueryBar()
        self._narrowed_to = ""
        self._field = _Field(placeholder="type to narrow: french, apache, image …", compact=True)

    def compose(self) -> ComposeResult:
        """Yield the query, the field and the options."""
        with Vertical():
            yield self._bar
            yield self._field
            yield self._list
            yield _Foot()

    def on_mount(self) -> None:
        """Show everything, with the cursor on the first filter in force."""
        self._field.focus()
        first = next(
            (
                i
                for i, option in enumerate(self._all)
                if option.value and option.value in value_of(self._query, option.key)
            ),
            0,
        )
        self._show(cursor=first)
        self.call_after_refresh(self._list.center)

    def _show(self, *, cursor: int | None = None) -> None:
        words = self._field.value.lower().split()
        self._list.show(narrowed(self._all, words), self._query, cursor=cursor)
        self._bar.query_now = self._query
        self._bar.refresh()

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
            self._show(cursor=0)
            self._list.scroll_to(y=0, animate=False, force=True)

    def on_lines_view_chosen(self, event: LinesView.Chosen) -> None:
        """Switch an option that was clicked."""
        event.stop()
        self.action_switch(False)

    def on_bar_hit(self, event: Bar.Hit) -> None:
        """Drop a filter whose chip was clicked."""
        event.stop()
        index = int(event.name.partition(":")[2])
        self._query = without_part(self._query, self._query.parts[index])
        self._show()

    def action_move(self, lines: int) -> None:
        """Move the list's cursor; the field keeps the focus."""
        self._catch_up()
        self._list.move_to(self._list.cursor + lines)

    def action_switch(self, negated: bool) -> None:
        """Switch the option under the cursor on or off, or exclude it."""
        self._catch_up()
        option = self._list.option
        if option is None:
            return
        key = KEYS[option.key]
        if negated and not key.is_negatable:
            return
        values = value_of(self._query, option.key, negated=negated)
        if option.value in values:
            new = tuple(value for value in values if value != option.value)
        else:
            new = (option.value,) if key.is_single else (*values, option.value)
            self._take_out(option, negated=not negated)
        self._query = with_term(self._query, option.key, new, negated)
        self._show()

    def _take_out(self, option: Option, *, negated: bool) -> None:
        values = value_of(self._query, option.key, negated=negated)
        if option.value in values:
            kept = [value for value in values if value != option.value]
            self._query = with_term(self._query, option.key, kept, negated)

    def action_drop_last(self) -> None:
        """Take the last filter out."""
        terms = [part for part in self._query.parts if isinstance(part, Term)]
        if terms:
            self._query = without_part(self._query, terms[-1])
            self._show()

    def action_apply(self) -> None:
        """Answer the query; where nothing was switched yet, the option that was narrowed to counts."""
        if self._query == self._before and self._field.value.strip():
            self.action_switch(False)
        self.dismiss(to_text(self._query))

    def action_close(self) -> None:
        """Change nothing."""
        self.dismiss(None)
