"""The search line: the text of the whole query, and under it what is in force, what could follow, or what is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from hubtui.core.errors import QueryError
from hubtui.core.query import Query, Term, parse, part_text
from hubtui.ui.actions import bindings
from hubtui.ui.text import Line, Piece, cells, clip, fit, hit, spread
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.ordered_keys import OrderedKeys

if TYPE_CHECKING:
    from hubtui.core.query_complete import Suggestion

PLACEHOLDER = "words, task:fill-mask language:fr size:<3B …"


class _Field(OrderedKeys, Input):
    """A text field that hands tab, enter and the arrows to the search line."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("search")

    def on_mount(self) -> None:
        self.cursor_blink = False

    def action_complete(self) -> None:
        """Take the first suggestion, or the correction; go on to the next pane where there is none."""
        line = self.query_ancestor(SearchLine)
        if not (line.take_suggestion() or line.take_correction()):
            self.screen.focus_next()

    def action_to_results(self) -> None:
        """Go down into the results."""
        self.post_message(SearchLine.Left())


class _Prompt(Bar):
    DEFAULT_CSS = "_Prompt { width: 3; }"

    def pieces(self, width: int) -> Line:
        line = self.query_ancestor(SearchLine)
        return [(fit(" /", width), self.inks.accent if line.is_active else self.inks.muted)]


class SearchLine(Horizontal):
    """One line to type a query in."""

    DEFAULT_CSS = """
    SearchLine { height: 1; }
    SearchLine Input { width: 1fr; background: $background; }
    SearchLine Input:focus { background-tint: $background 0%; }
    SearchLine Input > .input--placeholder { color: $muted 70%; }
    """
    key_context = "search"

    class Typed(Message):
        """The text changed under the user's hands."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Entered(Typed):
        """The text is to be searched now."""

    class Left(Message):
        """The user goes from the search line into the results."""

    class Focused(Message):
        """The search line has the focus, or lost it."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._field = _Field(text, placeholder=PLACEHOLDER, compact=True, select_on_focus=False)
        self._settled = text

    def compose(self) -> ComposeResult:
        """Yield the prompt and the field."""
        yield _Prompt()
        yield self._field

    @property
    def text(self) -> str:
        """The text as it stands."""
        return self._field.value

    @text.setter
    def text(self, text: str) -> None:
        """Set the text; this is no typing, so nothing is posted."""
        self._settled = text
        self._field.value = text
        self._field.cursor_position = len(text)

    @property
    def is_active(self) -> bool:
        """Whether keys go into the field."""
        return self.screen.focused is self._field

    def enter(self) -> None:
        """Give the field the focus."""
        self.screen.set_focus(self._field)

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Return what could stand at the cursor."""
        if not (self.is_active and self.text):
            return ()
        from hubtui.core.query_complete import complete  # noqa: PLC0415 - nothing is typed before the first frame

        return complete(self.text, self._field.cursor_position)

    def take_suggestion(self) -> bool:
        """Put the first suggestion in; say whether there was one that changes the text."""
        for suggestion in self.suggestions():
            head, tail = self.text[: suggestion.start], self.text[suggestion.end :]
            gap = "" if suggestion.text.endswith(":") else " "
            new = head + suggestion.text + (gap + tail.lstrip() if tail.strip() or gap else tail)
            if new.rstrip() != self.text.rstrip():
                self._field.value = new
                self._field.cursor_position = len(head + suggestion.text + gap)
                return True
        return False

    def take_correction(self) -> bool:
        """Put the nearest word in the place of a wrong one; say whether there was one."""
        text = self.text
        try:
            parse(text)
        except QueryError as error:
            if error.suggestion:
                rest = text[error.position :]
                wrong = re.match(r"[^\s:]*:" if error.suggestion.endswith(":") else r'"[^"]*"|[^\s,]*', rest)
                head = text[: error.position] + error.suggestion
                self._field.value = head + rest[wrong.end() if wrong else 0 :]
                self._field.cursor_position = len(self._field.value)
                return True
        return False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell typing from a text that was set."""
        event.stop()
        if event.value != self._settled:
            self._settled = event.value
            self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Ask for the search at once."""
        event.stop()
        self.post_message(self.Entered(event.value))

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Light the prompt."""
        self.query_one(_Prompt).refresh()
        self.post_message(self.Focused())

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        """Put the prompt's light out."""
        self.query_one(_Prompt).refresh()
        self.post_message(self.Focused())


class HintBar(Bar):
    """The line under the search line: chips of the filters in force, or suggestions while typing, or the error."""

    def __init__(self) -> None:
        super().__init__()
        self._query = Query()
        self._suggestions: Sequence[Suggestion] = ()
        self._error: QueryError | None = None

    def show(self, query: Query, suggestions: Sequence[Suggestion] = (), error: QueryError | None = None) -> None:
        """Say what is in force, what could follow and what is wrong."""
        self._query, self._suggestions, self._error = query, suggestions, error
        self.refresh()

    def pieces(self, width: int) -> Line:
        """Return the error, else the suggestions, else the chips and the order of the results."""
        if self._error is not None and not self._suggestions:
            return self._error_line(self._error, width)
        if self._suggestions:
            return self._suggestion_line(width)
        return self._chip_line(width)

    def _error_line(self, error: QueryError, width: int) -> Line:
        line: list[Piece] = [(" ✗ ", self.inks.bad), (error.message, self.inks.bad)]
        if error.suggestion:
            line += [
                (" Did you mean ", self.inks.muted),
                (error.suggestion, hit(self.inks.accent, "fix")),
                ("? ", self.inks.muted),
                ("tab", self.inks.key),
            ]
        elif error.hint:
            line.append((f" {error.hint}", self.inks.muted))
        return clip(line, width)

    def _suggestion_line(self, width: int) -> Line:
        line: list[Piece] = [(" tab ", self.inks.key)]
        for index, suggestion in enumerate(self._suggestions):
            style = self.inks.text if index == 0 else self.inks.muted
            piece = (suggestion.text, hit(style, f"take:{index}"))
            if cells(suggestion.text) + sum(cells(text) for text, _ in line) + 4 > width:
                line.append((" …", self.inks.faint))
                break
            line += [(" " if index == 0 else " · ", self.inks.faint), piece]
        return clip(line, width)

    def _chip_line(self, width: int) -> Line:
        chips: list[Piece] = [(" ", self.inks.text)]
        for index, part in enumerate(self._query.parts):
            if isinstance(part, Term) and part.key != "sort":
                chips += [
                    (f" {_chip_text(part)} ", hit(self.inks.chip, "filters")),
                    ("✕ ", hit(self.inks.chip + self.inks.muted, f"drop:{index}")),
                    (" ", self.inks.text),
                ]
        chips += [("+ ", hit(self.inks.accent, "filters")), ("filter", hit(self.inks.muted, "filters"))]
        order: list[Piece] = [
            ("by ", hit(self.inks.muted, "sort")),
            (self._query.sort, hit(self.inks.text, "sort")),
            (" ▾ ", hit(self.inks.muted, "sort")),
        ]
        return spread(chips, order, width)


_VALUE_IS_ENOUGH = frozenset({"task", "library", "language", "license", "size", "author"})


def _chip_text(term: Term) -> str:
    text = part_text(term)
    if term.key not in _VALUE_IS_ENOUGH:
        return text
    value = text.partition(":")[2]
    return f"not {value}" if term.negated else value
